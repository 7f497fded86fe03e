// Runs of neighbours, joined.
#include "string/text.h"
#include "tfc-rt/text_operations.h"

#include <inttypes.h>

using namespace tfc::rt;

namespace {

// A row of strings between pads.
struct Row {
  const tfc_tensor_t &data;
  int64_t begin, count, pads;
  StringView left, right;

  int64_t size() const { return count + 2 * pads; }
  StringView at(int64_t i) const {
    return i < pads ? left : i < pads + count ? stringAt(data, begin + i - pads) : right;
  }
};

} // namespace

tfc_status_t tfc_operation_string_ngrams(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                         tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &data = inputs[0], &splits = inputs[1];
  auto *bounds = static_cast<const int64_t *>(splits.data);
  const StringView separator = stringAt(inputs[2], 0), left = stringAt(inputs[3], 0), right = stringAt(inputs[4], 0);
  const int64_t padWidth = parameters[0], preserve = parameters[1], widthCount = parameters[2];
  const int64_t *widths = parameters + 3, boundCount = splits.shape[0];
  for (int64_t i = 0; i < boundCount; ++i)
    if (bounds[i] < (i ? bounds[i - 1] : 0) || bounds[i] > data.shape[0] || (i == 0 && bounds[i] != 0))
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "string_ngrams: split %" PRId64 " is %" PRId64 ", expected %" PRId64
                                     " to %" PRId64,
                                     i, bounds[i], i ? bounds[i - 1] : 0, i ? data.shape[0] : 0);
  if (boundCount && bounds[boundCount - 1] != data.shape[0])
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "string_ngrams: the last split is %" PRId64 ", expected %" PRId64,
                                   bounds[boundCount - 1], data.shape[0]);
  if (tfc_status_t status = bindResult(context, "string_ngrams", outputs[1], splits.dtype, splits.rank, splits.shape))
    return status;
  auto *outBounds = static_cast<int64_t *>(outputs[1].data);
  GrowingArray<uint64_t> ngrams(context);
  Text text(context);
  auto take = [&](const Row &row, int64_t first, int64_t width) {
    text.clear();
    for (int64_t i = 0; i < width; ++i) {
      if (i)
        text.append(separator);
      text.append(row.at(first + i));
    }
    uint64_t handle;
    const bool isFine = text.isFine() && makeHandle(context, text.view(), handle);
    if (isFine)
      ngrams.append(handle);
    return isFine && ngrams.isFine();
  };
  // Pads are as many as an n-gram can hold beside one string, or fewer.
  auto rowOf = [&](int64_t i, int64_t width) {
    const int64_t pads = padWidth < 0 || padWidth > width - 1 ? width - 1 : padWidth;
    return Row{data, bounds[i], bounds[i + 1] - bounds[i], pads, left, right};
  };
  for (int64_t i = 0; i + 1 < boundCount; ++i) {
    outBounds[i] = ngrams.count();
    for (int64_t k = 0; k < widthCount; ++k) {
      const Row row = rowOf(i, widths[k]);
      for (int64_t first = 0; first + widths[k] <= row.size(); ++first)
        if (!take(row, first, widths[k]))
          return TFC_STATUS_RESOURCE_EXHAUSTED;
    }
    // A row that is too short for the widths is one n-gram, if it is not empty.
    if (preserve && ngrams.count() == outBounds[i] && widthCount > 0 && bounds[i + 1] > bounds[i]) {
      const int64_t pads = padWidth < 0 ? 0 : padWidth;
      const Row row{data, bounds[i], bounds[i + 1] - bounds[i], pads, left, right};
      if (!take(row, 0, row.size()))
        return TFC_STATUS_RESOURCE_EXHAUSTED;
    }
  }
  if (boundCount)
    outBounds[boundCount - 1] = ngrams.count();
  const int64_t count = ngrams.count();
  if (tfc_status_t status = bindStrings(context, "string_ngrams", outputs[0], 1, &count))
    return status;
  if (count)
    memcpy(outputs[0].data, ngrams.data(), static_cast<size_t>(count) * sizeof(uint64_t));
  return TFC_STATUS_OK;
}
