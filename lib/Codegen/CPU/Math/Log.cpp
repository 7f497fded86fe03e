// Logarithms: x = 2^k m with m between the square roots of 1/2 and 2, and a polynomial in m - 1.
#include "Constants.h"
#include "Functions.h"

namespace tfc::expansion {

namespace {
constexpr int64_t kOneBits32 = 0x3f800000;
constexpr int64_t kSqrtHalfBits32 = 0x3f3504f3;
constexpr int64_t kMantissa32 = 0x007fffff;

/// The Split of a positive finite f32, denormals included.
Split split(Float x) {
  // Denormals are scaled by 2^23; the exponent's origin moves along.
  Bool tiny = x < kSmallestNormal;
  Int pattern = bits(select(tiny, x * 0x1p23, x));
  Int origin = selectLike<Int>(pattern, tiny, kSqrtHalfBits32 + (int64_t(23) << 23), kSqrtHalfBits32);
  Int offset = pattern - origin;
  return {toFloat(offset >> 23), fromBits((offset & kMantissa32) + kSqrtHalfBits32)};
}

/// log(1 + f) for 1 + f the m of a Split.
Float logTail(Float f) {
  Float tail = polynomial(f, {-0x1.fffff8p-2, 0x1.55555p-2, -0x1.000438p-2, 0x1.99a428p-3, -0x1.542422p-3, 0x1.226b3p-3,
                              -0x1.0f4cb6p-3, 0x1.087dap-3, -0x1.385024p-4});
  return fma(f * f, tail, f);
}

/// `result` where the logarithm of a finite positive number is asked for, else the limit, NaN,
/// or x itself (infinity and NaN).
Float special(Float x, Float result, double zero) {
  Float limit = selectLike<Float>(x, x == zero, -kInfinity, kNaN);
  return select(x <= zero, limit, select(x < kInfinity, result, x));
}
} // namespace

Float log(Float x) {
  Split s = split(x);
  // k times the error of ln 2 as a float stays below 0.1 ulp of the sum.
  return special(x, fma(s.k, kLn2, logTail(s.m - 1.0)), 0.0);
}

Float log2(Float x) {
  Split s = split(x);
  Float f = s.m - 1.0;
  Float tail = polynomial(f, {0x1.715476p+0, -0x1.715476p-1, 0x1.ec720ap-2, -0x1.7156c8p-2, 0x1.273918p-2,
                              -0x1.eb1688p-3, 0x1.abcb52p-3, -0x1.8bee06p-3, 0x1.4e84bep-3, -0x1.46504ap-4});
  return special(x, fma(f, tail, s.k), 0.0);
}

Float log10(Float x) {
  Split s = split(x);
  Float f = s.m - 1.0;
  Float tail = polynomial(f, {0x1.bcb7b2p-2, -0x1.bcb7b2p-3, 0x1.2878ecp-3, -0x1.bcb64ep-4, 0x1.645582p-4,
                              -0x1.28b492p-4, 0x1.e9c514p-5, -0x1.b57cfp-5, 0x1.06125ep-4, -0x1.a33bfp-5});
  constexpr double high = 0x1.344136p-2, low = -0x1.ec10c0219dc1ep-27;
  return special(x, fma(s.k, high, fma(s.k, low, f * tail)), 0.0);
}

// The exponent k of 1 + x, and f = 2^-k (1 + x) - 1 put together so that no bit of x is lost.
// Working with -k keeps the sign of zero: (-0) - 0 and (-0) + 0 * -ln 2 are both -0.
Float log1p(Float x) {
  // Rounding up what is subtracted from gives floor(k), negated, in the exponent's place.
  Int minusK = (kSqrtHalfBits32 + kMantissa32 - bits(1.0 + x)) & ~kMantissa32;
  Float scaled = fromBits(bits(x) + minusK);
  // 2^-128, which is denormal, may count as 0.
  Float one = fromBits(atLeast(kOneBits32 + minusK, 0));
  Float f = scaled - (1.0 - one);
  return special(x, fma(toFloat(minusK >> 23), -kLn2, logTail(f)), -1.0);
}

// In f64 there are no denormals to mind, and no instruction that turns a 64-bit integer into a
// float: the exponent is read by the trick of kRound64, with 1023 added to keep it positive.
Split splitWide(Float x) {
  constexpr int64_t sqrtHalf = 0x3fe6a09e667f3bcd, mantissa = 0x000fffffffffffff;
  Int offset = bits(x) - (sqrtHalf - (int64_t(1023) << 52));
  Float k = fromBits(shiftRightUnsigned(offset, 52) + bits(x.constant(kRound64))) - (kRound64 + 1023);
  return {k, fromBits((offset & mantissa) + sqrtHalf)};
}

Float logWide(Float x) {
  Split s = splitWide(x);
  return fma(s.k, kLn2, logTail(s.m - 1.0));
}

} // namespace tfc::expansion
