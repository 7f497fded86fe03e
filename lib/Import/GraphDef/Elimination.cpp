// Decompositions of matrices that loops compute.
#include "Linalg.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

/// Both triangles in one matrix, and which row went where: Gauss' elimination, in which the
/// greatest element of each column comes first.
static LogicalResult importLu(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  Type type = c.hasAttribute("output_idx_type") ? c.elementType("output_idx_type") : b.builder.getI32Type();
  Value x = matricesOf(c, 0, /*areSquare=*/true);
  if (!x || !type)
    return failure();
  Dims perRow = b.dims(x);
  int64_t rank = perRow.size();
  perRow.back() = b.expr(1);
  Term row = rowNumbers(b, x), column = columnNumbers(b, x);
  LoopSource loop;
  loop.initial = {x, b.broadcastTo(row, perRow)};
  loop.tripCount = b.dim(x, -1);
  loop.body = [&](AffineExpr step, Value, ValueRange now) -> FailureOr<LoopIteration> {
    Term k = countLike(row, step), matrix{b, now[0]}, order{b, now[1]};
    auto columnAt = [&](Term m) { return Term(b, b.sliceAxis(m, rank - 1, step, b.expr(1))); };
    Term size = select(row < k, matrix.number(-1), abs(columnAt(matrix)));
    Term pivot{b, b.createAs<dfg::ArgReduceOp>(i64, dfg::ReduceKind::Max, size, rank - 2, /*keep_dims=*/true, false)};
    Term from = select(equal(row, k), pivot, select(equal(row, pivot), k, row));
    auto swapped = [&](Term m) {
      return Term(b, b.create<dfg::GatherElementsOp>(m, b.broadcastTo(from, b.dims(m)), rank - 2));
    };
    matrix = swapped(matrix);
    Term rowAt{b, b.sliceAxis(matrix, rank - 2, step, b.expr(1))};
    Term isBelow = row > k, zero = matrix.number(0);
    Term factors = select(isBelow, columnAt(matrix) / columnAt(rowAt), zero);
    matrix = matrix - factors * select(column > k, rowAt, zero);
    matrix = select(isBelow & equal(column, k), factors, matrix);
    LoopIteration iteration;
    iteration.next = {matrix, swapped(order)};
    return iteration;
  };
  auto results = importLoop(c, loop);
  if (failed(results))
    return failure();
  return c.results(
      {b.cast(results->values[0], b.elementType(c.input(0))), b.cast(b.squeeze(results->values[1], {rank - 1}), type)});
}

/// Denman and Beavers' iteration, which doubles the number of correct digits once it is near.
static LogicalResult importMatrixSquareRoot(NodeContext &c) {
  constexpr int64_t kSteps = 24;
  GraphBuilder &b = c.b;
  Type f64 = b.builder.getF64Type();
  Value given = matricesOf(c, 0, /*areSquare=*/true);
  if (!given)
    return failure();
  Value x = b.cast(given, f64), identity = b.broadcastTo(diagonalOf(b, x).cast(f64), b.dims(x));
  LoopSource loop;
  loop.initial = {x, identity};
  loop.tripCount = b.expr(kSteps);
  loop.body = [&](AffineExpr, Value, ValueRange now) -> FailureOr<LoopIteration> {
    auto mean = [&](Value own, Value other) { return (Term(b, own) + Term(b, solve(c, other, identity))) * 0.5; };
    LoopIteration iteration;
    iteration.next = {mean(now[0], now[1]), mean(now[1], now[0])};
    return iteration;
  };
  auto results = importLoop(c, loop);
  return failed(results) ? failure() : c.result(b.cast(results->values[0], b.elementType(c.input(0))));
}

void registerEliminationOps(OpRegistry &ops) {
  ops.add("Lu", importLu);
  ops.add("MatrixSquareRoot", importMatrixSquareRoot);
}

} // namespace tfc::tf
