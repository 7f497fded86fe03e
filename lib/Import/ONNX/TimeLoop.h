// Loops over the steps of a sequence.
#ifndef TFC_LIB_IMPORT_ONNX_TIMELOOP_H
#define TFC_LIB_IMPORT_ONNX_TIMELOOP_H

#include "tfc/Import/Common/GraphBuilder.h"

namespace tfc {

/// A loop that passes states from step to step and collects a tensor from each.
struct TimeLoop {
  using Dims = GraphBuilder::Dims;

  /// Computes one step at index `time`: replaces the states and gives what is collected.
  using Body = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::AffineExpr time,
                                                                llvm::MutableArrayRef<mlir::Value> states)>;
  struct Collected {
    mlir::Type elementType;
    Dims sizes;
  };

  mlir::AffineExpr count;
  /// Whether time runs from the last step to the first.
  bool isReversed = false;
  /// Before the first step; afterwards those of the last. Their types stay as they are.
  llvm::SmallVector<mlir::Value> states;
  llvm::SmallVector<Collected> collected;

  /// Builds the loop and gives the collected tensors, in order of time along a new axis 0.
  /// Few steps are unrolled, so the body may be called more than once. Null values in,
  /// null values out.
  llvm::SmallVector<mlir::Value> build(GraphBuilder &b, Body body);
};

/// The part of x at one index of axis 0, without that axis.
mlir::Value partAt(GraphBuilder &b, mlir::Value x, mlir::AffineExpr index);

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_TIMELOOP_H
