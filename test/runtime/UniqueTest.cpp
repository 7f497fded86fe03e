// unique and non_zero: results whose size only data tells.
#include "OperationHarness.h"

#include <cmath>

using namespace tfc::test;

template <typename T>
static Outcome unique(std::vector<T> &x, std::initializer_list<int64_t> shape, int64_t axis, int64_t sorted,
                      size_t outputs = 4) {
  return runOperation(tfc_operation_unique, {tensor(x, shape)}, std::vector<tfc_tensor_t>(outputs), {axis, sorted});
}

TEST(Unique, Sorted) {
  std::vector<float> x{2, 1, 1, 3, 4, 3};
  Outcome u = unique(x, {2, 3}, TFC_AXIS_NONE, 1);
  ASSERT_EQ(u.status, TFC_STATUS_OK) << u.message;
  EXPECT_EQ(u[0].values<float>(), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(u[0].shape(), std::vector<int64_t>{4});
  EXPECT_EQ(u[1].values<int64_t>(), (std::vector<int64_t>{1, 0, 3, 4}));
  EXPECT_EQ(u[2].values<int64_t>(), (std::vector<int64_t>{1, 0, 0, 2, 3, 2}));
  EXPECT_EQ(u[3].values<int64_t>(), (std::vector<int64_t>{2, 1, 2, 1}));
}

TEST(Unique, ByOccurrence) {
  std::vector<int64_t> x{2, 1, 1, 3, 4, 3};
  Outcome u = unique(x, {6}, TFC_AXIS_NONE, 0);
  EXPECT_EQ(u[0].values<int64_t>(), (std::vector<int64_t>{2, 1, 3, 4}));
  EXPECT_EQ(u[1].values<int64_t>(), (std::vector<int64_t>{0, 1, 3, 4}));
  EXPECT_EQ(u[2].values<int64_t>(), (std::vector<int64_t>{0, 1, 1, 2, 3, 2}));
  EXPECT_EQ(u[3].values<int64_t>(), (std::vector<int64_t>{1, 2, 2, 1}));
}

TEST(Unique, SlicesOfTheFirstAxis) {
  std::vector<float> x{2, 3, 4, 1, 0, 0, 1, 0, 0};
  Outcome u = unique(x, {3, 3}, 0, 1);
  EXPECT_EQ(u[0].values<float>(), (std::vector<float>{1, 0, 0, 2, 3, 4}));
  EXPECT_EQ(u[0].shape(), (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(u[1].values<int64_t>(), (std::vector<int64_t>{1, 0}));
  EXPECT_EQ(u[2].values<int64_t>(), (std::vector<int64_t>{1, 0, 0}));
  EXPECT_EQ(u[3].values<int64_t>(), (std::vector<int64_t>{2, 1}));
}

TEST(Unique, SlicesOfTheMiddleAxis) {
  std::vector<float> x{1, 1, 0, 1, 2, 1, 0, 1, 1, 1, 0, 1, 2, 1, 0, 1};
  Outcome u = unique(x, {2, 4, 2}, -2, 1);
  EXPECT_EQ(u[0].shape(), (std::vector<int64_t>{2, 3, 2}));
  EXPECT_EQ(u[0].values<float>(), (std::vector<float>{0, 1, 1, 1, 2, 1, 0, 1, 1, 1, 2, 1}));
  EXPECT_EQ(u[1].values<int64_t>(), (std::vector<int64_t>{1, 0, 2}));
  EXPECT_EQ(u[2].values<int64_t>(), (std::vector<int64_t>{1, 0, 2, 0}));
  EXPECT_EQ(u[3].values<int64_t>(), (std::vector<int64_t>{2, 1, 1}));
}

TEST(Unique, NaNsAndZerosAreOneEach) {
  std::vector<float> x{NAN, -0.0f, 0.0f, -NAN, 1};
  Outcome u = unique(x, {5}, TFC_AXIS_NONE, 1);
  EXPECT_EQ(u[1].values<int64_t>(), (std::vector<int64_t>{1, 4, 0}));
  EXPECT_EQ(u[3].values<int64_t>(), (std::vector<int64_t>{2, 1, 2}));
}

TEST(Unique, ManyElements) {
  Sequence sequence;
  std::vector<int32_t> x(20000);
  for (int32_t &value : x)
    value = static_cast<int32_t>(sequence.next(1000)) - 500;
  Outcome u = unique(x, {20000}, TFC_AXIS_NONE, 0);
  auto y = u[0].values<int32_t>();
  auto inverse = u[2].values<int64_t>();
  EXPECT_EQ(y.size(), 1000u);
  for (size_t i = 0; i < x.size(); ++i)
    ASSERT_EQ(y[inverse[i]], x[i]);
}

TEST(Unique, EmptyScalarAndFewOutputs) {
  std::vector<float> none, one{7};
  Outcome empty = unique(none, {0}, TFC_AXIS_NONE, 1);
  ASSERT_EQ(empty.status, TFC_STATUS_OK);
  EXPECT_EQ(empty[0].shape(), std::vector<int64_t>{0});
  Outcome scalar = unique(one, {}, TFC_AXIS_NONE, 0, 1);
  ASSERT_EQ(scalar.status, TFC_STATUS_OK);
  EXPECT_EQ(scalar[0].values<float>(), std::vector<float>{7});
}

TEST(Unique, FillsBuffersOfTheBound) {
  std::vector<float> x{2, 2, 1}, y(3);
  Outcome u = runOperation(tfc_operation_unique, {tensor(x, {3})}, {tensor(y, {3})}, {TFC_AXIS_NONE, 1});
  EXPECT_EQ(u[0].tensor.data, y.data());
  EXPECT_EQ(u[0].tensor.size, 8u);
  EXPECT_EQ(y, (std::vector<float>{1, 2, 0}));
}

TEST(NonZero, GivesColumns) {
  std::vector<float> x{0, 1, -0.0f, NAN, 0, -2};
  Outcome y = runOperation(tfc_operation_non_zero, {tensor(x, {2, 3})}, {unbound()}, {});
  ASSERT_EQ(y.status, TFC_STATUS_OK) << y.message;
  EXPECT_EQ(y[0].shape(), (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(y[0].values<int64_t>(), (std::vector<int64_t>{0, 1, 1, 1, 0, 2}));
}

TEST(NonZero, OfEveryWidth) {
  auto found = [](tfc_tensor_t x) {
    return runOperation(tfc_operation_non_zero, {x}, {unbound()}, {})[0].values<int64_t>();
  };
  const std::vector<int64_t> expected{1, 2};
  std::vector<uint8_t> bytes{0, 1, 128};
  std::vector<int32_t> words{0, 1, INT32_MIN};
  std::vector<int64_t> longs{0, 1, INT64_MIN};
  std::vector<double> doubles{-0.0, 1, -1};
  EXPECT_EQ(found(tensor(bytes, {3})), expected);
  EXPECT_EQ(found(tensor(words, {3})), expected);
  EXPECT_EQ(found(tensor(longs, {3})), expected);
  EXPECT_EQ(found(tensor(doubles, {3})), expected);
  std::vector<float> parts{0, -0.0f, 0, 1, -1, 0};
  tfc_tensor_t x = tensor(parts, {3});
  x.dtype = TFC_DTYPE_COMPLEX64;
  EXPECT_EQ(found(x), expected);
  std::vector<double> wideParts{0, -0.0, 0, 1, -1, 0};
  x = tensor(wideParts, {3});
  x.dtype = TFC_DTYPE_COMPLEX128;
  EXPECT_EQ(found(x), expected);
  x.dtype = TFC_DTYPE_F8E4M3FN;
  EXPECT_EQ(runOperation(tfc_operation_non_zero, {x}, {unbound()}, {}).message,
            "non_zero: dtype f8e4m3fn is not supported");
}

TEST(NonZero, OfScalarsAndNothing) {
  std::vector<float> one{7}, none;
  EXPECT_EQ(runOperation(tfc_operation_non_zero, {tensor(one, {})}, {unbound()}, {})[0].shape(),
            (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(runOperation(tfc_operation_non_zero, {tensor(none, {3, 0})}, {unbound()}, {})[0].shape(),
            (std::vector<int64_t>{2, 0}));
}
