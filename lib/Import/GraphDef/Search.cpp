// Order, counts and membership.
#include "Indices.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::CompareKind;
using dfg::ReduceKind;

/// The type of positions that an attribute names.
static Type indexType(NodeContext &c, StringRef name) {
  return c.hasAttribute(name) ? c.elementType(name) : Type(c.b.builder.getI32Type());
}

static Value count(GraphBuilder &b, Value holds, int64_t axis, Type type) {
  return b.reduce(ReduceKind::Sum, b.cast(holds, type), {axis}, /*keepDims=*/false);
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

static LogicalResult importWhere(NodeContext &c) {
  if (failed(c.requireRank(0, 1)))
    return failure();
  return c.result(c.b.transpose(c.b.create<dfg::NonZeroOp>(c.input(0)), {1, 0}));
}

/// Indices out of range are nowhere hot.
static LogicalResult importOneHot(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto depth = c.content(1);
  if (failed(depth) || failed(c.requireRank(0, 0)) || failed(c.requireSameElements({2, 3})))
    return failure();
  Value indices = c.input(0);
  auto axis = c.axis(c.integer("axis", -1), b.rank(indices) + 1);
  if (failed(axis))
    return failure();
  Dims sizes(b.rank(indices) + 1, b.expr(1));
  sizes[*axis] = depth->front();
  Value isHot = b.compare(CompareKind::EQ, b.unsqueeze(indices, {*axis}), b.iota(b.elementType(indices), sizes, *axis));
  return c.result(b.select(isHot, c.input(2), c.input(3)));
}

static LogicalResult importUnique(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type(), type = indexType(c, "out_idx");
  if (!type || failed(c.requireRank(0, 1)))
    return failure();
  IntegerAttr along;
  if (c.hasInput(1) && b.number(b.count(c.input(1))) != 0) {
    auto axes = c.axesOf(1);
    if (failed(axes))
      return failure();
    along = b.builder.getI64IntegerAttr(axes->front());
  }
  if (b.rank(c.input(0)) == 1)
    along = {};
  auto op = b.createMany<dfg::UniqueOp>({b.elementType(c.input(0)), i64, i64, i64}, c.input(0), along, UnitAttr());
  if (!op)
    return failure();
  SmallVector<Value> results{op.getY(), b.cast(op.getInverse(), type)};
  if (c.op().contains("Counts"))
    results.push_back(b.cast(op.getCounts(), type));
  return c.results(results);
}

/// Elements of x that y lacks, and their places.
static LogicalResult importListDiff(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type type = indexType(c, "out_idx");
  if (!type || failed(c.requireRank(0, 1, 1)) || failed(c.requireRank(1, 1, 1)) ||
      failed(c.requireSameElements({0, 1})))
    return failure();
  Value x = c.input(0);
  // Of axes: what is left of them says how to transpose.
  if (auto own = b.constantIntegers(x), other = b.constantIntegers(c.input(1)); own && other) {
    SmallVector<int64_t> left, positions;
    for (auto [i, number] : llvm::enumerate(*own))
      if (!llvm::is_contained(*other, number)) {
        left.push_back(number);
        positions.push_back(i);
      }
    return c.results({b.integers(left, b.elementType(x)), b.integers(positions, type)});
  }
  Value isSame = b.compare(CompareKind::EQ, b.unsqueeze(x, {1}), b.unsqueeze(c.input(1), {0}));
  Value isMissing = b.create<dfg::NotOp>(b.reduce(ReduceKind::Max, isSame, {1}, /*keepDims=*/false));
  Value places = b.squeeze(b.create<dfg::NonZeroOp>(isMissing), {0});
  return c.results({b.create<dfg::GatherOp>(x, places, int64_t(0)), b.cast(places, type)});
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

static LogicalResult importTopK(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type(), type = indexType(c, "index_type");
  if (!type || failed(c.requireRank(0, 1)))
    return failure();
  Value k = c.hasInput(1) ? b.reshape(b.cast(c.input(1), i64), {b.expr(1)}) : b.integers({c.integer("k")});
  SmallVector<Value> results = c.onnx("TopK", {c.input(0), k}, {{"axis", int64_t(-1)}}, 2);
  return c.results({results[0], b.cast(results[1], type)});
}

static LogicalResult importNthElement(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto place = c.content(1);
  if (failed(place) || failed(c.requireRank(0, 1)))
    return failure();
  Value x = c.input(0);
  int64_t last = b.rank(x) - 1;
  if (!requireBox(c, place->front(), b.expr(1), b.dim(x, last)))
    return failure();
  auto op = b.createMany<dfg::ArgsortOp>({b.builder.getI64Type(), b.elementType(x)}, x, last, c.boolean("reverse"));
  if (!op)
    return failure();
  return c.result(b.squeeze(b.sliceAxis(op.getY(), last, place->front(), b.expr(1)), {last}));
}

/// Whether fewer than k predictions are greater than the target's.
static LogicalResult importInTopK(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 2, 2)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  Term x{b, c.input(0)};
  Term target{b, b.cast(c.input(1), i64)}, classes = countLike(target, b.dim(x, 1));
  Term isClass = (target >= 0.0) & (target < classes);
  Value place = b.unsqueeze(select(isClass, target, target.number(0)), {1});
  Term own{b, b.create<dfg::GatherElementsOp>(x, place, int64_t(1))};
  Term better{b, count(b, x > own, 1, i64)};
  Value k = c.hasInput(2) ? b.cast(b.reshape(c.input(2), {}), i64) : b.scalar(i64, c.integer("k"));
  Term isFinite = equal(own - own, 0.0);
  return c.result(isClass & Term(b, b.squeeze(isFinite, {1})) & (better < Term(b, k)));
}

/// How many of the sorted elements lie below each value (or, `kind` LE, not above it).
template <CompareKind kind> static LogicalResult importBound(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type type = indexType(c, "out_type");
  if (!type || failed(c.requireRank(0, 2, 2)) || failed(c.requireRank(1, 2, 2)) ||
      failed(c.requireSameElements({0, 1})))
    return failure();
  Value isBelow = b.compare(kind, b.unsqueeze(c.input(0), {1}), b.unsqueeze(c.input(1), {2}));
  return c.result(count(b, isBelow, 2, type));
}

/// How many of the boundaries, an attribute, are not above each number.
static LogicalResult importBucketize(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f64 = b.builder.getF64Type();
  const auto *given = c.attribute("boundaries");
  if (!given || failed(c.requireRank(0, 0)))
    return failure();
  SmallVector<double> boundaries(given->list().f().begin(), given->list().f().end());
  int64_t last = b.rank(c.input(0));
  Value x = b.unsqueeze(b.cast(c.input(0), f64), {last});
  Value isReached = b.compare(CompareKind::GE, x, b.fromNumbers(boundaries, {int64_t(boundaries.size())}, f64));
  return c.result(count(b, isReached, last, b.builder.getI32Type()));
}

/// The places [dimensions, ...] that row-major numbers stand for.
static LogicalResult importUnravelIndex(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto dims = c.content(1);
  if (failed(dims) || failed(c.requireRank(0, 0)))
    return failure();
  Term number{b, c.input(0)};
  requireIndices(c, number, b.scope.product(*dims));
  SmallVector<Value> places(dims->size());
  for (int64_t axis = dims->size() - 1; axis >= 0; --axis) {
    Term extent = countLike(number, (*dims)[axis]);
    places[axis] = b.unsqueeze(number.apply<dfg::RemOp>(extent), {0});
    number = number / extent;
  }
  return c.result(b.concat(places, 0));
}

//===----------------------------------------------------------------------===//
// Counts
//===----------------------------------------------------------------------===//

/// Sums of weights (all 1 where there are none) by class; values beyond the classes count
/// nowhere.
static LogicalResult importBincount(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto size = c.content(1);
  if (failed(size) || failed(c.requireRank(0, 0)) || failed(c.requireRank(2, 0)))
    return failure();
  bool isDense = c.op() == "DenseBincount";
  Value x = c.input(0);
  if (!isDense || b.rank(x) == 0)
    x = b.reshape(x, {b.count(x)});
  if (b.rank(x) > 2)
    return c.error() << "counts " << x.getType() << ", expected rank 1 or 2";
  requireAll(c, Term(b, x) >= 0.0, "values must be non-negative");
  Type type = b.elementType(c.input(2));
  int64_t last = b.rank(x);
  Dims classes(last + 1, b.expr(1));
  classes.back() = size->front();
  Value isHere = b.compare(CompareKind::EQ, b.unsqueeze(x, {last}), b.iota(b.elementType(x), classes, last));
  if (c.boolean("binary_output"))
    return c.result(b.cast(b.reduce(ReduceKind::Max, isHere, {last - 1}, false), type));
  Value amounts = b.cast(isHere, type);
  if (b.number(b.count(c.input(2))) != 0)
    amounts = b.create<dfg::MulOp>(amounts, b.unsqueeze(b.reshape(c.input(2), b.dims(x)), {last}));
  return c.result(b.reduce(ReduceKind::Sum, amounts, {last - 1}, false));
}

static LogicalResult importHistogramFixedWidth(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type(), f64 = b.builder.getF64Type(), type = indexType(c, "dtype");
  auto bins = c.content(2);
  if (!type || failed(bins) || failed(c.requireSameElements({0, 1})) || failed(c.requireRank(1, 1, 1)))
    return failure();
  auto limit = [&](int64_t i) { return Term(b, b.squeeze(b.sliceAxis(c.input(1), 0, b.expr(i), b.expr(1)), {0})); };
  Term x{b, b.reshape(c.input(0), {b.count(c.input(0))})}, low = limit(0);
  Term width = (limit(1) - low).cast(f64) / countLike(low.cast(f64), bins->front());
  Term place = ((max(x, low) - low).cast(f64) / width).cast(i64);
  place = min(max(place, 0.0), countLike(place, b.scope.sub(bins->front(), b.expr(1))));
  Value isHere = b.compare(CompareKind::EQ, b.unsqueeze(place, {1}), b.iota(i64, {b.expr(1), bins->front()}, 1));
  return c.result(count(b, isHere, 0, type));
}

void registerSearchOps(OpRegistry &ops) {
  ops.add("Bincount", importBincount);
  ops.add("Bucketize", importBucketize);
  ops.add("DenseBincount", importBincount);
  ops.add("HistogramFixedWidth", importHistogramFixedWidth);
  ops.add("InTopK", importInTopK);
  ops.add("InTopKV2", importInTopK);
  ops.add("ListDiff", importListDiff);
  ops.add("LowerBound", importBound<CompareKind::LT>);
  ops.add("NthElement", importNthElement);
  ops.add("OneHot", importOneHot);
  ops.add("TopK", importTopK);
  ops.add("TopKV2", importTopK);
  ops.add("Unique", importUnique);
  ops.add("UniqueV2", importUnique);
  ops.add("UniqueWithCounts", importUnique);
  ops.add("UniqueWithCountsV2", importUnique);
  ops.add("UnravelIndex", importUnravelIndex);
  ops.add("UpperBound", importBound<CompareKind::LE>);
  ops.add("Where", importWhere);
}

} // namespace tfc::tf
