// Opening and closing of models.
#include "base/instance.h"
#include "base/weights.h"
#include "state/queue.h"
#include "state/table.h"
#include "state/variable.h"

#include <inttypes.h>

using namespace tfc::rt;

// The first of the TFC_CPU_* groups, for messages.
static const char *groupName(uint64_t groups) {
  static const char *const names[] = {"x86-64-v2",    "x86-64-v3",       "x86-64-v4",  "avx512vnni",  "avx512bf16",
                                      "avx512fp16",   "avxvnni",         "avx512vbmi", "avx512vbmi2", "avx512ifma",
                                      "avx512bitalg", "avx512vpopcntdq", "gfni"};
  int first = __builtin_ctzll(groups);
  return first < int(sizeof(names) / sizeof(*names)) ? names[first] : "something newer than this runtime";
}

static tfc_status_t check(const tfc_model_t &model, const tfc_options_t &options, uint64_t cpuFeatures,
                          Message message) {
  // Nothing else of a model of another version may be looked at.
  if (model.abi_version != TFC_ABI_VERSION)
    return message.fail(TFC_STATUS_FAILED_PRECONDITION,
                        "ABI version of the model is %" PRIu32 ", this runtime has %u: compile the model again",
                        model.abi_version, TFC_ABI_VERSION);
  if (uint64_t missing = model.cpu_features & ~cpuFeatures)
    return message.fail(TFC_STATUS_FAILED_PRECONDITION,
                        "model '%s' is compiled for another CPU: this one lacks %s (missing groups 0x%" PRIx64 ")",
                        model.name, groupName(missing), missing);
  if (options.thread_count < 0)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "option thread_count is %" PRId32 ", expected 0 or more",
                        options.thread_count);
  if (options.pool && (!options.pool->run || !options.pool->concurrency))
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "option pool lacks a function");
  if (options.allocator && (!options.allocator->allocate || !options.allocator->release))
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "option allocator lacks a function");
  return TFC_STATUS_OK;
}

// Makes the model's state, in one allocation. False: no memory.
static bool makeState(tfc_instance_t &instance) {
  const tfc_model_t &model = *instance.model;
  uint64_t queuesOffset = sizeof(Variable) * model.variable_count;
  uint64_t tablesOffset = queuesOffset + sizeof(Queue) * model.queue_count;
  uint64_t size = tablesOffset + sizeof(Table) * model.table_count;
  if (size == 0)
    return true;
  auto *memory = static_cast<char *>(allocate(instance.allocator, size));
  if (!memory)
    return false;
  instance.variables = reinterpret_cast<Variable *>(memory);
  instance.queues = reinterpret_cast<Queue *>(memory + queuesOffset);
  instance.tables = reinterpret_cast<Table *>(memory + tablesOffset);
  for (int32_t i = 0; i < model.variable_count; ++i) {
    const tfc_variable_t &declared = model.variables[i];
    auto &variable = *new (TfcPlacement{&instance.variables[i]}) Variable;
    if (!declared.value)
      continue;
    tfc_tensor_t &value = variable.value;
    value.data = const_cast<void *>(declared.value); // only read: see Variable::capacity
    value.dtype = declared.dtype;
    value.rank = declared.rank;
    for (int32_t d = 0; d < declared.rank; ++d)
      value.shape[d] = declared.dims[d];
    tensorSize(value.dtype, value.rank, value.shape, value.size);
  }
  for (int32_t i = 0; i < model.queue_count; ++i)
    new (TfcPlacement{&instance.queues[i]}) Queue(model.queues[i]);
  for (int32_t i = 0; i < model.table_count; ++i)
    new (TfcPlacement{&instance.tables[i]}) Table(model.tables[i]);
  return true;
}

static void dropState(tfc_instance_t &instance) {
  if (instance.closeQueues)
    instance.closeQueues(&instance);
  if (instance.closeTables)
    instance.closeTables(&instance);
  for (int32_t i = 0; i < instance.model->variable_count; ++i)
    if (instance.variables[i].capacity)
      releaseShared(instance.allocator, instance.variables[i].value.data);
  release(instance.allocator, instance.variables);
}

tfc_status_t tfc_instance_open(const tfc_model_t *model, const tfc_options_t *givenOptions,
                               tfc_instance_t **outInstance) {
  Message message{};
  if (givenOptions)
    message = {givenOptions->message, givenOptions->message_capacity};
  if (outInstance)
    *outInstance = nullptr;
  if (!model || !outInstance)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "%s is null", model ? "out_instance" : "model");
  // Options of another version may be shorter: nothing behind the message may be read.
  if (givenOptions && givenOptions->abi_version && givenOptions->abi_version != TFC_ABI_VERSION)
    return message.fail(TFC_STATUS_FAILED_PRECONDITION,
                        "ABI version of the application is %" PRIu32 ", this runtime has %u", givenOptions->abi_version,
                        TFC_ABI_VERSION);
  const tfc_options_t options = givenOptions ? *givenOptions : tfc_options_t{};
  uint64_t cpuFeatures = tfc_cpu_features() & ~options.cpu_features_off;
  if (tfc_status_t status = check(*model, options, cpuFeatures, message))
    return status;

  const void *weights = nullptr;
  if (model->weights.file)
    if (tfc_status_t status = mapWeights(model->weights, options.weights_path, options.trust_weights, message, weights))
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
  if (!makeState(*instance)) {
    tfc_instance_close(instance);
    return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "no memory for the state of model '%s'", model->name);
  }
  *outInstance = instance;
  return TFC_STATUS_OK;
}

void tfc_instance_close(tfc_instance_t *instance) {
  if (!instance)
    return;
  if (Pool *pool = instance->ownPool.load(std::memory_order_acquire))
    instance->closePool(pool);
  unmapWeights(instance->model->weights, instance->weights);
  if (instance->variables)
    dropState(*instance);
  tfc_allocator_t allocator = instance->allocator;
  release(allocator, instance);
}

const tfc_model_t *tfc_instance_model(const tfc_instance_t *instance) { return instance->model; }
