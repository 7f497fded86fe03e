// Transposes that move another dimension to the end, by tiles in registers.
#ifndef TFC_CODEGEN_CPU_EMIT_TRANSPOSE_H
#define TFC_CODEGEN_CPU_EMIT_TRANSPOSE_H

#include "tfc/Codegen/CPU/Emit/Target.h"
#include "mlir/IR/Builders.h"

namespace tfc::cpu {

/// Dimension i of the output is dimension `permutation[i]` of the input, and the last of them is not the last.
struct TransposeOperands {
  /// memrefs of f32, row-major.
  mlir::Value input, output;
  llvm::ArrayRef<int64_t> permutation;
};

/// Computes the output where its dimension `split` is in [begin, end).
void emitTranspose(mlir::OpBuilder &builder, mlir::Location loc, const CpuTarget &target,
                   const TransposeOperands &operands, int64_t split, mlir::Value begin, mlir::Value end);

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_TRANSPOSE_H
