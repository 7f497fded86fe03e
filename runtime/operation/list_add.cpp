// Sums of lists, and lists of zeros.
#include "operation/list.h"

#include <string.h>

using namespace tfc::rt;

template <typename T> static void addAll(void *to, const void *from, uint64_t size) {
  auto *sum = static_cast<T *>(to);
  auto *values = static_cast<const T *>(from);
  for (uint64_t i = 0; i < size / sizeof(T); ++i)
    sum[i] += values[i];
}

tfc_status_t tfc::rt::addTensor(tfc_context_t *context, const char *operation, tfc_tensor_t &to,
                                const tfc_tensor_t &from) {
  if (tfc_status_t status = checkShape(context, operation, to, from.dtype, from.rank, from.shape))
    return status;
  switch (to.dtype) {
  case TFC_DTYPE_F32:
  case TFC_DTYPE_COMPLEX64: addAll<float>(to.data, from.data, to.size); return TFC_STATUS_OK;
  case TFC_DTYPE_F64:
  case TFC_DTYPE_COMPLEX128: addAll<double>(to.data, from.data, to.size); return TFC_STATUS_OK;
  case TFC_DTYPE_I32:
  case TFC_DTYPE_U32: addAll<uint32_t>(to.data, from.data, to.size); return TFC_STATUS_OK;
  case TFC_DTYPE_I64:
  case TFC_DTYPE_U64: addAll<uint64_t>(to.data, from.data, to.size); return TFC_STATUS_OK;
  default: return failDtype(context, operation, to.dtype);
  }
}

// Adds `from` to a list that nobody shares.
static tfc_status_t addList(tfc_context_t *context, tfc_list_t *&to, const tfc_list_t *from) {
  to = makeUnique(context, to, from->count);
  if (!to)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  for (int64_t i = 0; i < from->count; ++i) {
    const tfc_tensor_t &added = from->elements[i].tensor;
    if (i < to->count && holdsNothing(from->elements[i]))
      continue;
    if (i == to->count || holdsNothing(to->elements[i])) {
      // What is there is all there is: a copy behind the others moves to its place.
      int64_t count = to->count;
      if (!appendCopy(context, *to, added))
        return TFC_STATUS_RESOURCE_EXHAUSTED;
      if (i < count)
        to->elements[i] = to->elements[--to->count];
      continue;
    }
    ListElement &sum = to->elements[i];
    tfc_status_t status;
    if (sum.tensor.dtype == TFC_DTYPE_LIST) {
      tfc_list_t *list = listOf(sum.tensor);
      status = list && added.data ? addList(context, list, listOf(added)) : TFC_STATUS_OK;
      sum.tensor.data = list;
    } else {
      // The memory may be another list's, too.
      ListElement old = sum;
      if (!old.header || old.header->references > 1) {
        if (!appendCopy(context, *to, old.tensor))
          return TFC_STATUS_RESOURCE_EXHAUSTED;
        to->elements[i] = to->elements[--to->count];
        releaseElement(context, old);
      }
      status = addTensor(context, "list_add", to->elements[i].tensor, added);
    }
    if (status != TFC_STATUS_OK)
      return status;
  }
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_list_add(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                    int32_t, const int64_t *) {
  tfc_list_t *sum = listOf(inputs[0]);
  if (tfc_status_t status = addList(context, sum, listOf(inputs[1])))
    return status;
  outputs[0].data = sum;
  return TFC_STATUS_OK;
}

static tfc_list_t *zerosLike(tfc_context_t *context, const tfc_list_t &like) {
  tfc_list_t *list = createList(context, like.count);
  for (int64_t i = 0; list && i < like.count; ++i) {
    const tfc_tensor_t &tensor = like.elements[i].tensor;
    if (tensor.dtype == TFC_DTYPE_LIST || holdsNothing(like.elements[i])) {
      tfc_tensor_t element = tensor;
      if (tensor.data && !(element.data = zerosLike(context, *listOf(tensor))))
        return nullptr;
      list->elements[list->count++] = {element, nullptr};
      continue;
    }
    void *data = appendElement(context, *list, tensor, tensor.size);
    if (!data)
      return nullptr;
    if (tensor.size)
      memset(data, 0, tensor.size);
  }
  return list;
}

tfc_status_t tfc_operation_list_zeros(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                      tfc_tensor_t *outputs, int32_t, const int64_t *) {
  outputs[0].data = zerosLike(context, *listOf(inputs[0]));
  return outputs[0].data ? TFC_STATUS_OK : TFC_STATUS_RESOURCE_EXHAUSTED;
}
