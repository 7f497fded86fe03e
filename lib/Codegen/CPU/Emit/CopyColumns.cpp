// Copying columns of matrices with contiguous rows, contiguous columns, or neither.
#include "CopyColumns.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tfc::cpu {

bool hasContiguousRows(Value matrix) { return strideOf(matrix, 1) == 1; }
bool hasContiguousColumns(Value matrix) { return strideOf(matrix, 0) == 1; }

/// Row by row, as vectors.
static void copyRows(KernelBuilder &kb, const MatrixPart &part, Value buffer) {
  kb.loop(kb.index(0), part.rows, 1, [&](Value i) {
    Value row = kb.add(part.row, i);
    for (auto [v, mask] : llvm::enumerate(part.masks)) {
      const int64_t offset = v * kb.target.lanes();
      kb.store(kb.widen(kb.load(part.matrix, {row, kb.add(part.column, offset)}, mask)), buffer, {i, kb.index(offset)});
    }
  });
}

/// Transposes a square of `lanes` vectors by swapping halves, quarters, ... of its rows and columns.
static void transpose(KernelBuilder &kb, SmallVectorImpl<Value> &rows) {
  const int64_t lanes = rows.size();
  for (int64_t distance = lanes / 2; distance; distance /= 2) {
    // Elements of two rows, numbered through, that the upper and the lower of the two end up with.
    SmallVector<int64_t> upper, lower;
    for (int64_t i = 0; i < lanes; ++i) {
      upper.push_back(i & distance ? lanes + i - distance : i);
      lower.push_back(i & distance ? lanes + i : i + distance);
    }
    for (int64_t i = 0; i < lanes; ++i) {
      if (i & distance)
        continue;
      Value x = rows[i], y = rows[i + distance];
      rows[i] = vector::ShuffleOp::create(kb.builder, kb.loc, x, y, upper);
      rows[i + distance] = vector::ShuffleOp::create(kb.builder, kb.loc, x, y, lower);
    }
  }
}

/// Square by square, transposed in registers.
static void copyTransposed(KernelBuilder &kb, const MatrixPart &part, Value buffer) {
  const int64_t lanes = kb.target.lanes();
  AffineMap swap = AffineMap::getPermutationMap(ArrayRef<unsigned>{1, 0}, kb.builder.getContext());
  Value matrix = memref::TransposeOp::create(kb.builder, kb.loc, part.matrix, AffineMapAttr::get(swap));
  Value last = kb.sub(part.columns, kb.index(1));
  kb.loop(kb.index(0), kb.index(part.masks.size() * lanes), lanes, [&](Value offset) {
    Value column = kb.add(part.column, offset);
    kb.loop(kb.index(0), part.rows, lanes, [&](Value i) {
      Value mask = kb.maskOf(kb.sub(part.rows, i));
      SmallVector<Value> square;
      for (int64_t j = 0; j < lanes; ++j)
        square.push_back(kb.widen(kb.load(matrix, {kb.min(kb.add(column, j), last), kb.add(part.row, i)}, mask)));
      transpose(kb, square);
      for (auto [j, vector] : llvm::enumerate(square))
        kb.store(vector, buffer, {kb.add(i, j), offset});
    });
  });
}

/// Element by element.
static void copyElements(KernelBuilder &kb, const MatrixPart &part, Value buffer) {
  Value width = kb.min(kb.index(part.masks.size() * kb.target.lanes()), kb.sub(part.columns, part.column));
  kb.loop(kb.index(0), part.rows, 1, [&](Value i) {
    kb.loop(kb.index(0), width, 1, [&](Value j) {
      Value element = kb.loadScalar(part.matrix, {kb.add(part.row, i), kb.add(part.column, j)});
      kb.storeScalar(kb.widen(element), buffer, {i, j});
    });
  });
}

void copyColumns(KernelBuilder &kb, const MatrixPart &part, Value buffer) {
  if (hasContiguousRows(part.matrix))
    copyRows(kb, part, buffer);
  else if (hasContiguousColumns(part.matrix))
    copyTransposed(kb, part, buffer);
  else
    copyElements(kb, part, buffer);
}

} // namespace tfc::cpu
