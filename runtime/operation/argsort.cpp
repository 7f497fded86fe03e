// Stable sort along an axis.
#include "operation/key.h"
#include "operation/operation.h"
#include "operation/sort.h"

using namespace tfc::rt;

tfc_status_t tfc_operation_argsort(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                                   int32_t outputCount, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const bool descending = parameters[1];
  if (!isOrdered(x.dtype))
    return failDtype(context, "argsort", x.dtype);
  AxisView view;
  if (tfc_status_t status = viewAxis(context, "argsort", x, parameters[0], view))
    return status;
  tfc_tensor_t &indices = outputs[0];
  int32_t indexDtype = indices.dtype == TFC_DTYPE_I32 ? TFC_DTYPE_I32 : TFC_DTYPE_I64;
  if (tfc_status_t status = bindResult(context, "argsort", indices, indexDtype, x.rank, x.shape))
    return status;
  void *values = nullptr;
  if (outputCount > 1) {
    if (tfc_status_t status = bindResult(context, "argsort", outputs[1], x.dtype, x.rank, x.shape))
      return status;
    values = outputs[1].data;
  }

  const int64_t extent = view.extent;
  const size_t size = tfc_dtype_size(static_cast<tfc_dtype_t>(x.dtype));
  return forEachRow<Item>(context, view.rowCount(), extent * 8, 2 * extent, [&](int64_t row, Item *items) {
    const int64_t first = view.firstOf(row);
    loadItems(x.dtype, x.data, first, view.inner, extent, descending, items);
    sortItems(items, items + extent, extent, [](const Item &a, const Item &b) { return a < b; });
    for (int64_t i = 0; i < extent; ++i) {
      storeIndex(indices, first + i * view.inner, items[i].index);
      if (values)
        copyElement(values, first + i * view.inner, x.data, first + items[i].index * view.inner, size);
    }
  });
}
