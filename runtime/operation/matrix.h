// Batches of matrices in the last two dimensions, as operations on them share them.
#ifndef TFC_RUNTIME_OPERATION_MATRIX_H
#define TFC_RUNTIME_OPERATION_MATRIX_H

#include "operation/operation.h"

namespace tfc::rt {

struct Matrices {
  int64_t rows, columns, count = 1;

  explicit Matrices(const tfc_tensor_t &x) : rows(x.shape[x.rank - 2]), columns(x.shape[x.rank - 1]) {
    for (int32_t d = 0; d < x.rank - 2; ++d)
      count *= x.shape[d];
  }
  int64_t size() const { return rows * columns; }
};

// Fails, in the name of `operation`, unless x is made of f32 or f64 and, where asked for,
// its matrices are square.
tfc_status_t checkMatrices(tfc_context_t *context, const char *operation, const tfc_tensor_t &x, bool isSquare);

// Fixes an output that holds a rows x columns matrix, or a vector where columns is -1, for
// each matrix of x.
tfc_status_t bindMatrices(tfc_context_t *context, const char *operation, tfc_tensor_t &output, const tfc_tensor_t &x,
                          int64_t rows, int64_t columns = -1);

// A number for each element of a matrix, and back.
template <typename T> void loadMatrix(const tfc_tensor_t &x, int64_t index, int64_t size, double *to) {
  const T *from = static_cast<const T *>(x.data) + index * size;
  for (int64_t i = 0; i < size; ++i)
    to[i] = from[i];
}
template <typename T> void storeMatrix(const double *from, const tfc_tensor_t &y, int64_t index, int64_t size) {
  T *to = static_cast<T *>(y.data) + index * size;
  for (int64_t i = 0; i < size; ++i)
    to[i] = static_cast<T>(from[i]);
}

// Swaps two rows of a matrix.
inline void swapRows(double *matrix, int64_t columns, int64_t a, int64_t b) {
  for (int64_t i = 0; i < columns && a != b; ++i) {
    double other = matrix[a * columns + i];
    matrix[a * columns + i] = matrix[b * columns + i];
    matrix[b * columns + i] = other;
  }
}

// Set by any thread that meets what makes the whole operation fail.
class Mishap {
public:
  void report() { __atomic_store_n(&happened, true, __ATOMIC_RELAXED); }
  bool hasHappened() const { return __atomic_load_n(&happened, __ATOMIC_RELAXED); }

private:
  bool happened = false;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_OPERATION_MATRIX_H
