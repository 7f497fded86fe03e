// Values of variables: what fits, and where it is kept.
#include "state/variable.h"

#include <string.h>

using namespace tfc::rt;

bool tfc::rt::fits(const tfc_variable_t &declared, const tfc_tensor_t &tensor) {
  if (tensor.dtype != declared.dtype || tensor.rank != declared.rank)
    return false;
  for (int32_t d = 0; d < declared.rank; ++d)
    if (declared.dims[d] != TFC_DIM_DYNAMIC && declared.dims[d] != tensor.shape[d])
      return false;
  return true;
}

bool tfc::rt::store(tfc_instance_t &instance, Variable &variable, const tfc_tensor_t &tensor) {
  void *data = variable.value.data, *previous = nullptr;
  if (tensor.size > variable.capacity || !variable.capacity || isShared(data)) {
    uint64_t capacity = tensor.size ? tensor.size : 1; // a value without elements is one, too
    void *memory = allocateShared(instance.allocator, capacity);
    if (!memory)
      return false;
    previous = variable.capacity ? data : nullptr;
    data = memory;
    variable.capacity = capacity;
  }
  if (tensor.size)
    memmove(data, tensor.data, tensor.size); // the tensor may be the variable's value itself
  variable.value = tensor;
  variable.value.data = data;
  releaseShared(instance.allocator, previous);
  return true;
}
