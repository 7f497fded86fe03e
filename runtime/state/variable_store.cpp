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
  if (tensor.size > variable.capacity || !variable.capacity) {
    uint64_t capacity = tensor.size ? tensor.size : 1; // a value without elements is one, too
    void *memory = allocate(instance.allocator, capacity);
    if (!memory)
      return false;
    if (variable.capacity)
      release(instance.allocator, variable.value.data);
    variable.value.data = memory;
    variable.capacity = capacity;
  }
  void *data = variable.value.data;
  variable.value = tensor;
  variable.value.data = data;
  if (tensor.size)
    memmove(data, tensor.data, tensor.size);
  return true;
}
