// Shapes of operations of the runtime archive, and how they are called.
#include "Dfg/Dfg.h"
#include "tfc-rt/operations.h"

using namespace mlir;

namespace tfc::dfg {

static Type elementOf(Value value) { return tensorType(value).getElementType(); }

static LogicalResult checkAxis(Operation *op, int64_t axis, int64_t rank) {
  if (axis < 0 || axis >= rank)
    return op->emitOpError() << "has axis " << axis << ", expected one of [0, " << rank << ")";
  return success();
}

/// The runtime orders booleans, integers and floats of 16 bits or more.
static LogicalResult checkOrdered(Operation *op, Value x) {
  Type element = elementOf(x);
  bool isOrdered = isa<FloatType>(element) ? element.getIntOrFloatBitWidth() >= 16 : isa<IntegerType>(element);
  if (!isOrdered)
    return op->emitOpError() << "orders " << x.getType() << ", expected integers or floats of 16 bits or more";
  return success();
}

static LogicalResult checkElement(Operation *op, Value value, Type element, StringRef what) {
  if (elementOf(value) != element)
    return op->emitOpError() << "has " << what << " of type " << value.getType() << ", expected elements of "
                             << element;
  return success();
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

LogicalResult ArgsortOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto dims = llvm::to_vector(scope.dims(getX()));
  if (failed(checkAxis(*this, getAxis(), dims.size())) || failed(checkOrdered(*this, getX())))
    return failure();
  results.push_back({IntegerType::get(getContext(), 64), dims});
  results.push_back({elementOf(getX()), dims});
  return success();
}
StringRef ArgsortOp::getOperationSymbol() { return "tfc_operation_argsort"; }
SmallVector<int64_t> ArgsortOp::getOperationParameters() { return {int64_t(getAxis()), getDescending()}; }

/// The value of a single integer, as far as the graph tells it.
static AffineExpr knownNumber(DimScope &scope, Value x) {
  if (auto indices = x.getDefiningOp<IndexTensorOp>(); indices && indices.getStaticValues().size() == 1)
    return scope.indices(indices.getStaticValues(), indices.getValues()).front();
  auto constant = x.getDefiningOp<ConstantOp>();
  auto dense = constant ? dyn_cast<DenseIntElementsAttr>(constant.getValue()) : DenseIntElementsAttr();
  return dense && dense.isSplat() ? scope.constant(dense.getSplatValue<APInt>().getSExtValue()) : AffineExpr();
}

LogicalResult TopKOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  Type i64 = IntegerType::get(getContext(), 64);
  auto dims = llvm::to_vector(scope.dims(getX()));
  if (failed(checkAxis(*this, getAxis(), dims.size())) || failed(checkOrdered(*this, getX())) ||
      failed(checkElement(*this, getK(), i64, "k")))
    return failure();
  AffineExpr k = knownNumber(scope, getK()), &extent = dims[getAxis()];
  auto count = dyn_cast_or_null<AffineConstantExpr>(k), whole = dyn_cast<AffineConstantExpr>(extent);
  if (count && (count.getValue() < 0 || (whole && count.getValue() > whole.getValue())))
    return emitOpError() << "has k " << count.getValue() << " for " << getX().getType();
  extent = k;
  results.push_back({elementOf(getX()), dims});
  results.push_back({i64, dims});
  return success();
}
StringRef TopKOp::getOperationSymbol() { return "tfc_operation_top_k"; }
SmallVector<int64_t> TopKOp::getOperationParameters() {
  return {int64_t(getAxis()), getLargest(), /*sorted=*/1};
}

LogicalResult UniqueOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  Type i64 = IntegerType::get(getContext(), 64);
  SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(getX())), y{AffineExpr()};
  AffineExpr count = scope.product(dims);
  if (failed(checkOrdered(*this, getX())))
    return failure();
  if (getAxis()) {
    if (failed(checkAxis(*this, *getAxis(), dims.size())))
      return failure();
    y = dims;
    count = std::exchange(y[*getAxis()], AffineExpr());
  }
  results.push_back({elementOf(getX()), y});
  results.push_back({i64, {AffineExpr()}});
  results.push_back({i64, {count}});
  results.push_back({i64, {AffineExpr()}});
  return success();
}
StringRef UniqueOp::getOperationSymbol() { return "tfc_operation_unique"; }
SmallVector<int64_t> UniqueOp::getOperationParameters() {
  return {getAxis() ? int64_t(*getAxis()) : TFC_AXIS_NONE, getSorted()};
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

LogicalResult NonZeroOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  int64_t rank = tensorType(getX()).getRank();
  if (!isa<ComplexType>(elementOf(getX())) && failed(checkOrdered(*this, getX())))
    return failure();
  results.push_back({IntegerType::get(getContext(), 64), {scope.constant(rank), AffineExpr()}});
  return success();
}
StringRef NonZeroOp::getOperationSymbol() { return "tfc_operation_non_zero"; }
SmallVector<int64_t> NonZeroOp::getOperationParameters() { return {}; }

LogicalResult NonMaxSuppressionOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  Type f32 = Float32Type::get(getContext()), i64 = IntegerType::get(getContext(), 64);
  if (tensorType(getBoxes()).getRank() != 3 || tensorType(getScores()).getRank() != 3)
    return emitOpError() << "has boxes " << getBoxes().getType() << " and scores " << getScores().getType()
                         << ", expected ranks of 3";
  if (failed(checkElement(*this, getBoxes(), f32, "boxes")) || failed(checkElement(*this, getScores(), f32, "scores")) ||
      failed(checkElement(*this, getLimit(), i64, "limit")) ||
      failed(checkElement(*this, getOverlapThreshold(), f32, "overlap threshold")) ||
      failed(checkElement(*this, getScoreThreshold(), f32, "score threshold")))
    return failure();
  results.push_back({i64, {AffineExpr(), scope.constant(3)}});
  return success();
}
StringRef NonMaxSuppressionOp::getOperationSymbol() { return "tfc_operation_non_max_suppression"; }
SmallVector<int64_t> NonMaxSuppressionOp::getOperationParameters() { return {getCenterPointBox()}; }

//===----------------------------------------------------------------------===//
// Numerics
//===----------------------------------------------------------------------===//

static LogicalResult checkWideFloat(Operation *op, Value x) {
  if (!elementOf(x).isF32() && !elementOf(x).isF64())
    return op->emitOpError() << "works on " << x.getType() << ", expected elements of f32 or f64";
  return success();
}

/// Checks matrices in the last two dimensions; gives the dimensions before them.
static FailureOr<SmallVector<AffineExpr>> matrixDims(Operation *op, DimScope &scope, Value x, bool isSquare) {
  RankedTensorType type = tensorType(x);
  if (failed(checkWideFloat(op, x)))
    return failure();
  ArrayRef<int64_t> matrix = type.getShape().take_back(2);
  bool isFine = type.getRank() >= 2 && (!isSquare || ShapedType::isDynamicShape(matrix) || matrix[0] == matrix[1]);
  if (!isFine) {
    op->emitOpError() << "has operand " << type << ", expected " << (isSquare ? "square matrices" : "matrices");
    return failure();
  }
  return llvm::to_vector(scope.dims(x).drop_back(2));
}

/// The dimensions of a matrix, or vector, for each matrix of an operand.
static TensorInfo matrixLike(Value x, ArrayRef<AffineExpr> leading, ArrayRef<AffineExpr> own) {
  auto dims = llvm::to_vector(leading);
  llvm::append_range(dims, own);
  return {elementOf(x), dims};
}

/// The lesser of both extents of a matrix, null where that is not known.
static AffineExpr lesser(AffineExpr rows, AffineExpr columns) {
  auto m = dyn_cast<AffineConstantExpr>(rows), n = dyn_cast<AffineConstantExpr>(columns);
  if (rows == columns)
    return rows;
  return m && n ? (m.getValue() < n.getValue() ? rows : columns) : AffineExpr();
}

LogicalResult DetOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto leading = matrixDims(*this, scope, getX(), /*isSquare=*/true);
  if (failed(leading))
    return failure();
  results.push_back(matrixLike(getX(), *leading, {}));
  return success();
}
StringRef DetOp::getOperationSymbol() { return "tfc_operation_det"; }
SmallVector<int64_t> DetOp::getOperationParameters() { return {}; }

LogicalResult DftOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto dims = llvm::to_vector(scope.dims(getX()));
  AffineExpr length = knownNumber(scope, getLength());
  auto parts = dims.empty() ? AffineConstantExpr() : dyn_cast<AffineConstantExpr>(dims.back());
  if (failed(checkWideFloat(*this, getX())) ||
      failed(checkElement(*this, getLength(), IntegerType::get(getContext(), 64), "length")))
    return failure();
  if (!parts || (parts.getValue() != 1 && parts.getValue() != 2))
    return emitOpError() << "has operand " << getX().getType() << ", expected a last dimension of 1 or 2";
  if (failed(checkAxis(*this, getAxis(), dims.size() - 1)))
    return failure();
  if (auto constant = dyn_cast_or_null<AffineConstantExpr>(length); constant && constant.getValue() < 1)
    return emitOpError() << "has length " << constant.getValue() << ", expected at least 1";
  if (length && getOnesided() && !getInverse())
    length = scope.add(scope.floorDiv(length, scope.constant(2)), scope.constant(1));
  dims[getAxis()] = length;
  dims.back() = scope.constant(getOnesided() && getInverse() ? 1 : 2);
  results.push_back({elementOf(getX()), dims});
  return success();
}
StringRef DftOp::getOperationSymbol() { return "tfc_operation_dft"; }
SmallVector<int64_t> DftOp::getOperationParameters() {
  return {int64_t(getAxis()), getInverse(), getOnesided()};
}

//===----------------------------------------------------------------------===//
// Matrices
//===----------------------------------------------------------------------===//

LogicalResult CholeskyOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  if (failed(matrixDims(*this, scope, getX(), /*isSquare=*/true)))
    return failure();
  results.push_back({elementOf(getX()), llvm::to_vector(scope.dims(getX()))});
  return success();
}
StringRef CholeskyOp::getOperationSymbol() { return "tfc_operation_cholesky"; }
SmallVector<int64_t> CholeskyOp::getOperationParameters() { return {}; }

LogicalResult SolveOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  RankedTensorType a = tensorType(getA()), b = tensorType(getB());
  if (failed(matrixDims(*this, scope, getA(), /*isSquare=*/true)) ||
      failed(checkElement(*this, getB(), a.getElementType(), "right sides")))
    return failure();
  if (a.getRank() != b.getRank() || failed(verifyCompatibleShape(a.getShape().drop_back(), b.getShape().drop_back())))
    return emitOpError() << "solves " << a << " for " << b << ", expected equal dimensions but the last";
  if (getTriangle() && *getTriangle() != "lower" && *getTriangle() != "upper")
    return emitOpError() << "has triangle '" << *getTriangle() << "', expected lower or upper";
  results.push_back({elementOf(getB()), llvm::to_vector(scope.dims(getB()))});
  return success();
}
StringRef SolveOp::getOperationSymbol() { return "tfc_operation_solve"; }
SmallVector<int64_t> SolveOp::getOperationParameters() {
  return {!getTriangle() ? 0 : *getTriangle() == "lower" ? 1 : 2};
}

LogicalResult QrOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto leading = matrixDims(*this, scope, getX(), /*isSquare=*/false);
  if (failed(leading))
    return failure();
  auto matrix = llvm::to_vector(scope.dims(getX()).take_back(2));
  AffineExpr kept = getFull() ? matrix[0] : lesser(matrix[0], matrix[1]);
  results.push_back(matrixLike(getX(), *leading, {matrix[0], kept}));
  results.push_back(matrixLike(getX(), *leading, {kept, matrix[1]}));
  return success();
}
StringRef QrOp::getOperationSymbol() { return "tfc_operation_qr"; }
SmallVector<int64_t> QrOp::getOperationParameters() { return {getFull()}; }

LogicalResult SvdOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto leading = matrixDims(*this, scope, getX(), /*isSquare=*/false);
  if (failed(leading))
    return failure();
  auto matrix = llvm::to_vector(scope.dims(getX()).take_back(2));
  AffineExpr least = lesser(matrix[0], matrix[1]);
  results.push_back(matrixLike(getX(), *leading, {least}));
  results.push_back(matrixLike(getX(), *leading, {matrix[0], getFull() ? matrix[0] : least}));
  results.push_back(matrixLike(getX(), *leading, {matrix[1], getFull() ? matrix[1] : least}));
  return success();
}
StringRef SvdOp::getOperationSymbol() { return "tfc_operation_svd"; }
SmallVector<int64_t> SvdOp::getOperationParameters() { return {getFull()}; }

LogicalResult EighOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto leading = matrixDims(*this, scope, getX(), /*isSquare=*/true);
  if (failed(leading))
    return failure();
  results.push_back(matrixLike(getX(), *leading, {scope.dims(getX()).back()}));
  results.push_back({elementOf(getX()), llvm::to_vector(scope.dims(getX()))});
  return success();
}
StringRef EighOp::getOperationSymbol() { return "tfc_operation_eigh"; }
SmallVector<int64_t> EighOp::getOperationParameters() { return {}; }

//===----------------------------------------------------------------------===//
// Complex numbers
//===----------------------------------------------------------------------===//

LogicalResult ComplexPartsOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto complex = dyn_cast<ComplexType>(elementOf(getX()));
  if (!complex)
    return emitOpError() << "has operand " << getX().getType() << ", expected complex numbers";
  auto dims = llvm::to_vector(scope.dims(getX()));
  dims.push_back(scope.constant(2));
  results.push_back({complex.getElementType(), dims});
  return success();
}
StringRef ComplexPartsOp::getOperationSymbol() { return "tfc_operation_complex_parts"; }
SmallVector<int64_t> ComplexPartsOp::getOperationParameters() { return {}; }

LogicalResult ComplexJoinOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto dims = llvm::to_vector(scope.dims(getX()));
  if (failed(checkWideFloat(*this, getX())))
    return failure();
  if (dims.empty() || dims.back() != scope.constant(2))
    return emitOpError() << "has operand " << getX().getType() << ", expected a last dimension of 2";
  dims.pop_back();
  results.push_back({ComplexType::get(elementOf(getX())), dims});
  return success();
}
StringRef ComplexJoinOp::getOperationSymbol() { return "tfc_operation_complex_join"; }
SmallVector<int64_t> ComplexJoinOp::getOperationParameters() { return {}; }

} // namespace tfc::dfg
