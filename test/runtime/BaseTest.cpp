// Names, sizes, checksums: what needs no instance.
#include "tfc-rt/tfc.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

TEST(Status, EveryCodeHasItsName) {
  EXPECT_STREQ(tfc_status_name(TFC_STATUS_OK), "OK");
  EXPECT_STREQ(tfc_status_name(TFC_STATUS_INVALID_ARGUMENT), "INVALID_ARGUMENT");
  EXPECT_STREQ(tfc_status_name(TFC_STATUS_DATA_LOSS), "DATA_LOSS");
  EXPECT_STREQ(tfc_status_name(static_cast<tfc_status_t>(99)), "UNKNOWN");
}

TEST(Dtype, Sizes) {
  EXPECT_EQ(tfc_dtype_size(TFC_DTYPE_F32), 4u);
  EXPECT_EQ(tfc_dtype_size(TFC_DTYPE_COMPLEX128), 16u);
  EXPECT_EQ(tfc_dtype_size(TFC_DTYPE_BF16), 2u);
  EXPECT_EQ(tfc_dtype_size(TFC_DTYPE_I4), 1u);
  EXPECT_EQ(tfc_dtype_size(TFC_DTYPE_I2), 1u);
  EXPECT_EQ(tfc_dtype_size(TFC_DTYPE_STRING), sizeof(tfc_string_t));
  EXPECT_EQ(tfc_dtype_size(static_cast<tfc_dtype_t>(-1)), 0u);
  EXPECT_EQ(tfc_dtype_size(static_cast<tfc_dtype_t>(27)), 0u);
}

TEST(Dtype, NamesAreDistinct) {
  std::set<std::string> names;
  for (int dtype = TFC_DTYPE_F32; dtype <= TFC_DTYPE_I2; ++dtype)
    names.insert(tfc_dtype_name(static_cast<tfc_dtype_t>(dtype)));
  EXPECT_EQ(names.size(), size_t(TFC_DTYPE_I2));
  EXPECT_EQ(names.count("invalid"), 0u);
  EXPECT_STREQ(tfc_dtype_name(TFC_DTYPE_F8E4M3FNUZ), "f8e4m3fnuz");
  EXPECT_STREQ(tfc_dtype_name(static_cast<tfc_dtype_t>(27)), "invalid");
}

TEST(Checksum, IsAsDocumented) {
  // From an implementation of the header's words in another language.
  EXPECT_EQ(tfc_checksum(nullptr, 0), 0x882e0a7915e4eac7u);
  EXPECT_EQ(tfc_checksum("a", 1), 0x3f35e6a13da4b150u);
  EXPECT_EQ(tfc_checksum("0123456789abcdef0123456789abcdefg", 33), 0x8effcda3699b79cdu);
  EXPECT_NE(tfc_checksum("a\0", 2), tfc_checksum("a", 1));
}

TEST(Checksum, SeesTwoFlippedSigns) {
  float values[64] = {};
  uint64_t before = tfc_checksum(values, sizeof(values));
  values[1] = values[9] = -0.0f;
  EXPECT_NE(tfc_checksum(values, sizeof(values)), before);
}

TEST(Cpu, GroupsAreNested) {
  uint64_t features = tfc_cpu_features();
  if (features & TFC_CPU_X86_64_V4)
    EXPECT_TRUE(features & TFC_CPU_X86_64_V3);
  if (features & TFC_CPU_X86_64_V3)
    EXPECT_TRUE(features & TFC_CPU_X86_64_V2);
}
