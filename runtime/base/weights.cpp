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

// Whether a file of the right size holds what the model was compiled with.
static tfc_status_t check(const tfc_weights_t &weights, const void *base, const char *path, bool trust,
                          Message message) {
  const auto &header = *static_cast<const tfc_weights_header_t *>(base);
  if (memcmp(header.magic, TFC_WEIGHTS_MAGIC, sizeof(header.magic)) != 0)
    return message.fail(TFC_STATUS_FAILED_PRECONDITION, "weights file '%s': is no weights file of tfc", path);
  if (header.size != weights.size || header.checksum != weights.checksum)
    return message.fail(TFC_STATUS_FAILED_PRECONDITION,
                        "weights file '%s': belongs to another model or compilation: checksum is %016" PRIx64
                        ", expected %016" PRIx64,
                        path, header.checksum, weights.checksum);
  uint64_t checksum = trust ? weights.checksum : tfc_checksum(&header + 1, weights.size - sizeof(header));
  if (checksum != weights.checksum)
    return message.fail(TFC_STATUS_DATA_LOSS,
                        "weights file '%s': is damaged: checksum is %016" PRIx64 ", expected %016" PRIx64, path,
                        checksum, weights.checksum);
  return TFC_STATUS_OK;
}

tfc_status_t tfc::rt::mapWeights(const tfc_weights_t &weights, const char *path, bool trust, Message message,
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
  void *base = mmap(nullptr, weights.size, PROT_READ, MAP_PRIVATE, file.descriptor, 0);
  if (base == MAP_FAILED)
    return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "weights file '%s': cannot be mapped: %s", path,
                        strerror(errno));
  if (tfc_status_t status = check(weights, base, path, trust, message)) {
    munmap(base, weights.size);
    return status;
  }
  outBase = base;
  return TFC_STATUS_OK;
}

void tfc::rt::unmapWeights(const tfc_weights_t &weights, const void *base) {
  if (base)
    munmap(const_cast<void *>(base), weights.size);
}
