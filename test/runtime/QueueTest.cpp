// Queues: order, capacity, waiting, closing, cancellation, many threads.
#include "StateHarness.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <time.h>

using namespace tfc::test;
using Values = std::vector<int64_t>;

namespace {

struct Scalars : StateModel {
  explicit Scalars(tfc_queue_kind_t kind = TFC_QUEUE_FIFO, int64_t capacity = -1, int64_t minAfter = 0) {
    queue("q", kind, capacity, {{"", TFC_DTYPE_I64, {}}}, minAfter, /*seed=*/7);
  }
};

int64_t inMilliseconds(int64_t count) {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec + count * 1000000;
}

// A call on a thread of its own that is expected to wait.
class Blocked {
public:
  Blocked(tfc_instance_t *instance, std::function<tfc_status_t(Caller &)> body)
      : caller(instance), thread([this, body = std::move(body)] {
          status = body(caller);
          isDone = true;
        }) {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_FALSE(isDone) << "the call did not wait: " << caller.message();
  }
  ~Blocked() {
    if (thread.joinable())
      thread.join();
  }
  tfc_status_t join() {
    thread.join();
    return status;
  }

  Caller caller;

private:
  std::atomic<bool> isDone{false};
  tfc_status_t status = TFC_STATUS_OK;
  std::thread thread;
};

TEST(Queue, GivesTheOldestFirst) {
  Scalars model;
  OpenInstance instance(model);
  Caller caller(instance);
  Values expected;
  // More than the ring begins with, and around its end.
  for (int64_t round = 0, next = 0; round < 5; ++round) {
    for (int i = 0; i < 13; ++i, ++next) {
      ASSERT_EQ(caller.put(0, next), TFC_STATUS_OK);
      expected.push_back(next);
    }
    for (int i = 0; i < 7; ++i) {
      ASSERT_EQ(caller.take(0), TFC_STATUS_OK);
      EXPECT_EQ(caller.taken(), Values{expected.front()});
      expected.erase(expected.begin());
    }
  }
  EXPECT_EQ(caller.size(0), 30);
  ASSERT_EQ(caller.takeMany(0, 30), TFC_STATUS_OK);
  EXPECT_EQ(caller.taken(), expected);
  ASSERT_EQ(caller.takeMany(0, 0), TFC_STATUS_OK);
  EXPECT_EQ(caller.results[0].shape(), Values{0});
  EXPECT_EQ(caller.takeMany(0, -1), TFC_STATUS_INVALID_ARGUMENT);
}

TEST(Queue, GivesPrioritiesInOrderAndEqualOnesAsTheyCame) {
  StateModel model;
  model.queue("q", TFC_QUEUE_PRIORITY, -1, {{"", TFC_DTYPE_I64, {}}, {"", TFC_DTYPE_I64, {}}});
  OpenInstance instance(model);
  Caller caller(instance);
  std::vector<std::pair<int64_t, int64_t>> expected;
  Sequence random;
  for (int64_t i = 0; i < 200; ++i) {
    Values priority{random.next(9) - 4}, value{i};
    ASSERT_EQ(caller.call(tfc_operation_enqueue, {0, 0}, {tensor(priority, {}), tensor(value, {})}), TFC_STATUS_OK);
    expected.push_back({priority[0], i});
  }
  // Taking too many puts all back as they were.
  caller.close(0);
  Values tooMany{201};
  EXPECT_EQ(caller.call(tfc_operation_dequeue, {0, 0}, {tensor(tooMany, {})},
                        {unbound(TFC_DTYPE_I64, {-1}), unbound(TFC_DTYPE_I64, {-1})}),
            TFC_STATUS_OUT_OF_RANGE);
  EXPECT_EQ(caller.message(), "queue 'q' is closed and has too few elements (wanted 201, has 200)");
  std::sort(expected.begin(), expected.end());
  for (auto [priority, value] : expected) {
    ASSERT_EQ(caller.call(tfc_operation_dequeue, {0, 0}, {}, {unbound(TFC_DTYPE_I64), unbound(TFC_DTYPE_I64)}),
              TFC_STATUS_OK);
    EXPECT_EQ(caller.results[0].values<int64_t>(), Values{priority});
    EXPECT_EQ(caller.results[1].values<int64_t>(), Values{value});
  }
}

TEST(Queue, ShufflesAndKeepsAMinimum) {
  Scalars model(TFC_QUEUE_RANDOM_SHUFFLE, -1, /*minAfter=*/4);
  OpenInstance instance(model);
  Caller caller(instance);
  Values all;
  for (int64_t i = 0; i < 64; ++i)
    all.push_back(i);
  ASSERT_EQ(caller.putMany(0, all), TFC_STATUS_OK);
  ASSERT_EQ(caller.takeMany(0, 60), TFC_STATUS_OK);
  Values taken = caller.taken();
  EXPECT_FALSE(std::is_sorted(taken.begin(), taken.end()));
  tfc_context_set_deadline(caller.context, inMilliseconds(10));
  EXPECT_EQ(caller.take(0), TFC_STATUS_DEADLINE_EXCEEDED);
  EXPECT_EQ(caller.size(0), 4);
  // The minimum no longer holds once the queue is closed.
  ASSERT_EQ(caller.close(0), TFC_STATUS_OK);
  ASSERT_EQ(caller.takeMany(0, 4), TFC_STATUS_OK);
  for (int64_t value : caller.taken())
    taken.push_back(value);
  std::sort(taken.begin(), taken.end());
  EXPECT_EQ(taken, all);
}

TEST(Queue, TakesManyOutOfASmallShufflingQueue) {
  Scalars model(TFC_QUEUE_RANDOM_SHUFFLE, /*capacity=*/4, /*minAfter=*/2);
  OpenInstance instance(model);
  Blocked consumer(instance, [](Caller &caller) { return caller.takeMany(0, 10); });
  Caller caller(instance);
  for (int64_t i = 0; i < 12; ++i)
    ASSERT_EQ(caller.put(0, i), TFC_STATUS_OK);
  EXPECT_EQ(consumer.join(), TFC_STATUS_OK);
  EXPECT_EQ(caller.size(0), 2);
}

TEST(Queue, PadsToACommonShape) {
  StateModel model;
  model.queue("q", TFC_QUEUE_PADDING_FIFO, -1, {{"", TFC_DTYPE_I64, {TFC_DIM_DYNAMIC, TFC_DIM_DYNAMIC}}});
  OpenInstance instance(model);
  Caller caller(instance);
  Values a{1, 2, 3}, b{4, 5}, c{};
  for (tfc_tensor_t part : {tensor(a, {1, 3}), tensor(b, {2, 1}), tensor(c, {0, 2})})
    ASSERT_EQ(caller.call(tfc_operation_enqueue, {0, 0}, {part}), TFC_STATUS_OK);
  Values count{3};
  ASSERT_EQ(caller.call(tfc_operation_dequeue, {0, 0}, {tensor(count, {})}, {unbound(TFC_DTYPE_I64, {-1, -1, -1})}),
            TFC_STATUS_OK);
  EXPECT_EQ(caller.results[0].shape(), (Values{3, 2, 3}));
  EXPECT_EQ(caller.taken(), (Values{1, 2, 3, 0, 0, 0, 4, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0}));
}

TEST(Queue, RefusesShapesThatDoNotFit) {
  StateModel model;
  model.queue("q", TFC_QUEUE_FIFO, -1, {{"", TFC_DTYPE_I64, {2}}, {"", TFC_DTYPE_I64, {TFC_DIM_DYNAMIC}}});
  OpenInstance instance(model);
  Caller caller(instance);
  Values two{1, 2}, three{1, 2, 3}, six{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(caller.call(tfc_operation_enqueue, {0, 0}, {tensor(three, {3}), tensor(two, {2})}),
            TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(caller.message(), "queue 'q': dimension 0 of component 0 is 3, expected 2");
  EXPECT_EQ(caller.call(tfc_operation_enqueue, {0, 1}, {tensor(six, {3, 2}), tensor(six, {2, 3})}),
            TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(caller.message(), "queue 'q': component 1 has 2 elements, expected 3");
  ASSERT_EQ(caller.call(tfc_operation_enqueue, {0, 0}, {tensor(two, {2}), tensor(two, {2})}), TFC_STATUS_OK);
  ASSERT_EQ(caller.call(tfc_operation_enqueue, {0, 0}, {tensor(two, {2}), tensor(three, {3})}), TFC_STATUS_OK);
  Values count{2};
  EXPECT_EQ(caller.call(tfc_operation_dequeue, {0, 0}, {tensor(count, {})},
                        {unbound(TFC_DTYPE_I64, {-1, 2}), unbound(TFC_DTYPE_I64, {-1, -1})}),
            TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(caller.message(), "queue 'q': component 1 has elements of different shapes");
}

TEST(Queue, EnqueueWaitsForRoom) {
  Scalars model(TFC_QUEUE_FIFO, /*capacity=*/2);
  OpenInstance instance(model);
  Blocked producer(instance, [](Caller &caller) { return caller.putMany(0, {1, 2, 3, 4, 5}); });
  Caller caller(instance);
  EXPECT_EQ(caller.size(0), 2);
  ASSERT_EQ(caller.takeMany(0, 4), TFC_STATUS_OK);
  EXPECT_EQ(caller.taken(), (Values{1, 2, 3, 4}));
  EXPECT_EQ(producer.join(), TFC_STATUS_OK);
  EXPECT_EQ(caller.size(0), 1);
}

TEST(Queue, ClosingLetsWaitingEnqueuesThroughAndTurnsLaterOnesAway) {
  Scalars model(TFC_QUEUE_FIFO, /*capacity=*/1);
  OpenInstance instance(model);
  Caller caller(instance);
  ASSERT_EQ(caller.put(0, 1), TFC_STATUS_OK);
  Blocked early(instance, [](Caller &other) { return other.put(0, 2); });
  Blocked closing(instance, [](Caller &other) { return other.close(0); });
  Blocked late(instance, [](Caller &other) { return other.put(0, 3); });
  EXPECT_EQ(caller.number(tfc_operation_queue_is_closed, 0), 0);
  ASSERT_EQ(caller.take(0), TFC_STATUS_OK);
  EXPECT_EQ(early.join(), TFC_STATUS_OK);
  EXPECT_EQ(closing.join(), TFC_STATUS_OK);
  EXPECT_EQ(late.join(), TFC_STATUS_CANCELLED);
  EXPECT_EQ(late.caller.message(), "queue 'q' is closed");
  EXPECT_EQ(caller.number(tfc_operation_queue_is_closed, 0), 1);
  EXPECT_EQ(caller.close(0), TFC_STATUS_CANCELLED);
  EXPECT_EQ(caller.message(), "queue 'q' is closed already");
  ASSERT_EQ(caller.take(0), TFC_STATUS_OK);
  EXPECT_EQ(caller.taken(), Values{2});
  EXPECT_EQ(caller.take(0), TFC_STATUS_OUT_OF_RANGE);
}

TEST(Queue, ClosingWithCancelEndsWaitingEnqueues) {
  Scalars model(TFC_QUEUE_FIFO, /*capacity=*/1);
  OpenInstance instance(model);
  Caller caller(instance);
  Blocked producer(instance, [](Caller &other) { return other.putMany(0, {1, 2}); });
  Blocked closing(instance, [](Caller &other) { return other.close(0); });
  ASSERT_EQ(caller.close(0, /*cancel=*/true), TFC_STATUS_OK);
  EXPECT_EQ(producer.join(), TFC_STATUS_CANCELLED);
  EXPECT_EQ(closing.join(), TFC_STATUS_CANCELLED);
  ASSERT_EQ(caller.take(0), TFC_STATUS_OK);
  EXPECT_EQ(caller.taken(), Values{1});
  EXPECT_EQ(caller.take(0), TFC_STATUS_OUT_OF_RANGE);
}

TEST(Queue, ClosingEndsWaitingDequeues) {
  Scalars model;
  OpenInstance instance(model);
  Caller caller(instance);
  ASSERT_EQ(caller.putMany(0, {1, 2, 3}), TFC_STATUS_OK);
  Blocked many(instance, [](Caller &other) { return other.takeMany(0, 4); });
  ASSERT_EQ(caller.close(0), TFC_STATUS_OK);
  EXPECT_EQ(many.join(), TFC_STATUS_OUT_OF_RANGE);
  // What it had taken is back, and in order.
  ASSERT_EQ(caller.takeMany(0, 5, /*upTo=*/true), TFC_STATUS_OK);
  EXPECT_EQ(caller.taken(), (Values{1, 2, 3}));
  EXPECT_EQ(caller.takeMany(0, 5, /*upTo=*/true), TFC_STATUS_OUT_OF_RANGE);
}

// A consumer that sleeps while enqueues are turned away behind the one who closes.
TEST(Queue, NobodySleepsThroughAClose) {
  for (int round = 0; round < 200; ++round) {
    Scalars model(TFC_QUEUE_FIFO, /*capacity=*/1);
    OpenInstance instance(model);
    std::vector<std::thread> threads;
    std::atomic<int> ended{0}, closed{0};
    for (int t = 0; t < 6; ++t)
      threads.emplace_back([&, t] {
        Caller caller(instance);
        if (t < 2)
          while (caller.put(0, t) == TFC_STATUS_OK)
            ;
        else if (t < 5)
          while (caller.take(0) == TFC_STATUS_OK)
            ;
        else
          closed += caller.close(0) == TFC_STATUS_OK;
        ++ended;
      });
    for (std::thread &thread : threads)
      thread.join();
    EXPECT_EQ(ended, 6);
    EXPECT_EQ(closed, 1);
  }
}

TEST(Queue, CancelEndsTheWaitOfAStep) {
  Scalars model;
  OpenInstance instance(model);
  Caller caller(instance);
  ASSERT_EQ(caller.putMany(0, {1, 2}), TFC_STATUS_OK);
  Blocked consumer(instance, [](Caller &other) { return other.takeMany(0, 3); });
  tfc_context_cancel(consumer.caller.context);
  EXPECT_EQ(consumer.join(), TFC_STATUS_CANCELLED);
  EXPECT_EQ(consumer.caller.message(), "queue 'q': the step was cancelled while it waited");
  ASSERT_EQ(caller.takeMany(0, 2), TFC_STATUS_OK);
  EXPECT_EQ(caller.taken(), (Values{1, 2}));
  // The next step of the context is not affected.
  ASSERT_EQ(caller.put(0, 3), TFC_STATUS_OK);
  EXPECT_EQ(consumer.caller.take(0), TFC_STATUS_OK);
}

TEST(Queue, WhoLeavesTheLineLetsTheNextOneGo) {
  Scalars model;
  OpenInstance instance(model);
  Blocked greedy(instance, [](Caller &other) { return other.takeMany(0, 2); });
  Blocked modest(instance, [](Caller &other) { return other.take(0); });
  Caller caller(instance);
  ASSERT_EQ(caller.put(0, 1), TFC_STATUS_OK);
  tfc_context_cancel(greedy.caller.context);
  EXPECT_EQ(greedy.join(), TFC_STATUS_CANCELLED);
  EXPECT_EQ(modest.join(), TFC_STATUS_OK);
  EXPECT_EQ(modest.caller.taken(), Values{1});
}

TEST(Queue, DeadlineEndsTheWaitOfAStep) {
  Scalars model(TFC_QUEUE_FIFO, /*capacity=*/1);
  OpenInstance instance(model);
  Caller caller(instance);
  tfc_context_set_deadline(caller.context, inMilliseconds(20));
  EXPECT_EQ(caller.take(0), TFC_STATUS_DEADLINE_EXCEEDED);
  EXPECT_EQ(caller.message(), "queue 'q': the deadline passed while the step waited");
  // Whoever need not wait does not fail.
  ASSERT_EQ(caller.put(0, 1), TFC_STATUS_OK);
  EXPECT_EQ(caller.put(0, 2), TFC_STATUS_DEADLINE_EXCEEDED);
  tfc_context_set_deadline(caller.context, 0);
  EXPECT_EQ(caller.take(0), TFC_STATUS_OK);
}

TEST(Queue, InstancesHaveTheirOwn) {
  Scalars model;
  OpenInstance one(model), two(model);
  Caller first(one), second(two);
  ASSERT_EQ(first.put(0, 1), TFC_STATUS_OK);
  EXPECT_EQ(first.size(0), 1);
  EXPECT_EQ(second.size(0), 0);
}

void runProducersAndConsumers(tfc_queue_kind_t kind, int64_t capacity, int64_t minAfter) {
  Scalars model(kind, capacity, minAfter);
  OpenInstance instance(model);
  constexpr int64_t perProducer = 2000;
  std::vector<Values> taken(4);
  std::vector<std::thread> producers, consumers;
  for (int64_t t = 0; t < 4; ++t) {
    producers.emplace_back([&, t] {
      Caller caller(instance);
      for (int64_t i = 0; i < perProducer;) {
        int64_t first = t * perProducer + i;
        if (i % 5 == 0) {
          ASSERT_EQ(caller.putMany(0, {first, first + 1, first + 2}), TFC_STATUS_OK);
          i += 3;
        } else {
          ASSERT_EQ(caller.put(0, first), TFC_STATUS_OK);
          ++i;
        }
      }
    });
    consumers.emplace_back([&, t] {
      Caller caller(instance);
      for (int64_t i = 0;; ++i) {
        tfc_status_t status = i % 3 ? caller.take(0) : caller.takeMany(0, 4, /*upTo=*/true);
        if (status == TFC_STATUS_OUT_OF_RANGE)
          return;
        ASSERT_EQ(status, TFC_STATUS_OK) << caller.message();
        for (int64_t value : caller.taken())
          taken[t].push_back(value);
      }
    });
  }
  for (std::thread &thread : producers)
    thread.join();
  Caller caller(instance);
  ASSERT_EQ(caller.close(0), TFC_STATUS_OK);
  for (std::thread &thread : consumers)
    thread.join();
  Values all, expected;
  for (const Values &part : taken)
    all.insert(all.end(), part.begin(), part.end());
  // The last enqueue of a producer may go beyond its range; every number once or, there, twice.
  for (int64_t t = 0; t < 4; ++t)
    for (int64_t i = 0; i < perProducer;) {
      int64_t step = i % 5 == 0 ? 3 : 1;
      for (int64_t k = 0; k < step; ++k)
        expected.push_back(t * perProducer + i + k);
      i += step;
    }
  std::sort(all.begin(), all.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(all, expected);
}

TEST(Queue, EightThreadsLoseNothing) {
  runProducersAndConsumers(TFC_QUEUE_FIFO, 8, 0);
  runProducersAndConsumers(TFC_QUEUE_FIFO, -1, 0);
  runProducersAndConsumers(TFC_QUEUE_RANDOM_SHUFFLE, 16, 3);
  runProducersAndConsumers(TFC_QUEUE_PRIORITY, 8, 0);
}

} // namespace
