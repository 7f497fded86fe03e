// Weights files: mapped when they are the right ones, refused when not.
#include "TestModel.h"

#include <fstream>
#include <string>

using namespace tfc::test;

namespace {
class Weights : public testing::Test {
protected:
  void SetUp() override {
    path = testing::TempDir() + "tfc_weights_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    write(content);
    model.model.weights = {"recorded.bin", content.size(), tfc_checksum(content.data(), content.size())};
    options.weights_path = path.c_str();
    options.message = text;
    options.message_capacity = sizeof(text);
  }
  void TearDown() override { remove(path.c_str()); }
  void write(const std::string &bytes) { std::ofstream(path, std::ios::binary) << bytes; }

  TestModel model{{}, {}, [](tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
                    auto *base = static_cast<const char *>(tfc_weights_base(context));
                    return base && base[0] == 'w' ? TFC_STATUS_OK : TFC_STATUS_INTERNAL;
                  }};
  std::string content = "weights of thirteen", path;
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
  EXPECT_EQ(text, "weights file '" + path + "': size is 20 bytes, expected 19");
}

TEST_F(Weights, RefusesOneFlippedBit) {
  for (size_t position = 0; position < content.size(); ++position) {
    std::string bytes = content;
    bytes[position] ^= 1;
    write(bytes);
    EXPECT_EQ(tfc_instance_open(&model.model, &options, &instance), TFC_STATUS_DATA_LOSS);
    EXPECT_NE(std::string(text).find("checksum is"), std::string::npos);
  }
}
