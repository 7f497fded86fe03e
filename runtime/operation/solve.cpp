// Systems of linear equations.
#include "operation/matrix.h"

#include <inttypes.h>
#include <math.h>

using namespace tfc::rt;

namespace {

enum Kind { General, Lower, Upper };

// Brings the n x n matrix to an upper triangle by Gaussian elimination with partial
// pivoting, and the right sides with it; false if it is singular.
bool eliminate(double *matrix, double *sides, int64_t n, int64_t count) {
  for (int64_t column = 0; column < n; ++column) {
    int64_t pivot = column;
    for (int64_t row = column + 1; row < n; ++row)
      if (fabs(matrix[row * n + column]) > fabs(matrix[pivot * n + column]))
        pivot = row;
    if (matrix[pivot * n + column] == 0)
      return false;
    swapRows(matrix, n, pivot, column);
    swapRows(sides, count, pivot, column);
    const double *top = matrix + column * n;
    for (int64_t row = column + 1; row < n; ++row) {
      double *current = matrix + row * n, factor = current[column] / top[column];
      for (int64_t i = column + 1; i < n; ++i)
        current[i] -= factor * top[i];
      for (int64_t i = 0; i < count; ++i)
        sides[row * count + i] -= factor * sides[column * count + i];
    }
  }
  return true;
}

// Overwrites the right sides with the solutions for a triangle; false if it is singular.
bool substitute(const double *matrix, double *sides, int64_t n, int64_t count, bool isLower) {
  for (int64_t step = 0; step < n; ++step) {
    const int64_t row = isLower ? step : n - 1 - step;
    const double *current = matrix + row * n;
    if (current[row] == 0)
      return false;
    for (int64_t other = isLower ? 0 : row + 1; other < (isLower ? row : n); ++other)
      for (int64_t i = 0; i < count; ++i)
        sides[row * count + i] -= current[other] * sides[other * count + i];
    for (int64_t i = 0; i < count; ++i)
      sides[row * count + i] /= current[row];
  }
  return true;
}

template <typename T>
tfc_status_t run(tfc_context_t *context, const tfc_tensor_t &a, const tfc_tensor_t &b, Kind kind,
                 const tfc_tensor_t &y) {
  const Matrices matrices(a);
  const int64_t n = matrices.rows, count = b.shape[b.rank - 1], size = n * count;
  Mishap isSingular;
  tfc_status_t status = forEachRow<double>(context, matrices.count, n * n * (n / 3 + count + 1), n * n + size,
                                           [&](int64_t index, double *matrix) {
                                             double *sides = matrix + n * n;
                                             loadMatrix<T>(a, index, n * n, matrix);
                                             loadMatrix<T>(b, index, size, sides);
                                             if (kind == General && !eliminate(matrix, sides, n, count))
                                               return isSingular.report();
                                             if (!substitute(matrix, sides, n, count, kind == Lower))
                                               return isSingular.report();
                                             storeMatrix<T>(sides, y, index, size);
                                           });
  if (status == TFC_STATUS_OK && isSingular.hasHappened())
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "solve: matrix is not invertible");
  return status;
}

} // namespace

tfc_status_t tfc_operation_solve(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                 int32_t, const int64_t *parameters) {
  const tfc_tensor_t &a = inputs[0], &b = inputs[1];
  if (tfc_status_t status = checkMatrices(context, "solve", a, /*isSquare=*/true))
    return status;
  bool fits = a.dtype == b.dtype && a.rank == b.rank;
  for (int32_t d = 0; fits && d < a.rank - 1; ++d)
    fits = a.shape[d] == b.shape[d];
  const int64_t n = a.shape[a.rank - 1], rows = b.shape[b.rank - 2], columns = b.shape[b.rank - 1];
  if (!fits)
    return context->message().fail(
        TFC_STATUS_INVALID_ARGUMENT,
        "solve: right sides are %" PRId64 "x%" PRId64 ", expected %" PRId64 " rows for each matrix", rows, columns, n);
  if (tfc_status_t status = bindMatrices(context, "solve", outputs[0], b, n, columns))
    return status;
  const Kind kind = static_cast<Kind>(parameters[0]);
  return a.dtype == TFC_DTYPE_F32 ? run<float>(context, a, b, kind, outputs[0])
                                  : run<double>(context, a, b, kind, outputs[0]);
}
