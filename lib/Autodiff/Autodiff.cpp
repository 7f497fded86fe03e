// The walk from outputs to inputs.
#include "tfc/Autodiff/Autodiff.h"

#include "tfc/Autodiff/Differentiable.cpp.inc"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;
using dfg::ReduceKind;

/// Whether infinitesimal changes of a value exist.
static bool isContinuous(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && isa<FloatType>(type.getElementType());
}

/// A gradient of the shape that a value was broadcast to, as one of the value's own: the sum
/// over the axes along which it was repeated. Which these are may turn out at run time.
static Value undoBroadcast(GraphBuilder &b, Value share, Value value) {
  Dims own = b.dims(value);
  SmallVector<int64_t> added, repeated, open;
  int64_t lead = b.rank(share) - int64_t(own.size());
  for (int64_t i = 0; i < lead; ++i)
    added.push_back(i);
  if (!added.empty())
    share = b.reduce(ReduceKind::Sum, share, added, /*keepDims=*/false);
  if (!share || lead < 0)
    return share ? b.broadcastTo(share, own) : share;
  Dims wide = b.dims(share);
  for (auto [i, extent] : llvm::enumerate(own))
    if (extent != wide[i] && b.number(wide[i]) != 1)
      (b.number(extent) == 1 ? repeated : open).push_back(i);
  // An extent that only run time tells is 1, or equal to the other.
  if (!repeated.empty())
    share = b.reduce(ReduceKind::Sum, share, repeated);
  for (int64_t axis : open) {
    AffineExpr isKept = b.compare(dfg::CompareKind::NE, own[axis], b.expr(1));
    auto results = b.branch(isKept, 2, [&](size_t keeps) -> SmallVector<Value> {
      return {keeps ? share : b.reduce(ReduceKind::Sum, share, {axis})};
    });
    share = results.empty() ? Value() : results.front();
  }
  if (!share)
    return share;
  // Of an open extent the type alone says less than the value's.
  if (!open.empty())
    return b.reshape(share, own);
  return b.dims(share) == own ? share : b.broadcastTo(share, own);
}

void Gradients::add(Value value, Value share) {
  if (!isAsked(value))
    return;
  if (share)
    share = undoBroadcast(b, share, value);
  if (share && b.elementType(share) != b.elementType(value))
    share = b.cast(share, b.elementType(value));
  if (!share) {
    isBroken = true;
    return;
  }
  Value &sum = sums[value];
  sum = sum ? b.create<dfg::AddOp>(sum, share) : share;
}

FailureOr<SmallVector<Value>> differentiate(GraphBuilder &b, ValueRange outputs, ValueRange seeds, ValueRange inputs) {
  Gradients gradients(b);
  // Values that depend on an input, in the order of the block.
  SmallVector<Operation *> ops;
  for (Value input : inputs)
    if (isContinuous(input))
      gradients.active.insert(input);
  Block *block = b.builder.getInsertionBlock();
  auto end = b.builder.getInsertionPoint();
  for (Operation &op : llvm::make_range(block->begin(), end)) {
    bool depends = llvm::any_of(op.getOperands(), [&](Value x) { return gradients.isAsked(x); });
    op.walk([&](Operation *inner) {
      depends |= llvm::any_of(inner->getOperands(), [&](Value x) { return gradients.isAsked(x); });
    });
    if (!depends)
      continue;
    ops.push_back(&op);
    for (Value result : op.getResults())
      if (isContinuous(result) && !llvm::is_contained(inputs, result))
        gradients.active.insert(result);
  }
  for (auto [output, seed] : llvm::zip_equal(outputs, seeds))
    gradients.add(output, seed);
  for (Operation *op : llvm::reverse(ops)) {
    if (llvm::none_of(op->getResults(), [&](Value result) { return gradients.of(result); }) ||
        llvm::all_of(op->getResults(), [&](Value result) { return llvm::is_contained(inputs, result); }))
      continue;
    auto differentiable = dyn_cast<Differentiable>(op);
    if (!differentiable)
      return op->emitError() << "has no derivative: gradients flow through '" << op->getName() << "'";
    if (failed(differentiable.backpropagate(gradients)) || gradients.isBroken)
      return failure();
  }
  return llvm::map_to_vector(inputs, [&](Value input) { return gradients.of(input); });
}

} // namespace tfc
