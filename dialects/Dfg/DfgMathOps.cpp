// Shapes and verifiers of elementwise mathematics.
#include "Dfg/Dfg.h"

using namespace mlir;

namespace tfc::dfg {

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

static LogicalResult sameAs(DimScope &scope, Value x, Type elementType, SmallVectorImpl<TensorInfo> &results) {
  results.push_back({elementType, llvm::to_vector(scope.dims(x))});
  return success();
}

#define TFC_SAME_SHAPE(Op)                                                                                             \
  LogicalResult Op::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {                               \
    return sameAs(scope, getX(), tensorType(getX()).getElementType(), results);                                        \
  }
TFC_SAME_SHAPE(AbsOp)
TFC_SAME_SHAPE(NegOp)
TFC_SAME_SHAPE(SignOp)
TFC_SAME_SHAPE(NotOp)
#undef TFC_SAME_SHAPE

#define TFC_FLOAT_FUNCTION(Op)                                                                                         \
  LogicalResult Op::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {                               \
    if (!isa<FloatType>(tensorType(getX()).getElementType()))                                                          \
      return emitOpError() << "works on " << getX().getType() << ", expected floats";                                  \
    return sameAs(scope, getX(), tensorType(getX()).getElementType(), results);                                        \
  }
TFC_FLOAT_FUNCTION(ExpOp)
TFC_FLOAT_FUNCTION(Expm1Op)
TFC_FLOAT_FUNCTION(LogOp)
TFC_FLOAT_FUNCTION(Log1pOp)
TFC_FLOAT_FUNCTION(SqrtOp)
TFC_FLOAT_FUNCTION(RsqrtOp)
TFC_FLOAT_FUNCTION(SinOp)
TFC_FLOAT_FUNCTION(CosOp)
TFC_FLOAT_FUNCTION(TanOp)
TFC_FLOAT_FUNCTION(AsinOp)
TFC_FLOAT_FUNCTION(AcosOp)
TFC_FLOAT_FUNCTION(AtanOp)
TFC_FLOAT_FUNCTION(SinhOp)
TFC_FLOAT_FUNCTION(CoshOp)
TFC_FLOAT_FUNCTION(TanhOp)
TFC_FLOAT_FUNCTION(AsinhOp)
TFC_FLOAT_FUNCTION(AcoshOp)
TFC_FLOAT_FUNCTION(AtanhOp)
TFC_FLOAT_FUNCTION(ErfOp)
TFC_FLOAT_FUNCTION(FloorOp)
TFC_FLOAT_FUNCTION(CeilOp)
TFC_FLOAT_FUNCTION(RoundOp)
TFC_FLOAT_FUNCTION(TruncOp)
TFC_FLOAT_FUNCTION(SigmoidOp)
#undef TFC_FLOAT_FUNCTION

LogicalResult IsNanOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  return sameAs(scope, getX(), IntegerType::get(getContext(), 1), results);
}
LogicalResult IsInfOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  return sameAs(scope, getX(), IntegerType::get(getContext(), 1), results);
}
// The result type says what to convert to.
LogicalResult CastOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  return sameAs(scope, getX(), tensorType(getY()).getElementType(), results);
}
LogicalResult BitcastOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  Type from = tensorType(getX()).getElementType(), to = tensorType(getY()).getElementType();
  if (from.getIntOrFloatBitWidth() != to.getIntOrFloatBitWidth())
    return emitOpError() << "reinterprets " << from << " as " << to << ", expected equal widths";
  return sameAs(scope, getX(), to, results);
}

//===----------------------------------------------------------------------===//
// Two and three operands
//===----------------------------------------------------------------------===//

static LogicalResult broadcastOf(Operation *op, DimScope &scope, Type elementType,
                                 SmallVectorImpl<TensorInfo> &results) {
  SmallVector<SmallVector<AffineExpr>> shapes;
  SmallVector<ArrayRef<AffineExpr>> views;
  for (Value operand : op->getOperands())
    shapes.push_back(llvm::to_vector(scope.dims(operand)));
  for (auto &shape : shapes)
    views.push_back(shape);
  auto dims = scope.broadcast(views);
  if (failed(dims)) {
    InFlightDiagnostic error = op->emitOpError() << "has operands of shapes that do not broadcast:";
    for (Value operand : op->getOperands())
      error << ' ' << operand.getType();
    return error;
  }
  results.push_back({elementType, std::move(*dims)});
  return success();
}

static LogicalResult sameElements(Operation *op, Value a, Value b) {
  Type ta = tensorType(a).getElementType(), tb = tensorType(b).getElementType();
  if (ta != tb)
    return op->emitOpError() << "has operands of element types " << ta << " and " << tb << ", expected equal ones";
  return success();
}

#define TFC_BROADCAST(Op)                                                                                              \
  LogicalResult Op::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {                               \
    if (failed(sameElements(*this, getA(), getB())))                                                                   \
      return failure();                                                                                                \
    return broadcastOf(*this, scope, tensorType(getA()).getElementType(), results);                                    \
  }
TFC_BROADCAST(AddOp)
TFC_BROADCAST(SubOp)
TFC_BROADCAST(MulOp)
TFC_BROADCAST(DivOp)
TFC_BROADCAST(RemOp)
TFC_BROADCAST(ModOp)
TFC_BROADCAST(Atan2Op)
TFC_BROADCAST(MaxOp)
TFC_BROADCAST(MinOp)
TFC_BROADCAST(AndOp)
TFC_BROADCAST(OrOp)
TFC_BROADCAST(XorOp)
TFC_BROADCAST(ShlOp)
TFC_BROADCAST(ShrOp)
#undef TFC_BROADCAST

// The exponent may have a type of its own.
LogicalResult PowOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  return broadcastOf(*this, scope, tensorType(getA()).getElementType(), results);
}

LogicalResult RandomBitsOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  Type ui64 = IntegerType::get(getContext(), 64, IntegerType::Unsigned);
  for (Value operand : getOperands())
    if (tensorType(operand).getElementType() != ui64)
      return emitOpError() << "has operand " << operand.getType() << ", expected elements of ui64";
  return broadcastOf(*this, scope, ui64, results);
}

LogicalResult CompareOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  if (failed(sameElements(*this, getA(), getB())))
    return failure();
  return broadcastOf(*this, scope, IntegerType::get(getContext(), 1), results);
}

LogicalResult SelectOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  if (!tensorType(getCondition()).getElementType().isInteger(1))
    return emitOpError() << "has condition " << getCondition().getType() << ", expected elements of i1";
  if (failed(sameElements(*this, getA(), getB())))
    return failure();
  return broadcastOf(*this, scope, tensorType(getA()).getElementType(), results);
}

} // namespace tfc::dfg
