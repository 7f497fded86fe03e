// Names of element types in checkpoints.
#include "checkpoint/checkpoint.h"

#include <string.h>

using namespace tfc::rt;

static const struct {
  const char *name;
  int32_t dtype;
} dtypes[] = {
    {"F64", TFC_DTYPE_F64},
    {"F32", TFC_DTYPE_F32},
    {"F16", TFC_DTYPE_F16},
    {"BF16", TFC_DTYPE_BF16},
    {"I64", TFC_DTYPE_I64},
    {"I32", TFC_DTYPE_I32},
    {"I16", TFC_DTYPE_I16},
    {"I8", TFC_DTYPE_I8},
    {"U64", TFC_DTYPE_U64},
    {"U32", TFC_DTYPE_U32},
    {"U16", TFC_DTYPE_U16},
    {"U8", TFC_DTYPE_U8},
    {"BOOL", TFC_DTYPE_BOOL},
    {"C64", TFC_DTYPE_COMPLEX64},
    {"F8_E4M3", TFC_DTYPE_F8E4M3FN},
    {"F8_E5M2", TFC_DTYPE_F8E5M2},
    {"F8_E4M3FNUZ", TFC_DTYPE_F8E4M3FNUZ},
    {"F8_E5M2FNUZ", TFC_DTYPE_F8E5M2FNUZ},
    {"F8_E8M0", TFC_DTYPE_F8E8M0FNU},
};

const char *tfc::rt::checkpointDtype(int32_t dtype) {
  for (const auto &entry : dtypes)
    if (entry.dtype == dtype)
      return entry.name;
  return nullptr;
}

int32_t tfc::rt::dtypeOfCheckpoint(const char *name, uint64_t length) {
  for (const auto &entry : dtypes)
    if (strlen(entry.name) == length && memcmp(entry.name, name, length) == 0)
      return entry.dtype;
  return TFC_DTYPE_INVALID;
}
