// Life of contexts, and what generated code asks of them.
#include "base/context.h"

using namespace tfc::rt;

tfc_status_t tfc_context_create(tfc_instance_t *instance, tfc_context_t **outContext) {
  if (outContext)
    *outContext = nullptr;
  if (!instance || !outContext)
    return TFC_STATUS_INVALID_ARGUMENT;
  const tfc_model_t &model = *instance->model;
  int32_t outputCount = 0, symbolCount = 0, planSize = 0;
  for (int32_t i = 0; i < model.step_count; ++i) {
    const tfc_step_t &step = model.steps[i];
    outputCount = step.output_count > outputCount ? step.output_count : outputCount;
    symbolCount = step.symbol_count > symbolCount ? step.symbol_count : symbolCount;
    planSize = step.plan_size > planSize ? step.plan_size : planSize;
  }

  // One allocation holds the context and its arrays.
  uint64_t outputsOffset = sizeof(tfc_context_t);
  uint64_t symbolsOffset = outputsOffset + sizeof(GrowingBuffer) * outputCount;
  uint64_t planOffset = symbolsOffset + sizeof(int64_t) * symbolCount;
  uint64_t localsOffset = planOffset + sizeof(int64_t) * planSize;
  auto *memory =
      static_cast<char *>(allocate(instance->allocator, localsOffset + sizeof(tfc_list_t *) * model.local_count));
  if (!memory)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  auto *context = new (TfcPlacement{memory}) tfc_context_t(instance);
  context->outputs = reinterpret_cast<GrowingBuffer *>(memory + outputsOffset);
  context->symbols = reinterpret_cast<int64_t *>(memory + symbolsOffset);
  context->planWords = reinterpret_cast<int64_t *>(memory + planOffset);
  context->locals = reinterpret_cast<tfc_list_t **>(memory + localsOffset);
  for (int32_t i = 0; i < outputCount; ++i)
    new (TfcPlacement{&context->outputs[i]}) GrowingBuffer;
  context->outputCount = outputCount;
  *outContext = context;
  return TFC_STATUS_OK;
}

void tfc_context_destroy(tfc_context_t *context) {
  if (!context)
    return;
  const tfc_allocator_t &allocator = context->instance->allocator;
  for (int32_t i = 0; i < context->outputCount; ++i)
    context->outputs[i].clear(allocator);
  context->arena.clear(allocator);
  if (context->scheduler)
    context->closeScheduler(context);
  releaseAll(allocator, context->lent);
  release(allocator, context->loans);
  release(allocator, context);
}

const char *tfc_context_message(const tfc_context_t *context) { return context->text; }
uint64_t tfc_context_arena_size(const tfc_context_t *context) { return context->arena.capacity; }
int32_t *tfc_context_fault(tfc_context_t *context) { return &context->fault; }
uint64_t tfc_context_cpu_features(const tfc_context_t *context) { return context->instance->cpuFeatures; }
const void *tfc_weights_base(const tfc_context_t *context) { return context->instance->weights; }

tfc_status_t tfc_context_fail(tfc_context_t *context, tfc_status_t status, const char *node, const char *message) {
  if (!node)
    return context->message().fail(status, "%s", message);
  return context->message().fail(status, "node '%s': %s", node, message);
}
