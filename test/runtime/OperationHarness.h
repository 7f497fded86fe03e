// Calls hand-written operations as generated code would: from within a step.
#ifndef TFC_TEST_RUNTIME_OPERATIONHARNESS_H
#define TFC_TEST_RUNTIME_OPERATIONHARNESS_H

#include "TestModel.h"
#include "tfc-rt/operations.h"

#include <functional>

namespace tfc::test {

// What an operation gave, copied before the step ended.
struct Result {
  tfc_tensor_t tensor = {};
  std::vector<char> bytes;

  std::vector<int64_t> shape() const { return shapeOf(tensor); }
  template <typename T> std::vector<T> values() const {
    EXPECT_EQ(tensor.dtype, DtypeOf<T>::value);
    const T *data = reinterpret_cast<const T *>(bytes.data());
    return {data, data + bytes.size() / sizeof(T)};
  }
};

struct Outcome {
  tfc_status_t status = TFC_STATUS_OK;
  std::string message;
  std::vector<Result> outputs;

  const Result &operator[](size_t index) const { return outputs.at(index); }
};

// Runs an operation on `threadCount` threads. Outputs with data set are the caller's
// buffers; the others tell no more than what the operation asks for.
inline Outcome runOperation(tfc_operation_t operation, const std::vector<tfc_tensor_t> &inputs,
                            std::vector<tfc_tensor_t> outputs, const std::vector<int64_t> &parameters,
                            int32_t threadCount = 1) {
  thread_local std::function<tfc_status_t(tfc_context_t *)> body;
  static const TestModel model(
      {}, {}, [](tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) { return body(context); });
  Outcome outcome;
  body = [&](tfc_context_t *context) {
    tfc_status_t status = operation(context, inputs.data(), static_cast<int32_t>(inputs.size()), outputs.data(),
                                    static_cast<int32_t>(outputs.size()), parameters.data());
    for (const tfc_tensor_t &output : outputs) {
      Result result;
      result.tensor = output;
      if (!status)
        result.bytes = valuesOf<char>(output);
      outcome.outputs.push_back(result);
    }
    return status;
  };
  Session session(model, threads(threadCount));
  outcome.status = tfc_step_run(session.context, session.step, nullptr, nullptr);
  outcome.message = session.message();
  return outcome;
}

// An output that the operation allocates.
inline tfc_tensor_t unbound(tfc_dtype_t dtype = TFC_DTYPE_INVALID, std::initializer_list<int64_t> shape = {}) {
  tfc_tensor_t result = {};
  result.dtype = dtype;
  for (int64_t extent : shape)
    result.shape[result.rank++] = extent;
  return result;
}

// A reproducible sequence of numbers below `bound`.
class Sequence {
public:
  int64_t next(int64_t bound) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int64_t>((state >> 33) % static_cast<uint64_t>(bound));
  }

private:
  uint64_t state = 1;
};

} // namespace tfc::test

#endif // TFC_TEST_RUNTIME_OPERATIONHARNESS_H
