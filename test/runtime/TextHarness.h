// Operations on strings with strings of C++ in and out.
#ifndef TFC_TEST_RUNTIME_TEXTHARNESS_H
#define TFC_TEST_RUNTIME_TEXTHARNESS_H

#include "OperationHarness.h"
#include "tfc-rt/text_operations.h"

#include <cstring>
#include <deque>

namespace tfc::test {

using Texts = std::vector<std::string>;
using namespace std::string_literals; // NULs inside

// Tensors of handles; their records live as long as this.
class Handles {
public:
  tfc_tensor_t operator()(const Texts &texts, std::vector<int64_t> shape) {
    std::vector<uint64_t> &handles = all.emplace_back();
    for (const std::string &text : texts) {
      std::vector<uint64_t> &record = all.emplace_back(text.size() / 8 + 2);
      record[0] = text.size();
      memcpy(&record[1], text.data(), text.size());
      handles.push_back(text.empty() ? 0 : reinterpret_cast<uint64_t>(record.data()));
    }
    tfc_tensor_t tensor = {};
    tensor.data = handles.data();
    tensor.size = handles.size() * sizeof(uint64_t);
    tensor.dtype = TFC_DTYPE_I64;
    for (int64_t extent : shape)
      tensor.shape[tensor.rank++] = extent;
    return tensor;
  }
  tfc_tensor_t operator()(const Texts &texts) { return (*this)(texts, {static_cast<int64_t>(texts.size())}); }
  tfc_tensor_t operator()(const std::string &text) { return (*this)(Texts{text}, {}); }

private:
  std::deque<std::vector<uint64_t>> all;
};

// As runOperation; the strings of the outputs that `textOutputs` lists are copied before the step ends.
struct TextOutcome : Outcome {
  std::vector<Texts> texts; // by output; empty for others
};
inline TextOutcome runText(tfc_operation_t operation, const std::vector<tfc_tensor_t> &inputs,
                           std::vector<tfc_tensor_t> outputs, const std::vector<int64_t> &parameters,
                           std::initializer_list<size_t> textOutputs = {0}) {
  static thread_local tfc_operation_t inner;
  static thread_local TextOutcome *outcome;
  static thread_local std::vector<size_t> wanted;
  TextOutcome result;
  inner = operation;
  outcome = &result;
  wanted = textOutputs;
  result.texts.resize(outputs.size());
  auto wrapped = [](tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount, tfc_tensor_t *outputs,
                    int32_t outputCount, const int64_t *parameters) {
    tfc_status_t status = inner(context, inputs, inputCount, outputs, outputCount, parameters);
    for (size_t output : wanted)
      for (uint64_t i = 0; !status && i < outputs[output].size / sizeof(uint64_t); ++i) {
        const auto *record = reinterpret_cast<const uint64_t *>(static_cast<const uint64_t *>(outputs[output].data)[i]);
        outcome->texts[output].push_back(record ? std::string(reinterpret_cast<const char *>(record + 1), record[0])
                                                : std::string());
      }
    return status;
  };
  static_cast<Outcome &>(result) = runOperation(wrapped, inputs, std::move(outputs), parameters);
  return result;
}

} // namespace tfc::test

#endif // TFC_TEST_RUNTIME_TEXTHARNESS_H
