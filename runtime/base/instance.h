// A model with the resources that all its contexts share.
#ifndef TFC_RUNTIME_BASE_INSTANCE_H
#define TFC_RUNTIME_BASE_INSTANCE_H

#include "base/memory.h"
#include "base/mutex.h"
#include "tfc-rt/model.h"

#include <atomic>

namespace tfc::rt {
class Pool;
struct Variable;
struct Queue;
struct Table;
struct StringKeeper;
} // namespace tfc::rt

struct tfc_instance_t {
  tfc_instance_t(const tfc_model_t *model, const tfc_allocator_t &allocator) : model(model), allocator(allocator) {}

  const tfc_model_t *model;
  tfc_allocator_t allocator;
  uint64_t cpuFeatures = 0;
  // The mapped weights file; null where the object embeds its weights.
  const void *weights = nullptr;

  // The application's pool, or null: then an own pool of `threadCount` threads,
  // the caller included.
  const tfc_pool_t *applicationPool = nullptr;
  int32_t threadCount = 1;
  // Started by the first parallel loop, under `poolMutex`. `closePool` is set with
  // it: only the member that runs loops refers to the pool's code, so that objects
  // without parallel loops do not link it.
  tfc::rt::Mutex poolMutex;
  std::atomic<tfc::rt::Pool *> ownPool{nullptr};
  void (*closePool)(tfc::rt::Pool *pool) = nullptr;

  // The model's variables, queues and tables, one each, made when the model is opened.
  tfc::rt::Variable *variables = nullptr;
  tfc::rt::Queue *queues = nullptr;
  tfc::rt::Table *tables = nullptr;
  // Set by whoever uses a queue or table, as closePool is.
  void (*closeQueues)(tfc_instance_t *instance) = nullptr;
  void (*closeTables)(tfc_instance_t *instance) = nullptr;
  // How queues keep strings; set by whoever puts strings into one.
  const tfc::rt::StringKeeper *strings = nullptr;

  void (*log)(void *user, int32_t severity, const char *message) = nullptr;
  void *logUser = nullptr;
};

#endif // TFC_RUNTIME_BASE_INSTANCE_H
