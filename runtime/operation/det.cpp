// Determinants of square matrices.
#include "operation/operation.h"

#include <inttypes.h>
#include <math.h>

using namespace tfc::rt;

// By LU decomposition with partial pivoting; overwrites the n x n matrix.
static double determinant(double *matrix, int64_t n) {
  double result = 1;
  for (int64_t column = 0; column < n; ++column) {
    int64_t pivot = column;
    for (int64_t row = column + 1; row < n; ++row)
      if (fabs(matrix[row * n + column]) > fabs(matrix[pivot * n + column]))
        pivot = row;
    double *top = matrix + column * n, *pivotRow = matrix + pivot * n;
    if (pivot != column) {
      result = -result;
      for (int64_t i = column; i < n; ++i) {
        double other = top[i];
        top[i] = pivotRow[i];
        pivotRow[i] = other;
      }
    }
    result *= top[column];
    if (top[column] == 0)
      return 0;
    for (int64_t row = column + 1; row < n; ++row) {
      double *current = matrix + row * n, factor = current[column] / top[column];
      for (int64_t i = column + 1; i < n; ++i)
        current[i] -= factor * top[i];
    }
  }
  return result;
}

template <typename T>
static tfc_status_t run(tfc_context_t *context, const tfc_tensor_t &x, const tfc_tensor_t &y, int64_t batch) {
  const int64_t n = x.shape[x.rank - 1];
  return forEachRow<double>(context, batch, n * n * (n / 3 + 1), n * n, [&](int64_t index, double *matrix) {
    const T *source = static_cast<const T *>(x.data) + index * n * n;
    for (int64_t i = 0; i < n * n; ++i)
      matrix[i] = source[i];
    static_cast<T *>(y.data)[index] = static_cast<T>(determinant(matrix, n));
  });
}

tfc_status_t tfc_operation_det(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                               int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  if (x.dtype != TFC_DTYPE_F32 && x.dtype != TFC_DTYPE_F64)
    return failDtype(context, "det", x.dtype);
  const int64_t *matrix = x.shape + x.rank - 2;
  if (matrix[0] != matrix[1])
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "det: matrix is %" PRId64 "x%" PRId64 ", expected a square", matrix[0], matrix[1]);
  if (tfc_status_t status = bindResult(context, "det", outputs[0], x.dtype, x.rank - 2, x.shape))
    return status;
  int64_t batch = 1;
  for (int32_t d = 0; d < x.rank - 2; ++d)
    batch *= x.shape[d];
  return x.dtype == TFC_DTYPE_F32 ? run<float>(context, x, outputs[0], batch)
                                  : run<double>(context, x, outputs[0], batch);
}
