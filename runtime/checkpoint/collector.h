// Tensors and parts of tensors on their way into one file.
#ifndef TFC_RUNTIME_CHECKPOINT_COLLECTOR_H
#define TFC_RUNTIME_CHECKPOINT_COLLECTOR_H

#include "checkpoint/array.h"
#include "checkpoint/slice.h"

namespace tfc::rt {

// What is added is not copied: it must live until all is written.
class Collector {
public:
  Collector(const tfc_allocator_t &allocator, const char *path, Message message)
      : allocator(allocator), path(path), message(message), items(allocator) {}
  ~Collector();
  Collector(const Collector &) = delete;
  Collector &operator=(const Collector &) = delete;

  tfc_status_t add(Bytes name, int32_t dtype, int32_t rank, const int64_t *shape, Bytes data);
  tfc_status_t addPart(Bytes name, int32_t dtype, const int64_t *shape, const Slice &part, Bytes data);
  // Strings as a checkpoint holds them.
  tfc_status_t addPackedStrings(Bytes name, int32_t rank, const int64_t *shape, Bytes data);
  // Writes the file. Parts that make a tensor up come as one. INVALID_ARGUMENT if a name comes twice or
  // parts do not fit each other.
  tfc_status_t write();
  // Memory that lives as long as this; null after recording RESOURCE_EXHAUSTED.
  char *allocateBytes(uint64_t size);

private:
  struct Item {
    Bytes name;
    int32_t dtype; // of strings TFC_DTYPE_STRING
    int64_t shape[TFC_MAX_RANK];
    Slice part; // of the shape
    Bytes data;
  };
  struct Block {
    Block *next;
  };
  tfc_status_t add(const Item &item);
  tfc_status_t writeGroup(int64_t begin, int64_t end, Array<SavedTensor> &tensors, Array<SavedNote> &notes);
  tfc_status_t fail(Bytes name, const char *what) const;
  tfc_status_t failMemory() const;

  const tfc_allocator_t &allocator;
  const char *path;
  Message message;
  Array<Item> items;
  Block *blocks = nullptr;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_COLLECTOR_H
