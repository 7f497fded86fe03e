// Parallel loops: on one thread, on own pools, on the application's, nested, from many
// callers, after a fork.
#include "TestModel.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <ctime>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace tfc::test;

// y[i] = sin(x[i]) summed over the chunk so far: differs where borders of chunks do.
static void runningSum(const uint64_t *block, int64_t begin, int64_t end) {
  auto *x = reinterpret_cast<const float *>(block[1]);
  auto *y = reinterpret_cast<float *>(block[2]);
  float sum = 0;
  for (int64_t i = begin; i < end; ++i)
    y[i] = sum += std::sin(x[i]);
}

static tfc_status_t sumStep(tfc_context_t *context, const tfc_tensor_t *inputs, tfc_tensor_t *outputs) {
  void *y = tfc_output_bind(context, outputs, 0, TFC_DTYPE_F32, 1, inputs[0].shape);
  const uint64_t block[] = {reinterpret_cast<uint64_t>(tfc_context_fault(context)),
                            reinterpret_cast<uint64_t>(inputs[0].data), reinterpret_cast<uint64_t>(y)};
  // Many short loops after one another, as in a model.
  for (int64_t grain : {7, 1000, 64})
    tfc_parallel_for(context, runningSum, block, inputs[0].shape[0], grain);
  return TFC_STATUS_OK;
}

static const TestModel summer({{"x", TFC_DTYPE_F32, {symbol(0)}}}, {{"y", TFC_DTYPE_F32, {symbol(0)}}}, sumStep);

static std::vector<float> wave(size_t count) {
  std::vector<float> x(count);
  for (size_t i = 0; i < count; ++i)
    x[i] = 0.37f * static_cast<float>(i);
  return x;
}

// The result of `summer` on one context; empty on failure.
static std::vector<float> sums(tfc_context_t *context, std::vector<float> &x) {
  tfc_tensor_t in = tensor(x, {static_cast<int64_t>(x.size())}), out = {};
  if (tfc_step_run(context, &summer.step, &in, &out) != TFC_STATUS_OK)
    return {};
  return valuesOf<float>(out);
}

TEST(Parallel, SameBitsOnAnyNumberOfThreads) {
  std::vector<float> x = wave(5003);
  Session single(summer);
  std::vector<float> expected = sums(single.context, x);
  ASSERT_EQ(expected.size(), x.size());
  for (int32_t count : {1, 2, 7}) {
    Session session(summer, threads(count));
    for (int repeat = 0; repeat < 20; ++repeat)
      EXPECT_EQ(sums(session.context, x), expected) << count << " threads";
  }
}

TEST(Parallel, ChunksCoverTheUnitsOnce) {
  static std::atomic<int> visits[100];
  TestModel model({{"total", TFC_DTYPE_I64, {}}, {"grain", TFC_DTYPE_I64, {}}}, {},
                  [](tfc_context_t *context, const tfc_tensor_t *inputs, tfc_tensor_t *) {
                    const uint64_t block[] = {0};
                    tfc_parallel_for(
                        context,
                        [](const uint64_t *, int64_t begin, int64_t end) {
                          EXPECT_LT(begin, end);
                          for (; begin < end; ++begin)
                            ++visits[begin];
                        },
                        block, *static_cast<const int64_t *>(inputs[0].data),
                        *static_cast<const int64_t *>(inputs[1].data));
                    return TFC_STATUS_OK;
                  });
  Session session(model, threads(3));
  std::vector<tfc_tensor_t> none;
  for (int64_t total : {-1, 0, 1, 7, 100})
    for (int64_t grain : {-1, 0, 1, 3, 7, 1000}) {
      for (auto &count : visits)
        count = 0;
      std::vector<int64_t> totalValue{total}, grainValue{grain};
      ASSERT_EQ(session.run({tensor(totalValue, {}), tensor(grainValue, {})}, none), TFC_STATUS_OK);
      for (int64_t i = 0; i < 100; ++i)
        EXPECT_EQ(visits[i], i < total ? 1 : 0) << total << " by " << grain << " at " << i;
    }
}

TEST(Parallel, WorkersTakePart) {
  static std::atomic<int> inside;
  TestModel model({}, {}, [](tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
    const uint64_t block[] = {0};
    // No chunk ends before all three have begun, on a thread each.
    tfc_parallel_for(
        context,
        [](const uint64_t *, int64_t, int64_t) {
          for (++inside; inside < 3;)
            std::this_thread::yield();
        },
        block, 3, 1);
    return TFC_STATUS_OK;
  });
  inside = 0;
  Session session(model, threads(3));
  EXPECT_EQ(tfc_step_run(session.context, session.step, nullptr, nullptr), TFC_STATUS_OK);
  // Again when the workers sleep.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  inside = 0;
  EXPECT_EQ(tfc_step_run(session.context, session.step, nullptr, nullptr), TFC_STATUS_OK);
}

TEST(Parallel, NestedLoopsRunInline) {
  static std::atomic<int> sum;
  TestModel model({}, {}, [](tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
    const uint64_t block[] = {0, reinterpret_cast<uint64_t>(context)};
    tfc_parallel_for(
        context,
        [](const uint64_t *outer, int64_t, int64_t) {
          auto self = std::this_thread::get_id();
          const uint64_t inner[] = {0, reinterpret_cast<uint64_t>(&self)};
          tfc_parallel_for(
              reinterpret_cast<tfc_context_t *>(outer[1]),
              [](const uint64_t *words, int64_t begin, int64_t end) {
                EXPECT_EQ(*reinterpret_cast<std::thread::id *>(words[1]), std::this_thread::get_id());
                sum += static_cast<int>(end - begin);
              },
              inner, 10, 3);
        },
        block, 50, 1);
    return TFC_STATUS_OK;
  });
  sum = 0;
  Session session(model, threads(3));
  EXPECT_EQ(tfc_step_run(session.context, session.step, nullptr, nullptr), TFC_STATUS_OK);
  EXPECT_EQ(sum, 500);
}

TEST(Parallel, ManyCallersShareOneInstance) {
  std::vector<float> x = wave(2000);
  Session shared(summer, threads(3));
  const std::vector<float> expected = sums(shared.context, x);
  std::vector<std::thread> callers;
  std::atomic<int> right{0};
  for (int caller = 0; caller < 4; ++caller)
    callers.emplace_back([&] {
      tfc_context_t *context;
      ASSERT_EQ(tfc_context_create(shared.instance, &context), TFC_STATUS_OK);
      for (int repeat = 0; repeat < 50; ++repeat)
        right += sums(context, x) == expected;
      tfc_context_destroy(context);
    });
  for (std::thread &caller : callers)
    caller.join();
  EXPECT_EQ(right, 200);
}

TEST(Parallel, FirstLoopsOfManyCallersStartOnePool) {
  std::vector<float> x = wave(500);
  for (int repeat = 0; repeat < 10; ++repeat) {
    Session shared(summer, threads(2));
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 3; ++caller)
      callers.emplace_back([&] {
        tfc_context_t *context;
        ASSERT_EQ(tfc_context_create(shared.instance, &context), TFC_STATUS_OK);
        EXPECT_EQ(sums(context, x).size(), x.size());
        tfc_context_destroy(context);
      });
    for (std::thread &caller : callers)
      caller.join();
  }
}

TEST(Parallel, IdleWorkersSleep) {
  std::vector<float> x = wave(2000);
  Session session(summer, threads(3));
  sums(session.context, x);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  std::clock_t before = std::clock(); // of all threads
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 50);
}

namespace {
// A pool that starts a thread for each second task.
struct ApplicationPool {
  std::atomic<int32_t> concurrency{4};
  std::atomic<int> runs{0}, tasks{0};

  tfc_pool_t table() {
    return {this, [](void *user) { return static_cast<ApplicationPool *>(user)->concurrency.load(); },
            [](void *user, void (*task)(void *, int64_t), void *argument, int64_t count) {
              auto *self = static_cast<ApplicationPool *>(user);
              ++self->runs;
              std::vector<std::thread> workers;
              for (int64_t i = 0; i < count; ++i) {
                ++self->tasks;
                if (i % 2)
                  workers.emplace_back(task, argument, i);
                else
                  task(argument, i);
              }
              for (std::thread &worker : workers)
                worker.join();
            }};
  }
};
} // namespace

TEST(Parallel, ApplicationPoolGetsTheSameChunks) {
  std::vector<float> x = wave(130);
  Session single(summer);
  ApplicationPool pool;
  tfc_pool_t table = pool.table();
  tfc_options_t options = threads(5);
  options.pool = &table;
  Session session(summer, options);
  EXPECT_EQ(sums(session.context, x), sums(single.context, x));
  // The loop with grain 1000 has one chunk and stays on the caller.
  EXPECT_EQ(pool.runs, 2);
  EXPECT_EQ(pool.tasks, 19 + 3);
  pool.concurrency = 1;
  EXPECT_EQ(sums(session.context, x).size(), x.size());
  EXPECT_EQ(pool.runs, 2);
}

static int childOf(tfc_context_t *context, tfc_instance_t *instance, std::vector<float> x,
                   const std::vector<float> &expected) {
  if (sums(context, x) != expected)
    return 1;
#if !__has_feature(thread_sanitizer) // it allows no new threads after a fork
  tfc_options_t options = threads(3);
  tfc_instance_t *own;
  tfc_context_t *ownContext;
  if (tfc_instance_open(&summer.model, &options, &own) || tfc_context_create(own, &ownContext) ||
      sums(ownContext, x) != expected)
    return 2;
  tfc_context_destroy(ownContext);
  tfc_instance_close(own);
#endif
  tfc_context_destroy(context);
  tfc_instance_close(instance);
  return 0;
}

TEST(Parallel, ForkedChildRunsOnItsOneThread) {
  std::vector<float> x = wave(5003);
  Session session(summer, threads(3));
  const std::vector<float> expected = sums(session.context, x);
  pid_t child = fork();
  if (child == 0)
    _exit(childOf(session.context, session.instance, x, expected));
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  // The parent has lost nothing.
  EXPECT_EQ(sums(session.context, x), expected);
}
