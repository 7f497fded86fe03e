// Models written by hand, whose steps are functions of the tests, and what the tests
// call them with.
#ifndef TFC_TEST_RUNTIME_TESTMODEL_H
#define TFC_TEST_RUNTIME_TESTMODEL_H

#include "tfc-rt/generated.h"
#include "tfc-rt/tfc.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace tfc::test {

template <typename T> struct DtypeOf;
template <> struct DtypeOf<float> {
  static constexpr tfc_dtype_t value = TFC_DTYPE_F32;
};
template <> struct DtypeOf<double> {
  static constexpr tfc_dtype_t value = TFC_DTYPE_F64;
};
template <> struct DtypeOf<int8_t> {
  static constexpr tfc_dtype_t value = TFC_DTYPE_I8;
};
template <> struct DtypeOf<uint8_t> {
  static constexpr tfc_dtype_t value = TFC_DTYPE_U8;
};
template <> struct DtypeOf<int16_t> {
  static constexpr tfc_dtype_t value = TFC_DTYPE_I16;
};
template <> struct DtypeOf<uint16_t> {
  static constexpr tfc_dtype_t value = TFC_DTYPE_U16;
};
template <> struct DtypeOf<int32_t> {
  static constexpr tfc_dtype_t value = TFC_DTYPE_I32;
};
template <> struct DtypeOf<int64_t> {
  static constexpr tfc_dtype_t value = TFC_DTYPE_I64;
};

// A tensor over the elements of a vector.
template <typename T> tfc_tensor_t tensor(std::vector<T> &data, std::initializer_list<int64_t> shape) {
  tfc_tensor_t result = {};
  result.data = data.data();
  result.size = data.size() * sizeof(T);
  result.dtype = DtypeOf<T>::value;
  result.rank = static_cast<int32_t>(shape.size());
  int32_t d = 0;
  for (int64_t extent : shape)
    result.shape[d++] = extent;
  return result;
}

inline std::vector<int64_t> shapeOf(const tfc_tensor_t &value) { return {value.shape, value.shape + value.rank}; }

template <typename T> std::vector<T> valuesOf(const tfc_tensor_t &value) {
  const T *data = static_cast<const T *>(value.data);
  return {data, data + value.size / sizeof(T)};
}

// Dimension symbol `index` in a port.
constexpr int64_t symbol(int index) { return -1 - index; }

struct Port {
  const char *name;
  tfc_dtype_t dtype;
  std::vector<int64_t> dims;
};

// A model of one step. Its descriptors point into it, so it stays where it is.
class TestModel {
public:
  TestModel(std::vector<Port> inputs, std::vector<Port> outputs, tfc_step_entry_t entry, tfc_step_plan_t plan = nullptr)
      : inputs(std::move(inputs)), outputs(std::move(outputs)), inputPorts(ports(this->inputs)),
        outputPorts(ports(this->outputs)) {
    step.name = "main";
    step.inputs = inputPorts.data();
    step.outputs = outputPorts.data();
    step.symbols = symbols;
    step.input_count = static_cast<int32_t>(inputPorts.size());
    step.output_count = static_cast<int32_t>(outputPorts.size());
    step.symbol_count = 2;
    step.entry = entry;
    step.plan = plan;
    for (const Port &output : this->outputs)
      step.plan_size += static_cast<int32_t>(output.dims.size());
    model.abi_version = TFC_ABI_VERSION;
    model.step_count = 1;
    model.name = "test";
    model.steps = &step;
  }
  TestModel(const TestModel &) = delete;

  tfc_step_t step = {};
  tfc_model_t model = {};

private:
  static std::vector<tfc_port_t> ports(const std::vector<Port> &from) {
    std::vector<tfc_port_t> result;
    for (const Port &port : from)
      result.push_back({port.name, port.dtype, static_cast<int32_t>(port.dims.size()), port.dims.data(), nullptr});
    return result;
  }

  static constexpr const char *symbols[] = {"batch", "width"};
  std::vector<Port> inputs, outputs;
  std::vector<tfc_port_t> inputPorts, outputPorts;
};

// An open instance of a model with one context.
class Session {
public:
  explicit Session(const TestModel &model, const tfc_options_t &options = {}) : step(&model.step) {
    EXPECT_EQ(tfc_instance_open(&model.model, &options, &instance), TFC_STATUS_OK);
    EXPECT_EQ(tfc_context_create(instance, &context), TFC_STATUS_OK);
  }
  ~Session() {
    tfc_context_destroy(context);
    tfc_instance_close(instance);
  }
  Session(const Session &) = delete;

  tfc_status_t run(const std::vector<tfc_tensor_t> &inputs, std::vector<tfc_tensor_t> &outputs) {
    return tfc_step_run(context, step, inputs.data(), outputs.data());
  }
  std::string message() const { return tfc_context_message(context); }

  const tfc_step_t *step;
  tfc_instance_t *instance = nullptr;
  tfc_context_t *context = nullptr;
};

// Options with an own pool of so many threads.
inline tfc_options_t threads(int32_t count) {
  tfc_options_t options = {};
  options.thread_count = count;
  return options;
}

} // namespace tfc::test

#endif // TFC_TEST_RUNTIME_TESTMODEL_H
