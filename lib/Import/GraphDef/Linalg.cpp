// Decompositions of matrices and linear equations.
#include "Linalg.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

Value matricesOf(NodeContext &c, unsigned i, bool areSquare) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(i, 2)))
    return {};
  Value x = c.input(i);
  if (!isa<FloatType>(b.elementType(x))) {
    c.unsupported() << "has matrices of type " << x.getType() << ", expected floats";
    return {};
  }
  AffineExpr rows = b.dim(x, -2), columns = b.dim(x, -1);
  if (areSquare && b.number(rows) && b.number(columns) && rows != columns) {
    c.error() << "has input " << i << " of type " << x.getType() << ", expected square matrices";
    return {};
  }
  return widened({b, x});
}

Value transposed(GraphBuilder &b, Value x) {
  if (!x)
    return {};
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, b.rank(x)));
  std::swap(permutation[b.rank(x) - 1], permutation[b.rank(x) - 2]);
  return b.transpose(x, permutation);
}

Term rowNumbers(GraphBuilder &b, Value x) { return {b, b.iota(b.builder.getI64Type(), {b.dim(x, -2), b.expr(1)}, 0)}; }
Term columnNumbers(GraphBuilder &b, Value x) {
  return {b, b.iota(b.builder.getI64Type(), {b.expr(1), b.dim(x, -1)}, 1)};
}
Term diagonalOf(GraphBuilder &b, Value x) { return equal(rowNumbers(b, x), columnNumbers(b, x)); }

Term matmul(Term x, Term y, bool transposeX, bool transposeY) {
  return {x.builder(), x.builder().create<dfg::MatmulOp>(x, y, transposeX, transposeY)};
}

/// The diagonals of matrices, as vectors.
static Term diagonal(GraphBuilder &b, Value x) {
  Term all{b, x}, kept = select(diagonalOf(b, x), all, all.number(0));
  return {b, b.reduce(dfg::ReduceKind::Sum, kept, {b.rank(x) - 1}, /*keepDims=*/false)};
}

static LogicalResult importCholesky(NodeContext &c) {
  Value x = matricesOf(c, 0, /*areSquare=*/true);
  return c.result(c.b.cast(c.b.create<dfg::CholeskyOp>(x), c.b.elementType(c.input(0))));
}

static LogicalResult importDeterminant(NodeContext &c) {
  Value x = matricesOf(c, 0, /*areSquare=*/true);
  return c.result(c.b.cast(c.b.create<dfg::DetOp>(x), c.b.elementType(c.input(0))));
}

/// Sign and logarithm of the determinant, which itself may be out of range: that of an
/// orthogonal matrix, and those of the diagonal of a triangle.
static LogicalResult importLogDeterminant(NodeContext &c) {
  GraphBuilder &b = c.b;
  Value x = matricesOf(c, 0, /*areSquare=*/true);
  Type element = b.elementType(c.input(0)), wide = b.elementType(x);
  auto qr = b.createMany<dfg::QrOp>({wide, wide}, x, UnitAttr());
  if (!qr)
    return failure();
  Term factors = diagonal(b, qr.getR());
  SmallVector<int64_t> last{b.rank(factors) - 1};
  Term signs{b, b.reduce(dfg::ReduceKind::Prod, factors.apply<dfg::SignOp>(), last, /*keepDims=*/false)};
  Term sign = signs * round(Term(b, b.create<dfg::DetOp>(qr.getQ())));
  Term logarithm{b, b.reduce(dfg::ReduceKind::Sum, log(abs(factors)), last, /*keepDims=*/false)};
  return c.results({sign.cast(element), logarithm.cast(element)});
}

//===----------------------------------------------------------------------===//
// Equations
//===----------------------------------------------------------------------===//

static LogicalResult importInverse(NodeContext &c) {
  GraphBuilder &b = c.b;
  Value x = matricesOf(c, 0, /*areSquare=*/true);
  if (!x)
    return failure();
  if (c.boolean("adjoint"))
    x = transposed(b, x);
  Value identity = b.broadcastTo(b.cast(diagonalOf(b, x), b.elementType(x)), b.dims(x));
  return c.result(b.cast(b.create<dfg::SolveOp>(x, identity, StringAttr()), b.elementType(c.input(0))));
}

Value solve(NodeContext &c, Value matrix, Value sides, StringRef triangle) {
  GraphBuilder &b = c.b;
  if (!matrix || !sides)
    return {};
  Dims a = b.dims(matrix), y = b.dims(sides);
  auto leading = b.scope.broadcast({ArrayRef(a).drop_back(2), ArrayRef(y).drop_back(2)});
  if (failed(leading)) {
    c.error() << "solves " << matrix.getType() << " for " << sides.getType() << ", whose batches do not broadcast";
    return {};
  }
  auto broadcast = [&](Value x, const Dims &own) {
    Dims sizes = *leading;
    sizes.append(own.end() - 2, own.end());
    return b.broadcastTo(x, sizes);
  };
  StringAttr which = triangle.empty() ? StringAttr() : b.builder.getStringAttr(triangle);
  return b.create<dfg::SolveOp>(broadcast(matrix, a), broadcast(sides, y), which);
}

static LogicalResult importSolve(NodeContext &c, bool isTriangle) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Value matrix = matricesOf(c, 0, /*areSquare=*/true), sides = matricesOf(c, 1);
  bool isLower = c.boolean("lower", true), isAdjoint = c.boolean("adjoint");
  if (isAdjoint)
    matrix = transposed(b, matrix);
  StringRef triangle = !isTriangle ? "" : isLower != isAdjoint ? "lower" : "upper";
  return c.result(b.cast(solve(c, matrix, sides, triangle), b.elementType(c.input(1))));
}

static LogicalResult importMatrixSolve(NodeContext &c) { return importSolve(c, /*isTriangle=*/false); }
static LogicalResult importTriangularSolve(NodeContext &c) { return importSolve(c, /*isTriangle=*/true); }

/// Inputs: matrices, right-hand sides, and a number that is added to the squares: the least
/// squares, and of many solutions the least one.
static LogicalResult importSolveLs(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})) || failed(c.requireRank(2, 0, 0)))
    return failure();
  Term a{b, matricesOf(c, 0)}, y{b, matricesOf(c, 1)};
  if (!a || !y)
    return failure();
  Type wide = b.elementType(a);
  auto rows = b.number(b.dim(a, -2)), columns = b.number(b.dim(a, -1));
  if (!rows || !columns)
    return c.unsupported() << "has matrices of type " << c.input(0).getType() << ", expected known sizes";
  bool isTall = *rows >= *columns;
  Value x;
  if (c.boolean("fast", true)) {
    Term squares = matmul(a, a, isTall, !isTall), weight{b, b.cast(c.input(2), wide)};
    squares = squares + weight * diagonalOf(b, squares).cast(wide);
    x = isTall ? solve(c, squares, matmul(a, y, true)) : Value(matmul(a, {b, solve(c, squares, y)}, true));
  } else {
    auto qr = b.createMany<dfg::QrOp>({wide, wide}, isTall ? Value(a) : transposed(b, a), UnitAttr());
    if (!qr)
      return failure();
    Term q{b, qr.getQ()};
    x = isTall ? solve(c, qr.getR(), matmul(q, y, true), "upper")
               : Value(matmul(q, {b, solve(c, transposed(b, qr.getR()), y, "lower")}));
  }
  return c.result(b.cast(x, b.elementType(c.input(1))));
}

/// Inputs: the lower triangles, and their gradients. With p the lower triangle of l' dl, its
/// diagonal halved: inverse(l)' p inverse(l), made symmetric.
static LogicalResult importCholeskyGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Term l{b, matricesOf(c, 0, /*areSquare=*/true)}, dl{b, matricesOf(c, 1, /*areSquare=*/true)};
  if (!l || !dl)
    return failure();
  Term row = rowNumbers(b, l), column = columnNumbers(b, l), product = matmul(l, dl, true);
  Term p = select(row > column, product, select(equal(row, column), product * 0.5, product.number(0)));
  Value upper = transposed(b, l);
  // p inverse(l) is the transpose of what upper x = p' has as its solution.
  Value right = transposed(b, solve(c, upper, transposed(b, p), "upper"));
  Term s{b, solve(c, upper, right, "upper")};
  return c.result(((s + Term(b, transposed(b, s))) * 0.5).cast(b.elementType(c.input(1))));
}

//===----------------------------------------------------------------------===//
// Decompositions
//===----------------------------------------------------------------------===//

static LogicalResult importQr(NodeContext &c) {
  GraphBuilder &b = c.b;
  Value x = matricesOf(c, 0);
  Type element = b.elementType(c.input(0)), wide = b.elementType(x);
  auto op = b.createMany<dfg::QrOp>({wide, wide}, x, c.boolean("full_matrices") ? b.builder.getUnitAttr() : UnitAttr());
  if (!op)
    return failure();
  return c.results({b.cast(op.getQ(), element), b.cast(op.getR(), element)});
}

/// Without vectors these outputs are empty.
static LogicalResult importSvd(NodeContext &c) {
  GraphBuilder &b = c.b;
  Value x = matricesOf(c, 0);
  Type element = b.elementType(c.input(0)), wide = b.elementType(x);
  auto op = b.createMany<dfg::SvdOp>({wide, wide, wide}, x,
                                     c.boolean("full_matrices") ? b.builder.getUnitAttr() : UnitAttr());
  if (!op)
    return failure();
  Value none = b.filled(element, b.expr(0), 0);
  bool hasVectors = c.boolean("compute_uv", true);
  return c.results({b.cast(op.getS(), element), hasVectors ? b.cast(op.getU(), element) : none,
                    hasVectors ? b.cast(op.getV(), element) : none});
}

static LogicalResult importSelfAdjointEig(NodeContext &c) {
  GraphBuilder &b = c.b;
  Value x = matricesOf(c, 0, /*areSquare=*/true);
  Type element = b.elementType(c.input(0)), wide = b.elementType(x);
  auto op = b.createMany<dfg::EighOp>({wide, wide}, x);
  if (!op)
    return failure();
  bool hasVectors = c.boolean("compute_v", true);
  return c.results(
      {b.cast(op.getE(), element), hasVectors ? b.cast(op.getV(), element) : b.filled(element, b.expr(0), 0)});
}

void registerLinalgOps(OpRegistry &ops) {
  ops.add("Cholesky", importCholesky);
  ops.add("CholeskyGrad", importCholeskyGrad);
  ops.add("LogMatrixDeterminant", importLogDeterminant);
  ops.add("MatrixDeterminant", importDeterminant);
  ops.add("MatrixInverse", importInverse);
  ops.add("MatrixSolve", importMatrixSolve);
  ops.add("MatrixSolveLs", importSolveLs);
  ops.add("MatrixTriangularSolve", importTriangularSolve);
  ops.add("Qr", importQr);
  ops.add("SelfAdjointEigV2", importSelfAdjointEig);
  ops.add("Svd", importSvd);
}

} // namespace tfc::tf
