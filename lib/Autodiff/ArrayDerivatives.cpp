// Derivatives of ops that reduce, move and choose elements.
#include "Derivatives.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;
using dfg::ReduceKind;

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// A reduction's result, or its gradient, with the dimensions that it dropped.
static Value withKeptDims(GraphBuilder &b, dfg::ReduceOp op, Value y) {
  Dims dims = b.dims(op.getX());
  for (int64_t axis : op.getAxes())
    dims[axis < 0 ? axis + int64_t(dims.size()) : axis] = b.expr(1);
  return b.reshape(y, dims);
}

static LogicalResult reduceRule(dfg::ReduceOp op, Gradients &g) {
  GraphBuilder &b = g.b;
  Term x = g.term(op.getX()), y{b, withKeptDims(b, op, op.getY())}, dy{b, withKeptDims(b, op, g.ofResult(op))};
  switch (op.getKind()) {
  case ReduceKind::Sum: g.add(x, b.broadcastTo(dy, b.dims(x))); return success();
  case ReduceKind::Prod: {
    // Of a line with zeros the product of all others counts: with two, nothing is left.
    SmallVector<int64_t> axes(op.getAxes());
    Type i64 = b.builder.getI64Type();
    Term isZero = equal(x, 0), zeros = sum(isZero.cast(i64), axes), one = x.number(1);
    Term others{b, b.reduce(ReduceKind::Prod, select(isZero, one, x), axes)};
    Term share = select(isZero, select(zeros > 1, others.number(0), others), y / select(isZero, one, x));
    g.add(x, share * dy);
    return success();
  }
  case ReduceKind::Max:
  case ReduceKind::Min: {
    // Equal extremes share.
    Term isExtreme = equal(x, y).cast(b.elementType(x));
    g.add(x, isExtreme / sum(isExtreme, SmallVector<int64_t>(op.getAxes())) * dy);
    return success();
  }
  case ReduceKind::None: break;
  }
  return op.emitError() << "has no derivative for this kind";
}

static LogicalResult cumulativeRule(dfg::CumulativeOp op, Gradients &g) {
  if (op.getKind() != ReduceKind::Sum)
    return op.emitError() << "has no derivative for a kind other than sum";
  g.add(op.getX(), g.b.create<dfg::CumulativeOp>(ReduceKind::Sum, g.ofResult(op), int64_t(op.getAxis()),
                                                 op.getExclusive(), !op.getReverse()));
  return success();
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

static LogicalResult reshapeRule(dfg::ReshapeOp op, Gradients &g) {
  g.add(op.getX(), g.b.reshape(g.ofResult(op), g.b.dims(op.getX())));
  return success();
}

/// Adding a share undoes the broadcast.
static LogicalResult broadcastRule(dfg::BroadcastToOp op, Gradients &g) {
  g.add(op.getX(), g.ofResult(op));
  return success();
}

static LogicalResult transposeRule(dfg::TransposeOp op, Gradients &g) {
  SmallVector<int64_t> inverse(op.getPermutation().size());
  for (auto [i, from] : llvm::enumerate(op.getPermutation()))
    inverse[from] = i;
  g.add(op.getX(), g.b.transpose(g.ofResult(op), inverse));
  return success();
}

static LogicalResult reverseRule(dfg::ReverseOp op, Gradients &g) {
  g.add(op.getX(), g.b.create<dfg::ReverseOp>(g.ofResult(op), op.getAxes()));
  return success();
}

static LogicalResult concatRule(dfg::ConcatOp op, Gradients &g) {
  GraphBuilder &b = g.b;
  AffineExpr begin = b.expr(0);
  for (Value input : op.getInputs()) {
    int64_t axis = op.getAxis() < 0 ? op.getAxis() + b.rank(input) : op.getAxis();
    AffineExpr size = b.dim(input, axis);
    g.add(input, b.sliceAxis(g.ofResult(op), axis, begin, size));
    begin = b.scope.add(begin, size);
  }
  return success();
}

/// Zeros with the gradient where the slice was.
static LogicalResult sliceRule(dfg::SliceOp op, Gradients &g) {
  GraphBuilder &b = g.b;
  Dims offsets = b.scope.indices(op.getStaticOffsets(), op.getOffsets()), extents = b.dims(op.getX()),
       sizes = b.dims(op.getY()), low, high;
  SmallVector<int64_t> reversed, between;
  for (auto [i, stride] : llvm::enumerate(op.getStrides())) {
    AffineExpr reach = b.scope.mul(b.scope.sub(sizes[i], b.expr(1)), b.expr(std::abs(stride)));
    AffineExpr begin = stride > 0 ? offsets[i] : b.scope.sub(offsets[i], reach);
    if (stride < 0)
      reversed.push_back(i);
    between.push_back(std::abs(stride) - 1);
    // Nothing of an empty slice is anywhere.
    AffineExpr isEmpty = b.compare(dfg::CompareKind::EQ, sizes[i], b.expr(0));
    low.push_back(b.select(isEmpty, b.expr(0), begin));
    AffineExpr end = b.select(isEmpty, b.expr(0), b.scope.add(begin, b.scope.add(reach, b.expr(1))));
    high.push_back(b.scope.sub(extents[i], end));
  }
  Value dy = g.ofResult(op);
  if (!reversed.empty())
    dy = b.create<dfg::ReverseOp>(dy, reversed);
  if (llvm::all_of(between, [](int64_t one) { return one == 0; }))
    between.clear();
  g.add(op.getX(), b.pad(dfg::PadMode::Constant, dy, b.scalarLike(dy, 0), low, high, between));
  return success();
}

static LogicalResult padRule(dfg::PadOp op, Gradients &g) {
  GraphBuilder &b = g.b;
  if (op.getMode() != dfg::PadMode::Constant)
    return op.emitError() << "has no derivative for a mode other than constant";
  if (g.isAsked(op.getValue()))
    return op.emitError() << "has no derivative by the value that fills the border";
  Dims low = b.scope.indices(op.getStaticLow(), op.getLow()), sizes = b.dims(op.getX());
  SmallVector<int64_t> strides(low.size(), 1);
  if (op.getInterior())
    for (auto [stride, interior] : llvm::zip_equal(strides, *op.getInterior()))
      stride = interior + 1;
  for (AffineExpr amount : low)
    if (!b.scope.isNonNegative(amount))
      return op.emitError() << "has no derivative for borders that may be cut off";
  g.add(op.getX(), b.slice(g.ofResult(op), low, sizes, strides));
  return success();
}

//===----------------------------------------------------------------------===//
// Elements at positions
//===----------------------------------------------------------------------===//

static Value zerosLike(GraphBuilder &b, Value x) { return b.filled(b.elementType(x), b.dims(x), 0); }

/// The dimensions of the indices stand in place of the axis: they go in front, where tuples of
/// one index scatter.
static LogicalResult gatherRule(dfg::GatherOp op, Gradients &g) {
  GraphBuilder &b = g.b;
  Value x = op.getX(), indices = op.getIndices();
  int64_t rank = b.rank(x), axis = op.getAxis() < 0 ? op.getAxis() + rank : op.getAxis(), count = b.rank(indices);
  SmallVector<int64_t> toFront{axis}, indicesToFront = llvm::to_vector(llvm::seq<int64_t>(axis, axis + count));
  for (int64_t i = 0; i < rank; ++i)
    if (i != axis)
      toFront.push_back(i);
  for (int64_t i = 0; i < rank - 1 + count; ++i)
    if (i < axis || i >= axis + count)
      indicesToFront.push_back(i);
  SmallVector<int64_t> back(rank);
  for (auto [i, from] : llvm::enumerate(toFront))
    back[from] = i;
  Value zeros = b.transpose(zerosLike(b, x), toFront), dy = b.transpose(g.ofResult(op), indicesToFront);
  Value dx = b.create<dfg::ScatterNDOp>(ReduceKind::Sum, zeros, b.unsqueeze(indices, {count}), dy);
  g.add(x, b.transpose(dx, back));
  return success();
}

static LogicalResult gatherElementsRule(dfg::GatherElementsOp op, Gradients &g) {
  g.add(op.getX(), g.b.create<dfg::ScatterElementsOp>(ReduceKind::Sum, zerosLike(g.b, op.getX()), op.getIndices(),
                                                      g.ofResult(op), int64_t(op.getAxis())));
  return success();
}

static LogicalResult gatherNDRule(dfg::GatherNDOp op, Gradients &g) {
  if (op.getBatchDims() != 0)
    return op.emitError() << "has no derivative for batches";
  g.add(op.getX(),
        g.b.create<dfg::ScatterNDOp>(ReduceKind::Sum, zerosLike(g.b, op.getX()), op.getIndices(), g.ofResult(op)));
  return success();
}

/// What was replaced has no gradient; of what was added, both have.
static LogicalResult scatterNDRule(dfg::ScatterNDOp op, Gradients &g) {
  GraphBuilder &b = g.b;
  if (op.getKind() != ReduceKind::Sum && op.getKind() != ReduceKind::None)
    return op.emitError() << "has no derivative for a kind other than sum and none";
  Value dy = g.ofResult(op);
  g.add(op.getUpdates(), b.create<dfg::GatherNDOp>(dy, op.getIndices(), int64_t(0)));
  if (op.getKind() == ReduceKind::None)
    dy = b.create<dfg::ScatterNDOp>(ReduceKind::None, dy, op.getIndices(), zerosLike(b, op.getUpdates()));
  g.add(op.getX(), dy);
  return success();
}

void attachArrayDerivatives(MLIRContext &context) {
  attachDerivative<dfg::BroadcastToOp, broadcastRule>(context);
  attachDerivative<dfg::ConcatOp, concatRule>(context);
  attachDerivative<dfg::CumulativeOp, cumulativeRule>(context);
  attachDerivative<dfg::GatherElementsOp, gatherElementsRule>(context);
  attachDerivative<dfg::GatherNDOp, gatherNDRule>(context);
  attachDerivative<dfg::GatherOp, gatherRule>(context);
  attachDerivative<dfg::PadOp, padRule>(context);
  attachDerivative<dfg::ReduceOp, reduceRule>(context);
  attachDerivative<dfg::ReshapeOp, reshapeRule>(context);
  attachDerivative<dfg::ReverseOp, reverseRule>(context);
  attachDerivative<dfg::ScatterNDOp, scatterNDRule>(context);
  attachDerivative<dfg::SliceOp, sliceRule>(context);
  attachDerivative<dfg::TransposeOp, transposeRule>(context);
}

} // namespace tfc
