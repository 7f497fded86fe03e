// Indices read from tensors: negative ones count from the end, ones out of range are
// taken to the nearest position inside.
#ifndef TFC_LIB_CONVERSION_DFGTOLINALG_INDEXREADING_H
#define TFC_LIB_CONVERSION_DFGTOLINALG_INDEXREADING_H

#include "Loops.h"

namespace tfc {

/// The element at `position` of an integer tensor as a place in [0, extent); 0 if that is
/// empty.
mlir::Value readIndex(LinalgLowering &lowering, mlir::OpBuilder &builder, mlir::Location loc, mlir::Value indices,
                      mlir::ValueRange position, mlir::Value extent);

/// The indices of dimensions [first, first + tuple) of `extents`, read from the last
/// dimension of an integer tensor.
llvm::SmallVector<mlir::Value> readTuple(LinalgLowering &lowering, mlir::OpBuilder &builder, mlir::Location loc,
                                         mlir::Value indices, mlir::ValueRange position,
                                         llvm::ArrayRef<mlir::Value> extents);

} // namespace tfc

#endif // TFC_LIB_CONVERSION_DFGTOLINALG_INDEXREADING_H
