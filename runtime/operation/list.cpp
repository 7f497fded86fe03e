// Life of lists: references, elements, and the way in and out of a step.
#include "operation/list.h"

#include <inttypes.h>
#include <string.h>

using namespace tfc::rt;

//===----------------------------------------------------------------------===//
// References
//===----------------------------------------------------------------------===//

void tfc_list_retain(tfc_list_t *list) {
  if (list)
    ++list->references;
}

void tfc_list_release(tfc_context_t *context, tfc_list_t *list) {
  if (!list || --list->references)
    return;
  for (int64_t i = 0; i < list->count; ++i)
    releaseElement(context, list->elements[i]);
  tfc_scratch_free(context, list->elements);
  tfc_scratch_free(context, list);
}

void tfc::rt::releaseElement(tfc_context_t *context, const ListElement &element) {
  if (element.tensor.dtype == TFC_DTYPE_LIST)
    tfc_list_release(context, listOf(element.tensor));
  else if (element.header && --element.header->references == 0)
    tfc_scratch_free(context, element.header);
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

// Makes room for `capacity` elements.
static bool reserve(tfc_context_t *context, tfc_list_t &list, int64_t capacity) {
  if (capacity <= list.capacity)
    return true;
  if (capacity < 2 * list.capacity)
    capacity = 2 * list.capacity;
  auto *elements = static_cast<ListElement *>(allocateLasting(context, capacity * sizeof(ListElement)));
  if (!elements)
    return false;
  if (list.count)
    memcpy(elements, list.elements, list.count * sizeof(ListElement));
  tfc_scratch_free(context, list.elements);
  list.elements = elements;
  list.capacity = capacity;
  return true;
}

tfc_list_t *tfc::rt::createList(tfc_context_t *context, int64_t capacity) {
  void *memory = allocateLasting(context, sizeof(tfc_list_t));
  if (!memory)
    return nullptr;
  auto *list = new (TfcPlacement{memory}) tfc_list_t{1, 0, 0, nullptr};
  return reserve(context, *list, capacity) ? list : nullptr;
}

tfc_list_t *tfc::rt::makeUnique(tfc_context_t *context, tfc_list_t *list, int64_t capacity) {
  if (list->references == 1)
    return reserve(context, *list, capacity) ? list : nullptr;
  tfc_list_t *copy = createList(context, capacity > list->count ? capacity : list->count);
  if (!copy)
    return nullptr;
  if (list->count)
    memcpy(copy->elements, list->elements, list->count * sizeof(ListElement));
  copy->count = list->count;
  for (int64_t i = 0; i < copy->count; ++i) {
    const ListElement &element = copy->elements[i];
    if (element.tensor.dtype == TFC_DTYPE_LIST)
      tfc_list_retain(listOf(element.tensor));
    else if (element.header)
      ++element.header->references;
  }
  --list->references;
  return copy;
}

void *tfc::rt::appendElement(tfc_context_t *context, tfc_list_t &list, const tfc_tensor_t &like, uint64_t size) {
  if (!reserve(context, list, list.count + 1))
    return nullptr;
  auto *header = static_cast<ElementHeader *>(allocateLasting(context, sizeof(ElementHeader) + size));
  if (!header)
    return nullptr;
  header->references = 1;
  ListElement &element = list.elements[list.count++];
  element = {like, header};
  element.tensor.data = header + 1;
  element.tensor.size = size;
  return element.tensor.data;
}

bool tfc::rt::appendCopy(tfc_context_t *context, tfc_list_t &list, const tfc_tensor_t &tensor) {
  if (tensor.dtype == TFC_DTYPE_LIST) {
    if (!reserve(context, list, list.count + 1))
      return false;
    tfc_list_retain(listOf(tensor));
    list.elements[list.count++] = {tensor, nullptr};
    return true;
  }
  void *data = appendElement(context, list, tensor, tensor.size);
  if (data && tensor.size)
    memcpy(data, tensor.data, tensor.size);
  return data != nullptr;
}

tfc_status_t tfc::rt::checkShape(tfc_context_t *context, const char *operation, const tfc_tensor_t &output,
                                 int32_t dtype, int32_t rank, const int64_t *shape) {
  Message message = context->message();
  if (dtype != output.dtype)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "%s: tensor of %s, expected %s", operation,
                        tfc_dtype_name(static_cast<tfc_dtype_t>(dtype)),
                        tfc_dtype_name(static_cast<tfc_dtype_t>(output.dtype)));
  if (rank != output.rank)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "%s: tensor of rank %" PRId32 ", expected %" PRId32, operation,
                        rank, output.rank);
  for (int32_t d = 0; d < rank; ++d)
    if (output.shape[d] >= 0 && output.shape[d] != shape[d])
      return message.fail(TFC_STATUS_INVALID_ARGUMENT,
                          "%s: dimension %" PRId32 " of the tensor is %" PRId64 ", expected %" PRId64, operation, d,
                          shape[d], output.shape[d]);
  return TFC_STATUS_OK;
}

tfc_status_t tfc::rt::takeElement(tfc_context_t *context, const char *operation, const tfc_tensor_t &element,
                                  tfc_tensor_t &output) {
  if (output.dtype == TFC_DTYPE_LIST) {
    if (element.dtype != TFC_DTYPE_LIST)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "%s: the place holds no list", operation);
    tfc_list_retain(listOf(element));
    output.data = element.data;
    return TFC_STATUS_OK;
  }
  if (element.dtype == TFC_DTYPE_INVALID) {
    for (int32_t d = 0; d < output.rank; ++d)
      if (output.shape[d] < 0)
        return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "%s: the place holds no tensor", operation);
    tfc_tensor_t zeros = output;
    if (tfc_status_t status = bindResult(context, operation, output, zeros.dtype, zeros.rank, zeros.shape))
      return status;
    if (output.size)
      memset(output.data, 0, output.size);
    return TFC_STATUS_OK;
  }
  if (tfc_status_t status = checkShape(context, operation, output, element.dtype, element.rank, element.shape))
    return status;
  if (tfc_status_t status = bindResult(context, operation, output, element.dtype, element.rank, element.shape))
    return status;
  if (element.size)
    memcpy(output.data, element.data, element.size);
  return TFC_STATUS_OK;
}

tfc_status_t tfc::rt::readPosition(tfc_context_t *context, const char *operation, const tfc_tensor_t &operand,
                                   int64_t count, int64_t &outPosition) {
  int64_t position = *static_cast<const int64_t *>(operand.data);
  if (position < -count || position >= count)
    return context->message().fail(TFC_STATUS_OUT_OF_RANGE,
                                   "%s: position is %" PRId64 ", expected %" PRId64 " to %" PRId64, operation, position,
                                   -count, count - 1);
  outPosition = position < 0 ? position + count : position;
  return TFC_STATUS_OK;
}

//===----------------------------------------------------------------------===//
// In and out of a step
//===----------------------------------------------------------------------===//

tfc_status_t tfc_list_import(tfc_context_t *context, const tfc_tensor_t *input, tfc_list_t **outList) {
  *outList = nullptr;
  if (input->dtype == TFC_DTYPE_INVALID)
    return TFC_STATUS_OK; // an absent optional
  bool isList = input->dtype == TFC_DTYPE_LIST;
  int64_t count = isList ? static_cast<int64_t>(input->size) : 1;
  auto *tensors = isList ? static_cast<const tfc_tensor_t *>(input->data) : input;
  tfc_list_t *list = createList(context, count);
  if (!list)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  for (; list->count < count; ++list->count)
    list->elements[list->count] = {tensors[list->count], nullptr};
  *outList = list;
  return TFC_STATUS_OK;
}

// Rounds a size up so that what follows is aligned; saturates.
static uint64_t aligned(uint64_t size) {
  uint64_t rounded = (size + tensorAlignment - 1) & ~(tensorAlignment - 1);
  return rounded < size ? UINT64_MAX : rounded;
}

tfc_status_t tfc_list_export(tfc_context_t *context, tfc_tensor_t *outputs, int32_t index, const tfc_list_t *list,
                             int32_t isTensor) {
  tfc_tensor_t &output = outputs[index];
  if (!list) {
    output = tfc_tensor_t{};
    return TFC_STATUS_OK;
  }
  if (isTensor) {
    const tfc_tensor_t &tensor = list->elements[0].tensor;
    void *data = tfc_output_bind(context, outputs, index, tensor.dtype, tensor.rank, tensor.shape);
    if (!data)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    if (tensor.size)
      memcpy(data, tensor.data, tensor.size);
    return TFC_STATUS_OK;
  }
  // The array, then the data of one element after the other.
  uint64_t total = aligned(list->count * sizeof(tfc_tensor_t));
  for (int64_t i = 0; i < list->count; ++i)
    if (__builtin_add_overflow(total, aligned(list->elements[i].tensor.size), &total))
      total = UINT64_MAX;
  GrowingBuffer &buffer = context->outputs[index];
  if (!buffer.reserve(context->instance->allocator, total))
    return context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "output '%s': no memory for %" PRIu64 " bytes",
                                   context->step->outputs[index].name, total);
  auto *tensors = static_cast<tfc_tensor_t *>(buffer.data);
  char *data = static_cast<char *>(buffer.data) + aligned(list->count * sizeof(tfc_tensor_t));
  for (int64_t i = 0; i < list->count; ++i) {
    tensors[i] = list->elements[i].tensor;
    tensors[i].data = data;
    if (tensors[i].size)
      memcpy(data, list->elements[i].tensor.data, tensors[i].size);
    data += aligned(tensors[i].size);
  }
  output = tfc_tensor_t{};
  output.data = tensors;
  output.size = list->count;
  output.dtype = TFC_DTYPE_LIST;
  return TFC_STATUS_OK;
}
