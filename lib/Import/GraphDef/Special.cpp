// Special functions of one and two operands. All are evaluated in f64, whatever the operands:
// their sums cancel.
#include "Special.h"

#include "OpRegistry.h"

using namespace mlir;

namespace tfc::tf {

using llvm::numbers::pi;

/// c[0] + x (c[1] + x (c[2] + ...)).
static Term polynomial(Term x, ArrayRef<double> c) {
  Term sum = x.number(c.back());
  for (double coefficient : llvm::reverse(c.drop_back()))
    sum = sum * x + coefficient;
  return sum;
}

static Term sin(Term x) { return x.apply<dfg::SinOp>(); }

//===----------------------------------------------------------------------===//
// The gamma function and its derivatives
//===----------------------------------------------------------------------===//

/// Lanczos' approximation (g = 7); below 1/2 by reflection.
Term lgamma(Term x) {
  static constexpr double c[] = {676.5203681218851,     -1259.1392167224028,  771.32342877765313,
                                 -176.61502916214059,   12.507343278686905,   -0.13857109526572012,
                                 9.9843695780195716e-6, 1.5056327351493116e-7};
  Term isSmall = x < 0.5, z = select(isSmall, -x, x - 1.0);
  Term sum = z.number(0.99999999999980993);
  for (auto [i, coefficient] : llvm::enumerate(c))
    sum = sum + coefficient / (z + double(i + 1));
  Term t = z + 7.5;
  Term y = log(sum) + (z + 0.5) * log(t) - t + 0.5 * std::log(2 * pi);
  Term reflected = std::log(pi) - log(abs(sin((abs(x) - floor(abs(x))) * pi))) - y;
  y = select(isSmall, reflected, y);
  Term isInfinite = equal(abs(x), HUGE_VAL);
  return select(isInfinite, abs(x), y);
}

/// Shifted up to where the asymptotic series is exact; below 1/2 by reflection.
Term digamma(Term x) {
  constexpr int kShift = 8;
  Term isSmall = x < 0.5, z = select(isSmall, 1.0 - x, x);
  Term y = z + double(kShift), inverse = 1.0 / y;
  Term sum = log(y) - inverse * 0.5 -
             square(inverse) * polynomial(square(inverse), {1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132,
                                                            -691.0 / 32760, 1.0 / 12});
  for (int i = 0; i < kShift; ++i)
    sum = sum - 1.0 / (z + double(i));
  // There is no value at the poles: 0 and negative integers.
  Term whole = floor(x), angle = (x - whole) * pi;
  Term cotangent = select(equal(x, whole), x.number(NAN), pi * cos(angle) / sin(angle));
  return select(isSmall, sum - cotangent, sum);
}

/// Hurwitz' zeta function: a sum, and what is left of it by Euler and Maclaurin.
static Term zeta(Term x, Term q) {
  constexpr int kTerms = 12;
  // (2j)! / B(2j).
  static constexpr double c[] = {12.0,          -720.0,
                                 30240.0,       -1209600.0,
                                 47900160.0,    -1307674368000.0 / 691,
                                 74724249600.0, -10670622842880000.0 / 3617};
  auto power = [](Term base, Term exponent) { return base.apply<dfg::PowOp>(exponent); };
  Term sum = power(q, -x);
  for (int i = 1; i < kTerms; ++i)
    sum = sum + power(q + double(i), -x);
  Term a = q + double(kTerms), last = power(a, -x);
  sum = sum + last * a / (x - 1.0) + last * 0.5;
  Term factor = x * last / a;
  for (int i = 0; i < int(std::size(c)); ++i) {
    sum = sum + factor / c[i];
    factor = factor * (x + double(2 * i + 1)) * (x + double(2 * i + 2)) / (a * a);
  }
  Term isOutside = (x <= 1.0).apply<dfg::OrOp>(q <= 0.0);
  return select(isOutside, select(equal(x, 1.0), x.number(HUGE_VAL), x.number(NAN)), sum);
}

static Term polygamma(Term n, Term x) {
  Term isOdd = equal(n.apply<dfg::ModOp>(n.number(2)), 1.0);
  Term y = exp(lgamma(n + 1.0)) * zeta(n + 1.0, x);
  return select(equal(n, 0.0), digamma(x), select(isOdd, y, -y));
}

//===----------------------------------------------------------------------===//
// The normal distribution
//===----------------------------------------------------------------------===//

/// exp(-x * x) times a Chebyshev series (Numerical Recipes, 3rd edition, 6.2.2), so that small
/// results are as exact as large ones.
static Term erfc(Term x) {
  static constexpr double c[] = {-1.3026537197817094,
                                 6.4196979235649026e-1,
                                 1.9476473204185836e-2,
                                 -9.561514786808631e-3,
                                 -9.46595344482036e-4,
                                 3.66839497852761e-4,
                                 4.2523324806907e-5,
                                 -2.0278578112534e-5,
                                 -1.624290004647e-6,
                                 1.303655835580e-6,
                                 1.5626441722e-8,
                                 -8.5238095915e-8,
                                 6.529054439e-9,
                                 5.059343495e-9,
                                 -9.91364156e-10,
                                 -2.27365122e-10,
                                 9.6467911e-11,
                                 2.394038e-12,
                                 -6.886027e-12,
                                 8.94487e-13,
                                 3.13092e-13,
                                 -1.12708e-13,
                                 3.81e-16,
                                 7.106e-15,
                                 -1.523e-15,
                                 -9.4e-17,
                                 1.21e-16,
                                 -2.8e-17};
  Term z = abs(x), t = 2.0 / (z + 2.0), y = t * 4.0 - 2.0;
  Term d = z.number(0), before = d;
  for (double coefficient : llvm::reverse(ArrayRef(c).drop_front())) {
    Term next = y * d - before + coefficient;
    before = d;
    d = next;
  }
  Term tail = t * exp(-z * z + 0.5 * (c[0] + y * d) - before);
  return select(x < 0.0, 2.0 - tail, tail);
}

/// The quantile of a probability (Wichura, Algorithm AS 241, 1988).
static Term ndtri(Term p) {
  static constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                 1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double b[] = {1.0,
                                 4.2313330701600911252e+1,
                                 6.8718700749205790830e+2,
                                 5.3941960214247511077e+3,
                                 2.1213794301586595867e+4,
                                 3.9307895800092710610e+4,
                                 2.8729085735721942674e+4,
                                 5.2264952788528545610e+3};
  static constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                 3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[] = {1.0,
                                 2.05319162663775882187e0,
                                 1.67638483018380384940e0,
                                 6.89767334985100004550e-1,
                                 1.48103976427480074590e-1,
                                 1.51986665636164571966e-2,
                                 5.47593808499534494600e-4,
                                 1.05075007164441684324e-9};
  static constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[] = {1.0,
                                 5.99832206555887937690e-1,
                                 1.36929880922735805310e-1,
                                 1.48753612908506148525e-2,
                                 7.86869131145613259100e-4,
                                 1.84631831751005468180e-5,
                                 1.42151175831644588870e-7,
                                 2.04426310338993978564e-15};
  auto ratio = [](Term x, ArrayRef<double> above, ArrayRef<double> below) {
    return polynomial(x, above) / polynomial(x, below);
  };
  Term q = p - 0.5;
  Term center = q * ratio(0.180625 - q * q, a, b);
  Term r = sqrt(-log(min(p, 1.0 - p)));
  Term tail = select(r <= 5.0, ratio(r - 1.6, c, d), ratio(r - 5.0, e, f));
  tail = select(equal(r, HUGE_VAL), r, tail);
  return select(abs(q) <= 0.425, center, select(q < 0.0, -tail, tail));
}

static Term erfinv(Term x) { return ndtri((x + 1.0) * 0.5) * std::sqrt(0.5); }

//===----------------------------------------------------------------------===//
// Bessel functions and the exponential integral
//===----------------------------------------------------------------------===//

/// exp(-|x|) I(order, x): the power series, whose terms all have one sign, and far out the
/// asymptotic one.
template <int order> static Term besselIe(Term x) {
  constexpr int kSeries = 48, kAsymptotic = 16;
  constexpr double kFar = 20;
  Term z = abs(x), near = min(z, kFar), quarter = near * near * 0.25;
  Term sum = z.number(1);
  for (int k = kSeries; k > 0; --k)
    sum = sum * quarter * (1.0 / (k * double(k + order))) + 1.0;
  if (order == 1)
    sum = sum * near * 0.5;
  Term far = max(z, kFar), series = z.number(1);
  for (int k = kAsymptotic; k > 0; --k)
    series = 1.0 - series * ((4.0 * order * order - (2 * k - 1) * (2 * k - 1)) / (8.0 * k)) / far;
  Term y = select(z <= kFar, sum * exp(-near), series / sqrt(far * (2 * pi)));
  return order == 1 ? select(x < 0.0, -y, y) : y;
}
template <int order> static Term besselI(Term x) { return besselIe<order>(x) * exp(abs(x)); }

/// Ei(x): a power series near 0, an asymptotic one above; TensorFlow has none below.
static Term expint(Term x) {
  constexpr int kSeries = 100, kAsymptotic = 36;
  constexpr double kEuler = 0.57721566490153286061, kAbove = 36;
  Term near = min(x, kAbove), sum = x.number(1.0 / kSeries);
  // Sum of x^k / (k k!), from the back.
  for (int k = kSeries - 1; k > 0; --k)
    sum = sum * near * (1.0 / (k + 1)) + 1.0 / k;
  sum = sum * near + log(near) + kEuler;
  Term far = max(x, kAbove), series = x.number(1);
  for (int k = kAsymptotic; k > 0; --k)
    series = series * double(k) / far + 1.0;
  return select(x > kAbove, exp(far) / far * series, sum);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

template <auto function> static LogicalResult importSpecial(NodeContext &c) {
  constexpr bool isBinary = std::is_same_v<decltype(function), Term (*)(Term, Term)>;
  if (failed(c.requireRank(0, 0)) || (isBinary && failed(c.requireSameElements({0, 1}))))
    return failure();
  Type element = c.b.elementType(c.input(0)), f64 = c.b.builder.getF64Type();
  if (!isa<FloatType>(element))
    return c.error() << "has " << c.input(0).getType() << ", expected floats";
  Term x = Term(c.b, c.input(0)).cast(f64);
  if constexpr (isBinary)
    return c.result(function(x, Term(c.b, c.input(1)).cast(f64)).cast(element));
  else
    return c.result(function(x).cast(element));
}

void registerSpecialOps(OpRegistry &ops) {
  ops.add("BesselI0", importSpecial<&besselI<0>>);
  ops.add("BesselI0e", importSpecial<&besselIe<0>>);
  ops.add("BesselI1", importSpecial<&besselI<1>>);
  ops.add("BesselI1e", importSpecial<&besselIe<1>>);
  ops.add("Digamma", importSpecial<&digamma>);
  ops.add("Erfc", importSpecial<&erfc>);
  ops.add("Erfinv", importSpecial<&erfinv>);
  ops.add("Expint", importSpecial<&expint>);
  ops.add("Lgamma", importSpecial<&lgamma>);
  ops.add("Ndtri", importSpecial<&ndtri>);
  ops.add("Polygamma", importSpecial<&polygamma>);
  ops.add("Zeta", importSpecial<&zeta>);
}

} // namespace tfc::tf
