// Text for the application: its log, and messages of steps that fail.
#include "string/string.h"
#include "tfc-rt/text_operations.h"

using namespace tfc::rt;

tfc_status_t tfc_operation_string_print(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *,
                                        int32_t, const int64_t *parameters) {
  const tfc_instance_t &instance = *context->instance;
  const StringView text = stringAt(inputs[0], 0); // a NUL follows it
  if (instance.log)
    instance.log(instance.logUser, static_cast<int32_t>(parameters[0]), text.data);
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_string_fail(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *,
                                       int32_t, const int64_t *) {
  return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "%s", stringAt(inputs[0], 0).data);
}
