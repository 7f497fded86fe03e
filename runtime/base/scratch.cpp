// Scratch memory whose size only data tells.
#include "base/context.h"

#include <inttypes.h>

using namespace tfc::rt;

static void unlinkAndRelease(const tfc_allocator_t &allocator, ScratchHeader *header) {
  *header->link = header->next;
  if (header->next)
    header->next->link = header->link;
  release(allocator, header);
}

void *tfc_scratch_allocate(tfc_context_t *context, uint64_t size) {
  uint64_t total = sizeof(ScratchHeader) + size;
  void *memory = total > size ? allocate(context->instance->allocator, total) : nullptr;
  if (!memory) {
    context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "step '%s': no memory for %" PRIu64 " bytes of scratch",
                            context->step->name, size);
    return nullptr;
  }
  auto *header = new (TfcPlacement{memory}) ScratchHeader{context->scratch, &context->scratch};
  if (header->next)
    header->next->link = &header->next;
  context->scratch = header;
  return header + 1;
}

void tfc_scratch_free(tfc_context_t *context, void *pointer) {
  if (pointer)
    unlinkAndRelease(context->instance->allocator, static_cast<ScratchHeader *>(pointer) - 1);
}

void tfc::rt::releaseScratch(tfc_context_t &context) {
  while (context.scratch)
    unlinkAndRelease(context.instance->allocator, context.scratch);
}
