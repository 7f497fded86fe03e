// Choices in the making: what both branches give becomes the result of one dfg.if.
#ifndef TFC_IMPORT_COMMON_BRANCHES_H
#define TFC_IMPORT_COMMON_BRANCHES_H

#include "tfc/Import/Common/OpContext.h"

namespace tfc {

/// The values that branch 0 (where `condition`, a boolean scalar, holds) or 1 gives; each
/// is imported by `emit` at the insertion point that it finds. A condition that is known
/// takes its branch at once. Null values are in neither result; extents on which the
/// branches differ are dynamic.
///
/// Ranks that differ are an error, unless `ranksDiffer` is there to be told: then nothing
/// is reported and what was imported is discarded.
mlir::FailureOr<llvm::SmallVector<mlir::Value>>
importBranches(OpContext &c, mlir::Value condition,
               llvm::function_ref<mlir::FailureOr<llvm::SmallVector<mlir::Value>>(int)> emit,
               bool *ranksDiffer = nullptr);

} // namespace tfc

#endif // TFC_IMPORT_COMMON_BRANCHES_H
