// The k greatest or least elements along an axis.
#include "operation/key.h"
#include "operation/operation.h"
#include "operation/sort.h"

#include <inttypes.h>

using namespace tfc::rt;

// Leaves the k least of a row in order in items[0, k); `buffer` has room for as many as
// are sorted at once. A heap of the best so far where k is small, else a full sort.
static void selectLeast(const tfc_tensor_t &x, int64_t first, int64_t stride, int64_t extent, int64_t k,
                        bool descending, Item *items, Item *buffer) {
  auto less = [](const Item &a, const Item &b) { return a < b; };
  if (k * 8 > extent) {
    loadItems(x.dtype, x.data, first, stride, extent, descending, items);
    return sortItems(items, buffer, extent, less);
  }
  loadItems(x.dtype, x.data, first, stride, k, descending, items);
  for (int64_t i = k / 2; i-- > 0;)
    siftDown(items, k, i);
  constexpr int64_t blockSize = 64;
  Item block[blockSize];
  for (int64_t begin = k; begin < extent; begin += blockSize) {
    int64_t size = extent - begin < blockSize ? extent - begin : blockSize;
    loadItems(x.dtype, x.data, first + begin * stride, stride, size, descending, block);
    for (int64_t i = 0; i < size; ++i) {
      Item item{block[i].key, begin + i};
      if (item < items[0]) {
        items[0] = item;
        siftDown(items, k, 0);
      }
    }
  }
  sortItems(items, buffer, k, less);
}

tfc_status_t tfc_operation_top_k(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                 tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const bool largest = parameters[1];
  if (!isOrdered(x.dtype))
    return failDtype(context, "top_k", x.dtype);
  AxisView view;
  if (tfc_status_t status = viewAxis(context, "top_k", x, parameters[0], view))
    return status;
  const int64_t extent = view.extent;
  const int64_t k =
      isPresent(inputs, inputCount, 1) ? *static_cast<const int64_t *>(inputs[1].data) : outputs[0].shape[view.axis];
  if (k < 0 || k > extent)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "top_k: k is %" PRId64 ", expected 0 to %" PRId64, k,
                                   extent);
  int64_t shape[TFC_MAX_RANK];
  for (int32_t d = 0; d < x.rank; ++d)
    shape[d] = d == view.axis ? k : x.shape[d];
  tfc_tensor_t &values = outputs[0], &indices = outputs[1];
  int32_t indexDtype = indices.dtype == TFC_DTYPE_I32 ? TFC_DTYPE_I32 : TFC_DTYPE_I64;
  if (tfc_status_t status = bindResult(context, "top_k", values, x.dtype, x.rank, shape))
    return status;
  if (tfc_status_t status = bindResult(context, "top_k", indices, indexDtype, x.rank, shape))
    return status;
  if (k == 0)
    return TFC_STATUS_OK;

  AxisView result = view;
  result.extent = k;
  const size_t size = tfc_dtype_size(static_cast<tfc_dtype_t>(x.dtype));
  const int64_t sorted = k * 8 > extent ? extent : k;
  return forEachRow<Item>(context, view.rowCount(), extent + sorted * 8, 2 * sorted, [&](int64_t row, Item *items) {
    const int64_t first = view.firstOf(row), resultFirst = result.firstOf(row);
    selectLeast(x, first, view.inner, extent, k, largest, items, items + sorted);
    for (int64_t i = 0; i < k; ++i) {
      int64_t position = resultFirst + i * view.inner;
      storeIndex(indices, position, items[i].index);
      copyElement(values.data, position, x.data, first + items[i].index * view.inner, size);
    }
  });
}
