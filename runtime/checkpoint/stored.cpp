// Tensors of a checkpoint by name.
#include "checkpoint/stored.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

using namespace tfc::rt;

tfc_status_t StoredTensors::fail(tfc_status_t status, Bytes name, const char *format, ...) const {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  return message.fail(status, "checkpoint '%s': tensor '%.*s' %s", path,
                      static_cast<int>(name.size < 100 ? name.size : 100), name.data, text);
}
tfc_status_t StoredTensors::failMemory() const { return reader.file.failMemory(); }

// Bytes of so many elements; UINT64_MAX where 64 bits do not hold them.
static uint64_t sizeOf(int32_t dtype, int32_t rank, const int64_t *shape) {
  uint64_t size = tfc_dtype_size(static_cast<tfc_dtype_t>(dtype));
  bool isEmpty = false;
  for (int32_t d = 0; d < rank; ++d)
    isEmpty |= shape[d] == 0;
  for (int32_t d = 0; d < rank && !isEmpty; ++d)
    if (__builtin_mul_overflow(size, static_cast<uint64_t>(shape[d]), &size))
      return UINT64_MAX;
  return isEmpty ? 0 : size;
}

tfc_status_t StoredTensors::open() {
  struct stat info;
  isBundle = stat(path, &info) != 0 || !S_ISREG(info.st_mode);
  if (!isBundle)
    return reader.open();
  tfc_status_t status = bundle.open();
  // Of two files that are missing, the one that was asked for is told of.
  return status == TFC_STATUS_NOT_FOUND ? reader.file.fail(status, "is neither a file nor the prefix of a bundle")
                                        : status;
}

tfc_status_t StoredTensors::find(Bytes name, StoredTensor &tensor) const {
  tensor = {};
  tensor.name = name;
  if (isBundle) {
    BundleEntry &entry = tensor.bundleEntry;
    if (tfc_status_t status = bundle.find(name, entry))
      return status;
    tensor.dtype = entry.dtype;
    tensor.rank = entry.rank;
    memcpy(tensor.shape, entry.shape, sizeof(tensor.shape));
    tensor.isInParts = entry.isSliced;
    if (tensor.dtype == TFC_DTYPE_INVALID)
      return fail(TFC_STATUS_UNIMPLEMENTED, name, "has elements of a type that is not known");
    return TFC_STATUS_OK;
  }
  const FileEntry *entry = tensor.entry = reader.find(name.data, name.size);
  if (const HeaderText *shape = reader.findNote(stringsPrefix, name.data, name.size); shape && entry) {
    tensor.dtype = TFC_DTYPE_STRING;
    const bool isFine = parseShape({shape->data, shape->length}, tensor.shape, tensor.rank) &&
                        entry->dtype == TFC_DTYPE_U8 && entry->rank == 1;
    return isFine ? TFC_STATUS_OK : fail(TFC_STATUS_DATA_LOSS, name, "has no entry of strings");
  }
  if (entry) {
    tensor.dtype = entry->dtype;
    tensor.rank = entry->rank;
    memcpy(tensor.shape, entry->shape, sizeof(tensor.shape));
    if (tensor.rank > TFC_MAX_RANK)
      return fail(TFC_STATUS_UNIMPLEMENTED, name, "has more than %d dimensions", TFC_MAX_RANK);
    return TFC_STATUS_OK;
  }
  const HeaderText *shape = reader.findNote(partsPrefix, name.data, name.size);
  if (!shape)
    return fail(TFC_STATUS_NOT_FOUND, name, "is not in it");
  tensor.isInParts = true;
  bool isFine = parseShape({shape->data, shape->length}, tensor.shape, tensor.rank);
  isFine = isFine && forEachPart(reader, tensor, [&](const FileEntry &part, const Slice &) {
             const bool isFirst = tensor.dtype == TFC_DTYPE_INVALID;
             tensor.dtype = part.dtype;
             return isFirst || tensor.dtype == part.dtype;
           });
  return isFine ? TFC_STATUS_OK : fail(TFC_STATUS_DATA_LOSS, name, "has damaged parts");
}

// Reads what a stored part and the wanted one have in common.
tfc_status_t StoredTensors::readPart(const StoredTensor &tensor, const Slice &own, const FileEntry *entry,
                                     const BundleEntry *bundleEntry, const Slice &wanted, void *to,
                                     int64_t &copied) const {
  const uint64_t size = sizeOf(tensor.dtype, own.rank, own.extent);
  if (bundleEntry && bundleEntry->size != size)
    return fail(TFC_STATUS_DATA_LOSS, tensor.name, "has %" PRIu64 " bytes, expected %" PRIu64, bundleEntry->size, size);
  const bool isSame = own.rank == wanted.rank &&
                      !memcmp(own.start, wanted.start, sizeof(int64_t) * static_cast<size_t>(own.rank)) &&
                      !memcmp(own.extent, wanted.extent, sizeof(int64_t) * static_cast<size_t>(own.rank));
  auto readAll = [&](void *target) {
    return entry ? reader.read(*entry, target) : bundle.read(tensor.name, *bundleEntry, target);
  };
  if (isSame) {
    copied += own.elements();
    return readAll(to);
  }
  if (!overlap(own, wanted))
    return TFC_STATUS_OK;
  Array<char> bytes(allocator);
  if (!bytes.reserve(static_cast<int64_t>(size)))
    return failMemory();
  tfc_status_t status = readAll(bytes.data);
  if (!status)
    copied += copyCommon(tfc_dtype_size(static_cast<tfc_dtype_t>(tensor.dtype)), own, bytes.data, wanted,
                         static_cast<char *>(to));
  return status;
}

tfc_status_t StoredTensors::read(const StoredTensor &tensor, const Slice &wanted, void *to) const {
  int64_t copied = 0;
  tfc_status_t status = TFC_STATUS_OK;
  if (!tensor.isInParts) {
    status = readPart(tensor, wholeSlice(tensor.rank, tensor.shape), tensor.entry,
                      isBundle ? &tensor.bundleEntry : nullptr, wanted, to, copied);
  } else if (isBundle) {
    Array<Slice> parts(allocator);
    status = bundle.listParts(tensor.name, tensor.bundleEntry, parts);
    for (int64_t i = 0; !status && i < parts.count; ++i) {
      if (!overlap(parts[i], wanted))
        continue;
      BundleEntry entry;
      status = bundle.findPart(tensor.name, parts[i], tensor.bundleEntry, entry);
      if (!status)
        status = readPart(tensor, parts[i], nullptr, &entry, wanted, to, copied);
    }
  } else {
    forEachPart(reader, tensor, [&](const FileEntry &entry, const Slice &box) {
      status = readPart(tensor, box, &entry, nullptr, wanted, to, copied);
      return !status;
    });
  }
  if (!status && copied != wanted.elements())
    return fail(TFC_STATUS_DATA_LOSS, tensor.name, "lacks %" PRId64 " elements", wanted.elements() - copied);
  return status;
}

tfc_status_t StoredTensors::readStrings(const StoredTensor &tensor, Array<char> &bytes, Array<Bytes> &strings) const {
  const uint64_t size = isBundle ? tensor.bundleEntry.size : tensor.entry->size;
  const int64_t count = wholeSlice(tensor.rank, tensor.shape).elements();
  // Each takes a byte at least: so no count is too large for memory that a file has not.
  if (static_cast<uint64_t>(count) > size)
    return fail(TFC_STATUS_DATA_LOSS, tensor.name, "has %" PRIu64 " bytes for %" PRId64 " strings", size, count);
  if (!bytes.reserve(static_cast<int64_t>(size)) || !strings.reserve(count))
    return failMemory();
  if (isBundle) {
    tfc_status_t status = bundle.read(tensor.name, tensor.bundleEntry, bytes.data);
    return status ? status : bundle.checkStrings(tensor.name, tensor.bundleEntry, bytes.data, count, strings);
  }
  if (tfc_status_t status = reader.read(*tensor.entry, bytes.data))
    return status;
  uint64_t at = static_cast<uint64_t>(count) * sizeof(uint64_t);
  bool isFine = at <= size;
  for (int64_t i = 0; i < count && isFine; ++i) {
    uint64_t length = 0;
    for (unsigned k = 0; k < sizeof(length); ++k)
      length |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i * 8 + k])) << (8 * k);
    isFine = length <= size - at && strings.append({bytes.data + at, length});
    at += isFine ? length : 0;
  }
  return isFine && at == size ? TFC_STATUS_OK : fail(TFC_STATUS_DATA_LOSS, tensor.name, "has damaged strings");
}
