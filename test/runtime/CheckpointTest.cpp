// Checkpoints: there and back, killed while writing, and files that nobody vouches for.
#include "StateHarness.h"

#include <atomic>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace tfc::test;
using Floats = std::vector<float>;

namespace {

const float initial[] = {1, 2};

struct Weights : StateModel {
  Weights() {
    variable("w", TFC_DTYPE_F32, {2, TFC_DIM_DYNAMIC});
    variable("b", TFC_DTYPE_F32, {2}, initial);
    variable("on", TFC_DTYPE_BOOL, {1});
    variable("a \"name\"\n\\ \xc3\xa4", TFC_DTYPE_I64, {});
  }
};

class Checkpoint : public testing::Test {
protected:
  void SetUp() override {
    folder = testing::TempDir() + "tfc_checkpoint_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
    path = folder + "/state.safetensors";
    options.message = text;
    options.message_capacity = sizeof(text);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  static void set(tfc_instance_t *instance, const char *name, tfc_tensor_t value) {
    EXPECT_EQ(tfc_variable_set(instance, name, &value), TFC_STATUS_OK);
  }
  // What a variable holds, as one string; "nothing" if so.
  static std::string get(tfc_instance_t *instance, const char *name) {
    tfc_tensor_t value = {};
    if (tfc_variable_get(instance, name, &value) == TFC_STATUS_FAILED_PRECONDITION)
      return "nothing";
    std::string bytes(value.size + 1, '\0');
    value.data = bytes.data();
    EXPECT_EQ(tfc_variable_get(instance, name, &value), TFC_STATUS_OK);
    bytes.resize(value.size);
    for (int64_t extent : shapeOf(value))
      bytes += "," + std::to_string(extent);
    return bytes;
  }
  static std::vector<std::string> stateOf(const StateModel &model, tfc_instance_t *instance) {
    std::vector<std::string> state;
    for (int32_t i = 0; i < model.model.variable_count; ++i)
      state.push_back(get(instance, model.model.variables[i].name));
    return state;
  }
  static void fill(tfc_instance_t *instance, float w) {
    Floats values{w, w, w, w};
    set(instance, "w", tensor(values, {2, 2}));
    std::vector<uint8_t> on{1};
    tfc_tensor_t value = tensor(on, {1});
    value.dtype = TFC_DTYPE_BOOL;
    set(instance, "on", value);
  }
  tfc_status_t save(tfc_instance_t *instance) { return tfc_instance_save(instance, path.c_str(), &options); }
  tfc_status_t restore(tfc_instance_t *instance) { return tfc_instance_restore(instance, path.c_str(), &options); }

  std::string contents() const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string &bytes) const { std::ofstream(path, std::ios::binary) << bytes; }
  // A file of this header and so many bytes of data.
  void write(const std::string &header, size_t size) const {
    std::string bytes(8, '\0');
    for (size_t i = 0; i < 8; ++i)
      bytes[i] = static_cast<char>(header.size() >> (8 * i));
    write(bytes + header + std::string(size, '\1'));
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
      names.push_back(entry.path().filename());
    return names;
  }
  // Restoring fails so, and leaves the state as it was.
  void refuse(tfc_status_t status, const std::string &why) {
    OpenInstance instance(model);
    fill(instance, 3);
    auto before = stateOf(model, instance);
    EXPECT_EQ(restore(instance), status) << text;
    EXPECT_EQ(std::string(text), "checkpoint '" + path + "': " + why);
    EXPECT_EQ(stateOf(model, instance), before);
  }

  Weights model;
  std::string folder, path;
  char text[512] = "";
  tfc_checkpoint_options_t options = {};
};

TEST_F(Checkpoint, BringsBackWhatWasSaved) {
  OpenInstance one(model), two(model);
  fill(one, 5);
  ASSERT_EQ(save(one), TFC_STATUS_OK) << text;
  EXPECT_EQ(files(), std::vector<std::string>{"state.safetensors"});
  // The name of the last one says that it held nothing, whatever it holds now.
  std::vector<int64_t> number{4};
  set(two, "a \"name\"\n\\ \xc3\xa4", tensor(number, {}));
  ASSERT_EQ(restore(two), TFC_STATUS_OK) << text;
  EXPECT_EQ(stateOf(model, two), stateOf(model, one));
  EXPECT_EQ(get(two, "a \"name\"\n\\ \xc3\xa4"), "nothing");
  // And with a value in each, one of them empty.
  set(one, "a \"name\"\n\\ \xc3\xa4", tensor(number, {}));
  Floats none;
  set(one, "w", tensor(none, {2, 0}));
  ASSERT_EQ(save(one), TFC_STATUS_OK) << text;
  ASSERT_EQ(restore(two), TFC_STATUS_OK) << text;
  EXPECT_EQ(stateOf(model, two), stateOf(model, one));
  // The restored values are the instance's own, to be assigned like others.
  fill(two, 7);
  EXPECT_NE(stateOf(model, two), stateOf(model, one));
}

TEST_F(Checkpoint, IsOfTheFormatSafetensors) {
  StateModel small;
  small.variable("x", TFC_DTYPE_I8, {3}, "\1\2\3");
  small.variable("y", TFC_DTYPE_F32, {1, 2}, initial);
  small.variable("z", TFC_DTYPE_BF16, {});
  OpenInstance instance(small);
  ASSERT_EQ(save(instance), TFC_STATUS_OK) << text;
  std::string bytes = contents(), header = bytes.substr(8);
  EXPECT_EQ(header.substr(0, header.find("}}") + 2), R"({"__metadata__":{"format":"tfc","version":"1","unset:z":""},)"
                                                     R"("y":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                                                     R"("x":{"dtype":"I8","shape":[3],"data_offsets":[8,11]}})");
  EXPECT_EQ(bytes.substr(bytes.size() - 3), "\1\2\3");
  EXPECT_EQ((bytes.size() - 11) % 8, 0u);
}

TEST_F(Checkpoint, SavesWhatItCanAndSaysWhy) {
  OpenInstance instance(model);
  EXPECT_EQ(tfc_instance_save(nullptr, path.c_str(), &options), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_STREQ(text, "instance is null");
  EXPECT_EQ(tfc_instance_save(instance, nullptr, nullptr), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(tfc_instance_restore(nullptr, path.c_str(), nullptr), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(tfc_instance_restore(instance, nullptr, &options), TFC_STATUS_INVALID_ARGUMENT);
  std::string away = folder + "/away/x";
  EXPECT_EQ(tfc_instance_save(instance, away.c_str(), &options), TFC_STATUS_NOT_FOUND);
  EXPECT_EQ(std::string(text), "checkpoint '" + away + "': cannot be created: No such file or directory");
  refuse(TFC_STATUS_NOT_FOUND, "cannot be opened: No such file or directory");
  std::filesystem::create_directory(path);
  EXPECT_EQ(save(instance), TFC_STATUS_FAILED_PRECONDITION);
  refuse(TFC_STATUS_NOT_FOUND, "is no regular file");
  EXPECT_EQ(files().size(), 1u) << "a failed save has left a file";

  StateModel strange;
  strange.variable("packed", TFC_DTYPE_I4, {1});
  OpenInstance other(strange);
  EXPECT_EQ(save(other), TFC_STATUS_UNIMPLEMENTED);
  EXPECT_STREQ(text, "variable 'packed' is of i4, for which checkpoints have no type");
}

// A child that is killed as soon as its file would have more than `limit` bytes.
TEST_F(Checkpoint, SurvivesBeingKilledAtAnyByte) {
  OpenInstance instance(model);
  fill(instance, 1);
  ASSERT_EQ(save(instance), TFC_STATUS_OK);
  const std::string previous = contents();
  fill(instance, 2);
  for (rlim_t limit = 0; limit < previous.size(); limit += limit % 8 == 0 ? 1 : 7) {
    for (bool isKilled : {true, false}) {
      pid_t child = fork();
      if (child == 0) {
        signal(SIGXFSZ, isKilled ? SIG_DFL : SIG_IGN);
        rlimit none = {0, 0}, size = {limit, limit};
        setrlimit(RLIMIT_CORE, &none);
        setrlimit(RLIMIT_FSIZE, &size);
        _exit(tfc_instance_save(instance, path.c_str(), nullptr));
      }
      int status = 0;
      ASSERT_EQ(waitpid(child, &status, 0), child);
      if (isKilled)
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
      else
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == TFC_STATUS_RESOURCE_EXHAUSTED);
      ASSERT_EQ(contents(), previous);
    }
  }
  // What killed ones left does not keep the next one from saving.
  ASSERT_EQ(save(instance), TFC_STATUS_OK) << text;
  EXPECT_NE(contents(), previous);
}

TEST_F(Checkpoint, RefusesATruncatedFile) {
  OpenInstance instance(model);
  fill(instance, 1);
  ASSERT_EQ(save(instance), TFC_STATUS_OK);
  const std::string whole = contents();
  OpenInstance other(model);
  fill(other, 3);
  auto before = stateOf(model, other);
  for (size_t length = 0; length < whole.size(); ++length) {
    write(whole.substr(0, length));
    EXPECT_EQ(restore(other), TFC_STATUS_DATA_LOSS) << length;
  }
  write(whole + "x");
  EXPECT_EQ(restore(other), TFC_STATUS_DATA_LOSS);
  EXPECT_EQ(stateOf(model, other), before);
}

TEST_F(Checkpoint, SurvivesAnyByteOfItsHeader) {
  OpenInstance instance(model);
  fill(instance, 1);
  ASSERT_EQ(save(instance), TFC_STATUS_OK);
  const std::string whole = contents();
  fill(instance, 3);
  auto before = stateOf(model, instance);
  int memory = memfd_create("checkpoint", 0); // a disk would take minutes
  path = "/proc/self/fd/" + std::to_string(memory);
  size_t headerEnd = whole.rfind('}') + 1;
  int64_t refused = 0;
  for (size_t i = 0; i < headerEnd; ++i)
    for (char c : std::string("\0\"\\{}[],:0-9e. u\xff", 18)) {
      std::string bytes = whole;
      bytes[i] = c;
      write(bytes);
      if (restore(instance) == TFC_STATUS_OK)
        fill(instance, 3); // such as another name in the metadata
      else {
        ++refused;
        ASSERT_EQ(stateOf(model, instance)[0], before[0]) << i << " " << c << " " << text;
      }
    }
  EXPECT_GT(refused, 1000);
  // Pieces of headers, put together at random.
  const char *pieces[] = {"{",
                          "}",
                          "[",
                          "]",
                          ",",
                          ":",
                          "\"w\"",
                          "\"dtype\"",
                          "\"F32\"",
                          "\"shape\"",
                          "[2,2]",
                          "\"data_offsets\"",
                          "[0,16]",
                          "\"__metadata__\"",
                          "99999999999999999999",
                          "-1",
                          "0",
                          "\"\\u",
                          "d800",
                          "\\",
                          " "};
  Sequence random;
  for (int round = 0; round < 20000; ++round) {
    std::string header = "{";
    for (int64_t k = random.next(24); k-- > 0;)
      header += pieces[random.next(std::size(pieces))];
    write(header, 16);
    restore(instance);
  }
  close(memory);
}

TEST_F(Checkpoint, SaysWhatIsWrongWithAFile) {
  constexpr auto damaged = TFC_STATUS_DATA_LOSS, other = TFC_STATUS_FAILED_PRECONDITION;
  auto entry = [](const char *name, const char *dtype, const char *shape, const char *offsets) {
    return "\"" + std::string(name) + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
           ",\"data_offsets\":" + offsets + "}";
  };
  auto check = [&](const std::string &header, size_t size, tfc_status_t status, const char *why) {
    write(header, size);
    refuse(status, why);
  };
  const std::string w = entry("w", "F32", "[2,1]", "[0,8]"), b = entry("b", "F32", "[2]", "[8,16]");
  write(std::string("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10));
  refuse(damaged, "has a header of 18446744073709551615 bytes, expected at most 2");
  check("", 0, damaged, "header is damaged at byte 0: expected '{'");
  check(" {}", 0, damaged, "header is damaged at byte 0: expected '{'");
  check("{}", 0, other, "lacks variable 'w'");
  check("{},", 0, damaged, "header is damaged at byte 2: unexpected text at the end");
  check("{" + w + ",}", 8, damaged, "header is damaged at byte 56: expected a string");
  check("{" + w + "," + b + "}", 16, other, "lacks variable 'on'");
  check("{" + w + "," + w + "}", 8, damaged, "has variable 'w' twice");
  check("{\"w\":[[[[]]]]}", 8, damaged, "header is damaged at byte 5: expected '{'");
  check("{\"w\":{\"dtype\":\"F32\",\"shape\":[]}}", 0, damaged,
        "header is damaged at byte 31: entry without dtype, shape or data_offsets");
  check("{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 0, damaged, "header is damaged at byte 28: field given twice");
  check("{\"w\":{\"kind\":1}}", 0, damaged, "header is damaged at byte 13: unknown field of an entry");
  check("{" + entry("w", "F32", "[2,-1]", "[0,8]") + "}", 8, damaged,
        "header is damaged at byte 31: expected a number of 0 or more");
  check("{" + entry("w", "F32", "[2,1e3]", "[0,8]") + "}", 8, damaged,
        "header is damaged at byte 32: expected a whole number");
  check("{" + entry("w", "F32", "[2,01]", "[0,8]") + "}", 8, damaged,
        "header is damaged at byte 33: number with leading zeros");
  check("{" + entry("w", "F32", "[2,9223372036854775808]", "[0,8]") + "}", 8, damaged,
        "header is damaged at byte 49: number is too large");
  check("{" + entry("w", "F32", "[4294967296,4294967296]", "[0,0]") + "}", 0, damaged,
        "variable 'w' has bytes 0 to 0, which are not what its shape needs");
  check("{" + entry("w", "F32", "[2,1]", "[8,0]") + "}", 8, damaged,
        "variable 'w' has bytes 8 to 0, which are not what its shape needs");
  check("{" + entry("w", "F32", "[2,2]", "[0,16]") + "}", 15, damaged,
        "is truncated: variable 'w' ends at byte 16 of 15");
  check("{" + w + "," + entry("b", "F32", "[2]", "[4,12]") + "}", 12, damaged, "has variables that overlap at byte 8");
  check("{" + w + "," + entry("b", "F32", "[2]", "[12,20]") + "}", 20, damaged,
        "has variables that leave a gap at byte 8");
  check("{" + w + "," + b + "}", 17, damaged, "has 17 bytes of data, expected 16");
  check("{" + entry("w", "F7", "[2,1]", "[0,8]") + "}", 8, TFC_STATUS_UNIMPLEMENTED,
        "variable 'w' has dtype 'F7', which is not known");
  check("{" + entry("w", "I32", "[2,1]", "[0,8]") + "}", 8, other, "variable 'w' is of i32, expected f32");
  check("{" + entry("w", "F32", "[2]", "[0,8]") + "}", 8, other, "variable 'w' has another rank, expected 2");
  check("{" + entry("w", "F32", "[1,1,1,1,1,1,1,2,1]", "[0,8]") + "}", 8, other,
        "variable 'w' has another rank, expected 2");
  check("{" + entry("w", "F32", "[1,2]", "[0,8]") + "}", 8, other, "dimension 0 of variable 'w' is 1, expected 2");
  check("{" + entry("u\\u0000", "F32", "[2]", "[0,8]") + "}", 8, other,
        (std::string("has variable 'u") + "', which model 'test' has not").c_str());
  check("{\"x\\ud800\":1}", 8, damaged, "header is damaged at byte 9: half a surrogate pair in a string");
  check("{\"x\\q\":1}", 8, damaged, "header is damaged at byte 5: unknown escape in a string");
  check("{\"x", 8, damaged, "header is damaged at byte 3: string without an end");
  check("{\"__metadata__\":{\"a\":1}}", 0, damaged, "header is damaged at byte 21: expected a string");
  check("{\"__metadata__\":{},\"__metadata__\":{}}", 0, damaged, "header is damaged at byte 34: metadata given twice");
  check("{\"__metadata__\":{\"format\":\"tfc\",\"version\":\"2\"}}", 0, TFC_STATUS_UNIMPLEMENTED,
        "has version '2', expected '1'");
  check("{\"__metadata__\":{\"unset:w\":\"\"}," + w + "}", 8, damaged, "has variable 'w' with and without a value");
  check("{\"__metadata__\":{\"unset:x\":\"\"}}", 0, other, "has variable 'x', which model 'test' has not");
}

TEST_F(Checkpoint, ReadsFilesOfOthers) {
  write(
      R"({ "\u0077" : {"shape":[2 , 1], "data_offsets":[9,17],"dtype":"F32"},)"
      R"("b":{"dtype":"F32","shape":[2],"data_offsets":[1,9]} , "on":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]},)"
      R"("a \"name\"\n\\ \u00e4":{"dtype":"I64","shape":[],"data_offsets":[17,25]},"__metadata__":{"format":"pt"}}   )",
      25);
  OpenInstance instance(model);
  ASSERT_EQ(restore(instance), TFC_STATUS_OK) << text;
  EXPECT_EQ(get(instance, "w"), std::string(8, '\1') + ",2,1");
  EXPECT_EQ(get(instance, "a \"name\"\n\\ \xc3\xa4"), std::string(8, '\1'));
}

TEST_F(Checkpoint, RefusesBoolsThatAreNone) {
  OpenInstance instance(model);
  fill(instance, 1);
  ASSERT_EQ(save(instance), TFC_STATUS_OK);
  std::string bytes = contents();
  bytes.back() = 2;
  write(bytes);
  refuse(TFC_STATUS_DATA_LOSS, "element 0 of variable 'on' is no bool");
}

TEST_F(Checkpoint, IsOfOneMoment) {
  StateModel pair;
  pair.variable("first", TFC_DTYPE_I64, {});
  pair.variable("second", TFC_DTYPE_I64, {});
  OpenInstance instance(pair), copy(pair);
  std::vector<int64_t> zero{0};
  set(instance, "first", tensor(zero, {}));
  set(instance, "second", tensor(zero, {}));
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      Caller caller(instance);
      while (!stop)
        ASSERT_EQ(caller.run([&](tfc_context_t *context) {
          int64_t numbers[] = {0, 1}, value = 0;
          tfc_tensor_t scalar = unbound(TFC_DTYPE_I64);
          scalar.data = &value;
          scalar.size = sizeof(value);
          for (int64_t &number : numbers)
            EXPECT_EQ(tfc_operation_variable_acquire(context, nullptr, 0, nullptr, 0, &number), TFC_STATUS_OK);
          EXPECT_EQ(tfc_operation_variable_read(context, nullptr, 0, &scalar, 1, &numbers[0]), TFC_STATUS_OK);
          ++value;
          for (int64_t &number : numbers)
            EXPECT_EQ(tfc_operation_variable_assign(context, &scalar, 1, nullptr, 0, &number), TFC_STATUS_OK);
          return TFC_STATUS_OK;
        }),
                  TFC_STATUS_OK);
    });
  threads.emplace_back([&] {
    while (!stop)
      EXPECT_EQ(tfc_instance_save(instance, path.c_str(), nullptr), TFC_STATUS_OK);
  });
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(save(instance), TFC_STATUS_OK) << text;
    ASSERT_EQ(restore(copy), TFC_STATUS_OK) << text;
    ASSERT_EQ(get(copy, "first"), get(copy, "second"));
    if (i % 8 == 0)
      ASSERT_EQ(restore(instance), TFC_STATUS_OK) << text;
  }
  stop = true;
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(get(instance, "first"), get(instance, "second"));
}

TEST_F(Checkpoint, MayHaveOtherVariablesWherePartial) {
  StateModel larger;
  larger.variable("new", TFC_DTYPE_F32, {2}, initial);
  larger.variable("b", TFC_DTYPE_F32, {2});
  OpenInstance instance(larger), old(model);
  fill(old, 1);
  ASSERT_EQ(save(old), TFC_STATUS_OK);
  EXPECT_EQ(restore(instance), TFC_STATUS_FAILED_PRECONDITION);
  options.partial = 1;
  ASSERT_EQ(restore(instance), TFC_STATUS_OK) << text;
  EXPECT_EQ(get(instance, "b"), get(old, "b"));
  EXPECT_NE(get(instance, "new"), "nothing");
}

} // namespace
