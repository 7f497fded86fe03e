// Files of checkpoints.
#include "checkpoint/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tfc::rt;

static tfc_status_t statusOf(int error) {
  switch (error) {
  case ENOENT:
  case ENOTDIR: return TFC_STATUS_NOT_FOUND;
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
  case EMFILE:
  case ENFILE:
  case ENOMEM: return TFC_STATUS_RESOURCE_EXHAUSTED;
  default: return TFC_STATUS_FAILED_PRECONDITION;
  }
}

tfc_status_t tfc::rt::failFile(Message message, const char *path, const char *what) {
  int error = errno;
  return message.fail(statusOf(error), "checkpoint '%s': %s: %s", path, what, strerror(error));
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

InputFile::~InputFile() {
  if (file >= 0)
    close(file);
}

tfc_status_t InputFile::fail(tfc_status_t status, const char *format, ...) const {
  char text[320];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  return message.fail(status, "checkpoint '%s': %s", path, text);
}

tfc_status_t InputFile::failMemory() const { return fail(TFC_STATUS_RESOURCE_EXHAUSTED, "no memory to read it"); }

tfc_status_t InputFile::open() {
  struct stat info;
  file = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a pipe would wait for its writer
  if (file < 0 || fstat(file, &info) != 0)
    return failFile(message, path, "cannot be opened");
  if (!S_ISREG(info.st_mode))
    return fail(TFC_STATUS_NOT_FOUND, "is no regular file");
  fileSize = static_cast<uint64_t>(info.st_size);
  return TFC_STATUS_OK;
}

tfc_status_t InputFile::readAt(uint64_t offset, void *to, uint64_t size) const {
  auto *bytes = static_cast<char *>(to);
  while (size) {
    ssize_t count = pread(file, bytes, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return failFile(message, path, "cannot be read");
    if (count == 0)
      return fail(TFC_STATUS_DATA_LOSS, "is truncated");
    bytes += count;
    offset += static_cast<uint64_t>(count);
    size -= static_cast<uint64_t>(count);
  }
  return TFC_STATUS_OK;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

// Writes all, to the disk itself.
static bool writeAll(int file, const char *data, uint64_t size) {
  while (size) {
    ssize_t written = write(file, data, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    data += written;
    size -= static_cast<uint64_t>(written);
  }
  return fsync(file) == 0;
}

// Makes a file of a name that nobody else uses: "PATH.PROCESS-NUMBER.tmp". Written to `name`.
static int createBeside(const char *path, char *name, uint64_t capacity) {
  static uint32_t last = 0;
  for (int attempt = 0; attempt < 10000; ++attempt) {
    snprintf(name, capacity, "%s.%ld-%" PRIu32 ".tmp", path, static_cast<long>(getpid()),
             __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED));
    int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0 || errno != EEXIST)
      return file;
  }
  return -1;
}

// Makes a renaming last. Some file systems cannot, and have no need to.
static bool syncFolder(char *path) {
  char *slash = strrchr(path, '/');
  if (slash)
    slash[slash == path] = '\0'; // the root keeps its slash
  int folder = open(slash ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return false;
  bool synced = fsync(folder) == 0 || errno == EINVAL;
  int error = errno;
  close(folder);
  errno = error;
  return synced;
}

static tfc_status_t replaceAs(const char *path, char *name, uint64_t capacity, const char *data, uint64_t size,
                              Message message) {
  int file = createBeside(path, name, capacity);
  if (file < 0)
    return failFile(message, path, "cannot be created");
  bool written = writeAll(file, data, size);
  int error = errno;
  if (close(file) != 0 && written) {
    written = false;
    error = errno;
  }
  if (!written || rename(name, path) != 0) {
    error = written ? errno : error;
    unlink(name);
    errno = error;
    return failFile(message, path, "cannot be written");
  }
  return syncFolder(name) ? TFC_STATUS_OK : failFile(message, path, "its folder cannot be synchronized");
}

tfc_status_t tfc::rt::replaceFile(const tfc_allocator_t &allocator, const char *path, const char *data, uint64_t size,
                                  Message message) {
  const uint64_t capacity = strlen(path) + 48;
  auto *name = static_cast<char *>(allocate(allocator, capacity));
  if (!name)
    return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "checkpoint '%s': no memory for its name", path);
  tfc_status_t status = replaceAs(path, name, capacity, data, size, message);
  release(allocator, name);
  return status;
}
