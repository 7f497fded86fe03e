// The block of accumulators that every contraction keeps in registers, and how it is finished and stored.
#ifndef TFC_LIB_CODEGEN_CPU_EMIT_REGISTERTILE_H
#define TFC_LIB_CODEGEN_CPU_EMIT_REGISTERTILE_H

#include "Multiplier.h"
#include "Tiling.h"
#include "tfc/Codegen/CPU/Emit/Epilogue.h"
#include "tfc/Codegen/CPU/Emit/Packing.h"

namespace tfc::cpu {

/// `rows` x `vectors` accumulators, row by row: one row of them is `vectors * lanes` consecutive outputs.
struct RegisterTile {
  int64_t rows, vectors;

  /// The tile for M x N sums of K steps each; a size may be ShapedType::kDynamic. Operands take `parts` registers each.
  static RegisterTile choose(const CpuTarget &target, int64_t m, int64_t n, int64_t k, int64_t parts = 1);

  SmallVector<Value> zeros(KernelBuilder &kb, Type element) const;
  /// Accumulators from, and to, rows [row, row + rows) of a buffer that is `vectors` vectors wide.
  SmallVector<Value> load(KernelBuilder &kb, Value buffer, Value row) const;
  void store(KernelBuilder &kb, ValueRange accumulators, Value buffer, Value row) const;

  /// accumulator[r][v] += a(r) * b(v). `a` gives scalars, null for a row that is left as it is; `b` gives vectors.
  SmallVector<Value> step(const Multiplier &multiplier, ValueRange accumulators,
                          llvm::function_ref<Value(int64_t row)> a, llvm::function_ref<Value(int64_t vector)> b) const;
  /// For k in [0, depth): accumulator[r][v] += a(r, k) * b(v, k), the sum in order of k.
  SmallVector<Value> accumulate(KernelBuilder &kb, const Multiplier &multiplier, ValueRange accumulators, Value depth,
                                llvm::function_ref<Value(int64_t row, Value k)> a,
                                llvm::function_ref<Value(int64_t vector, Value k)> b) const;
  /// The same for `depth` steps from step `begin` on in rows of `bytes` bytes, at least a word of them: `word(r, byte)`
  /// reads the word that starts at a byte of row r, null for a row that is left as it is; `b(v, i)` gives the i-th of
  /// these steps.
  SmallVector<Value> accumulateWords(KernelBuilder &kb, const Multiplier &multiplier, ValueRange accumulators,
                                     Value begin, Value depth, int64_t bytes,
                                     llvm::function_ref<Value(int64_t row, Value byte)> word,
                                     llvm::function_ref<Value(int64_t vector, Value step)> b) const;
};

/// Where in the output a tile lies: row r of it starts at [outer..., row + r, column].
struct TilePosition {
  SmallVector<Value> outer;
  Value row, column;
  /// Rows of the tile that exist, at least one; null if all do. The rest repeat the last one, unless `restDiffers`.
  Value validRows;
  /// One mask a vector, null where the whole vector lies inside.
  SmallVector<Value> masks;
  /// Rows past the end hold something else and must not be stored.
  bool restDiffers = false;

  /// The output row that row `r` of the tile stands for.
  Value rowOf(KernelBuilder &kb, int64_t r) const;
};

/// Where in packed weights the columns of a tile lie.
class PanelColumns {
public:
  /// `weights` has panels in its first dimension, and their columns in its last. A vector that has a mask may start
  /// past the last panel: it then reads another one.
  PanelColumns(KernelBuilder &kb, Value weights, const RegisterTile &tile, const TilePosition &position);

  /// Vector `v` of the row of the panel that `indices` name.
  Value load(KernelBuilder &kb, int64_t v, ValueRange indices) const;
  /// Has the same vector of other weights, of the same shape, fetched to L2. The row may lie beyond the panel's end.
  void prefetch(KernelBuilder &kb, Value others, int64_t v, ValueRange indices) const;

private:
  SmallVector<Value> at(int64_t v, ValueRange indices) const;

  Value weights;
  SmallVector<Value> panels, offsets;
};

/// Masks of the vectors of a tile of columns that starts at `column` of `columns`; null for those that `kind` says lie
/// inside.
SmallVector<Value> columnMasks(KernelBuilder &kb, const Tiling::Kind &kind, Value column, Value columns);

/// Applies the epilogue, if any, to a tile and stores the result.
///
/// Short epilogues run on the registers. Longer ones run in a loop over a copy of the tile on the stack: unrolled over
/// every accumulator they would dominate the size of the kernel and the time it takes to compile.
void finishTile(KernelBuilder &kb, const RegisterTile &tile, SmallVector<Value> accumulators,
                const TilePosition &position, Value output, Epilogue epilogue);

} // namespace tfc::cpu

#endif // TFC_LIB_CODEGEN_CPU_EMIT_REGISTERTILE_H
