// Changes to ONNX models that keep most of their structure.
#include "ModelMutator.h"

namespace tfc {

using namespace onnx;

//===----------------------------------------------------------------------===//
// Finding parts
//===----------------------------------------------------------------------===//

void ModelMutator::collect(google::protobuf::RepeatedPtrField<NodeProto> &nodes, Parts &parts) {
  parts.bodies.push_back(&nodes);
  for (NodeProto &node : nodes) {
    parts.nodes.push_back(&node);
    parts.names.insert(parts.names.end(), node.output().begin(), node.output().end());
    for (AttributeProto &attribute : *node.mutable_attribute()) {
      parts.attributes.push_back(&attribute);
      if (attribute.has_t())
        parts.tensors.push_back(attribute.mutable_t());
      if (attribute.has_g())
        collect(*attribute.mutable_g(), parts);
    }
  }
}

void ModelMutator::collect(GraphProto &graph, Parts &parts) {
  parts.graphs.push_back(&graph);
  for (auto *values : {graph.mutable_input(), graph.mutable_output()})
    for (ValueInfoProto &value : *values) {
      parts.values.push_back(&value);
      parts.names.push_back(value.name());
    }
  for (TensorProto &tensor : *graph.mutable_initializer()) {
    parts.tensors.push_back(&tensor);
    parts.names.push_back(tensor.name());
  }
  for (SparseTensorProto &tensor : *graph.mutable_sparse_initializer()) {
    parts.tensors.push_back(tensor.mutable_values());
    parts.tensors.push_back(tensor.mutable_indices());
  }
  collect(*graph.mutable_node(), parts);
}

ModelMutator::Parts ModelMutator::partsOf(ModelProto &model) {
  Parts parts;
  collect(*model.mutable_graph(), parts);
  for (FunctionProto &function : *model.mutable_functions()) {
    parts.names.insert(parts.names.end(), function.input().begin(), function.input().end());
    collect(*function.mutable_node(), parts);
  }
  return parts;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

void ModelMutator::mutateTensor(TensorProto &tensor) {
  switch (below(6)) {
  case 0: tensor.set_data_type(below(28)); break;
  case 1: mutateList(*tensor.mutable_dims(), [&] { return integer(); }); break;
  case 2: tensor.set_data_location(below(2)); break;
  case 3:
    if (tensor.int64_data_size())
      mutateList(*tensor.mutable_int64_data(), [&] { return integer(); });
    else
      mutateList(*tensor.mutable_float_data(), [&] { return number(); });
    break;
  case 4: {
    // A whole element of raw data, where that is one of 8 bytes.
    std::string &bytes = *tensor.mutable_raw_data();
    int64_t value = integer();
    if (bytes.size() >= 8)
      memcpy(bytes.data() + 8 * below(bytes.size() / 8), &value, 8);
    break;
  }
  default: mutateText(*tensor.mutable_raw_data());
  }
}

void ModelMutator::mutateType(TypeProto &type) {
  if (!type.has_tensor_type() && !oneIn(4)) {
    if (type.has_sequence_type())
      return mutateType(*type.mutable_sequence_type()->mutable_elem_type());
    if (type.has_optional_type())
      return mutateType(*type.mutable_optional_type()->mutable_elem_type());
  }
  auto &tensor = *type.mutable_tensor_type();
  auto &dims = *tensor.mutable_shape()->mutable_dim();
  switch (below(6)) {
  case 0: tensor.set_elem_type(below(28)); break;
  case 1: dims.Add()->set_dim_value(integer()); break;
  case 2: dims.Add()->set_dim_param(oneIn(2) ? "N" : "M"); break;
  case 3:
    if (!dims.empty())
      dims.RemoveLast();
    break;
  case 4:
    if (!dims.empty())
      dims.at(below(dims.size())).set_dim_value(integer());
    break;
  default:
    TypeProto held = type;
    *(oneIn(2) ? type.mutable_sequence_type() : type.mutable_optional_type())->mutable_elem_type() = held;
  }
}

void ModelMutator::mutateAttribute(AttributeProto &attribute) {
  if (attribute.has_tp() && oneIn(2))
    return mutateType(*attribute.mutable_tp());
  switch (below(7)) {
  case 0: attribute.set_i(integer()); break;
  case 1: attribute.set_f(number()); break;
  case 2: mutateText(*attribute.mutable_s()); break;
  case 3: mutateList(*attribute.mutable_floats(), [&] { return number(); }); break;
  case 4:
    if (oneIn(4))
      attribute.set_type(AttributeProto::Type(below(15)));
    else
      mutateText(*attribute.mutable_name());
    break;
  default: mutateList(*attribute.mutable_ints(), [&] { return integer(); });
  }
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

void ModelMutator::mutateNode(NodeProto &node, const Parts &parts) {
  switch (below(8)) {
  case 0: {
    const std::string &name = pick(operators);
    size_t colon = name.find(':');
    node.set_domain(name.substr(0, colon));
    node.set_op_type(name.substr(colon + 1));
    break;
  }
  case 1: node.add_input(parts.names.empty() ? "" : pick(parts.names)); break;
  case 2:
    if (node.input_size())
      node.mutable_input()->RemoveLast();
    break;
  case 3:
    if (node.input_size())
      node.set_input(below(node.input_size()), "");
    break;
  case 4: node.add_output("fresh" + std::to_string(below(4))); break;
  case 5:
    if (node.output_size() > 1)
      node.mutable_output()->RemoveLast();
    break;
  default:
    if (node.input_size() && !parts.names.empty())
      node.set_input(below(node.input_size()), pick(parts.names));
  }
}

void ModelMutator::mutateBody(google::protobuf::RepeatedPtrField<NodeProto> &nodes) {
  if (nodes.empty())
    return;
  int at = below(nodes.size());
  switch (below(3)) {
  case 0: nodes.DeleteSubrange(at, 1); break;
  case 1: nodes.SwapElements(at, below(nodes.size())); break;
  default: {
    // A second one on the first one's results.
    NodeProto copy = nodes[at];
    for (int i = 0; i < std::min(copy.input_size(), copy.output_size()); ++i)
      copy.set_input(i, nodes[at].output(i));
    for (std::string &output : *copy.mutable_output())
      output += "'";
    *nodes.Add() = copy;
    for (int i = nodes.size() - 1; i > at + 1; --i)
      nodes.SwapElements(i, i - 1);
  }
  }
}

void ModelMutator::mutate(ModelProto &model) {
  Parts parts = partsOf(model);
  // The last result of a node, so that a change shows.
  if (oneIn(8) && !parts.names.empty())
    model.mutable_graph()->add_output()->set_name(pick(parts.names));
  switch (below(12)) {
  case 0:
  case 1:
  case 2:
    if (!parts.nodes.empty())
      return mutateNode(*pick(parts.nodes), parts);
    break;
  case 3: return mutateBody(*pick(parts.bodies));
  case 4:
  case 5:
  case 6:
    if (!parts.attributes.empty())
      return mutateAttribute(*pick(parts.attributes));
    break;
  case 7:
  case 8:
    if (!parts.tensors.empty())
      return mutateTensor(*pick(parts.tensors));
    break;
  case 9:
  case 10:
    if (!parts.values.empty())
      return mutateType(*pick(parts.values)->mutable_type());
    break;
  default: break;
  }
  if (oneIn(2) && model.opset_import_size())
    model.mutable_opset_import(0)->set_version(6 + below(23));
  else if (!parts.nodes.empty()) {
    AttributeProto &attribute = *pick(parts.nodes)->add_attribute();
    attribute.set_name("axis");
    mutateAttribute(attribute);
  }
}

void ModelMutator::cross(ModelProto &model, const ModelProto &other) {
  GraphProto &graph = *model.mutable_graph();
  const GraphProto &donor = other.graph();
  std::string result;
  for (const NodeProto &node : donor.node()) {
    *graph.add_node() = node;
    if (node.output_size())
      result = node.output(0);
  }
  graph.mutable_initializer()->MergeFrom(donor.initializer());
  model.mutable_functions()->MergeFrom(other.functions());
  // Inputs of the donor that the model lacks stay inputs; others are fed by the model.
  for (const ValueInfoProto &input : donor.input()) {
    bool isKnown = false;
    for (const ValueInfoProto &own : graph.input())
      isKnown |= own.name() == input.name();
    if (!isKnown)
      *graph.add_input() = input;
  }
  if (!result.empty())
    graph.add_output()->set_name(result);
}

} // namespace tfc
