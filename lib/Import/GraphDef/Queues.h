// What operators that put into queues and take out of them share.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_QUEUES_H
#define TFC_LIB_IMPORT_GRAPHDEF_QUEUES_H

#include "OpRegistry.h"

namespace tfc::tf {

/// Puts an element in; with `many`, one for each position of the first dimension.
mlir::LogicalResult enqueue(NodeContext &c, dfg::QueueOp queue, mlir::ValueRange values, bool many);

/// The types of the components of one element. Where the queue does not say them, they are
/// those of what steps put in.
mlir::FailureOr<llvm::SmallVector<mlir::RankedTensorType>> elementTypes(NodeContext &c, dfg::QueueOp queue);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_QUEUES_H
