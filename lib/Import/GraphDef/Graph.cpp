// From the text of edges ("node:1", "^node", "node:output:0") to indices.
#include "Graph.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tfc::tf {

using namespace tensorflow;

int Graph::find(StringRef name) const {
  auto it = byName.find(name);
  return it == byName.end() ? -1 : it->second;
}

Edge Graph::findEdge(StringRef text) const {
  auto [name, port] = text.rsplit(':');
  Edge edge{find(name)};
  if (port.empty())
    return edge;
  if (port.getAsInteger(10, edge.port) || edge.port < 0)
    return {};
  return edge;
}

LogicalResult Graph::addNodes(const google::protobuf::RepeatedPtrField<NodeDef> &defs, Errors bad) {
  for (const NodeDef &def : defs) {
    if (def.name().empty()) {
      bad("the graph has a node (" + def.op() + ") without a name");
      return failure();
    }
    if (!byName.try_emplace(def.name(), int(nodes.size())).second) {
      bad("the graph has node '" + def.name() + "' twice");
      return failure();
    }
    nodes.push_back({&def, {}, {}});
  }
  return success();
}

FailureOr<Graph> Graph::ofGraph(const GraphDef &message, Errors bad) {
  Graph graph;
  if (failed(graph.addNodes(message.node(), bad)))
    return failure();
  for (Node &node : graph.nodes)
    for (const std::string &input : node.def->input()) {
      StringRef text = input;
      bool isControl = text.consume_front("^");
      Edge edge = graph.findEdge(text);
      if (edge.node < 0) {
        bad("node '" + node.name() + "' (" + node.op() + "): uses '" + input + "', which is no node of the graph");
        return failure();
      }
      if (isControl)
        node.controls.push_back(edge.node);
      else
        node.inputs.push_back(edge);
    }
  return graph;
}

namespace {

/// Outputs of nodes in a function's body, which are named.
class BodyEdges {
public:
  BodyEdges(const Graph &graph, const FunctionDefLibrary &library) : graph(graph) {
    for (const FunctionDef &function : library.function())
      functions[function.signature().name()] = &function.signature();
  }

  /// "argument", "node:output:index", or "node:port" where a node has one output.
  Edge find(StringRef text) const {
    SmallVector<StringRef, 3> parts;
    text.split(parts, ':');
    int node = graph.find(parts[0]);
    if (node < 0 || parts.size() == 1)
      return {node, 0};
    int index = 0;
    if (parts.back().getAsInteger(10, index) || index < 0 || parts.size() > 3)
      return {};
    return {node, index + (parts.size() == 3 ? firstPort(graph[node], parts[1]) : 0)};
  }

private:
  int firstPort(const Node &node, StringRef output) const {
    if (const OpDef *signature = functions.lookup(node.op())) {
      for (auto [i, arg] : llvm::enumerate(signature->output_arg()))
        if (StringRef(arg.name()) == output)
          return i;
      return 0;
    }
    int port = 0;
    for (StringRef entry : outputNames(node.op())) {
      auto [name, count] = entry.split('*');
      if (name == output)
        return port;
      auto it = node.def->attr().find(count.str());
      port += count.empty() || it == node.def->attr().end() ? 1 : it->second.i();
    }
    return 0;
  }

  const Graph &graph;
  llvm::StringMap<const OpDef *> functions;
};

} // namespace

FailureOr<Graph> Graph::ofFunction(const FunctionDef &function, const FunctionDefLibrary &library, Errors bad) {
  Graph graph;
  StringRef name = function.signature().name();
  for (const auto &arg : function.signature().input_arg()) {
    NodeDef &def = graph.own.emplace_back();
    def.set_name(arg.name());
    def.set_op("_Arg");
    if (!graph.byName.try_emplace(def.name(), int(graph.nodes.size())).second) {
      bad("function '" + name + "' has argument '" + arg.name() + "' twice");
      return failure();
    }
    graph.nodes.push_back({&def, {}, {}});
  }
  graph.argumentCount = graph.nodes.size();
  if (failed(graph.addNodes(function.node_def(), bad)))
    return failure();
  BodyEdges edges(graph, library);
  auto find = [&](StringRef text, const Twine &user) {
    Edge edge = edges.find(text);
    if (edge.node < 0)
      bad(user + " of function '" + name + "' uses '" + text + "', which the function does not define");
    return edge;
  };
  for (Node &node : graph.nodes)
    for (const std::string &input : node.def->input()) {
      StringRef text = input;
      bool isControl = text.consume_front("^");
      Edge edge = find(text, "node '" + node.name() + "'");
      if (edge.node < 0)
        return failure();
      if (isControl)
        node.controls.push_back(edge.node);
      else
        node.inputs.push_back(edge);
    }
  for (const auto &arg : function.signature().output_arg()) {
    auto it = function.ret().find(arg.name());
    Edge edge = it == function.ret().end() ? Edge() : find(it->second, "result '" + arg.name() + "'");
    if (edge.node < 0) {
      bad("function '" + name + "' has no result '" + arg.name() + "'");
      return failure();
    }
    graph.results.push_back(edge);
  }
  SmallVector<std::string> controls;
  for (const auto &[label, node] : function.control_ret())
    controls.push_back(node);
  llvm::sort(controls); // the map has no order
  for (StringRef control : controls)
    if (int node = graph.find(control); node >= 0)
      graph.controlResults.push_back(node);
  return graph;
}

} // namespace tfc::tf
