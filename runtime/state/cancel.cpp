// Ending the wait of a step.
#include "task/wait.h"

using namespace tfc::rt;

void tfc_context_cancel(tfc_context_t *context) {
  context->cancelled.store(1, std::memory_order_release);
  wakeContext(*context);
}

void tfc_context_set_deadline(tfc_context_t *context, int64_t deadline) { context->deadline = deadline; }
