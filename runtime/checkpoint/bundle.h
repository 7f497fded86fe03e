// TensorFlow's checkpoints of format V2: PREFIX.index, a sorted string table (LevelDB's format of
// tables, uncompressed) of entries by name, and PREFIX.data-SSSSS-of-NNNNN, the bytes of tensors.
#ifndef TFC_RUNTIME_CHECKPOINT_BUNDLE_H
#define TFC_RUNTIME_CHECKPOINT_BUNDLE_H

#include "checkpoint/array.h"
#include "checkpoint/file.h"
#include "checkpoint/slice.h"

namespace tfc::rt {

// What the index says of a tensor or of a part of one.
struct BundleEntry {
  int32_t dtype; // tfc_dtype_t; TFC_DTYPE_INVALID for what has none
  int32_t rank;
  int64_t shape[TFC_MAX_RANK];
  uint64_t shard, offset, size;
  uint32_t checksum;
  bool isSliced; // it has no bytes of its own but parts
  Bytes message; // all of it
};

class TensorBundle {
public:
  // `prefix` lives as long as this.
  TensorBundle(const tfc_allocator_t &allocator, const char *prefix, Message message)
      : allocator(allocator), prefix(prefix), message(message), index(allocator), keys(allocator), records(allocator) {}

  // Reads the index. Errors: NOT_FOUND, DATA_LOSS, UNIMPLEMENTED (compressed, or of another byte order).
  tfc_status_t open();

  // Errors: NOT_FOUND, DATA_LOSS.
  tfc_status_t find(Bytes name, BundleEntry &entry) const;
  // The parts that a sliced tensor has.
  tfc_status_t listParts(Bytes name, const BundleEntry &tensor, Array<Slice> &parts) const;
  // The entry of one of them.
  tfc_status_t findPart(Bytes name, const Slice &part, const BundleEntry &tensor, BundleEntry &entry) const;
  // The bytes of an entry that is no sliced one, checked.
  tfc_status_t read(Bytes name, const BundleEntry &entry, void *to) const;
  // What a tensor of strings of `count` elements has.
  tfc_status_t checkStrings(Bytes name, const BundleEntry &entry, const char *bytes, int64_t count,
                            Array<Bytes> &strings) const;

  __attribute__((format(printf, 3, 4))) tfc_status_t fail(tfc_status_t status, const char *format, ...) const;
  tfc_status_t failMemory() const { return fail(TFC_STATUS_RESOURCE_EXHAUSTED, "no memory to read it"); }

private:
  struct Record {
    uint64_t key, keySize; // in `keys`
    Bytes value;           // in `index`
  };
  bool readBlock(uint64_t offset, uint64_t size, Bytes &block);
  bool readRecords(Bytes block);
  const Record *findRecord(Bytes key) const;
  tfc_status_t readIndex();
  tfc_status_t failName(tfc_status_t status, Bytes name, const char *what) const;
  bool makePath(Array<char> &path, const char *format, uint64_t shard) const;

  const tfc_allocator_t &allocator;
  const char *prefix;
  Message message;
  uint64_t shardCount = 0;
  Array<char> index, keys;
  Array<Record> records; // sorted by key
  bool isCompressed = false, isOutOfMemory = false;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_BUNDLE_H
