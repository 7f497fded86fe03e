// Matrix products, written as register-tiled loops.
#ifndef TFC_CODEGEN_CPU_EMIT_MATMUL_H
#define TFC_CODEGEN_CPU_EMIT_MATMUL_H

#include "mlir/IR/AffineMap.h"
#include "tfc/Codegen/CPU/Emit/Elements.h"
#include "tfc/Codegen/CPU/Emit/Epilogue.h"
#include "tfc/Codegen/CPU/Emit/Packing.h"
#include "tfc/Codegen/CPU/Emit/Target.h"

namespace tfc::cpu {

/// C[M, N] = A[M, K] * B[K, N]. Any size may be static or dynamic, and may be zero only if it is dynamic.
///
/// Elements are f32, f64, f16 or bf16 on both sides, or bytes: one side unsigned, the other signed. f16 and bf16 are
/// widened to f32. Bytes need a static K of at least 4, contiguous rows of A, and a B that is packed.
struct MatmulOperands {
  /// memref<MxKxT>, any strides: a transposed A is the same memref with its strides swapped.
  mlir::Value a;
  /// Packed, memref<ceil(N/16)xKx16xT> as packMatmulWeights lays it out, 64-byte aligned for full speed; or plain,
  /// memref<KxNxT>, any strides, best if the type says that one of them is 1: (1, s) is a transposed NxK matrix. Packed
  /// bytes are memref<ceil(N/16)xceil(K/4)x16xi32> as packByteWeights lays them out. With an A of f32, a packed B may
  /// hold bytes, too (memref<ceil(N/16)xKx16xi8>), which are widened.
  mlir::Value b;
  /// memref<MxNxT> with contiguous rows; T is what the epilogue gives, sumTypeOf(A's elements) without one. Must not
  /// overlap A or B.
  mlir::Value c;
  bool packed = true;
  /// Of bytes: whether those of A are unsigned, and those of B signed, or the other way round; where only B holds
  /// bytes, whether they are signed.
  bool unsignedA = true;
  /// Null, or a B like this packed one that the next product reads: it is fetched to L2 meanwhile.
  mlir::Value nextB = {};
};

/// How a product is cut: decided by the target and the static sizes alone.
///
/// Every element of C is one sum in order of k, in every cut and every size of tile, so that results are bit-identical
/// whatever the split into work units, and whether sizes were known at compile time or not.
struct MatmulPlan {
  /// The register tile, in rows and vectors.
  int64_t tileRows, tileVectors;
  /// About the size of one work unit.
  int64_t unitRows, unitColumns;
  /// How many steps of k are summed in registers before sums are parked on the stack.
  int64_t depth;

  /// Sizes may be ShapedType::kDynamic; `element` is what A holds, f32 if null.
  static MatmulPlan get(const CpuTarget &target, int64_t m, int64_t n, int64_t k, mlir::Type element = {});

  /// (M, N) -> (row units, column units). A kernel has the product of the two as work units, numbered row by row:
  /// consecutive ones share their rows of A.
  mlir::AffineMap units(mlir::MLIRContext *context) const;
};

/// Computes work units [begin, end) of the product; the two are index values.
/// Uses at most 128 KB of stack.
void emitMatmul(mlir::OpBuilder &builder, mlir::Location loc, const CpuTarget &target, const MatmulOperands &operands,
                mlir::Value begin, mlir::Value end, Epilogue epilogue = {});

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_MATMUL_H
