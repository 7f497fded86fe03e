// Diagonals and bands of matrices.
#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::CompareKind;

//===----------------------------------------------------------------------===//
// Bands
//===----------------------------------------------------------------------===//

namespace {
/// The diagonals [low, high] of matrices, where 0 is the main one and those above it are
/// positive, packed as rows with the highest first, and each row aligned to one side.
struct Band {
  GraphBuilder &b;
  int64_t low, high;
  AffineExpr rows, columns;
  bool isUpperRight, isLowerRight; // aligned right, of diagonals above 0 and the others

  int64_t count() const { return high - low + 1; }
  /// Length of the longest diagonal.
  AffineExpr width() const {
    AffineExpr zero = b.expr(0);
    return b.scope.min(b.scope.add(rows, b.scope.min(b.expr(high), zero)),
                       b.scope.sub(columns, b.scope.max(b.expr(low), zero)));
  }
  /// Unused elements in front of diagonal `d`, by element.
  Term lead(Term d) const {
    Term length = min(countLike(d, rows) + min(d, 0.0), countLike(d, columns) - max(d, 0.0));
    Term missing = countLike(d, width()) - length, none = d.number(0);
    // The main diagonal counts as either.
    return select(d > 0.0, isUpperRight ? missing : none, isLowerRight ? missing : none);
  }
};
} // namespace

/// `k` is one diagonal or the lowest and highest. Versions before 3 align left.
static FailureOr<Band> bandOf(NodeContext &c, unsigned k, AffineExpr rows, AffineExpr columns) {
  SmallVector<int64_t> diagonals{0};
  if (c.hasInput(k)) {
    auto given = c.constants(k);
    if (failed(given))
      return failure();
    diagonals = *given;
  }
  StringRef align = c.string("align", c.op().ends_with("V3") ? "RIGHT_LEFT" : "LEFT_LEFT");
  auto [upper, lower] = align.split('_');
  constexpr int64_t kFarthest = int64_t(1) << 31;
  if (diagonals.empty() || diagonals.size() > 2 || diagonals.front() > diagonals.back() ||
      diagonals.front() < -kFarthest || diagonals.back() > kFarthest)
    return c.error() << "has diagonals [" << diagonals << "], expected one, or the lowest and the highest";
  return Band{c.b, diagonals.front(), diagonals.back(), rows, columns, upper == "RIGHT", lower == "RIGHT"};
}

/// Matrices with given diagonals and `others` (a scalar or matrices) elsewhere.
static Value fromDiagonals(const Band &band, Value diagonals, Value others) {
  GraphBuilder &b = band.b;
  Type i64 = b.builder.getI64Type();
  Dims dims = b.dims(diagonals);
  if (band.count() == 1) // the dimension of one diagonal is left out
    diagonals = b.unsqueeze(diagonals, {int64_t(dims.size()) - 1});
  diagonals = b.flatten(diagonals, b.rank(diagonals) - 2, b.rank(diagonals));
  Term row{b, b.iota(i64, {band.rows, b.expr(1)}, 0)}, column{b, b.iota(i64, {b.expr(1), band.columns}, 1)};
  Term d = column - row, width = countLike(d, band.width());
  Term isInside = (d >= double(band.low)) & (d <= double(band.high));
  Term place = (double(band.high) - d) * width + min(row, column) + band.lead(d);
  place = select(isInside, place, d.number(0));
  Value taken = b.create<dfg::GatherOp>(diagonals, place, b.rank(diagonals) - 1);
  return b.select(isInside, taken, others);
}

static LogicalResult importMatrixDiag(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)))
    return failure();
  auto band = bandOf(c, 1, {}, {});
  if (failed(band) || failed(c.requireRank(0, band->count() == 1 ? 1 : 2)))
    return failure();
  // Rows and columns that are -1 are as many as the diagonals need.
  AffineExpr width = b.dim(c.input(0), -1);
  AffineExpr least[2] = {b.scope.add(width, b.expr(std::max<int64_t>(-band->high, 0))),
                         b.scope.add(width, b.expr(std::max<int64_t>(band->low, 0)))};
  AffineExpr *sizes[2] = {&band->rows, &band->columns};
  bool isGiven[2] = {false, false};
  for (int i : {0, 1}) {
    *sizes[i] = least[i];
    if (!c.hasInput(2 + i))
      continue;
    auto given = c.content(2 + i);
    if (failed(given) || given->size() != 1)
      return failed(given) ? failure() : LogicalResult(c.error() << "has more than one size as input " << 2 + i);
    isGiven[i] = b.number(given->front()) != -1;
    if (isGiven[i])
      *sizes[i] = given->front();
  }
  // A band beside the main diagonal of square matrices.
  if (!isGiven[0] && !isGiven[1])
    band->rows = band->columns = b.scope.max(band->rows, band->columns);
  Value others = c.hasInput(4) ? b.reshape(c.input(4), {}) : b.scalarLike(c.input(0), 0);
  return c.result(fromDiagonals(*band, c.input(0), others));
}

/// Inputs are the matrices, the diagonals and, since version 2, which ones these are.
static LogicalResult importMatrixSetDiag(NodeContext &c) {
  if (failed(c.requireRank(0, 2)) || failed(c.requireSameElements({0, 1})))
    return failure();
  auto band = bandOf(c, 2, c.b.dim(c.input(0), -2), c.b.dim(c.input(0), -1));
  if (failed(band) || failed(c.requireRank(1, band->count() == 1 ? 1 : 2)))
    return failure();
  return c.result(fromDiagonals(*band, c.input(1), c.input(0)));
}

static LogicalResult importMatrixDiagPart(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 2)))
    return failure();
  Value x = c.input(0);
  auto band = bandOf(c, 1, b.dim(x, -2), b.dim(x, -1));
  if (failed(band))
    return failure();
  Type i64 = b.builder.getI64Type();
  Term d = double(band->high) - Term(b, b.iota(i64, {b.expr(band->count()), b.expr(1)}, 0));
  Term place = Term(b, b.iota(i64, {b.expr(1), band->width()}, 1)) - band->lead(d);
  Term row = place - min(d, 0.0), column = place + max(d, 0.0);
  Term isInside = (place >= 0.0) & (row < countLike(row, band->rows)) & (column < countLike(row, band->columns));
  Term at = select(isInside, row * countLike(row, band->columns) + column, row.number(0));
  x = b.flatten(x, b.rank(x) - 2, b.rank(x));
  Value taken = b.create<dfg::GatherOp>(x, at, b.rank(x) - 1);
  Value padding = c.hasInput(2) ? b.reshape(c.input(2), {}) : b.scalarLike(x, 0);
  taken = b.select(isInside, taken, padding);
  return c.result(band->count() == 1 ? b.squeeze(taken, {b.rank(taken) - 2}) : taken);
}

static LogicalResult importMatrixBandPart(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 2)) || failed(c.requireRank(1, 0, 1)) || failed(c.requireRank(2, 0, 1)))
    return failure();
  Value x = c.input(0);
  Term row{b, b.iota(i64, {b.dim(x, -2), b.expr(1)}, 0)}, column{b, b.iota(i64, {b.expr(1), b.dim(x, -1)}, 1)};
  auto isKept = [&](unsigned i, Term distance) {
    Term limit = Term(b, b.reshape(c.input(i), {})).cast(i64);
    return (distance <= limit).apply<dfg::OrOp>(limit < 0.0);
  };
  return c.result(b.select(isKept(1, row - column) & isKept(2, column - row), x, b.scalarLike(x, 0)));
}

//===----------------------------------------------------------------------===//
// Diagonals of tensors
//===----------------------------------------------------------------------===//

/// A tensor of twice the rank, with x where both halves of an index agree.
static LogicalResult importDiag(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)))
    return failure();
  Dims dims = b.dims(c.input(0)), twice = dims;
  twice.append(dims.begin(), dims.end());
  Value flat = b.flatten(c.input(0), 0, dims.size());
  Band band{b, 0, 0, b.dim(flat, 0), b.dim(flat, 0), false, false};
  return c.result(b.reshape(fromDiagonals(band, flat, b.scalarLike(flat, 0)), twice));
}

static LogicalResult importDiagPart(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 2)))
    return failure();
  Dims dims = b.dims(c.input(0));
  if (dims.size() % 2)
    return c.error() << "has " << c.input(0).getType() << ", expected an even rank";
  ArrayRef<AffineExpr> half = ArrayRef(dims).take_front(dims.size() / 2);
  AffineExpr count = b.scope.product(half);
  Value flat = b.reshape(c.input(0), {b.scope.mul(count, count)});
  Term place{b, b.iota(b.builder.getI64Type(), {count}, 0)};
  return c.result(b.reshape(
      b.create<dfg::GatherOp>(flat, place * countLike(place, b.scope.add(count, b.expr(1))), int64_t(0)), half));
}

void registerDiagonalOps(OpRegistry &ops) {
  ops.add("Diag", importDiag);
  ops.add("DiagPart", importDiagPart);
  ops.add("MatrixBandPart", importMatrixBandPart);
  for (StringRef name : {"MatrixDiag", "MatrixDiagV2", "MatrixDiagV3"})
    ops.add(name, importMatrixDiag);
  for (StringRef name : {"MatrixDiagPart", "MatrixDiagPartV2", "MatrixDiagPartV3"})
    ops.add(name, importMatrixDiagPart);
  for (StringRef name : {"MatrixSetDiag", "MatrixSetDiagV2", "MatrixSetDiagV3"})
    ops.add(name, importMatrixSetDiag);
}

} // namespace tfc::tf
