// How TensorFlow's operators become `dfg` ops: one function per operator.
//
// A family of operators is one file of lib/Import/GraphDef. It ends with a function that
// adds its importers to the registry, declared at the end of this header and called from
// OpRegistry.cpp:
//
//   static LogicalResult importSquare(NodeContext &c) {
//     return c.result(c.b.create<dfg::MulOp>(c.input(0), c.input(0)));
//   }
//   void registerMathOps(OpRegistry &ops) { ops.add("Square", importSquare); }
//
// Null values flow through (see GraphBuilder), so importers need no checks between ops:
// `result` fails on a null value, and whatever made it null was reported. What a graph may
// do wrong and ops do not notice is checked with `return c.error() << "has ..., expected
// ..."`; what tfc cannot do yet with `unsupported`. Messages start lower-case and get the
// prefix `node 'NAME' (Op): `.
//
// An operator with several outputs is listed in OutputNames.cpp, too.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_OPREGISTRY_H
#define TFC_LIB_IMPORT_GRAPHDEF_OPREGISTRY_H

#include <functional>

#include "Graph.h"
#include "Resource.h"
#include "tfc/Import/ONNX/OnnxOps.h"
#include "llvm/Support/MemoryBuffer.h"

namespace tfc::tf {

class GraphImporter;
struct Body;

/// What an edge carries.
struct Entry {
  /// A tensor, or a list in place of the flow of a TensorArray or the handle of a TensorList.
  mlir::Value value;
  /// What a handle or reference stands for, known at compile time.
  const Resource *resource = nullptr;
  /// What makes it could not be imported.
  bool isUnusable = false;
  /// The resource is a variable, which ops that take no references read.
  bool isReference = false;
};

/// One node while it is imported.
class NodeContext : public OpContext {
public:
  NodeContext(GraphImporter &importer, Body &body, const Node &node);

  llvm::StringRef name() const { return node.name(); }
  llvm::StringRef op() const { return node.op(); }

  //===--- Inputs that are no tensors -------------------------------------===//

  /// A tensor; of a reference, the variable's value now. Null where there is none.
  mlir::Value input(unsigned i);
  const Entry &entry(unsigned i) const { return entries[i]; }
  /// The constant strings of an input; null if it is something else.
  mlir::DenseStringElementsAttr knownStrings(unsigned i);
  /// One constant string of an input; unsupported where only run time tells.
  mlir::FailureOr<llvm::StringRef> constantString(unsigned i);

  /// The file that this constant of a SavedModel names; empty if none.
  llvm::StringRef assetName() const;
  /// A file of a SavedModel, by the path that such constants have; null after an error.
  std::unique_ptr<llvm::MemoryBuffer> asset(llvm::StringRef path);

  //===--- State ----------------------------------------------------------===//

  /// The resource that a handle or reference stands for; null after an error.
  const Resource *resource(unsigned i, Resource::Kind kind);
  /// The resource of a kind that has a name throughout the graph, declared by `declare` when
  /// it is first asked for.
  Resource *resource(Resource::Kind kind, const llvm::Twine &name,
                     llvm::function_ref<mlir::Operation *(mlir::OpBuilder &, llvm::StringRef symbol)> declare);
  /// The name that nodes share a resource by: `shared_name`, or else the node's own.
  std::string sharedName() const;
  /// A list of this element type for as long as the step runs.
  Resource *newLocal(Resource::Kind kind, mlir::Type elementType);
  /// What a queue without declared shapes holds, as far as it is known.
  llvm::SmallVector<mlir::RankedTensorType> &heldTypes(llvm::StringRef queue);
  mlir::Value read(const Resource &variable);
  mlir::LogicalResult assign(const Resource &variable, mlir::Value value);
  /// Imports what reads and assigns variables, with other steps kept from them.
  mlir::LogicalResult update(llvm::ArrayRef<const Resource *> variables,
                             llvm::function_ref<mlir::LogicalResult()> change);

  //===--- Attributes: what is absent or of another kind gives the default ===//

  bool hasAttribute(llvm::StringRef name) const { return attribute(name); }
  int64_t integer(llvm::StringRef name, int64_t otherwise = 0) const;
  bool boolean(llvm::StringRef name, bool otherwise = false) const;
  double number(llvm::StringRef name, double otherwise = 0) const;
  llvm::StringRef string(llvm::StringRef name, llvm::StringRef otherwise = "") const;
  llvm::SmallVector<int64_t> integers(llvm::StringRef name) const;
  llvm::SmallVector<llvm::StringRef> strings(llvm::StringRef name) const;
  /// A data type as an element type; null after an error.
  mlir::Type elementType(llvm::StringRef name);
  llvm::SmallVector<mlir::Type> elementTypes(llvm::StringRef name);
  tensorflow::DataType dataType(llvm::StringRef name) const;
  /// The extents of a shape, dynamic where open; nothing if the rank is not known.
  std::optional<llvm::SmallVector<int64_t>> shape(llvm::StringRef name) const;
  const tensorflow::AttrValue *attribute(llvm::StringRef name) const;

  /// The value of a tensor in an attribute; fails after an error.
  mlir::FailureOr<mlir::ElementsAttr> tensor(const tensorflow::TensorProto &tensor);
  /// The number of outputs that an attribute gives; fails where no graph would have so many.
  mlir::FailureOr<int64_t> outputCount(llvm::StringRef name, int64_t otherwise = 0);

  //===--- Checked numbers ------------------------------------------------===//

  /// Constant integers of an input; unsupported where only run time tells.
  mlir::FailureOr<llvm::SmallVector<int64_t>> constants(unsigned i);
  /// One constant integer of an input.
  mlir::FailureOr<int64_t> constant(unsigned i);
  /// One integer of an input, read at run time where need be, as an index; null after an error.
  mlir::Value index(unsigned i);
  /// The axes that a constant input lists, in [0, rank of input `of`).
  mlir::FailureOr<llvm::SmallVector<int64_t>> axesOf(unsigned i, unsigned of = 0);

  //===--- Results --------------------------------------------------------===//

  mlir::LogicalResult result(mlir::Value value) { return results(value); }
  /// All outputs in order; fails where one is null.
  mlir::LogicalResult results(mlir::ValueRange values);
  mlir::LogicalResult result(const Entry &entry);
  mlir::LogicalResult results(llvm::ArrayRef<Entry> entries);

  //===--- Operators of ONNX and functions --------------------------------===//

  /// The outputs of an operator of ONNX (see importOnnxOp) in place of the node.
  llvm::SmallVector<mlir::Value> onnx(llvm::StringRef op, llvm::ArrayRef<mlir::Value> inputs,
                                      llvm::ArrayRef<OnnxAttribute> attributes = {}, unsigned outputs = 1) {
    return importOnnxOp(*this, name(), op, inputs, attributes, outputs);
  }

  /// The function that an attribute names, called with these arguments at the insertion
  /// point: its results. May be called again.
  mlir::FailureOr<llvm::SmallVector<Entry>> call(llvm::StringRef attribute, llvm::ArrayRef<Entry> arguments);
  /// The same for one of the functions that an attribute lists.
  mlir::FailureOr<llvm::SmallVector<Entry>> callListed(llvm::StringRef attribute, int i,
                                                       llvm::ArrayRef<Entry> arguments);
  llvm::ArrayRef<Entry> allEntries() const { return entries; }
  /// The outputs that other nodes use, as texts of edges: "'node:0', 'node:2'"; none inside of
  /// functions, whose edges no step can feed.
  std::string usedOutputs() const;
  /// The gradients of that function's arguments, the node's first inputs; the other inputs
  /// are those of its results.
  mlir::FailureOr<llvm::SmallVector<Entry>> differentiate(llvm::StringRef attribute);

  /// What an output becomes that somebody assigns to a variable, in the node's own body.
  struct Destination {
    mlir::RankedTensorType type; // of the variable; null: there is none
    bool isReshaped = false;     // who uses it asks for the elements only
  };
  Destination destination(int port);

  //===--- Choices and loops ----------------------------------------------===//

  /// What branch 0 (where `condition`, a boolean scalar, holds) or 1 gives, each imported by
  /// `emit`. A handle must be the same on both sides.
  mlir::FailureOr<llvm::SmallVector<Entry>>
  choose(mlir::Value condition, llvm::function_ref<mlir::FailureOr<llvm::SmallVector<Entry>>(int)> emit);
  /// The last values of a loop that goes on from `initial` by `next` while `test` holds. Both
  /// may be called again. Handles must stay what they are.
  mlir::FailureOr<llvm::SmallVector<Entry>>
  loop(llvm::ArrayRef<Entry> initial, llvm::function_ref<mlir::FailureOr<mlir::Value>(llvm::ArrayRef<Entry>)> test,
       llvm::function_ref<mlir::FailureOr<llvm::SmallVector<Entry>>(llvm::ArrayRef<Entry>)> next);

  /// What an importer gives for other inputs, in place of the node.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  importWith(llvm::ArrayRef<mlir::Value> given, llvm::function_ref<mlir::LogicalResult(NodeContext &)> importer);

private:
  friend class GraphImporter;
  std::string inputName(unsigned i) const override;
  std::string prefix() const override;

  GraphImporter &importer;
  Body &body;
  const Node &node;
  llvm::SmallVector<Entry> entries; // of the inputs
  llvm::SmallVector<Entry> outputs;
};

/// The importers of all operators. Immutable after construction, so safe to share.
class OpRegistry {
public:
  using Importer = std::function<mlir::LogicalResult(NodeContext &)>;

  struct Op {
    Importer importer;
    /// It does more than compute its outputs from its inputs: it runs exactly once.
    bool hasEffect = false;
    /// It takes references to variables instead of their values.
    bool takesReferences = false;

    /// It may wait for what another op does, of this step or another.
    bool mayWait = false;

    Op &effect() { return hasEffect = true, *this; }
    Op &waits() { return hasEffect = mayWait = true, *this; }
    Op &references() { return takesReferences = true, *this; }
  };

  Op &add(llvm::StringRef name, Importer importer) {
    return ops.insert_or_assign(name, Op{std::move(importer)}).first->second;
  }
  /// Stands for all operators that have it in their names and are not there by their own.
  static constexpr char kDatasets[] = "Dataset";
  /// Null if unknown.
  const Op *lookup(llvm::StringRef name) const {
    auto it = ops.find(name);
    if (it == ops.end() && name.contains(kDatasets))
      it = ops.find(kDatasets);
    return it == ops.end() ? nullptr : &it->second;
  }
  auto names() const { return ops.keys(); }

  static const OpRegistry &get();

private:
  OpRegistry() = default;
  llvm::StringMap<Op> ops;
};

//===----------------------------------------------------------------------===//
// Families
//===----------------------------------------------------------------------===//

void registerAccumulatorOps(OpRegistry &ops);
void registerActivationOps(OpRegistry &ops);
void registerArrayOps(OpRegistry &ops);
void registerBandMatrixOps(OpRegistry &ops);
void registerBoxOps(OpRegistry &ops);
void registerCheckOps(OpRegistry &ops);
void registerCheckpointOps(OpRegistry &ops);
void registerColorOps(OpRegistry &ops);
void registerComplexOps(OpRegistry &ops);
void registerConstantOps(OpRegistry &ops);
void registerConvolutionOps(OpRegistry &ops);
void registerCropOps(OpRegistry &ops);
void registerCtcOps(OpRegistry &ops);
void registerDiagonalOps(OpRegistry &ops);
void registerDrawnRandomOps(OpRegistry &ops);
void registerEliminationOps(OpRegistry &ops);
void registerFileOps(OpRegistry &ops);
void registerFractionalPoolingOps(OpRegistry &ops);
void registerFunctionOps(OpRegistry &ops);
void registerGatherOps(OpRegistry &ops);
void registerHostOps(OpRegistry &ops);
void registerIncompleteOps(OpRegistry &ops);
void registerIntegralOps(OpRegistry &ops);
void registerLayoutOps(OpRegistry &ops);
void registerLinalgOps(OpRegistry &ops);
void registerLossOps(OpRegistry &ops);
void registerMathOps(OpRegistry &ops);
void registerNormalizationOps(OpRegistry &ops);
void registerOptimizerOps(OpRegistry &ops);
void registerOptionalOps(OpRegistry &ops);
void registerPartOps(OpRegistry &ops);
void registerPatchOps(OpRegistry &ops);
void registerPoolingOps(OpRegistry &ops);
void registerProductOps(OpRegistry &ops);
void registerProjectionOps(OpRegistry &ops);
void registerQuantizationOps(OpRegistry &ops);
void registerQueueOps(OpRegistry &ops);
void registerRaggedOps(OpRegistry &ops);
void registerRandomOps(OpRegistry &ops);
void registerRecurrentOps(OpRegistry &ops);
void registerReductionOps(OpRegistry &ops);
void registerResizeOps(OpRegistry &ops);
void registerSearchOps(OpRegistry &ops);
void registerSegmentOps(OpRegistry &ops);
void registerSparseAccumulatorOps(OpRegistry &ops);
void registerSparseOps(OpRegistry &ops);
void registerSparsePartOps(OpRegistry &ops);
void registerSpecialOps(OpRegistry &ops);
void registerStateOps(OpRegistry &ops);
void registerStateRowOps(OpRegistry &ops);
void registerSuppressionOps(OpRegistry &ops);
void registerTableOps(OpRegistry &ops);
void registerTensorArrayOps(OpRegistry &ops);
void registerTensorListOps(OpRegistry &ops);
void registerTextOps(OpRegistry &ops);
void registerTextPartOps(OpRegistry &ops);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_OPREGISTRY_H
