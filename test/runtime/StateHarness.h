// Models with variables, queues and locals, and the operations on them as calls of steps.
#ifndef TFC_TEST_RUNTIME_STATEHARNESS_H
#define TFC_TEST_RUNTIME_STATEHARNESS_H

#include "OperationHarness.h"

#include <deque>

namespace tfc::test {

using Body = std::function<tfc_status_t(tfc_context_t *)>;
inline thread_local const Body *runningBody = nullptr;

// Declarations stay where they are; all of them come before an instance is opened.
class StateModel : public TestModel {
public:
  StateModel()
      : TestModel({}, {}, [](tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
          return (*runningBody)(context);
        }) {}

  void variable(const char *name, tfc_dtype_t dtype, std::vector<int64_t> dims, const void *value = nullptr) {
    const std::vector<int64_t> &kept = extents.emplace_back(std::move(dims));
    variables.push_back({name, dtype, static_cast<int32_t>(kept.size()), kept.data(), value});
    model.variables = variables.data();
    model.variable_count = static_cast<int32_t>(variables.size());
  }
  void queue(const char *name, tfc_queue_kind_t kind, int64_t capacity, std::vector<Port> components,
             int64_t minAfter = 0, int64_t seed = 0) {
    std::vector<tfc_port_t> &made = ports.emplace_back();
    for (Port &port : components) {
      const std::vector<int64_t> &dims = extents.emplace_back(std::move(port.dims));
      made.push_back({"", port.dtype, static_cast<int32_t>(dims.size()), dims.data(), nullptr});
    }
    queues.push_back({name, kind, static_cast<int32_t>(made.size()), capacity, minAfter, seed, made.data()});
    model.queues = queues.data();
    model.queue_count = static_cast<int32_t>(queues.size());
  }

private:
  std::deque<std::vector<int64_t>> extents;
  std::deque<std::vector<tfc_port_t>> ports;
  std::vector<tfc_variable_t> variables;
  std::vector<tfc_queue_t> queues;
};

class OpenInstance {
public:
  explicit OpenInstance(const StateModel &model, const tfc_options_t &options = {}) {
    EXPECT_EQ(tfc_instance_open(&model.model, &options, &handle), TFC_STATUS_OK);
  }
  ~OpenInstance() { tfc_instance_close(handle); }
  OpenInstance(const OpenInstance &) = delete;
  operator tfc_instance_t *() const { return handle; }

private:
  tfc_instance_t *handle = nullptr;
};

// One context; each call is a step of its own.
class Caller {
public:
  explicit Caller(tfc_instance_t *instance) {
    EXPECT_EQ(tfc_context_create(instance, &context), TFC_STATUS_OK);
    step = tfc_instance_model(instance)->steps;
  }
  ~Caller() { tfc_context_destroy(context); }
  Caller(const Caller &) = delete;

  tfc_status_t run(const Body &body) {
    runningBody = &body;
    return tfc_step_run(context, step, nullptr, nullptr);
  }
  std::string message() const { return tfc_context_message(context); }

  tfc_status_t call(tfc_operation_t operation, std::vector<int64_t> parameters,
                    const std::vector<tfc_tensor_t> &inputs = {}, std::vector<tfc_tensor_t> outputs = {}) {
    return run([&](tfc_context_t *running) {
      tfc_status_t status = operation(running, inputs.data(), static_cast<int32_t>(inputs.size()), outputs.data(),
                                      static_cast<int32_t>(outputs.size()), parameters.data());
      results.clear();
      for (const tfc_tensor_t &output : outputs) {
        Result &result = results.emplace_back();
        result.tensor = output;
        if (!status)
          result.bytes = valuesOf<char>(output);
      }
      return status;
    });
  }

  // Scalars of a queue of i64.
  tfc_status_t put(int64_t queue, int64_t value) {
    std::vector<int64_t> data{value};
    return call(tfc_operation_enqueue, {queue, 0}, {tensor(data, {})});
  }
  tfc_status_t putMany(int64_t queue, std::vector<int64_t> values) {
    return call(tfc_operation_enqueue, {queue, 1}, {tensor(values, {static_cast<int64_t>(values.size())})});
  }
  tfc_status_t take(int64_t queue) { return call(tfc_operation_dequeue, {queue, 0}, {}, {unbound(TFC_DTYPE_I64)}); }
  tfc_status_t takeMany(int64_t queue, int64_t count, bool upTo = false) {
    std::vector<int64_t> data{count};
    return call(tfc_operation_dequeue, {queue, upTo}, {tensor(data, {})}, {unbound(TFC_DTYPE_I64, {-1})});
  }
  tfc_status_t close(int64_t queue, bool cancel = false) { return call(tfc_operation_queue_close, {queue, cancel}); }
  int64_t number(tfc_operation_t operation, int64_t of) {
    int64_t result = -1;
    tfc_tensor_t output = unbound(TFC_DTYPE_I64);
    output.data = &result;
    output.size = sizeof(result);
    EXPECT_EQ(call(operation, {of}, {}, {output}), TFC_STATUS_OK);
    return result;
  }
  int64_t size(int64_t queue) { return number(tfc_operation_queue_size, queue); }
  // What the last call gave.
  std::vector<int64_t> taken() const { return results.at(0).values<int64_t>(); }

  tfc_context_t *context = nullptr;
  std::vector<Result> results;

private:
  const tfc_step_t *step = nullptr;
};

} // namespace tfc::test

#endif // TFC_TEST_RUNTIME_STATEHARNESS_H
