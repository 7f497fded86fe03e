// Tasks of a step: order, waiting on one thread, failures, cancellation, nesting.
#include "StateHarness.h"
#include "base/context.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <time.h>

using namespace tfc::test;
using Values = std::vector<int64_t>;

namespace {

struct Scalars : StateModel {
  explicit Scalars(std::vector<int64_t> capacities) {
    for (int64_t capacity : capacities)
      queue("q", TFC_QUEUE_FIFO, capacity, {{"", TFC_DTYPE_I64, {}}});
  }
};

tfc_status_t put(tfc_context_t *context, int64_t queue, int64_t value) {
  Values data{value};
  tfc_tensor_t input = tensor(data, {});
  int64_t parameters[] = {queue, 0};
  return tfc_operation_enqueue(context, &input, 1, nullptr, 0, parameters);
}

tfc_status_t take(tfc_context_t *context, int64_t queue, int64_t &value) {
  tfc_tensor_t output = unbound(TFC_DTYPE_I64);
  int64_t parameters[] = {queue, 0};
  tfc_status_t status = tfc_operation_dequeue(context, nullptr, 0, &output, 1, parameters);
  if (!status)
    value = *static_cast<int64_t *>(output.data);
  return status;
}

using Tasks = std::vector<std::function<tfc_status_t(tfc_context_t *)>>;

template <size_t i> tfc_status_t callTask(tfc_context_t *context, void *frame) {
  return (*static_cast<Tasks *>(frame))[i](context);
}
template <size_t... i> constexpr std::array<tfc_task_t, sizeof...(i)> makeTable(std::index_sequence<i...>) {
  return {callTask<i>...};
}

tfc_status_t runTasks(tfc_context_t *context, Tasks tasks, Values pairs = {}) {
  static constexpr auto table = makeTable(std::make_index_sequence<128>());
  return tfc_tasks_run(context, table.data(), static_cast<int64_t>(tasks.size()), pairs.data(),
                       static_cast<int64_t>(pairs.size() / 2), &tasks);
}

TEST(Tasks, TakeBeforePut) {
  Scalars model({-1});
  OpenInstance instance(model);
  Caller caller(instance);
  for (int64_t round = 0; round < 3; ++round) {
    int64_t value = -1;
    EXPECT_EQ(caller.run([&](tfc_context_t *context) {
      return runTasks(context, {[&](tfc_context_t *c) { return take(c, 0, value); },
                                [&](tfc_context_t *c) { return put(c, 0, 40 + round); }});
    }),
              TFC_STATUS_OK);
    EXPECT_EQ(value, 40 + round);
  }
}

TEST(Tasks, KeepTheOrderOfDependencies) {
  Scalars model({-1});
  OpenInstance instance(model);
  Caller caller(instance);
  Values order;
  auto note = [&](int64_t number) {
    return [&order, number](tfc_context_t *) {
      order.push_back(number);
      return TFC_STATUS_OK;
    };
  };
  int64_t value;
  EXPECT_EQ(caller.run([&](tfc_context_t *context) {
    Tasks tasks{[&](tfc_context_t *c) { return take(c, 0, value); }, note(1), note(2), note(3),
                [&](tfc_context_t *c) { return put(c, 0, 5); }};
    return runTasks(context, tasks, {0, 1, 1, 3, 2, 3, 2, 4});
  }),
            TFC_STATUS_OK);
  EXPECT_EQ(order, (Values{2, 1, 3}));
}

TEST(Tasks, AHundredWaitOnOneThread) {
  Scalars model({-1});
  OpenInstance instance(model);
  Caller caller(instance);
  Values values(100, -1), all(100);
  for (int64_t i = 0; i < 100; ++i)
    all[i] = i;
  EXPECT_EQ(caller.run([&](tfc_context_t *context) {
    Tasks tasks;
    for (int64_t i = 0; i < 100; ++i)
      tasks.push_back([&values, i](tfc_context_t *c) { return take(c, 0, values[i]); });
    tasks.push_back([&](tfc_context_t *c) {
      tfc_tensor_t input = tensor(all, {100});
      int64_t parameters[] = {0, 1};
      return tfc_operation_enqueue(c, &input, 1, nullptr, 0, parameters);
    });
    return runTasks(context, tasks);
  }),
            TFC_STATUS_OK);
  // They stood in line in the order in which they began.
  EXPECT_EQ(values, all);
}

TEST(Tasks, LoopsPassMoreThanAQueueHolds) {
  Scalars model({1, 1});
  OpenInstance instance(model);
  Caller caller(instance);
  int64_t sum = 0;
  EXPECT_EQ(caller.run([&](tfc_context_t *context) {
    return runTasks(context, {[&](tfc_context_t *c) {
                                for (int64_t i = 0, value; i < 1000; ++i, sum += value)
                                  if (tfc_status_t status = take(c, 1, value))
                                    return status;
                                return TFC_STATUS_OK;
                              },
                              [&](tfc_context_t *c) {
                                for (int64_t i = 0, value; i < 1000; ++i)
                                  if (tfc_status_t status = take(c, 0, value); status || (status = put(c, 1, value)))
                                    return status;
                                return TFC_STATUS_OK;
                              },
                              [&](tfc_context_t *c) {
                                for (int64_t i = 0; i < 1000; ++i)
                                  if (tfc_status_t status = put(c, 0, i))
                                    return status;
                                return TFC_STATUS_OK;
                              }});
  }),
            TFC_STATUS_OK);
  EXPECT_EQ(sum, 999 * 500);
}

TEST(Tasks, TheFirstFailureEndsTheOthers) {
  Scalars model({-1});
  OpenInstance instance(model);
  Caller caller(instance);
  bool begun = false;
  tfc_status_t ended = TFC_STATUS_OK;
  int64_t value;
  EXPECT_EQ(caller.run([&](tfc_context_t *context) {
    return runTasks(context,
                    {[&](tfc_context_t *c) { return ended = take(c, 0, value); },
                     [&](tfc_context_t *c) { return tfc_context_fail(c, TFC_STATUS_OUT_OF_RANGE, "n", "no more"); },
                     [&](tfc_context_t *) { return begun = true, TFC_STATUS_OK; }},
                    {0, 2});
  }),
            TFC_STATUS_OUT_OF_RANGE);
  EXPECT_EQ(caller.message(), "node 'n': no more");
  EXPECT_EQ(ended, TFC_STATUS_CANCELLED);
  EXPECT_FALSE(begun);
  // The line is empty again.
  ASSERT_EQ(caller.put(0, 7), TFC_STATUS_OK);
  ASSERT_EQ(caller.take(0), TFC_STATUS_OK);
}

TEST(Tasks, Nest) {
  Scalars model({-1, -1});
  OpenInstance instance(model);
  Caller caller(instance);
  int64_t a = 0, b = 0;
  EXPECT_EQ(caller.run([&](tfc_context_t *context) {
    auto inner = [&](tfc_context_t *c) {
      return runTasks(
          c, {[&](tfc_context_t *d) { return take(d, 0, a); }, [&](tfc_context_t *d) { return put(d, 1, 4); }});
    };
    auto outer = [&](tfc_context_t *c) {
      tfc_status_t status = take(c, 1, b);
      return status ? status : put(c, 0, 3);
    };
    return runTasks(context, {inner, outer});
  }),
            TFC_STATUS_OK);
  EXPECT_EQ(a, 3);
  EXPECT_EQ(b, 4);
  // A failure beside reaches the inner ones.
  EXPECT_EQ(caller.run([&](tfc_context_t *context) {
    auto inner = [&](tfc_context_t *c) { return runTasks(c, {[&](tfc_context_t *d) { return take(d, 0, a); }}); };
    return runTasks(context, {inner, inner, [](tfc_context_t *c) {
                                return tfc_context_fail(c, TFC_STATUS_INTERNAL, nullptr, "beside");
                              }});
  }),
            TFC_STATUS_INTERNAL);
  EXPECT_EQ(caller.message(), "beside");
}

TEST(Tasks, KeepTheirScratchApart) {
  Scalars model({1});
  OpenInstance instance(model);
  Caller caller(instance);
  auto work = [](tfc_context_t *c, bool puts) {
    for (int64_t i = 0; i < 50; ++i) {
      tfc_scratch_enter(c);
      auto *mine = static_cast<int64_t *>(tfc_scratch_allocate(c, 64));
      *mine = i;
      int64_t value = i;
      if (tfc_status_t status = puts ? put(c, 0, i) : take(c, 0, value))
        return status;
      if (*mine != i || value != i)
        return TFC_STATUS_INTERNAL;
      tfc_scratch_leave(c, nullptr, 0);
    }
    tfc_scratch_allocate(c, 64); // left to the end of the task
    return TFC_STATUS_OK;
  };
  EXPECT_EQ(caller.run([&](tfc_context_t *context) {
    auto *own = static_cast<int64_t *>(tfc_scratch_allocate(context, 64));
    *own = 77;
    tfc_status_t status = runTasks(
        context, {[&](tfc_context_t *c) { return work(c, false); }, [&](tfc_context_t *c) { return work(c, true); }});
    return status ? status : *own == 77 ? TFC_STATUS_OK : TFC_STATUS_INTERNAL;
  }),
            TFC_STATUS_OK);
}

TEST(Tasks, CancelAndDeadlineReachAllThatWait) {
  Scalars model({-1});
  OpenInstance instance(model);
  Caller caller(instance);
  int64_t value;
  auto wait = [&](tfc_context_t *context) {
    auto one = [&](tfc_context_t *c) { return take(c, 0, value); };
    return runTasks(context, {one, one, one});
  };
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    tfc_context_cancel(caller.context);
  });
  EXPECT_EQ(caller.run(wait), TFC_STATUS_CANCELLED);
  other.join();
  EXPECT_EQ(caller.message(), "queue 'q': the step was cancelled while it waited");
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  tfc_context_set_deadline(caller.context, now.tv_sec * INT64_C(1000000000) + now.tv_nsec + 20'000'000);
  EXPECT_EQ(caller.run(wait), TFC_STATUS_DEADLINE_EXCEEDED);
}

TEST(Tasks, StepsOfSeveralThreadsWaitForEachOther) {
  Scalars model({2, 2});
  OpenInstance instance(model);
  std::vector<std::thread> threads;
  std::atomic<int64_t> sum{0};
  for (int64_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      Caller caller(instance);
      EXPECT_EQ(caller.run([&](tfc_context_t *context) {
        auto loop = [&](bool puts, int64_t queue) {
          return [&, puts, queue](tfc_context_t *c) {
            for (int64_t i = 0; i < 200; ++i) {
              int64_t value = i;
              if (tfc_status_t status = puts ? put(c, queue, i) : take(c, queue, value))
                return status;
              if (!puts)
                sum += value;
            }
            return TFC_STATUS_OK;
          };
        };
        return runTasks(context, {loop(false, t % 2), loop(true, 1 - t % 2)});
      }),
                TFC_STATUS_OK);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(sum, 4 * 199 * 100);
}

} // namespace
