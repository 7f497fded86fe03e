// How nodes say that they interpolate between elements.
#ifndef TFC_LIB_IMPORT_ONNX_INTERPOLATION_H
#define TFC_LIB_IMPORT_ONNX_INTERPOLATION_H

#include "tfc/Import/Common/Interpolation.h"
#include "tfc/Import/ONNX/OpRegistry.h"

namespace tfc {

/// How points are interpolated: mode nearest, linear or cubic; what lies around the image:
/// padding zeros, border or reflection; and whether its corners are those of its outermost
/// elements or their centers.
struct Sampling {
  llvm::StringRef mode, padding;
  bool alignsCorners;

  /// Where a coordinate in [-1, 1] lies, in elements.
  Term positionOf(Term x, Term extent) const;
  /// The neighbours of positions x [points...] along a dimension; all are inside, what
  /// lies outside having the weight 0.
  Neighbours neighbours(Term x, mlir::AffineExpr extent) const;

private:
  Term reflected(Term x, Term extent) const;
};

/// Whether an operator knows the value of a string attribute; reports it if not.
mlir::LogicalResult requireOneOf(NodeContext &c, llvm::StringRef name, llvm::StringRef value,
                                 llvm::ArrayRef<llvm::StringRef> known);

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_INTERPOLATION_H
