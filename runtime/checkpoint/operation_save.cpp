// Saving by steps.
#include "checkpoint/collector.h"
#include "checkpoint/operation.h"
#include "tfc-rt/operations.h"

#include <errno.h>
#include <sys/stat.h>

using namespace tfc::rt;

// Makes the folders of a path, as far as they are not there. What goes wrong shows when the file is made.
static void makeFolders(char *path) {
  for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0777);
    *slash = '/';
  }
}

// The sizes of all strings, then their bytes.
static tfc_status_t addStrings(Collector &collector, Bytes name, const tfc_tensor_t &x) {
  const int64_t count = countOf(x);
  uint64_t size = static_cast<uint64_t>(count) * sizeof(uint64_t);
  for (int64_t i = 0; i < count; ++i)
    if (__builtin_add_overflow(size, stringAt(x, i).size, &size))
      size = UINT64_MAX; // which cannot be had
  char *packed = collector.allocateBytes(size);
  if (!packed)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  char *sizes = packed, *bytes = packed + static_cast<uint64_t>(count) * sizeof(uint64_t);
  for (int64_t i = 0; i < count; ++i) {
    const StringView text = stringAt(x, i);
    for (unsigned k = 0; k < sizeof(uint64_t); ++k)
      *sizes++ = static_cast<char>(text.size >> (8 * k));
    memcpy(bytes, text.data, text.size);
    bytes += text.size;
  }
  return collector.addPackedStrings(name, x.rank, x.shape, {packed, size});
}

static tfc_status_t addTensor(tfc_context_t *context, Collector &collector, Bytes name, Bytes spec,
                              const tfc_tensor_t &x, bool isString) {
  const Bytes data{static_cast<const char *>(x.data), x.size};
  if (spec.size == 0)
    return isString ? addStrings(collector, name, x) : collector.add(name, x.dtype, x.rank, x.shape, data);
  int64_t shape[TFC_MAX_RANK];
  Slice part;
  bool fits = !isString && parseSlice(spec, shape, part) && part.rank == x.rank;
  for (int32_t d = 0; fits && d < part.rank; ++d)
    fits = part.extent[d] == x.shape[d];
  if (!fits)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "save_tensors: tensor '%.*s' is not the part '%.*s'",
                                   static_cast<int>(name.size), name.data, static_cast<int>(spec.size), spec.data);
  return collector.addPart(name, x.dtype, shape, part, data);
}

tfc_status_t tfc_operation_save_tensors(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                        tfc_tensor_t *, int32_t, const int64_t *parameters) {
  const tfc_allocator_t &allocator = context->instance->allocator;
  const tfc_tensor_t &names = inputs[1], &slices = inputs[2];
  const int32_t count = inputCount - 3;
  const char *path = pathOf(context, "save_tensors", stringAt(inputs[0], 0));
  if (!path)
    return TFC_STATUS_INVALID_ARGUMENT;
  if (tfc_status_t status = checkCounts(context, "save_tensors", names, slices, count))
    return status;
  Collector collector(allocator, path, context->message());
  for (int32_t i = 0; i < count; ++i)
    if (tfc_status_t status = addTensor(context, collector, bytesOf(stringAt(names, i)), bytesOf(stringAt(slices, i)),
                                        inputs[3 + i], parameters[i]))
      return status;
  char *folders = collector.allocateBytes(strlen(path) + 1);
  if (!folders)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  memcpy(folders, path, strlen(path) + 1);
  makeFolders(folders);
  return collector.write();
}
