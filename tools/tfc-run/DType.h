// Element types: what the C ABI calls them, what NumPy calls them, what they are worth.
#ifndef TFC_TOOLS_RUN_DTYPE_H
#define TFC_TOOLS_RUN_DTYPE_H

#include "Npy.h"

#include "tfc-rt/base.h"

#include <complex>

namespace tfc::run {

/// Wide enough to hold every element exactly, 64-bit integers included, where long
/// double has a 64-bit significand as on x86.
using Number = std::complex<long double>;

/// Name of an element type, such as "f32".
inline std::string dtypeName(int32_t dtype) { return tfc_dtype_name(static_cast<tfc_dtype_t>(dtype)); }

/// NumPy's kind and size for arrays of this type in files; empty for strings. Types
/// that NumPy lacks are raw bytes ("V1", "V2"), 4- and 2-bit integers are bytes.
std::string npyElement(int32_t dtype);

/// Turns the elements of `array` into the ABI's layout of `dtype`. Fails where the
/// file's element type cannot be that type. The ml_dtypes package stores 4- and 2-bit
/// integers in the low bits of raw bytes; they are extended here. Strings stay bytes of a
/// fixed length.
Result convertTo(Array &array, int32_t dtype);

/// The value of one element in the ABI's layout.
Number decodeElement(int32_t dtype, const uint8_t *data);

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_DTYPE_H
