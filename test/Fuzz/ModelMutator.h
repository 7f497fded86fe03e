// Changes to ONNX models that keep most of their structure: what finds more than changes of
// bytes, which mostly end in the parser.
#ifndef TFC_TEST_FUZZ_MODELMUTATOR_H
#define TFC_TEST_FUZZ_MODELMUTATOR_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "onnx.pb.h"

namespace tfc {

/// Mutates models in place. Deterministic in its seed.
class ModelMutator {
public:
  /// Changes `size` bytes in place, which may grow to `capacity`; gives their new number.
  using MutateBytes = std::function<size_t(uint8_t *bytes, size_t size, size_t capacity)>;
  /// `operators` are the names to choose operators from.
  ModelMutator(uint32_t seed, const std::vector<std::string> &operators, MutateBytes mutateBytes)
      : random(seed), operators(operators), mutateBytes(std::move(mutateBytes)) {}

  /// One change somewhere in the model.
  void mutate(onnx::ModelProto &model);
  /// Takes a part of `other` over.
  void cross(onnx::ModelProto &model, const onnx::ModelProto &other);

private:
  /// What of a model a change can apply to: in the graph, its subgraphs and functions.
  struct Parts {
    std::vector<google::protobuf::RepeatedPtrField<onnx::NodeProto> *> bodies;
    std::vector<onnx::GraphProto *> graphs;
    std::vector<onnx::NodeProto *> nodes;
    std::vector<onnx::AttributeProto *> attributes;
    std::vector<onnx::TensorProto *> tensors;
    std::vector<onnx::ValueInfoProto *> values;
    std::vector<std::string> names; // of edges
  };
  static Parts partsOf(onnx::ModelProto &model);
  static void collect(google::protobuf::RepeatedPtrField<onnx::NodeProto> &nodes, Parts &parts);
  static void collect(onnx::GraphProto &graph, Parts &parts);

  void mutateNode(onnx::NodeProto &node, const Parts &parts);
  void mutateBody(google::protobuf::RepeatedPtrField<onnx::NodeProto> &nodes);
  void mutateAttribute(onnx::AttributeProto &attribute);
  void mutateTensor(onnx::TensorProto &tensor);
  void mutateType(onnx::TypeProto &type);
  void mutateText(std::string &text);
  int64_t integer();
  float number();

  size_t below(size_t limit) { return limit ? random() % limit : 0; }
  bool oneIn(size_t n) { return below(n) == 0; }
  template <class Choices> auto &pick(Choices &choices) { return choices[below(std::size(choices))]; }

  std::minstd_rand random;
  const std::vector<std::string> &operators;
  MutateBytes mutateBytes;
};

} // namespace tfc

#endif // TFC_TEST_FUZZ_MODELMUTATOR_H
