// Sums and other combinations of rows by the segment that each belongs to.
#include "Indices.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::ReduceKind;

/// What a combination begins with.
static double identityOf(ReduceKind kind) {
  constexpr double kHuge = std::numeric_limits<double>::infinity();
  return kind == ReduceKind::Prod ? 1 : kind == ReduceKind::Max ? -kHuge : kind == ReduceKind::Min ? kHuge : 0;
}

/// Of floats the lowest or highest is finite, as TensorFlow has it.
static Value identityLike(GraphBuilder &b, Value data, ReduceKind kind) {
  double identity = identityOf(kind);
  if (auto type = dyn_cast<FloatType>(b.elementType(data)); type && std::isinf(identity)) {
    auto largest = llvm::APFloat::getLargest(type.getFloatSemantics(), identity < 0);
    bool losesInfo;
    largest.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
    identity = largest.convertToDouble();
  }
  return b.scalarLike(data, identity);
}

/// Rows of `data` combined where their `segments` (a vector in [0, count)) agree.
static Value combine(GraphBuilder &b, ReduceKind kind, Value data, Value segments, AffineExpr count) {
  if (!data || !segments)
    return {};
  Dims sizes = b.dims(data);
  sizes.front() = count;
  Value initial = b.broadcastTo(identityLike(b, data, kind), sizes);
  return b.create<dfg::ScatterNDOp>(kind, initial, b.unsqueeze(segments, {1}), data);
}

/// Rows in each segment, in the element type of `data` and with its rank.
static Value sizesOf(GraphBuilder &b, Value data, Value segments, AffineExpr count) {
  Dims shape(b.rank(data), b.expr(1));
  shape.front() = b.count(segments);
  return combine(b, ReduceKind::Sum, b.filled(b.elementType(data), shape, 1), segments, count);
}

//===----------------------------------------------------------------------===//
// Ascending segments
//===----------------------------------------------------------------------===//

/// One more than the last segment; null after an error.
static AffineExpr segmentCount(GraphBuilder &b, Value segments) {
  Term last{b, b.reduce(ReduceKind::Max, b.cast(segments, b.builder.getI64Type()), {0}, /*keepDims=*/false)};
  if (!last)
    return {};
  auto content = b.content(max(last, -1.0) + 1);
  return failed(content) ? AffineExpr() : b.scope.max(content->front(), b.expr(0));
}

enum class Scale { None, Mean, SqrtN };

/// Segments without rows give 0, or 1 as a product.
static LogicalResult combineSegments(NodeContext &c, ReduceKind kind, Scale scale, Value data, Value segments,
                                     AffineExpr count) {
  GraphBuilder &b = c.b;
  if (!count)
    return failure();
  requireIndices(c, segments, count);
  Term y{b, combine(b, kind, data, segments, count)};
  if (kind == ReduceKind::Max || kind == ReduceKind::Min) {
    Term size{b, sizesOf(b, data, segments, count)};
    y = select(size > 0.0, y, y.number(0));
  }
  if (scale != Scale::None) {
    Term size = max(Term(b, sizesOf(b, data, segments, count)), 1.0);
    y = y / (scale == Scale::Mean ? size : sqrt(size));
  }
  return c.result(y);
}

template <ReduceKind kind, Scale scale = Scale::None> static LogicalResult importSegment(NodeContext &c) {
  if (failed(c.requireRank(0, 1)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  if (!c.hasInput(2))
    return combineSegments(c, kind, scale, c.input(0), c.input(1), segmentCount(c.b, c.input(1)));
  auto count = c.content(2);
  return failed(count) ? failure() : combineSegments(c, kind, scale, c.input(0), c.input(1), count->front());
}

/// Rows that indices choose.
template <Scale scale> static LogicalResult importSparseSegment(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)) || failed(c.requireRank(1, 1, 1)) || failed(c.requireRank(2, 1, 1)))
    return failure();
  requireIndices(c, c.input(1), b.dim(c.input(0), 0));
  Value rows = b.create<dfg::GatherOp>(c.input(0), c.input(1), int64_t(0));
  AffineExpr count;
  if (c.hasInput(3)) {
    auto given = c.content(3);
    if (failed(given))
      return failure();
    count = given->front();
  } else {
    count = segmentCount(b, c.input(2));
  }
  return combineSegments(c, ReduceKind::Sum, scale, rows, c.input(2), count);
}

/// Gradients of segments, spread to the rows that went into them: to all rows, or (version 2)
/// to those only, in order, which a second result names.
template <Scale scale> static LogicalResult importSparseSegmentGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  auto rowCount = c.content(3);
  if (failed(rowCount) || failed(c.requireRank(0, 1)) || failed(c.requireRank(1, 1, 1)) ||
      failed(c.requireRank(2, 1, 1)))
    return failure();
  Term dy{b, c.input(0)};
  requireIndices(c, c.input(2), b.dim(dy, 0));
  requireIndices(c, c.input(1), rowCount->front());
  if (scale != Scale::None) {
    Term size = max(Term(b, sizesOf(b, dy, c.input(2), b.dim(dy, 0))), 1.0);
    dy = dy / (scale == Scale::Mean ? size : sqrt(size));
  }
  Value rows = b.create<dfg::GatherOp>(dy, c.input(2), int64_t(0));
  if (!c.op().ends_with("V2"))
    return c.result(combine(b, ReduceKind::Sum, rows, c.input(1), rowCount->front()));
  auto unique = b.createMany<dfg::UniqueOp>({b.elementType(c.input(1)), i64, i64, i64}, c.input(1), IntegerAttr(),
                                            b.builder.getUnitAttr());
  if (!unique)
    return failure();
  return c.results({combine(b, ReduceKind::Sum, rows, unique.getInverse(), b.dim(unique.getY(), 0)), unique.getY()});
}

//===----------------------------------------------------------------------===//
// Segments in any order
//===----------------------------------------------------------------------===//

/// Rows of negative segments are dropped: they go to one behind the last.
template <ReduceKind kind> static LogicalResult importUnsortedSegment(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto count = c.content(2);
  if (failed(count) || failed(c.requireRank(1, 0)) || failed(c.requireRank(0, b.rank(c.input(1)))))
    return failure();
  Value data = c.input(0);
  Dims dims = b.dims(data), rows(ArrayRef(dims).drop_front(b.rank(c.input(1))));
  rows.insert(rows.begin(), b.count(c.input(1)));
  Term segment{b, b.reshape(b.cast(c.input(1), b.builder.getI64Type()), {b.count(c.input(1))})};
  Term limit = countLike(segment, count->front());
  requireAll(c, segment < limit, "segment ids are out of range");
  segment = select(segment < 0.0, limit, segment);
  AffineExpr more = b.scope.add(count->front(), b.expr(1));
  Value y = combine(b, kind, b.reshape(data, rows), segment, more);
  return c.result(b.sliceAxis(y, 0, b.expr(0), count->front()));
}

void registerSegmentOps(OpRegistry &ops) {
  ops.add("SegmentMean", importSegment<ReduceKind::Sum, Scale::Mean>);
  for (StringRef version : {"", "V2"}) {
    ops.add(("SegmentMax" + version).str(), importSegment<ReduceKind::Max>);
    ops.add(("SegmentMin" + version).str(), importSegment<ReduceKind::Min>);
    ops.add(("SegmentProd" + version).str(), importSegment<ReduceKind::Prod>);
    ops.add(("SegmentSum" + version).str(), importSegment<ReduceKind::Sum>);
    ops.add(("SparseSegmentMeanGrad" + version).str(), importSparseSegmentGrad<Scale::Mean>);
    ops.add(("SparseSegmentSqrtNGrad" + version).str(), importSparseSegmentGrad<Scale::SqrtN>);
    ops.add(("SparseSegmentSumGrad" + version).str(), importSparseSegmentGrad<Scale::None>);
  }
  for (StringRef suffix : {"", "WithNumSegments"}) {
    ops.add(("SparseSegmentMean" + suffix).str(), importSparseSegment<Scale::Mean>);
    ops.add(("SparseSegmentSqrtN" + suffix).str(), importSparseSegment<Scale::SqrtN>);
    ops.add(("SparseSegmentSum" + suffix).str(), importSparseSegment<Scale::None>);
  }
  ops.add("UnsortedSegmentMax", importUnsortedSegment<ReduceKind::Max>);
  ops.add("UnsortedSegmentMin", importUnsortedSegment<ReduceKind::Min>);
  ops.add("UnsortedSegmentProd", importUnsortedSegment<ReduceKind::Prod>);
  ops.add("UnsortedSegmentSum", importUnsortedSegment<ReduceKind::Sum>);
}

} // namespace tfc::tf
