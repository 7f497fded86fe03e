// Files of the format safetensors, put together in memory.
#include "checkpoint/contents.h"

#include "checkpoint/checkpoint.h"
#include "checkpoint/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

using namespace tfc::rt;

namespace {

// Text that is written, or only measured while there is no memory for it.
struct HeaderWriter {
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
  void putEscaped(Bytes text) {
    for (uint64_t i = 0; i < text.size; ++i) {
      char escape[8] = {'\\', text.data[i]};
      if (text.data[i] == '"' || text.data[i] == '\\')
        put(escape, 2);
      else if (static_cast<unsigned char>(text.data[i]) < 0x20)
        put(escape, static_cast<uint64_t>(snprintf(escape, sizeof(escape), "\\u%04x", text.data[i])));
      else
        put(text.data + i, 1);
    }
  }
  void putPair(const char *prefix, Bytes name, Bytes value) {
    put(",\"");
    put(prefix);
    putEscaped(name);
    put("\":\"");
    putEscaped(value);
    put("\"");
  }
};

} // namespace

// Calls body(tensor), those with wide elements first.
template <typename Body> static void forEachTensor(const SavedTensor *tensors, int64_t count, Body body) {
  for (size_t size = 16; size > 0; size /= 2)
    for (int64_t i = 0; i < count; ++i)
      if (tfc_dtype_size(static_cast<tfc_dtype_t>(tensors[i].dtype)) == size)
        body(tensors[i]);
}

static void putHeader(const SavedTensor *tensors, int64_t tensorCount, const SavedNote *notes, int64_t noteCount,
                      HeaderWriter &text) {
  text.put("{\"");
  text.put(metadataName);
  text.put("\":{\"format\":\"");
  text.put(formatName);
  text.put("\",\"version\":\"");
  text.put(formatVersion);
  text.put("\"");
  for (int64_t i = 0; i < noteCount; ++i)
    text.putPair(notes[i].prefix, notes[i].name, notes[i].value);
  text.put("}");
  uint64_t offset = 0;
  forEachTensor(tensors, tensorCount, [&](const SavedTensor &tensor) {
    text.put(",\"");
    text.putEscaped(tensor.name);
    text.put("\":{\"dtype\":\"");
    text.put(checkpointDtype(tensor.dtype));
    text.put("\",\"shape\":[");
    for (int32_t d = 0; d < tensor.rank; ++d) {
      text.put(d ? "," : "");
      text.put(static_cast<uint64_t>(tensor.shape[d]));
    }
    text.put("],\"data_offsets\":[");
    text.put(offset);
    text.put(",");
    text.put(offset += tensor.data.size);
    text.put("]}");
  });
  text.put("}");
  while (text.length % 8) // so that the data is aligned in the file
    text.put(" ");
}

tfc_status_t Contents::make(const char *path, const SavedTensor *tensors, int64_t tensorCount, const SavedNote *notes,
                            int64_t noteCount, Message message) {
  HeaderWriter header;
  putHeader(tensors, tensorCount, notes, noteCount, header);
  size = sizeof(uint64_t) + header.length;
  forEachTensor(tensors, tensorCount, [&](const SavedTensor &tensor) { size += tensor.data.size; });
  data = static_cast<char *>(allocate(allocator, size));
  if (!data)
    return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "checkpoint '%s': no memory for %" PRIu64 " bytes", path, size);
  for (unsigned i = 0; i < sizeof(uint64_t); ++i)
    data[i] = static_cast<char>(header.length >> (8 * i));
  HeaderWriter written{data + sizeof(uint64_t), 0};
  putHeader(tensors, tensorCount, notes, noteCount, written);
  char *to = written.data + written.length;
  forEachTensor(tensors, tensorCount, [&](const SavedTensor &tensor) {
    if (tensor.data.size)
      memcpy(to, tensor.data.data, tensor.data.size);
    to += tensor.data.size;
  });
  return TFC_STATUS_OK;
}

tfc_status_t Contents::write(const char *path, Message message) const {
  return replaceFile(allocator, path, data, size, message);
}
