// Arguments of steps: what is refused and how, and who owns outputs.
#include "TestModel.h"

#include <cstring>
#include <utility>

using namespace tfc::test;

// Writes the rows of x[batch, 3] times y[batch] to z[batch, 3], the count of rows to
// n[1], and the y above 0 to p[?].
static tfc_status_t scale(tfc_context_t *context, const tfc_tensor_t *inputs, tfc_tensor_t *outputs) {
  const float *x = static_cast<const float *>(inputs[0].data), *y = static_cast<const float *>(inputs[1].data);
  int64_t rows = inputs[0].shape[0], positive = 0, one = 1;
  for (int64_t i = 0; i < rows; ++i)
    positive += y[i] > 0;
  auto *z = static_cast<float *>(tfc_output_bind(context, outputs, 0, TFC_DTYPE_F32, 2, inputs[0].shape));
  auto *n = static_cast<int64_t *>(tfc_output_bind(context, outputs, 1, TFC_DTYPE_I64, 1, &one));
  auto *p = static_cast<float *>(tfc_output_bind(context, outputs, 2, TFC_DTYPE_F32, 1, &positive));
  if (!z || !n || !p)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  n[0] = rows;
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < 3; ++j)
      z[i * 3 + j] = x[i * 3 + j] * y[i];
    if (y[i] > 0)
      *p++ = y[i];
  }
  return TFC_STATUS_OK;
}

namespace {
class Step : public testing::Test {
protected:
  // Runs with the inputs as they are and context-owned outputs, which must fail.
  std::string refused() {
    std::vector<tfc_tensor_t> outputs(3);
    EXPECT_EQ(session.run(inputs, outputs), TFC_STATUS_INVALID_ARGUMENT);
    for (const tfc_tensor_t &output : outputs)
      EXPECT_EQ(output.data, nullptr);
    return session.message();
  }

  TestModel model{
      {{"x", TFC_DTYPE_F32, {symbol(0), 3}}, {"y", TFC_DTYPE_F32, {symbol(0)}}},
      {{"z", TFC_DTYPE_F32, {symbol(0), 3}}, {"n", TFC_DTYPE_I64, {1}}, {"p", TFC_DTYPE_F32, {TFC_DIM_DYNAMIC}}},
      scale};
  Session session{model};
  std::vector<float> x{1, 2, 3, 4, 5, 6}, y{10, -1};
  std::vector<tfc_tensor_t> inputs{tensor(x, {2, 3}), tensor(y, {2})};
};
} // namespace

TEST_F(Step, RefusesNullArrays) {
  tfc_tensor_t outputs[3] = {};
  EXPECT_EQ(tfc_step_run(nullptr, session.step, inputs.data(), outputs), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(tfc_step_run(session.context, nullptr, inputs.data(), outputs), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "step is null");
  EXPECT_EQ(tfc_step_run(session.context, session.step, nullptr, outputs), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "step 'main': inputs is null");
  EXPECT_EQ(tfc_step_run(session.context, session.step, inputs.data(), nullptr), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "step 'main': outputs is null");
}

TEST_F(Step, RefusesStepsOfOtherModels) {
  TestModel other({}, {}, scale);
  EXPECT_EQ(tfc_step_run(session.context, &other.step, nullptr, nullptr), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "step is not one of model 'test'");
}

TEST_F(Step, RefusesWrongDtype) {
  inputs[0].dtype = TFC_DTYPE_I32;
  EXPECT_EQ(refused(), "input 'x': dtype is i32, expected f32");
}

TEST_F(Step, RefusesWrongRank) {
  inputs[1].rank = 2;
  EXPECT_EQ(refused(), "input 'y': rank is 2, expected 1");
  inputs[1].rank = -7;
  EXPECT_EQ(refused(), "input 'y': rank is -7, expected 1");
}

TEST_F(Step, RefusesWrongExtent) {
  inputs[0].shape[1] = 5;
  EXPECT_EQ(refused(), "input 'x': dimension 1 is 5, expected 3");
  inputs[0].shape[1] = -3;
  EXPECT_EQ(refused(), "input 'x': dimension 1 is -3, expected 0 or more");
}

TEST_F(Step, RefusesSymbolsThatDisagree) {
  y.push_back(1);
  inputs[1] = tensor(y, {3});
  EXPECT_EQ(refused(), "input 'y': dimension 0 is 3, expected 2 (dimension 'batch', also of input 'x')");
}

TEST_F(Step, RefusesWrongSize) {
  inputs[0].size = 23;
  EXPECT_EQ(refused(), "input 'x': size is 23 bytes, expected 24");
  inputs[0].shape[0] = INT64_MAX / 2;
  EXPECT_EQ(refused(), "input 'x': more than 2^64 bytes");
}

TEST_F(Step, RefusesNullAndMisalignedData) {
  inputs[0].data = nullptr;
  EXPECT_EQ(refused(), "input 'x': data is null, expected 24 bytes");
  inputs[0].data = reinterpret_cast<char *>(x.data()) + 2;
  EXPECT_NE(refused().find("expected a multiple of 4"), std::string::npos);
}

TEST_F(Step, TakesEmptyTensorsWithoutData) {
  std::vector<float> none;
  inputs = {tensor(none, {0, 3}), tensor(none, {0})};
  std::vector<tfc_tensor_t> outputs(3);
  ASSERT_EQ(session.run(inputs, outputs), TFC_STATUS_OK) << session.message();
  EXPECT_EQ(shapeOf(outputs[0]), (std::vector<int64_t>{0, 3}));
  EXPECT_EQ(outputs[0].size, 0u);
  EXPECT_EQ(valuesOf<int64_t>(outputs[1]), std::vector<int64_t>{0});
}

TEST_F(Step, ContextOwnsOutputsWithoutBuffer) {
  std::vector<tfc_tensor_t> outputs(3);
  for (int run = 0; run < 3; ++run) {
    // The second and third run take the outputs as the one before left them.
    ASSERT_EQ(session.run(inputs, outputs), TFC_STATUS_OK) << session.message();
    EXPECT_EQ(valuesOf<float>(outputs[0]), (std::vector<float>{10, 20, 30, -4, -5, -6}));
    EXPECT_EQ(shapeOf(outputs[0]), (std::vector<int64_t>{2, 3}));
    EXPECT_EQ(outputs[0].dtype, TFC_DTYPE_F32);
    EXPECT_EQ(valuesOf<int64_t>(outputs[1]), std::vector<int64_t>{2});
    EXPECT_EQ(valuesOf<float>(outputs[2]), std::vector<float>{10});
    EXPECT_EQ(session.message(), "");
  }
  // They grow with the next call.
  x.resize(300, 1), y.resize(100, 1);
  inputs = {tensor(x, {100, 3}), tensor(y, {100})};
  ASSERT_EQ(session.run(inputs, outputs), TFC_STATUS_OK);
  EXPECT_EQ(valuesOf<float>(outputs[2]).size(), 99u);
}

TEST_F(Step, CallerOwnsOutputsWithBuffer) {
  std::vector<float> z(7, -1), p(2, -1);
  std::vector<int64_t> n(1);
  std::vector<tfc_tensor_t> outputs(3);
  outputs[0].data = z.data(), outputs[0].size = 28;
  outputs[1].data = n.data(), outputs[1].size = 8;
  outputs[2].data = p.data(), outputs[2].size = 8;
  ASSERT_EQ(session.run(inputs, outputs), TFC_STATUS_OK) << session.message();
  EXPECT_EQ(z, (std::vector<float>{10, 20, 30, -4, -5, -6, -1}));
  EXPECT_EQ(outputs[0].size, 24u);
  EXPECT_EQ(outputs[2].size, 4u);
  EXPECT_EQ(n[0], 2);
}

TEST_F(Step, TooSmallBuffersAreAllReportedAndNothingIsWritten) {
  std::vector<float> z(6, -1), p(2, -1);
  std::vector<int64_t> n(1, -1);
  std::vector<tfc_tensor_t> outputs(3);
  outputs[0].data = z.data(), outputs[0].size = 20;
  outputs[1].data = n.data(), outputs[1].size = 4;
  outputs[2].data = p.data(), outputs[2].size = 8;
  EXPECT_EQ(session.run(inputs, outputs), TFC_STATUS_RESOURCE_EXHAUSTED);
  EXPECT_EQ(session.message(), "output 'z': buffer holds 20 bytes, expected 24");
  EXPECT_EQ(outputs[0].size, 24u);
  EXPECT_EQ(shapeOf(outputs[0]), (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(outputs[1].size, 8u);
  EXPECT_EQ(outputs[2].size, 8u);
  EXPECT_EQ(z, std::vector<float>(6, -1));
  EXPECT_EQ(n[0], -1);
  // One retry suffices.
  EXPECT_EQ(session.run(inputs, outputs), TFC_STATUS_OK);
}

TEST_F(Step, TooSmallForDataIsReported) {
  y[1] = 1;
  std::vector<float> p{-1};
  std::vector<tfc_tensor_t> outputs(3);
  outputs[2].data = p.data(), outputs[2].size = 4;
  EXPECT_EQ(session.run(inputs, outputs), TFC_STATUS_RESOURCE_EXHAUSTED);
  EXPECT_EQ(session.message(), "output 'p': buffer holds 4 bytes, expected 8");
  EXPECT_EQ(outputs[2].size, 8u);
  EXPECT_EQ(outputs[2].data, p.data());
  EXPECT_EQ(p[0], -1);
  EXPECT_EQ(outputs[0].data, nullptr);
}

TEST_F(Step, RefusesOverlap) {
  std::vector<tfc_tensor_t> outputs(3);
  outputs[0].data = x.data() + 5, outputs[0].size = 24;
  EXPECT_EQ(session.run(inputs, outputs), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "output 'z': buffer overlaps input 'x'");
  std::vector<float> buffer(20);
  outputs[0].data = buffer.data(), outputs[0].size = 24;
  outputs[2].data = buffer.data() + 5, outputs[2].size = 8;
  EXPECT_EQ(session.run(inputs, outputs), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "output 'p': buffer overlaps output 'z'");
  outputs[2].data = buffer.data() + 6;
  EXPECT_EQ(session.run(inputs, outputs), TFC_STATUS_OK);
}

TEST_F(Step, RefusesMisalignedOutput) {
  std::vector<char> buffer(64);
  std::vector<tfc_tensor_t> outputs(3);
  outputs[1].data = buffer.data() + 4, outputs[1].size = 16;
  EXPECT_EQ(session.run(inputs, outputs), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_NE(session.message().find("output 'n': data is at"), std::string::npos);
}

TEST_F(Step, RefusesItsOwnResultsAsInputs) {
  std::vector<tfc_tensor_t> outputs(3);
  ASSERT_EQ(session.run(inputs, outputs), TFC_STATUS_OK);
  std::vector<tfc_tensor_t> again{outputs[0], inputs[1]};
  outputs.assign(3, {});
  EXPECT_EQ(session.run(again, outputs), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "output 'z': memory that the context owns overlaps input 'x'");
  // Fine where the result goes elsewhere.
  std::vector<float> z(6);
  outputs[0].data = z.data(), outputs[0].size = 24;
  EXPECT_EQ(session.run(again, outputs), TFC_STATUS_OK);
}

TEST(StepFailure, IsReportedWithNode) {
  TestModel model({}, {}, [](tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
    return tfc_context_fail(context, TFC_STATUS_OUT_OF_RANGE, "gather_1", "index is 7, expected less than 5");
  });
  Session session(model);
  EXPECT_EQ(tfc_step_run(session.context, session.step, nullptr, nullptr), TFC_STATUS_OUT_OF_RANGE);
  EXPECT_EQ(session.message(), "node 'gather_1': index is 7, expected less than 5");
}

TEST(StepFailure, LongMessagesAreCut) {
  TestModel model({}, {}, [](tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
    return tfc_context_fail(context, TFC_STATUS_INTERNAL, nullptr, std::string(5000, 'x').c_str());
  });
  Session session(model);
  EXPECT_EQ(tfc_step_run(session.context, session.step, nullptr, nullptr), TFC_STATUS_INTERNAL);
  EXPECT_EQ(session.message(), std::string(511, 'x'));
}

TEST(StepFailure, FaultWordFailsTheStep) {
  TestModel model({{"fail", TFC_DTYPE_I32, {}}}, {},
                  [](tfc_context_t *context, const tfc_tensor_t *inputs, tfc_tensor_t *) {
                    EXPECT_EQ(*tfc_context_fault(context), 0);
                    *tfc_context_fault(context) = *static_cast<const int32_t *>(inputs[0].data);
                    return TFC_STATUS_OK;
                  });
  Session session(model);
  std::vector<int32_t> fail{TFC_STATUS_OUT_OF_RANGE}, pass{0};
  std::vector<tfc_tensor_t> none;
  EXPECT_EQ(session.run({tensor(fail, {})}, none), TFC_STATUS_OUT_OF_RANGE);
  EXPECT_EQ(session.message(), "step 'main' failed with OUT_OF_RANGE");
  EXPECT_EQ(session.run({tensor(pass, {})}, none), TFC_STATUS_OK);
  EXPECT_EQ(session.message(), "");
}
