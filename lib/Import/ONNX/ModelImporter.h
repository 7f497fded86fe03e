// The walk over a model's graphs, functions and nodes.
#ifndef TFC_LIB_IMPORT_ONNX_MODELIMPORTER_H
#define TFC_LIB_IMPORT_ONNX_MODELIMPORTER_H

#include "TensorData.h"
#include "onnx.pb.h"
#include "tfc/Import/Common/GivenShapes.h"
#include "tfc/Import/ONNX/ImportONNX.h"
#include "tfc/Import/ONNX/OpRegistry.h"
#include "llvm/ADT/StringSet.h"

namespace tfc {

/// Names that the nodes of one graph or function body see.
struct ImportFrame {
  using Attributes = llvm::StringMap<const onnx::AttributeProto *>;
  using Opsets = llvm::StringMap<int64_t>;

  struct Named {
    /// Null where the call of a function leaves an input out.
    mlir::Value value;
    /// The node that defines it could not be imported.
    bool isUnusable = false;
  };
  llvm::StringMap<Named> values;
  /// The enclosing graph, whose names a subgraph sees; null for models and functions.
  const ImportFrame *outer = nullptr;
  /// What attributes of a function's nodes may refer to.
  Attributes attributes;
  const Opsets *opsets = nullptr;
  /// What the graph or function gives.
  llvm::SmallVector<llvm::StringRef> outputs;
  /// Branches behind each of which the rest of the graph is to be imported.
  struct Fork {
    const onnx::NodeProto *node;
    mlir::Value condition;
    const onnx::GraphProto *branches[2]; // then, else
  };
  std::optional<Fork> fork;

  /// What a name stands for; null where it is not defined.
  const Named *lookup(llvm::StringRef name) const;
};

/// Imports one model.
class ModelImporter : public Importer {
public:
  /// All must outlive the importer.
  ModelImporter(GraphBuilder &b, onnx::ModelProto &model, llvm::StringRef folder, const OnnxImportOptions &options)
      : Importer(b), model(model), tensors(context, folder), options(options) {}

  /// Null after an error.
  mlir::OwningOpRef<mlir::ModuleOp> run();
  /// Imports a node of no graph, whose inputs the frame defines; so it does its outputs.
  void importSingle(const onnx::NodeProto &node, ImportFrame &frame);

  using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;
  mlir::LogicalResult importNodes(const Nodes &nodes, ImportFrame &frame, int first = 0);
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> inlineGraph(const onnx::GraphProto &graph, mlir::ValueRange arguments,
                                                              const ImportFrame &outer, NodeContext &node);
  mlir::Type convertType(const onnx::TypeProto &type, llvm::function_ref<mlir::InFlightDiagnostic()> malformed,
                         llvm::function_ref<mlir::InFlightDiagnostic()> unsupported);
  /// The same for what sequences and optionals hold: tensors may be of unknown rank.
  mlir::Type heldType(const onnx::TypeProto &type, llvm::function_ref<mlir::InFlightDiagnostic()> malformed,
                      llvm::function_ref<mlir::InFlightDiagnostic()> unsupported);
  TensorReader &tensorReader() { return tensors; }

private:
  mlir::LogicalResult readOpsets();
  mlir::LogicalResult readFunctions();
  mlir::LogicalResult readInputShapes();
  /// Type and dimension names of an input of the model, options applied.
  mlir::Type inputType(const onnx::ValueInfoProto &input, llvm::SmallVectorImpl<mlir::Attribute> &dims);
  mlir::LogicalResult importInitializers(onnx::GraphProto &graph, ImportFrame &frame, bool mayTake);
  void importNode(const onnx::NodeProto &node, ImportFrame &frame);
  /// Imports nodes from `first` on behind both branches of the frame's fork.
  mlir::LogicalResult importFork(const Nodes &nodes, ImportFrame &frame, int first);
  struct Side;
  mlir::LogicalResult importSide(const Nodes &nodes, int first, const ImportFrame::Fork &fork, Side &side);
  mlir::LogicalResult joinSides(dfg::IfOp probe, const ImportFrame::Fork &fork, Side (&sides)[2], ImportFrame &frame);
  void takeSide(dfg::IfOp probe, const ImportFrame::Fork &fork, Side (&sides)[2], int taken, ImportFrame &frame);
  mlir::LogicalResult importOp(const onnx::NodeProto &node, NodeContext &c, ImportFrame &frame);
  mlir::LogicalResult callFunction(const onnx::FunctionProto &function, NodeContext &c, ImportFrame &frame);
  /// Reports the operators of a node and its subgraphs that nobody can import.
  void reportUnknownOps(const onnx::NodeProto &node, const ImportFrame &frame);
  const onnx::FunctionProto *findFunction(const onnx::NodeProto &node) const;
  mlir::LogicalResult finishStep(dfg::StepOp step, const ImportFrame &frame);

  onnx::ModelProto &model;
  TensorReader tensors;
  const OnnxImportOptions &options;

  ImportFrame::Opsets opsets;
  llvm::StringMap<const onnx::FunctionProto *> functions;
  llvm::DenseMap<const onnx::FunctionProto *, ImportFrame::Opsets> functionOpsets;
  /// From the options: shapes by input, and extents given to the model's names.
  GivenShapes inputShapes;
  llvm::StringMap<int64_t> fixedNames;
};

/// "" and "ai.onnx" name the same domain.
inline llvm::StringRef canonicalDomain(llvm::StringRef domain) { return domain == "ai.onnx" ? "" : domain; }

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_MODELIMPORTER_H
