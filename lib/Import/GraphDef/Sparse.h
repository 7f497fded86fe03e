// Sparse tensors in the making: positions [n, rank], values [n] and a shape.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_SPARSE_H
#define TFC_LIB_IMPORT_GRAPHDEF_SPARSE_H

#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

namespace tfc::tf {

/// Parts are null after an error, and so is what is made of them.
struct Sparse {
  using Dims = GraphBuilder::Dims;

  GraphBuilder &b;
  mlir::Value positions, values;
  Dims shape;

  /// From three inputs; reports what does not fit.
  static mlir::FailureOr<Sparse> of(NodeContext &c, unsigned positions, unsigned values, unsigned shape);
  int64_t rank() const { return shape.size(); }
  mlir::AffineExpr count() const { return b.dim(positions, 0); }

  /// Positions along one axis, [n].
  Term along(int64_t axis) const;
  /// Row-major numbers of the places that the positions name in these axes (all by default).
  Term keys() const;
  Term keys(llvm::ArrayRef<int64_t> axes) const;
  /// The positions that such numbers stand for in a shape.
  static mlir::Value positionsOf(Term keys, llvm::ArrayRef<mlir::AffineExpr> shape);

  /// The entries that `chosen` [m] lists, or those where `holds` [n].
  Sparse take(mlir::Value chosen) const;
  Sparse where(mlir::Value holds) const;
  /// Entries in row-major order; equal positions keep theirs.
  Sparse sorted() const;
  /// Values at their places in a tensor of zeros; of equal positions, the sum.
  mlir::Value dense() const;

  mlir::Value shapeVector() const;
  mlir::LogicalResult result(NodeContext &c) const { return c.results({positions, values, shapeVector()}); }
};

/// Places of the booleans [n] that hold.
mlir::Value placesWhere(GraphBuilder &b, mlir::Value holds);

/// Rows [n, ...] added up by the row of the result that `places` [n] name.
mlir::Value addRows(GraphBuilder &b, mlir::Value rows, mlir::Value places, mlir::AffineExpr count);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_SPARSE_H
