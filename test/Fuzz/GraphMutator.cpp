// Changes to TensorFlow's graphs that keep most of their structure.
#include "GraphMutator.h"

#include <algorithm>

namespace tfc {

using namespace tensorflow;

GraphMutator::Parts GraphMutator::partsOf(GraphDef &graph) {
  Parts parts;
  auto collect = [&](Nodes &nodes, std::vector<std::string> edges, const char *port) {
    parts.bodies.push_back(&nodes);
    for (const NodeDef &node : nodes)
      edges.push_back(node.name() + port);
    for (NodeDef &node : nodes) {
      parts.nodes.push_back(&node);
      parts.edges.push_back(edges);
      for (auto &[key, value] : *node.mutable_attr())
        parts.attributes.push_back(&value);
    }
  };
  collect(*graph.mutable_node(), {}, "");
  for (FunctionDef &function : *graph.mutable_library()->mutable_function()) {
    parts.functions.push_back(function.signature().name());
    std::vector<std::string> arguments;
    for (const auto &argument : function.signature().input_arg())
      arguments.push_back(argument.name());
    collect(*function.mutable_node_def(), std::move(arguments), ":output:0");
  }
  return parts;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

DataType GraphMutator::dataType() {
  static constexpr DataType common[] = {DT_FLOAT, DT_DOUBLE, DT_INT32,  DT_INT64,    DT_BOOL,
                                        DT_HALF,  DT_UINT8,  DT_STRING, DT_RESOURCE, DT_COMPLEX64};
  int any = below(int(DataType_MAX) + 1);
  return oneIn(3) && DataType_IsValid(any) ? DataType(any) : pick(common);
}

void GraphMutator::mutateShape(TensorShapeProto &shape) {
  if (oneIn(6))
    shape.set_unknown_rank(!shape.unknown_rank());
  else if (shape.dim().empty() || oneIn(3))
    shape.add_dim()->set_size(oneIn(2) ? -1 : integer());
  else if (oneIn(3))
    shape.mutable_dim()->RemoveLast();
  else
    shape.mutable_dim(below(shape.dim_size()))->set_size(oneIn(2) ? -1 : integer());
}

void GraphMutator::mutateTensor(TensorProto &tensor) {
  switch (below(6)) {
  case 0: tensor.set_dtype(dataType()); break;
  case 1: mutateShape(*tensor.mutable_tensor_shape()); break;
  case 2: mutateText(*tensor.mutable_tensor_content()); break;
  case 3: mutateText(tensor.string_val().empty() ? *tensor.add_string_val() : *tensor.mutable_string_val(0)); break;
  default:
    switch (tensor.dtype()) {
    case DT_FLOAT: mutateList(*tensor.mutable_float_val(), [&] { return number(); }); break;
    case DT_DOUBLE: mutateList(*tensor.mutable_double_val(), [&] { return number(); }); break;
    case DT_INT64: mutateList(*tensor.mutable_int64_val(), [&] { return integer(); }); break;
    case DT_BOOL: mutateList(*tensor.mutable_bool_val(), [&] { return oneIn(2); }); break;
    case DT_COMPLEX64: mutateList(*tensor.mutable_scomplex_val(), [&] { return number(); }); break;
    default: mutateList(*tensor.mutable_int_val(), [&] { return int32_t(integer()); });
    }
  }
}

void GraphMutator::mutateAttribute(AttrValue &attribute, const Parts &parts) {
  if (!oneIn(12)) {
    switch (attribute.value_case()) {
    case AttrValue::kS: return mutateText(*attribute.mutable_s());
    case AttrValue::kI: return attribute.set_i(integer());
    case AttrValue::kF: return attribute.set_f(number());
    case AttrValue::kB: return attribute.set_b(!attribute.b());
    case AttrValue::kType: return attribute.set_type(dataType());
    case AttrValue::kShape: return mutateShape(*attribute.mutable_shape());
    case AttrValue::kTensor: return mutateTensor(*attribute.mutable_tensor());
    case AttrValue::kFunc:
      if (!parts.functions.empty())
        attribute.mutable_func()->set_name(pick(parts.functions));
      return;
    case AttrValue::kList: {
      auto &list = *attribute.mutable_list();
      if (list.shape_size())
        return mutateShape(*list.mutable_shape(below(list.shape_size())));
      if (list.type_size())
        return mutateList(*list.mutable_type(), [&] { return int(dataType()); });
      if (list.f_size())
        return mutateList(*list.mutable_f(), [&] { return number(); });
      return mutateList(*list.mutable_i(), [&] { return integer(); });
    }
    default: break;
    }
  }
  // Of another kind.
  switch (below(6)) {
  case 0: attribute.set_i(integer()); break;
  case 1: attribute.set_type(dataType()); break;
  case 2: attribute.mutable_list()->add_i(integer()); break;
  case 3: mutateShape(*attribute.mutable_shape()); break;
  case 4: mutateTensor(*attribute.mutable_tensor()); break;
  default: attribute.set_s(oneIn(2) ? "SAME" : "VALID");
  }
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

void GraphMutator::mutateNode(NodeDef &node, const Parts &parts, const std::vector<std::string> &edges) {
  auto edge = [&] {
    std::string text = edges.empty() ? "" : pick(edges);
    if (oneIn(6) && text.find(':') == std::string::npos)
      text += ":1";
    return oneIn(10) ? "^" + text : text;
  };
  switch (below(7)) {
  case 0: node.set_op(parts.functions.empty() || !oneIn(8) ? pick(operators) : pick(parts.functions)); break;
  case 1: node.add_input(edge()); break;
  case 2:
    if (node.input_size())
      node.mutable_input()->RemoveLast();
    break;
  case 3:
    if (node.input_size() > 1)
      node.mutable_input()->SwapElements(below(node.input_size()), below(node.input_size()));
    break;
  default:
    if (node.input_size())
      node.set_input(below(node.input_size()), edge());
  }
}

void GraphMutator::mutateBody(Nodes &nodes) {
  if (nodes.empty())
    return;
  int at = below(nodes.size());
  if (oneIn(3))
    return nodes.DeleteSubrange(at, 1);
  // A second one, sometimes on the first one's result.
  NodeDef copy = nodes[at];
  if (copy.input_size() && oneIn(2))
    copy.set_input(0, copy.name());
  copy.set_name(copy.name() + "_");
  *nodes.Add() = copy;
}

void GraphMutator::mutateFunction(FunctionDef &function) {
  auto &signature = *function.mutable_signature();
  auto mutateArguments = [&](auto &arguments) {
    if (arguments.empty() || oneIn(4))
      arguments.Add()->set_name("fresh");
    else if (oneIn(3))
      arguments.RemoveLast();
    else
      arguments.at(below(arguments.size())).set_type(dataType());
  };
  switch (below(4)) {
  case 0: mutateArguments(*signature.mutable_input_arg()); break;
  case 1: mutateArguments(*signature.mutable_output_arg()); break;
  case 2:
    for (auto &[key, value] : *function.mutable_ret())
      if (function.node_def_size() && oneIn(2))
        value = function.node_def(below(function.node_def_size())).name() + ":output:0";
    break;
  default: mutateText(*signature.mutable_name());
  }
}

void GraphMutator::mutate(GraphDef &graph) {
  Parts parts = partsOf(graph);
  switch (below(12)) {
  case 0:
  case 1:
  case 2:
  case 3:
    if (size_t i = below(parts.nodes.size()); i < parts.nodes.size())
      return mutateNode(*parts.nodes[i], parts, parts.edges[i]);
    break;
  case 4: return mutateBody(*pick(parts.bodies));
  case 5:
    if (graph.library().function_size())
      return mutateFunction(*graph.mutable_library()->mutable_function(below(graph.library().function_size())));
    break;
  default: break;
  }
  if (!parts.attributes.empty() && !oneIn(10))
    return mutateAttribute(*pick(parts.attributes), parts);
  if (!parts.nodes.empty()) {
    static const char *const names[] = {"T", "dtype", "N", "axis", "shape", "is_constant", "body", "output_shapes"};
    mutateAttribute((*pick(parts.nodes)->mutable_attr())[pick(names)], parts);
  }
}

void GraphMutator::cross(GraphDef &graph, const GraphDef &other) {
  int before = graph.node_size();
  graph.mutable_node()->MergeFrom(other.node());
  graph.mutable_library()->MergeFrom(other.library());
  // Names of the donor that the graph has are the graph's.
  std::vector<std::string> names;
  for (int i = 0; i < before; ++i)
    names.push_back(graph.node(i).name());
  for (int i = graph.node_size() - 1; i >= before; --i)
    if (std::find(names.begin(), names.end(), graph.node(i).name()) != names.end())
      graph.mutable_node()->DeleteSubrange(i, 1);
}

} // namespace tfc
