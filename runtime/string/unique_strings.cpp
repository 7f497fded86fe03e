// Distinct strings, by first occurrence.
#include "string/hash.h"
#include "string/string.h"
#include "tfc-rt/text_operations.h"

#include <string.h>

using namespace tfc::rt;

tfc_status_t tfc_operation_string_unique(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                         tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  const int64_t count = x.shape[0];
  int64_t slotCount = 16;
  while (slotCount < 2 * count)
    slotCount *= 2;
  // A table with open addressing: the group in each slot, or -1. Then first occurrences and sizes.
  ScratchArray<int64_t> slots(context, slotCount), first(context, count), sizes(context, count);
  if (!slots || !first || !sizes)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  if (tfc_status_t status = bindResult(context, "string_unique", outputs[2], TFC_DTYPE_I64, 1, &count))
    return status;
  auto *inverse = static_cast<int64_t *>(outputs[2].data);
  for (int64_t i = 0; i < slotCount; ++i)
    slots[i] = -1;
  int64_t groups = 0;
  for (int64_t i = 0; i < count; ++i) {
    const StringView text = stringAt(x, i);
    int64_t slot = static_cast<int64_t>(fingerprint64(text.data, text.size) & static_cast<uint64_t>(slotCount - 1));
    while (slots[slot] >= 0 && !(stringAt(x, first[slots[slot]]) == text))
      slot = (slot + 1) & (slotCount - 1);
    if (slots[slot] < 0) {
      first[groups] = i;
      sizes[groups] = 0;
      slots[slot] = groups++;
    }
    inverse[i] = slots[slot];
    ++sizes[slots[slot]];
  }
  if (tfc_status_t status = bindStrings(context, "string_unique", outputs[0], 1, &groups))
    return status;
  for (int64_t g = 0; g < groups; ++g)
    handlesOf(outputs[0])[g] = handlesOf(x)[first[g]];
  const int64_t *const results[] = {first.get(), sizes.get()};
  for (int k = 0; k < 2; ++k) {
    tfc_tensor_t &output = outputs[1 + 2 * k];
    if (tfc_status_t status = bindResult(context, "string_unique", output, TFC_DTYPE_I64, 1, &groups))
      return status;
    memcpy(output.data, results[k], static_cast<size_t>(groups) * sizeof(int64_t));
  }
  return TFC_STATUS_OK;
}
