// Reading of checkpoints. All of the file is checked and read before any variable changes.
#include "checkpoint/checkpoint.h"
#include "checkpoint/header.h"

#include "operation/sort.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tfc::rt;

namespace {

// The limit of the format's own library.
constexpr uint64_t headerLimit = 100000000;

struct Range {
  uint64_t begin, end;
};

// What a variable is going to be.
struct Staged {
  tfc_tensor_t value; // `data`: the instance's own memory
  uint64_t begin;     // where the file has it, from the data's beginning
  bool isGiven, isUnset;
};

// An array of zeroed T from the instance's allocator that grows.
template <typename T> struct Array {
  const tfc_allocator_t &allocator;
  T *data = nullptr;
  int64_t count = 0, capacity = 0;

  explicit Array(const tfc_allocator_t &allocator) : allocator(allocator) {}
  ~Array() { release(allocator, data); }
  Array(const Array &) = delete;
  bool reserve(int64_t needed) {
    if (needed <= capacity && data)
      return true;
    int64_t more = needed > 2 * capacity ? needed : 2 * capacity;
    uint64_t size = static_cast<uint64_t>(more) * sizeof(T);
    auto *grown = static_cast<T *>(allocate(allocator, size ? size : 1));
    if (!grown)
      return false;
    memset(static_cast<void *>(grown), 0, size);
    if (count)
      memcpy(static_cast<void *>(grown), data, static_cast<uint64_t>(count) * sizeof(T));
    release(allocator, data);
    data = grown;
    capacity = more;
    return true;
  }
};

class Restore {
public:
  Restore(tfc_instance_t &instance, const char *path, const tfc_checkpoint_options_t *options)
      : instance(instance), model(*instance.model), path(path), message(messageOf(options)),
        isPartial(options && options->partial), staged(instance.allocator), ranges(instance.allocator),
        header(instance.allocator) {}
  ~Restore() {
    for (int64_t i = 0; i < staged.count; ++i)
      releaseShared(instance.allocator, staged.data[i].value.data);
    if (file >= 0)
      close(file);
  }
  Restore(const Restore &) = delete;

  tfc_status_t run() {
    if (!staged.reserve(model.variable_count))
      return failMemory();
    staged.count = model.variable_count;
    tfc_status_t status = openFile();
    if (!status)
      status = readHeader();
    if (!status)
      status = checkRanges();
    if (!status)
      status = checkMissing();
    for (int32_t i = 0; !status && i < model.variable_count; ++i)
      if (staged.data[i].isGiven)
        status = readValue(i);
    if (!status)
      assign();
    return status;
  }

private:
  __attribute__((format(printf, 3, 4))) tfc_status_t fail(tfc_status_t status, const char *format, ...) const {
    char text[320];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return message.fail(status, "checkpoint '%s': %s", path, text);
  }
  tfc_status_t failMemory() const { return fail(TFC_STATUS_RESOURCE_EXHAUSTED, "no memory to read it"); }

  // The file may shrink while it is read: then it is truncated.
  tfc_status_t readAt(uint64_t offset, void *to, uint64_t size) {
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

  tfc_status_t openFile() {
    struct stat info;
    file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a pipe would wait for its writer
    if (file < 0 || fstat(file, &info) != 0)
      return failFile(message, path, "cannot be opened");
    if (!S_ISREG(info.st_mode))
      return fail(TFC_STATUS_NOT_FOUND, "is no regular file");
    uint64_t size = static_cast<uint64_t>(info.st_size), length = 0;
    unsigned char bytes[sizeof(length)];
    if (size < sizeof(bytes))
      return fail(TFC_STATUS_DATA_LOSS, "has %" PRIu64 " bytes, expected at least %zu", size, sizeof(bytes));
    if (tfc_status_t status = readAt(0, bytes, sizeof(bytes)))
      return status;
    for (unsigned i = 0; i < sizeof(bytes); ++i)
      length |= uint64_t(bytes[i]) << (8 * i);
    if (length > size - sizeof(bytes) || length > headerLimit)
      return fail(TFC_STATUS_DATA_LOSS, "has a header of %" PRIu64 " bytes, expected at most %" PRIu64, length,
                  size - sizeof(bytes) < headerLimit ? size - sizeof(bytes) : headerLimit);
    if (!header.reserve(static_cast<int64_t>(length)))
      return failMemory();
    header.count = static_cast<int64_t>(length);
    dataBegin = sizeof(bytes) + length;
    dataSize = size - dataBegin;
    return readAt(sizeof(bytes), header.data, length);
  }

  int32_t find(const char *name, uint64_t length) const {
    for (int32_t i = 0; i < model.variable_count; ++i)
      if (!strncmp(model.variables[i].name, name, length) && strlen(model.variables[i].name) == length)
        return i;
    return -1;
  }

  tfc_status_t readHeader() {
    HeaderReader reader(header.data, static_cast<uint64_t>(header.count));
    for (;;) {
      HeaderReader::Item item = reader.next();
      tfc_status_t status = TFC_STATUS_OK;
      if (item == HeaderReader::Item::None)
        break;
      if (item == HeaderReader::Item::Metadata)
        status = readMetadata(reader.key, reader.value);
      else
        status = readEntry(reader.entry);
      if (status)
        return status;
    }
    if (reader.error)
      return fail(TFC_STATUS_DATA_LOSS, "header is damaged at byte %" PRIu64 ": %s", reader.position(), reader.error);
    if (isOurs && version.data && !(version == formatVersion))
      return fail(TFC_STATUS_UNIMPLEMENTED, "has version '%.*s', expected '%s'", version.shownLength(), version.data,
                  formatVersion);
    return TFC_STATUS_OK;
  }

  tfc_status_t readMetadata(HeaderText key, HeaderText value) {
    constexpr uint64_t prefix = sizeof(unsetPrefix) - 1;
    if (key == "format")
      isOurs = value == formatName;
    else if (key == "version")
      version = value;
    if (key.length <= prefix || memcmp(key.data, unsetPrefix, prefix) != 0)
      return TFC_STATUS_OK;
    HeaderText name{key.data + prefix, key.length - prefix};
    int32_t i = find(name.data, name.length);
    if (i >= 0)
      staged.data[i].isUnset = true;
    else if (!isPartial)
      return failUnknown(name);
    return TFC_STATUS_OK;
  }

  tfc_status_t failUnknown(HeaderText name) const {
    return fail(TFC_STATUS_FAILED_PRECONDITION, "has variable '%.*s', which model '%s' has not", name.shownLength(),
                name.data, model.name);
  }

  tfc_status_t readEntry(const HeaderEntry &entry) {
    int width = entry.name.shownLength();
    const char *name = entry.name.data;
    int32_t dtype = dtypeOfCheckpoint(entry.dtype.data, entry.dtype.length);
    if (dtype == TFC_DTYPE_INVALID)
      return fail(TFC_STATUS_UNIMPLEMENTED, "variable '%.*s' has dtype '%.*s', which is not known", width, name,
                  entry.dtype.shownLength(), entry.dtype.data);
    uint64_t size;
    if (__builtin_mul_overflow(entry.elements, tfc_dtype_size(static_cast<tfc_dtype_t>(dtype)), &size) ||
        entry.end < entry.begin || entry.end - entry.begin != size)
      return fail(TFC_STATUS_DATA_LOSS,
                  "variable '%.*s' has bytes %" PRIu64 " to %" PRIu64 ", which are not what its shape needs", width,
                  name, entry.begin, entry.end);
    if (entry.end > dataSize)
      return fail(TFC_STATUS_DATA_LOSS, "is truncated: variable '%.*s' ends at byte %" PRIu64 " of %" PRIu64, width,
                  name, entry.end, dataSize);
    if (!ranges.reserve(ranges.count + 1))
      return failMemory();
    ranges.data[ranges.count++] = {entry.begin, entry.end};

    int32_t i = find(name, entry.name.length);
    if (i < 0)
      return isPartial ? TFC_STATUS_OK : failUnknown(entry.name);
    const tfc_variable_t &declared = model.variables[i];
    Staged &stage = staged.data[i];
    if (stage.isGiven)
      return fail(TFC_STATUS_DATA_LOSS, "has variable '%s' twice", declared.name);
    stage.isGiven = true;
    stage.begin = entry.begin;
    tfc_tensor_t &value = stage.value;
    value.size = size;
    value.dtype = dtype;
    value.rank = entry.rank;
    memcpy(value.shape, entry.shape, sizeof(value.shape));
    if (dtype != declared.dtype)
      return fail(TFC_STATUS_FAILED_PRECONDITION, "variable '%s' is of %s, expected %s", declared.name,
                  tfc_dtype_name(static_cast<tfc_dtype_t>(dtype)),
                  tfc_dtype_name(static_cast<tfc_dtype_t>(declared.dtype)));
    if (entry.rank != declared.rank)
      return fail(TFC_STATUS_FAILED_PRECONDITION, "variable '%s' has another rank, expected %" PRId32, declared.name,
                  declared.rank);
    for (int32_t d = 0; d < declared.rank; ++d)
      if (declared.dims[d] != TFC_DIM_DYNAMIC && declared.dims[d] != value.shape[d])
        return fail(TFC_STATUS_FAILED_PRECONDITION,
                    "dimension %" PRId32 " of variable '%s' is %" PRId64 ", expected %" PRId64, d, declared.name,
                    value.shape[d], declared.dims[d]);
    return TFC_STATUS_OK;
  }

  // Entries share out the data without gaps and overlaps.
  tfc_status_t checkRanges() {
    Array<Range> buffer(instance.allocator);
    if (!buffer.reserve(ranges.count))
      return failMemory();
    sortItems(ranges.data, buffer.data, ranges.count,
              [](const Range &a, const Range &b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
    uint64_t end = 0;
    for (int64_t i = 0; i < ranges.count; ++i) {
      if (ranges.data[i].begin != end)
        return fail(TFC_STATUS_DATA_LOSS, "has variables that %s at byte %" PRIu64,
                    ranges.data[i].begin < end ? "overlap" : "leave a gap", end);
      end = ranges.data[i].end;
    }
    if (end != dataSize)
      return fail(TFC_STATUS_DATA_LOSS, "has %" PRIu64 " bytes of data, expected %" PRIu64, dataSize, end);
    return TFC_STATUS_OK;
  }

  tfc_status_t checkMissing() const {
    for (int32_t i = 0; i < model.variable_count; ++i) {
      const Staged &stage = staged.data[i];
      if (stage.isGiven && stage.isUnset)
        return fail(TFC_STATUS_DATA_LOSS, "has variable '%s' with and without a value", model.variables[i].name);
      if (!isPartial && !stage.isGiven && !stage.isUnset)
        return fail(TFC_STATUS_FAILED_PRECONDITION, "lacks variable '%s'", model.variables[i].name);
    }
    return TFC_STATUS_OK;
  }

  tfc_status_t readValue(int32_t i) {
    Staged &stage = staged.data[i];
    tfc_tensor_t &value = stage.value;
    value.data = allocateShared(instance.allocator, value.size ? value.size : 1);
    if (!value.data)
      return fail(TFC_STATUS_RESOURCE_EXHAUSTED, "no memory for %" PRIu64 " bytes of variable '%s'", value.size,
                  model.variables[i].name);
    if (tfc_status_t status = readAt(dataBegin + stage.begin, value.data, value.size))
      return status;
    // Compiled code relies on it.
    for (uint64_t k = 0; value.dtype == TFC_DTYPE_BOOL && k < value.size; ++k)
      if (static_cast<const uint8_t *>(value.data)[k] > 1)
        return fail(TFC_STATUS_DATA_LOSS, "element %" PRIu64 " of variable '%s' is no bool", k,
                    model.variables[i].name);
    return TFC_STATUS_OK;
  }

  // Cannot fail. What the variables held before is released with this object.
  void assign() {
    AllVariables held(instance);
    for (int32_t i = 0; i < model.variable_count; ++i) {
      Staged &stage = staged.data[i];
      Variable &variable = instance.variables[i];
      if (!stage.isGiven && !stage.isUnset)
        continue;
      void *previous = variable.capacity ? variable.value.data : nullptr;
      variable.value = stage.value;
      variable.capacity = stage.isUnset ? 0 : stage.value.size ? stage.value.size : 1;
      stage.value.data = previous;
    }
  }

  tfc_instance_t &instance;
  const tfc_model_t &model;
  const char *path;
  Message message;
  bool isPartial, isOurs = false;
  HeaderText version{};
  int file = -1;
  uint64_t dataBegin = 0, dataSize = 0;
  Array<Staged> staged; // by variable
  Array<Range> ranges;
  Array<char> header;
};

} // namespace

tfc_status_t tfc_instance_restore(tfc_instance_t *instance, const char *path, const tfc_checkpoint_options_t *options) {
  if (!instance || !path)
    return messageOf(options).fail(TFC_STATUS_INVALID_ARGUMENT, "%s is null", instance ? "path" : "instance");
  return Restore(*instance, path, options).run();
}
