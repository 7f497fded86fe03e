// Threads that fill queues while the application runs other steps.
#include "base/context.h"
#include "task/futex.h"

#include <pthread.h>
#include <string.h>

using namespace tfc::rt;

namespace {

struct RunnerThread {
  tfc_queue_runners_t *runners;
  const tfc_queue_runner_t *runner;
  int32_t step, number; // of the runner
  tfc_context_t *context;
  pthread_t handle;
};

} // namespace

struct tfc_queue_runners_t {
  explicit tfc_queue_runners_t(tfc_instance_t *instance) : instance(instance) {}

  tfc_instance_t *instance;
  RunnerThread *threads = nullptr;
  std::atomic<int32_t> *left = nullptr; // by runner: threads that have not ended
  int32_t started = 0;
  std::atomic<uint32_t> running{0}; // threads of all runners; what the one who stops waits on
  std::atomic<bool> stopping{false};
  Mutex mutex;
  tfc_status_t status TFC_GUARDED_BY(mutex) = TFC_STATUS_OK;
  char text[sizeof(tfc_context_t::text)] TFC_GUARDED_BY(mutex) = "";
};

static tfc_status_t runStep(tfc_context_t *context, int32_t number) {
  return tfc_step_run(context, &context->instance->model->steps[number], nullptr, nullptr);
}

// Makes all threads end: those that wait for a queue find it closed.
static void cancelAll(tfc_queue_runners_t &runners, tfc_context_t *context) {
  if (runners.stopping.exchange(true))
    return;
  const tfc_model_t &model = *runners.instance->model;
  // A queue that is closed already is as good as one that is closed now.
  for (int32_t i = 0; i < model.queue_runner_count; ++i)
    if (model.queue_runners[i].cancel >= 0)
      runStep(context, model.queue_runners[i].cancel);
}

static void fail(tfc_queue_runners_t &runners, tfc_context_t *context, tfc_status_t status) {
  {
    MutexLock lock(runners.mutex);
    if (runners.status == TFC_STATUS_OK) {
      runners.status = status;
      memcpy(runners.text, context->text, sizeof(runners.text));
    }
  }
  cancelAll(runners, context);
}

static void *run(void *argument) {
  auto &thread = *static_cast<RunnerThread *>(argument);
  tfc_queue_runners_t &runners = *thread.runners;
  tfc_status_t status = TFC_STATUS_OK;
  while (status == TFC_STATUS_OK && !runners.stopping.load())
    status = runStep(thread.context, thread.step);
  bool isPlanned = status == TFC_STATUS_OUT_OF_RANGE || thread.runner->closed >> status & 1;
  if (status != TFC_STATUS_OK && !isPlanned && !runners.stopping.load())
    fail(runners, thread.context, status);
  // The status of closing a queue that somebody else has closed says nothing.
  if (runners.left[thread.number].fetch_sub(1) == 1 && isPlanned && thread.runner->close >= 0)
    runStep(thread.context, thread.runner->close);
  runners.running.fetch_sub(1);
  futexWake(runners.running, 1);
  return nullptr;
}

tfc_status_t tfc_queue_runners_start(tfc_instance_t *instance, tfc_queue_runners_t **outRunners) {
  if (outRunners)
    *outRunners = nullptr;
  if (!instance || !outRunners)
    return TFC_STATUS_INVALID_ARGUMENT;
  const tfc_model_t &model = *instance->model;
  if (model.queue_runner_count == 0)
    return TFC_STATUS_NOT_FOUND;
  uint64_t count = 0;
  for (int32_t i = 0; i < model.queue_runner_count; ++i)
    count += model.queue_runners[i].enqueue_count;
  uint64_t threadsOffset = (sizeof(tfc_queue_runners_t) + 7) & ~uint64_t(7);
  uint64_t leftOffset = threadsOffset + sizeof(RunnerThread) * count;
  auto *memory = static_cast<char *>(
      allocate(instance->allocator, leftOffset + sizeof(std::atomic<int32_t>) * model.queue_runner_count));
  if (!memory)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  auto *runners = new (TfcPlacement{memory}) tfc_queue_runners_t(instance);
  runners->threads = reinterpret_cast<RunnerThread *>(memory + threadsOffset);
  runners->left = reinterpret_cast<std::atomic<int32_t> *>(memory + leftOffset);
  tfc_status_t status = TFC_STATUS_OK;
  for (int32_t i = 0; i < model.queue_runner_count; ++i)
    new (TfcPlacement{&runners->left[i]}) std::atomic<int32_t>(model.queue_runners[i].enqueue_count);
  for (int32_t i = 0; i < model.queue_runner_count && status == TFC_STATUS_OK; ++i)
    for (int32_t k = 0; k < model.queue_runners[i].enqueue_count && status == TFC_STATUS_OK; ++k) {
      RunnerThread &thread = runners->threads[runners->started];
      thread = {runners, &model.queue_runners[i], model.queue_runners[i].enqueue[k], i, nullptr, {}};
      status = tfc_context_create(instance, &thread.context);
      if (status != TFC_STATUS_OK)
        break;
      runners->running.fetch_add(1);
      if (pthread_create(&thread.handle, nullptr, run, &thread) == 0) {
        ++runners->started;
        continue;
      }
      runners->running.fetch_sub(1);
      tfc_context_destroy(thread.context);
      status = TFC_STATUS_RESOURCE_EXHAUSTED;
    }
  if (status == TFC_STATUS_OK)
    *outRunners = runners;
  else
    tfc_queue_runners_stop(runners, nullptr, 0);
  return status;
}

tfc_status_t tfc_queue_runners_stop(tfc_queue_runners_t *runners, char *message, uint64_t messageCapacity) {
  if (message && messageCapacity)
    message[0] = '\0';
  if (!runners)
    return TFC_STATUS_OK;
  tfc_context_t *context = nullptr;
  if (tfc_context_create(runners->instance, &context) == TFC_STATUS_OK)
    cancelAll(*runners, context);
  runners->stopping.store(true);
  tfc_context_destroy(context);
  // Cancelling counts for the step that runs, which may be about to begin: again and again.
  constexpr int64_t interval = 1'000'000;
  while (uint32_t running = runners->running.load()) {
    for (int32_t i = 0; i < runners->started; ++i)
      tfc_context_cancel(runners->threads[i].context);
    futexWait(runners->running, running, now() + interval);
  }
  for (int32_t i = 0; i < runners->started; ++i) {
    pthread_join(runners->threads[i].handle, nullptr);
    tfc_context_destroy(runners->threads[i].context);
  }
  tfc_status_t status;
  {
    MutexLock lock(runners->mutex); // for the analysis: nobody else is left
    status = runners->status;
    if (status != TFC_STATUS_OK && message && messageCapacity) {
      strncpy(message, runners->text, messageCapacity - 1);
      message[messageCapacity - 1] = '\0';
    }
  }
  tfc_allocator_t allocator = runners->instance->allocator;
  release(allocator, runners);
  return status;
}
