// Reverse-mode differentiation of `dfg` ops.
#ifndef TFC_AUTODIFF_AUTODIFF_H
#define TFC_AUTODIFF_AUTODIFF_H

#include "tfc/Import/Common/Formula.h"

namespace mlir {
class DialectRegistry;
}

namespace tfc {

/// The gradients of values of one block while they are collected. Not thread-safe.
class Gradients {
public:
  explicit Gradients(GraphBuilder &b) : b(b) {}

  GraphBuilder &b;

  /// The sum of what flowed into a value; null where nothing did.
  mlir::Value of(mlir::Value value) const { return sums.lookup(value); }
  /// That of an op's only result.
  Term ofResult(mlir::Operation *op) const { return {b, of(op->getResult(0))}; }
  Term term(mlir::Value value) const { return {b, value}; }

  /// Whether anybody asks for the gradient of a value.
  bool isAsked(mlir::Value value) const { return active.contains(value); }
  /// Adds a share, unless nobody asks. It may have the shape that the value was broadcast
  /// to, or broadcast to the value's. Null shares, errors that were reported, stay null.
  void add(mlir::Value value, mlir::Value share);

private:
  friend mlir::FailureOr<llvm::SmallVector<mlir::Value>> differentiate(GraphBuilder &b, mlir::ValueRange outputs,
                                                                       mlir::ValueRange seeds, mlir::ValueRange inputs);

  llvm::DenseMap<mlir::Value, mlir::Value> sums;
  llvm::DenseSet<mlir::Value> active;
  bool isBroken = false;
};

/// The gradients of `inputs`: for each, the sum over the outputs of what their gradients
/// `seeds` (of the outputs' types) say. Values that no output depends on get null.
///
/// All values belong to the block of the insertion point, inputs in front of what is made of
/// them; no input is made of another. Fails after an error on an op without a derivative.
mlir::FailureOr<llvm::SmallVector<mlir::Value>> differentiate(GraphBuilder &b, mlir::ValueRange outputs,
                                                              mlir::ValueRange seeds, mlir::ValueRange inputs);

/// Attaches derivatives to the ops of `dfg`.
void registerDerivatives(mlir::DialectRegistry &registry);

} // namespace tfc

#include "tfc/Autodiff/Differentiable.h.inc"

#endif // TFC_AUTODIFF_AUTODIFF_H
