// The checksum of weights files.
#include "tfc-rt/model.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the checksum reads little-endian words"
#endif

// The rotation brings high bits down: without it, two flipped sign bits could cancel.
static uint64_t mix(uint64_t hash, uint64_t word) {
  hash ^= word;
  return (hash << 29 | hash >> 35) * 0x9e3779b97f4a7c15;
}

uint64_t tfc_checksum(const void *data, uint64_t size) {
  uint64_t lanes[4] = {size, size + 1, size + 2, size + 3};
  const char *byte = static_cast<const char *>(data);
  auto take = [&](const void *block) {
    uint64_t words[4];
    memcpy(words, block, sizeof(words));
    for (int i = 0; i < 4; ++i)
      lanes[i] = mix(lanes[i], words[i]);
  };
  uint64_t rest = size;
  for (; rest >= 32; rest -= 32, byte += 32)
    take(byte);
  if (rest) {
    char last[32] = {};
    memcpy(last, byte, rest);
    take(last);
  }
  uint64_t hash = 0;
  for (uint64_t lane : lanes)
    hash = mix(hash, lane);
  return hash;
}
