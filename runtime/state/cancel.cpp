// Ending the wait of a step.
#include "state/queue.h"

using namespace tfc::rt;

void tfc_context_cancel(tfc_context_t *context) {
  __atomic_store_n(&context->cancelled, 1, __ATOMIC_RELEASE);
  tfc_instance_t &instance = *context->instance;
  for (int32_t i = 0; i < instance.model->queue_count; ++i) {
    Queue &queue = instance.queues[i];
    MutexLock lock(queue.mutex); // whoever looked at the flag before waits by now
    pthread_cond_broadcast(&queue.producers.moved);
    pthread_cond_broadcast(&queue.consumers.moved);
  }
}

void tfc_context_set_deadline(tfc_context_t *context, int64_t deadline) { context->deadline = deadline; }
