// Numbers of buckets by hashes of strings.
#include "string/hash.h"

#include "string/string.h"
#include "tfc-rt/text_operations.h"

using namespace tfc::rt;

namespace {

uint64_t load64(const char *bytes) {
  uint64_t word;
  __builtin_memcpy(&word, bytes, sizeof(word));
  return word;
}
uint64_t load32(const char *bytes) {
  uint32_t word;
  __builtin_memcpy(&word, bytes, sizeof(word));
  return word;
}
uint64_t byteAt(const char *bytes, uint64_t i) { return static_cast<unsigned char>(bytes[i]); }
uint64_t rotateRight(uint64_t x, int count) { return x >> count | x << (64 - count); }
uint64_t rotateLeft(uint64_t x, int count) { return rotateRight(x, 64 - count); }

//===----------------------------------------------------------------------===//
// FarmHash, function Fingerprint64
//===----------------------------------------------------------------------===//

constexpr uint64_t k0 = 0xc3a5c85c97cb3127, k1 = 0xb492b66fbe98f273, k2 = 0x9ae16a3b2f90404f;

uint64_t shiftMix(uint64_t x) { return x ^ (x >> 47); }
uint64_t mix16(uint64_t u, uint64_t v, uint64_t factor) {
  const uint64_t a = shiftMix((u ^ v) * factor);
  return shiftMix((v ^ a) * factor) * factor;
}

uint64_t farmUpTo16(const char *s, uint64_t size) {
  if (size >= 8) {
    const uint64_t factor = k2 + size * 2, a = load64(s) + k2, b = load64(s + size - 8);
    return mix16(rotateRight(b, 37) * factor + a, (rotateRight(a, 25) + b) * factor, factor);
  }
  if (size >= 4)
    return mix16(size + (load32(s) << 3), load32(s + size - 4), k2 + size * 2);
  if (size == 0)
    return k2;
  const uint64_t y = byteAt(s, 0) + (byteAt(s, size / 2) << 8), z = size + (byteAt(s, size - 1) << 2);
  return shiftMix(y * k2 ^ z * k0) * k2;
}

uint64_t farmUpTo32(const char *s, uint64_t size) {
  const uint64_t factor = k2 + size * 2;
  const uint64_t a = load64(s) * k1, b = load64(s + 8), c = load64(s + size - 8) * factor,
                 d = load64(s + size - 16) * k2;
  return mix16(rotateRight(a + b, 43) + rotateRight(c, 30) + d, a + rotateRight(b + k2, 18) + c, factor);
}

uint64_t farmUpTo64(const char *s, uint64_t size) {
  const uint64_t factor = k2 + size * 2;
  const uint64_t a = load64(s) * k2, b = load64(s + 8), c = load64(s + size - 8) * factor,
                 d = load64(s + size - 16) * k2;
  const uint64_t y = rotateRight(a + b, 43) + rotateRight(c, 30) + d;
  const uint64_t z = mix16(y, a + rotateRight(b + k2, 18) + c, factor);
  const uint64_t e = load64(s + 16) * factor, f = load64(s + 24);
  const uint64_t g = (y + load64(s + size - 32)) * factor, h = (z + load64(s + size - 24)) * factor;
  return mix16(rotateRight(e + f, 43) + rotateRight(g, 30) + h, e + rotateRight(f + a, 18) + g, factor);
}

struct Pair {
  uint64_t first, second;
};
Pair mix32(const char *s, uint64_t a, uint64_t b) {
  a += load64(s);
  b = rotateRight(b + a + load64(s + 24), 21);
  const uint64_t c = a;
  a += load64(s + 8) + load64(s + 16);
  b += rotateRight(a, 44);
  return {a + load64(s + 24), b + c};
}

} // namespace

uint64_t tfc::rt::fingerprint64(const char *s, uint64_t size) {
  if (size <= 64)
    return size <= 16 ? farmUpTo16(s, size) : size <= 32 ? farmUpTo32(s, size) : farmUpTo64(s, size);
  uint64_t y = 81 * k1 + 113, z = shiftMix(y * k2 + 113) * k2, x = 81 * k2 + load64(s);
  Pair v{0, 0}, w{0, 0};
  auto swap = [&] {
    const uint64_t other = z;
    z = x;
    x = other;
  };
  const char *end = s + (size - 1) / 64 * 64, *last = s + size - 64;
  for (; s != end; s += 64) {
    x = rotateRight(x + y + v.first + load64(s + 8), 37) * k1;
    y = rotateRight(y + v.second + load64(s + 48), 42) * k1;
    x ^= w.second;
    y += v.first + load64(s + 40);
    z = rotateRight(z + w.first, 33) * k1;
    v = mix32(s, v.second * k1, x + w.first);
    w = mix32(s + 32, z + w.second, y + load64(s + 16));
    swap();
  }
  const uint64_t factor = k1 + ((z & 0xff) << 1);
  s = last;
  w.first += (size - 1) & 63;
  v.first += w.first;
  w.first += v.first;
  x = rotateRight(x + y + v.first + load64(s + 8), 37) * factor;
  y = rotateRight(y + v.second + load64(s + 48), 42) * factor;
  x ^= w.second * 9;
  y += v.first * 9 + load64(s + 40);
  z = rotateRight(z + w.first, 33) * factor;
  v = mix32(s, v.second * factor, x + w.first);
  w = mix32(s + 32, z + w.second, y + load64(s + 16));
  swap();
  return mix16(mix16(v.first, w.first, factor) + shiftMix(y) * k0 + z, mix16(v.second, w.second, factor) + x, factor);
}

//===----------------------------------------------------------------------===//
// SipHash-2-4
//===----------------------------------------------------------------------===//

static uint64_t sipHash(const char *s, uint64_t size, uint64_t key0, uint64_t key1) {
  uint64_t v0 = key0 ^ 0x736f6d6570736575, v1 = key1 ^ 0x646f72616e646f6d, v2 = key0 ^ 0x6c7967656e657261,
           v3 = key1 ^ 0x7465646279746573;
  auto rounds = [&](int count) {
    while (count-- > 0) {
      v0 += v1;
      v1 = rotateLeft(v1, 13) ^ v0;
      v0 = rotateLeft(v0, 32);
      v2 += v3;
      v3 = rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = rotateLeft(v1, 17) ^ v2;
      v2 = rotateLeft(v2, 32);
    }
  };
  auto take = [&](uint64_t word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  };
  const uint64_t whole = size / 8 * 8;
  for (uint64_t i = 0; i < whole; i += 8)
    take(load64(s + i));
  uint64_t last = size << 56;
  for (uint64_t i = whole; i < size; ++i)
    last |= byteAt(s, i) << (8 * (i - whole));
  take(last);
  v2 ^= 0xff;
  rounds(4);
  return v0 ^ v1 ^ v2 ^ v3;
}

//===----------------------------------------------------------------------===//
// MurmurHash2, 64 bits, with the seed that TensorFlow has
//===----------------------------------------------------------------------===//

static uint64_t murmurHash(const char *s, uint64_t size) {
  constexpr uint64_t factor = 0xc6a4a7935bd1e995, seed = 0xdecafcaffe;
  uint64_t h = seed ^ size * factor;
  for (; size >= 8; s += 8, size -= 8) {
    uint64_t k = load64(s) * factor;
    k = (k ^ k >> 47) * factor;
    h = (h ^ k) * factor;
  }
  for (uint64_t i = 0; i < size; ++i)
    h ^= byteAt(s, i) << (8 * i);
  if (size)
    h *= factor;
  h = (h ^ h >> 47) * factor;
  return h ^ h >> 47;
}

tfc_status_t tfc_operation_string_hash(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                       tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const int64_t kind = parameters[0];
  const auto buckets = static_cast<uint64_t>(parameters[1]);
  if (tfc_status_t status = bindResult(context, "string_hash", outputs[0], TFC_DTYPE_I64, x.rank, x.shape))
    return status;
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    const StringView s = stringAt(x, i);
    const uint64_t hash = kind == 0   ? fingerprint64(s.data, s.size)
                          : kind == 1 ? sipHash(s.data, s.size, static_cast<uint64_t>(parameters[2]),
                                                static_cast<uint64_t>(parameters[3]))
                                      : murmurHash(s.data, s.size);
    static_cast<int64_t *>(outputs[0].data)[i] = static_cast<int64_t>(buckets ? hash % buckets : hash);
  }
  return TFC_STATUS_OK;
}
