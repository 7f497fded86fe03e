// Sizes of strings.
#include "string/string.h"
#include "tfc-rt/string_operations.h"

using namespace tfc::rt;

// Bytes that do not continue a character.
static uint64_t characterCount(StringView string) {
  uint64_t count = 0;
  for (uint64_t i = 0; i < string.size; ++i)
    count += (static_cast<unsigned char>(string.data[i]) & 0xc0) != 0x80;
  return count;
}

tfc_status_t tfc_operation_string_length(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                         tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = bindResult(context, "string_length", outputs[0], TFC_DTYPE_I32, x.rank, x.shape))
    return status;
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    const StringView string = stringAt(x, i);
    static_cast<int32_t *>(outputs[0].data)[i] =
        static_cast<int32_t>(parameters[0] ? characterCount(string) : string.size);
  }
  return TFC_STATUS_OK;
}
