// Scratch memory whose size only data tells, and memory that is lent to a step.
#include "base/context.h"

#include <inttypes.h>
#include <string.h>

using namespace tfc::rt;

// Frame of a loan that is kept when the innermost frame ends.
constexpr int64_t keptFrame = INT64_MAX;

// The bin for so many bytes, and the bytes of what lies there: multiples of a cache line, beyond
// eight of them in steps of a quarter of a power of two or less. Bin 0 is none.
static int32_t binFor(uint64_t size, uint64_t &outSize) {
  uint64_t lines = size / tensorAlignment + (size % tensorAlignment != 0);
  int32_t shift = lines > 7 ? 61 - __builtin_clzll(lines) : 0;
  uint64_t rounded = lines >> shift;
  rounded += rounded << shift != lines;
  int32_t bin = 4 * shift + static_cast<int32_t>(rounded);
  if (bin >= ScratchBins::count)
    return 0;
  outSize = (rounded << shift) * tensorAlignment;
  return bin;
}

static void unlink(ScratchHeader *header) {
  *header->link = header->next;
  if (header->next)
    header->next->link = header->link;
}

static void unlinkAndKeep(tfc_context_t *context, ScratchHeader *header) {
  unlink(header);
  if (!header->bin)
    return release(context->instance->allocator, header);
  ScratchHeader *&first = context->bins.first[header->bin];
  header->next = first;
  first = header;
  context->bins.areEmpty = false;
}

// Gives back the oldest loan of some memory: what a loop kept goes when its next value is there.
static void returnLoan(tfc_context_t *context, void *data) {
  int64_t i = 0;
  while (context->loans[i].data != data)
    ++i;
  memmove(context->loans + i, context->loans + i + 1, (--context->loanCount - i) * sizeof(Loan));
  releaseShared(context->instance->allocator, data);
}

// Takes memory and puts it at the head of a list.
static void *allocateIn(tfc_context_t *context, ScratchHeader *&head, uint64_t size) {
  uint64_t total = sizeof(ScratchHeader) + size;
  bool isPossible = total > size;
  int32_t bin = isPossible ? binFor(total, total) : 0;
  void *memory = bin ? context->bins.first[bin] : nullptr;
  if (memory)
    context->bins.first[bin] = static_cast<ScratchHeader *>(memory)->next;
  else if (isPossible)
    memory = allocate(context->instance->allocator, total);
  if (!memory) {
    context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "step '%s': no memory for %" PRIu64 " bytes of scratch",
                            context->step->name, size);
    return nullptr;
  }
  auto *header = new (TfcPlacement{memory}) ScratchHeader{head, &head, context->frame};
  header->bin = bin;
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
  if (!pointer)
    return;
  ScratchHeader *header = headerOf(pointer);
  if (header->link)
    unlinkAndKeep(context, header);
  else
    returnLoan(context, pointer);
}

//===----------------------------------------------------------------------===//
// Loans
//===----------------------------------------------------------------------===//

void *tfc::rt::allocateShared(const tfc_allocator_t &allocator, uint64_t size) {
  uint64_t total = sizeof(ScratchHeader) + size;
  void *memory = total > size ? allocate(allocator, total) : nullptr;
  if (!memory)
    return nullptr;
  auto *header = new (TfcPlacement{memory}) ScratchHeader{nullptr, nullptr, 0};
  header->references.store(1, std::memory_order_relaxed);
  return header + 1;
}

void tfc::rt::releaseShared(const tfc_allocator_t &allocator, void *data) {
  if (data && headerOf(data)->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
    release(allocator, headerOf(data));
}

bool tfc::rt::lend(tfc_context_t *context, void *data) {
  if (context->loanCount == context->loanCapacity) {
    int64_t capacity = context->loanCapacity ? 2 * context->loanCapacity : 16;
    auto *loans = static_cast<Loan *>(allocate(context->instance->allocator, capacity * sizeof(Loan)));
    if (!loans) {
      context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "step '%s': no memory for %" PRId64 " loans",
                              context->step->name, capacity);
      return false;
    }
    if (context->loanCount)
      memcpy(loans, context->loans, context->loanCount * sizeof(Loan));
    release(context->instance->allocator, context->loans);
    context->loans = loans;
    context->loanCapacity = capacity;
  }
  headerOf(data)->references.fetch_add(1, std::memory_order_relaxed);
  context->loans[context->loanCount++] = {data, context->frame};
  return true;
}

//===----------------------------------------------------------------------===//
// Frames
//===----------------------------------------------------------------------===//

void tfc_scratch_enter(tfc_context_t *context) { ++context->frame; }

// Marks a loan of the innermost frame as one that outlives it.
static void keepLoan(tfc_context_t *context, void *data, int64_t frame) {
  for (int64_t i = context->loanCount; i-- && context->loans[i].frame >= frame;)
    if (context->loans[i].data == data && context->loans[i].frame == frame) {
      context->loans[i].frame = keptFrame;
      return;
    }
}

void tfc_scratch_leave(tfc_context_t *context, void *const *kept, int64_t count) {
  int64_t frame = context->frame--;
  // Moving on from what is kept, the list stays in the order of frames.
  for (int64_t i = 0; i < count; ++i)
    if (auto *header = static_cast<ScratchHeader *>(kept[i])) {
      if (!(--header)->link)
        keepLoan(context, kept[i], frame);
      else if (header->frame == frame)
        header->frame = -frame;
    }
  int64_t left = context->loanCount, begin = left;
  while (begin && context->loans[begin - 1].frame >= frame)
    --begin;
  context->loanCount = begin;
  for (int64_t i = begin; i < left; ++i)
    if (context->loans[i].frame == frame)
      releaseShared(context->instance->allocator, context->loans[i].data);
    else
      context->loans[context->loanCount++] = {context->loans[i].data, frame - 1};
  ScratchHeader **link = &context->scratch;
  while (ScratchHeader *header = *link) {
    if (header->frame == -frame) {
      header->frame = frame - 1;
      link = &header->next;
    } else if (header->frame == frame) {
      unlinkAndKeep(context, header);
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
  if (!context.bins.areEmpty) {
    for (ScratchHeader *first : context.bins.first)
      releaseAll(allocator, first);
    context.bins = ScratchBins();
  }
  while (context.loanCount)
    releaseShared(allocator, context.loans[--context.loanCount].data);
  context.frame = 0;
}
