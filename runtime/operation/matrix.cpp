// What operations on batches of matrices check.
#include "operation/matrix.h"

#include <inttypes.h>

namespace tfc::rt {

tfc_status_t checkMatrices(tfc_context_t *context, const char *operation, const tfc_tensor_t &x, bool isSquare) {
  if (x.dtype != TFC_DTYPE_F32 && x.dtype != TFC_DTYPE_F64)
    return failDtype(context, operation, x.dtype);
  const Matrices matrices(x);
  if (isSquare && matrices.rows != matrices.columns)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "%s: matrix is %" PRId64 "x%" PRId64 ", expected a square", operation, matrices.rows,
                                   matrices.columns);
  return TFC_STATUS_OK;
}

tfc_status_t bindMatrices(tfc_context_t *context, const char *operation, tfc_tensor_t &output, const tfc_tensor_t &x,
                          int64_t rows, int64_t columns) {
  int64_t shape[TFC_MAX_RANK];
  int32_t rank = 0;
  for (; rank < x.rank - 2; ++rank)
    shape[rank] = x.shape[rank];
  shape[rank++] = rows;
  if (columns >= 0)
    shape[rank++] = columns;
  return bindResult(context, operation, output, x.dtype, rank, shape);
}

} // namespace tfc::rt
