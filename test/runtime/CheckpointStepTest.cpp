// Checkpoints that steps write and read: whole tensors, parts, strings, and TensorFlow's bundles.
#include "StateHarness.h"
#include "TextHarness.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tfc::test;
using Floats = std::vector<float>;

namespace {

// A bundle of two shards: "i" 7, "m" the numbers from 0 as 4 by 3 in two parts of two rows, "n" {true, false},
// "p" 0 by 2 of f64, "s" strings {{a, b\0c}, {"", 70 times ü}}, "s_e" an empty string, "z" {1.5, 2.5} of f64.
const std::string bundleIndex = 
    "\000\000\006\010\002\032\002\010\001\000\012\025\000m\000\001\001\002\200\202\200\177\010\001\022\010\022\002\010\002\022\002\010\003 \004"
    "(\0305\300\333=\027\006\004\025\202\202\200\177\010\001\022\010\022\002\010\002\022\002\010\003\030\001(\0305\324\204N\002\000"
    "\001\013i\010\003\022\000(\0045\247\215\235\210\000\001\036m\010\001\022\010\022\002\010\004\022\002\010\003:\006\012\002\020\002"
    "\012\000:\010\012\004\010\002\020\002\012\000\000\001\021n\010\012\022\004\022\002\010\002 \034(\0025_\260\316\201\000\001\021"
    "p\010\002\022\006\022\000\022\002\010\002 \0365\330\352\202\242\000\001\026s\010\007\022\010\022\002\010\002\022\002\010\002 \036"
    "(\231\0015\322u;m\001\002\016_e\010\007\022\000 \267\001(\0055\275g\007\276\000\001\023z\010\002\022\004\022"
    "\002\010\002\030\001 \030(\0205\304i\231P\000\000\000\000\001\000\000\000\000\335\271\224e\000\000\000\000\001\000\000\000\000"
    "\300\362\241\260\000\001\003{\000\356\001\000\000\000\000\001\000\000\000\000\034\011I\310\363\001\010\200\002\017\000\000\000\000\000\000"
    "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000W\373\200\213$uG\333"s;
const std::string bundleShards[] = {
    "\007\000\000\000\000\000\000\000\000\000\200\077\000\000\000@\000\000@@\000\000\200@\000\000\240@\001\000\001\003\000\214\001("
    "c_\203ab\000c\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303"
    "\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303"
    "\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303"
    "\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303\274\303"
    "\274\303\274\000\246{\021:"s,
    "\000\000\300@\000\000\340@\000\000\000A\000\000\020A\000\000 A\000\0000A\000\000\000\000\000\000\370\077\000\000\000\000"
    "\000\000\004@"s};

class StepCheckpoint : public testing::Test {
protected:
  void SetUp() override {
    folder = testing::TempDir() + "tfc_step_checkpoint_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
    path = folder + "/state";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  tfc_status_t save(const std::string &to, const Texts &names, const Texts &parts, std::vector<tfc_tensor_t> tensors,
                    std::vector<int64_t> areStrings = {}) {
    areStrings.resize(tensors.size());
    tensors.insert(tensors.begin(), {strings(to), strings(names), strings(parts)});
    return caller.call(tfc_operation_save_tensors, areStrings, tensors);
  }
  tfc_status_t restore(const std::string &from, const Texts &names, const Texts &parts, std::vector<tfc_tensor_t> outputs,
                       std::vector<int64_t> areStrings = {}, std::vector<int64_t> areFlat = {}) {
    areStrings.resize(outputs.size());
    areFlat.resize(outputs.size());
    areStrings.insert(areStrings.end(), areFlat.begin(), areFlat.end());
    return caller.call(tfc_operation_restore_tensors, areStrings, {strings(from), strings(names), strings(parts)},
                       std::move(outputs));
  }
  tfc_status_t merge(const Texts &from, const std::string &to, bool deletesFolders = true, bool allowsMissing = false) {
    return caller.call(tfc_operation_merge_checkpoints, {deletesFolders, allowsMissing}, {strings(from), strings(to)});
  }
  // Restoring fails so.
  void refuse(tfc_status_t status, const std::string &why, const Texts &names, const Texts &parts, tfc_tensor_t output) {
    EXPECT_EQ(restore(path, names, parts, {output}), status);
    EXPECT_EQ(caller.message(), why);
  }
  // A scalar or vector of strings that is restored.
  Texts restoreTexts(const std::string &from, const std::string &name, std::initializer_list<int64_t> shape) {
    TextOutcome outcome = runText(tfc_operation_restore_tensors, {strings(from), strings(Texts{name}), strings(Texts{""})},
                                  {unbound(TFC_DTYPE_I64, shape)}, {1, 0});
    EXPECT_EQ(outcome.status, TFC_STATUS_OK) << outcome.message;
    return outcome.texts.at(0);
  }
  static std::string contents(const std::string &of) {
    std::ifstream file(of, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write(const std::string &to, const std::string &bytes) { std::ofstream(to, std::ios::binary) << bytes; }
  void writeBundle(const std::string &index = bundleIndex) {
    write(path + ".index", index);
    write(path + ".data-00000-of-00002", bundleShards[0]);
    write(path + ".data-00001-of-00002", bundleShards[1]);
  }
  Floats rows(int64_t first, int64_t count) const {
    return {matrix.begin() + first * 3, matrix.begin() + (first + count) * 3};
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

  StateModel model;
  OpenInstance instance{model};
  Caller caller{instance};
  Handles strings;
  std::string folder, path;
  Floats matrix{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
};

TEST_F(StepCheckpoint, BringsBackWhatWasSaved) {
  std::vector<int64_t> number{7};
  Floats none;
  const std::string deep = folder + "/a/b/state";
  ASSERT_EQ(save(deep, {"m", "i", "e", "s", "t"}, {"", "", "", "", ""},
                 {tensor(matrix, {4, 3}), tensor(number, {}), tensor(none, {0, 2}),
                  strings(Texts{"a", "", "b\0c"s}), strings("ü")},
                 {0, 0, 0, 1, 1}),
            TFC_STATUS_OK)
      << caller.message();
  ASSERT_EQ(restore(deep, {"i", "e", "m"}, {"", "", ""},
                    {unbound(TFC_DTYPE_I64), unbound(TFC_DTYPE_F32, {-1, 2}), unbound(TFC_DTYPE_F32, {4, -1})}),
            TFC_STATUS_OK)
      << caller.message();
  EXPECT_EQ(caller.results[0].values<int64_t>(), number);
  EXPECT_EQ(caller.results[1].shape(), (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(caller.results[2].values<float>(), matrix);
  EXPECT_EQ(restoreTexts(deep, "s", {-1}), (Texts{"a", "", "b\0c"s}));
  EXPECT_EQ(restoreTexts(deep, "t", {}), Texts{"ü"});
  // Flat: the elements of any shape.
  ASSERT_EQ(restore(deep, {"m"}, {""}, {unbound(TFC_DTYPE_F32, {-1})}, {0}, {1}), TFC_STATUS_OK) << caller.message();
  EXPECT_EQ(caller.results[0].shape(), std::vector<int64_t>{12});
  EXPECT_EQ(files(), (std::vector<std::string>{"a", "b", "state"}));
}

TEST_F(StepCheckpoint, WritesWhatInstancesRead) {
  StateModel other;
  other.variable("w", TFC_DTYPE_F32, {4, 3});
  OpenInstance reader(other);
  ASSERT_EQ(save(path, {"w"}, {""}, {tensor(matrix, {4, 3})}), TFC_STATUS_OK) << caller.message();
  EXPECT_EQ(tfc_instance_restore(reader, path.c_str(), nullptr), TFC_STATUS_OK);
  ASSERT_EQ(tfc_instance_save(reader, path.c_str(), nullptr), TFC_STATUS_OK);
  EXPECT_EQ(restore(path, {"w"}, {""}, {unbound(TFC_DTYPE_F32, {4, 3})}), TFC_STATUS_OK) << caller.message();
}

TEST_F(StepCheckpoint, PartsOfATensor) {
  Floats top = rows(0, 2), middle = rows(2, 1), bottom = rows(3, 1), column{1, 4, 7, 10};
  // All parts make one tensor, in any order.
  ASSERT_EQ(save(path, {"m", "m", "m"}, {"4 3 3,1:-", "4 3 0,2:0,3", "4 3 2,1:-"},
                 {tensor(bottom, {1, 3}), tensor(top, {2, 3}), tensor(middle, {1, 3})}),
            TFC_STATUS_OK)
      << caller.message();
  EXPECT_NE(contents(path).find(R"("m":{"dtype":"F32","shape":[4,3])"), std::string::npos);
  ASSERT_EQ(restore(path, {"m", "m", "m"}, {"", "4 3 1,2:-", "4 3 -:1,1"},
                    {unbound(TFC_DTYPE_F32, {4, 3}), unbound(TFC_DTYPE_F32, {2, 3}), unbound(TFC_DTYPE_F32, {4, 1})}),
            TFC_STATUS_OK)
      << caller.message();
  EXPECT_EQ(caller.results[0].values<float>(), matrix);
  EXPECT_EQ(caller.results[1].values<float>(), rows(1, 2));
  EXPECT_EQ(caller.results[2].values<float>(), column);
  // Some of them are what the file has.
  ASSERT_EQ(save(path, {"m", "m"}, {"4 3 3,1:-", "4 3 0,2:-"}, {tensor(bottom, {1, 3}), tensor(top, {2, 3})}),
            TFC_STATUS_OK);
  ASSERT_EQ(restore(path, {"m"}, {"4 3 0,2:0,2"}, {unbound(TFC_DTYPE_F32, {2, 2})}), TFC_STATUS_OK) << caller.message();
  EXPECT_EQ(caller.results[0].values<float>(), (Floats{0, 1, 3, 4}));
  refuse(TFC_STATUS_DATA_LOSS, "checkpoint '" + path + "': tensor 'm' lacks 3 elements", {"m"}, {""},
         unbound(TFC_DTYPE_F32, {4, 3}));

  auto bad = [&](const Texts &names, const Texts &parts, const std::string &why) {
    std::vector<tfc_tensor_t> tensors(names.size(), tensor(top, {2, 3}));
    EXPECT_EQ(save(path, names, parts, tensors), TFC_STATUS_INVALID_ARGUMENT);
    EXPECT_EQ(caller.message(), why);
  };
  const std::string prefix = "checkpoint '" + path + "': tensor 'm' ";
  bad({"m", "m"}, {"", ""}, prefix + "comes twice, or in parts that overlap");
  bad({"m", "m"}, {"4 3 0,2:-", "4 3 1,2:-"}, prefix + "comes twice, or in parts that overlap");
  bad({"m", "m"}, {"4 3 0,2:-", "5 3 2,2:-"}, prefix + "has parts of different shapes or element types");
  bad({"m"}, {"4 3 0,1:-"}, "save_tensors: tensor 'm' is not the part '4 3 0,1:-'");
  bad({"m"}, {"4 3 3,2:-"}, "save_tensors: tensor 'm' is not the part '4 3 3,2:-'");
  bad({"m"}, {"4 3"}, "save_tensors: tensor 'm' is not the part '4 3'");
  bad({"m"}, {"", ""}, "save_tensors: 1 names and 2 parts for 1 tensors");
}

TEST_F(StepCheckpoint, MergesShards) {
  Floats top = rows(0, 2), bottom = rows(2, 2);
  const std::string shards = folder + "/state_temp/part-";
  ASSERT_EQ(save(shards + "0", {"m", "s"}, {"4 3 0,2:-", ""}, {tensor(top, {2, 3}), strings("text")}, {0, 1}), TFC_STATUS_OK);
  ASSERT_EQ(save(shards + "1", {"m", "b"}, {"4 3 2,2:-", ""}, {tensor(bottom, {2, 3}), tensor(top, {6})}), TFC_STATUS_OK);
  EXPECT_EQ(merge({shards + "0", shards + "2"}, path), TFC_STATUS_NOT_FOUND);
  ASSERT_EQ(merge({shards + "0", shards + "1", shards + "2"}, path, true, true), TFC_STATUS_OK) << caller.message();
  EXPECT_EQ(files(), std::vector<std::string>{"state"});
  ASSERT_EQ(restore(path, {"m", "b"}, {"", ""}, {unbound(TFC_DTYPE_F32, {4, 3}), unbound(TFC_DTYPE_F32, {6})}),
            TFC_STATUS_OK)
      << caller.message();
  EXPECT_EQ(caller.results[0].values<float>(), matrix);
  EXPECT_EQ(restoreTexts(path, "s", {}), Texts{"text"});
  EXPECT_EQ(merge({path}, path), TFC_STATUS_OK);
  EXPECT_EQ(files(), std::vector<std::string>{"state"});
  EXPECT_EQ(merge({shards + "0"}, path, true, true), TFC_STATUS_NOT_FOUND);
}

TEST_F(StepCheckpoint, SaysWhatIsWrong) {
  ASSERT_EQ(save(path, {"m"}, {""}, {tensor(matrix, {4, 3})}), TFC_STATUS_OK);
  const std::string prefix = "checkpoint '" + path + "': tensor 'm' ";
  refuse(TFC_STATUS_INVALID_ARGUMENT, prefix + "has shape [4 3], expected [3 4]", {"m"}, {""}, unbound(TFC_DTYPE_F32, {3, 4}));
  refuse(TFC_STATUS_INVALID_ARGUMENT, prefix + "has shape [4 3], expected [-1]", {"m"}, {""}, unbound(TFC_DTYPE_F32, {-1}));
  refuse(TFC_STATUS_INVALID_ARGUMENT, prefix + "is of f32, expected i32", {"m"}, {""}, unbound(TFC_DTYPE_I32, {4, 3}));
  refuse(TFC_STATUS_INVALID_ARGUMENT, prefix + "has another shape than the part that is asked for says", {"m"},
         {"5 3 0,2:-"}, unbound(TFC_DTYPE_F32, {2, 3}));
  refuse(TFC_STATUS_INVALID_ARGUMENT, prefix + "is asked for by a part that is none", {"m"}, {"4 3"},
         unbound(TFC_DTYPE_F32, {2, 3}));
  refuse(TFC_STATUS_NOT_FOUND, "checkpoint '" + path + "': tensor 'w' is not in it", {"w"}, {""}, unbound(TFC_DTYPE_F32));
  const std::string whole = contents(path);
  for (size_t length = 0; length < whole.size(); ++length) {
    write(path, whole.substr(0, length));
    EXPECT_EQ(restore(path, {"m"}, {""}, {unbound(TFC_DTYPE_F32, {4, 3})}), TFC_STATUS_DATA_LOSS) << length;
  }
  std::filesystem::remove(path);
  refuse(TFC_STATUS_NOT_FOUND, "checkpoint '" + path + "': is neither a file nor the prefix of a bundle", {"m"}, {""},
         unbound(TFC_DTYPE_F32));
  EXPECT_EQ(save("", {"m"}, {""}, {tensor(matrix, {4, 3})}), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(caller.message(), "save_tensors: the path is empty");
  EXPECT_EQ(save("a\0b"s, {"m"}, {""}, {tensor(matrix, {4, 3})}), TFC_STATUS_INVALID_ARGUMENT);
}

// A child that is killed as soon as its file would have more than `limit` bytes.
TEST_F(StepCheckpoint, SurvivesBeingKilledAtAnyByte) {
  ASSERT_EQ(save(path, {"m", "t"}, {"", ""}, {tensor(matrix, {4, 3}), strings("x")}, {0, 1}), TFC_STATUS_OK);
  const std::string previous = contents(path);
  Floats next(matrix.rbegin(), matrix.rend());
  for (rlim_t limit = 0; limit < previous.size(); limit += limit % 8 == 0 ? 1 : 7) {
    pid_t child = fork();
    if (child == 0) {
      signal(SIGXFSZ, SIG_DFL);
      rlimit none = {0, 0}, size = {limit, limit};
      setrlimit(RLIMIT_CORE, &none);
      setrlimit(RLIMIT_FSIZE, &size);
      _exit(save(path, {"m", "t"}, {"", ""}, {tensor(next, {4, 3}), strings("y")}, {0, 1}));
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
    ASSERT_EQ(contents(path), previous);
  }
  ASSERT_EQ(save(path, {"m", "t"}, {"", ""}, {tensor(next, {4, 3}), strings("y")}, {0, 1}), TFC_STATUS_OK);
  EXPECT_NE(contents(path), previous);
}

TEST_F(StepCheckpoint, ReadsBundles) {
  writeBundle();
  ASSERT_EQ(restore(path, {"i", "m", "m", "p", "z"}, {"", "", "4 3 1,2:1,2", "", ""},
                    {unbound(TFC_DTYPE_I32), unbound(TFC_DTYPE_F32, {4, 3}), unbound(TFC_DTYPE_F32, {2, 2}),
                     unbound(TFC_DTYPE_F64, {-1, -1}), unbound(TFC_DTYPE_F64, {2})}),
            TFC_STATUS_OK)
      << caller.message();
  EXPECT_EQ(caller.results[0].values<int32_t>(), std::vector<int32_t>{7});
  EXPECT_EQ(caller.results[1].values<float>(), matrix);
  EXPECT_EQ(caller.results[2].values<float>(), (Floats{4, 5, 7, 8}));
  EXPECT_EQ(caller.results[3].shape(), (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(caller.results[4].values<double>(), (std::vector<double>{1.5, 2.5}));
  std::string umlauts;
  for (int i = 0; i < 70; ++i)
    umlauts += "ü";
  EXPECT_EQ(restoreTexts(path, "s", {2, 2}), (Texts{"a", "b\0c"s, "", umlauts}));
  EXPECT_EQ(restoreTexts(path, "s_e", {}), Texts{""});
  refuse(TFC_STATUS_NOT_FOUND, "checkpoint '" + path + "': tensor 'q' is not in it", {"q"}, {""}, unbound(TFC_DTYPE_F32));
}

TEST_F(StepCheckpoint, SurvivesAnyByteOfABundle) {
  const std::vector<tfc_tensor_t> outputs{unbound(TFC_DTYPE_F32, {4, 3}), unbound(TFC_DTYPE_F64, {2})};
  for (size_t i = 0; i < bundleIndex.size(); ++i) {
    writeBundle(bundleIndex.substr(0, i));
    EXPECT_EQ(restore(path, {"m", "z"}, {"", ""}, outputs), TFC_STATUS_DATA_LOSS) << i;
    std::string changed = bundleIndex;
    changed[i] = static_cast<char>(changed[i] ^ 0x41);
    writeBundle(changed);
    if (restore(path, {"m", "z"}, {"", ""}, outputs) == TFC_STATUS_OK)
      EXPECT_EQ(caller.results[0].values<float>(), matrix) << i; // of bytes that nobody needs
  }
  writeBundle();
  std::string shard = bundleShards[1];
  write(path + ".data-00001-of-00002", shard.substr(0, shard.size() - 1));
  refuse(TFC_STATUS_DATA_LOSS, "checkpoint '" + path + "': tensor 'z' is truncated", {"z"}, {""}, outputs[1]);
  shard.back() ^= 1;
  write(path + ".data-00001-of-00002", shard);
  refuse(TFC_STATUS_DATA_LOSS, "checkpoint '" + path + "': tensor 'z' is damaged", {"z"}, {""}, outputs[1]);
}

} // namespace
