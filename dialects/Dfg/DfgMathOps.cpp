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

#define TFC_SAME_SHAPE(Op)                                                                                            \
  LogicalResult Op::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {                              \
    return sameAs(scope, getX(), tensorType(getX()).getElementType(), results);                                       \
  }
TFC_SAME_SHAPE(AbsOp)
TFC_SAME_SHAPE(NegOp)
TFC_SAME_SHAPE(SignOp)
TFC_SAME_SHAPE(ExpOp)
TFC_SAME_SHAPE(Expm1Op)
TFC_SAME_SHAPE(LogOp)
TFC_SAME_SHAPE(Log1pOp)
TFC_SAME_SHAPE(SqrtOp)
TFC_SAME_SHAPE(RsqrtOp)
TFC_SAME_SHAPE(SinOp)
TFC_SAME_SHAPE(CosOp)
TFC_SAME_SHAPE(TanOp)
TFC_SAME_SHAPE(AsinOp)
TFC_SAME_SHAPE(AcosOp)
TFC_SAME_SHAPE(AtanOp)
TFC_SAME_SHAPE(SinhOp)
TFC_SAME_SHAPE(CoshOp)
TFC_SAME_SHAPE(TanhOp)
TFC_SAME_SHAPE(AsinhOp)
TFC_SAME_SHAPE(AcoshOp)
TFC_SAME_SHAPE(AtanhOp)
TFC_SAME_SHAPE(ErfOp)
TFC_SAME_SHAPE(FloorOp)
TFC_SAME_SHAPE(CeilOp)
TFC_SAME_SHAPE(RoundOp)
TFC_SAME_SHAPE(TruncOp)
TFC_SAME_SHAPE(SigmoidOp)
TFC_SAME_SHAPE(NotOp)
#undef TFC_SAME_SHAPE

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

#define TFC_BROADCAST(Op)                                                                                             \
  LogicalResult Op::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {                              \
    return broadcastOf(*this, scope, tensorType(getA()).getElementType(), results);                                   \
  }
TFC_BROADCAST(AddOp)
TFC_BROADCAST(SubOp)
TFC_BROADCAST(MulOp)
TFC_BROADCAST(DivOp)
TFC_BROADCAST(RemOp)
TFC_BROADCAST(ModOp)
TFC_BROADCAST(PowOp)
TFC_BROADCAST(Atan2Op)
TFC_BROADCAST(MaxOp)
TFC_BROADCAST(MinOp)
TFC_BROADCAST(AndOp)
TFC_BROADCAST(OrOp)
TFC_BROADCAST(XorOp)
TFC_BROADCAST(ShlOp)
TFC_BROADCAST(ShrOp)
#undef TFC_BROADCAST

static LogicalResult sameElements(Operation *op, Value a, Value b) {
  Type ta = tensorType(a).getElementType(), tb = tensorType(b).getElementType();
  if (ta != tb)
    return op->emitOpError() << "has operands of element types " << ta << " and " << tb << ", expected equal ones";
  return success();
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
