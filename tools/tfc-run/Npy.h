// One array in NumPy's .npy format, versions 1 to 3.
#ifndef TFC_TOOLS_RUN_NPY_H
#define TFC_TOOLS_RUN_NPY_H

#include "Result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tfc::run {

/// A dense array in row-major order and this machine's byte order.
struct Array {
  /// NumPy's kind and size of an element without byte order: "f4", "i8", "b1", "V2".
  std::string element;
  std::vector<int64_t> shape;
  std::vector<uint8_t> data;

  uint64_t count() const;
};

/// Decodes a whole .npy file. Big-endian and column-major arrays are converted.
/// Fails on anything else than a complete array of fixed-size elements: pickled
/// objects, records, truncation, trailing bytes, sizes that overflow.
Expected<Array> parseNpy(std::string_view file);

/// Encodes an array as a .npy file of the lowest version that holds its header.
std::string formatNpy(const Array &array);

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_NPY_H
