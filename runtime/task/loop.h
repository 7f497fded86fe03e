// One parallel loop: units of a kernel, cut into chunks that threads take in turn.
#ifndef TFC_RUNTIME_TASK_LOOP_H
#define TFC_RUNTIME_TASK_LOOP_H

#include "tfc-rt/generated.h"

#include <atomic>

namespace tfc::rt {

struct Loop {
  tfc_kernel_t kernel;
  const uint64_t *block;
  int64_t total;
  int64_t grain;

  // Borders of chunks depend on `total` and `grain` only: results are the same on
  // any number of threads.
  int64_t chunkCount() const { return (total - 1) / grain + 1; }
  void runChunk(int64_t chunk) const {
    int64_t begin = chunk * grain;
    kernel(block, begin, total - begin < grain ? total : begin + grain);
  }
};

// A loop on an own pool. It lives on its caller's stack while it runs.
struct SharedLoop : Loop {
  explicit SharedLoop(const Loop &loop) : Loop(loop), chunks(loop.chunkCount()) {}

  const int64_t chunks;
  std::atomic<int64_t> nextChunk{0};
  // Workers inside the loop. They enter while the loop is in the pool's list, and
  // touch nothing of it after their decrement.
  std::atomic<int32_t> helpers{0};
  SharedLoop *next = nullptr; // in the pool's list, guarded by its mutex

  bool hasChunks() const { return nextChunk.load(std::memory_order_relaxed) < chunks; }
  void runChunks() {
    for (int64_t chunk; (chunk = nextChunk.fetch_add(1, std::memory_order_relaxed)) < chunks;)
      runChunk(chunk);
  }
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_TASK_LOOP_H
