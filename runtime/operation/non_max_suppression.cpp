// Greedy non-maximum suppression of boxes.
#include "operation/key.h"
#include "operation/operation.h"
#include "operation/sort.h"

#include <inttypes.h>

using namespace tfc::rt;

namespace {

struct Box {
  float x1, y1, x2, y2; // x1 <= x2, y1 <= y2

  float area() const { return (x2 - x1) * (y2 - y1); }
};

float lesser(float a, float b) { return a < b ? a : b; }
float greater(float a, float b) { return a < b ? b : a; }

Box loadBox(const float *data, bool isCentered) {
  if (isCentered) {
    float halfWidth = data[2] / 2, halfHeight = data[3] / 2;
    return {data[0] - halfWidth, data[1] - halfHeight, data[0] + halfWidth, data[1] + halfHeight};
  }
  return {lesser(data[1], data[3]), lesser(data[0], data[2]), greater(data[1], data[3]), greater(data[0], data[2])};
}

// Whether the boxes overlap by more than the threshold. Boxes without area never do.
bool overlap(const Box &a, const Box &b, float threshold) {
  float width = lesser(a.x2, b.x2) - greater(a.x1, b.x1), height = lesser(a.y2, b.y2) - greater(a.y1, b.y1);
  if (!(width > 0 && height > 0))
    return false;
  float both = width * height, either = a.area() + b.area() - both;
  return a.area() > 0 && b.area() > 0 && either > 0 && both / either > threshold;
}

struct Request {
  int64_t boxCount, limit;
  float overlapThreshold, scoreThreshold;
  bool hasScoreThreshold, isCentered;
};

// Scratch of one class, for each of its boxes; used as three arrays.
struct Candidate {
  Item item, buffer;
  Box taken;
};

// Writes the boxes taken for one class to `selected` and returns their number.
int64_t selectBoxes(const Request &request, const float *boxes, const float *scores, Item *items, Item *buffer,
                    Box *taken, int64_t *selected) {
  int64_t candidates = 0, count = 0;
  loadItems(TFC_DTYPE_F32, scores, 0, 1, request.boxCount, /*descending=*/true, items);
  for (int64_t i = 0; i < request.boxCount; ++i)
    if (!request.hasScoreThreshold || scores[i] > request.scoreThreshold)
      items[candidates++] = items[i];
  sortItems(items, buffer, candidates, [](const Item &a, const Item &b) { return a < b; });
  for (int64_t i = 0; i < candidates && count < request.limit; ++i) {
    Box box = loadBox(boxes + items[i].index * 4, request.isCentered);
    bool suppressed = false;
    for (int64_t j = 0; j < count && !suppressed; ++j)
      suppressed = overlap(box, taken[j], request.overlapThreshold);
    if (suppressed)
      continue;
    taken[count] = box;
    selected[count++] = items[i].index;
  }
  return count;
}

} // namespace

tfc_status_t tfc_operation_non_max_suppression(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                               tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &boxes = inputs[0], &scores = inputs[1];
  const int64_t batches = boxes.shape[0], classes = scores.shape[1], boxCount = boxes.shape[1];
  if (scores.shape[0] != batches || scores.shape[2] != boxCount || boxes.shape[2] != 4)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "non_max_suppression: scores are %" PRId64 "x%" PRId64 "x%" PRId64
                                   ", expected %" PRId64 " batches of any number of classes of %" PRId64
                                   " boxes with 4 numbers",
                                   scores.shape[0], classes, scores.shape[2], batches, boxCount);
  Request request = {};
  if (isPresent(inputs, inputCount, 2))
    request.limit = *static_cast<const int64_t *>(inputs[2].data);
  if (isPresent(inputs, inputCount, 3))
    request.overlapThreshold = *static_cast<const float *>(inputs[3].data);
  request.hasScoreThreshold = isPresent(inputs, inputCount, 4);
  if (request.hasScoreThreshold)
    request.scoreThreshold = *static_cast<const float *>(inputs[4].data);
  request.isCentered = parameters[0];
  request.boxCount = boxCount;
  request.limit = request.limit < 0 ? 0 : request.limit > boxCount ? boxCount : request.limit;

  // Each class selects into its own part of `selected`.
  const int64_t rows = batches * classes, limit = request.limit;
  ScratchArray<int64_t> selected(context, rows * limit), counts(context, rows);
  if (!selected || !counts)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  tfc_status_t status = forEachRow<Candidate>(context, rows, boxCount * 16, boxCount, [&](int64_t row, Candidate *own) {
    auto *items = reinterpret_cast<Item *>(own);
    Item *buffer = items + boxCount;
    auto *taken = reinterpret_cast<Box *>(buffer + boxCount);
    counts[row] = selectBoxes(request, static_cast<const float *>(boxes.data) + row / classes * boxCount * 4,
                              static_cast<const float *>(scores.data) + row * boxCount, items, buffer, taken,
                              &selected[row * limit]);
  });
  if (status)
    return status;

  int64_t shape[] = {0, 3};
  for (int64_t row = 0; row < rows; ++row)
    shape[0] += counts[row];
  if ((status = bindResult(context, "non_max_suppression", outputs[0], TFC_DTYPE_I64, 2, shape)))
    return status;
  auto *out = static_cast<int64_t *>(outputs[0].data);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t i = 0; i < counts[row]; ++i) {
      *out++ = row / classes;
      *out++ = row % classes;
      *out++ = selected[row * limit + i];
    }
  return TFC_STATUS_OK;
}
