// Files of the format safetensors, checked.
#include "checkpoint/reader.h"

#include "checkpoint/checkpoint.h"
#include "operation/sort.h"

#include <inttypes.h>

using namespace tfc::rt;

// The limit of the format's own library.
static constexpr uint64_t headerLimit = 100000000;

static int compare(const HeaderText &a, const char *name, uint64_t length) {
  const uint64_t common = a.length < length ? a.length : length;
  const int order = memcmp(a.data, name, common);
  return order ? order : a.length < length ? -1 : a.length > length;
}

const FileEntry *CheckpointReader::find(const char *name, uint64_t length) const {
  int64_t low = 0, high = entries.count;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const int order = compare(entries[middle].name, name, length);
    if (order == 0)
      return &entries[middle];
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return nullptr;
}

const HeaderText *CheckpointReader::findNote(const char *prefix, const char *name, uint64_t length) const {
  const uint64_t prefixLength = strlen(prefix);
  for (int64_t i = 0; i < notes.count; ++i) {
    const HeaderText &key = notes[i].key;
    if (key.length == prefixLength + length && !memcmp(key.data, prefix, prefixLength) &&
        !memcmp(key.data + prefixLength, name, length))
      return &notes[i].value;
  }
  return nullptr;
}

tfc_status_t CheckpointReader::open() {
  uint64_t length = 0;
  unsigned char bytes[sizeof(length)];
  if (tfc_status_t status = file.open())
    return status;
  const uint64_t size = file.size();
  if (size < sizeof(bytes))
    return file.fail(TFC_STATUS_DATA_LOSS, "has %" PRIu64 " bytes, expected at least %zu", size, sizeof(bytes));
  if (tfc_status_t status = file.readAt(0, bytes, sizeof(bytes)))
    return status;
  for (unsigned i = 0; i < sizeof(bytes); ++i)
    length |= uint64_t(bytes[i]) << (8 * i);
  if (length > size - sizeof(bytes) || length > headerLimit)
    return file.fail(TFC_STATUS_DATA_LOSS, "has a header of %" PRIu64 " bytes, expected at most %" PRIu64, length,
                     size - sizeof(bytes) < headerLimit ? size - sizeof(bytes) : headerLimit);
  if (!header.reserve(static_cast<int64_t>(length)))
    return file.failMemory();
  header.count = static_cast<int64_t>(length);
  dataBegin = sizeof(bytes) + length;
  dataSize = size - dataBegin;
  tfc_status_t status = file.readAt(sizeof(bytes), header.data, length);
  if (!status)
    status = readHeader();
  if (!status)
    status = checkNames();
  return status ? status : checkRanges();
}

tfc_status_t CheckpointReader::readHeader() {
  HeaderReader reader(header.data, static_cast<uint64_t>(header.count));
  bool isOurs = false;
  HeaderText version{};
  for (;;) {
    const HeaderReader::Item item = reader.next();
    if (item == HeaderReader::Item::None)
      break;
    if (item == HeaderReader::Item::Entry) {
      if (tfc_status_t status = addEntry(reader.entry))
        return status;
      continue;
    }
    if (!notes.append({reader.key, reader.value}))
      return file.failMemory();
    if (reader.key == "format")
      isOurs = reader.value == formatName;
    else if (reader.key == "version")
      version = reader.value;
  }
  if (reader.error)
    return file.fail(TFC_STATUS_DATA_LOSS, "header is damaged at byte %" PRIu64 ": %s", reader.position(),
                     reader.error);
  if (isOurs && version.data && !(version == formatVersion))
    return file.fail(TFC_STATUS_UNIMPLEMENTED, "has version '%.*s', expected '%s'", version.shownLength(), version.data,
                     formatVersion);
  return TFC_STATUS_OK;
}

tfc_status_t CheckpointReader::addEntry(const HeaderEntry &entry) {
  const int width = entry.name.shownLength();
  const char *name = entry.name.data;
  const int32_t dtype = dtypeOfCheckpoint(entry.dtype.data, entry.dtype.length);
  if (dtype == TFC_DTYPE_INVALID)
    return file.fail(TFC_STATUS_UNIMPLEMENTED, "variable '%.*s' has dtype '%.*s', which is not known", width, name,
                     entry.dtype.shownLength(), entry.dtype.data);
  uint64_t size;
  if (__builtin_mul_overflow(entry.elements, tfc_dtype_size(static_cast<tfc_dtype_t>(dtype)), &size) ||
      entry.end < entry.begin || entry.end - entry.begin != size)
    return file.fail(TFC_STATUS_DATA_LOSS,
                     "variable '%.*s' has bytes %" PRIu64 " to %" PRIu64 ", which are not what its shape needs", width,
                     name, entry.begin, entry.end);
  if (entry.end > dataSize)
    return file.fail(TFC_STATUS_DATA_LOSS, "is truncated: variable '%.*s' ends at byte %" PRIu64 " of %" PRIu64, width,
                     name, entry.end, dataSize);
  FileEntry added{entry.name, dtype, entry.rank, {}, entry.begin, size};
  memcpy(added.shape, entry.shape, sizeof(added.shape));
  return entries.append(added) ? TFC_STATUS_OK : file.failMemory();
}

tfc_status_t CheckpointReader::checkNames() {
  Array<FileEntry> buffer(entries.allocator);
  if (!buffer.reserve(entries.count))
    return file.failMemory();
  sortItems(entries.data, buffer.data, entries.count,
            [](const FileEntry &a, const FileEntry &b) { return compare(a.name, b.name.data, b.name.length) < 0; });
  for (int64_t i = 1; i < entries.count; ++i) {
    const HeaderText &name = entries[i].name;
    if (compare(entries[i - 1].name, name.data, name.length) == 0)
      return file.fail(TFC_STATUS_DATA_LOSS, "has variable '%.*s' twice", name.shownLength(), name.data);
  }
  return TFC_STATUS_OK;
}

// Entries share out the data without gaps and overlaps.
tfc_status_t CheckpointReader::checkRanges() {
  struct Range {
    uint64_t begin, end;
  };
  Array<Range> ranges(entries.allocator), buffer(entries.allocator);
  if (!ranges.reserve(entries.count) || !buffer.reserve(entries.count))
    return file.failMemory();
  for (int64_t i = 0; i < entries.count; ++i)
    ranges.append({entries[i].begin, entries[i].begin + entries[i].size});
  sortItems(ranges.data, buffer.data, ranges.count,
            [](const Range &a, const Range &b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  uint64_t end = 0;
  for (int64_t i = 0; i < ranges.count; ++i) {
    if (ranges[i].begin != end)
      return file.fail(TFC_STATUS_DATA_LOSS, "has variables that %s at byte %" PRIu64,
                       ranges[i].begin < end ? "overlap" : "leave a gap", end);
    end = ranges[i].end;
  }
  if (end != dataSize)
    return file.fail(TFC_STATUS_DATA_LOSS, "has %" PRIu64 " bytes of data, expected %" PRIu64, dataSize, end);
  return TFC_STATUS_OK;
}

tfc_status_t CheckpointReader::read(const FileEntry &entry, void *to) const {
  if (tfc_status_t status = file.readAt(dataBegin + entry.begin, to, entry.size))
    return status;
  // Compiled code relies on it.
  for (uint64_t k = 0; entry.dtype == TFC_DTYPE_BOOL && k < entry.size; ++k)
    if (static_cast<const uint8_t *>(to)[k] > 1)
      return file.fail(TFC_STATUS_DATA_LOSS, "element %" PRIu64 " of variable '%.*s' is no bool", k,
                       entry.name.shownLength(), entry.name.data);
  return TFC_STATUS_OK;
}
