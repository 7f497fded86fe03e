// Changes to TensorFlow's graphs that keep most of their structure.
#ifndef TFC_TEST_FUZZ_GRAPHMUTATOR_H
#define TFC_TEST_FUZZ_GRAPHMUTATOR_H

#include "Mutator.h"
#include "tensorflow.pb.h"

namespace tfc {

/// Mutates graphs in place.
class GraphMutator : private Mutator {
public:
  using Mutator::Mutator;

  /// One change somewhere in the graph.
  void mutate(tensorflow::GraphDef &graph);
  /// Takes the nodes and functions of `other` over.
  void cross(tensorflow::GraphDef &graph, const tensorflow::GraphDef &other);

private:
  using Nodes = google::protobuf::RepeatedPtrField<tensorflow::NodeDef>;
  /// What of a graph a change can apply to: in the graph itself and in its functions.
  struct Parts {
    std::vector<Nodes *> bodies;
    std::vector<tensorflow::NodeDef *> nodes;
    std::vector<std::vector<std::string>> edges; // that each node could use
    std::vector<std::string> functions;
    std::vector<tensorflow::AttrValue *> attributes;
  };
  static Parts partsOf(tensorflow::GraphDef &graph);

  void mutateNode(tensorflow::NodeDef &node, const Parts &parts, const std::vector<std::string> &edges);
  void mutateBody(Nodes &nodes);
  void mutateFunction(tensorflow::FunctionDef &function);
  void mutateAttribute(tensorflow::AttrValue &attribute, const Parts &parts);
  void mutateTensor(tensorflow::TensorProto &tensor);
  void mutateShape(tensorflow::TensorShapeProto &shape);
  tensorflow::DataType dataType();
};

} // namespace tfc

#endif // TFC_TEST_FUZZ_GRAPHMUTATOR_H
