// The general path: dfg ops of kernels to linalg on tensors.
#include "Kernel/Kernel.h"
#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"
#include "tfc/Conversion/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_CONVERTDFGTOLINALG
#include "tfc/Conversion/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

/// Constants inside kernels are small: they become arith constants of the storage type.
static Value lowerConstant(OpBuilder &builder, dfg::ConstantOp op) {
  auto elements = dyn_cast<DenseElementsAttr>(op.getValue());
  RankedTensorType type = storageType(op.getType());
  if (!elements)
    return {};
  Type element = elements.getElementType();
  auto widen = [&](APInt bits) {
    bool isUnsigned = element.isUnsignedInteger() || isa<FloatType>(element);
    unsigned width = type.getElementTypeBitWidth();
    return isUnsigned ? bits.zextOrTrunc(width) : bits.sextOrTrunc(width);
  };
  if (isa<FloatType, ComplexType>(type.getElementType()))
    return arith::ConstantOp::create(builder, op.getLoc(), elements);
  auto bits = [&](auto value) {
    if constexpr (std::is_same_v<decltype(value), APFloat>)
      return widen(value.bitcastToAPInt());
    else
      return widen(value);
  };
  SmallVector<APInt> values;
  if (isa<FloatType>(element)) {
    for (APFloat value : elements.isSplat() ? SmallVector<APFloat>{elements.getSplatValue<APFloat>()}
                                            : llvm::to_vector(elements.getValues<APFloat>()))
      values.push_back(bits(value));
  } else {
    for (APInt value : elements.isSplat() ? SmallVector<APInt>{elements.getSplatValue<APInt>()}
                                          : llvm::to_vector(elements.getValues<APInt>()))
      values.push_back(bits(value));
  }
  return arith::ConstantOp::create(builder, op.getLoc(), DenseElementsAttr::get(type, values));
}

static LogicalResult lowerKernel(kernel::FuncOp function) {
  Block &block = function.getBody().front();
  dfg::DimScope scope(function.getContext());
  IRMapping mapping;
  OpBuilder builder(function.getContext());

  // New arguments beside the old ones, which keep telling the dfg types.
  unsigned count = block.getNumArguments();
  SmallVector<Type> inputs;
  for (unsigned i = 0; i < count; ++i) {
    BlockArgument old = block.getArgument(i);
    Type type = isa<RankedTensorType>(old.getType()) ? storageType(old.getType()) : old.getType();
    inputs.push_back(type);
    mapping.map(old, block.addArgument(type, old.getLoc()));
    if (isa<RankedTensorType>(old.getType()))
      scope.dims(old);
  }
  SmallVector<Operation *> ops;
  for (Operation &op : block)
    ops.push_back(&op);
  SmallVector<Type> outputs;
  for (Operation *op : ops) {
    builder.setInsertionPoint(op);
    if (auto constant = dyn_cast<dfg::ConstantOp>(op)) {
      Value value = lowerConstant(builder, constant);
      if (!value)
        return op->emitOpError() << "has a value that cannot stand inside a kernel";
      mapping.map(op->getResult(0), value);
    } else if (auto lowers = dyn_cast<dfg::LowersToLinalg>(op)) {
      LinalgLowering lowering(builder, scope, mapping);
      auto values = lowers.lowerToLinalg(lowering);
      if (failed(values))
        return failure();
      for (auto [result, value] : llvm::zip_equal(op->getResults(), *values)) {
        Type expected = storageType(result.getType());
        if (value.getType() != expected)
          value = tensor::CastOp::create(builder, op->getLoc(), expected, value);
        mapping.map(result, value);
      }
    } else if (isa<kernel::ReturnOp>(op)) {
      SmallVector<Value> values;
      for (Value operand : op->getOperands())
        values.push_back(mapping.lookup(operand));
      outputs = llvm::to_vector(ValueRange(values).getTypes());
      kernel::ReturnOp::create(builder, op->getLoc(), values);
    } else if (isa<arith::ArithDialect, tensor::TensorDialect>(op->getDialect())) {
      builder.clone(*op, mapping);
    } else {
      return op->emitOpError() << "has no lowering to loops";
    }
  }
  for (Operation *op : llvm::reverse(ops))
    op->erase();
  block.eraseArguments(0, count);
  function.setFunctionType(FunctionType::get(function.getContext(), inputs, outputs));
  return success();
}

struct ConvertDfgToLinalg : impl::ConvertDfgToLinalgBase<ConvertDfgToLinalg> {
  void runOnOperation() override {
    WalkResult result = getOperation()->walk([](kernel::FuncOp function) {
      return failed(lowerKernel(function)) ? WalkResult::interrupt() : WalkResult::skip();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace

void registerDfgToLinalgLowerings(DialectRegistry &registry) {
  registerPointwiseLowerings(registry);
  registerArrayLowerings(registry);
  registerIndexingLowerings(registry);
  registerReductionLowerings(registry);
  registerContractionLowerings(registry);
}

} // namespace tfc
