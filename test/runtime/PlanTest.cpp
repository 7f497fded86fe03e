// What a call needs, told before it.
#include "TestModel.h"

using namespace tfc::test;

// Joins a[batch, 2] and b[rows, 2] to y[batch + rows, 2], counts something to c[?, batch], and
// works in 128 bytes a row of a.
static uint64_t plan(tfc_context_t *, const tfc_tensor_t *inputs, int64_t *words) {
  int64_t batch = inputs[0].shape[0], rows = inputs[1].shape[0];
  // As if the code could not tell the last one, which the port names.
  const int64_t extents[] = {batch + rows - 1, 2, TFC_DIM_DYNAMIC, TFC_DIM_DYNAMIC};
  for (int64_t extent : extents)
    *words++ = extent;
  return 128 * uint64_t(batch);
}
static tfc_status_t run(tfc_context_t *context, const tfc_tensor_t *inputs, tfc_tensor_t *) {
  void *memory = tfc_arena_reserve(context, 128 * uint64_t(inputs[0].shape[0]));
  return memory ? TFC_STATUS_OK : TFC_STATUS_RESOURCE_EXHAUSTED;
}

namespace {
class Plan : public testing::Test {
protected:
  // Inputs without data.
  std::vector<tfc_tensor_t> shapes(int64_t batch, int64_t rows) {
    return {{nullptr, 0, TFC_DTYPE_F32, 2, {batch, 2}}, {nullptr, 0, TFC_DTYPE_F32, 2, {rows, 2}}};
  }
  tfc_status_t ask(const std::vector<tfc_tensor_t> &inputs) {
    return tfc_step_plan(session.context, session.step, inputs.data(), outputs.data(), &answer);
  }
  std::string refused(const std::vector<tfc_tensor_t> &inputs) {
    EXPECT_EQ(ask(inputs), TFC_STATUS_INVALID_ARGUMENT);
    return session.message();
  }

  TestModel model{{{"a", TFC_DTYPE_F32, {symbol(0), 2}}, {"b", TFC_DTYPE_F32, {symbol(1), 2}}},
                  {{"y", TFC_DTYPE_F32, {TFC_DIM_DYNAMIC, 2}}, {"c", TFC_DTYPE_I64, {TFC_DIM_DYNAMIC, symbol(0)}}},
                  run,
                  plan};
  Session session{model};
  std::vector<tfc_tensor_t> outputs{2};
  tfc_plan_t answer = {};
};
} // namespace

TEST_F(Plan, TellsShapesAndBytes) {
  for (int64_t batch : {1, 3, 50}) {
    // What is there is no capacity.
    outputs.assign(2, {this, 1 << 20, TFC_DTYPE_BOOL, 8, {9, 9, 9}});
    ASSERT_EQ(ask(shapes(batch, 4)), TFC_STATUS_OK);
    EXPECT_EQ(answer.arena_size, 128 * uint64_t(batch));
    EXPECT_EQ(answer.takes_scratch, 0);
    EXPECT_EQ(shapeOf(outputs[0]), (std::vector<int64_t>{batch + 3, 2}));
    EXPECT_EQ(outputs[0].dtype, TFC_DTYPE_F32);
    EXPECT_EQ(outputs[0].size, uint64_t(batch + 3) * 8);
    EXPECT_EQ(outputs[0].data, nullptr);
    EXPECT_EQ(shapeOf(outputs[1]), (std::vector<int64_t>{TFC_DIM_DYNAMIC, batch}));
    EXPECT_EQ(outputs[1].size, 0u);
    EXPECT_EQ(outputs[1].data, nullptr);
  }
  EXPECT_EQ(tfc_context_arena_size(session.context), 0u);
  model.step.takes_scratch = 1;
  EXPECT_EQ(ask(shapes(1, 1)), TFC_STATUS_OK);
  EXPECT_EQ(answer.takes_scratch, 1);
}

TEST_F(Plan, RefusesWhatARunRefuses) {
  auto inputs = shapes(2, 3);
  inputs[0].dtype = TFC_DTYPE_F64;
  EXPECT_EQ(refused(inputs), "input 'a': dtype is f64, expected f32");
  inputs = shapes(2, 3);
  inputs[1].rank = 1;
  EXPECT_EQ(refused(inputs), "input 'b': rank is 1, expected 2");
  EXPECT_EQ(refused(shapes(-2, 3)), "input 'a': dimension 0 is -2, expected 0 or more");
  EXPECT_EQ(refused(shapes(INT64_MAX, 3)), "input 'a': more than 2^64 bytes");
  EXPECT_EQ(tfc_step_plan(nullptr, session.step, inputs.data(), outputs.data(), &answer), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(tfc_step_plan(session.context, nullptr, inputs.data(), outputs.data(), &answer),
            TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "step is null");
  EXPECT_EQ(tfc_step_plan(session.context, session.step, nullptr, outputs.data(), &answer),
            TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "step 'main': inputs is null");
  EXPECT_EQ(tfc_step_plan(session.context, session.step, inputs.data(), nullptr, &answer), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "step 'main': outputs is null");
  EXPECT_EQ(tfc_step_plan(session.context, session.step, inputs.data(), outputs.data(), nullptr),
            TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "step 'main': plan is null");
}

TEST_F(Plan, RefusesSymbolsThatDisagree) {
  TestModel same({{"a", TFC_DTYPE_F32, {symbol(0)}}, {"b", TFC_DTYPE_F32, {symbol(0)}}}, {}, run, plan);
  Session other(same);
  std::vector<tfc_tensor_t> inputs{{nullptr, 0, TFC_DTYPE_F32, 1, {4}}, {nullptr, 0, TFC_DTYPE_F32, 1, {5}}};
  EXPECT_EQ(tfc_step_plan(other.context, other.step, inputs.data(), nullptr, &answer), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(other.message(), "input 'b': dimension 0 is 5, expected 4 (dimension 'batch', also of input 'a')");
}

TEST_F(Plan, RefusesResultsThatNoTensorHas) {
  // A batch of none and no row: one less than nothing.
  EXPECT_EQ(ask(shapes(0, 0)), TFC_STATUS_RESOURCE_EXHAUSTED);
  EXPECT_EQ(session.message(), "output 'y': no tensor can have its shape");
}

TEST_F(Plan, ReservesTheArena) {
  ASSERT_EQ(ask(shapes(50, 1)), TFC_STATUS_OK);
  EXPECT_EQ(tfc_context_reserve(session.context, answer.arena_size), TFC_STATUS_OK);
  EXPECT_EQ(tfc_context_arena_size(session.context), 6400u);
  EXPECT_EQ(tfc_context_reserve(session.context, 10), TFC_STATUS_OK);
  EXPECT_EQ(tfc_context_arena_size(session.context), 6400u);
  EXPECT_EQ(tfc_context_reserve(session.context, UINT64_MAX), TFC_STATUS_RESOURCE_EXHAUSTED);
  EXPECT_EQ(session.message(), "no memory for an arena of 18446744073709551615 bytes");
  EXPECT_EQ(tfc_context_reserve(nullptr, 10), TFC_STATUS_INVALID_ARGUMENT);
}
