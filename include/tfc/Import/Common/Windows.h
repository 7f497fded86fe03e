// Windows that slide over images: what convolutions, their transposes and pools have in
// common, whatever format they come from.
#ifndef TFC_IMPORT_COMMON_WINDOWS_H
#define TFC_IMPORT_COMMON_WINDOWS_H

#include "tfc/Import/Common/Formula.h"

namespace tfc {

/// How windows slide over the spatial dimensions of a tensor [N, C, spatial...].
struct Windows {
  using Dims = GraphBuilder::Dims;

  /// Elements of a window, and steps between windows and between their elements.
  Dims kernel;
  llvm::SmallVector<int64_t> strides, dilations;
  /// What lies before and after a spatial dimension; with `addSamePadding` it may follow
  /// from extents that only run time tells.
  Dims low, high;
  /// Whether a last window may hang over the end (`ceil_mode`).
  bool overhangs = false;

  unsigned count() const { return strides.size(); }

  /// Extent that a window covers.
  mlir::AffineExpr span(GraphBuilder &b, unsigned i) const;

  /// Appends the paddings of the next spatial dimension, such that it has a window for
  /// every stride that begins in it; an odd one goes to the end (`isUpper`) or the start.
  void addSamePadding(GraphBuilder &b, mlir::AffineExpr extent, bool isUpper = true);

  /// Static paddings as `dfg` ops take them, (low, high) per dimension. Where the
  /// paddings are not static, `x` is padded with `fill` and the result needs none.
  llvm::SmallVector<int64_t> pad(GraphBuilder &b, mlir::Value &x, double fill) const;

  /// The result `y` of a pool over `x` without windows that begin beyond the end of x.
  mlir::Value cut(GraphBuilder &b, mlir::Value x, mlir::Value y) const;
};

/// A vector over the channels as [1, C, 1, 1, ...], to meet [N, C, spatial...] of this rank.
mlir::Value channelwise(GraphBuilder &b, mlir::Value vector, int64_t rank);

//===----------------------------------------------------------------------===//
// Transposed convolutions
//===----------------------------------------------------------------------===//

/// Spreads every element of x [N, C, spatial...] over a window of the result, weighted by
/// w [C, M/groups, kernel...], and cuts `low` and `high` off each spatial dimension of that;
/// below 0 they add zeros.
mlir::Value convolveTransposed(GraphBuilder &b, mlir::Value x, mlir::Value w, llvm::ArrayRef<int64_t> strides,
                               llvm::ArrayRef<int64_t> dilations, int64_t groups, llvm::ArrayRef<mlir::AffineExpr> low,
                               llvm::ArrayRef<mlir::AffineExpr> high);

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

/// Windows with as many elements as `kernel` says, over [N, C, spatial...].
struct Pool {
  Windows windows;
  llvm::SmallVector<int64_t> kernel;

  /// Combines the elements of each window; `fill` lies around x.
  mlir::Value reduce(GraphBuilder &b, dfg::ReduceKind kind, mlir::Value x, double fill) const;

  /// How many elements of x the windows of a result `y` have, broadcast against y and of
  /// its element type; the padding counts if that is asked for.
  mlir::Value counts(GraphBuilder &b, mlir::Value x, mlir::Value y, bool countsPadding = false) const;

  /// Where in its flattened spatial dimensions x has the largest element of each window of
  /// the result `y`, i64 of y's shape: the first of equals. `columnsFirst` counts in the
  /// other order.
  Term argMax(GraphBuilder &b, mlir::Value x, mlir::Value y, bool columnsFirst = false) const;
};

/// i64 positions 0, 1, ... along an axis of a shape of this rank.
Term positionsAlong(GraphBuilder &b, mlir::AffineExpr extent, int64_t axis, int64_t rank);

/// Positions within [N, C, spatial...] flattened, from those within its flattened spatial
/// dimensions, [N, C, ...].
Term positionsOverall(GraphBuilder &b, mlir::Value x, Term inPlane);

} // namespace tfc

#endif // TFC_IMPORT_COMMON_WINDOWS_H
