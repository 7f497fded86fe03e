// Threads that share parallel loops.
#include "task/pool.h"
#include "base/memory.h"
#include "task/futex.h"

#include <sched.h>
#include <sys/mman.h>

using namespace tfc::rt;

// How long waiting threads spin. A wake-up through the kernel takes 5 to 50 us; the
// serial parts between a step's loops are mostly shorter.
constexpr int64_t spinLimit = 40'000;

// True as soon as `done()` is, false when the time is over.
template <typename Done> static bool spinUntil(int64_t nanoseconds, Done done) {
  if (done())
    return true;
  if (nanoseconds == 0)
    return false;
  int64_t end = now() + nanoseconds;
  do {
    for (int i = 0; i < 16; ++i) {
      if (done())
        return true;
      relaxCore();
    }
  } while (now() < end);
  return false;
}

// Threads that compete for one core must not spin for each other.
static bool hasCoreForEach(int32_t threads) {
  cpu_set_t cpus;
  return sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) >= threads;
}

Pool *Pool::start(int32_t workers) {
  uint64_t size = sizeof(Pool) + sizeof(pthread_t) * workers;
  void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return nullptr;
  // Kernels older than 4.14 cannot; there a child must not touch the instance.
  madvise(memory, size, MADV_WIPEONFORK);
  auto *pool = new (TfcPlacement{memory}) Pool;
  pool->mappingSize = size;
  pool->spinNanoseconds = hasCoreForEach(workers + 1) ? spinLimit : 0;
  int32_t started = 0;
  while (started < workers && pthread_create(&pool->threads()[started], nullptr, Pool::main, pool) == 0)
    ++started;
  pool->workerCount = started;
  return pool;
}

void Pool::stop(Pool *pool) {
  uint64_t size = pool->mappingSize;
  if (size == 0) // a forked child: its mapping stays, as its stacks do
    return;
  pool->stopping.store(true);
  pool->added.fetch_add(1);
  futexWake(pool->added, pool->workerCount);
  for (int32_t i = 0; i < pool->workerCount; ++i)
    pthread_join(pool->threads()[i], nullptr);
  munmap(pool, size);
}

void *Pool::main(void *argument) {
  auto *pool = static_cast<Pool *>(argument);
  pool->work(pool->numbered.fetch_add(1) + 1);
  return nullptr;
}

void Pool::work(int32_t number) {
  while (true) {
    uint32_t seen = added.load();
    if (SharedLoop *loop = join()) {
      loop->runChunks(number);
      leave(*loop);
      continue;
    }
    if (stopping.load())
      return;
    if (spinUntil(spinNanoseconds, [&] { return added.load(std::memory_order_relaxed) != seen; }))
      continue;
    // Counted before the kernel compares `added`, which `run` changes before it
    // looks at the count: one of the two sees the other.
    sleepingWorkers.fetch_add(1);
    futexWait(added, seen);
    sleepingWorkers.fetch_sub(1);
  }
}

SharedLoop *Pool::join() {
  MutexLock lock(mutex);
  SharedLoop *best = nullptr;
  int32_t fewest = 0;
  for (SharedLoop *loop = loops; loop; loop = loop->next) {
    int32_t helpers = loop->helpers.load(std::memory_order_relaxed);
    if (loop->hasChunks() && (!best || helpers < fewest)) {
      best = loop;
      fewest = helpers;
    }
  }
  if (best)
    best->helpers.fetch_add(1, std::memory_order_relaxed);
  return best;
}

void Pool::leave(SharedLoop &loop) {
  if (loop.helpers.fetch_sub(1) != 1)
    return;
  left.fetch_add(1);
  if (sleepingCallers.load() > 0)
    futexWake(left, INT32_MAX);
}

void Pool::add(SharedLoop &loop) {
  {
    MutexLock lock(mutex);
    loop.next = loops;
    loops = &loop;
  }
  added.fetch_add(1);
  int64_t useful = loop.chunks - 1;
  int32_t sleeping = sleepingWorkers.load();
  if (sleeping > 0 && useful > 0)
    futexWake(added, static_cast<int32_t>(useful < sleeping ? useful : sleeping));
}

void Pool::remove(SharedLoop &loop) {
  MutexLock lock(mutex);
  SharedLoop **link = &loops;
  while (*link != &loop)
    link = &(*link)->next;
  *link = loop.next;
}

void Pool::run(SharedLoop &loop) {
  add(loop);
  loop.runChunks(/*thread=*/0);
  remove(loop);
  auto isLeft = [&] { return loop.helpers.load() == 0; };
  if (spinUntil(spinNanoseconds, isLeft))
    return;
  sleepingCallers.fetch_add(1);
  for (uint32_t seen = left.load(); !isLeft(); seen = left.load())
    futexWait(left, seen);
  sleepingCallers.fetch_sub(1);
}
