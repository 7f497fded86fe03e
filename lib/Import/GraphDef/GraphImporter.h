// The walk over a graph's steps, functions and nodes.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_GRAPHIMPORTER_H
#define TFC_LIB_IMPORT_GRAPHDEF_GRAPHIMPORTER_H

#include <map>

#include "OpRegistry.h"
#include "Schedule.h"
#include "Steps.h"
#include "tfc/Import/Common/GivenShapes.h"
#include "tfc/Import/GraphDef/ImportGraphDef.h"
#include "llvm/ADT/StringSet.h"

namespace tfc::tf {

/// Values of edges that one region of the step sees.
struct Scope {
  llvm::DenseMap<Edge, Entry> values;
  /// Nodes that could not be imported.
  llvm::DenseSet<int> unusable;
  const Scope *outer = nullptr;

  const Entry *lookup(const Edge &edge) const;
  bool isUnusable(int node) const;
};

/// A graph or function body while it is imported.
struct Body {
  const Graph &graph;
  Scope *scope;
  /// What the step or function gives.
  llvm::ArrayRef<Edge> results;
  /// Of the call: what placeholders in attributes of the function's nodes stand for.
  const google::protobuf::Map<std::string, tensorflow::AttrValue> *attributes = nullptr;
};

/// What a SavedModel brings besides its graph.
struct SavedModelParts {
  std::string folder;                        // empty: there is none
  std::map<std::string, std::string> assets; // files of the folder `assets`, by the node that names them
  std::string initializer;                   // the node that fills tables

  void read(const tensorflow::MetaGraphDef &model);
};

/// Imports one graph.
class GraphImporter : public Importer {
public:
  /// All must outlive the importer.
  GraphImporter(GraphBuilder &b, const tensorflow::GraphDef &def, const GraphDefImportOptions &options)
      : Importer(b), def(def), options(options) {}

  /// The checkpoint that variables start from, by prefix; before `run`.
  std::string checkpoint;
  /// The runners of the graph's queues; before `run`.
  std::vector<tensorflow::QueueRunnerDef> queueRunners;
  SavedModelParts parts; // the same

  /// Null after an error. Without steps, imports one of everything.
  mlir::OwningOpRef<mlir::ModuleOp> run(llvm::ArrayRef<StepRequest> steps);

  /// Calls a function of the library at the insertion point.
  mlir::FailureOr<llvm::SmallVector<Entry>> call(const tensorflow::NameAttrList &function,
                                                 llvm::ArrayRef<Entry> arguments, NodeContext &c);
  /// See NodeContext::resource.
  Resource *resource(Resource::Kind kind, const llvm::Twine &name,
                     llvm::function_ref<mlir::Operation *(mlir::OpBuilder &, llvm::StringRef symbol)> declare);
  /// The value of an edge, made here and now where it is not there yet: values that other
  /// regions made are made again. Null after an error.
  const Entry *valueOf(const Edge &edge, Body &body);
  int nextLocal() { return localCount++; }
  /// Bytes of constants of which the file tells but the first elements.
  int64_t repeatedBytes = 0;
  bool isInLoop() const { return loopDepth > 0; }
  bool isInFunction() const { return isInCall; }
  int loopDepth = 0; // of loops around the node
  /// What each queue without declared shapes holds, by symbol.
  std::map<std::string, llvm::SmallVector<mlir::RankedTensorType>> heldTypes;
  const tensorflow::FunctionDef *findFunction(llvm::StringRef name) const { return functions.lookup(name); }
  /// The function that the graph names as the gradient of another; empty if there is none.
  llvm::StringRef gradientOf(llvm::StringRef function) const;

private:
  /// A function's body and the order of it, made once.
  struct PreparedFunction {
    std::unique_ptr<Graph> graph;
    Schedule schedule;
  };

  mlir::LogicalResult importStep(const Graph &graph, const StepRequest &request);
  /// The type of an argument that feeds an edge; null after an error.
  mlir::Type feedType(const Graph &graph, const Edge &edge, llvm::StringRef text,
                      llvm::SmallVectorImpl<mlir::Attribute> &dims);
  mlir::Type typeOfEdge(const Graph &graph, const Edge &edge);
  mlir::FailureOr<Schedule> scheduleOf(const Graph &graph, llvm::ArrayRef<Edge> fetches, llvm::ArrayRef<int> targets,
                                       const llvm::DenseSet<Edge> &feeds,
                                       llvm::DenseMap<Edge, llvm::SmallVector<Literal>> *conditions = nullptr);
  /// Makes the step fail unless a predicate has this value, on which a fetch depends.
  mlir::LogicalResult requirePredicate(const Edge &predicate, int value, const Edge &fetch, Body &body);
  mlir::LogicalResult finishStep(mlir::Operation *step, llvm::ArrayRef<Entry> fetches, const StepRequest &request);

  /// Imports what a schedule lists. Fails only where going on makes no sense.
  mlir::LogicalResult walk(const Schedule &schedule, Body &body);
  mlir::LogicalResult importNode(int node, Body &body);
  /// A merge of which only one input can ever run.
  mlir::LogicalResult importSingleMerge(int node, Body &body);
  mlir::LogicalResult importChoice(const Choice &choice, Body &body);
  mlir::LogicalResult importLoop(const Loop &loop, Body &body);
  mlir::LogicalResult importTasks(const Tasks &tasks, Body &body); // TaskImport.cpp
  mlir::LogicalResult importOp(NodeContext &c, const OpRegistry::Op *op);
  void reportUnknownOp(NodeContext &c);

  /// Declares the runners of queues that steps use, with steps of their own.
  void importQueueRunners(const Graph &graph, int64_t inFile); // QueueRunners.cpp
  bool importQueueRunner(const Graph &graph, const tensorflow::QueueRunnerDef &runner, int64_t inFile);

  void learnHeldTypes(llvm::ArrayRef<StepRequest> steps); // HeldTypes.cpp
  bool isProbe = false;                                   // to learn them

  /// Whether a node, or a node of a function that it calls, may wait for another.
  bool mayWait(const Graph &graph, const Node &node);
  bool mayWait(const tensorflow::NodeDef &node);
  bool mayWait(llvm::StringRef function);
  llvm::StringMap<bool> waitingFunctions;

  const PreparedFunction *prepare(const tensorflow::FunctionDef &function);

  const tensorflow::GraphDef &def;
  const GraphDefImportOptions &options;
  GivenShapes inputShapes;
  llvm::StringMap<const tensorflow::FunctionDef *> functions;
  std::map<const tensorflow::FunctionDef *, PreparedFunction> prepared;

  /// Gives variables the values that the checkpoint has, and makes constants of those that
  /// no step changes.
  mlir::LogicalResult initializeVariables(const Graph &graph, dfg::GraphOp graphOp);

  /// Gives tables what the SavedModel's initializer puts into them.
  mlir::LogicalResult fillTables(const Graph &graph, dfg::GraphOp graphOp);

  mlir::Block *graphBlock = nullptr;
  mlir::Operation *lastDeclaration = nullptr;
  std::map<std::pair<int, std::string>, std::unique_ptr<Resource>> resources;
  llvm::StringSet<> symbols; // of steps and declarations
  int localCount = 0;
};

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_GRAPHIMPORTER_H
