// Elements of tensors in model files.
#ifndef TFC_IMPORT_COMMON_TENSORBYTES_H
#define TFC_IMPORT_COMMON_TENSORBYTES_H

#include <cstdint>
#include <string>

#include "mlir/Support/LLVM.h"

namespace tfc {

/// Number of elements of `dims`; fails where a dimension is negative or the product is
/// beyond what any tensor has.
mlir::FailureOr<int64_t> elementCount(llvm::ArrayRef<int64_t> dims);

/// The `size` low bytes of each number, which are little-endian as the host is.
template <class Field> std::string lowBytes(const Field &numbers, size_t size) {
  std::string bytes;
  bytes.reserve(numbers.size() * size);
  for (auto number : numbers)
    bytes.append(reinterpret_cast<const char *>(&number), size);
  return bytes;
}

} // namespace tfc

#endif // TFC_IMPORT_COMMON_TENSORBYTES_H
