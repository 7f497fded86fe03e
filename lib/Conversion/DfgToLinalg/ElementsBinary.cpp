// The computation of one element: ops of two and three operands, and reductions.
#include "ElementModels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace tfc::elements {

template <class FloatOp, class SignedOp, class UnsignedOp>
static Value byType(Operation *op, OpBuilder &b, Value x, Value y) {
  Location loc = op->getLoc();
  if (isFloat(x))
    return FloatOp::create(b, loc, x, y);
  if (isUnsignedElement(op->getOperand(0)))
    return UnsignedOp::create(b, loc, x, y);
  return SignedOp::create(b, loc, x, y);
}

Value emit(dfg::AddOp op, OpBuilder &b, ValueRange v) {
  return byType<arith::AddFOp, arith::AddIOp, arith::AddIOp>(op, b, v[0], v[1]);
}
Value emit(dfg::SubOp op, OpBuilder &b, ValueRange v) {
  return byType<arith::SubFOp, arith::SubIOp, arith::SubIOp>(op, b, v[0], v[1]);
}
Value emit(dfg::MulOp op, OpBuilder &b, ValueRange v) {
  return byType<arith::MulFOp, arith::MulIOp, arith::MulIOp>(op, b, v[0], v[1]);
}
Value emit(dfg::MaxOp op, OpBuilder &b, ValueRange v) {
  return byType<arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>(op, b, v[0], v[1]);
}
Value emit(dfg::MinOp op, OpBuilder &b, ValueRange v) {
  return byType<arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>(op, b, v[0], v[1]);
}

/// A divisor that cannot trap: 0, and -1 under a signed dividend, become 1. `isZero` and
/// `isMinusOne` say where.
struct SafeDivisor {
  Value divisor, isZero, isMinusOne;
  SafeDivisor(OpBuilder &b, Location loc, Value y, bool isSigned) {
    Type type = y.getType();
    Value one = elementConstant(b, loc, type, 1);
    isZero = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, y, elementConstant(b, loc, type, 0));
    divisor = arith::SelectOp::create(b, loc, isZero, one, y);
    if (!isSigned)
      return;
    isMinusOne = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, y, elementConstant(b, loc, type, -1));
    divisor = arith::SelectOp::create(b, loc, isMinusOne, one, divisor);
  }
};

Value emit(dfg::DivOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  if (isFloat(v[0]))
    return arith::DivFOp::create(b, loc, v[0], v[1]);
  bool isSigned = !isUnsignedElement(op.getA());
  SafeDivisor safe(b, loc, v[1], isSigned);
  Value zero = elementConstant(b, loc, v[0].getType(), 0);
  if (!isSigned)
    return arith::SelectOp::create(b, loc, safe.isZero, zero, arith::DivUIOp::create(b, loc, v[0], safe.divisor));
  Value quotient = arith::DivSIOp::create(b, loc, v[0], safe.divisor);
  // x / -1 wraps as negation does.
  Value negated = arith::SubIOp::create(b, loc, zero, v[0]);
  quotient = arith::SelectOp::create(b, loc, safe.isMinusOne, negated, quotient);
  return arith::SelectOp::create(b, loc, safe.isZero, zero, quotient);
}

/// C remainder; 0 where the divisor is 0.
static Value remainder(Operation *op, OpBuilder &b, ValueRange v) {
  Location loc = op->getLoc();
  if (isFloat(v[0]))
    return arith::RemFOp::create(b, loc, v[0], v[1]);
  bool isSigned = !isUnsignedElement(op->getOperand(0));
  SafeDivisor safe(b, loc, v[1], isSigned);
  if (!isSigned)
    return arith::RemUIOp::create(b, loc, v[0], safe.divisor);
  return arith::RemSIOp::create(b, loc, v[0], safe.divisor);
}

Value emit(dfg::RemOp op, OpBuilder &b, ValueRange v) { return remainder(op, b, v); }

Value emit(dfg::ModOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  Value rest = remainder(op, b, v);
  if (!isFloat(v[0]) && isUnsignedElement(op.getA()))
    return rest;
  // Where the remainder has another sign than the divisor, add the divisor once.
  Value zero = elementConstant(b, loc, v[0].getType(), 0), nonZero, restNegative, divisorNegative, sum;
  if (isFloat(v[0])) {
    nonZero = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ONE, rest, zero);
    restNegative = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, rest, zero);
    divisorNegative = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, v[1], zero);
    sum = arith::AddFOp::create(b, loc, rest, v[1]);
  } else {
    nonZero = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, rest, zero);
    restNegative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, rest, zero);
    divisorNegative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, v[1], zero);
    sum = arith::AddIOp::create(b, loc, rest, v[1]);
  }
  Value differ = arith::XOrIOp::create(b, loc, restNegative, divisorNegative);
  return arith::SelectOp::create(b, loc, arith::AndIOp::create(b, loc, nonZero, differ), sum, rest);
}

/// An integer element in a float type.
static Value toFloat(OpBuilder &b, Location loc, Value x, Type type, bool isUnsigned) {
  if (isUnsigned)
    return arith::UIToFPOp::create(b, loc, type, x);
  return arith::SIToFPOp::create(b, loc, type, x);
}

Value emit(dfg::PowOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  bool floatBase = isFloat(v[0]), floatExponent = isFloat(v[1]);
  Value x = v[0], y = v[1];
  Type f64 = shapedLike(b.getF64Type(), x.getType());
  // Integer powers go through f64, exact up to 2^53; float bases keep their type.
  Type type = floatBase ? x.getType() : f64;
  if (!floatBase)
    x = toFloat(b, loc, x, type, isUnsignedElement(op.getA()));
  if (!floatExponent)
    y = toFloat(b, loc, y, type, isUnsignedElement(op.getB()));
  else if (y.getType() != type)
    y = getElementTypeOrSelf(type).isF64() ? Value(arith::ExtFOp::create(b, loc, type, y))
                                           : Value(arith::TruncFOp::create(b, loc, type, y));
  Value power = math::PowFOp::create(b, loc, x, y);
  if (floatBase)
    return power;
  if (isUnsignedElement(op.getA()))
    return arith::FPToUIOp::create(b, loc, v[0].getType(), power);
  return arith::FPToSIOp::create(b, loc, v[0].getType(), power);
}

Value emit(dfg::Atan2Op op, OpBuilder &b, ValueRange v) { return math::Atan2Op::create(b, op.getLoc(), v[0], v[1]); }
Value emit(dfg::AndOp op, OpBuilder &b, ValueRange v) { return arith::AndIOp::create(b, op.getLoc(), v[0], v[1]); }
Value emit(dfg::OrOp op, OpBuilder &b, ValueRange v) { return arith::OrIOp::create(b, op.getLoc(), v[0], v[1]); }
Value emit(dfg::XorOp op, OpBuilder &b, ValueRange v) { return arith::XOrIOp::create(b, op.getLoc(), v[0], v[1]); }

/// Whether a shift amount is the element's width or more, where the machine's shift is
/// not defined.
static Value shiftsAll(OpBuilder &b, Location loc, Value amount) {
  Type type = amount.getType();
  Value width = elementConstant(b, loc, type, getElementTypeOrSelf(type).getIntOrFloatBitWidth());
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::uge, amount, width);
}

Value emit(dfg::ShlOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  Value zero = elementConstant(b, loc, v[0].getType(), 0), all = shiftsAll(b, loc, v[1]);
  Value amount = arith::SelectOp::create(b, loc, all, zero, v[1]);
  return arith::SelectOp::create(b, loc, all, zero, arith::ShLIOp::create(b, loc, v[0], amount));
}

Value emit(dfg::ShrOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  Value zero = elementConstant(b, loc, v[0].getType(), 0), all = shiftsAll(b, loc, v[1]);
  if (isUnsignedElement(op.getA())) {
    Value amount = arith::SelectOp::create(b, loc, all, zero, v[1]);
    return arith::SelectOp::create(b, loc, all, zero, arith::ShRUIOp::create(b, loc, v[0], amount));
  }
  unsigned width = getElementTypeOrSelf(v[0].getType()).getIntOrFloatBitWidth();
  Value last = elementConstant(b, loc, v[0].getType(), width - 1);
  return arith::ShRSIOp::create(b, loc, v[0], arith::SelectOp::create(b, loc, all, last, v[1]));
}

Value emit(dfg::CompareOp op, OpBuilder &b, ValueRange v) {
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  static constexpr F floats[] = {F::OEQ, F::UNE, F::OLT, F::OLE, F::OGT, F::OGE};
  static constexpr I signedInts[] = {I::eq, I::ne, I::slt, I::sle, I::sgt, I::sge};
  static constexpr I unsignedInts[] = {I::eq, I::ne, I::ult, I::ule, I::ugt, I::uge};
  auto kind = static_cast<unsigned>(op.getKind());
  if (isFloat(v[0]))
    return arith::CmpFOp::create(b, op.getLoc(), floats[kind], v[0], v[1]);
  bool isUnsigned = isUnsignedElement(op.getA());
  return arith::CmpIOp::create(b, op.getLoc(), (isUnsigned ? unsignedInts : signedInts)[kind], v[0], v[1]);
}

Value emit(dfg::SelectOp op, OpBuilder &b, ValueRange v) {
  return arith::SelectOp::create(b, op.getLoc(), v[0], v[1], v[2]);
}

} // namespace tfc::elements

namespace tfc {

Value emitCombine(OpBuilder &b, Location loc, dfg::ReduceKind kind, Type element, Value x, Value y) {
  bool isFloat = elements::isFloat(x), isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  switch (kind) {
  case dfg::ReduceKind::Sum:
    return isFloat ? Value(arith::AddFOp::create(b, loc, x, y)) : Value(arith::AddIOp::create(b, loc, x, y));
  case dfg::ReduceKind::Prod:
    return isFloat ? Value(arith::MulFOp::create(b, loc, x, y)) : Value(arith::MulIOp::create(b, loc, x, y));
  case dfg::ReduceKind::Max:
    if (isFloat)
      return arith::MaximumFOp::create(b, loc, x, y);
    return isUnsigned ? Value(arith::MaxUIOp::create(b, loc, x, y)) : Value(arith::MaxSIOp::create(b, loc, x, y));
  case dfg::ReduceKind::Min:
    if (isFloat)
      return arith::MinimumFOp::create(b, loc, x, y);
    return isUnsigned ? Value(arith::MinUIOp::create(b, loc, x, y)) : Value(arith::MinSIOp::create(b, loc, x, y));
  case dfg::ReduceKind::None: return y;
  }
  llvm_unreachable("all kinds are handled");
}

Value emitIdentity(OpBuilder &b, Location loc, dfg::ReduceKind kind, Type element) {
  Type type = computeElementType(element);
  if (kind == dfg::ReduceKind::Prod)
    return elementConstant(b, loc, type, 1);
  if (kind != dfg::ReduceKind::Max && kind != dfg::ReduceKind::Min)
    return elementConstant(b, loc, type, 0);
  bool isMax = kind == dfg::ReduceKind::Max;
  if (isa<FloatType>(type))
    return elementConstant(b, loc, type, (isMax ? -1.0 : 1.0) * std::numeric_limits<double>::infinity());
  unsigned width = type.getIntOrFloatBitWidth();
  bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  APInt value = isUnsigned ? (isMax ? APInt::getMinValue(width) : APInt::getMaxValue(width))
                           : (isMax ? APInt::getSignedMinValue(width) : APInt::getSignedMaxValue(width));
  return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
}

} // namespace tfc
