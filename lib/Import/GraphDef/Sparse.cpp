// Sparse tensors, given by positions [n, rank], values [n] and a shape.
#include "Images.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

/// The shape that an input lists. Its length is known, or else the columns of the positions
/// that input `like` holds.
static FailureOr<Dims> shapeOf(NodeContext &c, unsigned i, unsigned like) {
  if (failed(c.requireRank(i, 1, 1)))
    return failure();
  auto rank = c.b.number(c.b.dim(c.input(i), 0));
  if (!rank && c.hasInput(like) && c.b.rank(c.input(like)) == 2)
    rank = c.b.number(c.b.dim(c.input(like), 1));
  if (!rank)
    return c.unsupported() << "has a sparse tensor whose rank only run time tells, expected a known one";
  return readSizes(c, i, *rank);
}

/// A dense tensor with the values added at their positions.
static Value densify(GraphBuilder &b, Value positions, Value values, ArrayRef<AffineExpr> sizes) {
  Value zeros = b.filled(b.elementType(values), sizes, 0);
  return b.create<dfg::ScatterNDOp>(dfg::ReduceKind::Sum, zeros, positions, values);
}

/// Positions, the shape, values and what lies elsewhere; both positions and values may
/// have fewer dimensions.
static LogicalResult importSparseToDense(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto sizes = shapeOf(c, 1, 0);
  if (failed(c.requireRank(0, 0, 2)) || failed(c.requireRank(2, 0, 1)) || failed(c.requireRank(3, 0, 0)) ||
      failed(c.requireSameElements({2, 3})) || failed(sizes))
    return failure();
  Value positions = c.input(0);
  // One position, or positions in one dimension.
  if (int64_t rank = b.rank(positions); rank < 2)
    positions = b.reshape(positions, {b.count(positions), b.expr(1)});
  Value values = b.broadcastTo(c.input(2), b.dim(positions, 0)), elsewhere = b.broadcastTo(c.input(3), *sizes);
  return c.result(b.create<dfg::ScatterNDOp>(dfg::ReduceKind::None, elsewhere, positions, values));
}

static LogicalResult importSparseTensorDenseAdd(NodeContext &c) {
  if (failed(c.requireRank(0, 2, 2)) || failed(c.requireSameElements({1, 3})))
    return failure();
  return c.result(c.b.create<dfg::ScatterNDOp>(dfg::ReduceKind::Sum, c.input(3), c.input(0), c.input(1)));
}

static LogicalResult importSparseReduceSum(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto sizes = shapeOf(c, 2, 0);
  if (failed(c.requireRank(0, 2, 2)) || failed(c.requireRank(1, 1, 1)) || failed(sizes))
    return failure();
  auto given = c.constants(3);
  auto axes = failed(given) ? FailureOr<SmallVector<int64_t>>() : c.axes(*given, sizes->size());
  if (failed(axes))
    return failure();
  return c.result(
      b.reduce(dfg::ReduceKind::Sum, densify(b, c.input(0), c.input(1), *sizes), *axes, c.boolean("keep_dims")));
}

static LogicalResult importSparseTensorDenseMatMul(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 2, 2)) || failed(c.requireRank(3, 2, 2)) || failed(c.requireSameElements({1, 3})))
    return failure();
  auto sizes = readSizes(c, 2, 2);
  if (failed(sizes))
    return failure();
  return c.result(b.create<dfg::MatmulOp>(densify(b, c.input(0), c.input(1), *sizes), c.input(3),
                                          c.boolean("adjoint_a"), c.boolean("adjoint_b")));
}

void registerSparseOps(OpRegistry &ops) {
  ops.add("SparseReduceSum", importSparseReduceSum);
  ops.add("SparseTensorDenseAdd", importSparseTensorDenseAdd);
  ops.add("SparseTensorDenseMatMul", importSparseTensorDenseMatMul);
  ops.add("SparseToDense", importSparseToDense);
}

} // namespace tfc::tf
