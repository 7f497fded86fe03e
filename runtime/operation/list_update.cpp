// Making and changing lists, and looking into them.
#include "operation/list.h"

#include <string.h>

using namespace tfc::rt;

tfc_status_t tfc_operation_list_make(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                     tfc_tensor_t *outputs, int32_t, const int64_t *) {
  tfc_list_t *list = createList(context, inputCount);
  if (!list)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  for (int32_t i = 0; i < inputCount; ++i)
    if (!appendCopy(context, *list, inputs[i]))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  outputs[0].data = list;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_list_insert(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                       tfc_tensor_t *outputs, int32_t, const int64_t *) {
  int64_t count = listOf(inputs[0])->count, position = count;
  if (inputCount > 2) {
    // A negative position counts from the old end: -1 inserts before the last element.
    bool fromBack = *static_cast<const int64_t *>(inputs[2].data) < 0;
    if (tfc_status_t status = readPosition(context, "list_insert", inputs[2], count + !fromBack, position))
      return status;
  }
  tfc_list_t *list = makeUnique(context, listOf(inputs[0]), count + 1);
  if (!list || !appendCopy(context, *list, inputs[1]))
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  ListElement added = list->elements[count];
  memmove(list->elements + position + 1, list->elements + position, (count - position) * sizeof(ListElement));
  list->elements[position] = added;
  outputs[0].data = list;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_list_erase(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                      tfc_tensor_t *outputs, int32_t, const int64_t *) {
  int64_t last = -1, position;
  tfc_tensor_t lastPosition = {&last, sizeof(last), TFC_DTYPE_I64, 0, {}};
  const tfc_tensor_t &given = inputCount > 1 ? inputs[1] : lastPosition;
  if (tfc_status_t status = readPosition(context, "list_erase", given, listOf(inputs[0])->count, position))
    return status;
  tfc_list_t *list = makeUnique(context, listOf(inputs[0]), 0);
  if (!list)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  releaseElement(context, list->elements[position]);
  --list->count;
  memmove(list->elements + position, list->elements + position + 1, (list->count - position) * sizeof(ListElement));
  outputs[0].data = list;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_list_at(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                   int32_t, const int64_t *) {
  const tfc_list_t *list = listOf(inputs[0]);
  int64_t position;
  if (tfc_status_t status = readPosition(context, "list_at", inputs[1], list->count, position))
    return status;
  return takeElement(context, "list_at", list->elements[position].tensor, outputs[0]);
}

tfc_status_t tfc_operation_list_length(tfc_context_t *, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                       int32_t, const int64_t *) {
  *static_cast<int64_t *>(outputs[0].data) = listOf(inputs[0])->count;
  return TFC_STATUS_OK;
}
