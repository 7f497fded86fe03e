// Equality of strings.
#include "string/string.h"
#include "tfc-rt/string_operations.h"

using namespace tfc::rt;

tfc_status_t tfc_operation_string_equal(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                        tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_tensor_t &a = inputs[0], &b = inputs[1];
  if (tfc_status_t status = bindResult(context, "string_equal", outputs[0], TFC_DTYPE_BOOL, a.rank, a.shape))
    return status;
  for (int64_t i = 0, count = countOf(a); i < count; ++i)
    static_cast<tfc_bool_t *>(outputs[0].data)[i] = stringAt(a, i) == stringAt(b, i);
  return TFC_STATUS_OK;
}
