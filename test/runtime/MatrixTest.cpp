// cholesky, solve, qr, svd and eigh; complex numbers as pairs.
#include "OperationHarness.h"

#include <cmath>

using namespace tfc::test;

using Numbers = std::vector<double>;

static Numbers randomMatrix(int64_t rows, int64_t columns) {
  Sequence sequence;
  Numbers x(rows * columns);
  for (double &number : x)
    number = static_cast<double>(sequence.next(2000) - 1000) / 500;
  return x;
}

// a [m, k] times b [k, n], or its transpose [n, k].
static Numbers product(const Numbers &a, const Numbers &b, int64_t m, int64_t k, int64_t n, bool transposed = false) {
  Numbers y(m * n);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t l = 0; l < k; ++l)
        y[i * n + j] += a[i * k + l] * (transposed ? b[j * k + l] : b[l * n + j]);
  return y;
}

static void expectNear(const Numbers &a, const Numbers &b, double tolerance = 1e-10) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i)
    EXPECT_NEAR(a[i], b[i], tolerance) << i;
}

static void expectOrthonormal(const Numbers &x, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < columns; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < rows; ++k)
        sum += x[k * columns + i] * x[k * columns + j];
      EXPECT_NEAR(sum, i == j, 1e-10);
    }
}

TEST(Cholesky, TimesItsTransposeGivesTheMatrix) {
  const int64_t n = 7;
  Numbers root = randomMatrix(n, n), x = product(root, root, n, n, n, /*transposed=*/true);
  Numbers y = runOperation(tfc_operation_cholesky, {tensor(x, {n, n})}, {unbound()}, {})[0].values<double>();
  expectNear(product(y, y, n, n, n, /*transposed=*/true), x);
  EXPECT_EQ(y[1], 0);
  std::vector<float> indefinite{1, 2, 2, 1};
  Outcome refused = runOperation(tfc_operation_cholesky, {tensor(indefinite, {2, 2})}, {unbound()}, {});
  EXPECT_EQ(refused.status, TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(refused.message, "cholesky: matrix is not positive definite");
}

TEST(Solve, AnyMatrixAndTriangles) {
  const int64_t n = 6, m = 3;
  Numbers a = randomMatrix(n, n), wanted = randomMatrix(n, m);
  for (int64_t kind : {0, 1, 2}) {
    Numbers counted = a;
    for (int64_t i = 0; i < n * n; ++i)
      if (kind == 1 ? i / n < i % n : kind == 2 ? i / n > i % n : false)
        counted[i] = 0;
    Numbers b = product(counted, wanted, n, n, m);
    Outcome y = runOperation(tfc_operation_solve, {tensor(a, {n, n}), tensor(b, {n, m})}, {unbound()}, {kind});
    ASSERT_EQ(y.status, TFC_STATUS_OK) << y.message;
    expectNear(y[0].values<double>(), wanted, 1e-8);
  }
  std::vector<float> singular{1, 2, 2, 4}, sides{1, 1};
  Outcome refused =
      runOperation(tfc_operation_solve, {tensor(singular, {2, 2}), tensor(sides, {2, 1})}, {unbound()}, {0});
  EXPECT_EQ(refused.message, "solve: matrix is not invertible");
  refused = runOperation(tfc_operation_solve, {tensor(singular, {2, 2}), tensor(sides, {1, 2})}, {unbound()}, {0});
  EXPECT_EQ(refused.message, "solve: right sides are 1x2, expected 2 rows for each matrix");
}

TEST(Qr, IsAProductOfAnOrthogonalMatrixAndATriangle) {
  for (auto [rows, columns] : {std::pair<int64_t, int64_t>{5, 3}, {3, 5}, {4, 4}})
    for (int64_t full : {0, 1}) {
      Numbers x = randomMatrix(rows, columns);
      const int64_t kept = full ? rows : std::min(rows, columns);
      Outcome y = runOperation(tfc_operation_qr, {tensor(x, {rows, columns})}, {unbound(), unbound()}, {full});
      ASSERT_EQ(y[0].shape(), (std::vector<int64_t>{rows, kept}));
      Numbers q = y[0].values<double>(), r = y[1].values<double>();
      expectNear(product(q, r, rows, kept, columns), x);
      expectOrthonormal(q, rows, kept);
      for (int64_t i = 0; i < kept * columns; ++i)
        if (i / columns > i % columns)
          EXPECT_EQ(r[i], 0);
    }
}

TEST(Svd, GivesTheMatrixBack) {
  for (auto [rows, columns] : {std::pair<int64_t, int64_t>{5, 3}, {3, 5}, {4, 4}})
    for (int64_t full : {0, 1}) {
      Numbers x = randomMatrix(rows, columns);
      const int64_t least = std::min(rows, columns), left = full ? rows : least, right = full ? columns : least;
      Outcome y =
          runOperation(tfc_operation_svd, {tensor(x, {rows, columns})}, {unbound(), unbound(), unbound()}, {full});
      Numbers s = y[0].values<double>(), u = y[1].values<double>(), v = y[2].values<double>();
      expectOrthonormal(u, rows, left);
      expectOrthonormal(v, columns, right);
      EXPECT_TRUE(std::is_sorted(s.rbegin(), s.rend()));
      Numbers scaled(rows * right);
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < least; ++j)
          scaled[i * right + j] = u[i * left + j] * s[j];
      expectNear(product(scaled, v, rows, right, columns, /*transposed=*/true), x);
    }
}

TEST(Svd, OfRankOne) {
  Numbers x{1, 2, 2, 4, 3, 6};
  Outcome y = runOperation(tfc_operation_svd, {tensor(x, {3, 2})}, {unbound(), unbound(), unbound()}, {0});
  expectNear(y[0].values<double>(), {std::sqrt(70.0), 0});
  expectOrthonormal(y[1].values<double>(), 3, 2);
}

TEST(Eigh, OfASymmetricMatrix) {
  const int64_t n = 6;
  Numbers root = randomMatrix(n, n), x = product(root, root, n, n, n, /*transposed=*/true);
  Numbers lower = x;
  lower[1] = 99; // does not count
  Outcome y = runOperation(tfc_operation_eigh, {tensor(lower, {n, n})}, {unbound(), unbound()}, {});
  Numbers e = y[0].values<double>(), v = y[1].values<double>(), scaled = v;
  EXPECT_TRUE(std::is_sorted(e.begin(), e.end()));
  expectOrthonormal(v, n, n);
  for (int64_t i = 0; i < n * n; ++i)
    scaled[i] *= e[i % n];
  expectNear(product(scaled, v, n, n, n, /*transposed=*/true), x);
}

TEST(ComplexNumbers, ArePairs) {
  std::vector<float> pairs{1, 2, 3, 4};
  Outcome joined = runOperation(tfc_operation_complex_join, {tensor(pairs, {2, 2})}, {unbound()}, {});
  EXPECT_EQ(joined[0].tensor.dtype, TFC_DTYPE_COMPLEX64);
  EXPECT_EQ(joined[0].shape(), std::vector<int64_t>{2});
  tfc_tensor_t x = joined[0].tensor;
  std::vector<char> bytes = joined[0].bytes;
  x.data = bytes.data();
  Outcome parts = runOperation(tfc_operation_complex_parts, {x}, {unbound()}, {});
  EXPECT_EQ(parts[0].values<float>(), pairs);
  EXPECT_EQ(parts[0].shape(), (std::vector<int64_t>{2, 2}));
}
