// Numbers that several expansions need.
#ifndef TFC_LIB_CODEGEN_CPU_MATH_CONSTANTS_H
#define TFC_LIB_CODEGEN_CPU_MATH_CONSTANTS_H

#include <limits>

namespace tfc::expansion {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kSmallestNormal = 0x1p-126;
constexpr double kSmallestDenormal = 0x1p-149;

/// Adding it to x, |x| < 2^22, rounds x to an integer, nearest even, and leaves that integer
/// in the low bits of the sum's pattern; subtracting it again gives the integer as a float.
/// It stands for a rounding and a conversion, in one instruction that may be part of an fma.
constexpr double kRound32 = 0x1.8p23;
/// It may also leave n + 127 there, from where a shift makes 2^n of it: see powerOfTwo.
constexpr double kRoundBiased = kRound32 + 127;
/// The same as kRound32 for f64, |x| < 2^51.
constexpr double kRound64 = 0x1.8p52;

constexpr double kLog2e = 0x1.71547652b82fep+0;
/// ln 2 as one number, and as a float and the rest. x - n kLn2High is exact in one fma.
constexpr double kLn2 = 0x1.62e42fefa39efp-1;
constexpr double kLn2High = 0x1.62e43p-1;
constexpr double kLn2Low = -0x1.05c610ca86c39p-29;

/// pi and pi/2 as a float and the rest.
constexpr double kPiHigh = 0x1.921fb6p+1;
constexpr double kPiLow = -0x1.777a5cf72cecep-24;
constexpr double kHalfPi = 0x1.921fb54442d18p+0;
constexpr double kHalfPiHigh = 0x1.921fb6p+0;
constexpr double kHalfPiLow = -0x1.777a5cf72cecep-25;

} // namespace tfc::expansion

#endif // TFC_LIB_CODEGEN_CPU_MATH_CONSTANTS_H
