// How many scalars go through a FIFO queue between two threads, each calling a compiled step
// for every one, and what the calls cost without the other thread.
#include "queue.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

void check(tfc_status_t status, const char *what) {
  if (status == TFC_STATUS_OK)
    return;
  std::fprintf(stderr, "%s: %s\n", what, tfc_status_name(status));
  std::exit(1);
}

class Context {
public:
  explicit Context(tfc_instance_t *instance) {
    check(queue_context_create(instance, &handle), "context");
    putIn.x = queue_put_input_x(&value);
    takeOut.take = queue_take_output_take(&value);
  }
  ~Context() { tfc_context_destroy(handle); }

  void put(int64_t i) {
    value = float(i);
    check(queue_put(handle, &putIn, nullptr), "put");
  }
  void take(int64_t i) {
    check(queue_take(handle, nullptr, &takeOut), "take");
    if (value == float(i))
      return;
    std::fprintf(stderr, "took %g, expected %g\n", double(value), double(i));
    std::exit(1);
  }

private:
  tfc_context_t *handle = nullptr;
  float value = 0;
  queue_put_in_t putIn{};
  queue_take_out_t takeOut{};
};

/// Runs `body` and prints how many times a second it did one of `count`.
template <typename Body> double measure(int64_t count, Body body) {
  auto begin = std::chrono::steady_clock::now();
  body();
  return double(count) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

} // namespace

int main(int argc, char **argv) {
  int64_t count = argc > 1 ? std::atoll(argv[1]) : 2'000'000;
  tfc_instance_t *instance = nullptr;
  check(queue_open(nullptr, &instance), "open");
  double both = 0, alone = 0;
  for (int round = 0; round < 5; ++round) {
    both = std::max(both, measure(count, [&] {
                      std::thread producer([&] {
                        Context context(instance);
                        for (int64_t i = 0; i < count; ++i)
                          context.put(i % 1000);
                      });
                      Context context(instance);
                      for (int64_t i = 0; i < count; ++i)
                        context.take(i % 1000);
                      producer.join();
                    }));
    alone = std::max(alone, measure(count, [&] {
                       Context context(instance);
                       for (int64_t i = 0; i < count; ++i) {
                         context.put(i % 1000);
                         context.take(i % 1000);
                       }
                     }));
  }
  std::printf("two threads: %.2f M elements/s\none thread:  %.0f ns for an enqueue and a dequeue\n", both * 1e-6,
              1e9 / alone);
  queue_close(instance);
}
