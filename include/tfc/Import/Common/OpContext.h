// What importers of single operators ask about their node, whatever format it comes from.
#ifndef TFC_IMPORT_COMMON_OPCONTEXT_H
#define TFC_IMPORT_COMMON_OPCONTEXT_H

#include "tfc/Import/Common/Importer.h"

namespace tfc {

/// One node while it is imported.
class OpContext {
public:
  explicit OpContext(Importer &importer) : b(importer.b), base(importer) {}
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

  /// See Importer::attempt.
  bool attempt(llvm::function_ref<mlir::LogicalResult()> import) { return base.attempt(import).isFine; }

  //===--- Errors: begin with `node 'NAME' (OpType): ` --------------------===//

  mlir::InFlightDiagnostic error() { return base.malformed() << prefix(); }
  mlir::InFlightDiagnostic unsupported() { return base.unsupported() << prefix(); }
  void fail(ImportFailure kind) { base.fail(kind); }

protected:
  virtual std::string prefix() const = 0;
  /// The input's name in the user's file.
  virtual std::string inputName(unsigned i) const = 0;

  llvm::SmallVector<mlir::Value> inputs;

private:
  Importer &base;
};

} // namespace tfc

#endif // TFC_IMPORT_COMMON_OPCONTEXT_H
