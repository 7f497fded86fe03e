// Records of strings, alone and packed.
#include "string/string.h"

#include <string.h>

using namespace tfc::rt;

String *tfc::rt::makeString(tfc_context_t *context, uint64_t size) {
  // Small strings share blocks.
  constexpr uint64_t blockSize = 16384, mostShared = blockSize / 4;
  const uint64_t total = recordSize(size);
  char *memory;
  if (total > mostShared) {
    memory = static_cast<char *>(allocateLasting(context, total));
  } else {
    if (total > context->stringSpaceSize) {
      context->stringSpace = static_cast<char *>(allocateLasting(context, blockSize));
      context->stringSpaceSize = context->stringSpace ? blockSize : 0;
    }
    memory = context->stringSpace;
    if (memory) {
      context->stringSpace += total;
      context->stringSpaceSize -= total;
    }
  }
  if (!memory)
    return nullptr;
  auto *string = new (TfcPlacement{memory}) String{size};
  string->bytes()[size] = '\0';
  return string;
}

bool tfc::rt::makeHandle(tfc_context_t *context, StringView bytes, uint64_t &outHandle) {
  outHandle = 0;
  if (bytes.size == 0)
    return true;
  String *string = makeString(context, bytes.size);
  if (!string)
    return false;
  memcpy(string->bytes(), bytes.data, bytes.size);
  outHandle = handleOf(string);
  return true;
}

String *tfc::rt::writeString(StringView bytes, void *memory) {
  // The NUL and what fills the last word.
  memset(static_cast<char *>(memory) + recordSize(bytes.size) - sizeof(uint64_t), 0, sizeof(uint64_t));
  auto *string = new (TfcPlacement{memory}) String{bytes.size};
  memcpy(string->bytes(), bytes.data, bytes.size);
  return string;
}

uint64_t tfc::rt::packedSize(const uint64_t *handles, int64_t count) {
  uint64_t total;
  if (__builtin_mul_overflow(uint64_t(count), sizeof(uint64_t), &total))
    return UINT64_MAX;
  for (int64_t i = 0; i < count; ++i)
    if (__builtin_add_overflow(total, recordSize(viewOf(handles[i]).size), &total))
      return UINT64_MAX;
  return total;
}

void tfc::rt::packStrings(const uint64_t *handles, int64_t count, void *packed) {
  char *base = static_cast<char *>(packed), *next = base + count * sizeof(uint64_t);
  for (int64_t i = 0; i < count; ++i) {
    const StringView view = viewOf(handles[i]);
    static_cast<uint64_t *>(packed)[i] = next - base;
    writeString(view, next);
    next += recordSize(view.size);
  }
}

bool tfc::rt::unpackStrings(tfc_context_t *context, const void *packed, int64_t count, uint64_t *handles) {
  auto *base = static_cast<const char *>(packed);
  for (int64_t i = 0; i < count; ++i)
    if (!makeHandle(context, viewOf(reinterpret_cast<uint64_t>(base) + static_cast<const uint64_t *>(packed)[i]),
                    handles[i]))
      return false;
  return true;
}
