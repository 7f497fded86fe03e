// Strings in a running step.
//
// An element of a tensor of strings is a handle, a 64-bit word: the address of a record that
// nobody changes, or 0 for the empty string, so that zeroed memory holds strings. Records live
// until the step ends, or in the object. What outlives a step holds strings packed, as
// tfc-rt/model.h says.
#ifndef TFC_RUNTIME_STRING_STRING_H
#define TFC_RUNTIME_STRING_STRING_H

#include "operation/operation.h"

namespace tfc::rt {

// 8-aligned; a NUL follows the bytes.
struct String {
  uint64_t size;
  char *bytes() { return reinterpret_cast<char *>(this + 1); }
  const char *bytes() const { return reinterpret_cast<const char *>(this + 1); }
};

struct StringView {
  const char *data;
  uint64_t size;
};

inline bool operator==(StringView a, StringView b) {
  return a.size == b.size && !__builtin_memcmp(a.data, b.data, a.size);
}

// Bytes of a record; UINT64_MAX where 64 bits do not hold them.
inline uint64_t recordSize(uint64_t size) {
  return size > UINT64_MAX - 16 ? UINT64_MAX : (sizeof(String) + size + 1 + 7) & ~uint64_t(7);
}

// A record with room for `size` bytes, which the caller writes before anybody reads them; the NUL is
// there. Null after recording RESOURCE_EXHAUSTED.
String *makeString(tfc_context_t *context, uint64_t size);
// The handle of a copy; false after recording RESOURCE_EXHAUSTED.
bool makeHandle(tfc_context_t *context, StringView bytes, uint64_t &outHandle);

inline uint64_t handleOf(const String *string) { return reinterpret_cast<uint64_t>(string); }
inline StringView viewOf(uint64_t handle) {
  auto *string = reinterpret_cast<const String *>(handle);
  return string ? StringView{string->bytes(), string->size} : StringView{"", 0};
}

// The handles of a tensor of strings.
inline uint64_t *handlesOf(const tfc_tensor_t &tensor) { return static_cast<uint64_t *>(tensor.data); }
inline StringView stringAt(const tfc_tensor_t &tensor, int64_t i) { return viewOf(handlesOf(tensor)[i]); }
inline int64_t countOf(const tfc_tensor_t &tensor) {
  int64_t count = 1;
  for (int32_t d = 0; d < tensor.rank; ++d)
    count *= tensor.shape[d];
  return count;
}
// Fixes the shape of an output of strings and sees that it has memory.
inline tfc_status_t bindStrings(tfc_context_t *context, const char *operation, tfc_tensor_t &output, int32_t rank,
                                const int64_t *shape) {
  return bindResult(context, operation, output, TFC_DTYPE_I64, rank, shape);
}

// Writes a record to 8-aligned memory of `recordSize` bytes.
String *writeString(StringView bytes, void *memory);

// Bytes that strings take packed; UINT64_MAX where 64 bits do not hold them.
uint64_t packedSize(const uint64_t *handles, int64_t count);
// Writes them packed.
void packStrings(const uint64_t *handles, int64_t count, void *packed);
// Gives the handles of copies in the running step. False after recording RESOURCE_EXHAUSTED.
bool unpackStrings(tfc_context_t *context, const void *packed, int64_t count, uint64_t *handles);

} // namespace tfc::rt

#endif // TFC_RUNTIME_STRING_STRING_H
