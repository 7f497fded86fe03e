// QR decompositions.
#include "operation/matrix.h"

#include <float.h>
#include <math.h>

using namespace tfc::rt;

// Applies the reflection I - tau v v^T to the columns [from, columns) of a matrix, where v
// is 1 at `pivot` and continues below it in column `pivot` of `vectors`.
static void reflect(double *matrix, int64_t rows, int64_t columns, int64_t from, const double *vectors, int64_t stride,
                    int64_t pivot, double tau) {
  for (int64_t column = from; column < columns; ++column) {
    double product = matrix[pivot * columns + column];
    for (int64_t row = pivot + 1; row < rows; ++row)
      product += vectors[row * stride + pivot] * matrix[row * columns + column];
    product *= tau;
    matrix[pivot * columns + column] -= product;
    for (int64_t row = pivot + 1; row < rows; ++row)
      matrix[row * columns + column] -= product * vectors[row * stride + pivot];
  }
}

// By Householder reflections: x [rows, columns] becomes R with the vectors of the
// reflections below its diagonal, q [rows, kept] the first columns of Q. A column that is
// zero below the diagonal is left as it is.
static void decompose(double *x, double *q, double *taus, int64_t rows, int64_t columns, int64_t kept) {
  const int64_t count = rows < columns ? rows : columns;
  for (int64_t k = 0; k < count; ++k) {
    double top = x[k * columns + k], below = 0;
    for (int64_t row = k + 1; row < rows; ++row)
      below += x[row * columns + k] * x[row * columns + k];
    taus[k] = 0;
    if (below <= DBL_MIN)
      continue;
    const double length = sqrt(top * top + below), diagonal = top >= 0 ? -length : length;
    taus[k] = (diagonal - top) / diagonal;
    for (int64_t row = k + 1; row < rows; ++row)
      x[row * columns + k] /= top - diagonal;
    x[k * columns + k] = diagonal;
    reflect(x, rows, columns, k + 1, x, columns, k, taus[k]);
  }
  for (int64_t i = 0; i < rows * kept; ++i)
    q[i] = i / kept == i % kept;
  for (int64_t k = count; k-- > 0;)
    reflect(q, rows, kept, 0, x, columns, k, taus[k]);
}

template <typename T>
static tfc_status_t run(tfc_context_t *context, const tfc_tensor_t &x, const tfc_tensor_t &q, const tfc_tensor_t &r,
                        int64_t kept) {
  const Matrices matrices(x);
  const int64_t rows = matrices.rows, columns = matrices.columns, size = matrices.size();
  return forEachRow<double>(context, matrices.count, 2 * size * (columns + 1), size + rows * kept + columns,
                            [&](int64_t index, double *matrix) {
                              double *first = matrix + size, *taus = first + rows * kept;
                              loadMatrix<T>(x, index, size, matrix);
                              decompose(matrix, first, taus, rows, columns, kept);
                              for (int64_t i = 0; i < size; ++i)
                                if (i / columns > i % columns)
                                  matrix[i] = 0;
                              storeMatrix<T>(first, q, index, rows * kept);
                              storeMatrix<T>(matrix, r, index, kept * columns);
                            });
}

tfc_status_t tfc_operation_qr(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                              int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = checkMatrices(context, "qr", x, /*isSquare=*/false))
    return status;
  const Matrices matrices(x);
  const int64_t rows = matrices.rows, columns = matrices.columns;
  const int64_t kept = parameters[0] || rows < columns ? rows : columns;
  if (tfc_status_t status = bindMatrices(context, "qr", outputs[0], x, rows, kept))
    return status;
  if (tfc_status_t status = bindMatrices(context, "qr", outputs[1], x, kept, columns))
    return status;
  return x.dtype == TFC_DTYPE_F32 ? run<float>(context, x, outputs[0], outputs[1], kept)
                                  : run<double>(context, x, outputs[0], outputs[1], kept);
}
