// What a file of the format safetensors holds, put together in memory.
#ifndef TFC_RUNTIME_CHECKPOINT_CONTENTS_H
#define TFC_RUNTIME_CHECKPOINT_CONTENTS_H

#include "base/memory.h"
#include "base/message.h"

namespace tfc::rt {

struct Bytes {
  const char *data;
  uint64_t size;
};

// An entry of the file; `dtype` is one that the format has.
struct SavedTensor {
  Bytes name;
  int32_t dtype, rank;
  const int64_t *shape;
  Bytes data;
};
// A line of the file's metadata: the key is `prefix` and `name`.
struct SavedNote {
  const char *prefix;
  Bytes name, value;
};

// The whole file.
class Contents {
public:
  explicit Contents(const tfc_allocator_t &allocator) : allocator(allocator) {}
  ~Contents() { release(allocator, data); }
  Contents(const Contents &) = delete;
  Contents &operator=(const Contents &) = delete;

  // Copies everything. Tensors with wide elements come first, so that data is aligned to its elements.
  tfc_status_t make(const char *path, const SavedTensor *tensors, int64_t tensorCount, const SavedNote *notes,
                    int64_t noteCount, Message message);
  tfc_status_t write(const char *path, Message message) const;

private:
  const tfc_allocator_t &allocator;
  char *data = nullptr;
  uint64_t size = 0;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_CONTENTS_H
