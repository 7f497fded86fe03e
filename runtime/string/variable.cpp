// Variables that hold strings, packed.
#include "state/variable.h"

#include "operation/list.h"
#include "string/string.h"
#include "tfc-rt/string_operations.h"

#include <inttypes.h>

using namespace tfc::rt;

tfc_status_t tfc_operation_variable_read_strings(tfc_context_t *context, const tfc_tensor_t *, int32_t,
                                                 tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  Variable &variable = context->instance->variables[parameters[0]];
  Access access(variable, context);
  const tfc_tensor_t &value = variable.value;
  if (!value.data)
    return context->message().fail(TFC_STATUS_FAILED_PRECONDITION, "variable '%s' holds no value yet",
                                   context->instance->model->variables[parameters[0]].name);
  if (tfc_status_t status = checkShape(context, "variable_read", outputs[0], outputs[0].dtype, value.rank, value.shape))
    return status;
  if (tfc_status_t status = bindStrings(context, "variable_read", outputs[0], value.rank, value.shape))
    return status;
  bool done = unpackStrings(context, value.data, countOf(value), handlesOf(outputs[0]));
  return done ? TFC_STATUS_OK : TFC_STATUS_RESOURCE_EXHAUSTED;
}

tfc_status_t tfc_operation_variable_assign_strings(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                                   tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const int64_t count = countOf(inputs[0]);
  tfc_tensor_t packed = inputs[0];
  packed.dtype = TFC_DTYPE_STRING;
  packed.size = packedSize(handlesOf(inputs[0]), count);
  ScratchArray<char> memory(context, packed.size > INT64_MAX ? INT64_MAX : int64_t(packed.size));
  if (!memory)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  packed.data = memory.get();
  packStrings(handlesOf(inputs[0]), count, packed.data);
  return tfc_operation_variable_assign(context, &packed, 1, outputs, 0, parameters);
}
