// The library's functions are polynomials in f64 that are rounded once, so that the same
// polynomials give the same bits. Which they do for every u that Box and Muller's
// transformation takes: the 2^23 multiples of 2^-23 (log), and these times 2 pi (sin, cos).
#include "LibraryMath.h"

using namespace mlir;

namespace tfc::tf {

static Type f32(Term x) { return x.builder().builder.getF32Type(); }
static Type f64(Term x) { return x.builder().builder.getF64Type(); }

/// Coefficients from the highest power on.
static Term polynomial(Term x, ArrayRef<double> coefficients) {
  Term y = x.number(coefficients.front());
  for (double coefficient : coefficients.drop_front())
    y = y * x + coefficient;
  return y;
}

/// The table's entry for each index.
static Term lookUp(Term index, ArrayRef<double> table) {
  GraphBuilder &b = index.builder();
  Value values = b.fromNumbers(table, {int64_t(table.size())}, b.builder.getF64Type());
  return {b, b.create<dfg::GatherOp>(values, Value(index), int64_t(0))};
}

Term libraryLog(Term x) {
  // x is z 2^k, z lies in one of 16 intervals around 1, and log x is
  // log(1 + r) + log(1 / inverse) + k log 2 with the inverse of the interval's middle.
  static constexpr double kInverses[16] = {
      0x1.661ec79f8f3bep+0, 0x1.571ed4aaf883dp+0, 0x1.49539f0f010bp+0,  0x1.3c995b0b80385p+0, 0x1.30d190c8864a5p+0,
      0x1.25e227b0b8eap+0,  0x1.1bb4a4a1a343fp+0, 0x1.12358f08ae5bap+0, 0x1.0953f419900a7p+0, 0x1p+0,
      0x1.e608cfd9a47acp-1, 0x1.ca4b31f026aap-1,  0x1.b2036576afce6p-1, 0x1.9c2d163a1aa2dp-1, 0x1.886e6037841edp-1,
      0x1.767dcf5534862p-1};
  static constexpr double kLogs[16] = {
      -0x1.57bf7808caadep-2, -0x1.2bef0a7c06ddbp-2, -0x1.01eae7f513a67p-2, -0x1.b31d8a68224e9p-3, -0x1.6574f0ac07758p-3,
      -0x1.1aa2bc79c81p-3,   -0x1.a4e76ce8c0e5ep-4, -0x1.1973c5a611cccp-4, -0x1.252f438e10c1ep-5, 0x0p+0,
      0x1.aa5aa5df25984p-5,  0x1.c5e53aa362eb4p-4,  0x1.526e57720db08p-3,  0x1.bc2860d22477p-3,   0x1.1058bc8a07ee1p-2,
      0x1.4043057b6ee09p-2};
  constexpr double kLn2 = 0x1.62e42fefa39efp-1;
  constexpr int kFirst = 0x3f330000; // the bits of where the first interval begins
  constexpr int kBias = 128;         // of k, so that all numbers are positive

  GraphBuilder &b = x.builder();
  Term bits = Term(b, b.createAs<dfg::BitcastOp>(b.builder.getI32Type(), Value(x))).cast(b.builder.getI64Type());
  Term place = bits + (double(kBias) * (1 << 23) - kFirst);
  Term k = place.apply<dfg::ShrOp>(place.number(23)) - double(kBias);
  Term interval = place.apply<dfg::ShrOp>(place.number(19)) & place.number(15);
  Term zBits = (bits - k * double(1 << 23)).cast(b.builder.getI32Type());
  Term z = Term(b, b.createAs<dfg::BitcastOp>(f32(x), Value(zBits))).cast(f64(x));
  Term r = z * lookUp(interval, kInverses) - 1.0;
  Term y0 = lookUp(interval, kLogs) + k.cast(f64(x)) * kLn2;
  Term series = polynomial(r, {-0x1.00ea348b88334p-2, 0x1.5575b0be00b6ap-2, -0x1.ffffef20a4123p-2});
  return (series * (r * r) + (y0 + r)).cast(f32(x));
}

SinCos librarySinCos(Term x) {
  // Less n quarters of a turn, at most an eighth is left.
  Term wide = x.cast(f64(x)), n = floor(wide * 0x1.45f306dc9c883p-1 + 0.5);
  Term r = wide - n * 0x1.921fb54442d18p0, r2 = r * r;
  Term sine = r + r * r2 * polynomial(r2, {-0x1.994eb3774cf24p-13, 0x1.1107605230bc4p-7, -0x1.555545995a603p-3});
  Term cosine =
      polynomial(r2, {0x1.99343027bf8c3p-16, -0x1.6c087e89a359dp-10, 0x1.55553e1068f19p-5, -0x1.ffffffd0c621cp-2, 1.0});
  auto isOneOf = [&](double a, double c) { return equal(n, a).apply<dfg::OrOp>(equal(n, c)); };
  Term isOdd = isOneOf(1, 3);
  Term sin = select(isOdd, cosine, sine), cos = select(isOdd, sine, cosine);
  return {select(isOneOf(2, 3), -sin, sin).cast(f32(x)), select(isOneOf(1, 2), -cos, cos).cast(f32(x))};
}

} // namespace tfc::tf
