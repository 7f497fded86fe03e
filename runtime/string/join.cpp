// Strings joined position by position.
#include "string/string.h"
#include "tfc-rt/string_operations.h"

#include <string.h>

using namespace tfc::rt;

tfc_status_t tfc_operation_string_join(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                       tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const StringView separator = stringAt(inputs[0], 0);
  const tfc_tensor_t &first = inputs[1];
  if (tfc_status_t status = bindStrings(context, "string_join", outputs[0], first.rank, first.shape))
    return status;
  for (int64_t i = 0, count = countOf(first); i < count; ++i) {
    uint64_t size = 0;
    for (int32_t k = 1; k < inputCount; ++k)
      if (__builtin_add_overflow(size, stringAt(inputs[k], i).size + (k > 1 ? separator.size : 0), &size))
        return context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "string_join: a string of more than 2^64 bytes");
    String *joined = makeString(context, size);
    if (!joined)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    char *next = joined->bytes();
    auto append = [&](StringView part) {
      memcpy(next, part.data, part.size);
      next += part.size;
    };
    for (int32_t k = 1; k < inputCount; ++k) {
      if (k > 1)
        append(separator);
      append(stringAt(inputs[k], i));
    }
    handlesOf(outputs[0])[i] = handleOf(joined);
  }
  return TFC_STATUS_OK;
}
