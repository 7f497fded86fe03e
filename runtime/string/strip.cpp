// Strings without the spaces around them.
#include "string/text.h"
#include "tfc-rt/text_operations.h"

using namespace tfc::rt;

tfc_status_t tfc_operation_string_strip(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                        tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = bindStrings(context, "string_strip", outputs[0], x.rank, x.shape))
    return status;
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    StringView text = stringAt(x, i);
    while (text.size && isSpace(text.data[text.size - 1]))
      --text.size;
    for (; text.size && isSpace(text.data[0]); --text.size)
      ++text.data;
    if (!makeHandle(context, text, handlesOf(outputs[0])[i]))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  }
  return TFC_STATUS_OK;
}
