// The .npy format: round trips, conversions, and refusal of what is not an array.
#include "Npy.h"

#include <gtest/gtest.h>

using namespace tfc::run;

/// A file with that header, as NumPy pads it, and those bytes.
static std::string makeFile(std::string header, const std::string &body, int version = 1) {
  std::string file("\x93NUMPY", 6);
  file += static_cast<char>(version);
  file += '\0';
  header += '\n';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    file += static_cast<char>(header.size() >> (8 * i));
  return file + header + body;
}

static std::string reasonOf(const std::string &file) {
  Expected<Array> array = parseNpy(file);
  return array ? "no failure" : array.takeFailure().reason;
}

TEST(Npy, RoundTrip) {
  Array array{"f4", {2, 3}, std::vector<uint8_t>(24, 7)};
  std::string file = formatNpy(array);
  EXPECT_EQ((file.size() - 24) % 64, 0u);
  Expected<Array> back = parseNpy(file);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->element, "f4");
  EXPECT_EQ(back->shape, array.shape);
  EXPECT_EQ(back->data, array.data);
}

TEST(Npy, ScalarAndEmpty) {
  Expected<Array> scalar = parseNpy(formatNpy({"b1", {}, {1}}));
  ASSERT_TRUE(scalar);
  EXPECT_TRUE(scalar->shape.empty());
  Expected<Array> empty = parseNpy(formatNpy({"i8", {0, 5}, {}}));
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->shape, (std::vector<int64_t>{0, 5}));
}

TEST(Npy, LaterVersions) {
  std::string header = "{'descr': '<u2', 'fortran_order': False, 'shape': (1,), }";
  EXPECT_TRUE(parseNpy(makeFile(header, "ab", 2)));
  EXPECT_TRUE(parseNpy(makeFile(header, "ab", 3)));
  EXPECT_EQ(reasonOf(makeFile(header, "ab", 4)), ".npy version 4 is not supported");
}

TEST(Npy, BigEndian) {
  Expected<Array> array = parseNpy(makeFile("{'descr': '>u2', 'fortran_order': False, 'shape': (2,), }", "abcd"));
  ASSERT_TRUE(array);
  EXPECT_EQ(std::string(array->data.begin(), array->data.end()), "badc");
  // A complex number is two numbers, each with its own bytes.
  array = parseNpy(makeFile("{'descr': '>c8', 'fortran_order': False, 'shape': (), }", "abcdefgh"));
  ASSERT_TRUE(array);
  EXPECT_EQ(std::string(array->data.begin(), array->data.end()), "dcbahgfe");
}

TEST(Npy, ColumnMajor) {
  // [[a, b, c], [d, e, f]] by columns.
  Expected<Array> array = parseNpy(makeFile("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", "adbecf"));
  ASSERT_TRUE(array);
  EXPECT_EQ(std::string(array->data.begin(), array->data.end()), "abcdef");
}

TEST(Npy, RefusesWhatIsNoArray) {
  EXPECT_EQ(reasonOf(""), "not an .npy file");
  EXPECT_EQ(reasonOf("PK\3\4 and more of it"), "not an .npy file");
  EXPECT_EQ(reasonOf(std::string("\x93NUMPY\1\0\xff\xff{", 11)), "the header is truncated");
  EXPECT_EQ(reasonOf(makeFile("[]", "")), "the header is no dictionary");
  EXPECT_EQ(reasonOf(makeFile("{'descr'", "")), "the header is malformed");
  EXPECT_EQ(reasonOf(makeFile("{'shape': (-1,)}", "")), "the header's shape holds something else than sizes");
  EXPECT_EQ(reasonOf(makeFile("{'shape': (1", "")), "the header's shape does not end");
  EXPECT_EQ(reasonOf(makeFile("{'descr': '|u1', 'shape': ()}", "a")), "the header lacks descr, fortran_order or shape");
}

TEST(Npy, RefusesElements) {
  std::string tail = ", 'fortran_order': False, 'shape': (1,), }";
  EXPECT_EQ(reasonOf(makeFile("{'descr': '|O'" + tail, "")), "arrays of Python objects are not supported");
  EXPECT_EQ(reasonOf(makeFile("{'descr': [('a', '<f4')]" + tail, "")), "arrays of records are not supported");
  EXPECT_EQ(reasonOf(makeFile("{'descr': '<M8[ns]'" + tail, "")), "element type '<M8[ns]' is not supported");
  EXPECT_EQ(reasonOf(makeFile("{'descr': '>c5'" + tail, "abcde")), "element type '>c5' is not supported");
}

TEST(Npy, RefusesWrongSizes) {
  auto file = [](const std::string &shape, const std::string &body) {
    return makeFile("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }", body);
  };
  EXPECT_EQ(reasonOf(file("(2,)", "abcd")), "holds 4 bytes of elements, its shape asks for 8");
  EXPECT_EQ(reasonOf(file("(1,)", "abcdef")), "holds 6 bytes of elements, its shape asks for 4");
  EXPECT_EQ(reasonOf(file("(4611686018427387904, 4)", "abcd")),
            "holds 4 bytes of elements, its shape asks for more than 2^63");
  EXPECT_EQ(reasonOf(file("(99999999999999999999,)", "")), "the header's shape holds something else than sizes");
}
