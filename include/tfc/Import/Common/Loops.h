// Loops in the making: their types are found by importing the body until they hold.
#ifndef TFC_IMPORT_COMMON_LOOPS_H
#define TFC_IMPORT_COMMON_LOOPS_H

#include <functional>

#include "tfc/Import/Common/OpContext.h"

namespace tfc {

/// What one iteration gives.
struct LoopIteration {
  /// A boolean of one element, whether to go on; null: yes.
  mlir::Value condition;
  /// As many as initial values.
  llvm::SmallVector<mlir::Value> next;
  /// Tensors that become the next elements of lists.
  llvm::SmallVector<mlir::Value> collected;
};

struct LoopResults {
  llvm::SmallVector<mlir::Value> values;
  /// Lists of what was collected.
  llvm::SmallVector<mlir::Value> lists;
  /// The same as tensors, stacked along a new first axis.
  llvm::SmallVector<mlir::Value> stacked;
};

struct LoopSource {
  /// Imports the body at the insertion point for iteration number `i` (from 0).
  using Body =
      std::function<mlir::FailureOr<LoopIteration>(mlir::AffineExpr i, mlir::Value condition, mlir::ValueRange values)>;
  Body body;
  llvm::SmallVector<mlir::Value> initial;
  /// Most iterations; null: any number.
  mlir::AffineExpr tripCount;
  /// Whether to begin, a boolean scalar; null: yes.
  mlir::Value condition;
  /// Imports a boolean scalar on the values of an iteration at the insertion point: whether
  /// it runs. Empty: yes. May be called again.
  std::function<mlir::FailureOr<mlir::Value>(mlir::ValueRange values)> test;
};

/// Imports a loop whose values may change shape from iteration to iteration.
///
/// The body is imported as often as it takes to find types that hold for all iterations:
/// first with those of the initial values, then with the dimensions that the body changes
/// left open.
mlir::FailureOr<LoopResults> importLoop(OpContext &c, const LoopSource &source);

/// A value where `type`, which it flows into, is asked for: optionals are made.
mlir::Value coerce(GraphBuilder &b, mlir::Value value, mlir::Type type);
/// A boolean tensor of one element as a scalar; null after an error.
mlir::Value scalarCondition(OpContext &c, mlir::Value value);

} // namespace tfc

#endif // TFC_IMPORT_COMMON_LOOPS_H
