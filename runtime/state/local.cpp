// Lists that a running step keeps.
#include "operation/list.h"

using namespace tfc::rt;

tfc_status_t tfc_operation_local_take(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *outputs,
                                      int32_t, const int64_t *parameters) {
  tfc_list_t *&local = context->locals[parameters[0]];
  tfc_list_t *list = local ? local : createList(context, 0);
  if (!list)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  local = nullptr;
  outputs[0].data = list;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_local_peek(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *outputs,
                                      int32_t, const int64_t *parameters) {
  tfc_list_t *&local = context->locals[parameters[0]];
  if (!local && !(local = createList(context, 0)))
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  tfc_list_retain(local);
  outputs[0].data = local;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_local_put(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *,
                                     int32_t, const int64_t *parameters) {
  tfc_list_t *&local = context->locals[parameters[0]];
  tfc_list_release(context, local);
  local = listOf(inputs[0]);
  return TFC_STATUS_OK;
}
