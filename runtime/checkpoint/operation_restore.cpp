// Restoring by steps: all that a step asks for is checked before it goes on to assign anything.
#include "checkpoint/operation.h"
#include "checkpoint/stored.h"
#include "tfc-rt/operations.h"

#include <inttypes.h>

using namespace tfc::rt;

namespace {

struct Restoring {
  tfc_context_t *context;
  const StoredTensors &stored;

  tfc_status_t fail(Bytes name, const char *what) const {
    return stored.fail(TFC_STATUS_INVALID_ARGUMENT, name, "%s", what);
  }

  // The part that is asked for; all if nothing is.
  tfc_status_t findPart(const StoredTensor &tensor, Bytes spec, Slice &part) const {
    if (spec.size == 0) {
      part = wholeSlice(tensor.rank, tensor.shape);
      return TFC_STATUS_OK;
    }
    int64_t shape[TFC_MAX_RANK];
    if (!parseSlice(spec, shape, part))
      return fail(tensor.name, "is asked for by a part that is none");
    bool isSame = part.rank == tensor.rank;
    for (int32_t d = 0; isSame && d < part.rank; ++d)
      isSame = shape[d] == tensor.shape[d];
    return isSame ? TFC_STATUS_OK : fail(tensor.name, "has another shape than the part that is asked for says");
  }

  // `output` says what shape is expected, -1 where any is.
  tfc_status_t checkShape(const StoredTensor &tensor, const Slice &part, const tfc_tensor_t &output) const {
    char found[sliceTextSize], expected[sliceTextSize];
    bool fits = part.rank == output.rank;
    for (int32_t d = 0; fits && d < part.rank; ++d)
      fits = output.shape[d] < 0 || output.shape[d] == part.extent[d];
    if (fits)
      return TFC_STATUS_OK;
    printShape(part.rank, part.extent, found);
    printShape(output.rank, output.shape, expected);
    return stored.fail(TFC_STATUS_INVALID_ARGUMENT, tensor.name, "has shape [%.100s], expected [%.100s]", found,
                       expected);
  }

  tfc_status_t restoreStrings(const StoredTensor &tensor, const Slice &part, tfc_tensor_t &output) const {
    const tfc_allocator_t &allocator = context->instance->allocator;
    if (part.elements() != wholeSlice(tensor.rank, tensor.shape).elements())
      return fail(tensor.name, "is asked for in parts, expected all of a tensor of strings");
    Array<char> bytes(allocator);
    Array<Bytes> strings(allocator);
    if (tfc_status_t status = stored.readStrings(tensor, bytes, strings))
      return status;
    if (tfc_status_t status = bindStrings(context, "restore_tensors", output, part.rank, part.extent))
      return status;
    for (int64_t i = 0; i < strings.count; ++i)
      if (!makeHandle(context, {strings[i].data, strings[i].size}, handlesOf(output)[i]))
        return TFC_STATUS_RESOURCE_EXHAUSTED;
    return TFC_STATUS_OK;
  }

  tfc_status_t restore(Bytes name, Bytes spec, bool isString, bool isFlat, tfc_tensor_t &output) const {
    StoredTensor tensor;
    Slice part;
    if (tfc_status_t status = stored.find(name, tensor))
      return status;
    const int32_t expected = isString ? static_cast<int32_t>(TFC_DTYPE_STRING) : output.dtype;
    if (tensor.dtype != expected)
      return stored.fail(TFC_STATUS_INVALID_ARGUMENT, name, "is of %s, expected %s",
                         tfc_dtype_name(static_cast<tfc_dtype_t>(tensor.dtype)),
                         tfc_dtype_name(static_cast<tfc_dtype_t>(expected)));
    if (tfc_status_t status = findPart(tensor, spec, part))
      return status;
    Slice given = part;
    if (isFlat) {
      given.rank = 1;
      given.extent[0] = part.elements();
    }
    if (tfc_status_t status = checkShape(tensor, given, output))
      return status;
    if (isString && !isFlat)
      return restoreStrings(tensor, part, output);
    if (isString)
      return fail(name, "is asked for without a shape, which strings need");
    if (tfc_status_t status = bindResult(context, "restore_tensors", output, output.dtype, given.rank, given.extent))
      return status;
    return stored.read(tensor, part, output.data);
  }
};

} // namespace

tfc_status_t tfc_operation_restore_tensors(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                           tfc_tensor_t *outputs, int32_t outputCount, const int64_t *parameters) {
  const tfc_tensor_t &names = inputs[1], &slices = inputs[2];
  const char *path = pathOf(context, "restore_tensors", stringAt(inputs[0], 0));
  if (!path)
    return TFC_STATUS_INVALID_ARGUMENT;
  if (tfc_status_t status = checkCounts(context, "restore_tensors", names, slices, outputCount))
    return status;
  StoredTensors stored(context->instance->allocator, path, context->message());
  tfc_status_t status = stored.open();
  for (int32_t i = 0; !status && i < outputCount; ++i)
    status = Restoring{context, stored}.restore(bytesOf(stringAt(names, i)), bytesOf(stringAt(slices, i)),
                                                parameters[i], parameters[outputCount + i], outputs[i]);
  return status;
}
