// One table row per element type, and one decoder for all narrow floats.
#include "DType.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace tfc::run;

namespace {

/// How a narrow float uses the codes that IEEE 754 gives to infinities and NaN.
enum class Specials {
  IEEE,       // all-ones exponent: infinity, and NaN where the mantissa is not 0
  AllOnesNaN, // only the all-ones code of either sign is NaN
  MinusZero,  // only the code of minus zero is NaN
  None,
};

struct FloatFormat {
  int exponentBits, mantissaBits, bias;
  Specials specials;
};

struct Row {
  const char *element;         // how it is written
  const char *other = nullptr; // how ml_dtypes arrays are stored, if differently
  int bits = 0;                // of integers narrower than a byte
};

} // namespace

/// Indexed by tfc_dtype_t.
static const Row rows[] = {
    {""},   {"f4"},       {"u1"}, {"i1"},          {"u2"},          {"i2"}, {"i4"},  {"i8"},          {""},
    {"b1"}, {"f2"},       {"f8"}, {"u4"},          {"u8"},          {"c8"}, {"c16"}, {"V2"},          {"V1"},
    {"V1"}, {"V1", "f1"}, {"V1"}, {"u1", "V1", 4}, {"i1", "V1", 4}, {"V1"}, {"V1"},  {"u1", "V1", 2}, {"i1", "V1", 2},
};
static_assert(std::size(rows) == TFC_DTYPE_I2 + 1, "one row for each tfc_dtype_t");

static const Row &rowOf(int32_t dtype) { return rows[dtype > 0 && dtype <= TFC_DTYPE_I2 ? dtype : TFC_DTYPE_INVALID]; }

std::string tfc::run::npyElement(int32_t dtype) { return rowOf(dtype).element; }

static int64_t extend(uint8_t byte, int bits, bool isSigned) {
  int value = byte & ((1 << bits) - 1);
  return isSigned && value >> (bits - 1) ? value - (1 << bits) : value;
}

Result tfc::run::convertTo(Array &array, int32_t dtype) {
  const Row &row = rowOf(dtype);
  if (dtype == TFC_DTYPE_STRING && array.element[0] == 'S')
    return Done();
  bool isOther = row.other && array.element == row.other;
  if (!isOther && (array.element != row.element || array.element.empty()))
    return Failure{"elements are of NumPy type '" + array.element + "', expected " + dtypeName(dtype) +
                   (*row.element ? " ('" + std::string(row.element) + "')" : "")};
  if (!row.bits)
    return Done();
  bool isSigned = row.element[0] == 'i';
  for (uint8_t &byte : array.data) {
    uint8_t extended = static_cast<uint8_t>(extend(byte, row.bits, isSigned));
    if (!isOther && byte != extended)
      return Failure{"holds a value that is out of range for " + dtypeName(dtype)};
    byte = extended;
  }
  return Done();
}

static long double decodeFloat(uint32_t code, const FloatFormat &format) {
  uint32_t mantissa = code & ((1u << format.mantissaBits) - 1);
  uint32_t exponent = code >> format.mantissaBits & ((1u << format.exponentBits) - 1);
  bool isNegative = code >> (format.mantissaBits + format.exponentBits) & 1;
  bool allOnes = exponent == (1u << format.exponentBits) - 1;
  const long double nan = std::numeric_limits<long double>::quiet_NaN();
  switch (format.specials) {
  case Specials::IEEE:
    if (allOnes)
      return mantissa ? nan : std::numeric_limits<long double>::infinity() * (isNegative ? -1 : 1);
    break;
  case Specials::AllOnesNaN:
    if (allOnes && mantissa == (1u << format.mantissaBits) - 1)
      return nan;
    break;
  case Specials::MinusZero:
    if (isNegative && !exponent && !mantissa)
      return nan;
    break;
  case Specials::None: break;
  }
  // Without an implicit leading one where the exponent is 0.
  long double significand = mantissa + (exponent ? 1u << format.mantissaBits : 0);
  int scale = (exponent ? static_cast<int>(exponent) : 1) - format.bias - format.mantissaBits;
  return std::ldexp(isNegative ? -significand : significand, scale);
}

template <typename T> static T load(const uint8_t *data) {
  T value;
  std::memcpy(&value, data, sizeof(T));
  return value;
}

Number tfc::run::decodeElement(int32_t dtype, const uint8_t *data) {
  switch (dtype) {
  case TFC_DTYPE_F32: return load<float>(data);
  case TFC_DTYPE_F64: return load<double>(data);
  case TFC_DTYPE_COMPLEX64: return {load<float>(data), load<float>(data + 4)};
  case TFC_DTYPE_COMPLEX128: return {load<double>(data), load<double>(data + 8)};
  case TFC_DTYPE_I8:
  case TFC_DTYPE_I4:
  case TFC_DTYPE_I2: return load<int8_t>(data);
  case TFC_DTYPE_U8:
  case TFC_DTYPE_U4:
  case TFC_DTYPE_U2:
  case TFC_DTYPE_BOOL: return *data;
  case TFC_DTYPE_I16: return load<int16_t>(data);
  case TFC_DTYPE_U16: return load<uint16_t>(data);
  case TFC_DTYPE_I32: return load<int32_t>(data);
  case TFC_DTYPE_U32: return load<uint32_t>(data);
  case TFC_DTYPE_I64: return load<int64_t>(data);
  case TFC_DTYPE_U64: return load<uint64_t>(data);
  case TFC_DTYPE_F16: return decodeFloat(load<uint16_t>(data), {5, 10, 15, Specials::IEEE});
  case TFC_DTYPE_BF16: return decodeFloat(load<uint16_t>(data), {8, 7, 127, Specials::IEEE});
  case TFC_DTYPE_F8E4M3FN: return decodeFloat(*data, {4, 3, 7, Specials::AllOnesNaN});
  case TFC_DTYPE_F8E4M3FNUZ: return decodeFloat(*data, {4, 3, 8, Specials::MinusZero});
  case TFC_DTYPE_F8E5M2: return decodeFloat(*data, {5, 2, 15, Specials::IEEE});
  case TFC_DTYPE_F8E5M2FNUZ: return decodeFloat(*data, {5, 2, 16, Specials::MinusZero});
  case TFC_DTYPE_F4E2M1FN: return decodeFloat(*data & 15, {2, 1, 1, Specials::None});
  // An exponent alone: 2^(code - 127), and NaN.
  case TFC_DTYPE_F8E8M0FNU:
    return *data == 255 ? std::numeric_limits<long double>::quiet_NaN() : std::ldexp(1.0L, *data - 127);
  default: return std::numeric_limits<long double>::quiet_NaN();
  }
}
