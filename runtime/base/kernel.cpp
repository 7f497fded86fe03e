// Memory that kernels take while they run.
#include "base/context.h"

#include <stddef.h>

using namespace tfc::rt;

// A kernel knows its context by the fault word alone.
static const tfc_allocator_t &allocatorOf(const int32_t *fault) {
  auto *context = reinterpret_cast<const tfc_context_t *>(reinterpret_cast<const char *>(fault) -
                                                          offsetof(tfc_context_t, fault));
  return context->instance->allocator;
}

void *tfc_kernel_allocate(int32_t *fault, uint64_t size) {
  void *memory = allocate(allocatorOf(fault), size ? size : tensorAlignment);
  // Kernels on other threads may fail at the same time.
  if (!memory)
    __atomic_store_n(fault, TFC_STATUS_RESOURCE_EXHAUSTED, __ATOMIC_RELAXED);
  return memory;
}

void tfc_kernel_free(int32_t *fault, void *pointer) { release(allocatorOf(fault), pointer); }
