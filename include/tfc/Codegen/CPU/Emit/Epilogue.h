// How a kernel's results are finished before they are stored.
#ifndef TFC_CODEGEN_CPU_EMIT_EPILOGUE_H
#define TFC_CODEGEN_CPU_EMIT_EPILOGUE_H

#include "mlir/IR/Builders.h"

namespace tfc::cpu {

/// Called with one vector of results and the position of its first element in the output, one index a dimension; the
/// vector runs along the last dimension. Gives the vector to store (bias, activation, residual added: loads at the
/// same position) in the output's element type, or null if it has stored what there is to store.
///
/// `mask` is null, or marks the elements that lie inside the output: loads and stores must obey it. An emitter may
/// call this several times, and may drop the code of a call. Reading the output itself at the same position is
/// allowed and gives what it held before the kernel ran: results may overwrite an operand in place.
using Epilogue = llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::Value vector,
                                                mlir::ValueRange indices, mlir::Value mask)>;

/// What `mask` marks of the vector at `indices`, zeros elsewhere.
mlir::Value loadMasked(mlir::OpBuilder &builder, mlir::Location loc, mlir::VectorType type, mlir::Value memref,
                       mlir::ValueRange indices, mlir::Value mask);

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_EPILOGUE_H
