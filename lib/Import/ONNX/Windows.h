// Attributes that convolutions and pools have in common: where their windows lie.
#ifndef TFC_LIB_IMPORT_ONNX_WINDOWS_H
#define TFC_LIB_IMPORT_ONNX_WINDOWS_H

#include "tfc/Import/ONNX/OpRegistry.h"

namespace tfc {

/// How windows slide over the spatial dimensions of a tensor [N, C, spatial...].
struct Windows {
  using Dims = GraphBuilder::Dims;

  /// Elements of a window, and steps between windows and between their elements.
  Dims kernel;
  llvm::SmallVector<int64_t> strides, dilations;
  /// What lies before and after a spatial dimension; with `auto_pad` it may follow from
  /// extents that only run time tells.
  Dims low, high;
  /// Whether a last window may hang over the end (`ceil_mode`).
  bool overhangs = false;

  unsigned count() const { return strides.size(); }

  /// Extent that a window covers.
  mlir::AffineExpr span(GraphBuilder &b, unsigned i) const;

  /// Static paddings as `dfg` ops take them, (low, high) per dimension. Where the
  /// paddings are not static, `x` is padded with `fill` and the result needs none.
  llvm::SmallVector<int64_t> pad(GraphBuilder &b, mlir::Value &x, double fill) const;

  /// The result `y` of a pool over `x` without windows that begin beyond the end of x.
  mlir::Value cut(GraphBuilder &b, mlir::Value x, mlir::Value y) const;
};

/// `strides` or `dilations` of a node: positive, 1 by default.
mlir::FailureOr<llvm::SmallVector<int64_t>> readSteps(NodeContext &c, llvm::StringRef name, unsigned count);
/// `pads` of a node: as many as two per dimension, 0 by default.
mlir::FailureOr<llvm::SmallVector<int64_t>> readPads(NodeContext &c, unsigned count);
/// Windows of a node that reads input 0.
mlir::FailureOr<Windows> readWindows(NodeContext &c, llvm::ArrayRef<mlir::AffineExpr> kernel);

/// A vector over the channels as [1, C, 1, 1, ...], to meet [N, C, spatial...] of this rank.
mlir::Value channelwise(GraphBuilder &b, mlir::Value vector, int64_t rank);

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_WINDOWS_H
