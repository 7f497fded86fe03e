// Comparison in a type that holds every element exactly.
#include "Compare.h"

#include "DType.h"

#include <cmath>

using namespace tfc::run;

static bool isFinite(Number value) { return std::isfinite(value.real()) && std::isfinite(value.imag()); }
static bool isNaN(Number value) { return std::isnan(value.real()) || std::isnan(value.imag()); }

Difference tfc::run::compareElements(int32_t dtype, const uint8_t *got, const uint8_t *want, uint64_t size,
                                     Tolerance tolerance) {
  Difference result;
  uint64_t step = tfc_dtype_size(static_cast<tfc_dtype_t>(dtype));
  for (uint64_t i = 0; i < size; ++i) {
    Number a = decodeElement(dtype, got + i * step), b = decodeElement(dtype, want + i * step);
    bool agrees = a == b || (isNaN(a) && isNaN(b));
    if (!agrees && isFinite(a) && isFinite(b)) {
      long double error = std::abs(a - b), magnitude = std::abs(b);
      agrees = error <= tolerance.absolute + tolerance.relative * magnitude;
      result.maxAbsolute = std::max(result.maxAbsolute, static_cast<double>(error));
      if (magnitude > 0)
        result.maxRelative = std::max(result.maxRelative, static_cast<double>(error / magnitude));
    }
    if (!agrees && result.count++ == 0)
      result.first = i;
  }
  return result;
}
