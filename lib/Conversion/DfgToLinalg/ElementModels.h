// `emit(op, builder, operands)` for every pointwise op, and what they share.
#ifndef TFC_LIB_CONVERSION_DFGTOLINALG_ELEMENTMODELS_H
#define TFC_LIB_CONVERSION_DFGTOLINALG_ELEMENTMODELS_H

#include "tfc/Conversion/DfgToLinalg/Elements.h"

namespace tfc::elements {

inline bool isFloat(mlir::Value value) {
  return llvm::isa<mlir::FloatType>(mlir::getElementTypeOrSelf(value.getType()));
}
inline bool isUnsignedElement(mlir::Value tensor) {
  mlir::Type element = dfg::tensorType(tensor).getElementType();
  return element.isUnsignedInteger() || element.isInteger(1);
}
/// `type` with the shape of `like`, when that is a vector.
inline mlir::Type shapedLike(mlir::Type type, mlir::Type like) {
  if (auto vector = llvm::dyn_cast<mlir::VectorType>(like))
    return vector.clone(type);
  return type;
}

#define TFC_DECLARE(Op) mlir::Value emit(dfg::Op op, mlir::OpBuilder &b, mlir::ValueRange v);
TFC_DECLARE(AbsOp) TFC_DECLARE(NegOp) TFC_DECLARE(SignOp) TFC_DECLARE(ExpOp) TFC_DECLARE(Expm1Op) TFC_DECLARE(LogOp)
TFC_DECLARE(Log1pOp) TFC_DECLARE(SqrtOp) TFC_DECLARE(RsqrtOp) TFC_DECLARE(SinOp) TFC_DECLARE(CosOp)
TFC_DECLARE(TanOp) TFC_DECLARE(AsinOp) TFC_DECLARE(AcosOp) TFC_DECLARE(AtanOp) TFC_DECLARE(SinhOp)
TFC_DECLARE(CoshOp) TFC_DECLARE(TanhOp) TFC_DECLARE(AsinhOp) TFC_DECLARE(AcoshOp) TFC_DECLARE(AtanhOp)
TFC_DECLARE(ErfOp) TFC_DECLARE(FloorOp) TFC_DECLARE(CeilOp) TFC_DECLARE(RoundOp) TFC_DECLARE(TruncOp)
TFC_DECLARE(SigmoidOp) TFC_DECLARE(NotOp) TFC_DECLARE(IsNanOp) TFC_DECLARE(IsInfOp) TFC_DECLARE(CastOp)
TFC_DECLARE(BitcastOp) TFC_DECLARE(AddOp) TFC_DECLARE(SubOp) TFC_DECLARE(MulOp) TFC_DECLARE(DivOp)
TFC_DECLARE(RemOp) TFC_DECLARE(ModOp) TFC_DECLARE(PowOp) TFC_DECLARE(Atan2Op) TFC_DECLARE(MaxOp) TFC_DECLARE(MinOp)
TFC_DECLARE(AndOp) TFC_DECLARE(OrOp) TFC_DECLARE(XorOp) TFC_DECLARE(ShlOp) TFC_DECLARE(ShrOp)
TFC_DECLARE(RandomBitsOp) TFC_DECLARE(CompareOp) TFC_DECLARE(SelectOp)
#undef TFC_DECLARE

} // namespace tfc::elements

#endif // TFC_LIB_CONVERSION_DFGTOLINALG_ELEMENTMODELS_H
