// det and dft.
#include "OperationHarness.h"

#include <cmath>
#include <complex>

using namespace tfc::test;

TEST(Det, OfSmallMatrices) {
  std::vector<float> x{0, 1, 2, 3, 1, 2, 2, 4}; // the first needs a pivot, the second is singular
  Outcome y = runOperation(tfc_operation_det, {tensor(x, {2, 2, 2})}, {unbound()}, {});
  ASSERT_EQ(y.status, TFC_STATUS_OK) << y.message;
  EXPECT_EQ(y[0].values<float>(), (std::vector<float>{-2, 0}));
  EXPECT_EQ(y[0].shape(), std::vector<int64_t>{2});
  std::vector<double> one{5}, none;
  EXPECT_EQ(runOperation(tfc_operation_det, {tensor(one, {1, 1})}, {unbound()}, {})[0].values<double>()[0], 5);
  EXPECT_EQ(runOperation(tfc_operation_det, {tensor(none, {0, 0})}, {unbound()}, {})[0].values<double>()[0], 1);
}

TEST(Det, OfAProductOfTriangles) {
  // Rows of L times U with known diagonals, of mixed order.
  const int64_t n = 20;
  Sequence sequence;
  std::vector<double> lower(n * n), upper(n * n), x(n * n);
  double expected = -1;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) {
      double value = static_cast<double>(sequence.next(200) - 100) / 100;
      (i > j ? lower : upper)[i * n + j] = value;
      if (i == j) {
        lower[i * n + j] = 1;
        upper[i * n + j] = value + 2;
        expected *= value + 2;
      }
    }
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t k = 0; k < n; ++k)
        x[(i == 0 ? 7 : i == 7 ? 0 : i) * n + j] += lower[i * n + k] * upper[k * n + j];
  double y = runOperation(tfc_operation_det, {tensor(x, {n, n})}, {unbound()}, {})[0].values<double>()[0];
  EXPECT_NEAR(y / expected, 1, 1e-9);
}

TEST(Det, RefusesWhatIsNoSquare) {
  std::vector<float> x(6);
  Outcome y = runOperation(tfc_operation_det, {tensor(x, {2, 3})}, {unbound()}, {});
  EXPECT_EQ(y.status, TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(y.message, "det: matrix is 2x3, expected a square");
  std::vector<int32_t> integers(4);
  EXPECT_EQ(runOperation(tfc_operation_det, {tensor(integers, {2, 2})}, {unbound()}, {}).status,
            TFC_STATUS_UNIMPLEMENTED);
}

using Complex = std::complex<double>;

// By the definition, with the angle reduced exactly.
static std::vector<Complex> transform(const std::vector<Complex> &x, bool inverse) {
  const size_t n = x.size();
  std::vector<Complex> y(n);
  for (size_t k = 0; k < n; ++k) {
    for (size_t i = 0; i < n; ++i)
      y[k] += x[i] * std::polar(1.0, (inverse ? 2 : -2) * M_PI * double(i * k % n) / double(n));
    if (inverse)
      y[k] /= double(n);
  }
  return y;
}

static std::vector<Complex> signal(size_t n) {
  Sequence sequence;
  std::vector<Complex> x(n);
  for (Complex &value : x)
    value = {double(sequence.next(2001)) / 1000 - 1, double(sequence.next(2001)) / 1000 - 1};
  return x;
}

static std::vector<double> parts(const std::vector<Complex> &x) {
  auto *data = reinterpret_cast<const double *>(x.data());
  return {data, data + 2 * x.size()};
}

static void expectNear(const std::vector<double> &values, const std::vector<double> &expected, double tolerance) {
  ASSERT_EQ(values.size(), expected.size());
  for (size_t i = 0; i < values.size(); ++i)
    ASSERT_NEAR(values[i], expected[i], tolerance) << "at " << i << " of " << values.size();
}

// Parameters are axis, inverse, onesided.
static Outcome dft(tfc_tensor_t x, int64_t length, const std::vector<int64_t> &parameters, int32_t threadCount = 1) {
  std::vector<int64_t> lengths{length};
  return runOperation(tfc_operation_dft, {x, tensor(lengths, {})}, {unbound()}, parameters, threadCount);
}

TEST(Dft, OfEveryKindOfLength) {
  // Powers, products of small primes, primes on both sides of the largest factor, products with large primes.
  for (int64_t n :
       {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 25, 30, 31, 37, 64, 100, 127, 128, 210, 243, 257, 391, 512, 1001, 1369})
    for (bool inverse : {false, true}) {
      std::vector<Complex> x = signal(static_cast<size_t>(n));
      std::vector<double> data = parts(x);
      Outcome y = dft(tensor(data, {n, 2}), n, {0, inverse, 0});
      ASSERT_EQ(y.status, TFC_STATUS_OK) << y.message;
      expectNear(y[0].values<double>(), parts(transform(x, inverse)), 1e-11);
    }
}

TEST(Dft, AlongTheMiddleAxisInF32) {
  const int64_t outer = 3, n = 12, inner = 2;
  std::vector<float> x(outer * n * inner * 2);
  Sequence sequence;
  for (float &value : x)
    value = static_cast<float>(sequence.next(100));
  Outcome y = dft(tensor(x, {outer, n, inner, 2}), n, {-3, 0, 0}, 3);
  ASSERT_EQ(y.status, TFC_STATUS_OK) << y.message;
  auto values = y[0].values<float>();
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      auto at = [&](int64_t k) { return ((o * n + k) * inner + i) * 2; };
      std::vector<Complex> row(n);
      for (int64_t k = 0; k < n; ++k)
        row[k] = {x[at(k)], x[at(k) + 1]};
      row = transform(row, false);
      for (int64_t k = 0; k < n; ++k) {
        ASSERT_NEAR(values[at(k)], row[k].real(), 1e-3);
        ASSERT_NEAR(values[at(k) + 1], row[k].imag(), 1e-3);
      }
    }
}

TEST(Dft, RealInputOneSidedAndBack) {
  for (int64_t n : {1, 2, 7, 10}) {
    std::vector<double> x(n);
    for (int64_t i = 0; i < n; ++i)
      x[i] = std::sin(double(i)) + 0.1 * double(i);
    Outcome y = dft(tensor(x, {n, 1}), n, {0, 0, 1});
    ASSERT_EQ(y.status, TFC_STATUS_OK) << y.message;
    EXPECT_EQ(y[0].shape(), (std::vector<int64_t>{n / 2 + 1, 2}));
    std::vector<Complex> full = transform({x.begin(), x.end()}, false);
    full.resize(n / 2 + 1);
    expectNear(y[0].values<double>(), parts(full), 1e-12);
    std::vector<double> half = y[0].values<double>();
    Outcome back = dft(tensor(half, {n / 2 + 1, 2}), n, {0, 1, 1});
    EXPECT_EQ(back[0].shape(), (std::vector<int64_t>{n, 1}));
    expectNear(back[0].values<double>(), x, 1e-12);
  }
}

TEST(Dft, CutsAndPads) {
  std::vector<Complex> x = signal(6);
  std::vector<double> data = parts(x);
  for (int64_t n : {4, 9}) {
    std::vector<Complex> other = x;
    other.resize(static_cast<size_t>(n));
    Outcome y = dft(tensor(data, {6, 2}), n, {0, 0, 0});
    expectNear(y[0].values<double>(), parts(transform(other, false)), 1e-12);
  }
}

TEST(Dft, RefusesImpossibleArguments) {
  std::vector<double> x(12);
  std::vector<int32_t> integers(12);
  auto fails = [&](tfc_tensor_t in, int64_t length, int64_t axis) { return dft(in, length, {axis, 0, 0}).message; };
  EXPECT_EQ(fails(tensor(x, {6, 2}), 0, 0), "dft: length is 0, expected 1 to 2^31-1");
  EXPECT_EQ(fails(tensor(x, {6, 2}), 6, 1),
            "dft: axis is 1 and the last dimension is 2, expected another axis and 1 or 2");
  EXPECT_EQ(fails(tensor(x, {4, 3}), 4, 0),
            "dft: axis is 0 and the last dimension is 3, expected another axis and 1 or 2");
  EXPECT_EQ(fails(tensor(integers, {6, 2}), 6, 0), "dft: dtype i32 is not supported");
}
