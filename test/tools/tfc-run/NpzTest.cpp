// Archives: stored and deflated entries, names, and damaged files.
#include "Npz.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <zip.h>

using namespace tfc::run;

namespace {
/// Gives every test a path of its own, and removes the file.
class NpzTest : public testing::Test {
protected:
  void TearDown() override { std::filesystem::remove(path); }

  std::string path = testing::TempDir() + "tfc-run-" + testing::UnitTest::GetInstance()->current_test_info()->name() +
                     std::to_string(getpid()) + ".npz";
  Array array{"u1", {600}, std::vector<uint8_t>(600, 42)};
};
} // namespace

TEST_F(NpzTest, RoundTrip) {
  ASSERT_TRUE(writeNpz(path, {{"r0:a/b:0", array}, {"z", {"b1", {}, {1}}}}));
  Expected<NpzReader> reader = NpzReader::open(path);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->names(), (std::vector<std::string>{"r0:a/b:0", "z"}));
  Expected<Array> back = reader->read("r0:a/b:0");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->data, array.data);
}

TEST_F(NpzTest, NoArrays) {
  ASSERT_TRUE(writeNpz(path, {{"a", array}}));
  ASSERT_TRUE(writeNpz(path, {}));
}

TEST_F(NpzTest, Deflated) {
  std::string file = formatNpy(array);
  zip *archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  zip_int64_t index =
      zip_file_add(archive, "a.npy", zip_source_buffer(archive, file.data(), file.size(), 0), ZIP_FL_ENC_UTF_8);
  zip_set_file_compression(archive, index, ZIP_CM_DEFLATE, 9);
  ASSERT_EQ(zip_close(archive), 0);
  EXPECT_LT(std::filesystem::file_size(path), file.size());
  Expected<NpzReader> reader = NpzReader::open(path);
  ASSERT_TRUE(reader);
  Expected<Array> back = reader->read("a");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->data, array.data);
}

TEST_F(NpzTest, MissingArray) {
  ASSERT_TRUE(writeNpz(path, {{"a", array}}));
  Expected<NpzReader> reader = NpzReader::open(path);
  ASSERT_TRUE(reader);
  Expected<Array> missing = reader->read("b");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.takeFailure().reason, path + ": array 'b' does not exist");
}

TEST_F(NpzTest, MissingFile) {
  Expected<NpzReader> reader = NpzReader::open(path);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.takeFailure().reason, path + ": No such file");
}

TEST_F(NpzTest, NotAnArchive) {
  std::ofstream(path) << "certainly not a zip file";
  Expected<NpzReader> reader = NpzReader::open(path);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.takeFailure().reason, path + ": Not a zip archive");
}

TEST_F(NpzTest, FlippedByte) {
  ASSERT_TRUE(writeNpz(path, {{"a", array}}));
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(300); // among the elements
  file.put(43);
  file.close();
  Expected<NpzReader> reader = NpzReader::open(path);
  ASSERT_TRUE(reader);
  Expected<Array> damaged = reader->read("a");
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.takeFailure().reason, path + ": array 'a': CRC error");
}

TEST_F(NpzTest, Truncated) {
  ASSERT_TRUE(writeNpz(path, {{"a", array}}));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 30);
  EXPECT_FALSE(NpzReader::open(path));
}

TEST_F(NpzTest, UnwritableFolder) {
  Result result = writeNpz("/nonexistent/out.npz", {{"a", array}});
  EXPECT_FALSE(result);
}
