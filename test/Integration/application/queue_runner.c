/* Threads of a graph's queue runner fill a queue until the input ends. */
#include "expect.h"
#include "counter.h"

int main(void) {
  tfc_instance_t *instance;
  tfc_context_t *context;
  EXPECT(counter_open(0, &instance) == TFC_STATUS_OK);
  EXPECT(counter_context_create(instance, &context) == TFC_STATUS_OK);
  EXPECT(counter_init(context, 0, 0) == TFC_STATUS_OK);
  tfc_queue_runners_t *runners;
  EXPECT(counter_start_queue_runners(instance, &runners) == TFC_STATUS_OK);
  int64_t number = 0, sum = 0, count = 0;
  tfc_status_t status;
  for (;;) {
    counter_take_out_t out = {counter_take_output_take(&number)};
    status = counter_take(context, 0, &out);
    if (status != TFC_STATUS_OK)
      break;
    sum += number;
    ++count;
  }
  EXPECT(status == TFC_STATUS_OUT_OF_RANGE);
  EXPECT(count == 50 && sum == 49 * 25);
  char message[128];
  EXPECT(tfc_queue_runners_stop(runners, message, sizeof(message)) == TFC_STATUS_OK);
  tfc_context_destroy(context);
  counter_close(instance);
  return 0;
}
