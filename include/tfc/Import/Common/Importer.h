// What importers have in common, whatever format they read: the graph that they build, how
// they report errors, and how far a model may grow.
#ifndef TFC_IMPORT_COMMON_IMPORTER_H
#define TFC_IMPORT_COMMON_IMPORTER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tfc/Import/Common/GraphBuilder.h"

namespace tfc {

/// Why a model was not imported; the later, the worse.
enum class ImportFailure {
  None,
  /// The model is fine, but needs what tfc does not have. All such nodes were reported.
  Unsupported,
  /// The file is no valid model, or the options do not fit it.
  Malformed
};

/// The base of importers. Every error sets `failure`; nodes behind an unsupported one are
/// still looked at, so that one run reports all that is missing.
class Importer {
public:
  /// The builder must outlive the importer.
  explicit Importer(GraphBuilder &b) : b(b), context(b.builder.getContext()) {}

  GraphBuilder &b;
  ImportFailure failure = ImportFailure::None;

  //===--- Errors ---------------------------------------------------------===//

  /// Counts a failure that was reported already; None is no failure.
  void fail(ImportFailure kind) { failure = std::max(failure, kind); }
  /// Report an error that the caller completes.
  mlir::InFlightDiagnostic malformed(mlir::Location loc);
  mlir::InFlightDiagnostic unsupported(mlir::Location loc);
  mlir::InFlightDiagnostic malformed() { return malformed(b.loc); }
  mlir::InFlightDiagnostic unsupported() { return unsupported(b.loc); }

  /// How an attempt ended.
  struct Attempt {
    bool isFine = false;
    /// Its first error and the kind of the worst one.
    std::string error;
    ImportFailure failure = ImportFailure::None;
  };
  /// Imports something that may turn out impossible: then nothing is reported, and the
  /// caller discards what was made.
  Attempt attempt(llvm::function_ref<mlir::LogicalResult()> import);

  /// Imports a node, and tells errors of ops that it is made of in terms of the node:
  /// `'dfg.matmul' op has ...` becomes `node 'mm' (MatMul): has ...`, where `prefix` is what
  /// comes before "has". Errors that name a node already, such as one in a subgraph, stay.
  mlir::LogicalResult importAs(llvm::StringRef prefix, llvm::function_ref<mlir::LogicalResult()> import);

  /// What is built, if all went well and it holds together.
  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> finish(mlir::OwningOpRef<mlir::ModuleOp> module);

protected:
  /// How deep calls, choices, loops and subgraphs may nest, all together.
  static constexpr int kDeepest = 64;

  /// Whether a node that cannot be imported is to be reported: the first time that it is
  /// come by.
  bool isUnreported(const void *node) { return reported.insert(node).second; }

  /// Begins to count, for a file of this many nodes.
  void limitNodes(int64_t inFile);
  /// Counts a node; fails where calls, and branches and loops that are imported again, have
  /// the model grow too much.
  mlir::LogicalResult countNode();

  /// The location of a node; in the body of a function it keeps that of the call as well.
  mlir::Location locationOf(llvm::StringRef node) const;

  mlir::MLIRContext *context;
  int depth = 0; // of what kDeepest limits, around the node
  bool isInCall = false;

private:
  llvm::DenseSet<const void *> reported;
  int64_t nodeCount = 0, mostNodes = 0; // imported, and the limit of that
};

} // namespace tfc

#endif // TFC_IMPORT_COMMON_IMPORTER_H
