// Kernels over rows: softmax and normalizations along the last, contiguous dimension.
#ifndef TFC_CODEGEN_CPU_EMIT_ROWS_H
#define TFC_CODEGEN_CPU_EMIT_ROWS_H

#include "mlir/IR/AffineMap.h"
#include "tfc/Codegen/CPU/Emit/Epilogue.h"
#include "tfc/Codegen/CPU/Emit/Target.h"

namespace tfc::cpu {

/// Gives one vector of f32 inputs, from `indices` (row, column) on: a load, and what is fused before the kernel. Loads
/// must obey `mask` if there is one; what stands outside it does not matter. Called several times; what it emits may
/// run more than once for an element, the last time just before that element's output is stored.
using RowSource =
    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange indices, mlir::Value mask)>;

/// A kernel from rows to rows of the same length.
struct RowOperands {
  RowSource source;
  /// memref<RxCxT> with contiguous rows; T is what the epilogue gives, f32 without one. It may be what `source` loads
  /// from, element for element.
  mlir::Value output;
  Epilogue epilogue = {};
  /// memref<RxC> that `source` reads row by row: the next row is fetched while one is computed.
  llvm::SmallVector<mlir::Value, 1> inputs = {};
};

/// How rows are cut into work units. Results do not depend on the cut.
struct RowPlan {
  int64_t unitRows;

  /// `columns` may be ShapedType::kDynamic.
  static RowPlan get(int64_t columns);

  /// (R, C) -> (row units, 1).
  mlir::AffineMap units(mlir::MLIRContext *context) const;
};

/// exp(x - max) / sum(exp(x - max)), or its logarithm. Uses at most 32 KB of stack.
void emitSoftmax(mlir::OpBuilder &builder, mlir::Location loc, const CpuTarget &target, const RowOperands &operands,
                 bool logarithm, mlir::Value begin, mlir::Value end);

struct Normalization {
  /// Null, or memref<Cxf32>: factors and summands of each column.
  mlir::Value scale, bias;
  double epsilon = 1e-5;
  /// Whether the mean is subtracted first: layer normalization does, RMS normalization does not.
  bool centered = true;
};

/// (x - mean) / sqrt(variance + epsilon) * scale + bias. Uses at most 32 KB of stack.
void emitNormalization(mlir::OpBuilder &builder, mlir::Location loc, const CpuTarget &target,
                       const RowOperands &operands, const Normalization &normalization, mlir::Value begin,
                       mlir::Value end);

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_ROWS_H
