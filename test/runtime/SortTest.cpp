// argsort and top_k: order, ties, NaN, every dtype, long rows.
#include "OperationHarness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace tfc::test;

static const float inf = std::numeric_limits<float>::infinity();

TEST(Argsort, OrdersFloats) {
  std::vector<float> x{1, NAN, -0.0f, -inf, 0.0f, inf, -1, -NAN};
  Outcome up = runOperation(tfc_operation_argsort, {tensor(x, {8})}, {unbound(), unbound()}, {0, 0});
  ASSERT_EQ(up.status, TFC_STATUS_OK) << up.message;
  EXPECT_EQ(up[0].values<int64_t>(), (std::vector<int64_t>{3, 6, 2, 4, 0, 5, 1, 7}));
  EXPECT_EQ(up[1].values<float>()[0], -inf);
  EXPECT_TRUE(std::isnan(up[1].values<float>()[7]));
  Outcome down = runOperation(tfc_operation_argsort, {tensor(x, {8})}, {unbound()}, {-1, 1});
  EXPECT_EQ(down[0].values<int64_t>(), (std::vector<int64_t>{1, 7, 5, 0, 2, 4, 6, 3}));
}

TEST(Argsort, SortsAlongAnyAxis) {
  std::vector<int32_t> x{3, 1, 2, 0, 5, 4};
  std::vector<int32_t> indices(6);
  Outcome outcome = runOperation(tfc_operation_argsort, {tensor(x, {3, 2})}, {tensor(indices, {3, 2})}, {0, 0});
  ASSERT_EQ(outcome.status, TFC_STATUS_OK) << outcome.message;
  EXPECT_EQ(outcome[0].values<int32_t>(), (std::vector<int32_t>{1, 1, 0, 0, 2, 2}));
  EXPECT_EQ(indices, outcome[0].values<int32_t>());
}

template <typename T> class Ordered : public testing::Test {};
using OrderedTypes = testing::Types<uint8_t, int8_t, int32_t, int64_t, float, double>;
TYPED_TEST_SUITE(Ordered, OrderedTypes);

TYPED_TEST(Ordered, ArgsortIsStableOnAnyNumberOfThreads) {
  Sequence sequence;
  const int64_t rows = 70, extent = 997;
  std::vector<TypeParam> x(rows * extent);
  for (TypeParam &value : x)
    value = static_cast<TypeParam>(sequence.next(200) - 100);
  std::vector<int64_t> expected(x.size());
  for (int64_t row = 0; row < rows; ++row) {
    auto begin = expected.begin() + row * extent;
    std::iota(begin, begin + extent, 0);
    std::sort(begin, begin + extent, [&](int64_t a, int64_t b) {
      return std::make_pair(x[row * extent + a], a) < std::make_pair(x[row * extent + b], b);
    });
  }
  for (int32_t count : {1, 3})
    EXPECT_EQ(runOperation(tfc_operation_argsort, {tensor(x, {rows, extent})}, {unbound()}, {1, 0}, count)[0]
                  .template values<int64_t>(),
              expected);
}

TYPED_TEST(Ordered, TopKAgreesWithArgsort) {
  Sequence sequence;
  const int64_t rows = 5, extent = 400;
  std::vector<TypeParam> x(rows * extent);
  for (TypeParam &value : x)
    value = static_cast<TypeParam>(sequence.next(200) - 100);
  for (int64_t largest : {0, 1}) {
    std::vector<int64_t> sorted =
        runOperation(tfc_operation_argsort, {tensor(x, {rows, extent})}, {unbound()}, {1, largest})[0]
            .template values<int64_t>();
    for (int64_t k : {1, 7, 50, 51, 399, 400}) {
      Outcome top = runOperation(tfc_operation_top_k, {tensor(x, {rows, extent})},
                                 {unbound(DtypeOf<TypeParam>::value, {rows, k}), unbound()}, {-1, largest, 1});
      ASSERT_EQ(top.status, TFC_STATUS_OK) << top.message;
      EXPECT_EQ(top[0].shape(), (std::vector<int64_t>{rows, k}));
      auto values = top[0].template values<TypeParam>();
      auto indices = top[1].template values<int64_t>();
      for (int64_t row = 0; row < rows; ++row)
        for (int64_t i = 0; i < k; ++i) {
          ASSERT_EQ(indices[row * k + i], sorted[row * extent + i]) << "k " << k << " at " << row << ", " << i;
          ASSERT_EQ(values[row * k + i], x[row * extent + indices[row * k + i]]);
        }
    }
  }
}

TEST(TopK, OfTheMiddleAxis) {
  std::vector<float> x{1, 10, 2, 20, 3, 30, 9, 90, 8, 80, 7, 70};
  Outcome top = runOperation(tfc_operation_top_k, {tensor(x, {2, 3, 2})},
                             {unbound(TFC_DTYPE_F32, {2, 2, 2}), unbound(TFC_DTYPE_I32)}, {1, 1, 0});
  ASSERT_EQ(top.status, TFC_STATUS_OK) << top.message;
  EXPECT_EQ(top[0].values<float>(), (std::vector<float>{3, 30, 2, 20, 9, 90, 8, 80}));
  EXPECT_EQ(top[1].values<int32_t>(), (std::vector<int32_t>{2, 2, 1, 1, 0, 0, 1, 1}));
}

TEST(TopK, TakesItsNumberAsAnInput) {
  std::vector<float> x{1, 3, 2};
  std::vector<int64_t> k{2};
  Outcome top = runOperation(tfc_operation_top_k, {tensor(x, {3}), tensor(k, {})}, {unbound(), unbound()}, {0, 1, 1});
  ASSERT_EQ(top.status, TFC_STATUS_OK) << top.message;
  EXPECT_EQ(top[0].values<float>(), (std::vector<float>{3, 2}));
}

TEST(TopK, NoneOfAny) {
  std::vector<float> x{1, 2};
  Outcome top =
      runOperation(tfc_operation_top_k, {tensor(x, {2})}, {unbound(TFC_DTYPE_F32, {0}), unbound()}, {0, 1, 1});
  EXPECT_EQ(top.status, TFC_STATUS_OK);
  EXPECT_EQ(top[0].shape(), std::vector<int64_t>{0});
}

TEST(TopK, RefusesTooManyAndWrongAxis) {
  std::vector<float> x{1, 2};
  std::vector<tfc_tensor_t> outputs{unbound(TFC_DTYPE_F32, {3}), unbound()};
  Outcome many = runOperation(tfc_operation_top_k, {tensor(x, {2})}, outputs, {0, 1, 1});
  EXPECT_EQ(many.status, TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(many.message, "top_k: k is 3, expected 0 to 2");
  Outcome axis = runOperation(tfc_operation_top_k, {tensor(x, {2})}, outputs, {1, 1, 1});
  EXPECT_EQ(axis.message, "top_k: axis is 1, expected -1 to 0");
}

TEST(TopK, RefusesDtypesWithoutOrder) {
  std::vector<float> x{1, 2};
  tfc_tensor_t in = tensor(x, {1});
  in.dtype = TFC_DTYPE_COMPLEX64;
  Outcome outcome = runOperation(tfc_operation_top_k, {in}, {unbound(TFC_DTYPE_F32, {1}), unbound()}, {0, 1, 1});
  EXPECT_EQ(outcome.status, TFC_STATUS_UNIMPLEMENTED);
  EXPECT_EQ(outcome.message, "top_k: dtype complex64 is not supported");
}

// Halves: bits in order of their values.
static std::vector<int64_t> halvesInOrder(tfc_dtype_t dtype, std::vector<uint16_t> bits) {
  tfc_tensor_t in = {};
  in.data = bits.data(), in.size = bits.size() * 2, in.dtype = dtype, in.rank = 1;
  in.shape[0] = static_cast<int64_t>(bits.size());
  return runOperation(tfc_operation_argsort, {in}, {unbound()}, {0, 0})[0].values<int64_t>();
}

TEST(Argsort, OrdersHalves) {
  // -inf, -2, -0, 0, least denormal, 1, inf, NaN; last to first.
  std::vector<int64_t> order{7, 6, 4, 5, 3, 2, 1, 0};
  EXPECT_EQ(halvesInOrder(TFC_DTYPE_F16, {0x7e00, 0x7c00, 0x3c00, 0x0001, 0x0000, 0x8000, 0xc000, 0xfc00}), order);
  EXPECT_EQ(halvesInOrder(TFC_DTYPE_BF16, {0xffc0, 0x7f80, 0x3f80, 0x0001, 0x0000, 0x8000, 0xc000, 0xff80}), order);
}

TEST(Argsort, ReportsSmallOutput) {
  std::vector<float> x{1, 2};
  std::vector<int64_t> indices(1);
  Outcome outcome = runOperation(tfc_operation_argsort, {tensor(x, {2})}, {tensor(indices, {1})}, {0, 0});
  EXPECT_EQ(outcome.status, TFC_STATUS_RESOURCE_EXHAUSTED);
  EXPECT_EQ(outcome.message, "argsort: output holds 8 bytes, expected 16");
}
