// Positions that data tells, checked as TensorFlow checks them: what lies outside fails the
// step. Checks that the graph itself answers cost nothing.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_INDICES_H
#define TFC_LIB_IMPORT_GRAPHDEF_INDICES_H

#include "OpRegistry.h"

namespace tfc::tf {

/// Fails the step unless the box [offset, offset + size) lies in [0, extent); false after an
/// error of the graph, which is reported.
bool requireBox(NodeContext &c, mlir::AffineExpr offset, mlir::AffineExpr size, mlir::AffineExpr extent);

/// Fails the step unless all elements are in [0, extent).
void requireIndices(NodeContext &c, mlir::Value indices, mlir::AffineExpr extent);

/// The same for tuples in the last dimension of `indices`, which choose among the first of the
/// extents; false after an error of the graph, which is reported.
bool requireIndexTuples(NodeContext &c, mlir::Value indices, llvm::ArrayRef<mlir::AffineExpr> extents);

/// Slices of x along an axis for each of the checked indices, whose first `batch` dimensions are
/// those of x.
mlir::Value gather(NodeContext &c, mlir::Value x, mlir::Value indices, int64_t axis, int64_t batch);
/// Slices of x for each of the checked tuples in the last dimension of `indices`; null after an
/// error.
mlir::Value gatherTuples(NodeContext &c, mlir::Value x, mlir::Value indices);

/// Fails the step unless all booleans of a tensor hold.
void requireAll(NodeContext &c, mlir::Value holds, const llvm::Twine &message);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_INDICES_H
