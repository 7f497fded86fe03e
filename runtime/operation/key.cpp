// Order-preserving integer keys of elements.
#include "operation/key.h"

#include <string.h>

using namespace tfc::rt;

namespace {

constexpr uint64_t topBit = UINT64_C(1) << 63;

template <typename T> struct UnsignedKey {
  using Storage = T;
  static uint64_t of(T value) { return value; }
};

template <typename T> struct SignedKey {
  using Storage = T;
  static uint64_t of(T value) { return static_cast<uint64_t>(static_cast<int64_t>(value)) ^ topBit; }
};

// IEEE-like: a sign bit over a magnitude; magnitudes above that of infinity are NaN.
template <typename Bits, Bits infinity> struct FloatKey {
  using Storage = Bits;
  static uint64_t of(Bits bits) {
    constexpr Bits sign = Bits(Bits(1) << (sizeof(Bits) * 8 - 1));
    Bits magnitude = bits & Bits(~sign);
    if (magnitude > infinity)
      return UINT64_MAX;
    return bits & sign ? uint64_t(sign) - magnitude : uint64_t(sign) + magnitude;
  }
};

template <typename Key> void load(const void *data, int64_t first, int64_t stride, int64_t count, uint64_t *keys) {
  const auto *element = static_cast<const typename Key::Storage *>(data) + first;
  for (int64_t i = 0; i < count; ++i)
    keys[i] = Key::of(element[i * stride]);
}

using Loader = void (*)(const void *data, int64_t first, int64_t stride, int64_t count, uint64_t *keys);

// Null for dtypes without an order, and for those that nobody sorts.
Loader loaderOf(int32_t dtype) {
  switch (dtype) {
  case TFC_DTYPE_BOOL:
  case TFC_DTYPE_U2:
  case TFC_DTYPE_U4:
  case TFC_DTYPE_U8: return load<UnsignedKey<uint8_t>>;
  case TFC_DTYPE_U16: return load<UnsignedKey<uint16_t>>;
  case TFC_DTYPE_U32: return load<UnsignedKey<uint32_t>>;
  case TFC_DTYPE_U64: return load<UnsignedKey<uint64_t>>;
  case TFC_DTYPE_I2:
  case TFC_DTYPE_I4:
  case TFC_DTYPE_I8: return load<SignedKey<int8_t>>;
  case TFC_DTYPE_I16: return load<SignedKey<int16_t>>;
  case TFC_DTYPE_I32: return load<SignedKey<int32_t>>;
  case TFC_DTYPE_I64: return load<SignedKey<int64_t>>;
  case TFC_DTYPE_F16: return load<FloatKey<uint16_t, 0x7c00>>;
  case TFC_DTYPE_BF16: return load<FloatKey<uint16_t, 0x7f80>>;
  case TFC_DTYPE_F32: return load<FloatKey<uint32_t, 0x7f800000>>;
  case TFC_DTYPE_F64: return load<FloatKey<uint64_t, 0x7ff0000000000000>>;
  default: return nullptr;
  }
}

} // namespace

bool tfc::rt::isOrdered(int32_t dtype) { return loaderOf(dtype) != nullptr; }

void tfc::rt::loadKeys(int32_t dtype, const void *data, int64_t first, int64_t stride, int64_t count, uint64_t *keys) {
  loaderOf(dtype)(data, first, stride, count, keys);
}

void tfc::rt::loadItems(int32_t dtype, const void *data, int64_t first, int64_t stride, int64_t count, bool descending,
                        Item *items) {
  constexpr int64_t blockSize = 256;
  uint64_t keys[blockSize];
  const uint64_t flip = descending ? UINT64_MAX : 0;
  for (int64_t begin = 0; begin < count; begin += blockSize) {
    int64_t size = count - begin < blockSize ? count - begin : blockSize;
    loadKeys(dtype, data, first + begin * stride, stride, size, keys);
    for (int64_t i = 0; i < size; ++i)
      items[begin + i] = {keys[i] ^ flip, begin + i};
  }
}
