// The bytes of strings as numbers.
#include "string/string.h"
#include "tfc-rt/text_operations.h"

#include <inttypes.h>
#include <string.h>

using namespace tfc::rt;

tfc_status_t tfc_operation_string_decode_raw(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                             tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  tfc_tensor_t &y = outputs[0];
  const int32_t dtype = y.dtype;
  const int64_t count = countOf(x);
  const uint64_t element = tfc_dtype_size(static_cast<tfc_dtype_t>(dtype));
  const bool isPadded = inputCount > 1, isComplex = dtype == TFC_DTYPE_COMPLEX64 || dtype == TFC_DTYPE_COMPLEX128;
  uint64_t size = count ? stringAt(x, 0).size : 0;
  if (isPadded) {
    const int64_t length = *static_cast<const int64_t *>(inputs[1].data);
    if (length <= 0)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "string_decode_raw: length is %" PRId64 ", expected more than 0", length);
    size = static_cast<uint64_t>(length);
  }
  if (size % element)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "string_decode_raw: %" PRIu64 " bytes, expected a multiple of %" PRIu64
                                   ", the size of %s",
                                   size, element, tfc_dtype_name(static_cast<tfc_dtype_t>(dtype)));
  int64_t shape[TFC_MAX_RANK];
  if (x.rank >= TFC_MAX_RANK)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "string_decode_raw: rank is %d, expected at most %d",
                                   x.rank, TFC_MAX_RANK - 1);
  memcpy(shape, x.shape, sizeof(shape));
  shape[x.rank] = static_cast<int64_t>(size / element);
  if (tfc_status_t status = bindResult(context, "string_decode_raw", y, dtype, x.rank + 1, shape))
    return status;
  char *to = static_cast<char *>(y.data);
  for (int64_t i = 0; i < count; ++i, to += size) {
    const StringView text = stringAt(x, i);
    if (!isPadded && text.size != size)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "string_decode_raw: element %" PRId64 " has %" PRIu64 " bytes, expected %" PRIu64
                                     " as the first",
                                     i, text.size, size);
    const uint64_t given = text.size < size ? text.size : size;
    memcpy(to, text.data, given);
    memset(to + given, 0, size - given);
    const uint64_t part = isComplex ? element / 2 : element;
    for (uint64_t at = 0; parameters[0] && at < size; at += part) // big-endian
      for (uint64_t a = at, b = at + part - 1; a < b; ++a, --b) {
        const char other = to[a];
        to[a] = to[b];
        to[b] = other;
      }
    if (dtype == TFC_DTYPE_BOOL) // compiled code relies on 0 and 1
      for (uint64_t k = 0; k < size; ++k)
        to[k] = to[k] != 0;
  }
  return TFC_STATUS_OK;
}
