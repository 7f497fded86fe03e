// Queue runners: filling, closing at the end, failures, stopping.
#include "StateHarness.h"
#include "base/context.h"

#include <atomic>

using namespace tfc::test;

namespace {

// Steps: 0 enqueues what `next` gives, or its status; 1 closes, 2 closes with cancel, 3 dequeues.
std::atomic<int64_t> counter, last, sum;
std::atomic<tfc_status_t> ending;

tfc_status_t enqueueNext(tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
  int64_t value = counter++;
  if (value >= last)
    return tfc_context_fail(context, ending, nullptr, "no more");
  tfc_tensor_t input{};
  input.data = &value;
  input.size = sizeof(value);
  input.dtype = TFC_DTYPE_I64;
  const int64_t parameters[] = {0, 0};
  return tfc_operation_enqueue(context, &input, 1, nullptr, 0, parameters);
}
tfc_status_t closeQueue(tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
  const int64_t parameters[] = {0, 0};
  return tfc_operation_queue_close(context, nullptr, 0, nullptr, 0, parameters);
}
tfc_status_t cancelQueue(tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
  const int64_t parameters[] = {0, 1};
  return tfc_operation_queue_close(context, nullptr, 0, nullptr, 0, parameters);
}
tfc_status_t dequeue(tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
  tfc_tensor_t output = unbound(TFC_DTYPE_I64);
  const int64_t parameters[] = {0, 0};
  tfc_status_t status = tfc_operation_dequeue(context, nullptr, 0, &output, 1, parameters);
  if (status == TFC_STATUS_OK)
    sum += *static_cast<int64_t *>(output.data);
  return status;
}

class Runners : public testing::Test {
protected:
  Runners() {
    model.queue("q", TFC_QUEUE_FIFO, 4, {{"", TFC_DTYPE_I64, {}}});
    const tfc_step_entry_t entries[] = {enqueueNext, closeQueue, cancelQueue, dequeue};
    for (int i = 0; i < 4; ++i) {
      steps[i].name = "s";
      steps[i].entry = entries[i];
    }
    runner = {"q", enqueue, 2, 1, 2, 0};
    model.model.steps = steps;
    model.model.step_count = 4;
    model.model.queue_runners = &runner;
    model.model.queue_runner_count = 1;
    counter = sum = 0;
    last = 1000;
    ending = TFC_STATUS_OUT_OF_RANGE;
  }

  StateModel model;
  tfc_step_t steps[4]{};
  int32_t enqueue[2] = {0, 0};
  tfc_queue_runner_t runner{};
};

TEST_F(Runners, CloseTheQueueAtTheEnd) {
  OpenInstance instance(model);
  tfc_context_t *context;
  ASSERT_EQ(tfc_context_create(instance, &context), TFC_STATUS_OK);
  tfc_queue_runners_t *runners;
  ASSERT_EQ(tfc_queue_runners_start(instance, &runners), TFC_STATUS_OK);
  tfc_status_t status;
  while ((status = tfc_step_run(context, &steps[3], nullptr, nullptr)) == TFC_STATUS_OK)
    ;
  EXPECT_EQ(status, TFC_STATUS_OUT_OF_RANGE);
  EXPECT_EQ(sum, 999 * 500);
  char message[64] = "x";
  EXPECT_EQ(tfc_queue_runners_stop(runners, message, sizeof(message)), TFC_STATUS_OK);
  EXPECT_STREQ(message, "");
  tfc_context_destroy(context);
}

TEST_F(Runners, TellTheFirstFailure) {
  OpenInstance instance(model);
  tfc_context_t *context;
  ASSERT_EQ(tfc_context_create(instance, &context), TFC_STATUS_OK);
  ending = TFC_STATUS_DATA_LOSS;
  last = 2;
  tfc_queue_runners_t *runners;
  ASSERT_EQ(tfc_queue_runners_start(instance, &runners), TFC_STATUS_OK);
  // Cancelling has closed the queue.
  tfc_status_t status;
  while ((status = tfc_step_run(context, &steps[3], nullptr, nullptr)) == TFC_STATUS_OK)
    ;
  EXPECT_EQ(status, TFC_STATUS_OUT_OF_RANGE);
  char message[64];
  EXPECT_EQ(tfc_queue_runners_stop(runners, message, sizeof(message)), TFC_STATUS_DATA_LOSS);
  EXPECT_STREQ(message, "no more");
  tfc_context_destroy(context);
}

TEST_F(Runners, StopWhileTheyWait) {
  for (int32_t cancel : {2, -1}) {
    runner.cancel = cancel;
    counter = 0;
    OpenInstance instance(model);
    tfc_queue_runners_t *runners;
    ASSERT_EQ(tfc_queue_runners_start(instance, &runners), TFC_STATUS_OK);
    while (counter < 6)
      sched_yield();
    EXPECT_EQ(tfc_queue_runners_stop(runners, nullptr, 0), TFC_STATUS_OK);
  }
  EXPECT_EQ(tfc_queue_runners_stop(nullptr, nullptr, 0), TFC_STATUS_OK);
}

TEST_F(Runners, AModelMayHaveNone) {
  model.model.queue_runner_count = 0;
  OpenInstance instance(model);
  tfc_queue_runners_t *runners;
  EXPECT_EQ(tfc_queue_runners_start(instance, &runners), TFC_STATUS_NOT_FOUND);
  EXPECT_EQ(tfc_queue_runners_start(nullptr, &runners), TFC_STATUS_INVALID_ARGUMENT);
}

} // namespace
