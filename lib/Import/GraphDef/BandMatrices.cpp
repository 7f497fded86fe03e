// Matrices of which only a few diagonals are given.
#include "Linalg.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Three diagonals
//===----------------------------------------------------------------------===//

/// Rows of x moved by a number of places, with zeros where there are none.
static Term movedRows(Term x, int64_t by) {
  GraphBuilder &b = x.builder();
  Dims low(b.rank(x), b.expr(0)), high = low;
  if (!x)
    return x;
  low[low.size() - 2] = b.expr(by);
  high[low.size() - 2] = b.expr(-by);
  return {b, b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, 0), low, high)};
}

/// Inputs: the diagonals above, on and below the main one, [..., 1, n], and a right side.
static LogicalResult importTridiagonalMatMul(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1, 2, 3})))
    return failure();
  for (unsigned i : {0, 1, 2, 3})
    if (failed(c.requireRank(i, 2)))
      return failure();
  auto diagonal = [&](unsigned i) { return Term(b, transposed(b, c.input(i))); };
  Term x{b, c.input(3)};
  return c.result(diagonal(0) * movedRows(x, -1) + diagonal(1) * x + diagonal(2) * movedRows(x, 1));
}

/// The matrices [..., n, n] whose element (row, column) stands in row `band` of the given rows
/// [..., bands, n], at the place of its row; 0 where `isThere` does not hold.
static Value fromBands(GraphBuilder &b, Value bands, Term band, Term row, Term isThere) {
  if (!bands)
    return {};
  Term flat{b, b.flatten(bands, b.rank(bands) - 2, b.rank(bands))};
  Term place = select(isThere, band * countLike(band, b.dim(bands, -1)) + row, band.number(0));
  Term taken{b, b.create<dfg::GatherOp>(flat, place, b.rank(flat) - 1)};
  return select(isThere, taken, taken.number(0));
}

/// Inputs: the diagonals above, on and below the main one as rows [..., 3, n], each element at
/// the place of its row, and right sides.
static LogicalResult importTridiagonalSolve(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Value diagonals = matricesOf(c, 0), sides = matricesOf(c, 1);
  if (!diagonals || !sides)
    return failure();
  Type i64 = b.builder.getI64Type();
  AffineExpr size = b.dim(diagonals, -1);
  Term row{b, b.iota(i64, {size, b.expr(1)}, 0)}, band = row - Term(b, b.iota(i64, {b.expr(1), size}, 1)) + 1.0;
  Value matrix = fromBands(b, diagonals, band, row, (band >= 0.0) & (band <= 2.0));
  return c.result(b.cast(solve(c, matrix, sides), b.elementType(c.input(1))));
}

//===----------------------------------------------------------------------===//
// Triangles
//===----------------------------------------------------------------------===//

/// Inputs: the main diagonal and those below it (or, upper, those above it and last the main
/// one) as rows [..., bands, n], each element at the place of its row, and right sides.
static LogicalResult importBandedTriangularSolve(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Value bands = matricesOf(c, 0), sides = matricesOf(c, 1);
  if (!bands || !sides)
    return failure();
  bool isLower = c.boolean("lower", true), isAdjoint = c.boolean("adjoint");
  Type i64 = b.builder.getI64Type();
  AffineExpr size = b.dim(bands, -1);
  Term row{b, b.iota(i64, {size, b.expr(1)}, 0)}, column{b, b.iota(i64, {b.expr(1), size}, 1)};
  Term count = countLike(row, b.dim(bands, -2)), band = row - column;
  if (!isLower)
    band = band + count - 1.0;
  Value matrix = fromBands(b, bands, band, row, (band >= 0.0) & (band < count));
  if (isAdjoint)
    matrix = transposed(b, matrix);
  return c.result(b.cast(solve(c, matrix, sides, isLower != isAdjoint ? "lower" : "upper"), b.elementType(c.input(1))));
}

void registerBandMatrixOps(OpRegistry &ops) {
  ops.add("BandedTriangularSolve", importBandedTriangularSolve);
  ops.add("TridiagonalMatMul", importTridiagonalMatMul);
  ops.add("TridiagonalSolve", importTridiagonalSolve);
}

} // namespace tfc::tf
