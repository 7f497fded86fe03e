// What operators on matrices, the last two dimensions of tensors, have in common.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_LINALG_H
#define TFC_LIB_IMPORT_GRAPHDEF_LINALG_H

#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

namespace tfc::tf {

/// An input of matrices as the runtime works on them: f32 or f64. Null after an error.
mlir::Value matricesOf(NodeContext &c, unsigned i, bool areSquare = false);

mlir::Value transposed(GraphBuilder &b, mlir::Value x);

/// Numbers of rows [rows, 1] and columns [1, columns] of matrices of the shape of x.
Term rowNumbers(GraphBuilder &b, mlir::Value x);
Term columnNumbers(GraphBuilder &b, mlir::Value x);

/// Elements where a row's number meets the column's, over matrices of the shape of x.
Term diagonalOf(GraphBuilder &b, mlir::Value x);

Term matmul(Term x, Term y, bool transposeX = false, bool transposeY = false);

/// Solutions of a x = y, which may differ in leading dimensions that broadcast; of `triangle`,
/// lower or upper, where only that counts. Null after an error, which is reported.
mlir::Value solve(NodeContext &c, mlir::Value a, mlir::Value y, llvm::StringRef triangle = "");

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_LINALG_H
