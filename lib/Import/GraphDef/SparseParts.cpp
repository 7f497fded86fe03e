// Sparse tensors of other sparse ones: order, shape, parts, sums.
#include "Sparse.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::ReduceKind;

//===----------------------------------------------------------------------===//
// Order and shape
//===----------------------------------------------------------------------===//

static LogicalResult importReorder(NodeContext &c) {
  auto x = Sparse::of(c, 0, 1, 2);
  if (failed(x))
    return failure();
  Sparse y = x->sorted();
  return c.results({y.positions, y.values});
}

/// Inputs: positions, shape and the new shape, of which one size may be -1.
static LogicalResult importReshape(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto old = c.content(1), sizes = c.content(2);
  if (failed(c.requireRank(0, 2, 2)) || failed(old) || failed(sizes))
    return failure();
  int64_t open = -1;
  for (auto [i, size] : llvm::enumerate(*sizes))
    if (b.number(size) == -1)
      open = i;
  if (open >= 0) {
    Dims others = *sizes;
    others.erase(others.begin() + open);
    (*sizes)[open] = b.quotient(*old, others);
  }
  Sparse x{b, c.input(0), {}, *old};
  return c.results({Sparse::positionsOf(x.keys(), *sizes), Sparse{b, {}, {}, *sizes}.shapeVector()});
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

/// The entries inside a box, moved to its corner.
static Sparse boxOf(const Sparse &x, ArrayRef<AffineExpr> start, ArrayRef<AffineExpr> size) {
  GraphBuilder &b = x.b;
  Type i64 = b.builder.getI64Type();
  Value low = b.fromContent(start, {x.rank()}, i64);
  Term place = Term(b, x.positions) - Term(b, low);
  Dims shape;
  for (auto [extent, first, wanted] : llvm::zip_equal(x.shape, start, size))
    shape.push_back(b.scope.max(b.scope.min(wanted, b.scope.sub(extent, first)), b.expr(0)));
  Term isInside = (place >= 0.0) & (place < Term(b, b.fromContent(shape, {x.rank()}, i64)));
  return Sparse{b, place, x.values, shape}.where(b.reduce(ReduceKind::Min, isInside, {1}, /*keepDims=*/false));
}

static LogicalResult importSlice(NodeContext &c) {
  auto x = Sparse::of(c, 0, 1, 2);
  auto start = c.content(3), size = c.content(4);
  if (failed(x) || failed(start) || failed(size))
    return failure();
  if (int64_t(start->size()) != x->rank() || int64_t(size->size()) != x->rank())
    return c.error() << "slices a sparse tensor of rank " << x->rank() << ", expected as many starts and sizes";
  return boxOf(*x, *start, *size).result(c);
}

/// Inputs: the axis, positions, values, shape. Results: all positions, all values, all shapes.
static LogicalResult importSplit(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto x = Sparse::of(c, 1, 2, 3);
  auto given = c.constant(0);
  if (failed(x) || failed(given))
    return failure();
  auto axis = c.axis(*given, x->rank());
  int64_t count = c.integer("num_split");
  if (failed(axis) || count < 1)
    return c.error() << "has " << count << " parts, expected at least one";
  // The first parts take what does not divide.
  AffineExpr size = b.scope.floorDiv(x->shape[*axis], b.expr(count));
  AffineExpr rest = b.scope.sub(x->shape[*axis], b.scope.mul(size, b.expr(count)));
  SmallVector<Value> positions, values, shapes;
  for (int64_t i = 0; i < count; ++i) {
    Dims start(x->rank(), b.expr(0)), sizes = x->shape;
    auto begin = [&](int64_t k) { return b.scope.add(b.scope.mul(size, b.expr(k)), b.scope.min(rest, b.expr(k))); };
    start[*axis] = begin(i);
    sizes[*axis] = b.scope.sub(begin(i + 1), begin(i));
    Sparse part = boxOf(*x, start, sizes);
    positions.push_back(part.positions);
    values.push_back(part.values);
    shapes.push_back(part.shapeVector());
  }
  positions.append(values);
  positions.append(shapes);
  return c.results(positions);
}

/// Inputs: all positions, all values, all shapes.
static LogicalResult importConcat(NodeContext &c) {
  GraphBuilder &b = c.b;
  unsigned count = c.inputCount() / 3;
  SmallVector<Value> positions, values;
  Dims shape;
  FailureOr<int64_t> axis = 0;
  for (unsigned i = 0; i < count; ++i) {
    auto x = Sparse::of(c, i, count + i, 2 * count + i);
    if (failed(x) || failed(axis = c.axis(c.integer("concat_dim"), x->rank())))
      return failure();
    Dims offset(x->rank(), b.expr(0));
    if (i == 0)
      shape = x->shape;
    else
      offset[*axis] = shape[*axis], shape[*axis] = b.scope.add(shape[*axis], x->shape[*axis]);
    positions.push_back(Term(b, x->positions) + Term(b, b.fromContent(offset, {x->rank()}, b.builder.getI64Type())));
    values.push_back(x->values);
  }
  if (positions.empty())
    return c.error() << "joins no tensors";
  return Sparse{b, b.concat(positions, 0), b.concat(values, 0), shape}.sorted().result(c);
}

//===----------------------------------------------------------------------===//
// Two at once
//===----------------------------------------------------------------------===//

namespace {
/// The positions of either of two tensors, in order, and the entries of both at them: 0 where
/// there is none.
struct Union {
  Value positions, first, second;

  static std::optional<Union> of(const Sparse &x, const Sparse &y) {
    GraphBuilder &b = x.b;
    Type i64 = b.builder.getI64Type();
    Value keys = b.concat({x.keys(), y.keys()}, 0);
    auto op = b.createMany<dfg::UniqueOp>({i64, i64, i64, i64}, keys, IntegerAttr(), b.builder.getUnitAttr());
    if (!op)
      return std::nullopt;
    AffineExpr count = b.dim(op.getY(), 0);
    auto spread = [&](const Sparse &own, AffineExpr begin) {
      return addRows(b, own.values, b.sliceAxis(op.getInverse(), 0, begin, own.count()), count);
    };
    return Union{Sparse::positionsOf({b, op.getY()}, x.shape), spread(x, b.expr(0)), spread(y, x.count())};
  }
};
} // namespace

static FailureOr<Union> unionOfInputs(NodeContext &c, Dims *shape = nullptr) {
  auto x = Sparse::of(c, 0, 1, 2), y = Sparse::of(c, 3, 4, 5);
  if (failed(x) || failed(y) || failed(c.requireSameElements({1, 4})))
    return failure();
  if (x->rank() != y->rank())
    return c.error() << "has sparse tensors of ranks " << x->rank() << " and " << y->rank();
  auto both = Union::of(*x, *y);
  if (!both)
    return failure();
  if (shape)
    *shape = x->shape;
  return *both;
}

template <class Op> static LogicalResult importOfBoth(NodeContext &c) {
  auto both = unionOfInputs(c);
  return failed(both) ? failure() : c.results({both->positions, c.b.create<Op>(both->first, both->second)});
}

/// Sums whose size is below the threshold are left out.
static LogicalResult importAdd(NodeContext &c) {
  GraphBuilder &b = c.b;
  Dims shape;
  auto both = unionOfInputs(c, &shape);
  if (failed(both) || failed(c.requireRank(6, 0, 0)))
    return failure();
  Term values = Term(b, both->first) + Term(b, both->second);
  Sparse sum{b, both->positions, values, shape};
  if (auto threshold = b.constantNumbers(c.input(6)); threshold && threshold->front() <= 0)
    return sum.result(c);
  return sum.where(abs(values) >= Term(b, b.cast(c.input(6), b.elementType(values)))).result(c);
}

/// For each of the `asked` positions, the row of `rows` that stands at the same one of the
/// `known` positions; 0 where there is none. Nothing tells the shape: its least one will do.
static Value lookUp(GraphBuilder &b, Value asked, Value known, Value rows) {
  Value all = b.concat({known, asked}, 0);
  Term extents = Term(b, b.reduce(ReduceKind::Max, all, {0}, /*keepDims=*/false)) + 1.0;
  Value strides =
      b.create<dfg::CumulativeOp>(ReduceKind::Prod, extents, int64_t(0), /*exclusive=*/true, /*reverse=*/true);
  Value keys = b.reduce(ReduceKind::Sum, Term(b, all) * Term(b, strides), {1}, /*keepDims=*/false);
  Type i64 = b.builder.getI64Type();
  auto op = b.createMany<dfg::UniqueOp>({i64, i64, i64, i64}, keys, IntegerAttr(), UnitAttr());
  if (!op)
    return {};
  AffineExpr count = b.dim(known, 0);
  Value table = addRows(b, rows, b.sliceAxis(op.getInverse(), 0, b.expr(0), count), b.dim(op.getY(), 0));
  return b.create<dfg::GatherOp>(table, b.sliceAxis(op.getInverse(), 0, count, b.dim(asked, 0)), int64_t(0));
}

/// Inputs: dy, positions of both operands and of the sum.
static LogicalResult importAddGrad(NodeContext &c) {
  for (unsigned i : {1, 2, 3})
    if (failed(c.requireRank(i, 2, 2)))
      return failure();
  auto of = [&](unsigned i) { return lookUp(c.b, c.input(i), c.input(3), c.input(0)); };
  return c.results({of(1), of(2)});
}

/// Inputs: dy, positions of x, where the slice begins, positions of the slice.
static LogicalResult importSliceGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(1, 2, 2)) || failed(c.requireRank(2, 1, 1)) || failed(c.requireRank(3, 2, 2)))
    return failure();
  // Keys are of positions in x: none is negative.
  Value moved = Term(b, c.input(3)) + Term(b, c.input(2));
  return c.result(lookUp(b, c.input(1), moved, c.input(0)));
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/// Over the entries of each row, the last dimension.
static LogicalResult importSoftmax(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto x = Sparse::of(c, 0, 1, 2);
  if (failed(x))
    return failure();
  if (x->rank() < 2)
    return c.error() << "has a sparse tensor of rank " << x->rank() << ", expected at least 2";
  Value row = x->keys(llvm::to_vector(llvm::seq<int64_t>(0, x->rank() - 1)));
  AffineExpr rows = b.scope.product(ArrayRef(x->shape).drop_back());
  Term values{b, x->values};
  Value lowest = b.filled(b.elementType(values), rows, -HUGE_VAL);
  Value most = b.create<dfg::ScatterNDOp>(ReduceKind::Max, lowest, b.unsqueeze(row, {1}), values);
  auto ofRow = [&](Value perRow) { return Term(b, b.create<dfg::GatherOp>(perRow, row, int64_t(0))); };
  Term shares = exp(values - ofRow(most));
  return c.result(shares / ofRow(addRows(b, shares, row, rows)));
}

/// Inputs: positions, values, shape and what rows without entries get. Results: positions and
/// values in the order of rows, which rows were empty, and where the entries went.
static LogicalResult importFillEmptyRows(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  auto x = Sparse::of(c, 0, 1, 2);
  if (failed(x) || failed(c.requireRank(3, 0, 0)) || failed(c.requireSameElements({1, 3})))
    return failure();
  AffineExpr rows = x->shape.front(), count = x->count();
  Term sizes{b, addRows(b, b.filled(i64, count, 1), x->along(0), rows)}, isEmpty = equal(sizes, 0.0);
  Value empty = placesWhere(b, isEmpty);
  if (!empty)
    return failure();
  AffineExpr added = b.dim(empty, 0);
  Value first = b.unsqueeze(empty, {1}), rest = b.filled(i64, {added, b.expr(x->rank() - 1)}, 0);
  Sparse all{b, b.concat({x->positions, b.concat({first, rest}, 1)}, 0),
             b.concat({x->values, b.broadcastTo(c.input(3), added)}, 0), x->shape};
  auto order = b.createMany<dfg::ArgsortOp>({i64, i64}, all.along(0), int64_t(0), false);
  if (!order)
    return failure();
  Sparse y = all.take(order.getIndices());
  Value places = b.iota(i64, b.dim(order.getIndices(), 0), 0);
  Value went = b.create<dfg::ScatterElementsOp>(ReduceKind::None, places, order.getIndices(), places, int64_t(0));
  return c.results({y.positions, y.values, isEmpty, b.sliceAxis(went, 0, b.expr(0), count)});
}

/// Inputs: where the entries went, and the gradients of all. What is left is the default's.
static LogicalResult importFillEmptyRowsGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1, 1)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  Term dy{b, c.input(1)};
  Value own = b.create<dfg::GatherOp>(dy, c.input(0), int64_t(0));
  Value zeros = b.filled(b.elementType(dy), b.dim(c.input(0), 0), 0);
  Value others = b.create<dfg::ScatterNDOp>(ReduceKind::None, dy, b.unsqueeze(c.input(0), {1}), zeros);
  return c.results({own, b.reduce(ReduceKind::Sum, others, {0}, /*keepDims=*/false)});
}

void registerSparsePartOps(OpRegistry &ops) {
  ops.add("SparseAdd", importAdd);
  ops.add("SparseAddGrad", importAddGrad);
  ops.add("SparseConcat", importConcat);
  ops.add("SparseFillEmptyRows", importFillEmptyRows);
  ops.add("SparseFillEmptyRowsGrad", importFillEmptyRowsGrad);
  ops.add("SparseReorder", importReorder);
  ops.add("SparseReshape", importReshape);
  ops.add("SparseSlice", importSlice);
  ops.add("SparseSliceGrad", importSliceGrad);
  ops.add("SparseSoftmax", importSoftmax);
  ops.add("SparseSparseMaximum", importOfBoth<dfg::MaxOp>);
  ops.add("SparseSparseMinimum", importOfBoth<dfg::MinOp>);
  ops.add("SparseSplit", importSplit);
}

} // namespace tfc::tf
