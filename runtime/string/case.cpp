// Upper and lower case of ASCII.
#include "string/string.h"
#include "tfc-rt/text_operations.h"

using namespace tfc::rt;

tfc_status_t tfc_operation_string_case(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                       tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const char first = parameters[0] ? 'a' : 'A';
  if (tfc_status_t status = bindStrings(context, "string_case", outputs[0], x.rank, x.shape))
    return status;
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    const StringView text = stringAt(x, i);
    String *mapped = makeString(context, text.size);
    if (!mapped)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    for (uint64_t k = 0; k < text.size; ++k) {
      const char c = text.data[k];
      mapped->bytes()[k] = static_cast<char>(c >= first && c <= first + 25 ? c ^ 0x20 : c);
    }
    handlesOf(outputs[0])[i] = handleOf(mapped);
  }
  return TFC_STATUS_OK;
}
