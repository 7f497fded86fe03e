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
//
// Its chunks are cut into one range for each thread. A thread begins with its own, so
// that it finds in its caches what it made of the same rows in the loop before, and
// then helps with the others.
struct SharedLoop : Loop {
  static constexpr int32_t kMostRanges = 16;

  SharedLoop(const Loop &loop, int32_t threads)
      : Loop(loop), chunks(loop.chunkCount()), rangeCount(threads < kMostRanges ? threads : kMostRanges) {
    for (int32_t i = 0; i < rangeCount; ++i) {
      ranges[i].next.store(chunks * i / rangeCount, std::memory_order_relaxed);
      ranges[i].end = chunks * (i + 1) / rangeCount;
    }
  }

  const int64_t chunks;
  const int32_t rangeCount;
  struct alignas(64) Range {
    std::atomic<int64_t> next;
    int64_t end;
  } ranges[kMostRanges];
  // Workers inside the loop. They enter while the loop is in the pool's list, and
  // touch nothing of it after their decrement.
  std::atomic<int32_t> helpers{0};
  SharedLoop *next = nullptr; // in the pool's list, guarded by its mutex

  bool hasChunks() const {
    for (int32_t i = 0; i < rangeCount; ++i)
      if (ranges[i].next.load(std::memory_order_relaxed) < ranges[i].end)
        return true;
    return false;
  }
  // `thread` is 0 for the caller and a worker's own number otherwise.
  void runChunks(int32_t thread) {
    for (int32_t i = 0; i < rangeCount; ++i) {
      Range &range = ranges[(thread + i) % rangeCount];
      for (int64_t chunk; (chunk = range.next.fetch_add(1, std::memory_order_relaxed)) < range.end;)
        runChunk(chunk);
    }
  }
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_TASK_LOOP_H
