#include "features.h"

#include <stdio.h>
#include <string.h>

/* Seeks to `position` (from the end where negative) and reads `count` bytes. */
static int read_at(FILE *file, long position, uint8_t *bytes, size_t count) {
  return fseek(file, position, position < 0 ? SEEK_END : SEEK_SET) == 0 && fread(bytes, 1, count, file) == count;
}

int read_ends(const char *path, file_ends_t *out_ends) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return 0;
  long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
  int ok = size >= 0;
  if (size > 0) {
    out_ends->file_size = (uint64_t)size;
    out_ends->count = size < MAGIKA_BLOCK ? (size_t)size : MAGIKA_BLOCK;
    ok = read_at(file, 0, out_ends->first, out_ends->count) &&
         read_at(file, -(long)out_ends->count, out_ends->last, out_ends->count);
  }
  fclose(file);
  return ok;
}

/* White space as Python's bytes.strip() sees it. */
static int is_space(uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

int extract_features(const file_ends_t *ends, int32_t *out_features) {
  for (int i = 0; i < MAGIKA_FEATURES; ++i)
    out_features[i] = MAGIKA_PADDING;

  size_t begin = 0, end = ends->count;
  while (begin < ends->count && is_space(ends->first[begin]))
    ++begin;
  while (end > 0 && is_space(ends->last[end - 1]))
    --end;
  for (size_t i = 0; i < MAGIKA_BEGIN && begin + i < ends->count; ++i)
    out_features[i] = ends->first[begin + i];
  for (size_t i = 0; i < MAGIKA_END && i < end; ++i)
    out_features[MAGIKA_FEATURES - 1 - i] = ends->last[end - 1 - i];
  return ends->count - begin >= MAGIKA_SMALLEST;
}

int is_utf8(const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count;) {
    uint8_t lead = bytes[i++];
    if (lead < 0x80)
      continue;
    int more = lead >= 0xC2 && lead <= 0xDF ? 1 : lead >= 0xE0 && lead <= 0xEF ? 2 : lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
    if (more == 0 || count - i < (size_t)more)
      return 0;
    /* The second byte rules out overlong forms, surrogates and what is above U+10FFFF. */
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    for (; more > 0; --more, low = 0x80, high = 0xBF)
      if (bytes[i] < low || bytes[i++] > high)
        return 0;
  }
  return 1;
}
