// Sizes and names of element types.
#include "tfc-rt/base.h"

namespace {
struct Dtype {
  const char *name;
  uint8_t size;
};
} // namespace

// Indexed by tfc_dtype_t, whose numbers have no gaps up to I2.
static_assert(sizeof(tfc_string_t) == 16, "the size below");
static const Dtype dtypes[] = {
    {"invalid", 0},    {"f32", 4},    {"u8", 1},         {"i8", 1},          {"u16", 2},  {"i16", 2},
    {"i32", 4},        {"i64", 8},    {"string", 16},     {"bool", 1},        {"f16", 2},  {"f64", 8},
    {"u32", 4},        {"u64", 8},    {"complex64", 8},  {"complex128", 16}, {"bf16", 2}, {"f8e4m3fn", 1},
    {"f8e4m3fnuz", 1}, {"f8e5m2", 1}, {"f8e5m2fnuz", 1}, {"u4", 1},          {"i4", 1},   {"f4e2m1fn", 1},
    {"f8e8m0fnu", 1},  {"u2", 1},     {"i2", 1},
};
static_assert(sizeof(dtypes) / sizeof(dtypes[0]) == TFC_DTYPE_I2 + 1, "one row for each element type");

static const Dtype &find(tfc_dtype_t dtype) {
  auto index = static_cast<uint32_t>(dtype);
  return dtypes[index <= TFC_DTYPE_I2 ? index : TFC_DTYPE_INVALID];
}

size_t tfc_dtype_size(tfc_dtype_t dtype) { return find(dtype).size; }
const char *tfc_dtype_name(tfc_dtype_t dtype) {
  if (dtype == TFC_DTYPE_LIST)
    return "list";
  return dtype == TFC_DTYPE_OPTIONAL ? "optional" : find(dtype).name;
}
