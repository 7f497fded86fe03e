// Values of constants, for folds.
#ifndef DFG_DFGCONSTANTS_H
#define DFG_DFGCONSTANTS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace tfc::dfg {

/// A constant of these elements in row-major order, each of whole bytes in the machine's order; of i1, 0 or 1. Large
/// ones are resources.
mlir::ElementsAttr constantOf(mlir::RankedTensorType type, llvm::ArrayRef<char> data);

/// Computes a float tensor elementwise from constants of its element type, which broadcast.
/// Null where an operand is no such constant, or where the result would be much larger
/// than all operands. `compute` gets and gives doubles and is rounded once: for + - * /
/// and sqrt that is what f64 and every narrower type compute themselves.
mlir::Attribute foldElementwise(mlir::RankedTensorType type, llvm::ArrayRef<mlir::Attribute> operands,
                                llvm::function_ref<double(llvm::ArrayRef<double>)> compute);

/// A constant float tensor in another float type, rounded to nearest even; null where it
/// is none.
mlir::Attribute foldFloatCast(mlir::RankedTensorType type, mlir::Attribute operand);

/// Moves the elements of a constant: the one at position i of the result is the operand's
/// at `offset + i . strides` in row-major order. Null where the operand is no constant of
/// elements that are whole bytes.
mlir::Attribute foldMove(mlir::RankedTensorType type, mlir::Attribute operand, int64_t offset,
                         llvm::ArrayRef<int64_t> strides);

/// The same elements under another shape; null where the operand is no constant.
mlir::Attribute foldReshape(mlir::RankedTensorType type, mlir::Attribute operand);

/// Steps in row-major order from one position of a shape to the next along each dimension.
llvm::SmallVector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> shape);

} // namespace tfc::dfg

#endif // DFG_DFGCONSTANTS_H
