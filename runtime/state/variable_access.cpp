// Access to variables by the application.
#include "state/variable.h"

#include <string.h>

using namespace tfc::rt;

// The number of a variable; -1 if the model has none of the name.
static int32_t find(const tfc_model_t &model, const char *name) {
  for (int32_t i = 0; i < model.variable_count; ++i)
    if (!strcmp(model.variables[i].name, name))
      return i;
  return -1;
}

tfc_status_t tfc_variable_get(tfc_instance_t *instance, const char *name, tfc_tensor_t *tensor) {
  if (!instance || !name || !tensor)
    return TFC_STATUS_INVALID_ARGUMENT;
  int32_t number = find(*instance->model, name);
  if (number < 0)
    return TFC_STATUS_NOT_FOUND;
  Variable &variable = instance->variables[number];
  Access access(variable, nullptr);
  if (variable.value.dtype == TFC_DTYPE_STRING)
    return TFC_STATUS_UNIMPLEMENTED;
  if (!variable.value.data)
    return TFC_STATUS_FAILED_PRECONDITION;
  void *data = tensor->data;
  uint64_t capacity = tensor->size;
  *tensor = variable.value;
  tensor->data = data;
  if (!data)
    return TFC_STATUS_OK;
  if (capacity < tensor->size)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  if (tensor->size)
    memcpy(data, variable.value.data, tensor->size);
  return TFC_STATUS_OK;
}

tfc_status_t tfc_variable_set(tfc_instance_t *instance, const char *name, const tfc_tensor_t *tensor) {
  if (!instance || !name || !tensor)
    return TFC_STATUS_INVALID_ARGUMENT;
  int32_t number = find(*instance->model, name);
  if (number < 0)
    return TFC_STATUS_NOT_FOUND;
  if (tensor->dtype == TFC_DTYPE_STRING)
    return TFC_STATUS_UNIMPLEMENTED;
  uint64_t size;
  if (!fits(instance->model->variables[number], *tensor) ||
      !tensorSize(tensor->dtype, tensor->rank, tensor->shape, size) || tensor->size != size || (size && !tensor->data))
    return TFC_STATUS_INVALID_ARGUMENT;
  Variable &variable = instance->variables[number];
  Access access(variable, nullptr);
  return store(*instance, variable, *tensor) ? TFC_STATUS_OK : TFC_STATUS_RESOURCE_EXHAUSTED;
}
