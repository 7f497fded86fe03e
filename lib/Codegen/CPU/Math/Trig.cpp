// Trigonometric functions and their inverses.
#include "Constants.h"
#include "Functions.h"

namespace tfc::expansion {

namespace {
/// |x| = (quadrant + turn) pi/2, |turn| <= 0.553, for every finite f32.
struct Reduced {
  Float turn;   ///< f64
  Int quadrant; ///< i64, of which the low two bits count
};

// Cody and Waite's reduction in f64 with two constants, c1 + c2 = 2/pi, is exact enough up to
// 2^49. A larger x is a multiple of a large power of two, so that the high bits of 2/pi only
// contribute multiples of 4 quadrants and may go: where x is a multiple of 2^k, c1 + c2 is
// 2/pi modulo 2^(2-k), nearest 0. That gives the same code other constants in each of three
// ranges above 2^49. x is off by at most 2^-58; the f32 nearest to a multiple of pi/2, 2^-29
// away from it, keeps its 24 bits.
Reduced reduce(Float x) {
  Float w = widen(abs(x));
  Bool far = w >= 0x1p49, farther = w >= 0x1p76, farthest = w >= 0x1p102;
  auto choose = [&](double c0, double c1, double c2, double c3) {
    return select(farthest, c3, select(farther, c2, selectLike<Float>(w, far, c1, c0)));
  };
  Float c1 = choose(0x1.45f306dc9c882p-1, 0x1.b9391054a7f0ap-26, -0x1.5ac07b1505c16p-53, -0x1.505c1596447e5p-81);
  Float c2 = choose(0x1.4a7f09d5f47d5p-54, -0x1.505c1596447e5p-81, 0x1.a6ee06db14acdp-107, 0x1.b14acc9e21c82p-135);
  Float sum = fma(w, c1, kRound64);
  Float whole = sum - kRound64;
  // Exact, because w c1 is a multiple of 2^-53 and the difference at most a half.
  Float turn = fma(w, c1, -whole);
  return {fma(w, c2, turn), bits(sum)};
}

/// The sine of |x| + shift pi/2.
Float shiftedSine(Float x, int64_t shift) {
  Reduced reduced = reduce(x);
  Float r = narrow(reduced.turn * kHalfPi);
  Int quadrant = lowHalf(reduced.quadrant) + shift;
  Float z = r * r;
  Float sine = fma(polynomial(z, {-0x1.555538p-3, 0x1.11026cp-7, -0x1.97c2b6p-13}), r * z, r);
  Float cosine = fma(fma(polynomial(z, {0x1.55554p-5, -0x1.6c06a2p-10, 0x1.987846p-16}), z, -0.5), z, 1.0);
  Float magnitude = select((quadrant << 31) < 0, cosine, sine);
  return fromBits(bits(magnitude) ^ ((quadrant & 2) << 30));
}

/// y with the sign of x upon its own.
Float withSignOf(Float x, Float y) {
  constexpr int64_t sign = -(int64_t(1) << 31);
  return fromBits(bits(y) ^ (bits(x) & sign));
}
} // namespace

Float sin(Float x) { return withSignOf(x, shiftedSine(x, 0)); }
Float cos(Float x) { return shiftedSine(x, 1); }

// In f64 throughout: near its poles the tangent shows every bit of the reduced argument.
Float tan(Float x) {
  Reduced reduced = reduce(x);
  Float r = reduced.turn * kHalfPi;
  Float z = r * r;
  Float sine =
      fma(polynomial(z, {-0x1.5555554153b17p-3, 0x1.11110130e77f7p-7, -0x1.a00a4493856cdp-13, 0x1.6bb1d598e506dp-19}),
          r * z, r);
  Float cosine =
      fma(fma(polynomial(z, {0x1.5555407360c45p-5, -0x1.6c06dc28d0badp-10, 0x1.988608211d61dp-16}), z, -0.5), z, 1.0);
  Bool odd = (reduced.quadrant << 63) < 0;
  return withSignOf(x, narrow(select(odd, -cosine, sine) / select(odd, sine, cosine)));
}

namespace {
/// asin(|x|) where |x| <= 0.55, else asin(sqrt((1 - |x|) / 2)), from which asin and acos of x
/// are simple sums. From 0.55 on, twice the latter is below 1, and pi/2 less that loses little.
struct HalfAsin {
  Float angle;
  Bool large;
};
HalfAsin halfAsin(Float x) {
  Float a = abs(x);
  Bool large = a > 0.55;
  Float z = select(large, fma(a, -0.5, 0.5), a * a);
  Float r = select(large, sqrt(z), a);
  Float tail = polynomial(z, {0x1.555532p-3, 0x1.334442p-4, 0x1.6afeep-5, 0x1.11f854p-5, 0x1.1905d4p-7, 0x1.7312ecp-5});
  return {fma(tail, r * z, r), large};
}

/// atan(t), 0 <= t <= 1.
Float atanOfUnit(Float t) {
  Float z = t * t;
  Float tail = polynomial(z, {-0x1.55553ep-2, 0x1.9991e4p-3, -0x1.242086p-3, 0x1.c08c48p-4, -0x1.5808eap-4,
                              0x1.da28ccp-5, -0x1.fd7a2ap-6, 0x1.641eep-7, -0x1.d34beep-10});
  return fma(tail, t * z, t);
}
} // namespace

Float asin(Float x) {
  HalfAsin h = halfAsin(x);
  Float large = kHalfPiHigh - fma(h.angle, 2.0, -kHalfPiLow);
  return copysign(select(h.large, large, h.angle), x);
}

Float acos(Float x) {
  HalfAsin h = halfAsin(x);
  Float small = kHalfPiHigh - (copysign(h.angle, x) - kHalfPiLow);
  Float twice = h.angle + h.angle;
  Float large = select(x < 0.0, kPiHigh - (twice - kPiLow), twice);
  return select(h.large, large, small);
}

Float atan(Float x) {
  Float a = abs(x);
  Bool large = a > 1.0;
  Float angle = atanOfUnit(select(large, 1.0 / a, a));
  return copysign(select(large, kHalfPiHigh - (angle - kHalfPiLow), angle), x);
}

// The smaller of |y| and |x| over the larger gives an angle of the first octant. The full angle
// is that, added to or subtracted from 0, pi/2 or pi.
Float atan2(Float y, Float x) {
  Float ay = abs(y), ax = abs(x);
  Bool steep = ay > ax, left = bits(x) < 0;
  Float shorter = select(steep, ax, ay);
  // 0 / 0 is to be 0 and infinity / infinity 1.
  Float longer = atLeast(select(steep, ay, ax), kSmallestDenormal);
  Float ratio = select(shorter == longer, 1.0, shorter / longer);
  Float angle = atanOfUnit(ratio);
  Float signedAngle = select(steep ^ left, -angle, angle);
  auto choose = [&](double up, double back) { return select(steep, up, selectLike<Float>(x, left, back, 0.0)); };
  Float full = choose(kHalfPiHigh, kPiHigh) + (choose(kHalfPiLow, kPiLow) + signedAngle);
  return copysign(full, y);
}

} // namespace tfc::expansion
