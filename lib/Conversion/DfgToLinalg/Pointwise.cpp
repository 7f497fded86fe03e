// Elementwise ops: one linalg.generic each, for linalg's fusion to join.
#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"
#include "tfc/Conversion/DfgToLinalg/Elements.h"

using namespace mlir;

namespace tfc {

/// Where an operand is read, seen from the loops over the result: its indexing map, or
/// nothing if a dimension may or may not be broadcast.
static std::optional<AffineMap> operandMap(LinalgLowering &lowering, Value operand, ArrayRef<AffineExpr> result) {
  ArrayRef<AffineExpr> dims = lowering.scope.dims(operand);
  SmallVector<AffineExpr> exprs;
  for (size_t i = 0; i < dims.size(); ++i) {
    size_t loop = result.size() - dims.size() + i;
    exprs.push_back(broadcastPosition(lowering.scope, dims[i], result[loop], loop));
    if (!exprs.back())
      return std::nullopt;
  }
  return AffineMap::get(result.size(), 0, exprs, operand.getContext());
}

/// Reads an operand whose broadcasting only the call decides: index 0 where its extent
/// is 1.
static Value extractBroadcast(LinalgLowering &lowering, OpBuilder &b, Location loc, Value operand,
                              ArrayRef<Value> extents, size_t rank) {
  SmallVector<Value> indices;
  for (size_t i = 0; i < extents.size(); ++i)
    indices.push_back(
        broadcastIndex(b, loc, extents[i], linalg::IndexOp::create(b, loc, rank - extents.size() + i)));
  return lowering.extract(b, loc, operand, indices);
}

Value emitPointwise(LinalgLowering &lowering, Operation *op, ValueRange operands, Value result,
                    llvm::function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  Location loc = op->getLoc();
  SmallVector<AffineExpr> dims = llvm::to_vector(lowering.scope.dims(result));
  size_t rank = dims.size();
  SmallVector<AffineMap> maps;
  SmallVector<Value> inputs;
  // Position among the inputs, or the extents of an operand read by index.
  SmallVector<std::pair<int64_t, SmallVector<Value>>> access;
  for (Value operand : operands) {
    if (auto map = operandMap(lowering, operand, dims)) {
      access.push_back({int64_t(inputs.size()), {}});
      inputs.push_back(lowering.lowered(operand));
      maps.push_back(*map);
      continue;
    }
    SmallVector<Value> extents;
    for (int64_t i = 0; i < dfg::tensorType(operand).getRank(); ++i)
      extents.push_back(lowering.size(loc, operand, i));
    access.push_back({-1, extents});
  }
  maps.push_back(lowering.builder.getMultiDimIdentityMap(rank));
  Value init = lowering.empty(loc, result);
  auto generic = linalg::GenericOp::create(
      lowering.builder, loc, init.getType(), inputs, init, maps,
      SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel),
      [&](OpBuilder &b, Location l, ValueRange arguments) {
        SmallVector<Value> elements;
        for (auto [operand, where] : llvm::zip(operands, access)) {
          if (where.first < 0)
            elements.push_back(extractBroadcast(lowering, b, l, operand, where.second, rank));
          else
            elements.push_back(
                widenElement(b, l, arguments[where.first], dfg::tensorType(operand).getElementType()));
        }
        Value computed = body(b, l, elements);
        linalg::YieldOp::create(b, l, narrowElement(b, l, computed, dfg::tensorType(result).getElementType()));
      });
  return generic.getResult(0);
}

namespace {
template <class Op> struct PointwiseLowering : dfg::LowersToLinalg::ExternalModel<PointwiseLowering<Op>, Op> {
  FailureOr<SmallVector<Value>> lowerToLinalg(Operation *op, LinalgLowering &lowering) const {
    return SmallVector<Value>{
        emitPointwise(lowering, op, op->getOperands(), op->getResult(0), [&](OpBuilder &b, Location, ValueRange elements) {
          return cast<dfg::Pointwise>(op).emitElement(b, elements);
        })};
  }
};

template <class... Ops> void attach(MLIRContext &context) {
  (Ops::template attachInterface<PointwiseLowering<Ops>>(context), ...);
}
} // namespace

void registerPointwiseLowerings(DialectRegistry &registry) {
  registerElementModels(registry);
  registry.addExtension(+[](MLIRContext *context, dfg::DfgDialect *) {
    attach<TFC_POINTWISE_OPS>(*context);
  });
}

} // namespace tfc
