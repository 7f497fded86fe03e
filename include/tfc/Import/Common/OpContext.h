// What importers of single operators ask about their node, whatever format it comes from.
#ifndef TFC_IMPORT_COMMON_OPCONTEXT_H
#define TFC_IMPORT_COMMON_OPCONTEXT_H

#include "mlir/IR/Diagnostics.h"
#include "tfc/Import/Common/GraphBuilder.h"

namespace tfc {

/// Why a model was not imported.
enum class ImportFailure {
  None,
  /// The model is fine, but needs what tfc does not have. All such nodes were reported.
  Unsupported,
  /// The file is no valid model, or the options do not fit it.
  Malformed
};

/// One node while it is imported.
class OpContext {
public:
  explicit OpContext(GraphBuilder &b) : b(b) {}
  virtual ~OpContext() = default;

  GraphBuilder &b;

  //===--- Operands -------------------------------------------------------===//

  unsigned inputCount() const { return inputs.size(); }
  /// Null where the node leaves the input out.
  mlir::Value input(unsigned i) const { return i < inputs.size() ? inputs[i] : mlir::Value(); }
  bool hasInput(unsigned i) const { return bool(input(i)); }
  llvm::ArrayRef<mlir::Value> allInputs() const { return inputs; }

  //===--- Checked numbers ------------------------------------------------===//

  /// An axis in [0, rank), from one that may count from the back.
  mlir::FailureOr<int64_t> axis(int64_t axis, int64_t rank);
  mlir::FailureOr<llvm::SmallVector<int64_t>> axes(llvm::ArrayRef<int64_t> axes, int64_t rank);
  /// The elements of a small integer input, read at run time where need be.
  mlir::FailureOr<GraphBuilder::Dims> content(unsigned inputIndex);
  /// Fails unless the input is there and has a rank of [least, most].
  mlir::LogicalResult requireRank(unsigned inputIndex, int64_t least, int64_t most = INT64_MAX);
  /// Fails unless these inputs are there and have one element type.
  mlir::LogicalResult requireSameElements(llvm::ArrayRef<unsigned> inputIndices);

  /// Imports something that may turn out impossible: then nothing is reported, and the
  /// caller discards what was made.
  virtual bool attempt(llvm::function_ref<mlir::LogicalResult()> import) = 0;

  //===--- Errors: begin with `node 'NAME' (OpType): ` --------------------===//

  virtual mlir::InFlightDiagnostic error() = 0;
  virtual mlir::InFlightDiagnostic unsupported() = 0;
  /// Counts a failure that was reported already; None is no failure.
  virtual void fail(ImportFailure kind) = 0;

protected:
  /// The input's name in the user's file.
  virtual std::string inputName(unsigned i) const = 0;

  llvm::SmallVector<mlir::Value> inputs;
};

} // namespace tfc

#endif // TFC_IMPORT_COMMON_OPCONTEXT_H
