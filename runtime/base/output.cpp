// Outputs of a step: the caller's buffers, or memory that the context keeps until
// its next call.
#include "base/context.h"

#include <inttypes.h>

using namespace tfc::rt;

tfc_status_t tfc::rt::failSmallOutput(tfc_context_t &context, const char *name, uint64_t capacity, uint64_t needed) {
  return context.message().fail(TFC_STATUS_RESOURCE_EXHAUSTED,
                                "output '%s': buffer holds %" PRIu64 " bytes, expected %" PRIu64, name, capacity,
                                needed);
}

bool tfc::rt::describeOutput(tfc_context_t &context, const char *name, int32_t dtype, int32_t rank,
                             const int64_t *shape, tfc_tensor_t &output) {
  uint64_t size;
  if (!tensorSize(dtype, rank, shape, size)) {
    context.message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "output '%s': no tensor can have its shape", name);
    return false;
  }
  output.size = size;
  output.dtype = dtype;
  output.rank = rank;
  for (int32_t i = 0; i < rank; ++i)
    output.shape[i] = shape[i];
  return true;
}

void *tfc_output_bind(tfc_context_t *context, tfc_tensor_t *outputs, int32_t index, int32_t dtype, int32_t rank,
                      const int64_t *shape) {
  const char *name = context->step->outputs[index].name;
  tfc_tensor_t &output = outputs[index];
  uint64_t capacity = output.size;
  if (!describeOutput(*context, name, dtype, rank, shape, output))
    return nullptr;
  uint64_t size = output.size;
  if (output.data) {
    if (size <= capacity)
      return output.data;
    failSmallOutput(*context, name, capacity, size);
    return nullptr;
  }
  GrowingBuffer &buffer = context->outputs[index];
  if (buffer.reserve(context->instance->allocator, size))
    return output.data = buffer.data;
  context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "output '%s': no memory for %" PRIu64 " bytes", name, size);
  return nullptr;
}
