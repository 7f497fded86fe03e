// Indices of the elements that are not zero.
#include "operation/operation.h"

using namespace tfc::rt;

namespace {

// An element is one integer, or two for the parts of a complex number; `mask` drops the
// sign of floating-point zeros.
template <typename Bits, int parts> bool isNonZero(const void *data, int64_t index, Bits mask) {
  const Bits *element = static_cast<const Bits *>(data) + index * parts;
  Bits bits = element[0];
  if (parts == 2)
    bits |= element[1];
  return (bits & mask) != 0;
}

template <typename Bits, int parts> int64_t countNonZero(const void *data, int64_t count, Bits mask) {
  int64_t result = 0;
  for (int64_t i = 0; i < count; ++i)
    result += isNonZero<Bits, parts>(data, i, mask);
  return result;
}

template <typename Bits, int parts>
void writeIndices(const tfc_tensor_t &x, int64_t count, Bits mask, int64_t found, int64_t *y) {
  int64_t index[TFC_MAX_RANK] = {}, column = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (isNonZero<Bits, parts>(x.data, i, mask)) {
      for (int32_t d = 0; d < x.rank; ++d)
        y[d * found + column] = index[d];
      ++column;
    }
    for (int32_t d = x.rank; d-- > 0 && ++index[d] == x.shape[d];)
      index[d] = 0;
  }
}

template <typename Bits, int parts = 1>
tfc_status_t run(tfc_context_t *context, const tfc_tensor_t &x, tfc_tensor_t &y, Bits mask = Bits(-1)) {
  int64_t count = 1;
  for (int32_t d = 0; d < x.rank; ++d)
    count *= x.shape[d];
  int64_t found = countNonZero<Bits, parts>(x.data, count, mask);
  const int64_t shape[] = {x.rank, found};
  if (tfc_status_t status = bindResult(context, "non_zero", y, TFC_DTYPE_I64, 2, shape))
    return status;
  writeIndices<Bits, parts>(x, count, mask, found, static_cast<int64_t *>(y.data));
  return TFC_STATUS_OK;
}

} // namespace

tfc_status_t tfc_operation_non_zero(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                    int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  switch (x.dtype) {
  case TFC_DTYPE_BOOL:
  case TFC_DTYPE_U2:
  case TFC_DTYPE_I2:
  case TFC_DTYPE_U4:
  case TFC_DTYPE_I4:
  case TFC_DTYPE_U8:
  case TFC_DTYPE_I8: return run<uint8_t>(context, x, outputs[0]);
  case TFC_DTYPE_U16:
  case TFC_DTYPE_I16: return run<uint16_t>(context, x, outputs[0]);
  case TFC_DTYPE_U32:
  case TFC_DTYPE_I32: return run<uint32_t>(context, x, outputs[0]);
  case TFC_DTYPE_U64:
  case TFC_DTYPE_I64: return run<uint64_t>(context, x, outputs[0]);
  case TFC_DTYPE_F16:
  case TFC_DTYPE_BF16: return run<uint16_t>(context, x, outputs[0], 0x7fff);
  case TFC_DTYPE_F32: return run<uint32_t>(context, x, outputs[0], 0x7fffffff);
  case TFC_DTYPE_F64: return run<uint64_t>(context, x, outputs[0], 0x7fffffffffffffff);
  case TFC_DTYPE_COMPLEX64: return run<uint32_t, 2>(context, x, outputs[0], 0x7fffffff);
  case TFC_DTYPE_COMPLEX128: return run<uint64_t, 2>(context, x, outputs[0], 0x7fffffffffffffff);
  default: return failDtype(context, "non_zero", x.dtype);
  }
}
