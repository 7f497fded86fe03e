// Ragged tensors: values, and for each dimension in front of them where its rows begin.
#include "Indices.h"
#include "Sparse.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::ReduceKind;

/// The last number of a vector.
static Term last(GraphBuilder &b, Value x) {
  return {b, b.squeeze(b.sliceAxis(x, 0, b.scope.sub(b.dim(x, 0), b.expr(1)), b.expr(1)), {0})};
}

namespace {
/// One ragged dimension.
struct Rows {
  GraphBuilder &b;
  Value starts, lengths; // of each row
  Value row;             // of each value

  AffineExpr count() const { return b.dim(starts, 0); }
  /// Each value's place in its row.
  Term places() const {
    Value all = b.iota(b.elementType(starts), b.dim(row, 0), 0);
    return Term(b, all) - Term(b, b.create<dfg::GatherOp>(starts, row, int64_t(0)));
  }
  /// The length of the longest.
  AffineExpr width() const {
    Term most{b, b.reduce(ReduceKind::Max, b.cast(lengths, b.builder.getI64Type()), {0}, /*keepDims=*/false)};
    auto content = b.content(max(most, 0.0));
    return failed(content) ? b.expr(0) : content->front();
  }

  /// From where each row, and behind the last the whole, begins.
  static Rows ofSplits(GraphBuilder &b, Value splits, AffineExpr values) {
    AffineExpr count = b.scope.sub(b.dim(splits, 0), b.expr(1));
    Value starts = b.sliceAxis(splits, 0, b.expr(0), count), ends = b.sliceAxis(splits, 0, b.expr(1), count);
    // A value's row is the number of rows that end in front of it or where it stands.
    AffineExpr more = b.scope.add(values, b.expr(1));
    Value marks = addRows(b, b.filled(b.elementType(splits), count, 1), ends, more);
    Value row = b.create<dfg::CumulativeOp>(ReduceKind::Sum, marks, int64_t(0), false, false);
    return {b, starts, Term(b, ends) - Term(b, starts), b.sliceAxis(row, 0, b.expr(0), values)};
  }
  static Rows ofRowNumbers(GraphBuilder &b, Value row, AffineExpr count) {
    Value lengths = addRows(b, b.filled(b.elementType(row), b.dim(row, 0), 1), row, count);
    return {b, b.create<dfg::CumulativeOp>(ReduceKind::Sum, lengths, int64_t(0), /*exclusive=*/true, false), lengths,
            row};
  }
  static Value splitsOf(GraphBuilder &b, Value lengths) {
    Value ends = b.create<dfg::CumulativeOp>(ReduceKind::Sum, lengths, int64_t(0), false, false);
    return b.concat({b.filled(b.elementType(lengths), b.expr(1), 0), ends}, 0);
  }
};
} // namespace

/// A number of values that only run time tells.
static FailureOr<AffineExpr> countOf(GraphBuilder &b, Term number) {
  auto content = b.content(number);
  return failed(content) ? FailureOr<AffineExpr>(failure()) : content->front();
}

//===----------------------------------------------------------------------===//
// Dense and sparse forms
//===----------------------------------------------------------------------===//

/// The rows of each ragged dimension, outermost first. Their tensors are inputs from `begin`
/// on; before those of row numbers stands the number of all rows.
static FailureOr<std::vector<Rows>> rowsOfInputs(NodeContext &c, unsigned begin, AffineExpr values) {
  GraphBuilder &b = c.b;
  SmallVector<StringRef> kinds = c.strings("row_partition_types");
  bool hasCount = !kinds.empty() && kinds.front() == "FIRST_DIM_SIZE";
  if (kinds.size() != c.inputCount() - begin || kinds.size() < (hasCount ? 2u : 1u))
    return c.error() << "has " << c.inputCount() - begin << " row partitions, expected " << kinds.size();
  AffineExpr count = b.expr(0);
  if (hasCount) {
    auto given = c.content(begin);
    if (failed(given))
      return failure();
    count = given->front();
  }
  std::vector<Rows> rows;
  for (unsigned i = hasCount; i < kinds.size(); ++i) {
    if (failed(c.requireRank(begin + i, 1, 1)))
      return failure();
    Value partition = c.input(begin + i);
    bool isInnermost = i + 1 == kinds.size();
    if (kinds[i] == "VALUE_ROWIDS" && hasCount) {
      rows.push_back(Rows::ofRowNumbers(b, partition, count));
      count = b.dim(partition, 0);
    } else if (kinds[i] == "ROW_SPLITS") {
      auto own = isInnermost ? FailureOr<AffineExpr>(values) : countOf(b, last(b, partition));
      if (failed(own))
        return failure();
      rows.push_back(Rows::ofSplits(b, partition, *own));
    } else {
      return c.unsupported() << "has row partition '" << kinds[i] << "', expected ROW_SPLITS or VALUE_ROWIDS";
    }
  }
  return rows;
}

/// The tuple of places of each value, [values, dimensions] as i64.
static Value placesOf(GraphBuilder &b, ArrayRef<Rows> rows) {
  Type i64 = b.builder.getI64Type();
  SmallVector<Value> columns{b.unsqueeze(rows.back().places().cast(i64), {1})};
  Value row = rows.back().row;
  for (const Rows &outer : llvm::reverse(rows.drop_back())) {
    auto ofRow = [&](Value x) { return b.create<dfg::GatherOp>(x, row, int64_t(0)); };
    columns.push_back(b.unsqueeze(b.cast(ofRow(outer.places()), i64), {1}));
    row = ofRow(outer.row);
  }
  columns.push_back(b.unsqueeze(b.cast(row, i64), {1}));
  return b.concat(llvm::to_vector(llvm::reverse(columns)), 1);
}

/// Inputs: the shape (-1 where open), values, what stands where there are none, partitions.
static LogicalResult importToTensor(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(1, 1)) || failed(c.requireRank(0, 0, 1)) || failed(c.requireSameElements({1, 2})))
    return failure();
  Value values = c.input(1);
  auto rows = rowsOfInputs(c, 3, b.dim(values, 0));
  if (failed(rows))
    return failure();
  Dims inner(ArrayRef(b.dims(values)).drop_front()), given;
  if (b.rank(c.input(0)) == 1) {
    auto content = c.content(0);
    if (failed(content))
      return failure();
    given = *content;
  }
  Dims shape{rows->front().count()};
  for (const Rows &each : *rows)
    shape.push_back(each.width());
  if (given.size() > shape.size() + inner.size())
    return c.error() << "has a shape of " << given.size() << " sizes, expected " << shape.size() + inner.size();
  for (size_t i = 0; i < std::min(given.size(), shape.size()); ++i) {
    auto number = b.number(given[i]);
    if (!number)
      shape[i] = b.select(b.compare(dfg::CompareKind::LT, given[i], b.expr(0)), shape[i], given[i]);
    else if (*number >= 0)
      shape[i] = given[i];
  }
  // What the shape cuts off is dropped.
  Value places = placesOf(b, *rows);
  Value limit = b.fromContent(shape, {int64_t(shape.size())}, b.builder.getI64Type());
  Value isInside = b.reduce(ReduceKind::Min, Term(b, places) < Term(b, limit), {1}, /*keepDims=*/false);
  Value kept = placesWhere(b, isInside);
  auto ofKept = [&](Value x) { return b.create<dfg::GatherOp>(x, kept, int64_t(0)); };
  Dims sizes = shape;
  sizes.append(inner);
  return c.result(
      b.create<dfg::ScatterNDOp>(ReduceKind::None, b.broadcastTo(c.input(2), sizes), ofKept(places), ofKept(values)));
}

/// Inputs: the splits of each ragged dimension, and values.
static FailureOr<std::vector<Rows>> rowsOfSplits(NodeContext &c, unsigned count) {
  GraphBuilder &b = c.b;
  std::vector<Rows> rows;
  if (failed(c.requireRank(count, 1)))
    return failure();
  for (unsigned i = 0; i < count; ++i) {
    if (failed(c.requireRank(i, 1, 1)))
      return failure();
    AffineExpr values = i + 1 < count && c.hasInput(i + 1) ? b.scope.sub(b.dim(c.input(i + 1), 0), b.expr(1))
                                                           : b.dim(c.input(count), 0);
    rows.push_back(Rows::ofSplits(b, c.input(i), values));
  }
  return rows;
}

static LogicalResult importToSparse(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  unsigned ragged = c.inputCount() - 1;
  if (c.inputCount() < 2)
    return c.error() << "has " << c.inputCount() << " inputs, expected splits and values";
  auto rows = rowsOfSplits(c, ragged);
  if (failed(rows))
    return failure();
  Value values = c.input(ragged), places = placesOf(b, *rows);
  Dims dims = b.dims(values), shape{rows->front().count()}, inner(ArrayRef(dims).drop_front());
  for (const Rows &each : *rows)
    shape.push_back(each.width());
  shape.append(inner);
  AffineExpr count = b.count(values), width = b.scope.product(inner);
  if (!inner.empty()) {
    Term number{b, b.iota(i64, count, 0)};
    Value outer =
        b.create<dfg::GatherOp>(places, number / countLike(number, b.scope.max(width, b.expr(1))), int64_t(0));
    places = b.concat(
        {outer, Sparse::positionsOf(number.apply<dfg::RemOp>(countLike(number, b.scope.max(width, b.expr(1)))), inner)},
        1);
  }
  return c.results({places, b.reshape(values, count), b.fromContent(shape, {int64_t(shape.size())}, i64)});
}

//===----------------------------------------------------------------------===//
// New rows
//===----------------------------------------------------------------------===//

/// Inputs: splits, values, the rows to take. Dimensions of the indices come first.
static LogicalResult importGather(NodeContext &c) {
  GraphBuilder &b = c.b;
  unsigned ragged = c.integer("PARAMS_RAGGED_RANK");
  if (ragged == 0 || c.inputCount() != ragged + 2 || failed(c.requireRank(ragged + 1, 0)))
    return c.error() << "has " << c.inputCount() << " inputs, expected splits, values and indices";
  Value indices = c.input(ragged + 1), values = c.input(ragged);
  Type type = b.elementType(c.input(0));
  SmallVector<Value> results;
  // The indices' own dimensions are even ones.
  Dims dims = b.dims(indices);
  AffineExpr count = b.expr(1);
  for (size_t i = 0; i + 1 < dims.size(); ++i) {
    count = b.scope.mul(count, dims[i]);
    Term row{b, b.iota(type, b.scope.add(count, b.expr(1)), 0)};
    results.push_back(row * countLike(row, dims[i + 1]));
  }
  Value taken = b.reshape(b.cast(indices, type), b.count(indices));
  requireIndices(c, taken, b.scope.sub(b.dim(c.input(0), 0), b.expr(1)));
  for (unsigned i = 0; i < ragged; ++i) {
    if (failed(c.requireRank(i, 1, 1)))
      return failure();
    AffineExpr rows = b.scope.sub(b.dim(c.input(i), 0), b.expr(1));
    Value starts = b.sliceAxis(c.input(i), 0, b.expr(0), rows), ends = b.sliceAxis(c.input(i), 0, b.expr(1), rows);
    auto ofTaken = [&](Value x) { return Term(b, b.create<dfg::GatherOp>(x, taken, int64_t(0))); };
    Term begin = ofTaken(starts), lengths = ofTaken(ends) - begin;
    Value splits = Rows::splitsOf(b, lengths);
    auto total = countOf(b, last(b, splits));
    if (failed(total))
      return failure();
    Rows own = Rows::ofSplits(b, splits, *total);
    taken = Term(b, b.create<dfg::GatherOp>(begin, own.row, int64_t(0))) + own.places();
    results.push_back(splits);
  }
  results.push_back(b.create<dfg::GatherOp>(values, taken, int64_t(0)));
  return c.results(results);
}

/// Inputs: starts, limits and steps, each a vector or one for all rows.
static LogicalResult importRange(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type type = c.hasAttribute("Tsplits") ? c.elementType("Tsplits") : b.builder.getI64Type();
  if (!type || failed(c.requireSameElements({0, 1, 2})))
    return failure();
  AffineExpr count = b.expr(1);
  for (unsigned i : {0, 1, 2}) {
    if (failed(c.requireRank(i, 0, 1)))
      return failure();
    if (b.rank(c.input(i)) == 1)
      count = b.dim(c.input(i), 0);
  }
  auto operand = [&](unsigned i) { return Term(b, b.broadcastTo(c.input(i), count)); };
  Term start = operand(0), limit = operand(1), step = operand(2);
  requireAll(c, step.compare(dfg::CompareKind::NE, step.number(0)), "requires a step other than 0");
  Term lengths = start;
  if (isa<FloatType>(b.elementType(start))) {
    lengths = ceil(abs((limit - start) / step));
  } else {
    lengths = (abs(limit - start) + abs(step) - 1.0) / abs(step);
  }
  Term isEmpty{b, b.select(step > 0.0, start >= limit, start <= limit)};
  lengths = select(isEmpty, lengths.number(0), lengths).cast(type);
  Value splits = Rows::splitsOf(b, lengths);
  auto total = countOf(b, last(b, splits));
  if (failed(total))
    return failure();
  Rows rows = Rows::ofSplits(b, splits, *total);
  auto ofRow = [&](Term x) { return Term(b, b.create<dfg::GatherOp>(x, rows.row, int64_t(0))); };
  return c.results({splits, ofRow(start) + rows.places().cast(b.elementType(start)) * ofRow(step)});
}

void registerRaggedOps(OpRegistry &ops) {
  ops.add("RaggedGather", importGather);
  ops.add("RaggedRange", importRange);
  ops.add("RaggedTensorToSparse", importToSparse);
  ops.add("RaggedTensorToTensor", importToTensor);
}

} // namespace tfc::tf
