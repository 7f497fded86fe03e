// Strings in blocks of memory that outlive steps.
#include "string/keep.h"

#include "string/string.h"
#include "tfc-rt/string_operations.h"

#include <string.h>

using namespace tfc::rt;

static uint64_t recordsSize(const tfc_tensor_t &tensor) {
  uint64_t total = 0;
  for (int64_t i = 0, count = countOf(tensor); i < count; ++i)
    if (__builtin_add_overflow(total, recordSize(stringAt(tensor, i).size), &total))
      return UINT64_MAX;
  return total;
}

static void keep(tfc_tensor_t &tensor, void *memory) {
  auto *next = static_cast<char *>(memory);
  for (int64_t i = 0, count = countOf(tensor); i < count; ++i) {
    String *string = writeString(stringAt(tensor, i), next);
    handlesOf(tensor)[i] = handleOf(string);
    next += recordSize(string->size);
  }
}

static bool give(tfc_context_t *context, tfc_tensor_t &tensor) {
  for (int64_t i = 0, count = countOf(tensor); i < count; ++i)
    if (!makeHandle(context, stringAt(tensor, i), handlesOf(tensor)[i]))
      return false;
  return true;
}

void tfc::rt::keepStrings(tfc_instance_t &instance) {
  static const StringKeeper keeper{recordsSize, keep, give};
  // Threads that use different queues come here at once.
  __atomic_store_n(&instance.strings, &keeper, __ATOMIC_RELAXED);
}

tfc_status_t tfc_operation_enqueue_strings(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                           tfc_tensor_t *outputs, int32_t outputCount, const int64_t *parameters) {
  keepStrings(*context->instance);
  return tfc_operation_enqueue(context, inputs, inputCount, outputs, outputCount, parameters);
}
