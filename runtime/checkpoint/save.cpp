// Writing of checkpoints. The file is written under another name and takes the place of the
// previous one when it is complete and on disk, so that there is a whole checkpoint at any time.
#include "checkpoint/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

using namespace tfc::rt;

//===----------------------------------------------------------------------===//
// Contents
//===----------------------------------------------------------------------===//

namespace {

// Text that is written, or only measured while there is no memory for it.
struct Text {
  char *data = nullptr;
  uint64_t length = 0;

  void put(const char *text, uint64_t count) {
    if (data)
      memcpy(data + length, text, count);
    length += count;
  }
  void put(const char *text) { put(text, strlen(text)); }
  void put(uint64_t number) {
    char digits[24];
    put(digits, static_cast<uint64_t>(snprintf(digits, sizeof(digits), "%" PRIu64, number)));
  }
  // What stands between the quotes of a JSON string.
  void putEscaped(const char *text) {
    for (; *text; ++text) {
      char escape[8] = {'\\', *text};
      if (*text == '"' || *text == '\\')
        put(escape, 2);
      else if (static_cast<unsigned char>(*text) < 0x20)
        put(escape, static_cast<uint64_t>(snprintf(escape, sizeof(escape), "\\u%04x", *text)));
      else
        put(text, 1);
    }
  }
};

// The whole file in memory.
struct Contents {
  const tfc_allocator_t &allocator;
  char *data = nullptr;
  uint64_t size = 0;

  explicit Contents(const tfc_allocator_t &allocator) : allocator(allocator) {}
  ~Contents() { release(allocator, data); }
  Contents(const Contents &) = delete;
};

} // namespace

// Calls body(number) for the variables that hold a value, those with wide elements first: so
// all data is aligned to its elements.
template <typename Body> static void forEachValue(const tfc_instance_t &instance, Body body) {
  for (size_t size = 8; size > 0; size /= 2)
    for (int32_t i = 0; i < instance.model->variable_count; ++i)
      if (instance.variables[i].value.data &&
          tfc_dtype_size(static_cast<tfc_dtype_t>(instance.model->variables[i].dtype)) == size)
        body(i);
}

static void putHeader(const tfc_instance_t &instance, Text &text) {
  const tfc_model_t &model = *instance.model;
  text.put("{\"");
  text.put(metadataName);
  text.put("\":{\"format\":\"");
  text.put(formatName);
  text.put("\",\"version\":\"");
  text.put(formatVersion);
  text.put("\"");
  for (int32_t i = 0; i < model.variable_count; ++i) {
    if (instance.variables[i].value.data)
      continue;
    text.put(",\"");
    text.put(unsetPrefix);
    text.putEscaped(model.variables[i].name);
    text.put("\":\"\"");
  }
  text.put("}");
  uint64_t offset = 0;
  forEachValue(instance, [&](int32_t i) {
    const tfc_tensor_t &value = instance.variables[i].value;
    text.put(",\"");
    text.putEscaped(model.variables[i].name);
    text.put("\":{\"dtype\":\"");
    text.put(checkpointDtype(value.dtype));
    text.put("\",\"shape\":[");
    for (int32_t d = 0; d < value.rank; ++d) {
      text.put(d ? "," : "");
      text.put(static_cast<uint64_t>(value.shape[d]));
    }
    text.put("],\"data_offsets\":[");
    text.put(offset);
    text.put(",");
    text.put(offset += value.size);
    text.put("]}");
  });
  text.put("}");
  while (text.length % 8) // so that the data is aligned in the file
    text.put(" ");
}

// Copies the state, all variables at one moment.
static tfc_status_t takeSnapshot(tfc_instance_t &instance, const char *path, Message message, Contents &contents) {
  AllVariables held(instance);
  Text header;
  putHeader(instance, header);
  contents.size = sizeof(uint64_t) + header.length;
  forEachValue(instance, [&](int32_t i) { contents.size += instance.variables[i].value.size; });
  contents.data = static_cast<char *>(allocate(instance.allocator, contents.size));
  if (!contents.data)
    return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "checkpoint '%s': no memory for %" PRIu64 " bytes", path,
                        contents.size);
  for (unsigned i = 0; i < sizeof(uint64_t); ++i)
    contents.data[i] = static_cast<char>(header.length >> (8 * i));
  Text written{contents.data + sizeof(uint64_t), 0};
  putHeader(instance, written);
  char *to = written.data + written.length;
  forEachValue(instance, [&](int32_t i) {
    const tfc_tensor_t &value = instance.variables[i].value;
    if (value.size)
      memcpy(to, value.data, value.size);
    to += value.size;
  });
  return TFC_STATUS_OK;
}

//===----------------------------------------------------------------------===//
// Files
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

static tfc_status_t replace(const char *path, char *name, uint64_t capacity, const Contents &contents,
                            Message message) {
  int file = createBeside(path, name, capacity);
  if (file < 0)
    return failFile(message, path, "cannot be created");
  bool written = writeAll(file, contents.data, contents.size);
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

tfc_status_t tfc_instance_save(tfc_instance_t *instance, const char *path, const tfc_checkpoint_options_t *options) {
  Message message = messageOf(options);
  if (!instance || !path)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "%s is null", instance ? "path" : "instance");
  const tfc_model_t &model = *instance->model;
  for (int32_t i = 0; i < model.variable_count; ++i) {
    const tfc_variable_t &variable = model.variables[i];
    if (!checkpointDtype(variable.dtype))
      return message.fail(TFC_STATUS_UNIMPLEMENTED, "variable '%s' is of %s, for which checkpoints have no type",
                          variable.name, tfc_dtype_name(static_cast<tfc_dtype_t>(variable.dtype)));
    if (!strcmp(variable.name, metadataName))
      return message.fail(TFC_STATUS_UNIMPLEMENTED, "variable '%s' has the name of a checkpoint's own entry",
                          variable.name);
  }

  Contents contents(instance->allocator);
  if (tfc_status_t status = takeSnapshot(*instance, path, message, contents))
    return status;
  uint64_t capacity = strlen(path) + 48;
  auto *name = static_cast<char *>(allocate(instance->allocator, capacity));
  if (!name)
    return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "checkpoint '%s': no memory for its name", path);
  tfc_status_t status = replace(path, name, capacity, contents, message);
  release(instance->allocator, name);
  return status;
}
