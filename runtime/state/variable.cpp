// Access to variables by steps.
#include "state/variable.h"

#include "operation/list.h"

#include <inttypes.h>
#include <string.h>

using namespace tfc::rt;

static Variable &variableOf(tfc_context_t *context, const int64_t *parameters) {
  return context->instance->variables[parameters[0]];
}
static const tfc_variable_t &declared(tfc_context_t *context, const int64_t *parameters) {
  return context->instance->model->variables[parameters[0]];
}

// Lends the context the value of a variable, whose mutex it holds; with `copies` one that nobody
// else has been lent.
static tfc_status_t lendValue(tfc_context_t *context, const tfc_variable_t &declaration, Variable &variable,
                              bool copies, tfc_tensor_t &output) {
  Message message = context->message();
  const tfc_tensor_t &value = variable.value;
  if (!value.data)
    return message.fail(TFC_STATUS_FAILED_PRECONDITION, "variable '%s' holds no value yet", declaration.name);
  if (tfc_status_t status = checkShape(context, "variable_read", output, value.dtype, value.rank, value.shape))
    return status;
  if (copies && !store(*context->instance, variable, tfc_tensor_t(value)))
    return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "variable '%s': no memory for %" PRIu64 " bytes",
                        declaration.name, value.size);
  if (!lend(context, value.data))
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  output = value;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_variable_read(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *outputs,
                                         int32_t, const int64_t *parameters) {
  Variable &variable = variableOf(context, parameters);
  Access access(variable, context);
  return lendValue(context, declared(context, parameters), variable, !variable.capacity, outputs[0]);
}

tfc_status_t tfc_operation_variable_update(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *outputs,
                                           int32_t, const int64_t *parameters) {
  Variable &variable = variableOf(context, parameters);
  if (__atomic_load_n(&variable.owner, __ATOMIC_RELAXED) != context)
    return context->message().fail(TFC_STATUS_FAILED_PRECONDITION, "variable '%s' is updated but not acquired",
                                   declared(context, parameters).name);
  bool copies = !variable.capacity || isShared(variable.value.data);
  return lendValue(context, declared(context, parameters), variable, copies, outputs[0]);
}

tfc_status_t tfc_operation_variable_assign(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *,
                                           int32_t, const int64_t *parameters) {
  const tfc_variable_t &declaration = declared(context, parameters);
  if (!fits(declaration, inputs[0])) {
    for (int32_t d = 0; d < declaration.rank && d < inputs[0].rank; ++d)
      if (declaration.dims[d] != TFC_DIM_DYNAMIC && declaration.dims[d] != inputs[0].shape[d])
        return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                       "variable '%s': dimension %" PRId32 " of the value is %" PRId64
                                       ", expected %" PRId64,
                                       declaration.name, d, inputs[0].shape[d], declaration.dims[d]);
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "variable '%s': the value is of another type",
                                   declaration.name);
  }
  Variable &variable = variableOf(context, parameters);
  Access access(variable, context);
  if (!store(*context->instance, variable, inputs[0]))
    return context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "variable '%s': no memory for %" PRIu64 " bytes",
                                   declaration.name, inputs[0].size);
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_variable_has_value(tfc_context_t *context, const tfc_tensor_t *, int32_t,
                                              tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  Variable &variable = variableOf(context, parameters);
  Access access(variable, context);
  *static_cast<int64_t *>(outputs[0].data) = variable.value.data != nullptr;
  return TFC_STATUS_OK;
}

static void letGo(tfc_context_t *context, Variable &variable) __attribute__((no_thread_safety_analysis)) {
  Variable **link = &context->held;
  while (*link != &variable)
    link = &(*link)->nextHeld;
  *link = variable.nextHeld;
  __atomic_store_n(&variable.owner, nullptr, __ATOMIC_RELAXED);
  variable.mutex.unlock();
}

static void letAllGo(tfc_context_t *context) {
  while (context->held)
    letGo(context, *context->held);
}

tfc_status_t tfc_operation_variable_acquire(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *,
                                            int32_t, const int64_t *parameters)
    __attribute__((no_thread_safety_analysis)) {
  Variable &variable = variableOf(context, parameters);
  if (__atomic_load_n(&variable.owner, __ATOMIC_RELAXED) == context)
    return context->message().fail(TFC_STATUS_FAILED_PRECONDITION, "variable '%s' is acquired twice",
                                   declared(context, parameters).name);
  variable.mutex.lock();
  __atomic_store_n(&variable.owner, context, __ATOMIC_RELAXED);
  variable.nextHeld = context->held;
  context->held = &variable;
  context->letAllGo = letAllGo;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_variable_release(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *,
                                            int32_t, const int64_t *parameters) {
  Variable &variable = variableOf(context, parameters);
  if (__atomic_load_n(&variable.owner, __ATOMIC_RELAXED) != context)
    return context->message().fail(TFC_STATUS_FAILED_PRECONDITION, "variable '%s' is released but not acquired",
                                   declared(context, parameters).name);
  letGo(context, variable);
  return TFC_STATUS_OK;
}
