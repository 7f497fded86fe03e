// Cholesky decompositions.
#include "operation/matrix.h"

#include <math.h>

using namespace tfc::rt;

// Overwrites the lower triangle of the n x n matrix with L, where A = L L^T, and the rest
// with zeros; whether A is positive definite.
static bool decompose(double *matrix, int64_t n) {
  for (int64_t row = 0; row < n; ++row) {
    double *current = matrix + row * n;
    for (int64_t column = 0; column <= row; ++column) {
      const double *other = matrix + column * n;
      double rest = current[column];
      for (int64_t k = 0; k < column; ++k)
        rest -= current[k] * other[k];
      if (row == column && !(rest > 0))
        return false;
      current[column] = row == column ? sqrt(rest) : rest / other[column];
    }
    for (int64_t column = row + 1; column < n; ++column)
      current[column] = 0;
  }
  return true;
}

template <typename T> static tfc_status_t run(tfc_context_t *context, const tfc_tensor_t &x, const tfc_tensor_t &y) {
  const Matrices matrices(x);
  const int64_t n = matrices.rows;
  Mishap isIndefinite;
  tfc_status_t status =
      forEachRow<double>(context, matrices.count, n * n * (n / 6 + 1), n * n, [&](int64_t index, double *matrix) {
        loadMatrix<T>(x, index, n * n, matrix);
        if (!decompose(matrix, n))
          return isIndefinite.report();
        storeMatrix<T>(matrix, y, index, n * n);
      });
  if (status == TFC_STATUS_OK && isIndefinite.hasHappened())
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "cholesky: matrix is not positive definite");
  return status;
}

tfc_status_t tfc_operation_cholesky(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                    int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = checkMatrices(context, "cholesky", x, /*isSquare=*/true))
    return status;
  const int64_t n = x.shape[x.rank - 1];
  if (tfc_status_t status = bindMatrices(context, "cholesky", outputs[0], x, n, n))
    return status;
  return x.dtype == TFC_DTYPE_F32 ? run<float>(context, x, outputs[0]) : run<double>(context, x, outputs[0]);
}
