// Decompositions of matrices and linear equations.
#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

/// An input of matrices as the runtime works on them: f32 or f64. Null after an error.
static Value matricesOf(NodeContext &c, unsigned i, bool areSquare = false) {
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

static Value transposed(GraphBuilder &b, Value x) {
  if (!x)
    return {};
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, b.rank(x)));
  std::swap(permutation[b.rank(x) - 1], permutation[b.rank(x) - 2]);
  return b.transpose(x, permutation);
}

/// Elements where a row's number plus `offset` meets the column's, over matrices of the
/// shape of x.
static Term diagonalOf(GraphBuilder &b, Value x) {
  Type i64 = b.builder.getI64Type();
  return equal(Term(b, b.iota(i64, {b.dim(x, -2), b.expr(1)}, 0)), Term(b, b.iota(i64, {b.expr(1), b.dim(x, -1)}, 1)));
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

/// Solves for each matrix, with leading dimensions that broadcast.
static LogicalResult importSolve(NodeContext &c, bool isTriangle) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Value matrix = matricesOf(c, 0, /*areSquare=*/true), sides = matricesOf(c, 1);
  if (!matrix || !sides)
    return failure();
  bool isLower = c.boolean("lower", true), isAdjoint = c.boolean("adjoint");
  if (isAdjoint)
    matrix = transposed(b, matrix);
  Dims a = b.dims(matrix), y = b.dims(sides);
  auto leading = b.scope.broadcast({ArrayRef(a).drop_back(2), ArrayRef(y).drop_back(2)});
  if (failed(leading))
    return c.error() << "solves " << matrix.getType() << " for " << sides.getType()
                     << ", whose batches do not broadcast";
  auto broadcast = [&](Value x, const Dims &own) {
    Dims sizes = *leading;
    sizes.append(own.end() - 2, own.end());
    return b.broadcastTo(x, sizes);
  };
  StringAttr triangle;
  if (isTriangle)
    triangle = b.builder.getStringAttr(isLower != isAdjoint ? "lower" : "upper");
  return c.result(
      b.cast(b.create<dfg::SolveOp>(broadcast(matrix, a), broadcast(sides, y), triangle), b.elementType(c.input(1))));
}

static LogicalResult importMatrixSolve(NodeContext &c) { return importSolve(c, /*isTriangle=*/false); }
static LogicalResult importTriangularSolve(NodeContext &c) { return importSolve(c, /*isTriangle=*/true); }

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
  ops.add("LogMatrixDeterminant", importLogDeterminant);
  ops.add("MatrixDeterminant", importDeterminant);
  ops.add("MatrixInverse", importInverse);
  ops.add("MatrixSolve", importMatrixSolve);
  ops.add("MatrixTriangularSolve", importTriangularSolve);
  ops.add("Qr", importQr);
  ops.add("SelfAdjointEigV2", importSelfAdjointEig);
  ops.add("Svd", importSvd);
}

} // namespace tfc::tf
