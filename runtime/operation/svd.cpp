// Singular value decompositions.
#include "operation/matrix.h"

#include <math.h>

using namespace tfc::rt;

namespace {

double dot(const double *a, const double *b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i)
    sum += a[i] * b[i];
  return sum;
}

void rotate(double *a, double *b, int64_t n, double cosine, double sine) {
  for (int64_t i = 0; i < n; ++i) {
    const double x = a[i], y = b[i];
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
}

// Makes the `count` vectors of length `n` at `u` orthogonal by Jacobi's rotations, which
// `v` (as many vectors of length `count`) follows.
void orthogonalize(double *u, int64_t n, double *v, int64_t count) {
  bool isDone = false;
  for (int sweep = 0; sweep < 60 && !isDone; ++sweep) {
    isDone = true;
    for (int64_t p = 0; p < count; ++p)
      for (int64_t q = p + 1; q < count; ++q) {
        double *a = u + p * n, *b = u + q * n;
        const double alpha = dot(a, a, n), beta = dot(b, b, n), gamma = dot(a, b, n);
        if (fabs(gamma) <= 1e-15 * sqrt(alpha * beta))
          continue;
        isDone = false;
        const double zeta = (beta - alpha) / (2 * gamma);
        const double tangent = (zeta >= 0 ? 1 : -1) / (fabs(zeta) + sqrt(1 + zeta * zeta));
        const double cosine = 1 / sqrt(1 + tangent * tangent);
        rotate(a, b, n, cosine, cosine * tangent);
        rotate(v + p * count, v + q * count, count, cosine, cosine * tangent);
      }
  }
}

// A unit vector orthogonal to the first `count` unit vectors of length `n` at `u`, behind
// them: of the axes, what is left of the one that they say least of.
void appendOrthogonal(double *u, int64_t n, int64_t count) {
  double *next = u + count * n;
  int64_t axis = 0;
  double least = 2;
  for (int64_t i = 0; i < n; ++i) {
    double said = 0;
    for (int64_t j = 0; j < count; ++j)
      said += u[j * n + i] * u[j * n + i];
    if (said < least)
      least = said, axis = i;
  }
  for (int64_t i = 0; i < n; ++i)
    next[i] = i == axis;
  for (int pass = 0; pass < 2; ++pass)
    for (int64_t j = 0; j < count; ++j) {
      const double part = dot(next, u + j * n, n);
      for (int64_t i = 0; i < n; ++i)
        next[i] -= part * u[j * n + i];
    }
  const double length = sqrt(dot(next, next, n));
  for (int64_t i = 0; i < n; ++i)
    next[i] /= length;
}

void swapVectors(double *a, double *b, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    double other = a[i];
    a[i] = b[i];
    b[i] = other;
  }
}

// One matrix, as `count` vectors of length `n` >= count at `u`, which has room for
// `wanted` of them: they become unit vectors, the greatest singular value first.
void decompose(double *u, int64_t n, double *v, int64_t count, double *s, int64_t wanted) {
  for (int64_t i = 0; i < count * count; ++i)
    v[i] = i / count == i % count;
  orthogonalize(u, n, v, count);
  for (int64_t i = 0; i < count; ++i)
    s[i] = sqrt(dot(u + i * n, u + i * n, n));
  for (int64_t i = 0; i < count; ++i) {
    int64_t greatest = i;
    for (int64_t j = i + 1; j < count; ++j)
      if (s[j] > s[greatest])
        greatest = j;
    if (greatest != i) {
      swapVectors(s + i, s + greatest, 1);
      swapVectors(u + i * n, u + greatest * n, n);
      swapVectors(v + i * count, v + greatest * count, count);
    }
    if (s[i] == 0)
      appendOrthogonal(u, n, i);
    else
      for (int64_t k = 0; k < n; ++k)
        u[i * n + k] /= s[i];
  }
  for (int64_t i = count; i < wanted; ++i)
    appendOrthogonal(u, n, i);
}

// Vectors as the columns of a matrix.
template <typename T>
void storeColumns(const double *vectors, const tfc_tensor_t &y, int64_t index, int64_t n, int64_t count) {
  T *to = static_cast<T *>(y.data) + index * n * count;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < count; ++j)
      to[i * count + j] = static_cast<T>(vectors[j * n + i]);
}

template <typename T> tfc_status_t run(tfc_context_t *context, const tfc_tensor_t &x, const tfc_tensor_t *outputs) {
  const Matrices matrices(x);
  const int64_t rows = matrices.rows, columns = matrices.columns;
  // Vectors are columns, or rows where these are fewer.
  const bool areRows = rows < columns;
  const int64_t n = areRows ? columns : rows, count = areRows ? rows : columns;
  const tfc_tensor_t &longOutput = outputs[areRows ? 2 : 1], &shortOutput = outputs[areRows ? 1 : 2];
  const int64_t wanted = longOutput.shape[longOutput.rank - 1];
  return forEachRow<double>(context, matrices.count, 20 * n * count * count, wanted * n + count * count + count,
                            [&](int64_t index, double *u) {
                              double *v = u + wanted * n, *s = v + count * count;
                              const T *from = static_cast<const T *>(x.data) + index * rows * columns;
                              for (int64_t i = 0; i < n * count; ++i)
                                u[i] = areRows ? from[i] : from[i % n * columns + i / n];
                              decompose(u, n, v, count, s, wanted);
                              storeMatrix<T>(s, outputs[0], index, count);
                              storeColumns<T>(u, longOutput, index, n, wanted);
                              storeColumns<T>(v, shortOutput, index, count, count);
                            });
}

} // namespace

tfc_status_t tfc_operation_svd(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                               int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = checkMatrices(context, "svd", x, /*isSquare=*/false))
    return status;
  const Matrices matrices(x);
  const int64_t rows = matrices.rows, columns = matrices.columns, least = rows < columns ? rows : columns;
  if (tfc_status_t status = bindMatrices(context, "svd", outputs[0], x, least))
    return status;
  if (tfc_status_t status = bindMatrices(context, "svd", outputs[1], x, rows, parameters[0] ? rows : least))
    return status;
  if (tfc_status_t status = bindMatrices(context, "svd", outputs[2], x, columns, parameters[0] ? columns : least))
    return status;
  return x.dtype == TFC_DTYPE_F32 ? run<float>(context, x, outputs) : run<double>(context, x, outputs);
}
