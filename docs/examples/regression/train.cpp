// Learns y = 2 x0 - 3 x1 + 1 from examples that a second thread makes and hands over through a
// queue of the graph; keeps what was learned in a checkpoint.
#include "regression.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace regression = tfc::models::regression;

// Ends the program with the reason if a call failed.
static void check(tfc_status_t status, const char *what, const char *why = "") {
  if (status == TFC_STATUS_OK)
    return;
  std::fprintf(stderr, "%s: %s: %s\n", what, tfc_status_name(status), why);
  std::exit(1);
}

// The caller of the steps on one thread.
static tfc::Context contextOf(const tfc::Instance &instance) {
  tfc::Context context;
  check(instance.createContext(context), "context");
  return context;
}

// Puts examples into the queue, which makes it wait when training is slower, and closes it.
static void feed(const tfc::Instance &instance, int count) {
  tfc::Context context = contextOf(instance);
  unsigned state = 1;
  auto next = [&state] { // uniform in [-1, 1)
    state = state * 1664525u + 1013904223u;
    return float(state >> 8) / float(1 << 23) - 1;
  };
  for (int i = 0; i < count; ++i) {
    float x[] = {next(), next()}, y = 2 * x[0] - 3 * x[1] + 1;
    regression::enqueue_in in = {regression_enqueue_input_x(x), regression_enqueue_input_y(&y)};
    regression::enqueue_out out = {};
    check(regression::run_enqueue(context, in, out), "enqueue", context.message());
  }
  regression::finish_out out = {};
  check(regression::run_finish(context, {}, out), "finish", context.message());
}

static float predict(const tfc::Instance &instance, float x0, float x1) {
  tfc::Context context = contextOf(instance);
  float x[] = {x0, x1};
  regression::predict_in in = {regression_predict_input_inputs(x, 1)};
  regression::predict_out out = {};
  check(regression::run_predict(context, in, out), "predict", context.message());
  return tfc::view<float>(out.prediction)[0];
}

int main(int argc, char **argv) {
  const char *path = argc > 1 ? argv[1] : "regression.safetensors";
  tfc::Instance instance;
  check(regression::open(instance), "open");
  tfc::Context context = contextOf(instance);
  regression::init_out done = {};
  check(regression::run_init(context, {}, done), "init", context.message());

  std::thread feeder([&instance] { feed(instance, 4000); });
  int steps = 0;
  float loss = 0;
  for (;; ++steps) {
    regression::train_out out = {};
    tfc_status_t status = regression::run_train(context, {}, out);
    if (status == TFC_STATUS_OUT_OF_RANGE) // the queue is closed and empty
      break;
    check(status, "train", context.message());
    loss = tfc::view<float>(out.loss)[0];
  }
  feeder.join();
  std::printf("%d steps, loss %.6f\n", steps, double(loss));
  check(instance.save(path), "save");

  // Another instance begins with nothing, and goes on from the checkpoint.
  tfc::Instance other;
  check(regression::open(other), "open");
  check(other.restore(path), "restore");
  float learned = predict(other, 0.5f, -0.25f);
  std::printf("2 * 0.5 + 3 * 0.25 + 1 = %.3f\n", double(learned));
  return std::fabs(learned - 2.75f) < 0.01f ? 0 : 1;
}
