// Sparse tensors, given by positions [n, rank], values [n] and a shape.
#include "Sparse.h"

#include "Images.h"

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

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

FailureOr<Sparse> Sparse::of(NodeContext &c, unsigned positions, unsigned values, unsigned shape) {
  auto sizes = shapeOf(c, shape, positions);
  if (failed(c.requireRank(positions, 2, 2)) || failed(c.requireRank(values, 1, 1)) || failed(sizes))
    return failure();
  return Sparse{c.b, c.input(positions), c.input(values), *sizes};
}

Term Sparse::along(int64_t axis) const {
  return {b, b.squeeze(b.sliceAxis(positions, 1, b.expr(axis), b.expr(1)), {1})};
}

Term Sparse::keys(ArrayRef<int64_t> axes) const {
  Term key{b, b.filled(b.builder.getI64Type(), count(), 0)};
  for (int64_t axis : axes)
    key = key * countLike(key, shape[axis]) + along(axis);
  return key;
}
Term Sparse::keys() const { return keys(llvm::to_vector(llvm::seq<int64_t>(0, rank()))); }

Value Sparse::positionsOf(Term keys, ArrayRef<AffineExpr> shape) {
  GraphBuilder &b = keys.builder();
  SmallVector<Value> columns(shape.size());
  for (int64_t axis = shape.size() - 1; axis >= 0; --axis) {
    // An extent of 0 has no positions: that it is taken for 1 does no harm.
    Term extent = max(countLike(keys, shape[axis]), 1.0);
    columns[axis] = b.unsqueeze(axis ? keys.apply<dfg::RemOp>(extent) : keys, {1});
    keys = keys / extent;
  }
  return columns.empty() ? b.filled(b.elementType(keys), {b.dim(keys, 0), b.expr(0)}, 0) : b.concat(columns, 1);
}

Sparse Sparse::take(Value chosen) const {
  auto rows = [&](Value x) { return b.create<dfg::GatherOp>(x, chosen, int64_t(0)); };
  return {b, rows(positions), rows(values), shape};
}
Sparse Sparse::where(Value holds) const { return take(placesWhere(b, holds)); }

Sparse Sparse::sorted() const {
  Type i64 = b.builder.getI64Type();
  auto order = b.createMany<dfg::ArgsortOp>({i64, i64}, keys(), int64_t(0), false);
  return order ? take(order.getIndices()) : Sparse{b, {}, {}, shape};
}

Value Sparse::dense() const {
  Value zeros = b.filled(b.elementType(values), shape, 0);
  return b.create<dfg::ScatterNDOp>(dfg::ReduceKind::Sum, zeros, positions, values);
}

Value Sparse::shapeVector() const { return b.fromContent(shape, {rank()}, b.builder.getI64Type()); }

Value placesWhere(GraphBuilder &b, Value holds) { return b.squeeze(b.create<dfg::NonZeroOp>(holds), {0}); }

Value addRows(GraphBuilder &b, Value rows, Value places, AffineExpr count) {
  if (!rows)
    return {};
  Dims sizes = b.dims(rows);
  sizes.front() = count;
  return b.create<dfg::ScatterNDOp>(dfg::ReduceKind::Sum, b.filled(b.elementType(rows), sizes, 0),
                                    b.unsqueeze(places, {1}), rows);
}

//===----------------------------------------------------------------------===//
// Beside dense tensors
//===----------------------------------------------------------------------===//

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

/// Inputs: positions, values, shape, axes. Which groups have entries at all, in dense form,
/// and what their reduction gives: 0 for the others.
static LogicalResult importSparseReduce(NodeContext &c, dfg::ReduceKind kind, bool isSparse) {
  GraphBuilder &b = c.b;
  auto x = Sparse::of(c, 0, 1, 2);
  auto given = c.constants(3);
  auto axes = failed(given) || failed(x) ? FailureOr<SmallVector<int64_t>>() : c.axes(*given, x->rank());
  if (failed(axes))
    return failure();
  if (axes->empty())
    llvm::append_range(*axes, llvm::seq<int64_t>(0, x->rank()));
  bool keepsDims = c.boolean("keep_dims");
  SmallVector<int64_t> kept;
  Dims groups, shape;
  for (int64_t axis = 0; axis < x->rank(); ++axis) {
    bool isKept = !llvm::is_contained(*axes, axis);
    if (isKept) {
      kept.push_back(axis);
      groups.push_back(x->shape[axis]);
    }
    if (isKept || keepsDims)
      shape.push_back(isKept ? x->shape[axis] : b.expr(1));
  }
  Value group = b.unsqueeze(x->keys(kept), {1});
  AffineExpr count = b.scope.product(groups);
  auto scatter = [&](dfg::ReduceKind how, Value rows, double initial) {
    return Term(b, b.create<dfg::ScatterNDOp>(how, b.filled(b.elementType(rows), count, initial), group, rows));
  };
  Type i64 = b.builder.getI64Type();
  Term isThere = scatter(dfg::ReduceKind::Sum, b.filled(i64, x->count(), 1), 0) > 0.0;
  Term y = scatter(kind, x->values, kind == dfg::ReduceKind::Max ? -HUGE_VAL : 0);
  y = select(isThere, y, y.number(0));
  if (!isSparse)
    return c.result(b.reshape(y, shape));
  Value places = placesWhere(b, isThere);
  return Sparse{b, Sparse::positionsOf({b, places}, shape), b.create<dfg::GatherOp>(y, places, int64_t(0)), shape}
      .result(c);
}
template <dfg::ReduceKind kind, bool isSparse> static LogicalResult importSparseReduce(NodeContext &c) {
  return importSparseReduce(c, kind, isSparse);
}

static LogicalResult importSparseTensorDenseMatMul(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 2, 2)) || failed(c.requireRank(3, 2, 2)) || failed(c.requireSameElements({1, 3})))
    return failure();
  auto sizes = readSizes(c, 2, 2);
  if (failed(sizes))
    return failure();
  return c.result(b.create<dfg::MatmulOp>(Sparse{b, c.input(0), c.input(1), *sizes}.dense(), c.input(3),
                                          c.boolean("adjoint_a"), c.boolean("adjoint_b")));
}

/// Inputs: positions, values, shape and a dense tensor that broadcasts to it. Gives values.
template <class Op> static LogicalResult importSparseDenseCwise(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto x = Sparse::of(c, 0, 1, 2);
  if (failed(x) || failed(c.requireRank(3, 0, x->rank())) || failed(c.requireSameElements({1, 3})))
    return failure();
  Value own = b.create<dfg::GatherNDOp>(b.broadcastTo(c.input(3), x->shape), x->positions, int64_t(0));
  return c.result(b.create<Op>(x->values, own));
}

void registerSparseOps(OpRegistry &ops) {
  ops.add("SparseDenseCwiseAdd", importSparseDenseCwise<dfg::AddOp>);
  ops.add("SparseDenseCwiseDiv", importSparseDenseCwise<dfg::DivOp>);
  ops.add("SparseDenseCwiseMul", importSparseDenseCwise<dfg::MulOp>);
  ops.add("SparseReduceMax", importSparseReduce<dfg::ReduceKind::Max, false>);
  ops.add("SparseReduceMaxSparse", importSparseReduce<dfg::ReduceKind::Max, true>);
  ops.add("SparseReduceSum", importSparseReduce<dfg::ReduceKind::Sum, false>);
  ops.add("SparseReduceSumSparse", importSparseReduce<dfg::ReduceKind::Sum, true>);
  ops.add("SparseTensorDenseAdd", importSparseTensorDenseAdd);
  ops.add("SparseTensorDenseMatMul", importSparseTensorDenseMatMul);
  ops.add("SparseToDense", importSparseToDense);
}

} // namespace tfc::tf
