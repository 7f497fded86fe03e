// Files of checkpoints: read at any place, and written so that a whole one is there at any time.
#ifndef TFC_RUNTIME_CHECKPOINT_FILE_H
#define TFC_RUNTIME_CHECKPOINT_FILE_H

#include "base/memory.h"
#include "base/message.h"

namespace tfc::rt {

// Fails with the reason in `errno`, and the status that fits it.
tfc_status_t failFile(Message message, const char *path, const char *what);

// A file that is read. Errors begin with its path, which lives as long as this.
class InputFile {
public:
  InputFile(const char *path, Message message) : path(path), message(message) {}
  ~InputFile();
  InputFile(const InputFile &) = delete;
  InputFile &operator=(const InputFile &) = delete;

  // NOT_FOUND if there is no regular file.
  tfc_status_t open();
  uint64_t size() const { return fileSize; }
  // DATA_LOSS where the file ends before. It may shrink while it is read.
  tfc_status_t readAt(uint64_t offset, void *to, uint64_t size) const;
  __attribute__((format(printf, 3, 4))) tfc_status_t fail(tfc_status_t status, const char *format, ...) const;
  tfc_status_t failMemory() const;

private:
  const char *path;
  Message message;
  int file = -1;
  uint64_t fileSize = 0;
};

// Writes a file under another name ("PATH.PROCESS-NUMBER.tmp"), makes it durable and gives it the
// name: so `path` is the previous file or all of the new one, whenever program or machine stop.
tfc_status_t replaceFile(const tfc_allocator_t &allocator, const char *path, const char *data, uint64_t size,
                         Message message);

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_FILE_H
