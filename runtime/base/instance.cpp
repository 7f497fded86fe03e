// Opening and closing of models.
#include "base/instance.h"
#include "base/weights.h"

#include <inttypes.h>

using namespace tfc::rt;

static tfc_status_t check(const tfc_model_t &model, const tfc_options_t &options, uint64_t cpuFeatures,
                          Message message) {
  if (options.abi_version && options.abi_version != TFC_ABI_VERSION)
    return message.fail(TFC_STATUS_FAILED_PRECONDITION,
                        "ABI version of the application is %" PRIu32 ", this runtime has %u", options.abi_version,
                        TFC_ABI_VERSION);
  // Nothing else of a model of another version may be looked at.
  if (model.abi_version != TFC_ABI_VERSION)
    return message.fail(TFC_STATUS_FAILED_PRECONDITION,
                        "ABI version of the model is %" PRIu32 ", this runtime has %u: compile the model again",
                        model.abi_version, TFC_ABI_VERSION);
  if (uint64_t missing = model.cpu_features & ~cpuFeatures)
    return message.fail(TFC_STATUS_FAILED_PRECONDITION,
                        "model '%s' is compiled for another CPU: feature groups 0x%" PRIx64 " are missing here",
                        model.name, missing);
  if (options.thread_count < 0)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "option thread_count is %" PRId32 ", expected 0 or more",
                        options.thread_count);
  if (options.pool && (!options.pool->run || !options.pool->concurrency))
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "option pool lacks a function");
  if (options.allocator && (!options.allocator->allocate || !options.allocator->release))
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "option allocator lacks a function");
  return TFC_STATUS_OK;
}

tfc_status_t tfc_instance_open(const tfc_model_t *model, const tfc_options_t *givenOptions,
                               tfc_instance_t **outInstance) {
  const tfc_options_t options = givenOptions ? *givenOptions : tfc_options_t{};
  Message message{options.message, options.message_capacity};
  if (outInstance)
    *outInstance = nullptr;
  if (!model || !outInstance)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "%s is null", model ? "out_instance" : "model");
  uint64_t cpuFeatures = tfc_cpu_features();
  if (tfc_status_t status = check(*model, options, cpuFeatures, message))
    return status;

  const void *weights = nullptr;
  if (model->weights.file)
    if (tfc_status_t status = mapWeights(model->weights, options.weights_path, message, weights))
      return status;

  tfc_allocator_t allocator = options.allocator ? *options.allocator : defaultAllocator();
  void *memory = allocate(allocator, sizeof(tfc_instance_t));
  if (!memory) {
    unmapWeights(model->weights, weights);
    return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "no memory for an instance of %zu bytes",
                        sizeof(tfc_instance_t));
  }
  auto *instance = new (TfcPlacement{memory}) tfc_instance_t(model, allocator);
  instance->cpuFeatures = cpuFeatures;
  instance->weights = weights;
  instance->applicationPool = options.pool;
  instance->threadCount = options.thread_count ? options.thread_count : 1;
  instance->log = options.log;
  instance->logUser = options.log_user;
  *outInstance = instance;
  return TFC_STATUS_OK;
}

void tfc_instance_close(tfc_instance_t *instance) {
  if (!instance)
    return;
  if (Pool *pool = instance->ownPool.load(std::memory_order_acquire))
    instance->closePool(pool);
  unmapWeights(instance->model->weights, instance->weights);
  tfc_allocator_t allocator = instance->allocator;
  release(allocator, instance);
}

const tfc_model_t *tfc_instance_model(const tfc_instance_t *instance) { return instance->model; }
