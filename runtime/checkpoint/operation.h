// What operations of steps on checkpoints share.
#ifndef TFC_RUNTIME_CHECKPOINT_OPERATION_H
#define TFC_RUNTIME_CHECKPOINT_OPERATION_H

#include "checkpoint/contents.h"
#include "string/string.h"

#include <string.h>

namespace tfc::rt {

inline Bytes bytesOf(StringView text) { return {text.data, text.size}; }

// A string as a path; null after recording that it cannot be one. Paths of records end in a NUL.
inline const char *pathOf(tfc_context_t *context, const char *operation, StringView text) {
  if (text.size && strlen(text.data) == text.size)
    return text.data;
  context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "%s: the path is %s", operation,
                          text.size ? "one with a NUL" : "empty");
  return nullptr;
}

// Fails unless vectors of names and parts have an element for each of `count` tensors.
inline tfc_status_t checkCounts(tfc_context_t *context, const char *operation, const tfc_tensor_t &names,
                                const tfc_tensor_t &slices, int64_t count) {
  if (countOf(names) == count && countOf(slices) == count)
    return TFC_STATUS_OK;
  return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "%s: %lld names and %lld parts for %lld tensors",
                                 operation, static_cast<long long>(countOf(names)),
                                 static_cast<long long>(countOf(slices)), static_cast<long long>(count));
}

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_OPERATION_H
