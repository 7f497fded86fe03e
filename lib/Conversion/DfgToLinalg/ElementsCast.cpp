// The computation of one element: conversions between element types.
#include "ElementModels.h"
#include "NarrowFloats.h"
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

/// Does to an f32 that will be stored as a float of 8 or fewer bits what storing alone
/// does not.
static Value prepareByteFloat(dfg::CastOp op, OpBuilder &b, Value x, FloatType target) {
  Location loc = op.getLoc();
  StringRef mode = op.getRoundMode().value_or("up");
  if (isa<Float8E8M0FNUType>(target) && mode != "nearest")
    x = roundToPowerOfTwo(b, loc, x, mode == "up");
  return op.getSaturate() ? saturateToByteFloat(b, loc, x, target) : x;
}

/// A float in the compute type of another float type, which storing will round.
static Value floatToFloat(OpBuilder &b, Location loc, Value x, Type target) {
  Type to = shapedLike(computeElementType(target), x.getType());
  if (x.getType() == to)
    return x;
  if (target.isF64())
    return arith::ExtFOp::create(b, loc, to, x);
  return target.isF32() ? Value(arith::TruncFOp::create(b, loc, to, x)) : truncateToOdd(b, loc, x);
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
  if (!isa<FloatType>(compute))
    return isFloat(v[0]) ? floatToInt(b, loc, v[0], to, target.isUnsignedInteger())
                         : intToInt(b, loc, v[0], to, fromUnsigned);
  Value x;
  if (isFloat(v[0]))
    x = floatToFloat(b, loc, v[0], target);
  else if (fromUnsigned)
    x = arith::UIToFPOp::create(b, loc, to, v[0]);
  else
    x = arith::SIToFPOp::create(b, loc, to, v[0]);
  return target.getIntOrFloatBitWidth() > 8 ? x : prepareByteFloat(op, b, x, cast<FloatType>(target));
}

} // namespace tfc::elements
