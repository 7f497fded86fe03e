// The whole tool on a model written by hand: what it prints, its exit status, and
// what it says of wrong input.
#include "Npz.h"
#include "Session.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

using namespace tfc::run;

namespace {
class ToolTest : public testing::Test {
protected:
  void SetUp() override { std::filesystem::create_directory(folder); }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string file(const std::string &name) const { return folder + "/" + name; }

  /// Runs the tool on the model; what it prints goes to `output` and `errors`.
  int run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), TFC_HAND_MODEL);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    int status = runTool(arguments);
    output = testing::internal::GetCapturedStdout();
    errors = testing::internal::GetCapturedStderr();
    return status;
  }

  static Array floats(std::vector<int64_t> shape, const std::vector<float> &values) {
    Array array{"f4", std::move(shape), std::vector<uint8_t>(values.size() * 4)};
    std::memcpy(array.data.data(), values.data(), array.data.size());
    return array;
  }

  std::string folder = testing::TempDir() + "tfc-run-tool-" + std::to_string(getpid()) +
                       testing::UnitTest::GetInstance()->current_test_info()->name();
  std::map<std::string, Array> inputs{{"x", floats({2, 2}, {1, 2, 3, 4})}, {"k", {"i1", {}, {0xfe}}}};
  std::string output, errors;
};
} // namespace

TEST_F(ToolTest, RunsAndWrites) {
  ASSERT_TRUE(writeNpz(file("in.npz"), inputs));
  ASSERT_EQ(run({"--inputs", file("in.npz"), "--outputs", file("out.npz")}), 0) << errors;
  Expected<NpzReader> reader = NpzReader::open(file("out.npz"));
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->read("y")->data, floats({2, 2}, {-2, -4, -6, -8}).data);
  EXPECT_EQ(reader->read("k:0")->element, "i1");
}

TEST_F(ToolTest, Compares) {
  ASSERT_TRUE(writeNpz(file("in.npz"), inputs));
  ASSERT_TRUE(writeNpz(file("ref.npz"), {{"y", floats({2, 2}, {-2, -4, -6, -8})}}));
  EXPECT_EQ(run({"--inputs", file("in.npz"), "--compare", file("ref.npz")}), 0) << errors;
  EXPECT_EQ(output, "y: largest error 0 absolute, 0 relative: agrees\nk:0: no reference\n");
  ASSERT_TRUE(writeNpz(file("ref.npz"), {{"y", floats({2, 2}, {-2, -4, -5, -8})}, {"k:0", {"i1", {}, {1}}}}));
  EXPECT_EQ(run({"--inputs", file("in.npz"), "--compare", file("ref.npz")}), 1);
  EXPECT_EQ(output, "y: largest error 1 absolute, 0.2 relative: DIFFERS\n"
                    "k:0: largest error 3 absolute, 3 relative: DIFFERS\n"
                    "first diverging output: 'y': 1 of 4 elements differ, first at [1, 0]: -6 instead of -5\n");
  EXPECT_EQ(run({"--inputs", file("in.npz"), "--compare", file("ref.npz"), "--atol=5"}), 0);
  ASSERT_TRUE(writeNpz(file("ref.npz"), {{"y", floats({1, 2}, {-2, -4})}}));
  EXPECT_EQ(run({"--inputs", file("in.npz"), "--compare", file("ref.npz")}), 1);
  EXPECT_NE(output.find("first diverging output: 'y': shape is [2, 2], expected [1, 2]"), std::string::npos);
}

TEST_F(ToolTest, RecordedRuns) {
  ASSERT_TRUE(writeNpz(file("in.npz"), {{"r1:x", inputs["x"]}, {"r0:x", inputs["x"]}, {"r1:k", {"i1", {1}, {1}}}}));
  EXPECT_EQ(run({"--inputs", file("in.npz"), "--run", "1", "--compare", file("in.npz")}), 2);
  EXPECT_EQ(errors, "error: " + file("in.npz") + ": holds no output of step 'main', such as 'r1:y'\n");
  EXPECT_EQ(run({"--inputs", file("in.npz"), "--run=1", "--outputs", file("out.npz")}), 0) << errors;
  EXPECT_TRUE(NpzReader::open(file("out.npz"))->contains("r1:y"));
  EXPECT_EQ(run({"--inputs", file("in.npz")}), 2);
  EXPECT_EQ(errors,
            "error: " + file("in.npz") + ": array 'x' does not exist; it holds recorded runs, choose one with --run\n");
}

TEST_F(ToolTest, Times) {
  ASSERT_TRUE(writeNpz(file("in.npz"), inputs));
  EXPECT_EQ(run({"--inputs", file("in.npz"), "--repeat", "5", "--threads", "2"}), 0) << errors;
  EXPECT_EQ(output.substr(0, 13), "time: median ");
  EXPECT_NE(output.find("5 runs, 2 threads"), std::string::npos);
}

TEST_F(ToolTest, Lists) {
  EXPECT_EQ(run({"--list"}), 0);
  EXPECT_EQ(output, "model hand\n"
                    "step main, arena 0 bytes\n"
                    "  input  x: f32[batch, 2]\n"
                    "  input  k: i4[]\n"
                    "  output y: f32[batch, 2]\n"
                    "  output k:0: i4[]\n"
                    "step broken, arena 0 bytes\n"
                    "step echo, arena 0 bytes\n"
                    "  input  s: list<f32[?]>\n"
                    "  input  o: optional<f32[?]>\n"
                    "  output t: list<f32[?]>\n"
                    "  output p: optional<f32[?]>\n");
}

TEST_F(ToolTest, ListsAndOptionals) {
  std::vector<std::string> echo{"--step=echo", "--inputs", file("in.npz"), "--outputs", file("out.npz")};
  ASSERT_TRUE(
      writeNpz(file("in.npz"), {{"s.0", floats({1}, {1})}, {"s.1", floats({2}, {2, 3})}, {"o", floats({1}, {4})}}));
  ASSERT_EQ(run(echo), 0) << errors;
  EXPECT_EQ(NpzReader::open(file("out.npz"))->names(), (std::vector<std::string>{"p", "t.0", "t.1"}));
  EXPECT_EQ(NpzReader::open(file("out.npz"))->read("t.1")->data, floats({2}, {2, 3}).data);

  // Elements along an axis; nothing.
  ASSERT_TRUE(writeNpz(file("in.npz"), {{"s", floats({3, 2}, {1, 2, 3, 4, 5, 6})}}));
  ASSERT_EQ(run(echo), 0) << errors;
  EXPECT_EQ(NpzReader::open(file("out.npz"))->read("t.2")->data, floats({2}, {5, 6}).data);
  EXPECT_FALSE(NpzReader::open(file("out.npz"))->contains("p"));
  ASSERT_TRUE(writeNpz(file("in.npz"), {{"s", floats({0}, {})}}));
  ASSERT_EQ(run(echo), 0) << errors;
  EXPECT_EQ(NpzReader::open(file("out.npz"))->names(), std::vector<std::string>{"t"});
  ASSERT_TRUE(writeNpz(file("in.npz"), {{"o", floats({1}, {4})}}));
  EXPECT_EQ(run(echo), 2);
  EXPECT_EQ(errors, "error: " + file("in.npz") + ": array 's.0' does not exist\n");
}

TEST_F(ToolTest, ComparesLists) {
  ASSERT_TRUE(writeNpz(file("in.npz"), {{"s.0", floats({1}, {1})}, {"s.1", floats({2}, {2, 3})}}));
  std::vector<std::string> echo{"--step=echo", "--inputs", file("in.npz"), "--compare", file("ref.npz"), "--repeat=2"};
  ASSERT_TRUE(writeNpz(file("ref.npz"), {{"t.0", floats({1}, {1})}, {"t.1", floats({2}, {2, 3})}}));
  EXPECT_EQ(run(echo), 0) << errors;
  ASSERT_TRUE(writeNpz(file("ref.npz"), {{"t.0", floats({1}, {1})}, {"t.1", floats({2}, {2, 4})}}));
  EXPECT_EQ(run(echo), 1);
  EXPECT_NE(output.find("first diverging output: 't.1': 1 of 2 elements differ, first at [1]: 3 instead of 4\n"),
            std::string::npos)
      << output;
  ASSERT_TRUE(writeNpz(file("ref.npz"), {{"t.0", floats({1}, {1})}}));
  EXPECT_EQ(run(echo), 1);
  EXPECT_NE(output.find("'t': has 2 elements, expected 1\n"), std::string::npos) << output;
}

TEST_F(ToolTest, StepFails) {
  EXPECT_EQ(run({"--step", "broken"}), 2);
  EXPECT_EQ(errors, "error: step 'broken': OUT_OF_RANGE: node 'gather_7': index is 9, expected less than 4\n");
}

TEST_F(ToolTest, WrongInput) {
  EXPECT_EQ(run({}), 2);
  EXPECT_EQ(errors, "error: step 'main' has inputs; give them with --inputs\n");
  EXPECT_EQ(run({"--step", "predict"}), 2);
  EXPECT_EQ(errors,
            std::string("error: ") + TFC_HAND_MODEL + ": no step 'predict'; the model has 'main', 'broken', 'echo'\n");
  inputs["x"] = floats({2, 3}, {1, 2, 3, 4, 5, 6});
  ASSERT_TRUE(writeNpz(file("in.npz"), inputs));
  EXPECT_EQ(run({"--inputs", file("in.npz")}), 2);
  EXPECT_NE(errors.find("input 'x': dimension 1 is 3, expected 2"), std::string::npos) << errors;
  inputs["x"] = {"f8", {2, 2}, std::vector<uint8_t>(32)};
  ASSERT_TRUE(writeNpz(file("in.npz"), inputs));
  EXPECT_EQ(run({"--inputs", file("in.npz")}), 2);
  EXPECT_EQ(errors, "error: 'x': elements are of NumPy type 'f8', expected f32 ('f4')\n");
}

TEST(Tool, WrongModel) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(runTool({"/nonexistent.so"}), 2);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("error: /nonexistent.so: "), std::string::npos);
}

static std::string optionFailure(const std::vector<std::string> &arguments) {
  Expected<Options> options = parseOptions(arguments);
  return options ? "no failure" : options.takeFailure().reason;
}

TEST(Options, Failures) {
  EXPECT_EQ(optionFailure({}), "no model given; --help tells how");
  EXPECT_EQ(optionFailure({"a.so", "b.so"}), "more than one model: 'a.so' and 'b.so'");
  EXPECT_EQ(optionFailure({"a.so", "--fast"}), "unknown option '--fast'; --help lists them");
  EXPECT_EQ(optionFailure({"a.so", "--step"}), "--step needs a value");
  EXPECT_EQ(optionFailure({"a.so", "--run=-1"}), "--run: '-1' is not a number of at least 0");
  EXPECT_EQ(optionFailure({"a.so", "--repeat", "x"}), "--repeat: 'x' is not a number of at least 1");
  EXPECT_EQ(optionFailure({"a.so", "--rtol", "nan"}), "--rtol: 'nan' is not a number of at least 0.000000");
}
