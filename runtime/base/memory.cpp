// The default allocator, and buffers that grow.
#include "base/memory.h"

#include <stdlib.h>

using namespace tfc::rt;

static void *allocateDefault(void *, uint64_t size, uint64_t alignment) {
  void *pointer = nullptr;
  if (alignment < sizeof(void *))
    alignment = sizeof(void *);
  return posix_memalign(&pointer, alignment, size) == 0 ? pointer : nullptr;
}

static void releaseDefault(void *, void *pointer) { free(pointer); }

tfc_allocator_t tfc::rt::defaultAllocator() { return {nullptr, allocateDefault, releaseDefault}; }

void GrowingBuffer::clear(const tfc_allocator_t &allocator) {
  release(allocator, data);
  data = nullptr;
  capacity = 0;
}

bool GrowingBuffer::grow(const tfc_allocator_t &allocator, uint64_t size) {
  // The old memory goes first, so that both never exist at once. A buffer of no
  // bytes still has an address.
  clear(allocator);
  uint64_t rounded = (size + tensorAlignment - 1) & ~(tensorAlignment - 1);
  if (rounded < size)
    return false;
  if (rounded == 0)
    rounded = tensorAlignment;
  data = allocate(allocator, rounded);
  capacity = data ? rounded : 0;
  return data != nullptr;
}
