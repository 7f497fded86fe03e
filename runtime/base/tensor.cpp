// Sizes of tensors.
#include "base/context.h"

bool tfc::rt::tensorSize(int32_t dtype, int32_t rank, const int64_t *shape, uint64_t &outSize) {
  if (rank < 0 || rank > TFC_MAX_RANK)
    return false;
  // An extent of 0 makes every product 0, but the other extents are still checked
  // for sign.
  uint64_t size = tfc_dtype_size(static_cast<tfc_dtype_t>(dtype));
  bool overflow = false, empty = false;
  for (int32_t i = 0; i < rank; ++i) {
    if (shape[i] < 0)
      return false;
    empty |= shape[i] == 0;
    overflow |= __builtin_mul_overflow(size, uint64_t(shape[i]), &size);
  }
  outSize = empty ? 0 : size;
  return empty || !overflow;
}
