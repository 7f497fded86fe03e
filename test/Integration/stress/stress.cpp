// Eight threads call a mix of steps of two instances for SECONDS, each with contexts of its own,
// and check all that they see; at the end, what has been done to each instance adds up.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include "state.h"

#define EXPECT(condition)                                                                                              \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      std::fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition);                               \
      std::abort();                                                                                                    \
    }                                                                                                                  \
  } while (0)
#define RUN(context, call)                                                                                             \
  do {                                                                                                                 \
    if ((call) != TFC_STATUS_OK) {                                                                                     \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, tfc_context_message(context));                           \
      std::abort();                                                                                                    \
    }                                                                                                                  \
  } while (0)

namespace {

constexpr int kThreads = 8, kInstances = 2, kElements = 256 * 4, kRow = 8;

// All that threads have done to an instance, and how often they have looked.
struct Sums {
  std::atomic<int64_t> amounts{0}, gradients{0}, put{0}, taken{0}, calls{0};
};

// A value that nobody tears has equal elements.
float onlyValue(const float *data, int count) {
  for (int i = 1; i < count; ++i)
    EXPECT(data[i] == data[0]);
  return data[0];
}

// A variable that only grows, as another kind of reader sees it.
float get(tfc_instance_t *instance, const char *name) {
  std::vector<float> data(kElements);
  tfc_tensor_t tensor{};
  tensor.data = data.data();
  tensor.size = data.size() * sizeof(float);
  EXPECT(state_get(instance, name, &tensor) == TFC_STATUS_OK);
  return onlyValue(data.data(), kElements);
}

class Caller {
public:
  Caller(tfc_instance_t *instance, Sums &sums) : instance(instance), sums(sums) {
    EXPECT(state_context_create(instance, &context) == TFC_STATUS_OK);
  }
  ~Caller() { tfc_context_destroy(context); }
  Caller(const Caller &) = delete;

  void call(unsigned choice) {
    switch (choice % 5) {
    case 0: return add(1 + choice % 7);
    case 1: return train(1 + choice % 3);
    case 2: return predict(1 + choice % 9);
    case 3: return exchange(choice % 1000);
    case 4: return look();
    }
  }

private:
  void add(int64_t amount) {
    int64_t total = 0;
    state_add_in_t in = {state_add_input_amount(&amount)};
    state_add_out_t out = {state_add_output_total(&total)};
    RUN(context, state_add(context, &in, &out));
    EXPECT(total >= lastTotal + amount);
    lastTotal = total;
    sums.amounts += amount;
    ++sums.calls;
  }

  void train(int64_t gradient) {
    std::vector<float> values(kElements, float(gradient));
    state_train_in_t in = {state_train_input_gradient(values.data())};
    state_train_out_t out;
    RUN(context, state_train(context, &in, &out));
    sums.gradients += gradient;
    ++sums.calls;
  }

  void predict(int64_t rows) {
    std::vector<float> x(rows * 256, 1.0f), y(rows * 4), p(kElements);
    state_predict_in_t in = {state_predict_input_x(x.data(), rows)};
    state_predict_out_t out = {state_predict_output_y(y.data(), rows), state_predict_output_p_value(p.data())};
    RUN(context, state_predict(context, &in, &out));
    float now = onlyValue(y.data(), int(y.size()));
    EXPECT(now >= lastPrediction);
    lastPrediction = now;
    onlyValue(p.data(), kElements);
    ++sums.calls;
  }

  // As many go in as come out, so nobody waits for good.
  void exchange(int64_t id) {
    std::vector<float> row(kRow, float(id));
    state_put_in_t in = {state_put_input_id(&id), state_put_input_row(row.data())};
    state_put_out_t none;
    RUN(context, state_put(context, &in, &none));
    sums.put += id;
    int64_t other = -1;
    state_take_out_t out = {state_take_output_take(&other), state_take_output_take_1(row.data())};
    state_take_in_t nothing;
    RUN(context, state_take(context, &nothing, &out));
    EXPECT(onlyValue(row.data(), kRow) == float(other));
    sums.taken += other;
    sums.calls += 2;
  }

  void look() {
    float m = get(instance, "m");
    EXPECT(m >= lastMomentum);
    lastMomentum = m;
    get(instance, "p");
    ++sums.calls;
  }

  tfc_instance_t *instance;
  Sums &sums;
  tfc_context_t *context = nullptr;
  int64_t lastTotal = 0;
  float lastPrediction = 0, lastMomentum = 0;
};

} // namespace

int main(int argc, char **argv) {
  double seconds = argc > 1 ? std::atof(argv[1]) : 1;
  tfc_instance_t *instances[kInstances];
  Sums sums[kInstances];
  for (tfc_instance_t *&instance : instances) {
    EXPECT(state_open(nullptr, &instance) == TFC_STATUS_OK);
    tfc_context_t *context;
    EXPECT(state_context_create(instance, &context) == TFC_STATUS_OK);
    state_init_in_t in;
    state_init_out_t out;
    RUN(context, state_init(context, &in, &out));
    tfc_context_destroy(context);
  }
  auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      Caller first(instances[0], sums[0]), second(instances[1], sums[1]);
      std::minstd_rand random(t + 1);
      while (std::chrono::steady_clock::now() < end)
        (random() % 2 ? first : second).call(unsigned(random() >> 4));
    });
  for (std::thread &thread : threads)
    thread.join();

  int64_t calls = 0;
  for (int i = 0; i < kInstances; ++i) {
    int64_t count = 0;
    tfc_tensor_t tensor{};
    tensor.data = &count;
    tensor.size = sizeof(count);
    EXPECT(state_get(instances[i], "count", &tensor) == TFC_STATUS_OK);
    EXPECT(count == sums[i].amounts);
    // Exact up to 2^24.
    EXPECT(sums[i].gradients < 1 << 24);
    EXPECT(get(instances[i], "w") == float(sums[i].gradients));
    EXPECT(get(instances[i], "m") == float(sums[i].gradients));
    EXPECT(sums[i].put == sums[i].taken);
    calls += sums[i].calls;
    state_close(instances[i]);
  }
  std::printf("%lld calls by %d threads in %g s: all right\n", (long long)calls, kThreads, seconds);
  return 0;
}
