// Tensors of a checkpoint by name, whole or in parts: of a file of the format safetensors, or of a
// bundle of TensorFlow's.
#ifndef TFC_RUNTIME_CHECKPOINT_STORED_H
#define TFC_RUNTIME_CHECKPOINT_STORED_H

#include "checkpoint/bundle.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/reader.h"

namespace tfc::rt {

struct StoredTensor {
  Bytes name;
  int32_t dtype; // of strings TFC_DTYPE_STRING
  int32_t rank;
  int64_t shape[TFC_MAX_RANK];
  // Where it is: one of both.
  const FileEntry *entry;
  BundleEntry bundleEntry;
  bool isInParts;
};

class StoredTensors {
public:
  // `path` lives as long as this.
  StoredTensors(const tfc_allocator_t &allocator, const char *path, Message message)
      : allocator(allocator), path(path), message(message), reader(allocator, path, message),
        bundle(allocator, path, message) {}

  // The file at the path, or else the bundle of that prefix. Errors: NOT_FOUND, DATA_LOSS, UNIMPLEMENTED.
  tfc_status_t open();
  // Errors: NOT_FOUND, DATA_LOSS.
  tfc_status_t find(Bytes name, StoredTensor &tensor) const;
  // Reads a part of a tensor of numbers, dense. Errors: DATA_LOSS (the file, or a part that it lacks).
  tfc_status_t read(const StoredTensor &tensor, const Slice &part, void *to) const;
  // Reads a tensor of strings, which lie in `bytes`.
  tfc_status_t readStrings(const StoredTensor &tensor, Array<char> &bytes, Array<Bytes> &strings) const;

  const CheckpointReader &file() const { return reader; }
  __attribute__((format(printf, 4, 5))) tfc_status_t fail(tfc_status_t status, Bytes name, const char *format,
                                                          ...) const;

private:
  tfc_status_t readPart(const StoredTensor &tensor, const Slice &own, const FileEntry *entry,
                        const BundleEntry *bundleEntry, const Slice &wanted, void *to, int64_t &copied) const;
  tfc_status_t failMemory() const;

  const tfc_allocator_t &allocator;
  const char *path;
  Message message;
  CheckpointReader reader;
  TensorBundle bundle;
  bool isBundle = false;
};

// Calls take(entry, box) for the parts of a tensor in a file. False if one is damaged.
template <typename Take> bool forEachPart(const CheckpointReader &file, const StoredTensor &tensor, Take take) {
  for (int64_t i = 0; i < file.entries.count; ++i) {
    const FileEntry &entry = file.entries[i];
    const uint64_t size = tensor.name.size;
    if (entry.name.length <= size || memcmp(entry.name.data, tensor.name.data, size) != 0 ||
        entry.name.data[size] != partMark)
      continue;
    Slice box;
    bool isFine =
        parseBox({entry.name.data + size + 1, entry.name.length - size - 1}, tensor.rank, tensor.shape, box) &&
        entry.rank == box.rank;
    for (int32_t d = 0; isFine && d < box.rank; ++d)
      isFine = entry.shape[d] == box.extent[d];
    if (!isFine || !take(entry, box))
      return false;
  }
  return true;
}

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_STORED_H
