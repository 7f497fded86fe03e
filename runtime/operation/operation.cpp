// What the hand-written operations share.
#include "operation/operation.h"

#include <inttypes.h>

using namespace tfc::rt;

tfc_status_t tfc::rt::viewAxis(tfc_context_t *context, const char *operation, const tfc_tensor_t &value, int64_t axis,
                               AxisView &outView) {
  if (axis < -value.rank || axis >= value.rank)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "%s: axis is %" PRId64 ", expected %" PRId32 " to %" PRId32, operation, axis,
                                   -value.rank, value.rank - 1);
  AxisView view;
  view.axis = static_cast<int32_t>(axis < 0 ? axis + value.rank : axis);
  view.extent = value.shape[view.axis];
  for (int32_t d = 0; d < view.axis; ++d)
    view.outer *= value.shape[d];
  for (int32_t d = view.axis + 1; d < value.rank; ++d)
    view.inner *= value.shape[d];
  outView = view;
  return TFC_STATUS_OK;
}

tfc_status_t tfc::rt::bindResult(tfc_context_t *context, const char *operation, tfc_tensor_t &output, int32_t dtype,
                                 int32_t rank, const int64_t *shape) {
  uint64_t size;
  if (!tensorSize(dtype, rank, shape, size))
    return context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "%s: no tensor can have the result's shape",
                                   operation);
  if (output.data && size > output.size)
    return context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED,
                                   "%s: output holds %" PRIu64 " bytes, expected %" PRIu64, operation, output.size,
                                   size);
  if (!output.data && !(output.data = tfc_scratch_allocate(context, size)))
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  output.dtype = dtype;
  output.rank = rank;
  output.size = size;
  for (int32_t d = 0; d < rank; ++d)
    output.shape[d] = shape[d];
  return TFC_STATUS_OK;
}

tfc_status_t tfc::rt::failDtype(tfc_context_t *context, const char *operation, int32_t dtype) {
  return context->message().fail(TFC_STATUS_UNIMPLEMENTED, "%s: dtype %s is not supported", operation,
                                 tfc_dtype_name(static_cast<tfc_dtype_t>(dtype)));
}

void *tfc::rt::allocateArray(tfc_context_t *context, int64_t count, uint64_t elementSize) {
  uint64_t size;
  if (__builtin_mul_overflow(uint64_t(count), elementSize, &size))
    size = UINT64_MAX; // which cannot be had
  return tfc_scratch_allocate(context, size);
}

RowChunks::RowChunks(int64_t rows, int64_t rowCost) {
  constexpr int64_t mostChunks = 16, leastWork = 16384;
  if (rowCost < 1)
    rowCost = 1;
  int64_t forCount = (rows + mostChunks - 1) / mostChunks, forWork = (leastWork + rowCost - 1) / rowCost;
  grain = forCount > forWork ? forCount : forWork;
  count = rows > 0 ? (rows - 1) / grain + 1 : 0;
}
