// The block of accumulators that every contraction keeps in registers, and how it is finished and stored.
#ifndef TFC_LIB_CODEGEN_CPU_EMIT_REGISTERTILE_H
#define TFC_LIB_CODEGEN_CPU_EMIT_REGISTERTILE_H

#include "KernelBuilder.h"
#include "tfc/Codegen/CPU/Emit/Epilogue.h"

namespace tfc::cpu {

/// `rows` x `vectors` accumulators, row by row: one row of them is `vectors * lanes` consecutive outputs.
struct RegisterTile {
  int64_t rows, vectors;

  SmallVector<Value> zeros(KernelBuilder &kb, Type element) const;
  /// Accumulators from, and to, rows [row, row + rows) of a buffer that is `vectors` vectors wide.
  SmallVector<Value> load(KernelBuilder &kb, Value buffer, Value row) const;
  void store(KernelBuilder &kb, ValueRange accumulators, Value buffer, Value row) const;

  /// For k in [0, depth): accumulator[r][v] += a(r, k) * b(v, k), the sum in order of k. `a` gives scalars, `b` vectors.
  SmallVector<Value> accumulate(KernelBuilder &kb, ValueRange accumulators, Value depth,
                                llvm::function_ref<Value(int64_t row, Value k)> a,
                                llvm::function_ref<Value(int64_t vector, Value k)> b) const;
};

/// Where in the output a tile lies: row r of it starts at [outer..., row + r, column].
struct TilePosition {
  SmallVector<Value> outer;
  Value row, column;
  /// Rows of the tile that exist, at least one; null if all do. The rest repeat the last one.
  Value validRows;
  /// One mask a vector, null where the whole vector lies inside.
  SmallVector<Value> masks;

  /// The output row that row `r` of the tile stands for.
  Value rowOf(KernelBuilder &kb, int64_t r) const;
};

/// Applies the epilogue, if any, to a tile and stores the result.
///
/// Short epilogues run on the registers. Longer ones run in a loop over a copy of the tile on the stack: unrolled over
/// every accumulator they would dominate the size of the kernel and the time it takes to compile.
void finishTile(KernelBuilder &kb, const RegisterTile &tile, SmallVector<Value> accumulators,
                const TilePosition &position, Value output, Epilogue epilogue);

} // namespace tfc::cpu

#endif // TFC_LIB_CODEGEN_CPU_EMIT_REGISTERTILE_H
