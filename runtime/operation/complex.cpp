// Complex numbers as their parts, which lie in memory as pairs of floats do.
#include "operation/operation.h"

#include <string.h>

using namespace tfc::rt;

static tfc_status_t copy(tfc_context_t *context, const char *operation, const tfc_tensor_t &x, int32_t dtype,
                         int32_t rank, tfc_tensor_t &y) {
  int64_t shape[TFC_MAX_RANK];
  for (int32_t d = 0; d < rank; ++d)
    shape[d] = d < x.rank ? x.shape[d] : 2;
  if (tfc_status_t status = bindResult(context, operation, y, dtype, rank, shape))
    return status;
  if (y.size)
    memcpy(y.data, x.data, y.size);
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_complex_parts(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                         tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  return copy(context, "complex_parts", x, x.dtype == TFC_DTYPE_COMPLEX64 ? TFC_DTYPE_F32 : TFC_DTYPE_F64, x.rank + 1,
              outputs[0]);
}

tfc_status_t tfc_operation_complex_join(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                        tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  return copy(context, "complex_join", x, x.dtype == TFC_DTYPE_F32 ? TFC_DTYPE_COMPLEX64 : TFC_DTYPE_COMPLEX128,
              x.rank - 1, outputs[0]);
}
