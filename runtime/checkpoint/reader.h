// Files of the format safetensors, whoever has written them: all of the header is checked before
// anybody sees any of it.
#ifndef TFC_RUNTIME_CHECKPOINT_READER_H
#define TFC_RUNTIME_CHECKPOINT_READER_H

#include "checkpoint/array.h"
#include "checkpoint/file.h"
#include "checkpoint/header.h"

namespace tfc::rt {

// A tensor in the file.
struct FileEntry {
  HeaderText name;
  int32_t dtype;
  int32_t rank; // INT32_MAX for more than fit
  int64_t shape[TFC_MAX_RANK];
  uint64_t begin, size; // of its data, from the beginning of all data
};
struct FileNote {
  HeaderText key, value;
};

class CheckpointReader {
public:
  CheckpointReader(const tfc_allocator_t &allocator, const char *path, Message message)
      : file(path, message), entries(allocator), notes(allocator), header(allocator) {}

  // Reads the header. Errors: NOT_FOUND, DATA_LOSS, UNIMPLEMENTED (version, element type).
  tfc_status_t open();

  // By name.
  const FileEntry *find(const char *name, uint64_t length) const;
  // A line of the metadata whose key is `prefix` and the name.
  const HeaderText *findNote(const char *prefix, const char *name, uint64_t length) const;
  // Reads an entry's data. DATA_LOSS if a bool is neither 0 nor 1.
  tfc_status_t read(const FileEntry &entry, void *to) const;

  InputFile file;
  Array<FileEntry> entries; // sorted by name
  Array<FileNote> notes;

private:
  tfc_status_t readHeader();
  tfc_status_t addEntry(const HeaderEntry &entry);
  tfc_status_t checkNames();
  tfc_status_t checkRanges();

  uint64_t dataBegin = 0, dataSize = 0;
  Array<char> header;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_READER_H
