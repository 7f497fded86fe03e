// Strings joined along an axis, and by segments.
#include "string/string.h"
#include "tfc-rt/text_operations.h"

#include <inttypes.h>
#include <string.h>

using namespace tfc::rt;

// Joins the strings that next() gives, `count` of them. False after recording an error.
template <typename Next>
static bool join(tfc_context_t *context, StringView separator, int64_t count, Next next, uint64_t &handle) {
  uint64_t size = 0;
  for (int64_t i = 0; i < count; ++i)
    if (__builtin_add_overflow(size, next(i).size + (i ? separator.size : 0), &size))
      size = UINT64_MAX / 2; // which cannot be had
  String *joined = makeString(context, size);
  if (!joined)
    return false;
  char *to = joined->bytes();
  auto append = [&](StringView part) {
    memcpy(to, part.data, part.size);
    to += part.size;
  };
  for (int64_t i = 0; i < count; ++i) {
    if (i)
      append(separator);
    append(next(i));
  }
  handle = handleOf(joined);
  return true;
}

tfc_status_t tfc_operation_string_reduce_join(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                              tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const StringView separator = stringAt(inputs[0], 0);
  const tfc_tensor_t &x = inputs[1];
  const int64_t extent = x.shape[x.rank - 1];
  if (tfc_status_t status = bindStrings(context, "string_reduce_join", outputs[0], x.rank - 1, x.shape))
    return status;
  for (int64_t row = 0, rows = countOf(outputs[0]); row < rows; ++row)
    if (!join(
            context, separator, extent, [&](int64_t i) { return stringAt(x, row * extent + i); },
            handlesOf(outputs[0])[row]))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_string_segment_join(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                               tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const StringView separator = stringAt(inputs[0], 0);
  const tfc_tensor_t &x = inputs[1];
  auto *segments = static_cast<const int64_t *>(inputs[2].data);
  const int64_t segmentCount = *static_cast<const int64_t *>(inputs[3].data);
  if (segmentCount < 0)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "string_segment_join: %" PRId64 " segments, expected 0 or more", segmentCount);
  const int64_t rows = x.shape[0], inner = x.shape[1], shape[] = {segmentCount, inner};
  for (int64_t row = 0; row < rows; ++row)
    if (segments[row] < 0 || segments[row] >= segmentCount)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "string_segment_join: segment %" PRId64 " of row %" PRId64
                                     ", expected one of [0, %" PRId64 ")",
                                     segments[row], row, segmentCount);
  // Rows by segment: where each segment's begin, then the rows.
  ScratchArray<int64_t> first(context, segmentCount == INT64_MAX ? segmentCount : segmentCount + 1),
      order(context, rows);
  if (!first || !order)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  if (tfc_status_t status = bindStrings(context, "string_segment_join", outputs[0], 2, shape))
    return status;
  memset(first.get(), 0, static_cast<size_t>(segmentCount + 1) * sizeof(int64_t));
  for (int64_t row = 0; row < rows; ++row)
    ++first[segments[row]];
  for (int64_t s = 1; s <= segmentCount; ++s)
    first[s] += first[s - 1];
  for (int64_t row = rows; row-- > 0;)
    order[--first[segments[row]]] = row;
  for (int64_t s = 0; s < segmentCount; ++s)
    for (int64_t k = 0; k < inner; ++k)
      if (!join(
              context, separator, first[s + 1] - first[s],
              [&](int64_t i) { return stringAt(x, order[first[s] + i] * inner + k); },
              handlesOf(outputs[0])[s * inner + k]))
        return TFC_STATUS_RESOURCE_EXHAUSTED;
  return TFC_STATUS_OK;
}
