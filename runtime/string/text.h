// Text of a length that only its end tells.
#ifndef TFC_RUNTIME_STRING_TEXT_H
#define TFC_RUNTIME_STRING_TEXT_H

#include "string/string.h"

#include <string.h>

namespace tfc::rt {

// Bytes in scratch that grow.
class Text {
public:
  explicit Text(tfc_context_t *context) : context(context) {}
  ~Text() { tfc_scratch_free(context, data); }
  Text(const Text &) = delete;
  Text &operator=(const Text &) = delete;

  // False after memory ran out, which is recorded.
  bool isFine() const { return fine; }
  StringView view() const { return {data ? data : "", size}; }
  void clear() { size = 0; }

  void append(StringView text) {
    if (text.size && reserve(text.size)) {
      memcpy(data + size, text.data, text.size);
      size += text.size;
    }
  }
  void append(char c) { append({&c, 1}); }
  // As printf would write it, in the C locale.
  __attribute__((format(printf, 2, 3))) void print(const char *format, ...);
  // A code point as UTF-8.
  void appendCharacter(uint32_t code) {
    char bytes[4];
    append({bytes, encodeCharacter(code, bytes)});
  }
  static uint64_t encodeCharacter(uint32_t code, char *bytes) {
    static const uint8_t leads[] = {0, 0xc0, 0xe0, 0xf0};
    const int tail = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    bytes[0] = static_cast<char>(leads[tail] | code >> (6 * tail));
    for (int i = 1; i <= tail; ++i)
      bytes[i] = static_cast<char>(0x80 | (code >> (6 * (tail - i)) & 0x3f));
    return static_cast<uint64_t>(tail) + 1;
  }

private:
  bool reserve(uint64_t more) {
    if (!fine || more <= capacity - size)
      return fine;
    const uint64_t needed = more > UINT64_MAX / 2 - size ? UINT64_MAX : 2 * (size + more) + 64;
    auto *grown = static_cast<char *>(tfc_scratch_allocate(context, needed));
    if (!grown)
      return fine = false;
    if (size)
      memcpy(grown, data, size);
    tfc_scratch_free(context, data);
    data = grown;
    capacity = needed;
    return true;
  }

  tfc_context_t *context;
  char *data = nullptr;
  uint64_t size = 0, capacity = 0;
  bool fine = true;
};

// A list in scratch that grows.
template <typename T> class GrowingArray {
public:
  explicit GrowingArray(tfc_context_t *context) : text(context) {}
  void append(const T &value) { text.append({reinterpret_cast<const char *>(&value), sizeof(T)}); }
  bool isFine() const { return text.isFine(); }
  int64_t count() const { return static_cast<int64_t>(text.view().size / sizeof(T)); }
  T *data() { return reinterpret_cast<T *>(const_cast<char *>(text.view().data)); }
  T &operator[](int64_t i) { return data()[i]; }

private:
  Text text; // scratch is aligned for every T
};

// What TensorFlow takes for a space, whatever the locale.
inline bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// One character of UTF-8 at the beginning of bytes, of which there is at least one.
struct Character {
  uint32_t code;
  uint32_t size; // bytes; of what is malformed, those that no character can begin with
  bool isValid;
};
Character decodeCharacter(const char *bytes, uint64_t size);

// Makes the calling thread use the C locale, as numbers in graphs are written in it.
class CLocale {
public:
  CLocale();
  ~CLocale();
  CLocale(const CLocale &) = delete;
  CLocale &operator=(const CLocale &) = delete;

private:
  void *made, *previous;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_STRING_TEXT_H
