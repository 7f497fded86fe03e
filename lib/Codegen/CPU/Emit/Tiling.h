// Cutting one dimension of a contraction into register tiles of at most two sizes.
#ifndef TFC_LIB_CODEGEN_CPU_EMIT_TILING_H
#define TFC_LIB_CODEGEN_CPU_EMIT_TILING_H

#include "KernelBuilder.h"

namespace tfc::cpu {

/// A dimension as `bigCount` tiles of `big.size` steps, then tiles of `small.size` steps up to `count` tiles.
/// A step is one row, or one vector of columns. Each size costs a copy of the kernel's body, hence at most two.
struct Tiling {
  struct Kind {
    /// 0 if there are no tiles of this kind.
    int64_t size = 0;
    /// Whether such a tile may reach beyond the dimension's end, and if so whether by its last step only.
    bool overhangs = false, lastStepOnly = false;
  };
  Kind big, small;
  Value bigCount, count;

  /// Rows, `tile` at a time. A static size is cut evenly into tiles that all lie inside; a dynamic one ends with a
  /// tile of `tail` rows where that suffices, and its last tile may overhang.
  static Tiling ofRows(KernelBuilder &kb, Value rows, int64_t tile, int64_t tail);

  /// Columns, `tile` vectors of `lanes` at a time. A static size is cut evenly, and only the last vector may overhang;
  /// a dynamic one has full tiles and one that may overhang by any number of vectors.
  static Tiling ofColumns(KernelBuilder &kb, Value columns, int64_t lanes, int64_t tile);

  /// Visits tiles [from, to) in order: `body(kind, number of the tile, its first step)`, called at most once a kind.
  void forEach(KernelBuilder &kb, Value from, Value to,
               llvm::function_ref<void(const Kind &, Value tile, Value step)> body) const;

private:
  static Tiling even(KernelBuilder &kb, int64_t steps, int64_t tile);
};

/// Visits work units [begin, end) of a grid `columnUnits` wide, numbered row by row, as runs that share their row:
/// `body(row unit, first column unit, column unit past the last)`.
void forEachUnitRow(KernelBuilder &kb, Value begin, Value end, Value columnUnits,
                    llvm::function_ref<void(Value, Value, Value)> body);

/// Where part `part` of `parts` about equal parts of `count` things starts. No part is larger than
/// ceil(count / parts).
Value partStart(KernelBuilder &kb, Value part, Value parts, Value count);

} // namespace tfc::cpu

#endif // TFC_LIB_CODEGEN_CPU_EMIT_TILING_H
