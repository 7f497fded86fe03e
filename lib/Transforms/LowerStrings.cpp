// Makes tensors of handles of tensors of strings.
#include "Dfg/DfgConstants.h"
#include "tfc/Support/StoredBytes.h"
#include "tfc/Transforms/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_LOWERSTRINGS
#include "tfc/Transforms/Passes.h.inc"
} // namespace tfc

using namespace mlir;
using namespace tfc::dfg;

namespace {

/// What a tensor of strings is at the border of a step.
Type borderType(Type type) {
  Type handles = withHandles(type);
  auto tensor = dyn_cast<RankedTensorType>(handles);
  return tensor && handles != type ? tensor.clone(IntegerType::get(type.getContext(), 128)) : type;
}

LogicalResult lowerConstant(ConstantOp op) {
  auto strings = dyn_cast<DenseStringElementsAttr>(op.getValue());
  if (!strings)
    return success();
  OpBuilder b(op);
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(withHandles(op.getType()));
  // Equal strings are one, spread out.
  const bool isSpread = strings.isSplat() && type.getNumElements() > 1;
  auto own = isSpread ? type.clone(ArrayRef<int64_t>()) : type;
  if (isSpread)
    strings = cast<DenseStringElementsAttr>(
        DenseStringElementsAttr::get(op.getType().clone(ArrayRef<int64_t>()), strings.getRawStringData()));
  auto bytes = tfc::storedBytes(op, strings);
  if (failed(bytes))
    return failure();
  auto words = RankedTensorType::get({int64_t(bytes->size() / sizeof(uint64_t))}, b.getI64Type());
  Value packed = ConstantOp::create(b, loc, words, constantOf(words, *bytes));
  Value handles = StringConstantOp::create(b, loc, own, packed);
  if (isSpread)
    handles = BroadcastToOp::create(b, loc, type, handles, ValueRange(), b.getDenseI64ArrayAttr(type.getShape()));
  op.replaceAllUsesWith(handles);
  op.erase();
  return success();
}

LogicalResult lowerBorders(FunctionOpInterface function) {
  SmallVector<Type> inputs = llvm::to_vector(function.getArgumentTypes());
  SmallVector<Type> results = llvm::to_vector(function.getResultTypes());
  for (Type type : llvm::concat<Type>(inputs, results))
    if (withHandles(type) != type && borderType(type) == type)
      return function.emitOpError() << "has an input or output " << type
                                    << ": unsupported, expected tensors of strings only";
  auto b = OpBuilder::atBlockBegin(&function.getFunctionBody().front());
  for (BlockArgument argument : function.getArguments()) {
    Type own = argument.getType(), given = borderType(own);
    if (own == given)
      continue;
    argument.setType(given);
    auto feed = StringFeedOp::create(b, argument.getLoc(), withHandles(own), argument,
                                     b.getI64IntegerAttr(argument.getArgNumber()));
    argument.replaceAllUsesExcept(feed, feed);
  }
  Operation *end = function.getFunctionBody().front().getTerminator();
  b.setInsertionPoint(end);
  for (auto [operand, type] : llvm::zip_equal(end->getOpOperands(), results))
    if (borderType(type) != type)
      operand.set(StringFetchOp::create(b, end->getLoc(),
                                        cast<RankedTensorType>(operand.get().getType()).clone(b.getIntegerType(128)),
                                        operand.get()));
  for (Type &type : llvm::concat<Type>(inputs, results))
    type = borderType(type);
  function.setType(b.getFunctionType(inputs, results));
  return success();
}

struct LowerStrings : tfc::impl::LowerStringsBase<LowerStrings> {
  void runOnOperation() override {
    GraphOp graph = getOperation();
    for (auto local : graph.getBody().getOps<LocalOp>())
      local.setType(cast<ListType>(withHandles(local.getType())));
    WalkResult walked = graph.walk([](Operation *op) {
      if (auto function = dyn_cast<StepOp>(op); function && failed(lowerBorders(function)))
        return WalkResult::interrupt();
      if (auto constant = dyn_cast<ConstantOp>(op))
        return failed(lowerConstant(constant)) ? WalkResult::interrupt() : WalkResult::advance();
      for (Value result : op->getResults())
        result.setType(withHandles(result.getType()));
      for (Region &region : op->getRegions())
        for (Block &block : region)
          for (BlockArgument argument : block.getArguments())
            argument.setType(withHandles(argument.getType()));
      return WalkResult::advance();
    });
    if (walked.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
