// How ONNX operators become `dfg` ops: one function per operator and range of versions.
//
// A family of operators is one file of lib/Import/ONNX. It ends with a function that adds
// its importers to the registry, declared at the end of this header and called from
// OpRegistry.cpp:
//
//   static LogicalResult importSwish(NodeContext &c) {
//     Value x = c.input(0);
//     Value scaled = c.b.create<dfg::MulOp>(x, c.b.scalarLike(x, c.number("alpha", 1.0)));
//     return c.result(c.b.create<dfg::MulOp>(x, c.b.create<dfg::SigmoidOp>(scaled)));
//   }
//   void registerActivations(OpRegistry &ops) { ops.add("Swish", importSwish, 24); }
//
// Null values flow through (see GraphBuilder), so importers need no checks between ops:
// `result` fails on a null value, and whatever made it null was reported. What a model
// may do wrong and ops do not notice (a rank, an attribute's value) is checked with
// `return c.error() << "has ..., expected ..."`; what tfc cannot do yet with `unsupported`.
// Messages start lower-case and get the prefix `node 'NAME' (OpType): `.
#ifndef TFC_IMPORT_ONNX_OPREGISTRY_H
#define TFC_IMPORT_ONNX_OPREGISTRY_H

#include <functional>

#include "tfc/Import/Common/OpContext.h"

namespace tfc {

namespace onnx {
class AttributeProto;
class GraphProto;
class NodeProto;
class TensorProto;
class TypeProto;
} // namespace onnx

class ModelImporter;
struct ImportFrame;

/// One node while it is imported.
class NodeContext : public OpContext {
public:
  NodeContext(ModelImporter &importer, ImportFrame &frame, const onnx::NodeProto &node, int64_t version);

  /// Version of the opset that the node's domain is imported with.
  const int64_t version;

  llvm::StringRef name() const { return nodeName; }
  llvm::StringRef op() const;

  //===--- Outputs --------------------------------------------------------===//

  unsigned outputCount() const;
  /// Whether somebody gave the output a name.
  bool wantsOutput(unsigned i) const;

  //===--- Attributes: a wrong kind is reported and gives the default -----===//

  bool hasAttribute(llvm::StringRef name) const { return attribute(name); }
  int64_t integer(llvm::StringRef name, int64_t otherwise = 0);
  double number(llvm::StringRef name, double otherwise = 0);
  llvm::StringRef string(llvm::StringRef name, llvm::StringRef otherwise = "");
  llvm::SmallVector<int64_t> integers(llvm::StringRef name, llvm::ArrayRef<int64_t> otherwise = {});
  llvm::SmallVector<double> numbers(llvm::StringRef name, llvm::ArrayRef<double> otherwise = {});
  llvm::SmallVector<llvm::StringRef> strings(llvm::StringRef name);
  /// The value of a tensor attribute as a constant; null after an error or if absent.
  mlir::Value tensor(llvm::StringRef name);
  mlir::Value sparseTensor(llvm::StringRef name);
  /// Null after an error or if absent.
  const onnx::GraphProto *graph(llvm::StringRef name);
  const onnx::TypeProto *type(llvm::StringRef name);
  /// An element type given as a TensorProto.DataType; null after an error.
  mlir::Type elementType(llvm::StringRef name, int64_t otherwise);

  //===--- Checked numbers ------------------------------------------------===//

  /// Constant integers of an input (opsets from some version on) or of an attribute;
  /// nothing where both are absent. Unsupported where the input is no constant.
  mlir::FailureOr<std::optional<llvm::SmallVector<int64_t>>> constants(unsigned inputIndex,
                                                                       llvm::StringRef attributeName);

  //===--- Results --------------------------------------------------------===//

  mlir::LogicalResult result(mlir::Value value) { return results(value); }
  /// Outputs that the node does not want may be null.
  mlir::LogicalResult results(mlir::ValueRange values);

  //===--- Subgraphs ------------------------------------------------------===//

  /// Imports a subgraph at the builder's insertion point with `arguments` as its inputs
  /// and gives its outputs. Names of enclosing graphs are visible. May be called again.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> inlineGraph(const onnx::GraphProto &graph,
                                                              mlir::ValueRange arguments);
  /// The type that a TypeProto declares, with every open extent dynamic; null after an
  /// error. Tensors need a shape.
  mlir::Type convertType(const onnx::TypeProto &type);
  /// The same for what an optional or sequence holds: tensors may be of unknown rank.
  mlir::Type heldType(const onnx::TypeProto &type);
  /// Goes on with all nodes that follow in the graph twice, once behind each branch, for
  /// branches (without inputs) whose outputs differ in rank: the node's result.
  mlir::LogicalResult fork(mlir::Value condition, const onnx::GraphProto &thenBranch,
                           const onnx::GraphProto &elseBranch);
  /// Declared types of a subgraph's inputs and outputs; null where nothing is declared.
  llvm::SmallVector<mlir::Type> inputTypes(const onnx::GraphProto &graph);
  llvm::SmallVector<mlir::Type> outputTypes(const onnx::GraphProto &graph);

private:
  friend class ModelImporter;
  std::string prefix() const override;
  std::string inputName(unsigned i) const override;
  const onnx::AttributeProto *attribute(llvm::StringRef name) const;
  const onnx::AttributeProto *attribute(llvm::StringRef name, int type, llvm::StringRef what);

  ModelImporter &importer;
  ImportFrame &frame;
  const onnx::NodeProto &node;
  std::string nodeName;
  llvm::SmallVector<mlir::Value> outputs;
};

/// The importers of all operators. Immutable after construction, so safe to share.
class OpRegistry {
public:
  using Importer = std::function<mlir::LogicalResult(NodeContext &)>;
  /// The newest opset of the default domain that importers are written for. Importers that
  /// do not understand opsets before 6 say so with `since`.
  static constexpr int64_t kNewest = 28;

  /// `since` is the first version that the importer understands, `until` the last.
  void add(llvm::StringRef name, Importer importer, int64_t since = 1, int64_t until = INT64_MAX,
           llvm::StringRef domain = "");

  struct Entry {
    int64_t since, until;
    Importer importer;
  };
  /// Entries of an operator; empty if unknown.
  llvm::ArrayRef<Entry> lookup(llvm::StringRef domain, llvm::StringRef name) const;
  const Entry *lookup(llvm::StringRef domain, llvm::StringRef name, int64_t version) const;

  /// All operators, as `domain:name`, in no order.
  auto names() const { return entries.keys(); }

  static const OpRegistry &get();

private:
  OpRegistry() = default;
  llvm::StringMap<llvm::SmallVector<Entry, 1>> entries;
};

//===----------------------------------------------------------------------===//
// Families
//===----------------------------------------------------------------------===//

void registerActivationOps(OpRegistry &ops);
void registerAttentionOps(OpRegistry &ops);
void registerCastOps(OpRegistry &ops);
void registerCol2ImOps(OpRegistry &ops);
void registerConstantOps(OpRegistry &ops);
void registerContractionOps(OpRegistry &ops);
void registerControlFlowOps(OpRegistry &ops);
void registerConvolutionOps(OpRegistry &ops);
void registerDeformableOps(OpRegistry &ops);
void registerEinsumOps(OpRegistry &ops);
void registerFillOps(OpRegistry &ops);
void registerGridOps(OpRegistry &ops);
void registerIndexingOps(OpRegistry &ops);
void registerLayoutOps(OpRegistry &ops);
void registerLinearAttentionOps(OpRegistry &ops);
void registerLogicOps(OpRegistry &ops);
void registerLossOps(OpRegistry &ops);
void registerMathOps(OpRegistry &ops);
void registerMicrosoftOps(OpRegistry &ops);
void registerMicrosoftQuantizedOps(OpRegistry &ops);
void registerNormalizationOps(OpRegistry &ops);
void registerOptionalOps(OpRegistry &ops);
void registerOrderOps(OpRegistry &ops);
void registerPoolingOps(OpRegistry &ops);
void registerQuantizationOps(OpRegistry &ops);
void registerQuantizedProductOps(OpRegistry &ops);
void registerRandomOps(OpRegistry &ops);
void registerRecurrentOps(OpRegistry &ops);
void registerReductionOps(OpRegistry &ops);
void registerRegionOps(OpRegistry &ops);
void registerResizeOps(OpRegistry &ops);
void registerScanOps(OpRegistry &ops);
void registerSequenceOps(OpRegistry &ops);
void registerShapeOps(OpRegistry &ops);
void registerSignalOps(OpRegistry &ops);
void registerSliceOps(OpRegistry &ops);
void registerSoftmaxOps(OpRegistry &ops);
void registerTfIdfOps(OpRegistry &ops);

} // namespace tfc

#endif // TFC_IMPORT_ONNX_OPREGISTRY_H
