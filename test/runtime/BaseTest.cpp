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
  EXPECT_EQ(tfc_dtype_size(TFC_DTYPE_STRING), 0u);
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

TEST(Checksum, IsFnvOverWords) {
  EXPECT_EQ(tfc_checksum(nullptr, 0), 0xcbf29ce484222325u);
  // One byte is a word: the published FNV-1a value of "a".
  EXPECT_EQ(tfc_checksum("a", 1), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(tfc_checksum("a\0\0\0\0\0\0\0", 8), tfc_checksum("a", 1));
  EXPECT_NE(tfc_checksum("abcdefghi", 9), tfc_checksum("abcdefghj", 9));
}

TEST(Cpu, GroupsAreNested) {
  uint64_t features = tfc_cpu_features();
  if (features & TFC_CPU_X86_64_V4)
    EXPECT_TRUE(features & TFC_CPU_X86_64_V3);
  if (features & TFC_CPU_X86_64_V3)
    EXPECT_TRUE(features & TFC_CPU_X86_64_V2);
}
