// Exponentials: the argument is cut into an integer power of two and a remainder, on which a
// polynomial is good.
#include "Constants.h"
#include "Functions.h"

namespace tfc::expansion {

Float powerOfTwo(Float sum) { return fromBits(bits(sum) << 23); }

// e^x = e^r 2^m 2^m. Two factors, because neither 2^128 nor 2^-149 is one; multiplied in last, one
// after the other, they round once. That they are equal costs a remainder r of up to ln 2 and
// one more coefficient, but saves making two.
Float exp(Float x) {
  // Beyond these bounds the result is 0 or infinity anyway.
  x = atMost(atLeast(x, -104), 89);
  Float sum = fma(x, kLog2e / 2, kRoundBiased);
  Float m = sum - kRoundBiased;
  Float r = fma(m, -2 * kLn2Low, fma(m, -2 * kLn2High, x));
  Float tail =
      polynomial(r, {0x1.00000cp-1, 0x1.555514p-3, 0x1.5549fp-5, 0x1.1126eap-7, 0x1.71beecp-10, 0x1.9ba6aap-13});
  Float half = powerOfTwo(sum);
  return fma(fma(tail, r, 1.0), r, 1.0) * half * half;
}

Float exp2(Float x) {
  x = atMost(atLeast(x, -151), 129);
  Float sum = fma(x, 0.5, kRoundBiased);
  Float r = fma(sum - kRoundBiased, -2.0, x);
  Float tail = polynomial(
      r, {0x1.62e432p-1, 0x1.ebfbf8p-3, 0x1.c6af9cp-5, 0x1.3b1ffp-7, 0x1.5dbecp-10, 0x1.481b0ep-13, 0x1.f48a1p-17});
  Float half = powerOfTwo(sum);
  return fma(tail, r, 1.0) * half * half;
}

// e^x - 1 = 2^n (e^r - 1) + (2^n - 1): both terms keep their relative precision. All is a quarter
// of itself until the end, for 2^128 is no float.
Float expm1(Float x) {
  constexpr double round = kRoundBiased - 2;
  Float clamped = atMost(atLeast(x, -18), 89);
  Float sum = fma(clamped, kLog2e, round);
  Float n = sum - round;
  Float r = fma(n, -kLn2Low, fma(n, -kLn2High, clamped));
  Float tail = polynomial(r, {0x1.fffffep-2, 0x1.5554b4p-3, 0x1.5556f2p-5, 0x1.122544p-7, 0x1.6b9c5cp-10});
  Float quarter = powerOfTwo(sum);
  Float result = fma(fma(r * r, tail, r), quarter, quarter - 0.25) * 4.0;
  // A quarter of the smallest numbers is not representable, and -0 is to stay.
  return select(abs(x) < 0x1p-25, x, result);
}

Float exp2Wide(Float x) {
  constexpr double round = kRound64 + 1023;
  Float sum = x + round;
  Float r = x - (sum - round);
  Float tail = polynomial(r, {0x1.62e430af60ebcp-1, 0x1.ebfbdc3b059ap-3, 0x1.c6aee83882a56p-5, 0x1.3b2d4d8499909p-7,
                              0x1.5f3e7fdabc299p-10, 0x1.41fb94d7ba0e5p-13});
  return fma(tail, r, 1.0) * fromBits(bits(sum) << 52);
}

} // namespace tfc::expansion
