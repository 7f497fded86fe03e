// The computation of one element: conversions between element types.
#include "ElementModels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace tfc::elements {

static Value intToInt(OpBuilder &b, Location loc, Value x, Type to, bool isUnsigned) {
  unsigned from = getElementTypeOrSelf(x.getType()).getIntOrFloatBitWidth();
  unsigned width = getElementTypeOrSelf(to).getIntOrFloatBitWidth();
  if (from == width)
    return x;
  if (from > width)
    return arith::TruncIOp::create(b, loc, to, x);
  return isUnsigned ? Value(arith::ExtUIOp::create(b, loc, to, x)) : Value(arith::ExtSIOp::create(b, loc, to, x));
}

/// Truncation towards zero through i64, as other runtimes do, so that values outside a
/// narrow target wrap instead of being undefined.
static Value floatToInt(OpBuilder &b, Location loc, Value x, Type to, bool isUnsigned) {
  unsigned width = getElementTypeOrSelf(to).getIntOrFloatBitWidth();
  if (width == 64)
    return isUnsigned ? Value(arith::FPToUIOp::create(b, loc, to, x)) : Value(arith::FPToSIOp::create(b, loc, to, x));
  if (width == 32 && !isUnsigned)
    return arith::FPToSIOp::create(b, loc, to, x);
  Type wide = shapedLike(b.getIntegerType(width == 32 ? 64 : 32), to);
  return arith::TruncIOp::create(b, loc, to, arith::FPToSIOp::create(b, loc, wide, x));
}

Value emit(dfg::CastOp op, OpBuilder &b, ValueRange v) {
  Location loc = op.getLoc();
  Type target = dfg::tensorType(op.getY()).getElementType();
  Type compute = computeElementType(target);
  Type to = shapedLike(compute, v[0].getType());
  bool fromUnsigned = isUnsignedElement(op.getX());
  if (compute.isInteger(1)) {
    Value zero = elementConstant(b, loc, v[0].getType(), 0);
    if (isFloat(v[0]))
      return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNE, v[0], zero);
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, v[0], zero);
  }
  if (!isFloat(v[0])) {
    if (!isa<FloatType>(compute))
      return intToInt(b, loc, v[0], to, fromUnsigned);
    return fromUnsigned ? Value(arith::UIToFPOp::create(b, loc, to, v[0]))
                        : Value(arith::SIToFPOp::create(b, loc, to, v[0]));
  }
  if (!isa<FloatType>(compute))
    return floatToInt(b, loc, v[0], to, target.isUnsignedInteger());
  if (v[0].getType() == to)
    return v[0];
  if (compute.isF64())
    return arith::ExtFOp::create(b, loc, to, v[0]);
  return arith::TruncFOp::create(b, loc, to, v[0]);
}

} // namespace tfc::elements
