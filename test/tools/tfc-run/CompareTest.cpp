// Element types: conversion from files, exact decoding, and the comparison rule.
#include "Compare.h"
#include "DType.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

using namespace tfc::run;

static double decode(int32_t dtype, uint16_t code) {
  uint8_t bytes[2];
  std::memcpy(bytes, &code, 2);
  return static_cast<double>(decodeElement(dtype, bytes).real());
}

TEST(DType, NarrowFloats) {
  EXPECT_EQ(decode(TFC_DTYPE_F16, 0xc200), -3.0);
  EXPECT_EQ(decode(TFC_DTYPE_F16, 0x0001), std::ldexp(1.0, -24)); // denormal
  EXPECT_EQ(decode(TFC_DTYPE_F16, 0xfc00), -INFINITY);
  EXPECT_TRUE(std::isnan(decode(TFC_DTYPE_F16, 0x7e00)));
  EXPECT_EQ(decode(TFC_DTYPE_BF16, 0xc040), -3.0);
  EXPECT_EQ(decode(TFC_DTYPE_F8E4M3FN, 0x7e), 448.0); // the largest: no infinity
  EXPECT_TRUE(std::isnan(decode(TFC_DTYPE_F8E4M3FN, 0x7f)));
  EXPECT_EQ(decode(TFC_DTYPE_F8E4M3FNUZ, 0x7f), 240.0);
  EXPECT_TRUE(std::isnan(decode(TFC_DTYPE_F8E4M3FNUZ, 0x80)));
  EXPECT_EQ(decode(TFC_DTYPE_F8E5M2, 0x7b), 57344.0);
  EXPECT_EQ(decode(TFC_DTYPE_F8E5M2, 0x7c), INFINITY);
  EXPECT_EQ(decode(TFC_DTYPE_F8E5M2FNUZ, 0x7f), 57344.0);
  EXPECT_EQ(decode(TFC_DTYPE_F4E2M1FN, 0x0f), -6.0);
  EXPECT_EQ(decode(TFC_DTYPE_F4E2M1FN, 0x01), 0.5);
  EXPECT_EQ(decode(TFC_DTYPE_F8E8M0FNU, 128), 2.0);
  EXPECT_TRUE(std::isnan(decode(TFC_DTYPE_F8E8M0FNU, 255)));
}

TEST(DType, LargeIntegersStayExact) {
  uint64_t value = UINT64_MAX;
  EXPECT_EQ(decodeElement(TFC_DTYPE_U64, reinterpret_cast<uint8_t *>(&value)).real(), 18446744073709551615.0L);
}

TEST(DType, FourBitIntegers) {
  Array bytes{"i1", {2}, {0xfd, 7}}; // -3 and 7, a byte each
  EXPECT_TRUE(convertTo(bytes, TFC_DTYPE_I4));
  Array nibbles{"V1", {1}, {0x0d}}; // -3 as ml_dtypes has it
  ASSERT_TRUE(convertTo(nibbles, TFC_DTYPE_I4));
  EXPECT_EQ(nibbles.data[0], 0xfd);
  Array large{"i1", {1}, {8}};
  Result result = convertTo(large, TFC_DTYPE_I4);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.takeFailure().reason, "holds a value that is out of range for i4");
  Array small{"u1", {1}, {3}};
  EXPECT_TRUE(convertTo(small, TFC_DTYPE_U2));
}

TEST(DType, WrongElements) {
  Array array{"f8", {0}, {}};
  Result result = convertTo(array, TFC_DTYPE_F32);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.takeFailure().reason, "elements are of NumPy type 'f8', expected f32 ('f4')");
  Array text{"S5", {0}, {}};
  EXPECT_FALSE(convertTo(text, TFC_DTYPE_F32));
  EXPECT_TRUE(convertTo(text, TFC_DTYPE_STRING));
}

static Difference compareFloats(std::vector<float> got, std::vector<float> want) {
  return compareElements(TFC_DTYPE_F32, reinterpret_cast<uint8_t *>(got.data()),
                         reinterpret_cast<uint8_t *>(want.data()), got.size(), {0.1, 0.01});
}

TEST(Compare, Tolerance) {
  Difference near = compareFloats({1.05f, 0.005f}, {1, 0});
  EXPECT_EQ(near.count, 0u);
  EXPECT_NEAR(near.maxAbsolute, 0.05, 1e-6);
  EXPECT_NEAR(near.maxRelative, 0.05, 1e-6);
  Difference far = compareFloats({1, 1.2f, 3}, {1, 1, 1});
  EXPECT_EQ(far.count, 2u);
  EXPECT_EQ(far.first, 1u);
  EXPECT_EQ(far.maxAbsolute, 2.0);
}

TEST(Compare, SpecialValues) {
  EXPECT_EQ(compareFloats({NAN, INFINITY, -INFINITY}, {NAN, INFINITY, -INFINITY}).count, 0u);
  EXPECT_EQ(compareFloats({NAN, INFINITY, 1, 1}, {1, -INFINITY, NAN, INFINITY}).count, 4u);
}
