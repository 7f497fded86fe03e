// Parallel loops of generated code: on the calling thread alone, on the instance's
// own pool or on the application's.
#include "base/context.h"
#include "task/pool.h"

using namespace tfc::rt;

static void runInline(const Loop &loop) {
  for (int64_t chunk = 0, chunks = loop.chunkCount(); chunk < chunks; ++chunk)
    loop.runChunk(chunk);
}

static void runTask(void *loop, int64_t chunk) { static_cast<const Loop *>(loop)->runChunk(chunk); }

// The own pool, started by the instance's first loop. Null if it cannot be.
static Pool *ownPool(tfc_instance_t &instance) {
  if (Pool *pool = instance.ownPool.load(std::memory_order_acquire))
    return pool;
  MutexLock lock(instance.poolMutex);
  if (Pool *pool = instance.ownPool.load(std::memory_order_relaxed))
    return pool;
  Pool *pool = Pool::start(instance.threadCount - 1);
  if (instance.log && (!pool || pool->size() < instance.threadCount - 1))
    instance.log(instance.logUser, 1, "fewer threads started than asked for");
  if (pool) {
    instance.closePool = Pool::stop;
    instance.ownPool.store(pool, std::memory_order_release);
  }
  return pool;
}

// Runs the loop on all threads there are.
static void runShared(tfc_instance_t &instance, Loop &loop) {
  if (const tfc_pool_t *pool = instance.applicationPool)
    return pool->run(pool->user, runTask, &loop, loop.chunkCount());
  Pool *pool = ownPool(instance);
  if (!pool || pool->size() == 0)
    return runInline(loop);
  SharedLoop shared(loop, pool->size() + 1);
  pool->run(shared);
}

static bool isSerial(const tfc_instance_t &instance) {
  const tfc_pool_t *pool = instance.applicationPool;
  return pool ? pool->concurrency(pool->user) <= 1 : instance.threadCount <= 1;
}

void tfc_parallel_for(tfc_context_t *context, tfc_kernel_t kernel, const uint64_t *block, int64_t total,
                      int64_t grain) {
  if (total <= 0)
    return;
  Loop loop{kernel, block, total, grain > 0 ? grain : 1};
  tfc_instance_t &instance = *context->instance;
  if (loop.total <= loop.grain || context->inLoop || isSerial(instance))
    return runInline(loop);
  context->inLoop = true;
  runShared(instance, loop);
  context->inLoop = false;
}
