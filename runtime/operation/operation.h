// What the hand-written operations share: axes, outputs, errors, loops over rows.
#ifndef TFC_RUNTIME_OPERATION_OPERATION_H
#define TFC_RUNTIME_OPERATION_OPERATION_H

#include "base/context.h"
#include "tfc-rt/operations.h"

namespace tfc::rt {

// A tensor seen as [outer, extent, inner] around an axis. Its rows run along the axis:
// row r starts at element `firstOf(r)` and its elements are `inner` apart.
struct AxisView {
  int64_t outer = 1, extent = 1, inner = 1;
  int32_t axis = 0;

  int64_t rowCount() const { return outer * inner; }
  int64_t firstOf(int64_t row) const { return row / inner * extent * inner + row % inner; }
};

// Fails, in the name of `operation`, if the tensor has no such axis.
tfc_status_t viewAxis(tfc_context_t *context, const char *operation, const tfc_tensor_t &value, int64_t axis,
                      AxisView &outView);

// Fixes dtype and shape of an output and sees that it has memory.
tfc_status_t bindResult(tfc_context_t *context, const char *operation, tfc_tensor_t &output, int32_t dtype,
                        int32_t rank, const int64_t *shape);

tfc_status_t failDtype(tfc_context_t *context, const char *operation, int32_t dtype);

inline bool isPresent(const tfc_tensor_t *inputs, int32_t inputCount, int32_t index) {
  return index < inputCount && inputs[index].data;
}

// Scratch for an array; null after recording RESOURCE_EXHAUSTED. Freed with the step
// unless the operation does it.
void *allocateArray(tfc_context_t *context, int64_t count, uint64_t elementSize);
template <typename T> T *allocateArray(tfc_context_t *context, int64_t count) {
  return static_cast<T *>(allocateArray(context, count, sizeof(T)));
}

// Scratch that goes when its scope ends.
template <typename T> class ScratchArray {
public:
  ScratchArray(tfc_context_t *context, int64_t count) : context(context), data(allocateArray<T>(context, count)) {}
  ~ScratchArray() { tfc_scratch_free(context, data); }
  ScratchArray(const ScratchArray &) = delete;
  ScratchArray &operator=(const ScratchArray &) = delete;

  explicit operator bool() const { return data != nullptr; }
  T *get() const { return data; }
  T &operator[](int64_t index) const { return data[index]; }

private:
  tfc_context_t *context;
  T *data;
};

// Copies one element between tensors of the same dtype.
inline void copyElement(void *to, int64_t toIndex, const void *from, int64_t fromIndex, size_t size) {
  __builtin_memcpy(static_cast<char *>(to) + toIndex * size, static_cast<const char *>(from) + fromIndex * size, size);
}

inline void storeIndex(const tfc_tensor_t &output, int64_t position, int64_t value) {
  if (output.dtype == TFC_DTYPE_I32)
    static_cast<int32_t *>(output.data)[position] = static_cast<int32_t>(value);
  else
    static_cast<int64_t *>(output.data)[position] = value;
}

// How rows are spread over threads: by their number and cost alone, never by the
// number of threads, and into few chunks, because each has scratch of its own.
struct RowChunks {
  int64_t grain, count;
  RowChunks(int64_t rows, int64_t rowCost);
};

// Calls body(row, scratch) for every row of [0, rows), in parallel. `rowCost` is the
// work of a row in elements; `scratch` has room for `scratchCount` T of its thread's own.
template <typename T, typename Body>
tfc_status_t forEachRow(tfc_context_t *context, int64_t rows, int64_t rowCost, int64_t scratchCount, Body body) {
  struct State {
    Body &body;
    T *scratch;
    int64_t scratchCount, grain;
  };
  RowChunks chunks(rows, rowCost);
  int64_t total;
  if (__builtin_mul_overflow(scratchCount, chunks.count, &total))
    total = INT64_MAX; // which cannot be had
  ScratchArray<T> scratch(context, total);
  if (!scratch)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  State state{body, scratch.get(), scratchCount, chunks.grain};
  const uint64_t block[] = {0, reinterpret_cast<uint64_t>(&state)};
  tfc_parallel_for(
      context,
      [](const uint64_t *words, int64_t begin, int64_t end) {
        auto &loop = *reinterpret_cast<State *>(words[1]);
        T *own = loop.scratch + begin / loop.grain * loop.scratchCount;
        for (; begin < end; ++begin)
          loop.body(begin, own);
      },
      block, rows, chunks.grain);
  return TFC_STATUS_OK;
}

} // namespace tfc::rt

#endif // TFC_RUNTIME_OPERATION_OPERATION_H
