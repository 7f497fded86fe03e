// Random numbers of nodes: functions of a seed and of the element's position.
#ifndef TFC_LIB_IMPORT_ONNX_RANDOM_H
#define TFC_LIB_IMPORT_ONNX_RANDOM_H

#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/ONNX/OpRegistry.h"

namespace tfc {

/// The random numbers of one node. Its key is the attribute `seed`, or a hash of its name:
/// a step gives the same numbers each time it runs, on every machine.
class Random {
public:
  explicit Random(NodeContext &c);

  /// Floats (f32 or f64) of [0, 1), below each of which all of its multiples of 2^-24 or
  /// 2^-53 are equally likely.
  Term uniform(mlir::Type element, llvm::ArrayRef<mlir::AffineExpr> sizes) const;
  /// Floats of the standard normal distribution.
  Term normal(mlir::Type element, llvm::ArrayRef<mlir::AffineExpr> sizes) const;

private:
  Term bits(llvm::ArrayRef<mlir::AffineExpr> sizes, uint64_t stream) const;
  Term unit(mlir::Type element, Term bits) const;

  GraphBuilder &b;
  uint64_t key;
};

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_RANDOM_H
