// Running a step.
#include "base/context.h"

using namespace tfc::rt;

// A result that the context owns does not outlive a failure.
static void dropOwnedOutputs(const tfc_context_t &context, const tfc_step_t &step, tfc_tensor_t *outputs) {
  for (int32_t i = 0; i < step.output_count; ++i)
    if (outputs[i].data == context.outputs[i].data)
      outputs[i].data = nullptr;
}

tfc_status_t tfc::rt::beginCall(tfc_context_t *context, const tfc_step_t *step) {
  if (!context)
    return TFC_STATUS_INVALID_ARGUMENT;
  context->text[0] = '\0';
  context->fault = TFC_STATUS_OK;
  context->cancelled.store(0, std::memory_order_relaxed);
  Message message = context->message();
  if (!step)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "step is null");
  const tfc_model_t &model = *context->instance->model;
  if (step < model.steps || step >= model.steps + model.step_count)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "step is not one of model '%s'", model.name);
  context->step = step;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_step_run(tfc_context_t *context, const tfc_step_t *step, const tfc_tensor_t *inputs,
                          tfc_tensor_t *outputs) {
  if (tfc_status_t status = beginCall(context, step))
    return status;
  if (tfc_status_t status = checkArguments(*context, *step, inputs, outputs))
    return status;

  for (int32_t i = 0, count = context->instance->model->local_count; i < count; ++i)
    context->locals[i] = nullptr;
  // What was lent last may come back as an input.
  ScratchHeader *lent = context->lent;
  context->lent = nullptr;
  tfc_status_t status = step->entry(context, inputs, outputs);
  if (context->held)
    context->letAllGo(context);
  if (context->scratch || context->lasting || context->loanCount || !context->bins.areEmpty)
    releaseScratch(*context);
  if (lent)
    releaseAll(context->instance->allocator, lent);
  if (status == TFC_STATUS_OK && context->fault == TFC_STATUS_OK) {
    context->text[0] = '\0';
    return TFC_STATUS_OK;
  }
  if (status == TFC_STATUS_OK)
    status = static_cast<tfc_status_t>(context->fault);
  if (!context->text[0])
    context->message().fail(status, "step '%s' failed with %s", step->name, tfc_status_name(status));
  dropOwnedOutputs(*context, *step, outputs);
  return status;
}
