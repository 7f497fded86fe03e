// The arena: scratch memory whose size is known before a step starts.
#include "base/context.h"

#include <inttypes.h>

void *tfc_arena_reserve(tfc_context_t *context, uint64_t size) {
  if (context->arena.reserve(context->instance->allocator, size))
    return context->arena.data;
  context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "step '%s': no memory for an arena of %" PRIu64 " bytes",
                          context->step->name, size);
  return nullptr;
}
