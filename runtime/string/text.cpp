// Text of a length that only its end tells.
#include "string/text.h"

#include <stdarg.h>
#include <stdio.h>

using namespace tfc::rt;

void Text::print(const char *format, ...) {
  CLocale locale;
  char few[64];
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  const int length = vsnprintf(few, sizeof(few), format, arguments);
  if (length >= 0 && static_cast<size_t>(length) < sizeof(few))
    append({few, static_cast<uint64_t>(length)});
  else if (length >= 0 && reserve(static_cast<uint64_t>(length) + 1)) {
    vsnprintf(data + size, static_cast<size_t>(length) + 1, format, again);
    size += static_cast<uint64_t>(length);
  }
  va_end(again);
  va_end(arguments);
}

Character tfc::rt::decodeCharacter(const char *text, uint64_t size) {
  auto *bytes = reinterpret_cast<const unsigned char *>(text);
  const unsigned char lead = bytes[0];
  if (lead < 0x80)
    return {lead, 1, true};
  const uint32_t tail = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  if (lead < 0xc2 || lead > 0xf4)
    return {0xfffd, 1, false};
  uint32_t code = lead & (0x3f >> tail);
  for (uint32_t i = 1; i <= tail; ++i) {
    // The second byte tells overlong forms, surrogates and what is beyond Unicode.
    unsigned char low = 0x80, high = 0xbf;
    if (i == 1) {
      low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    }
    if (i >= size || bytes[i] < low || bytes[i] > high)
      return {0xfffd, i, false};
    code = code << 6 | (bytes[i] & 0x3f);
  }
  return {code, tail + 1, true};
}
