// The computation of one element: ops of one operand.
#include "ElementModels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace tfc::elements {

/// Joins the float and the integer form of an op.
template <class FloatOp, class IntOp> static Value floatOrInt(OpBuilder &b, Location loc, Value x) {
  if (isFloat(x))
    return FloatOp::create(b, loc, x);
  return IntOp::create(b, loc, x);
}

#define TFC_MATH(Name, MathOp)                                                                                        \
  Value emit(dfg::Name op, OpBuilder &b, ValueRange v) { return math::MathOp::create(b, op.getLoc(), v[0]); }
TFC_MATH(ExpOp, ExpOp)
TFC_MATH(Expm1Op, ExpM1Op)
TFC_MATH(LogOp, LogOp)
TFC_MATH(Log1pOp, Log1pOp)
TFC_MATH(SqrtOp, SqrtOp)
TFC_MATH(SinOp, SinOp)
TFC_MATH(CosOp, CosOp)
TFC_MATH(TanOp, TanOp)
TFC_MATH(AsinOp, AsinOp)
TFC_MATH(AcosOp, AcosOp)
TFC_MATH(AtanOp, AtanOp)
TFC_MATH(SinhOp, SinhOp)
TFC_MATH(CoshOp, CoshOp)
TFC_MATH(TanhOp, TanhOp)
TFC_MATH(AsinhOp, AsinhOp)
TFC_MATH(AcoshOp, AcoshOp)
TFC_MATH(AtanhOp, AtanhOp)
TFC_MATH(ErfOp, ErfOp)
#undef TFC_MATH

/// Rounding keeps integers as they are.
#define TFC_ROUND(Name, MathOp)                                                                                       \
  Value emit(dfg::Name op, OpBuilder &b, ValueRange v) {                                                              \
    return isFloat(v[0]) ? Value(math::MathOp::create(b, op.getLoc(), v[0])) : v[0];                                  \
  }
TFC_ROUND(FloorOp, FloorOp)
TFC_ROUND(CeilOp, CeilOp)
TFC_ROUND(RoundOp, RoundEvenOp)
TFC_ROUND(TruncOp, TruncOp)
#undef TFC_ROUND

Value emit(dfg::RsqrtOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  return arith::DivFOp::create(b, loc, elementConstant(b, loc, v[0].getType(), 1.0),
                               math::SqrtOp::create(b, loc, v[0]));
}

Value emit(dfg::AbsOp op, OpBuilder &b, ValueRange v) {
  if (isUnsignedElement(op.getX()))
    return v[0];
  return floatOrInt<math::AbsFOp, math::AbsIOp>(b, op.getLoc(), v[0]);
}

Value emit(dfg::NegOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  if (isFloat(v[0]))
    return arith::NegFOp::create(b, loc, v[0]);
  return arith::SubIOp::create(b, loc, elementConstant(b, loc, v[0].getType(), 0), v[0]);
}

Value emit(dfg::SignOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  Type type = v[0].getType();
  Value zero = elementConstant(b, loc, type, 0), one = elementConstant(b, loc, type, 1);
  if (isUnsignedElement(op.getX()))
    return arith::MinUIOp::create(b, loc, v[0], one);
  Value minusOne = elementConstant(b, loc, type, -1);
  if (!isFloat(v[0]))
    return arith::MaxSIOp::create(b, loc, arith::MinSIOp::create(b, loc, v[0], one), minusOne);
  Value positive = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OGT, v[0], zero);
  Value negative = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, v[0], zero);
  // Zeros and NaN are their own sign.
  Value rest = arith::SelectOp::create(b, loc, negative, minusOne, v[0]);
  return arith::SelectOp::create(b, loc, positive, one, rest);
}

Value emit(dfg::SigmoidOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  Value one = elementConstant(b, loc, v[0].getType(), 1.0);
  Value power = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, v[0]));
  return arith::DivFOp::create(b, loc, one, arith::AddFOp::create(b, loc, one, power));
}

Value emit(dfg::NotOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  return arith::XOrIOp::create(b, loc, v[0], elementConstant(b, loc, v[0].getType(), -1));
}

Value emit(dfg::IsNanOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  if (!isFloat(v[0]))
    return elementConstant(b, loc, shapedLike(b.getI1Type(), v[0].getType()), 0);
  return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, v[0], v[0]);
}

Value emit(dfg::IsInfOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  Value result = elementConstant(b, loc, shapedLike(b.getI1Type(), v[0].getType()), 0);
  if (!isFloat(v[0]))
    return result;
  auto equals = [&](double number) {
    Value infinity = elementConstant(b, loc, v[0].getType(), number);
    Value hit = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, v[0], infinity);
    result = arith::OrIOp::create(b, loc, result, hit);
  };
  if (op.getPositive())
    equals(std::numeric_limits<double>::infinity());
  if (op.getNegative())
    equals(-std::numeric_limits<double>::infinity());
  return result;
}

Value emit(dfg::BitcastOp op, OpBuilder &b, ValueRange v) {
  // Compute types of narrow floats are not their bits: go through storage.
  Location loc = op.getLoc();
  Type from = dfg::tensorType(op.getX()).getElementType(), to = dfg::tensorType(op.getY()).getElementType();
  Value stored = narrowElement(b, loc, v[0], from);
  Type target = shapedLike(storageElementType(to), stored.getType());
  if (stored.getType() != target)
    stored = arith::BitcastOp::create(b, loc, target, stored);
  return widenElement(b, loc, stored, to);
}

} // namespace tfc::elements
