// Eigenvalues and eigenvectors of symmetric matrices.
#include "operation/matrix.h"

#include <math.h>

using namespace tfc::rt;

// Makes the symmetric n x n matrix diagonal by Jacobi's rotations; the columns of
// `vectors` become its eigenvectors.
static void diagonalize(double *a, double *vectors, int64_t n) {
  for (int64_t i = 0; i < n * n; ++i)
    vectors[i] = i / n == i % n;
  for (int sweep = 0; sweep < 60; ++sweep) {
    double outside = 0, all = 0;
    for (int64_t i = 0; i < n * n; ++i) {
      all += a[i] * a[i];
      outside += i / n == i % n ? 0 : a[i] * a[i];
    }
    if (!(outside > 1e-32 * all))
      return;
    for (int64_t p = 0; p < n; ++p)
      for (int64_t q = p + 1; q < n; ++q) {
        if (a[p * n + q] == 0)
          continue;
        const double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
        const double tangent = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(1 + theta * theta));
        const double cosine = 1 / sqrt(1 + tangent * tangent), sine = tangent * cosine;
        auto rotate = [&](double &x, double &y) {
          const double old = x;
          x = cosine * old - sine * y;
          y = sine * old + cosine * y;
        };
        for (int64_t k = 0; k < n; ++k)
          rotate(a[k * n + p], a[k * n + q]);
        for (int64_t k = 0; k < n; ++k)
          rotate(a[p * n + k], a[q * n + k]);
        for (int64_t k = 0; k < n; ++k)
          rotate(vectors[k * n + p], vectors[k * n + q]);
      }
  }
}

template <typename T>
static tfc_status_t run(tfc_context_t *context, const tfc_tensor_t &x, const tfc_tensor_t &e, const tfc_tensor_t &v) {
  const Matrices matrices(x);
  const int64_t n = matrices.rows;
  return forEachRow<double>(context, matrices.count, 20 * n * n * (n + 1), 2 * n * n, [&](int64_t index, double *a) {
    double *vectors = a + n * n;
    loadMatrix<T>(x, index, n * n, a);
    // The lower triangle counts.
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = i + 1; j < n; ++j)
        a[i * n + j] = a[j * n + i];
    diagonalize(a, vectors, n);
    T *values = static_cast<T *>(e.data) + index * n, *columns = static_cast<T *>(v.data) + index * n * n;
    for (int64_t i = 0; i < n; ++i) {
      // Where the value stands among all: the number of lesser ones, of equals the first.
      int64_t place = 0;
      for (int64_t j = 0; j < n; ++j)
        place += a[j * n + j] < a[i * n + i] || (a[j * n + j] == a[i * n + i] && j < i);
      values[place] = static_cast<T>(a[i * n + i]);
      for (int64_t k = 0; k < n; ++k)
        columns[k * n + place] = static_cast<T>(vectors[k * n + i]);
    }
  });
}

tfc_status_t tfc_operation_eigh(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = checkMatrices(context, "eigh", x, /*isSquare=*/true))
    return status;
  const int64_t n = x.shape[x.rank - 1];
  if (tfc_status_t status = bindMatrices(context, "eigh", outputs[0], x, n))
    return status;
  if (tfc_status_t status = bindMatrices(context, "eigh", outputs[1], x, n, n))
    return status;
  return x.dtype == TFC_DTYPE_F32 ? run<float>(context, x, outputs[0], outputs[1])
                                  : run<double>(context, x, outputs[0], outputs[1]);
}
