// Follows handles and restored tensors through the graph.
#include "RestoredVariables.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace tfc::tf {
namespace {

using Names = llvm::StringMap<std::string>;

/// How deep functions may call each other, and how many of their nodes are looked at.
constexpr int kDeepest = 16, kMostNodes = 1'000'000;

class Finder {
public:
  Finder(const tensorflow::GraphDef &def, Names &found) : def(def), found(found) {
    for (const auto &function : def.library().function())
      functions[function.signature().name()] = &function;
  }

  /// Looks at all nodes of a graph; `arguments` are the variables that a body is called with.
  void look(const Graph &graph, ArrayRef<std::string> arguments, int depth) {
    for (int i = 0; i < graph.size(); ++i) {
      const Node &node = graph[i];
      if ((node.op() == "AssignVariableOp" || node.op() == "Assign") && node.inputs.size() == 2) {
        std::string variable = variableOf(graph, node.inputs[0], arguments), name = restored(graph, node.inputs[1]);
        if (!variable.empty() && !name.empty())
          found.try_emplace(variable, name);
      } else if (node.op().ends_with("PartitionedCall") && depth < kDeepest) {
        call(graph, node, arguments, depth);
      }
    }
  }

private:
  void call(const Graph &graph, const Node &node, ArrayRef<std::string> arguments, int depth) {
    auto attribute = node.def->attr().find("f");
    const auto *function =
        attribute == node.def->attr().end() ? nullptr : functions.lookup(attribute->second.func().name());
    // Only what restores is of interest.
    if (!function || llvm::none_of(function->node_def(), [&](const tensorflow::NodeDef &inner) {
          return inner.op() == "RestoreV2" || StringRef(inner.op()).ends_with("PartitionedCall");
        }))
      return;
    if ((looked += function->node_def_size() + 1) > kMostNodes)
      return;
    auto body = Graph::ofFunction(*function, def.library(), [](const Twine &) {});
    if (failed(body) || body->argumentCount != int(node.inputs.size()))
      return;
    SmallVector<std::string> passed;
    for (const Edge &input : node.inputs)
      passed.push_back(variableOf(graph, input, arguments));
    look(*body, passed, depth + 1);
  }

  /// The node behind identities.
  static Edge source(const Graph &graph, Edge edge) {
    for (int steps = 0; steps < graph.size() && graph[edge.node].op() == "Identity" && !graph[edge.node].inputs.empty();
         ++steps)
      edge = graph[edge.node].inputs.front();
    return edge;
  }

  std::string variableOf(const Graph &graph, Edge edge, ArrayRef<std::string> arguments) {
    edge = source(graph, edge);
    const Node &node = graph[edge.node];
    if (node.op() == "_Arg" && edge.node < int(arguments.size()))
      return arguments[edge.node];
    if (node.op() != "VarHandleOp" && node.op() != "VariableV2" && node.op() != "Variable")
      return "";
    auto shared = node.def->attr().find("shared_name");
    bool hasName = shared != node.def->attr().end() && !shared->second.s().empty();
    return hasName ? shared->second.s() : node.name().str();
  }

  std::string restored(const Graph &graph, Edge edge) {
    edge = source(graph, edge);
    const Node &node = graph[edge.node];
    if (node.op() != "RestoreV2" || node.inputs.size() < 2)
      return "";
    const Node &names = graph[source(graph, node.inputs[1]).node];
    auto value = names.def->attr().find("value");
    if (value == names.def->attr().end() || edge.port >= value->second.tensor().string_val_size())
      return "";
    return value->second.tensor().string_val(edge.port);
  }

  const tensorflow::GraphDef &def;
  Names &found;
  llvm::StringMap<const tensorflow::FunctionDef *> functions;
  int64_t looked = 0;
};

} // namespace

Names restoredVariables(const Graph &graph, const tensorflow::GraphDef &def) {
  Names found;
  Finder(def, found).look(graph, {}, 0);
  return found;
}

} // namespace tfc::tf
