// Weights files: mapped when they are the right ones, refused when not.
#include "TestModel.h"

#include <cstring>
#include <fstream>
#include <string>

using namespace tfc::test;

namespace {
class Weights : public testing::Test {
protected:
  void SetUp() override {
    path = testing::TempDir() + "tfc_weights_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    content = file("weights of thirteen");
    write(content);
    model.model.weights = {"recorded.bin", content.size(), header(content).checksum};
    options.weights_path = path.c_str();
    options.message = text;
    options.message_capacity = sizeof(text);
  }
  void TearDown() override { remove(path.c_str()); }
  static std::string file(const std::string &weights) {
    tfc_weights_header_t header = {};
    memcpy(header.magic, TFC_WEIGHTS_MAGIC, sizeof(header.magic));
    header.size = sizeof(header) + weights.size();
    header.checksum = tfc_checksum(weights.data(), weights.size());
    return std::string(reinterpret_cast<const char *>(&header), sizeof(header)) + weights;
  }
  static tfc_weights_header_t header(const std::string &file) {
    tfc_weights_header_t header;
    memcpy(&header, file.data(), sizeof(header));
    return header;
  }
  void write(const std::string &bytes) { std::ofstream(path, std::ios::binary) << bytes; }

  TestModel model{{}, {}, [](tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
                    auto *base = static_cast<const char *>(tfc_weights_base(context));
                    return base && base[sizeof(tfc_weights_header_t)] == 'w' ? TFC_STATUS_OK : TFC_STATUS_INTERNAL;
                  }};
  std::string content, path;
  tfc_options_t options = {};
  tfc_instance_t *instance = nullptr;
  char text[300] = "";
};
} // namespace

TEST_F(Weights, AreMapped) {
  Session session(model, options);
  EXPECT_EQ(tfc_step_run(session.context, session.step, nullptr, nullptr), TFC_STATUS_OK);
}

TEST_F(Weights, RefusesMissingFile) {
  remove(path.c_str());
  EXPECT_EQ(tfc_instance_open(&model.model, &options, &instance), TFC_STATUS_NOT_FOUND);
  EXPECT_EQ(text, "weights file '" + path + "': No such file or directory");
}

TEST_F(Weights, LooksForTheRecordedNameByDefault) {
  options.weights_path = nullptr;
  EXPECT_EQ(tfc_instance_open(&model.model, &options, &instance), TFC_STATUS_NOT_FOUND);
  EXPECT_STREQ(text, "weights file 'recorded.bin': No such file or directory");
}

TEST_F(Weights, RefusesFolder) {
  std::string folder = testing::TempDir();
  options.weights_path = folder.c_str();
  EXPECT_EQ(tfc_instance_open(&model.model, &options, &instance), TFC_STATUS_NOT_FOUND);
  EXPECT_EQ(text, "weights file '" + folder + "': not a regular file");
}

TEST_F(Weights, RefusesWrongSize) {
  write(content + "!");
  EXPECT_EQ(tfc_instance_open(&model.model, &options, &instance), TFC_STATUS_DATA_LOSS);
  EXPECT_EQ(text, "weights file '" + path + "': size is 84 bytes, expected 83");
}

TEST_F(Weights, RefusesOneFlippedBit) {
  for (size_t position = sizeof(tfc_weights_header_t); position < content.size(); ++position) {
    std::string bytes = content;
    bytes[position] ^= 1;
    write(bytes);
    EXPECT_EQ(tfc_instance_open(&model.model, &options, &instance), TFC_STATUS_DATA_LOSS);
    EXPECT_NE(std::string(text).find("is damaged: checksum is"), std::string::npos);
  }
}

TEST_F(Weights, AreNotReadWhenTrusted) {
  content.back() ^= 1;
  write(content);
  options.trust_weights = 1;
  Session session(model, options);
  EXPECT_EQ(tfc_step_run(session.context, session.step, nullptr, nullptr), TFC_STATUS_OK);
}

TEST_F(Weights, RefusesThoseOfAnotherModel) {
  options.trust_weights = 1;
  write(file("weights of a twelve"));
  EXPECT_EQ(tfc_instance_open(&model.model, &options, &instance), TFC_STATUS_FAILED_PRECONDITION);
  EXPECT_NE(std::string(text).find("belongs to another model or compilation"), std::string::npos);
  write(std::string(content.size(), 'x'));
  EXPECT_EQ(tfc_instance_open(&model.model, &options, &instance), TFC_STATUS_FAILED_PRECONDITION);
  EXPECT_EQ(text, "weights file '" + path + "': is no weights file of tfc");
}
