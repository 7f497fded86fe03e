// Numbers as text.
#ifndef TFC_RUNTIME_STRING_SPELL_H
#define TFC_RUNTIME_STRING_SPELL_H

#include "operation/operation.h"

namespace tfc::rt {

inline float floatOf(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, sizeof(value));
  return value;
}
inline float widenBf16(uint16_t bits) { return floatOf(static_cast<uint32_t>(bits) << 16); }
inline float widenF16(uint16_t bits) {
  const uint32_t sign = static_cast<uint32_t>(bits & 0x8000) << 16, exponent = bits >> 10 & 31, fraction = bits & 0x3ff;
  if (exponent == 31)
    return floatOf(sign | 0x7f800000 | fraction << 13);
  if (exponent == 0) // fraction / 2^24
    return (sign ? -1.0f : 1.0f) * static_cast<float>(fraction) * 5.9604644775390625e-8f;
  return floatOf(sign | (exponent + 112) << 23 | fraction << 13);
}

// What an element of a dtype is for text: a signed or unsigned integer, a bool, a float (with
// the parts of complex numbers), or nothing that is known.
enum class NumberKind { Signed, Unsigned, Bool, Float, Complex, Unknown };
NumberKind numberKind(int32_t dtype);
// Element i, of the matching kind; of complex numbers, part i.
int64_t signedAt(const tfc_tensor_t &x, int64_t i);
uint64_t unsignedAt(const tfc_tensor_t &x, int64_t i);
double floatAt(const tfc_tensor_t &x, int64_t i);

} // namespace tfc::rt

#endif // TFC_RUNTIME_STRING_SPELL_H
