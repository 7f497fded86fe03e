// The expansions, one function per math op. Operands are f32 unless said otherwise, scalars
// or vectors alike; results have the operand's type.
//
// The figure beside each is the bound on its error in ulp (units in the last place of the
// exact result), denormal results included; test/Codegen/CPU/math-ulp.test holds it to that.
// Infinities, NaN and signed zeros give what C's Annex F asks for.
#ifndef TFC_LIB_CODEGEN_CPU_MATH_FUNCTIONS_H
#define TFC_LIB_CODEGEN_CPU_MATH_FUNCTIONS_H

#include "Terms.h"

namespace tfc::expansion {

Float exp(Float x);   // 2
Float exp2(Float x);  // 1.5
Float expm1(Float x); // 2

Float log(Float x);   // 1.5
Float log2(Float x);  // 2
Float log10(Float x); // 2
Float log1p(Float x); // 2

Float sinh(Float x);  // 1.5
Float cosh(Float x);  // 1
Float tanh(Float x);  // 3
Float asinh(Float x); // 1
Float acosh(Float x); // 1
Float atanh(Float x); // 1

Float erf(Float x);  // 2
Float erfc(Float x); // 1

Float sin(Float x);            // 2
Float cos(Float x);            // 2
Float tan(Float x);            // 1
Float asin(Float x);           // 1.5
Float acos(Float x);           // 1.5
Float atan(Float x);           // 1.5
Float atan2(Float y, Float x); // 2

Float pow(Float x, Float y); // 1
/// The same for the few exponents that have something faster.
std::optional<Float> constantPow(Float x, double y); // 1
Float cbrt(Float x);                                 // 1
/// f32 or f64.
Float rsqrt(Float x); // 1.5

// What the families share.

/// 2^n of n + kRoundBiased, -127 <= n <= 128; 2^-127 comes out as 0.
Float powerOfTwo(Float sum);

/// 2^x of an f64, |x| <= 1000, to 2^-28.
Float exp2Wide(Float x);

/// x = 2^k m, m between the square roots of 1/2 and 2.
struct Split {
  Float k, m;
};
/// Of a positive normal f64.
Split splitWide(Float x);

/// log(x) of a positive normal f64, to 2^-27.
Float logWide(Float x);

} // namespace tfc::expansion

#endif // TFC_LIB_CODEGEN_CPU_MATH_FUNCTIONS_H
