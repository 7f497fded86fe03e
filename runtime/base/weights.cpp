// Mapping of weights files. The mapping itself is checked, not the file before it is
// mapped: what is verified is what the kernels read.
#include "base/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tfc::rt;

namespace {
struct File {
  int descriptor;
  ~File() {
    if (descriptor >= 0)
      close(descriptor);
  }
};
} // namespace

tfc_status_t tfc::rt::mapWeights(const tfc_weights_t &weights, const char *path, Message message,
                                 const void *&outBase) {
  if (!path)
    path = weights.file;
  File file{open(path, O_RDONLY | O_CLOEXEC)};
  struct stat info;
  if (file.descriptor < 0 || fstat(file.descriptor, &info) != 0)
    return message.fail(TFC_STATUS_NOT_FOUND, "weights file '%s': %s", path, strerror(errno));
  if (!S_ISREG(info.st_mode))
    return message.fail(TFC_STATUS_NOT_FOUND, "weights file '%s': not a regular file", path);
  if (uint64_t(info.st_size) != weights.size)
    return message.fail(TFC_STATUS_DATA_LOSS, "weights file '%s': size is %" PRIu64 " bytes, expected %" PRIu64, path,
                        uint64_t(info.st_size), weights.size);
  if (weights.size == 0) {
    outBase = nullptr;
    return TFC_STATUS_OK;
  }
  void *base = mmap(nullptr, weights.size, PROT_READ, MAP_PRIVATE, file.descriptor, 0);
  if (base == MAP_FAILED)
    return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "weights file '%s': cannot be mapped: %s", path,
                        strerror(errno));
  uint64_t checksum = tfc_checksum(base, weights.size);
  if (checksum != weights.checksum) {
    munmap(base, weights.size);
    return message.fail(TFC_STATUS_DATA_LOSS, "weights file '%s': checksum is %016" PRIx64 ", expected %016" PRIx64,
                        path, checksum, weights.checksum);
  }
  outBase = base;
  return TFC_STATUS_OK;
}

void tfc::rt::unmapWeights(const tfc_weights_t &weights, const void *base) {
  if (base)
    munmap(const_cast<void *>(base), weights.size);
}
