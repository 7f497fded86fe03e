// Opening, closing, options, memory of instances and contexts.
#include "TestModel.h"

#include <cstdlib>
#include <map>
#include <mutex>

using namespace tfc::test;

// z[batch] = x[batch] + 1, with a use of every kind of memory.
static tfc_status_t addOne(tfc_context_t *context, const tfc_tensor_t *inputs, tfc_tensor_t *outputs) {
  auto *arena = static_cast<float *>(tfc_arena_reserve(context, inputs[0].size));
  auto *scratch = static_cast<float *>(arena ? tfc_scratch_allocate(context, inputs[0].size) : nullptr);
  auto *z =
      static_cast<float *>(scratch ? tfc_output_bind(context, outputs, 0, TFC_DTYPE_F32, 1, inputs[0].shape) : nullptr);
  if (!z)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  for (int64_t i = 0; i < inputs[0].shape[0]; ++i) {
    arena[i] = static_cast<const float *>(inputs[0].data)[i];
    scratch[i] = arena[i] + 1;
    z[i] = scratch[i];
  }
  return TFC_STATUS_OK;
}

static const TestModel adder({{"x", TFC_DTYPE_F32, {symbol(0)}}}, {{"z", TFC_DTYPE_F32, {symbol(0)}}}, addOne);

// Opens `model` and expects it to fail.
static std::string openFails(const tfc_model_t *model, tfc_options_t options, tfc_status_t expected) {
  char text[200] = "";
  options.message = text;
  options.message_capacity = sizeof(text);
  auto *instance = reinterpret_cast<tfc_instance_t *>(1);
  EXPECT_EQ(tfc_instance_open(model, &options, &instance), expected);
  EXPECT_EQ(instance, nullptr);
  return text;
}

TEST(Instance, RefusesOtherVersions) {
  tfc_model_t model = adder.model;
  model.abi_version = 99;
  EXPECT_EQ(openFails(&model, {}, TFC_STATUS_FAILED_PRECONDITION),
            "ABI version of the model is 99, this runtime has 5: compile the model again");
  tfc_options_t options = {};
  options.abi_version = 77;
  EXPECT_EQ(openFails(&adder.model, options, TFC_STATUS_FAILED_PRECONDITION),
            "ABI version of the application is 77, this runtime has 5");
}

TEST(Instance, RefusesOtherCpus) {
  tfc_model_t model = adder.model;
  model.cpu_features = UINT64_C(1) << 63;
  EXPECT_EQ(
      openFails(&model, {}, TFC_STATUS_FAILED_PRECONDITION),
      "model 'test' is compiled for another CPU: this one lacks something newer than this runtime (missing groups "
      "0x8000000000000000)");
  tfc_options_t options = {};
  options.cpu_features_off = model.cpu_features = TFC_CPU_X86_64_V4 | TFC_CPU_AVX512_VNNI;
  EXPECT_EQ(openFails(&model, options, TFC_STATUS_FAILED_PRECONDITION),
            "model 'test' is compiled for another CPU: this one lacks x86-64-v4 (missing groups 0xc)");
}

TEST(Instance, RefusesNullAndHalfFilledOptions) {
  EXPECT_EQ(openFails(nullptr, {}, TFC_STATUS_INVALID_ARGUMENT), "model is null");
  EXPECT_EQ(tfc_instance_open(&adder.model, nullptr, nullptr), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(openFails(&adder.model, threads(-1), TFC_STATUS_INVALID_ARGUMENT),
            "option thread_count is -1, expected 0 or more");
  tfc_pool_t pool = {};
  tfc_options_t withPool = {};
  withPool.pool = &pool;
  EXPECT_EQ(openFails(&adder.model, withPool, TFC_STATUS_INVALID_ARGUMENT), "option pool lacks a function");
  tfc_allocator_t allocator = {};
  tfc_options_t withAllocator = {};
  withAllocator.allocator = &allocator;
  EXPECT_EQ(openFails(&adder.model, withAllocator, TFC_STATUS_INVALID_ARGUMENT), "option allocator lacks a function");
}

TEST(Instance, CutsLongMessages) {
  tfc_model_t model = adder.model;
  model.abi_version = 99;
  char text[8] = "#######";
  tfc_options_t options = {};
  options.message = text;
  options.message_capacity = 4;
  tfc_instance_t *instance;
  EXPECT_EQ(tfc_instance_open(&model, &options, &instance), TFC_STATUS_FAILED_PRECONDITION);
  EXPECT_STREQ(text, "ABI");
  EXPECT_STREQ(text + 4, "###");
}

TEST(Instance, NullIsClosedAndDestroyed) {
  tfc_instance_close(nullptr);
  tfc_context_destroy(nullptr);
  EXPECT_EQ(tfc_context_create(nullptr, nullptr), TFC_STATUS_INVALID_ARGUMENT);
}

TEST(Instance, TwoOfOneModelAreIndependent) {
  Session first(adder), second(adder);
  EXPECT_EQ(tfc_instance_model(first.instance), &adder.model);
  std::vector<float> x{1, 2, 3}, w{10};
  std::vector<tfc_tensor_t> y(1), z(1);
  ASSERT_EQ(first.run({tensor(x, {3})}, y), TFC_STATUS_OK);
  ASSERT_EQ(second.run({tensor(w, {1})}, z), TFC_STATUS_OK);
  EXPECT_EQ(valuesOf<float>(y[0]), (std::vector<float>{2, 3, 4}));
  EXPECT_EQ(valuesOf<float>(z[0]), (std::vector<float>{11}));
}

TEST(Context, ArenaOnlyGrows) {
  Session session(adder);
  EXPECT_EQ(tfc_context_arena_size(session.context), 0u);
  std::vector<float> x(100), w(10);
  std::vector<tfc_tensor_t> y(1);
  ASSERT_EQ(session.run({tensor(x, {100})}, y), TFC_STATUS_OK);
  uint64_t size = tfc_context_arena_size(session.context);
  EXPECT_GE(size, 400u);
  ASSERT_EQ(session.run({tensor(w, {10})}, y), TFC_STATUS_OK);
  EXPECT_EQ(tfc_context_arena_size(session.context), size);
}

namespace {
// Counts, checks alignment, and fails from allocation `failAt` on.
struct CountingAllocator {
  std::mutex mutex;
  std::map<void *, uint64_t> live;
  int made = 0, failAt = 1 << 30;

  tfc_allocator_t table() {
    return {this,
            [](void *user, uint64_t size, uint64_t alignment) -> void * {
              auto *self = static_cast<CountingAllocator *>(user);
              std::lock_guard<std::mutex> lock(self->mutex);
              EXPECT_LE(alignment, 4096u);
              if (self->made++ >= self->failAt)
                return nullptr;
              void *pointer = nullptr;
              EXPECT_EQ(posix_memalign(&pointer, alignment, size), 0);
              self->live[pointer] = size;
              return pointer;
            },
            [](void *user, void *pointer) {
              auto *self = static_cast<CountingAllocator *>(user);
              std::lock_guard<std::mutex> lock(self->mutex);
              EXPECT_EQ(self->live.erase(pointer), 1u);
              free(pointer);
            }};
  }
};
} // namespace

TEST(Allocator, ServesEverythingAndGetsItBack) {
  CountingAllocator counter;
  tfc_allocator_t allocator = counter.table();
  tfc_options_t options = {};
  options.allocator = &allocator;
  {
    Session session(adder, options);
    allocator = {}; // was copied
    std::vector<float> x{1};
    std::vector<tfc_tensor_t> y(1);
    ASSERT_EQ(session.run({tensor(x, {1})}, y), TFC_STATUS_OK);
    // Instance, context, arena, output; the scratch is free again.
    EXPECT_EQ(counter.live.size(), 4u);
    EXPECT_EQ(counter.live.count(y[0].data), 1u);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(y[0].data) % 64, 0u);
    ASSERT_EQ(session.run({tensor(x, {1})}, y), TFC_STATUS_OK);
    EXPECT_EQ(counter.live.size(), 4u);
  }
  EXPECT_TRUE(counter.live.empty());
}

TEST(Allocator, FailureOfEachAllocationIsReported) {
  const char *messages[] = {"", "", "step 'main': no memory for an arena of 4 bytes",
                            "step 'main': no memory for 4 bytes of scratch", "output 'z': no memory for 4 bytes"};
  for (int failAt = 0; failAt < 5; ++failAt) {
    CountingAllocator counter;
    counter.failAt = failAt;
    tfc_allocator_t allocator = counter.table();
    tfc_options_t options = {};
    options.allocator = &allocator;
    tfc_instance_t *instance = nullptr;
    tfc_context_t *context = nullptr;
    EXPECT_EQ(tfc_instance_open(&adder.model, &options, &instance),
              failAt == 0 ? TFC_STATUS_RESOURCE_EXHAUSTED : TFC_STATUS_OK);
    if (instance)
      EXPECT_EQ(tfc_context_create(instance, &context), failAt == 1 ? TFC_STATUS_RESOURCE_EXHAUSTED : TFC_STATUS_OK);
    if (context) {
      std::vector<float> x{1};
      tfc_tensor_t in = tensor(x, {1}), out = {};
      EXPECT_EQ(tfc_step_run(context, &adder.step, &in, &out), TFC_STATUS_RESOURCE_EXHAUSTED);
      EXPECT_STREQ(tfc_context_message(context), messages[failAt]);
      EXPECT_EQ(out.data, nullptr);
      // The context is as good as new.
      counter.failAt = 1 << 30;
      EXPECT_EQ(tfc_step_run(context, &adder.step, &in, &out), TFC_STATUS_OK);
      EXPECT_STREQ(tfc_context_message(context), "");
    }
    tfc_context_destroy(context);
    tfc_instance_close(instance);
    EXPECT_TRUE(counter.live.empty());
  }
}

TEST(Scratch, IsFreedInAnyOrderAndAfterFailure) {
  TestModel model({}, {}, [](tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
    void *blocks[5];
    for (void *&block : blocks) {
      block = tfc_scratch_allocate(context, 1);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % 64, 0u);
    }
    tfc_scratch_free(context, blocks[2]);
    tfc_scratch_free(context, blocks[4]);
    tfc_scratch_free(context, blocks[0]);
    tfc_scratch_free(context, nullptr);
    EXPECT_EQ(tfc_scratch_allocate(context, UINT64_MAX - 8), nullptr);
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  });
  CountingAllocator counter;
  tfc_allocator_t allocator = counter.table();
  tfc_options_t options = {};
  options.allocator = &allocator;
  Session session(model, options);
  EXPECT_EQ(tfc_step_run(session.context, session.step, nullptr, nullptr), TFC_STATUS_RESOURCE_EXHAUSTED);
  EXPECT_EQ(session.message(), "step 'main': no memory for 18446744073709551607 bytes of scratch");
  EXPECT_EQ(counter.live.size(), 2u);
}
