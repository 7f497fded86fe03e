// What dense and sparse conditional accumulators share.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_ACCUMULATORS_H
#define TFC_LIB_IMPORT_GRAPHDEF_ACCUMULATORS_H

#include "OpRegistry.h"

namespace tfc::tf {

/// Declares the accumulator that a node stands for: a queue of gradients of these components
/// and a time step. `type` is that of what it accumulates.
mlir::LogicalResult declareAccumulator(NodeContext &c, Resource::Kind kind, dfg::QueueKind queue,
                                       mlir::RankedTensorType type, mlir::TypeRange components);

/// Puts a gradient in unless it is of an earlier time step.
mlir::LogicalResult applyToAccumulator(NodeContext &c, const Resource &accumulator, mlir::Value step,
                                       llvm::ArrayRef<mlir::Value> gradient);

/// Gradients, each component stacked along a new first dimension.
struct TakenGradients {
  llvm::SmallVector<mlir::Value> required, others;
  mlir::AffineExpr count; // of both
};

/// Waits for as many gradients as input 1 says, takes them and all others that have come by
/// then, and goes on to the next time step.
mlir::FailureOr<TakenGradients> takeFromAccumulator(NodeContext &c, const Resource &accumulator,
                                                    mlir::TypeRange stacked);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_ACCUMULATORS_H
