// A graph or function body of TensorFlow as arrays of nodes and edges.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_GRAPH_H
#define TFC_LIB_IMPORT_GRAPHDEF_GRAPH_H

#include <deque>
#include <string>
#include <vector>

#include "mlir/Support/LLVM.h"
#include "tensorflow.pb.h"
#include "llvm/ADT/DenseMapInfo.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

namespace tfc::tf {

/// One output of a node: "name:port".
struct Edge {
  int node = -1;
  int port = 0;
  bool operator==(const Edge &other) const { return node == other.node && port == other.port; }
  bool operator!=(const Edge &other) const { return !(*this == other); }
  bool operator<(const Edge &other) const { return std::tie(node, port) < std::tie(other.node, other.port); }
};

struct Node {
  const tensorflow::NodeDef *def;
  llvm::SmallVector<Edge, 3> inputs;
  llvm::SmallVector<int, 1> controls; // nodes that run before
  llvm::StringRef op() const { return def->op(); }
  llvm::StringRef name() const { return def->name(); }
};

/// Nodes in the order of the file, edges as indices. Refers to the message it was made of.
class Graph {
public:
  using Errors = llvm::function_ref<void(const llvm::Twine &)>;

  static mlir::FailureOr<Graph> ofGraph(const tensorflow::GraphDef &graph, Errors bad);
  /// The body of a function: its arguments are nodes `_Arg`, first in the order.
  static mlir::FailureOr<Graph> ofFunction(const tensorflow::FunctionDef &function,
                                           const tensorflow::FunctionDefLibrary &library, Errors bad);

  const Node &operator[](int node) const { return nodes[node]; }
  int size() const { return nodes.size(); }
  /// The node of a name; -1 if there is none.
  int find(llvm::StringRef name) const;
  /// An edge written as "name:port" or "name"; its node is -1 if there is none.
  Edge findEdge(llvm::StringRef text) const;

  /// Of a function's body: its arguments, results, and what runs besides.
  int argumentCount = 0;
  llvm::SmallVector<Edge> results;
  llvm::SmallVector<int> controlResults;

private:
  mlir::LogicalResult addNodes(const google::protobuf::RepeatedPtrField<tensorflow::NodeDef> &defs, Errors bad);

  std::vector<Node> nodes;
  llvm::StringMap<int> byName;
  std::deque<tensorflow::NodeDef> own; // what no message holds
};

/// Names of the outputs of operators that have several, in order, as bodies of functions
/// use them; empty for operators with one (list of) output(s). "NAME*ATTRIBUTE" is a list of as
/// many as the attribute says.
llvm::ArrayRef<llvm::StringRef> outputNames(llvm::StringRef op);

} // namespace tfc::tf

template <> struct llvm::DenseMapInfo<tfc::tf::Edge> {
  static tfc::tf::Edge getEmptyKey() { return {-2, 0}; }
  static tfc::tf::Edge getTombstoneKey() { return {-3, 0}; }
  static unsigned getHashValue(const tfc::tf::Edge &edge) { return llvm::hash_combine(edge.node, edge.port); }
  static bool isEqual(const tfc::tf::Edge &a, const tfc::tf::Edge &b) { return a == b; }
};

#endif // TFC_LIB_IMPORT_GRAPHDEF_GRAPH_H
