// Conversions between f32 and narrower floats, as integer arithmetic that vectorizes.
#include "NarrowFloats.h"

#include <cmath>

#include "llvm/ADT/APFloat.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"

using namespace mlir;

namespace tfc {
namespace {

constexpr uint32_t kSign = 0x80000000, kMagnitude = 0x7fffffff, kInfinity = 0x7f800000, kNaN = 0x7fc00000;
constexpr unsigned kMantissaBits = 23;
constexpr int kBias = 127;

/// Arithmetic on i32 words (or vectors of them) that hold the bits of floats.
class Words {
public:
  Words(OpBuilder &b, Location loc, Type like) : b(b), loc(loc) {
    auto vector = dyn_cast<VectorType>(like);
    auto shaped = [&](Type type) { return vector ? Type(vector.clone(type)) : type; };
    i8 = shaped(b.getI8Type()), i16 = shaped(b.getIntegerType(16)), i32 = shaped(b.getI32Type());
    f32 = shaped(b.getF32Type()), bf16 = shaped(b.getBF16Type());
  }

  Value word(uint32_t value) const {
    auto attr = b.getI32IntegerAttr(int32_t(value));
    if (auto vector = dyn_cast<VectorType>(i32))
      return arith::ConstantOp::create(b, loc, DenseElementsAttr::get(vector, Attribute(attr)));
    return arith::ConstantOp::create(b, loc, attr);
  }
  Value real(double value) const { return elementConstant(b, loc, f32, value); }
  Value bits(Value x) const { return arith::BitcastOp::create(b, loc, i32, x); }
  Value asFloat(Value x) const { return arith::BitcastOp::create(b, loc, f32, x); }
  Value add(Value x, Value y) const { return arith::AddIOp::create(b, loc, x, y); }
  Value add(Value x, uint32_t y) const { return add(x, word(y)); }
  Value sub(Value x, uint32_t y) const { return arith::SubIOp::create(b, loc, x, word(y)); }
  Value sub(Value x, Value y) const { return arith::SubIOp::create(b, loc, x, y); }
  Value both(Value x, uint32_t y) const { return arith::AndIOp::create(b, loc, x, word(y)); }
  Value either(Value x, Value y) const { return arith::OrIOp::create(b, loc, x, y); }
  Value either(Value x, uint32_t y) const { return either(x, word(y)); }
  Value left(Value x, unsigned n) const { return arith::ShLIOp::create(b, loc, x, word(n)); }
  Value right(Value x, unsigned n) const { return arith::ShRUIOp::create(b, loc, x, word(n)); }
  Value select(Value condition, Value x, Value y) const { return arith::SelectOp::create(b, loc, condition, x, y); }
  Value above(Value x, uint32_t y) const {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ugt, x, word(y));
  }
  Value below(Value x, uint32_t y) const {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, x, word(y));
  }
  Value equal(Value x, uint32_t y) const {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, x, word(y));
  }
  /// Rounds away the low bits of a word, to nearest even.
  Value roundAway(Value x, unsigned count) const {
    Value odd = both(right(x, count), 1);
    return right(add(x, add(odd, (1u << (count - 1)) - 1)), count);
  }

  OpBuilder &b;
  Location loc;
  Type i8, i16, i32, f32, bf16;
};

/// What distinguishes the formats with a sign, exponent and mantissa in at most a byte.
struct Format {
  explicit Format(FloatType type) {
    const llvm::fltSemantics &semantics = type.getFloatSemantics();
    auto word = [](const APFloat &x) { return uint32_t(x.bitcastToAPInt().getZExtValue()); };
    width = type.getWidth();
    mantissaBits = APFloat::semanticsPrecision(semantics) - 1;
    bias = 1 - APFloat::semanticsMinExponent(semantics);
    largest = word(APFloat::getLargest(semantics));
    hasInfinity = APFloat::semanticsHasInf(semantics);
    hasNaN = APFloat::semanticsHasNaN(semantics);
    if (hasInfinity)
      infinity = word(APFloat::getInf(semantics));
    if (hasNaN)
      nan = word(APFloat::getNaN(semantics));
    // These formats have no -0, either.
    signedZeroIsNaN = hasNaN && nan == 1u << (width - 1);
  }

  uint32_t magnitudeMask() const { return (1u << (width - 1)) - 1; }
  /// What the exponent field of f32 has more than that of the format.
  uint32_t biasDifference() const { return kBias - bias; }
  /// Bits of the mantissa that f32 has more.
  unsigned spareBits() const { return kMantissaBits - mantissaBits; }

  unsigned width, mantissaBits;
  int bias;
  uint32_t largest, infinity = 0, nan = 0;
  bool hasInfinity, hasNaN, signedZeroIsNaN;
};

bool isExponentOnly(FloatType type) { return isa<Float8E8M0FNUType>(type); }

constexpr uint32_t kExponentNaN = 0xff;
/// The bits of 2^-127, the smallest f8E8M0FNU, and of 2^127, the largest.
constexpr uint32_t kSmallestPower = 0x00400000, kLargestPower = 0x7f000000;

Value expandExponent(Words w, Value code) {
  Value power = w.select(w.equal(code, 0), w.word(kSmallestPower), w.left(code, kMantissaBits));
  return w.asFloat(w.select(w.equal(code, kExponentNaN), w.word(kNaN), power));
}

Value roundToExponent(Words w, Value x) {
  constexpr uint32_t half = 1u << (kMantissaBits - 1), smallestNormal = 1u << kMantissaBits;
  Value bits = w.bits(x);
  Value normal = w.right(w.add(bits, half), kMantissaBits);
  // Denormals lie between 2^-127 and 2^-126 or below.
  Value upper = w.select(w.below(bits, kSmallestPower + half / 2), w.word(0), w.word(1));
  Value code = w.select(w.below(bits, smallestNormal), upper, normal);
  // Zero wraps below, the negative numbers lie above what is finite.
  Value invalid = w.above(w.sub(bits, 1), kInfinity - half - 2);
  return w.select(invalid, w.word(kExponentNaN), code);
}

} // namespace

Value expandByteFloat(OpBuilder &builder, Location loc, Value byte, FloatType type) {
  Words w(builder, loc, byte.getType());
  Value code = arith::ExtUIOp::create(builder, loc, w.i32, byte);
  if (isExponentOnly(type))
    return expandExponent(w, code);
  Format format(type);
  Value sign = w.left(w.both(w.right(code, format.width - 1), 1), 31);
  Value magnitude = w.both(code, format.magnitudeMask());
  Value normal =
      w.add(w.left(magnitude, format.spareBits()), format.biasDifference() << kMantissaBits);
  // Denormals through integers: f32 denormals may be flushed to zero or slow.
  Value unit = w.real(std::ldexp(1.0, 1 - format.bias - int(format.mantissaBits)));
  Value denormal =
      w.bits(arith::MulFOp::create(builder, loc, arith::SIToFPOp::create(builder, loc, w.f32, magnitude), unit));
  Value bits = w.select(w.below(magnitude, 1u << format.mantissaBits), denormal, normal);
  if (format.hasInfinity) {
    Value special = w.either(w.left(magnitude, format.spareBits()), kInfinity);
    bits = w.select(w.below(magnitude, format.infinity), bits, special);
  } else if (format.signedZeroIsNaN) {
    bits = w.select(w.equal(code, format.nan), w.word(kNaN), bits);
  } else if (format.hasNaN) {
    bits = w.select(w.equal(magnitude, format.nan), w.word(kNaN), bits);
  }
  return w.asFloat(w.either(bits, sign));
}

Value roundToByteFloat(OpBuilder &builder, Location loc, Value x, FloatType type) {
  Words w(builder, loc, x.getType());
  auto toByte = [&](Value code) { return arith::TruncIOp::create(builder, loc, w.i8, code); };
  if (isExponentOnly(type))
    return toByte(roundToExponent(w, x));
  Format format(type);
  Value bits = w.bits(x), magnitude = w.both(bits, kMagnitude);
  Value sign = w.left(w.right(bits, 31), format.width - 1);
  Value normal = w.sub(w.roundAway(magnitude, format.spareBits()), format.biasDifference() << format.mantissaBits);
  // Adding a number whose last bit is the unit of denormals rounds to that unit.
  uint32_t shifter = uint32_t(kBias + int(kMantissaBits) + 1 - format.bias - int(format.mantissaBits)) << kMantissaBits;
  Value shifted = arith::AddFOp::create(builder, loc, w.asFloat(magnitude), w.asFloat(w.word(shifter)));
  Value denormal = w.sub(w.bits(shifted), shifter);
  Value code = w.select(w.below(magnitude, (format.biasDifference() + 1) << kMantissaBits), denormal, normal);
  uint32_t overflow = format.hasInfinity ? format.infinity : format.hasNaN ? format.nan : format.largest;
  code = w.select(w.above(code, format.largest), w.word(overflow), code);
  if (format.signedZeroIsNaN) {
    // NaN is what -0 would be: already right with a sign, and zero must not get one.
    Value unsignedCode = w.select(w.equal(code, 0), code, w.either(code, sign));
    return toByte(w.select(w.above(magnitude, kInfinity), w.word(format.nan), unsignedCode));
  }
  code = w.select(w.above(magnitude, kInfinity), w.word(format.hasNaN ? format.nan : 0), code);
  return toByte(w.either(code, sign));
}

Value expandBF16(OpBuilder &builder, Location loc, Value x) {
  Words w(builder, loc, x.getType());
  Value bits = arith::ExtUIOp::create(builder, loc, w.i32, arith::BitcastOp::create(builder, loc, w.i16, x));
  return w.asFloat(w.left(bits, 16));
}

Value roundToBF16(OpBuilder &builder, Location loc, Value x) {
  Words w(builder, loc, x.getType());
  Value bits = w.bits(x);
  // Rounding could carry a NaN into infinity: keep it one, quiet.
  Value quiet = w.either(w.right(bits, 16), 0x40);
  Value rounded = w.select(w.above(w.both(bits, kMagnitude), kInfinity), quiet, w.roundAway(bits, 16));
  return arith::BitcastOp::create(builder, loc, w.bf16, arith::TruncIOp::create(builder, loc, w.i16, rounded));
}

Value truncateToOdd(OpBuilder &builder, Location loc, Value x) {
  Value near = arith::TruncFOp::create(builder, loc, Words(builder, loc, x.getType()).f32, x);
  Words w(builder, loc, near.getType());
  Value back = arith::ExtFOp::create(builder, loc, x.getType(), near);
  auto magnitude = [&](Value value) { return math::AbsFOp::create(builder, loc, value); };
  auto compare = [&](arith::CmpFPredicate predicate, Value a, Value b) {
    return arith::CmpFOp::create(builder, loc, predicate, a, b);
  };
  // Towards zero first, then the last bit says that something was lost.
  Value bits = w.bits(near);
  Value outward = compare(arith::CmpFPredicate::OGT, magnitude(back), magnitude(x));
  Value inward = w.select(outward, w.sub(bits, 1), bits);
  Value inexact = compare(arith::CmpFPredicate::ONE, back, x);
  return w.asFloat(w.select(inexact, w.either(inward, 1), inward));
}

Value saturateToByteFloat(OpBuilder &builder, Location loc, Value x, FloatType type) {
  Words w(builder, loc, x.getType());
  Value bits = w.bits(x);
  if (isExponentOnly(type)) {
    // As integers, positive floats (and zero) are ordered; NaN lies above infinity.
    Value large = w.select(w.above(bits, kLargestPower), w.word(kLargestPower), bits);
    Value inside = w.select(w.below(large, kSmallestPower), w.word(kSmallestPower), large);
    return w.asFloat(w.select(w.above(bits, kInfinity), bits, inside));
  }
  const llvm::fltSemantics &semantics = type.getFloatSemantics();
  APFloat largest = APFloat::getLargest(semantics);
  bool lost;
  largest.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &lost);
  uint32_t limit = largest.bitcastToAPInt().getZExtValue();
  Value magnitude = w.both(bits, kMagnitude);
  Value saturated = w.either(w.both(bits, kSign), limit);
  Value tooLarge = w.below(w.sub(magnitude, limit + 1), kInfinity - limit);
  return w.asFloat(w.select(tooLarge, saturated, bits));
}

Value roundToPowerOfTwo(OpBuilder &builder, Location loc, Value x, bool up) {
  Words w(builder, loc, x.getType());
  constexpr uint32_t fraction = (1u << kMantissaBits) - 1;
  Value bits = w.bits(x);
  // 2^-127 is a denormal.
  uint32_t limit = up ? kSmallestPower + 1 : 1u << kMantissaBits;
  Value power = w.both(up ? w.add(bits, fraction) : bits, ~fraction);
  Value small = up ? w.select(w.equal(bits, 0), bits, w.word(kSmallestPower)) : w.both(bits, kSmallestPower);
  power = w.select(w.below(bits, limit), small, power);
  return w.asFloat(w.select(w.below(bits, kInfinity), power, bits));
}

} // namespace tfc
