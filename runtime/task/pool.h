// An instance's own threads.
//
// Callers put loops into a list and take part in their own; idle workers join the
// loop of the list that has the fewest helpers. Any number of callers may be inside
// `run` at once. A caller never waits for a worker to arrive, only for those that
// are in the middle of a chunk of its loop. Idle workers spin for some microseconds,
// because the next loop of a step is usually near, then sleep.
//
// Ordering: a loop's fields are published to workers by the mutex; what workers
// wrote is published to the caller by the decrement of `helpers`.
//
// Layout: pool and thread handles are one mapping that the kernel wipes in a forked
// child. Zero bytes are a pool without workers whose mutex is free, which is just
// what a child has.
#ifndef TFC_RUNTIME_TASK_POOL_H
#define TFC_RUNTIME_TASK_POOL_H

#include "base/mutex.h"
#include "task/loop.h"

#include <pthread.h>

namespace tfc::rt {

class Pool {
public:
  // Starts `workers` threads, or as many as the system allows; null without memory.
  static Pool *start(int32_t workers);
  // Ends the threads. No loop may be running.
  static void stop(Pool *pool);

  // Threads that started, the caller not included; 0 in a forked child.
  int32_t size() const { return workerCount; }
  // Returns when all chunks are done.
  void run(SharedLoop &loop) TFC_EXCLUDES(mutex);

private:
  static void *main(void *pool);
  void work(int32_t number);
  SharedLoop *join() TFC_EXCLUDES(mutex);
  void leave(SharedLoop &loop);
  void add(SharedLoop &loop) TFC_EXCLUDES(mutex);
  void remove(SharedLoop &loop) TFC_EXCLUDES(mutex);
  pthread_t *threads() { return reinterpret_cast<pthread_t *>(this + 1); }

  Mutex mutex;
  SharedLoop *loops TFC_GUARDED_BY(mutex) = nullptr;

  // Set before the workers start.
  uint64_t mappingSize = 0;
  int64_t spinNanoseconds = 0;
  int32_t workerCount = 0;
  std::atomic<int32_t> numbered{0}; // workers that took a number, from 1 on

  // What workers wait on: counts additions to the list, and the end.
  alignas(64) std::atomic<uint32_t> added{0};
  std::atomic<int32_t> sleepingWorkers{0};
  std::atomic<bool> stopping{false};
  // What callers wait on: counts loops that their last helper left.
  alignas(64) std::atomic<uint32_t> left{0};
  std::atomic<int32_t> sleepingCallers{0};
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_TASK_POOL_H
