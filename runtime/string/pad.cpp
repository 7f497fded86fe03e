// Strings filled up to a width.
#include "string/string.h"
#include "tfc-rt/text_operations.h"

#include <string.h>

using namespace tfc::rt;

tfc_status_t tfc_operation_string_pad(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                      tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const auto width = static_cast<uint64_t>(parameters[0]);
  if (tfc_status_t status = bindStrings(context, "string_pad", outputs[0], x.rank, x.shape))
    return status;
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    const StringView text = stringAt(x, i);
    uint64_t &handle = handlesOf(outputs[0])[i] = handlesOf(x)[i];
    if (text.size >= width)
      continue;
    String *padded = makeString(context, width);
    if (!padded)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    const uint64_t before = parameters[1] ? 0 : width - text.size;
    memset(padded->bytes(), ' ', width);
    memcpy(padded->bytes() + before, text.data, text.size);
    handle = handleOf(padded);
  }
  return TFC_STATUS_OK;
}
