// Distinct elements, or distinct slices along an axis.
//
// Everything is a list of `count` items of `width` keys each: elements of the flattened
// tensor with one key, or slices with as many as they have elements.
#include "operation/key.h"
#include "operation/operation.h"
#include "operation/sort.h"

using namespace tfc::rt;

namespace {

struct Groups {
  int64_t count = 0;
  int64_t *first;  // [groups] first item of each
  int64_t *size;   // [groups] items in each
  int64_t *number; // [items] group of each
};

// Keys as [count, width].
void loadSliceKeys(const tfc_tensor_t &x, const AxisView &view, uint64_t *keys) {
  const int64_t width = view.outer * view.inner;
  for (int64_t item = 0; item < view.extent; ++item)
    for (int64_t outer = 0; outer < view.outer; ++outer)
      loadKeys(x.dtype, x.data, (outer * view.extent + item) * view.inner, 1, view.inner,
               keys + item * width + outer * view.inner);
}

bool isLess(const uint64_t *a, const uint64_t *b, int64_t width) {
  for (int64_t i = 0; i < width; ++i)
    if (a[i] != b[i])
      return a[i] < b[i];
  return false;
}

// Groups equal items, ascending. `order` is the items sorted stably, so that a group's
// first item in it is the first of all.
void groupSorted(const int64_t *order, int64_t count, const uint64_t *keys, int64_t width, Groups &groups) {
  for (int64_t i = 0; i < count; ++i) {
    int64_t item = order[i];
    bool isNew = i == 0 || isLess(keys + order[i - 1] * width, keys + item * width, width);
    if (isNew) {
      groups.first[groups.count] = item;
      groups.size[groups.count++] = 0;
    }
    ++groups.size[groups.count - 1];
    groups.number[item] = groups.count - 1;
  }
}

// Numbers the groups by first occurrence instead.
void renumber(const Groups &groups, int64_t count, Groups &result, int64_t *newNumber) {
  for (int64_t item = 0; item < count; ++item) {
    int64_t group = groups.number[item];
    if (groups.first[group] == item) {
      newNumber[group] = result.count;
      result.first[result.count] = item;
      result.size[result.count++] = groups.size[group];
    }
    result.number[item] = newNumber[group];
  }
}

// Writes the first slice of each group.
void copySlices(const tfc_tensor_t &x, const AxisView &view, const Groups &groups, void *y) {
  const size_t size = tfc_dtype_size(static_cast<tfc_dtype_t>(x.dtype)) * view.inner;
  for (int64_t outer = 0; outer < view.outer; ++outer)
    for (int64_t group = 0; group < groups.count; ++group)
      copyElement(y, outer * groups.count + group, x.data, outer * view.extent + groups.first[group], size);
}

tfc_status_t bindIndices(tfc_context_t *context, tfc_tensor_t &output, const int64_t *values, int64_t count) {
  if (tfc_status_t status = bindResult(context, "unique", output, TFC_DTYPE_I64, 1, &count))
    return status;
  memcpy(output.data, values, sizeof(int64_t) * count);
  return TFC_STATUS_OK;
}

} // namespace

tfc_status_t tfc_operation_unique(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                  int32_t outputCount, const int64_t *parameters) {
  const bool isFlat = parameters[0] == TFC_AXIS_NONE, isSorted = parameters[1];
  tfc_tensor_t x = inputs[0];
  if (!isOrdered(x.dtype))
    return failDtype(context, "unique", x.dtype);
  if (isFlat) {
    for (int32_t d = 1; d < x.rank; ++d)
      x.shape[0] *= x.shape[d];
    if (x.rank == 0)
      x.shape[0] = 1;
    x.rank = 1;
  }
  AxisView view;
  if (tfc_status_t status = viewAxis(context, "unique", x, isFlat ? 0 : parameters[0], view))
    return status;

  const int64_t count = view.extent, width = view.outer * view.inner;
  ScratchArray<uint64_t> keys(context, count * width);
  // Order and its merge buffer, then the groups: three arrays for each numbering.
  ScratchArray<int64_t> memory(context, 8 * count);
  if (!keys || !memory)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  int64_t *order = memory.get(), *buffer = order + count, *rest = buffer + count;
  loadSliceKeys(x, view, keys.get());
  for (int64_t i = 0; i < count; ++i)
    order[i] = i;
  sortItems(order, buffer, count,
            [&](int64_t a, int64_t b) { return isLess(keys.get() + a * width, keys.get() + b * width, width); });
  Groups groups{0, rest, rest + count, rest + 2 * count};
  groupSorted(order, count, keys.get(), width, groups);
  if (!isSorted) {
    Groups byOccurrence{0, rest + 3 * count, rest + 4 * count, rest + 5 * count};
    renumber(groups, count, byOccurrence, order);
    groups = byOccurrence;
  }

  int64_t shape[TFC_MAX_RANK];
  for (int32_t d = 0; d < x.rank; ++d)
    shape[d] = d == view.axis ? groups.count : x.shape[d];
  if (tfc_status_t status = bindResult(context, "unique", outputs[0], x.dtype, x.rank, shape))
    return status;
  copySlices(x, view, groups, outputs[0].data);
  const struct {
    const int64_t *values;
    int64_t count;
  } results[] = {{groups.first, groups.count}, {groups.number, count}, {groups.size, groups.count}};
  for (int32_t i = 1; i < outputCount; ++i)
    if (tfc_status_t status = bindIndices(context, outputs[i], results[i - 1].values, results[i - 1].count))
      return status;
  return TFC_STATUS_OK;
}
