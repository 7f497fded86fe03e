// Changes to ONNX models that keep most of their structure: what finds more than changes of
// bytes, which mostly end in the parser.
#ifndef TFC_TEST_FUZZ_MODELMUTATOR_H
#define TFC_TEST_FUZZ_MODELMUTATOR_H

#include "Mutator.h"
#include "onnx.pb.h"

namespace tfc {

/// Mutates models in place.
class ModelMutator : private Mutator {
public:
  using Mutator::Mutator;

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
};

} // namespace tfc

#endif // TFC_TEST_FUZZ_MODELMUTATOR_H
