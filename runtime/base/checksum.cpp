// The checksum of weights files.
#include "tfc-rt/model.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the checksum reads little-endian words"
#endif

uint64_t tfc_checksum(const void *data, uint64_t size) {
  constexpr uint64_t prime = 0x100000001b3;
  uint64_t hash = 0xcbf29ce484222325;
  const char *byte = static_cast<const char *>(data);
  for (; size >= 8; size -= 8, byte += 8) {
    uint64_t word;
    memcpy(&word, byte, 8);
    hash = (hash ^ word) * prime;
  }
  if (size) {
    uint64_t word = 0;
    memcpy(&word, byte, size);
    hash = (hash ^ word) * prime;
  }
  return hash;
}
