// The error function and its complement.
#include "Constants.h"
#include "Functions.h"

namespace tfc::expansion {

// Two polynomials, no exponential and no division: an odd one up to 1.1, and from there
// 1 - p^8, as the eighth root of erfc is nearly straight where erfc itself falls like e^(-x^2).
// The eighth power also multiplies the error by 8, of a number that is below 0.12 by then.
Float erf(Float x) {
  Float a = atMost(abs(x), 4.0);
  Float z = a * a;
  Float small = fma(polynomial(z, {0x1.06eba8p-3, -0x1.812734p-2, 0x1.ce2aa6p-4, -0x1.b7cdep-6, 0x1.52ac24p-8,
                                   -0x1.9a3dep-11, 0x1.2f80b2p-14}),
                    a, a);
  Float p = polynomial(a, {0x1.004686p+0, -0x1.2aebfap-3, -0x1.ec09bep-5, -0x1.9826bcp-7, 0x1.b71004p-7, -0x1.51dea8p-9,
                           0x1.4f52bep-13});
  Float p2 = p * p, p4 = p2 * p2;
  Float large = fma(-p4, p4, 1.0);
  return copysign(select(a < 1.1, small, large), x);
}

// erfc a = e^(-a^2) t P(t), t = 1 / (a + 3); for negative x it is 2 - erfc(-x). In f64, where a^2
// is exact and neither the sum nor the quotient costs precision.
Float erfc(Float x) {
  Float a = widen(atMost(abs(x), 10.1));
  Float t = 1.0 / (a + 3.0);
  Float scaled = polynomial(t, {0x1.20d2bp-1, 0x1.b2ba7ap+0, 0x1.284248p+2, 0x1.f1bf78p+3, -0x1.896dcap-2, 0x1.25b04p+8,
                                -0x1.e19316p+9, 0x1.b6e2d4p+11, -0x1.67186cp+12, 0x1.9aed86p+11});
  Float result = scaled * t * exp2Wide(a * a * -kLog2e);
  return narrow(select(x < 0.0, 2.0 - result, result));
}

} // namespace tfc::expansion
