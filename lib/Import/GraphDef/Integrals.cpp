// Bessel functions and other integrals without a closed form, in f64.
#include <cmath>

#include "OpRegistry.h"
#include "Special.h"

using namespace mlir;

namespace tfc::tf {

using llvm::numbers::pi;
constexpr double kEuler = 0.57721566490153286061;

static Term sin(Term x) { return x.apply<dfg::SinOp>(); }

//===----------------------------------------------------------------------===//
// Bessel functions
//===----------------------------------------------------------------------===//

/// Power series in -(x/2)^2 or (x/2)^2 with the terms' own factors, from the back: sums of
/// factor(k) z^k / (k! (k + order)!).
static Term besselSeries(Term z, int order, int terms, llvm::function_ref<double(int)> factor) {
  Term sum = z.number(0);
  for (int k = terms; k >= 0; --k)
    sum = sum * z * (1.0 / ((k + 1.0) * (k + 1.0 + order))) + factor(k);
  return sum;
}
static double harmonic(int k) {
  double sum = 0;
  for (int i = 1; i <= k; ++i)
    sum += 1.0 / i;
  return sum;
}

/// Where the oscillating functions go over from power to asymptotic series: errors of both
/// are about 1e-12 there.
constexpr double kFar = 14;

namespace {
/// Hankel's series: sqrt(2 / (pi x)) (p cos(angle) - q sin(angle)) is J, with sine and cosine
/// exchanged Y.
struct Hankel {
  Term p, q, angle, scale;

  Hankel(Term x, int order) : p(x), q(x), angle(x), scale(x) {
    constexpr int kTerms = 12;
    double mu = 4.0 * order * order, a = 1;
    SmallVector<double> even, odd;
    for (int k = 1; k <= 2 * kTerms; ++k) {
      a *= (mu - (2.0 * k - 1) * (2.0 * k - 1)) / (8.0 * k);
      (k % 2 ? odd : even).push_back(k / 2 % 2 ? -a : a);
    }
    Term inverse = 1.0 / x, z = square(inverse);
    p = x.number(0);
    q = x.number(0);
    for (double c : llvm::reverse(even))
      p = (p + c) * z;
    p = p + 1.0;
    for (double c : llvm::reverse(odd))
      q = q * z + c;
    q = q * inverse;
    angle = x - (order * 0.5 + 0.25) * pi;
    scale = sqrt(inverse * (2 / pi));
  }
  Term j() const { return scale * (p * cos(angle) - q * sin(angle)); }
  Term y() const { return scale * (p * sin(angle) + q * cos(angle)); }
};
} // namespace

constexpr int kBesselTerms = 40;

template <int order> static Term besselJNear(Term x) {
  Term y = besselSeries(-square(x) * 0.25, order, kBesselTerms, [](int) { return 1.0; });
  return order ? y * x * 0.5 : y;
}

template <int order> static Term besselJ(Term x) {
  Term z = abs(x), y = select(z < kFar, besselJNear<order>(min(z, kFar)), Hankel(max(z, kFar), order).j());
  return order ? select(x < 0.0, -y, y) : y;
}

template <int order> static Term besselY(Term x) {
  Term near = min(x, kFar), logarithm = log(near * 0.5);
  Term z = -square(near) * 0.25, y = besselJNear<order>(near) * logarithm * (2 / pi);
  if (order == 0)
    y = y - besselSeries(z, 0, kBesselTerms, [](int k) { return harmonic(k) - kEuler; }) * (2 / pi);
  else
    y = y - 2 / pi / near - near * 0.5 / pi * besselSeries(z, 1, kBesselTerms, [](int k) {
                              return harmonic(k) + harmonic(k + 1) - 2 * kEuler;
                            });
  return select(x < kFar, y, Hankel(max(x, kFar), order).y());
}

/// exp(x) K(order, x): near 0 by the power series, else by the trapezoidal rule on the integral
/// of exp(-x (cosh t - 1)) cosh(order t), which converges exponentially.
template <int order> static Term besselKe(Term x) {
  constexpr int kNear = 14, kPoints = 26;
  constexpr double kStep = 0.35;
  Term near = min(x, 1.0), z = square(near) * 0.25, logarithm = log(near * 0.5), y = near;
  auto one = [](int) { return 1.0; };
  if (order == 0)
    y = besselSeries(z, 0, kNear, [](int k) { return harmonic(k) - kEuler; }) -
        logarithm * besselSeries(z, 0, kNear, one);
  else
    y = 1.0 / near + logarithm * near * 0.5 * besselSeries(z, 1, kNear, one) -
        near * 0.25 * besselSeries(z, 1, kNear, [](int k) { return harmonic(k) + harmonic(k + 1) - 2 * kEuler; });
  Term far = max(x, 1.0), step = kStep / sqrt(far), sum = x.number(0.5);
  for (int k = 1; k <= kPoints; ++k) {
    Term t = min(step * double(k), 20.0), half = (t * 0.5).apply<dfg::SinhOp>();
    Term value = exp(-far * square(half) * 2.0);
    sum = sum + (order ? value * t.apply<dfg::CoshOp>() : value);
  }
  return select(x < 1.0, y * exp(near), sum * step);
}
template <int order> static Term besselK(Term x) { return besselKe<order>(x) * exp(-x); }

//===----------------------------------------------------------------------===//
// Others
//===----------------------------------------------------------------------===//

/// exp(-x^2) times the integral of exp(t^2) from 0 to x (Rybicki, 1989).
static Term dawson(Term x) {
  constexpr double kStep = 0.25, kFarOut = 40;
  constexpr int kTerms = 13;
  Term z = abs(x), near = min(z, kFarOut), origin = round(near * (0.5 / kStep)) * 2.0;
  Term rest = near - origin * kStep, sum = x.number(0);
  for (int k = -kTerms; k < kTerms; ++k) {
    double odd = 2 * k + 1;
    sum = sum + exp(-square(rest - odd * kStep)) / (origin + odd);
  }
  sum = sum * (1 / std::sqrt(pi));
  // Series in x^2 and 1 / x^2.
  Term w = square(min(z, 0.2)), small = x.number(0), far = max(z, kFarOut), v = 0.5 / square(far), large = x.number(1);
  for (int k = 10; k >= 0; --k)
    small = 1.0 - small * w * (2.0 / (2 * k + 3));
  for (int k = 5; k > 0; --k)
    large = 1.0 + large * v * (2.0 * k - 1);
  Term y = select(z < 0.2, z * small, select(z < kFarOut, sum, large * 0.5 / far));
  return select(x < 0.0, -y, y);
}

/// The integral of sin (or cos) of pi t^2 / 2 from 0 to x.
template <bool isSine> static Term fresnel(Term x) {
  constexpr double kBorder = 3.6;
  constexpr int kNear = 45, kFarTerms = 10;
  Term z = abs(x), near = min(z, kBorder), w = square(square(near) * (pi / 2));
  // Terms (-1)^k w^k / (2k)! / (4k + 1), or those of odd powers, from the back.
  Term sum = x.number(0);
  for (int k = kNear; k >= 0; --k) {
    double n = isSine ? 2 * k + 1 : 2 * k;
    sum = 1.0 / (2 * n + 1) - sum * w * (1.0 / ((n + 1) * (n + 2)));
  }
  sum = sum * near;
  if (isSine)
    sum = sum * square(near) * (pi / 2);
  Term far = max(z, kBorder), u = 1.0 / (square(far) * pi), v = square(u), f = x.number(1), g = x.number(1);
  for (int m = kFarTerms; m > 0; --m) {
    f = 1.0 - f * v * ((4.0 * m - 1) * (4.0 * m - 3));
    g = 1.0 - g * v * ((4.0 * m + 1) * (4.0 * m - 1));
  }
  f = f / (far * pi);
  g = g * u / (far * pi);
  // The angle's whole turns drop out: that of a large x would be out of reach of the sine.
  Term half = square(far) * 0.25, angle = (half - floor(half)) * (2 * pi);
  Term tail = isSine ? 0.5 - f * cos(angle) - g * sin(angle) : 0.5 + f * sin(angle) - g * cos(angle);
  Term y = select(z < kBorder, sum, select(equal(z, HUGE_VAL), z.number(0.5), tail));
  return select(x < 0.0, -y, y);
}

/// Spence's integral, the dilogarithm of 1 - x.
static Term spence(Term x) {
  constexpr int kTerms = 50;
  Term isAbove = x > 1.5, y = select(isAbove, 1.0 / x, x), isLow = y < 0.5, w = select(isLow, y, 1.0 - y);
  Term sum = x.number(0);
  for (int k = kTerms; k > 0; --k)
    sum = (sum + 1.0 / (double(k) * k)) * w;
  Term logarithms = select(equal(y, 0.0), y, log(y) * log1p(-y));
  Term mirrored = pi * pi / 6 - logarithms - sum;
  sum = select(isLow, mirrored, sum);
  return select(isAbove, -0.5 * square(log(x)) - sum, sum);
}

template <Term (*function)(Term)> static LogicalResult importIntegral(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  Type element = c.b.elementType(c.input(0));
  if (!isa<FloatType>(element))
    return c.error() << "has " << c.input(0).getType() << ", expected floats";
  return c.result(function(Term(c.b, c.input(0)).cast(c.b.builder.getF64Type())).cast(element));
}

void registerIntegralOps(OpRegistry &ops) {
  ops.add("BesselJ0", importIntegral<besselJ<0>>);
  ops.add("BesselJ1", importIntegral<besselJ<1>>);
  ops.add("BesselK0", importIntegral<besselK<0>>);
  ops.add("BesselK0e", importIntegral<besselKe<0>>);
  ops.add("BesselK1", importIntegral<besselK<1>>);
  ops.add("BesselK1e", importIntegral<besselKe<1>>);
  ops.add("BesselY0", importIntegral<besselY<0>>);
  ops.add("BesselY1", importIntegral<besselY<1>>);
  ops.add("Dawsn", importIntegral<dawson>);
  ops.add("FresnelCos", importIntegral<fresnel<false>>);
  ops.add("FresnelSin", importIntegral<fresnel<true>>);
  ops.add("Spence", importIntegral<spence>);
}

} // namespace tfc::tf
