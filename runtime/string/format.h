// Tensors as text.
#ifndef TFC_RUNTIME_STRING_FORMAT_H
#define TFC_RUNTIME_STRING_FORMAT_H

#include "string/text.h"

namespace tfc::rt {

// A tensor of numbers, or of handles where it `isString`, in brackets; of each dimension `limit`
// items at both ends, or all where that is negative.
void appendSummary(Text &out, const tfc_tensor_t &x, bool isString, int64_t limit);

} // namespace tfc::rt

#endif // TFC_RUNTIME_STRING_FORMAT_H
