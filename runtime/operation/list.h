// Lists of tensors with counted references, and their elements.
#ifndef TFC_RUNTIME_OPERATION_LIST_H
#define TFC_RUNTIME_OPERATION_LIST_H

#include "operation/operation.h"

namespace tfc::rt {

// Stands in front of the data of an element that lists share.
struct alignas(tensorAlignment) ElementHeader {
  int64_t references;
};

// A tensor, or of dtype LIST a reference to a list or optional.
struct ListElement {
  tfc_tensor_t tensor;
  ElementHeader *header; // of a tensor; null: the memory is the caller's
};

// Places of lists that stand for arrays may hold nothing.
inline bool holdsNothing(const ListElement &element) { return element.tensor.dtype == TFC_DTYPE_INVALID; }

// A new list of no elements; null after recording RESOURCE_EXHAUSTED.
tfc_list_t *createList(tfc_context_t *context, int64_t capacity);
// Appends a tensor of this dtype and shape and gives its memory, 64-byte aligned; null
// after recording RESOURCE_EXHAUSTED. The list must not be shared.
void *appendElement(tfc_context_t *context, tfc_list_t &list, const tfc_tensor_t &like, uint64_t size);
// Appends a copy of a tensor, or another reference to a list.
bool appendCopy(tfc_context_t *context, tfc_list_t &list, const tfc_tensor_t &tensor);
// One reference to an element less.
void releaseElement(tfc_context_t *context, const ListElement &element);
// Takes over a reference to a list and gives one to an equal list that nobody shares,
// with room for `capacity` elements; null after recording RESOURCE_EXHAUSTED.
tfc_list_t *makeUnique(tfc_context_t *context, tfc_list_t *list, int64_t capacity);

// The list that an operand or result of an operation is.
inline tfc_list_t *listOf(const tfc_tensor_t &operand) { return static_cast<tfc_list_t *>(operand.data); }
// The list position that an operand holds, in [0, count) or, for insertions, one more.
tfc_status_t readPosition(tfc_context_t *context, const char *operation, const tfc_tensor_t &operand, int64_t count,
                          int64_t &outPosition);
// Copies a tensor, or the reference to a list, out of a list to an output that says what it
// must be.
tfc_status_t takeElement(tfc_context_t *context, const char *operation, const tfc_tensor_t &element,
                         tfc_tensor_t &output);
// Fails unless a shape is what an output says of its own: rank, and extents but -1.
tfc_status_t checkShape(tfc_context_t *context, const char *operation, const tfc_tensor_t &output, int32_t dtype,
                        int32_t rank, const int64_t *shape);

// Adds a tensor to one of the same shape and dtype; UNIMPLEMENTED where numbers of the dtype have
// no sum here.
tfc_status_t addTensor(tfc_context_t *context, const char *operation, tfc_tensor_t &to, const tfc_tensor_t &from);

} // namespace tfc::rt

struct tfc_list_t {
  int64_t references, count, capacity;
  tfc::rt::ListElement *elements;
};

#endif // TFC_RUNTIME_OPERATION_LIST_H
