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

// Takes memory and puts it at the head of a list.
static void *allocateIn(tfc_context_t *context, ScratchHeader *&head, uint64_t size) {
  uint64_t total = sizeof(ScratchHeader) + size;
  void *memory = total > size ? allocate(context->instance->allocator, total) : nullptr;
  if (!memory) {
    context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "step '%s': no memory for %" PRIu64 " bytes of scratch",
                            context->step->name, size);
    return nullptr;
  }
  auto *header = new (TfcPlacement{memory}) ScratchHeader{head, &head, context->frame};
  if (header->next)
    header->next->link = &header->next;
  head = header;
  return header + 1;
}

void *tfc_scratch_allocate(tfc_context_t *context, uint64_t size) {
  return allocateIn(context, context->scratch, size);
}

void *tfc::rt::allocateLasting(tfc_context_t *context, uint64_t size) {
  return allocateIn(context, context->lasting, size);
}

void *tfc::rt::allocateLent(tfc_context_t *context, uint64_t size) { return allocateIn(context, context->lent, size); }

void tfc::rt::releaseAll(const tfc_allocator_t &allocator, ScratchHeader *head) {
  while (ScratchHeader *header = head) {
    head = header->next;
    release(allocator, header);
  }
}

void tfc_scratch_free(tfc_context_t *context, void *pointer) {
  if (pointer)
    unlinkAndRelease(context->instance->allocator, static_cast<ScratchHeader *>(pointer) - 1);
}

void tfc_scratch_enter(tfc_context_t *context) { ++context->frame; }

void tfc_scratch_leave(tfc_context_t *context, void *const *kept, int64_t count) {
  int64_t frame = context->frame--;
  // Moving on from what is kept, the list stays in the order of frames.
  for (int64_t i = 0; i < count; ++i)
    if (auto *header = static_cast<ScratchHeader *>(kept[i]))
      if ((--header)->frame == frame)
        header->frame = -frame;
  ScratchHeader **link = &context->scratch;
  while (ScratchHeader *header = *link) {
    if (header->frame == -frame) {
      header->frame = frame - 1;
      link = &header->next;
    } else if (header->frame == frame) {
      unlinkAndRelease(context->instance->allocator, header);
    } else {
      break;
    }
  }
}

void tfc::rt::releaseScratch(tfc_context_t &context) {
  const tfc_allocator_t &allocator = context.instance->allocator;
  releaseAll(allocator, context.scratch);
  releaseAll(allocator, context.lasting);
  context.scratch = context.lasting = nullptr;
  context.stringSpaceSize = 0;
  context.frame = 0;
}
