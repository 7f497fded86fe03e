// From lists to tensors and back: concatenation and splitting.
#include "operation/list.h"

#include <inttypes.h>
#include <string.h>

using namespace tfc::rt;

//===----------------------------------------------------------------------===//
// Concatenation
//===----------------------------------------------------------------------===//

tfc_status_t tfc_operation_list_concat(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                       tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const char *operation = parameters[1] ? "list_stack" : "list_concat";
  const tfc_list_t &list = *listOf(inputs[0]);
  tfc_tensor_t &output = outputs[0];
  int32_t axis = static_cast<int32_t>(parameters[0]), stacks = parameters[1] != 0;

  // The result's shape is that of the first element, but along the axis.
  int64_t shape[TFC_MAX_RANK];
  for (int32_t d = 0; d < output.rank; ++d)
    shape[d] = output.shape[d] < 0 ? 0 : output.shape[d];
  int64_t held = 0;
  while (held < list.count && list.elements[held].tensor.dtype == TFC_DTYPE_INVALID)
    ++held;
  if (held < list.count) {
    const tfc_tensor_t &first = list.elements[held].tensor;
    for (int32_t d = 0; d < output.rank && first.rank + stacks == output.rank; ++d)
      shape[d] = d == axis ? 0 : first.shape[d - (stacks && d > axis)];
  }
  shape[axis] = 0;
  for (int64_t i = 0; i < list.count; ++i) {
    const tfc_tensor_t &tensor = list.elements[i].tensor;
    tfc_tensor_t expected = output;
    expected.rank -= stacks;
    for (int32_t d = 0; d < expected.rank; ++d)
      expected.shape[d] = shape[d + (stacks && d >= axis)];
    if (!stacks)
      expected.shape[axis] = -1;
    if (tensor.dtype == TFC_DTYPE_INVALID) {
      // Nothing stands for zeros where the other elements or the type tell how many.
      bool isOpen = held == list.count && output.shape[axis == 0 && output.rank > 1 ? 1 : 0] < 0;
      if (!stacks || (isOpen && output.rank > 1))
        return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "%s: place %" PRId64 " holds no tensor", operation,
                                       i);
      ++shape[axis];
      continue;
    }
    if (tfc_status_t status = checkShape(context, operation, expected, tensor.dtype, tensor.rank, tensor.shape))
      return status;
    shape[axis] += stacks ? 1 : tensor.shape[axis];
  }
  if (tfc_status_t status = checkShape(context, operation, output, output.dtype, output.rank, shape))
    return status;
  if (tfc_status_t status = bindResult(context, operation, output, output.dtype, output.rank, shape))
    return status;

  // Every element is `outer` runs of bytes, each a part of one of the result's.
  int64_t outer = 1;
  for (int32_t d = 0; d < axis; ++d)
    outer *= shape[d];
  if (!output.size)
    return TFC_STATUS_OK;
  uint64_t stride = output.size / outer;
  char *to = static_cast<char *>(output.data);
  for (int64_t i = 0; i < list.count; ++i) {
    const tfc_tensor_t &tensor = list.elements[i].tensor;
    bool isNothing = tensor.dtype == TFC_DTYPE_INVALID;
    uint64_t run = isNothing ? stride / shape[axis] : tensor.size / outer;
    if (isNothing) {
      for (int64_t row = 0; row < outer; ++row)
        memset(to + row * stride, 0, run);
      to += run;
      continue;
    }
    for (int64_t row = 0; run && row < outer; ++row)
      memcpy(to + row * stride, static_cast<const char *>(tensor.data) + row * run, run);
    to += run;
  }
  return TFC_STATUS_OK;
}

//===----------------------------------------------------------------------===//
// Splitting
//===----------------------------------------------------------------------===//

static int64_t readSize(const tfc_tensor_t &sizes, int64_t index) {
  return sizes.dtype == TFC_DTYPE_I32 ? static_cast<const int32_t *>(sizes.data)[index]
                                      : static_cast<const int64_t *>(sizes.data)[index];
}

tfc_status_t tfc_operation_list_split(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                      tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  AxisView view;
  if (tfc_status_t status = viewAxis(context, "list_split", x, parameters[0], view))
    return status;
  const tfc_tensor_t *sizes = inputCount > 1 ? &inputs[1] : nullptr;
  bool isVector = sizes && sizes->rank == 1;
  int64_t step = isVector || !sizes ? 1 : readSize(*sizes, 0);
  if (step < 1)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "list_split: size of pieces is %" PRId64 ", expected at least 1", step);
  int64_t count = isVector ? sizes->shape[0] : view.extent / step + (view.extent % step != 0);
  tfc_list_t *list = createList(context, count);
  if (!list)
    return TFC_STATUS_RESOURCE_EXHAUSTED;

  uint64_t unit = view.inner * tfc_dtype_size(static_cast<tfc_dtype_t>(x.dtype)), stride = view.extent * unit;
  int64_t begin = 0;
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = view.extent - begin, size = isVector ? readSize(*sizes, i) : step < rest ? step : rest;
    if (size < 0 || size > rest)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "list_split: size of piece %" PRId64 " is %" PRId64 ", expected 0 to %" PRId64, i,
                                     size, rest);
    tfc_tensor_t like = x;
    like.shape[view.axis] = size;
    if (!parameters[1]) {
      --like.rank;
      for (int32_t d = view.axis; d < like.rank; ++d)
        like.shape[d] = x.shape[d + 1];
    }
    uint64_t run = size * unit;
    char *to = static_cast<char *>(appendElement(context, *list, like, view.outer * run));
    if (!to)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    for (int64_t row = 0; run && row < view.outer; ++row)
      memcpy(to + row * run, static_cast<const char *>(x.data) + row * stride + begin * unit, run);
    begin += size;
  }
  if (begin != view.extent)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "list_split: pieces have %" PRId64 " together, expected %" PRId64, begin,
                                   view.extent);
  outputs[0].data = list;
  return TFC_STATUS_OK;
}
