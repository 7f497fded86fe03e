// Powers and roots.
#include "Constants.h"
#include "Functions.h"

namespace tfc::expansion {

namespace {
/// log2(x) of a positive normal f64, to 2^-37: times an exponent of up to 2^7 that makes an f32.
Float log2Wide(Float x) {
  Split split = splitWide(x);
  Float s = (split.m - 1.0) / (split.m + 1.0);
  Float tail = polynomial(s * s, {0x1.71547652bee1fp+1, 0x1.ec709d1292971p-1, 0x1.27778019415ebp-1,
                                  0x1.a58d70961229dp-2, 0x1.5cea2adf4fbd6p-2});
  return fma(tail, s, split.k);
}
} // namespace

Float pow(Float x, Float y) {
  // |x|^y: C's rules for 0 and infinity follow from the logarithm, those for 1 do not.
  Float a = abs(x);
  Float logarithm = select(a == 0.0, -kInfinity, select(a < kInfinity, log2Wide(widen(a)), widen(a)));
  Float product = atMost(atLeast(widen(y) * logarithm, -160), 160);
  Float magnitude = narrow(exp2Wide(product));
  magnitude = select(a == 1.0 || y == 0.0, 1.0, magnitude);

  // A negative base lends its sign to odd powers; other than integer powers it has none.
  Bool integral = trunc(y) == y, fractional = trunc(y) != y;
  Float halfY = y * 0.5;
  Bool odd = integral && trunc(halfY) != halfY;
  Float result = select(odd, copysign(magnitude, x), magnitude);
  Bool undefined = x < 0.0 && a < kInfinity && fractional;
  return select(x == 1.0, 1.0, select(undefined, kNaN, result));
}

std::optional<Float> constantPow(Float x, double y) {
  if (y == 1.0)
    return x;
  if (y == 2.0)
    return x * x;
  if (y == 3.0) {
    Float w = widen(x);
    return narrow(w * w * w);
  }
  if (y == -1.0)
    return 1.0 / x;
  // pow(-0, 0.5) is 0 and pow(-infinity, 0.5) infinity, which sqrt does not know.
  if (y == 0.5)
    return select(x == -kInfinity, kInfinity, sqrt(x) + 0.0);
  return std::nullopt;
}

// A third of the bit pattern is a third of the logarithm, nearly; two of Halley's steps, each
// of which triples the number of good bits, follow in f64.
Float cbrt(Float x) {
  Float a = abs(x);
  Bool tiny = a < kSmallestNormal;
  Float scaled = select(tiny, a * 0x1p24, a);
  Float w = widen(scaled);
  Float root = widen(fromBits(toInt(fma(toFloat(bits(scaled)), 1.0 / 3, 709958130))));
  for (int step = 0; step < 2; ++step) {
    Float cube = root * root * root;
    root = root * fma(w, 2.0, cube) / fma(cube, 2.0, w);
  }
  Float result = narrow(select(tiny, root * 0x1p-8, root));
  result = select(a == 0.0, a, result);
  return copysign(select(a < kInfinity, result, a), x);
}

Float rsqrt(Float x) { return 1.0 / sqrt(x); }

} // namespace tfc::expansion
