// Lists as arrays of places: elements put, gathered and scattered by position. A place may
// hold nothing (dtype INVALID).
#include "operation/list.h"

#include <inttypes.h>
#include <string.h>

using namespace tfc::rt;

// Makes a list `count` long, if it is shorter; the list must not be shared.
static bool grow(tfc_context_t *context, tfc_list_t *&list, int64_t count) {
  if (count <= list->count)
    return true;
  list = makeUnique(context, list, count);
  if (!list)
    return false;
  memset(list->elements + list->count, 0, (count - list->count) * sizeof(ListElement));
  list->count = count;
  return true;
}

// Puts a copy of a tensor in a place of a list that nobody shares.
static tfc_status_t place(tfc_context_t *context, const char *operation, tfc_list_t *&list, int64_t position,
                          const tfc_tensor_t &tensor, const int64_t *parameters) {
  bool grows = parameters[0], accumulates = parameters[1];
  constexpr int64_t most = int64_t(1) << 32;
  if (position < 0 || (!grows && position >= list->count) || position >= most)
    return context->message().fail(TFC_STATUS_OUT_OF_RANGE, "%s: position is %" PRId64 ", expected 0 to %" PRId64,
                                   operation, position, grows ? most - 1 : list->count - 1);
  if (!grow(context, list, position + 1))
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  ListElement &old = list->elements[position];
  bool sums = accumulates && !holdsNothing(old);
  // Memory that nobody else holds is written again.
  bool reuses = old.header && old.header->references == 1 && old.tensor.size == tensor.size && !holdsNothing(old);
  if (sums && reuses)
    return addTensor(context, operation, old.tensor, tensor);
  ListElement kept = old;
  if (!reuses) {
    // Append a copy, then move it to its place.
    if (!appendCopy(context, *list, tensor))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    ListElement added = list->elements[--list->count];
    list->elements[position] = added;
    if (sums)
      if (tfc_status_t status = addTensor(context, operation, list->elements[position].tensor, kept.tensor))
        return status;
    releaseElement(context, kept);
    return TFC_STATUS_OK;
  }
  void *data = old.tensor.data;
  if (tensor.size)
    memcpy(data, tensor.data, tensor.size);
  old.tensor = tensor;
  old.tensor.data = data;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_list_set(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                    int32_t, const int64_t *parameters) {
  tfc_list_t *list = makeUnique(context, listOf(inputs[0]), 0);
  if (!list)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  int64_t position = *static_cast<const int64_t *>(inputs[2].data);
  if (tfc_status_t status = place(context, "list_set", list, position, inputs[1], parameters))
    return status;
  outputs[0].data = list;
  return TFC_STATUS_OK;
}

static int64_t positionAt(const tfc_tensor_t &positions, int64_t i) {
  return positions.dtype == TFC_DTYPE_I32 ? static_cast<const int32_t *>(positions.data)[i]
                                          : static_cast<const int64_t *>(positions.data)[i];
}

tfc_status_t tfc_operation_list_scatter(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                        tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &elements = inputs[1], &positions = inputs[2];
  if (elements.shape[0] != positions.shape[0])
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "list_scatter: %" PRId64 " positions for %" PRId64 " elements", positions.shape[0],
                                   elements.shape[0]);
  tfc_list_t *list = makeUnique(context, listOf(inputs[0]), 0);
  if (!list)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  tfc_tensor_t slice = elements;
  --slice.rank;
  for (int32_t d = 0; d < slice.rank; ++d)
    slice.shape[d] = elements.shape[d + 1];
  slice.size = elements.shape[0] ? elements.size / elements.shape[0] : 0;
  for (int64_t i = 0; i < elements.shape[0]; ++i) {
    slice.data = static_cast<char *>(elements.data) + i * slice.size;
    if (tfc_status_t status = place(context, "list_scatter", list, positionAt(positions, i), slice, parameters))
      return status;
  }
  outputs[0].data = list;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_list_resize(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                       tfc_tensor_t *outputs, int32_t, const int64_t *) {
  int64_t count = *static_cast<const int64_t *>(inputs[1].data);
  constexpr int64_t most = int64_t(1) << 32;
  if (count < 0 || count > most)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "list_resize: length is %" PRId64 ", expected 0 to %" PRId64, count, most);
  tfc_list_t *list = makeUnique(context, listOf(inputs[0]), count);
  if (!list || !grow(context, list, count))
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  while (list->count > count)
    releaseElement(context, list->elements[--list->count]);
  outputs[0].data = list;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_list_gather(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                       tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_list_t &list = *listOf(inputs[0]);
  const tfc_tensor_t &positions = inputs[1];
  tfc_tensor_t &output = outputs[0];
  int64_t count = positions.shape[0], shape[TFC_MAX_RANK];
  shape[0] = count;
  const ListElement *like = nullptr;
  for (int64_t i = 0; i < count; ++i) {
    int64_t position = positionAt(positions, i);
    if (position < 0 || position >= list.count)
      return context->message().fail(TFC_STATUS_OUT_OF_RANGE,
                                     "list_gather: position is %" PRId64 ", expected 0 to %" PRId64, position,
                                     list.count - 1);
    if (!like && !holdsNothing(list.elements[position]))
      like = &list.elements[position];
  }
  tfc_tensor_t expected = output;
  --expected.rank;
  for (int32_t d = 0; d < expected.rank; ++d)
    expected.shape[d] = output.shape[d + 1];
  if (like)
    if (tfc_status_t status =
            checkShape(context, "list_gather", expected, like->tensor.dtype, like->tensor.rank, like->tensor.shape))
      return status;
  for (int32_t d = 0; d < expected.rank; ++d) {
    shape[d + 1] = like ? like->tensor.shape[d] : expected.shape[d] < 0 ? 0 : expected.shape[d];
    if (!like && count && expected.shape[d] < 0)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "list_gather: no place holds a tensor yet");
    expected.shape[d] = shape[d + 1];
  }
  if (tfc_status_t status = checkShape(context, "list_gather", output, output.dtype, output.rank, shape))
    return status;
  if (tfc_status_t status = bindResult(context, "list_gather", output, output.dtype, output.rank, shape))
    return status;
  uint64_t size = count ? output.size / count : 0;
  char *to = static_cast<char *>(output.data);
  for (int64_t i = 0; i < count; ++i, to += size) {
    const ListElement &element = list.elements[positionAt(positions, i)];
    if (holdsNothing(element)) {
      memset(to, 0, size);
      continue;
    }
    const tfc_tensor_t &tensor = element.tensor;
    if (tfc_status_t status = checkShape(context, "list_gather", expected, tensor.dtype, tensor.rank, tensor.shape))
      return status;
    if (size)
      memcpy(to, tensor.data, size);
  }
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_list_extents(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                        tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_list_t &list = *listOf(inputs[0]);
  if (tfc_status_t status = bindResult(context, "list_extents", outputs[0], TFC_DTYPE_I64, 1, &list.count))
    return status;
  for (int64_t i = 0; i < list.count; ++i) {
    const tfc_tensor_t &tensor = list.elements[i].tensor;
    static_cast<int64_t *>(outputs[0].data)[i] = tensor.rank > 0 ? tensor.shape[0] : 0;
  }
  return TFC_STATUS_OK;
}
