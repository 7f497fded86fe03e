// CRC-32C, four bytes at a time.
#include "checkpoint/crc32c.h"

using namespace tfc::rt;

namespace {
// Row k: the remainders of a byte that k zero bytes follow.
struct Tables {
  uint32_t rows[4][256];
  constexpr Tables() : rows() {
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t crc = i;
      for (int bit = 0; bit < 8; ++bit)
        crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0u);
      rows[0][i] = crc;
    }
    for (int k = 1; k < 4; ++k)
      for (uint32_t i = 0; i < 256; ++i)
        rows[k][i] = rows[k - 1][i] >> 8 ^ rows[0][rows[k - 1][i] & 255];
  }
};
constexpr Tables tables;
} // namespace

uint32_t tfc::rt::extendCrc32c(uint32_t crc, const void *data, uint64_t size) {
  auto *bytes = static_cast<const unsigned char *>(data);
  crc = ~crc;
  for (; size >= 4; bytes += 4, size -= 4) {
    crc ^= static_cast<uint32_t>(bytes[0]) | static_cast<uint32_t>(bytes[1]) << 8 |
           static_cast<uint32_t>(bytes[2]) << 16 | static_cast<uint32_t>(bytes[3]) << 24;
    crc = tables.rows[3][crc & 255] ^ tables.rows[2][crc >> 8 & 255] ^ tables.rows[1][crc >> 16 & 255] ^
          tables.rows[0][crc >> 24];
  }
  for (; size; --size)
    crc = crc >> 8 ^ tables.rows[0][(crc ^ *bytes++) & 255];
  return ~crc;
}
