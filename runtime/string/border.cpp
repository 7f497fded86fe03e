// Strings on their way into and out of a step.
#include "string/string.h"
#include "tfc-rt/string_operations.h"

#include <inttypes.h>
#include <string.h>

using namespace tfc::rt;

tfc_status_t tfc_operation_string_feed(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                       tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = bindStrings(context, "string_feed", outputs[0], x.rank, x.shape))
    return status;
  auto *strings = static_cast<const tfc_string_t *>(x.data);
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    if (!strings[i].data && strings[i].size)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "input '%s': string %" PRId64 " is null, expected %" PRIu64 " bytes",
                                     context->step->inputs[parameters[0]].name, i, strings[i].size);
    if (!makeHandle(context, {strings[i].data, strings[i].size}, handlesOf(outputs[0])[i]))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  }
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_string_fetch(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                        tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = bindResult(context, "string_fetch", outputs[0], TFC_DTYPE_STRING, x.rank, x.shape))
    return status;
  const int64_t count = countOf(x);
  uint64_t total = 0;
  for (int64_t i = 0; i < count; ++i)
    if (__builtin_add_overflow(total, stringAt(x, i).size + 1, &total))
      total = UINT64_MAX; // which cannot be had
  auto *bytes = static_cast<char *>(allocateLent(context, total));
  if (!bytes)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  auto *strings = static_cast<tfc_string_t *>(outputs[0].data);
  for (int64_t i = 0; i < count; ++i) {
    const StringView view = stringAt(x, i);
    memcpy(bytes, view.data, view.size);
    bytes[view.size] = '\0';
    strings[i] = {bytes, view.size};
    bytes += view.size + 1;
  }
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_string_constant(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                           tfc_tensor_t *outputs, int32_t, const int64_t *) {
  if (tfc_status_t status = bindStrings(context, "string_constant", outputs[0], outputs[0].rank, outputs[0].shape))
    return status;
  auto *offsets = static_cast<const uint64_t *>(inputs[0].data);
  const auto base = reinterpret_cast<uint64_t>(offsets);
  for (int64_t i = 0, count = countOf(outputs[0]); i < count; ++i)
    handlesOf(outputs[0])[i] = base + offsets[i];
  return TFC_STATUS_OK;
}
