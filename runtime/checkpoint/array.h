// Arrays of what a checkpoint's file tells.
#ifndef TFC_RUNTIME_CHECKPOINT_ARRAY_H
#define TFC_RUNTIME_CHECKPOINT_ARRAY_H

#include "base/memory.h"

#include <string.h>

namespace tfc::rt {

// An array of zeroed T from an instance's allocator that grows.
template <typename T> struct Array {
  const tfc_allocator_t &allocator;
  T *data = nullptr;
  int64_t count = 0, capacity = 0;

  explicit Array(const tfc_allocator_t &allocator) : allocator(allocator) {}
  ~Array() { release(allocator, data); }
  Array(const Array &) = delete;
  Array &operator=(const Array &) = delete;

  T &operator[](int64_t i) const { return data[i]; }
  // False when memory runs out.
  bool reserve(int64_t needed) {
    if (needed <= capacity && data)
      return true;
    uint64_t size;
    int64_t more = needed > 2 * capacity ? needed : 2 * capacity;
    if (__builtin_mul_overflow(static_cast<uint64_t>(more), sizeof(T), &size))
      return false;
    auto *grown = static_cast<T *>(allocate(allocator, size ? size : 1));
    if (!grown)
      return false;
    memset(static_cast<void *>(grown), 0, size);
    if (count)
      memcpy(static_cast<void *>(grown), data, static_cast<uint64_t>(count) * sizeof(T));
    release(allocator, data);
    data = grown;
    capacity = more;
    return true;
  }
  bool append(const T &value) {
    if (!reserve(count + 1))
      return false;
    data[count++] = value;
    return true;
  }
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_ARRAY_H
