// Hyperbolic functions and their inverses.
#include "Constants.h"
#include "Functions.h"

namespace tfc::expansion {

namespace {
/// e^x in f64, x an f32 that may exceed the range of sinh and cosh a little.
Float expWide(Float x) { return exp2Wide(widen(atMost(x, 90)) * kLog2e); }
} // namespace

// The difference of e^a and e^-a has lost too much below 1, even in f64.
Float sinh(Float x) {
  Float a = abs(x), z = a * a;
  Float small = fma(polynomial(z, {0x1.555598p-3, 0x1.10f76p-7, 0x1.ab428ap-13}), z * a, a);
  Float e = expWide(a);
  return copysign(select(a < 1.0, small, narrow(fma(e, 0.5, -0.5 / e))), x);
}

Float cosh(Float x) {
  Float e = expWide(abs(x));
  return narrow(fma(e, 0.5, 0.5 / e));
}

// tanh a = h / (h + 1), 2 h = e^(2a) - 1 = 2^n (e^(2r) - 1) + (2^n - 1), |r| <= ln 2 / 4. Errors of
// h lose weight as it grows, so one constant for ln 2 is enough.
Float tanh(Float x) {
  Float a = atMost(abs(x), 9.1);
  Float sum = fma(a, 2 * kLog2e, kRoundBiased);
  Float r = fma(sum - kRoundBiased, -kLn2 / 2, a);
  Float tail = polynomial(r, {0x1.fffffep-1, 0x1.5554b4p-1, 0x1.5556f2p-2, 0x1.122552p-3, 0x1.6b9c8cp-5});
  Float power = powerOfTwo(sum);
  Float h = fma(fma(r * r, tail, r), power, fma(power, 0.5, -0.5));
  return copysign(h / (h + 1.0), x);
}

namespace {
/// Below it asinh and atanh are their argument: x^3 / 3 is a quarter of an ulp.
constexpr double kIdentity = 0x1p-12;
} // namespace

// The inverses are logarithms of sums that cancel around 0 or 1. In f64 that leaves enough.

Float asinh(Float x) {
  Float a = abs(x), w = widen(a);
  Float result = narrow(logWide(w + sqrt(fma(w, w, 1.0))));
  result = select(a < kIdentity, a, result);
  return copysign(select(a < kInfinity, result, a), x);
}

Float acosh(Float x) {
  Float w = widen(x);
  Float result = narrow(logWide(w + sqrt(fma(w, w, -1.0))));
  result = select(x < 1.0, kNaN, result);
  return select(x < kInfinity, result, x);
}

Float atanh(Float x) {
  Float a = abs(x), w = widen(a);
  Float result = narrow(logWide((1.0 + w) / (1.0 - w)) * 0.5);
  result = select(a < kIdentity, a, result);
  Float limit = selectLike<Float>(x, a == 1.0, kInfinity, kNaN);
  return copysign(select(a < 1.0, result, limit), x);
}

} // namespace tfc::expansion
