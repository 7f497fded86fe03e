// Where the runtime's memory comes from: malloc, or the application's allocator.
#ifndef TFC_RUNTIME_BASE_MEMORY_H
#define TFC_RUNTIME_BASE_MEMORY_H

#include "tfc-rt/model.h"

#include <stddef.h>

// Constructs an object in memory that is there already. Declared here because the
// runtime uses no C++ library.
struct TfcPlacement {
  void *where;
};
inline void *operator new(size_t, TfcPlacement placement) noexcept { return placement.where; }

namespace tfc::rt {

// What tensors and arenas are aligned to: a cache line, and the widest vector.
constexpr uint64_t tensorAlignment = 64;

// The allocator behind a null tfc_options_t::allocator.
tfc_allocator_t defaultAllocator();

// Null when memory runs out. `alignment` is a power of two.
inline void *allocate(const tfc_allocator_t &allocator, uint64_t size, uint64_t alignment = tensorAlignment) {
  return allocator.allocate(allocator.user, size, alignment);
}
// Null is ignored.
inline void release(const tfc_allocator_t &allocator, void *pointer) {
  if (pointer)
    allocator.release(allocator.user, pointer);
}

// Memory that only grows. Growing loses the contents.
struct GrowingBuffer {
  void *data = nullptr;
  uint64_t capacity = 0;

  // False when memory runs out; the buffer is empty then.
  bool reserve(const tfc_allocator_t &allocator, uint64_t size) {
    return (data && size <= capacity) || grow(allocator, size);
  }
  void clear(const tfc_allocator_t &allocator);

private:
  bool grow(const tfc_allocator_t &allocator, uint64_t size);
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_BASE_MEMORY_H
