// Hashes of bytes.
#ifndef TFC_RUNTIME_STRING_HASH_H
#define TFC_RUNTIME_STRING_HASH_H

#include <stdint.h>

namespace tfc::rt {

// FarmHash's Fingerprint64, which stays the same for ever.
uint64_t fingerprint64(const char *bytes, uint64_t size);

} // namespace tfc::rt

#endif // TFC_RUNTIME_STRING_HASH_H
