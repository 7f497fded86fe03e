// The checksum that tensor bundles have.
#ifndef TFC_RUNTIME_CHECKPOINT_CRC32C_H
#define TFC_RUNTIME_CHECKPOINT_CRC32C_H

#include <stdint.h>

namespace tfc::rt {

// CRC-32C (Castagnoli) of bytes that follow those of `crc`, which begins as 0.
uint32_t extendCrc32c(uint32_t crc, const void *bytes, uint64_t size);
// As it is stored, so that the checksum of bytes that hold a checksum is none of its own.
inline uint32_t maskCrc32c(uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8u; }

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_CRC32C_H
