// Optional values: a list, or a list of one tensor, or null.
#include "operation/list.h"

using namespace tfc::rt;

tfc_status_t tfc_operation_optional_make(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                         tfc_tensor_t *outputs, int32_t, const int64_t *) {
  if (inputCount == 0) {
    outputs[0].data = nullptr;
    return TFC_STATUS_OK;
  }
  if (inputs[0].dtype == TFC_DTYPE_LIST) {
    outputs[0].data = inputs[0].data;
    return TFC_STATUS_OK;
  }
  return tfc_operation_list_make(context, inputs, 1, outputs, 1, nullptr);
}

tfc_status_t tfc_operation_optional_has(tfc_context_t *, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                        int32_t, const int64_t *) {
  *static_cast<int64_t *>(outputs[0].data) = listOf(inputs[0]) != nullptr;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_optional_get(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                        tfc_tensor_t *outputs, int32_t, const int64_t *) {
  tfc_list_t *list = listOf(inputs[0]);
  if (!list)
    return context->message().fail(TFC_STATUS_FAILED_PRECONDITION, "optional_get: the optional holds nothing");
  if (outputs[0].dtype != TFC_DTYPE_LIST)
    return takeElement(context, "optional_get", list->elements[0].tensor, outputs[0]);
  tfc_list_retain(list);
  outputs[0].data = list;
  return TFC_STATUS_OK;
}
