// Accumulation in registers, epilogues, stores.
#include "RegisterTile.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tfc::cpu {

SmallVector<Value> RegisterTile::zeros(KernelBuilder &kb, Type element) const {
  return SmallVector<Value>(rows * vectors, kb.splat(element, 0.0));
}

SmallVector<Value> RegisterTile::load(KernelBuilder &kb, Value buffer, Value row) const {
  SmallVector<Value> values;
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t v = 0; v < vectors; ++v)
      values.push_back(kb.load(buffer, {kb.add(row, r), kb.index(v * kb.target.lanes())}));
  return values;
}

void RegisterTile::store(KernelBuilder &kb, ValueRange accumulators, Value buffer, Value row) const {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t v = 0; v < vectors; ++v)
      kb.store(accumulators[r * vectors + v], buffer, {kb.add(row, r), kb.index(v * kb.target.lanes())});
}

SmallVector<Value> RegisterTile::step(const Multiplier &multiplier, ValueRange accumulators,
                                      llvm::function_ref<Value(int64_t)> a,
                                      llvm::function_ref<Value(int64_t)> b) const {
  SmallVector<SmallVector<Value>> columns;
  SmallVector<Value> next;
  for (int64_t v = 0; v < vectors; ++v)
    columns.push_back(multiplier.right(b(v)));
  for (int64_t r = 0; r < rows; ++r) {
    Value scalar = a(r);
    SmallVector<Value> row = scalar ? multiplier.left(scalar) : SmallVector<Value>();
    for (int64_t v = 0; v < vectors; ++v) {
      Value sum = accumulators[r * vectors + v];
      next.push_back(scalar ? multiplier.add(sum, row, columns[v]) : sum);
    }
  }
  return next;
}

SmallVector<Value> RegisterTile::accumulate(KernelBuilder &kb, const Multiplier &multiplier, ValueRange accumulators,
                                            Value depth, llvm::function_ref<Value(int64_t, Value)> a,
                                            llvm::function_ref<Value(int64_t, Value)> b) const {
  return kb.reduce(kb.index(0), depth, 1, accumulators, [&](Value k, ValueRange carried) {
    return step(
        multiplier, carried, [&](int64_t row) { return a(row, k); }, [&](int64_t vector) { return b(vector, k); });
  });
}

SmallVector<Value> RegisterTile::accumulateWords(KernelBuilder &kb, const Multiplier &multiplier,
                                                 ValueRange accumulators, Value begin, Value depth, int64_t bytes,
                                                 llvm::function_ref<Value(int64_t, Value)> word,
                                                 llvm::function_ref<Value(int64_t, Value)> b) const {
  Value words = kb.index(bytes / kWordBytes), whole = kb.min(depth, kb.sub(words, begin));
  SmallVector<Value> sums = accumulate(
      kb, multiplier, accumulators, whole,
      [&](int64_t row, Value step) { return word(row, kb.mul(kb.add(begin, step), kWordBytes)); }, b);
  const int64_t rest = bytes % kWordBytes;
  if (!rest)
    return sums;
  // The last bytes end a word that is whole. The weights beyond them are zero.
  auto lastWord = [&](int64_t row) {
    Value loaded = word(row, kb.index(bytes - kWordBytes));
    return loaded ? kb.shiftRight(loaded, 8 * (kWordBytes - rest)) : Value();
  };
  return kb.ifThenElse(
      kb.equal(whole, depth), ValueRange(accumulators).getTypes(), [&] { return sums; },
      [&] { return step(multiplier, sums, lastWord, [&](int64_t vector) { return b(vector, whole); }); });
}

Value TilePosition::rowOf(KernelBuilder &kb, int64_t r) const {
  if (!validRows || r == 0)
    return kb.add(row, r);
  return kb.add(row, kb.min(kb.index(r), kb.add(validRows, kb.index(-1))));
}

PanelColumns::PanelColumns(KernelBuilder &kb, Value weights, const RegisterTile &tile, const TilePosition &position)
    : weights(weights) {
  for (int64_t v = 0; v < tile.vectors; ++v) {
    Value column = kb.add(position.column, v * kb.target.lanes()), panel = kb.div(column, kPanel);
    offsets.push_back(kb.sub(column, kb.mul(panel, kPanel)));
    panels.push_back(position.masks[v] ? kb.min(panel, kb.sub(kb.dim(weights, 0), kb.index(1))) : panel);
  }
}

SmallVector<Value> PanelColumns::at(int64_t v, ValueRange indices) const {
  SmallVector<Value> all{panels[v]};
  all.append(indices.begin(), indices.end());
  all.push_back(offsets[v]);
  return all;
}

Value PanelColumns::load(KernelBuilder &kb, int64_t v, ValueRange indices) const {
  return kb.load(weights, at(v, indices));
}

void PanelColumns::prefetch(KernelBuilder &kb, Value others, int64_t v, ValueRange indices) const {
  memref::PrefetchOp::create(kb.builder, kb.loc, others, at(v, indices), /*isWrite=*/false, /*localityHint=*/2,
                             /*isDataCache=*/true);
}

SmallVector<Value> columnMasks(KernelBuilder &kb, const Tiling::Kind &kind, Value column, Value columns) {
  SmallVector<Value> masks(kind.size);
  for (int64_t v = 0; v < kind.size; ++v)
    if (kind.overhangs && (!kind.lastStepOnly || v == kind.size - 1))
      masks[v] = kb.maskOf(kb.sub(columns, kb.add(column, v * kb.target.lanes())));
  return masks;
}

/// Indices of vector `v` of output row `row`.
static SmallVector<Value> outputIndices(KernelBuilder &kb, const TilePosition &position, Value row, int64_t v) {
  SmallVector<Value> indices(position.outer);
  indices.push_back(row);
  indices.push_back(kb.add(position.column, v * kb.target.lanes()));
  return indices;
}

/// An epilogue of more ops than this leaves the registers: bias, residual and relu are 2 to 6.
constexpr int64_t kLongEpilogue = 8;

/// Whether an epilogue had better run from the stack: it is long, or it stores for itself and must see no row twice.
static bool wantsStack(KernelBuilder &kb, Epilogue epilogue, Value vector, ValueRange indices, Value mask) {
  bool storesItself = false;
  const int64_t length = kb.lengthOf([&] { storesItself = !epilogue(kb.builder, kb.loc, vector, indices, mask); });
  return storesItself || length > kLongEpilogue;
}

/// Finishes a copy of the tile on the stack, one vector at a time, and only the rows that exist.
static void finishFromStack(KernelBuilder &kb, const RegisterTile &tile, ValueRange accumulators,
                            const TilePosition &position, Value output, Epilogue epilogue) {
  Type element = getElementTypeOrSelf(accumulators.front().getType());
  Value buffer = kb.stackBuffer({tile.rows, tile.vectors * kb.target.lanes()}, element);
  tile.store(kb, accumulators, buffer, kb.index(0));
  Value rows = position.validRows ? position.validRows : kb.index(tile.rows);
  kb.loop(kb.index(0), rows, 1, [&](Value r) {
    for (int64_t v = 0; v < tile.vectors; ++v) {
      Value vector = kb.load(buffer, {r, kb.index(v * kb.target.lanes())});
      SmallVector<Value> indices = outputIndices(kb, position, kb.add(position.row, r), v);
      if (epilogue)
        vector = epilogue(kb.builder, kb.loc, vector, indices, position.masks[v]);
      if (vector)
        kb.store(vector, output, indices, position.masks[v]);
    }
  });
}

void finishTile(KernelBuilder &kb, const RegisterTile &tile, SmallVector<Value> accumulators,
                const TilePosition &position, Value output, Epilogue epilogue) {
  SmallVector<SmallVector<Value>> indices;
  for (int64_t r = 0; r < tile.rows; ++r) {
    Value row = position.rowOf(kb, r);
    for (int64_t v = 0; v < tile.vectors; ++v)
      indices.push_back(outputIndices(kb, position, row, v));
  }
  auto maskOf = [&](int64_t i) { return position.masks[i % tile.vectors]; };
  if ((position.validRows && position.restDiffers) ||
      (epilogue && wantsStack(kb, epilogue, accumulators[0], indices[0], maskOf(0))))
    return finishFromStack(kb, tile, accumulators, position, output, epilogue);
  // Every load comes before the first store, since rows past the end repeat the last one.
  if (epilogue)
    for (auto [i, vector] : llvm::enumerate(accumulators))
      vector = epilogue(kb.builder, kb.loc, vector, indices[i], maskOf(i));
  for (auto [i, vector] : llvm::enumerate(accumulators))
    kb.store(vector, output, indices[i], maskOf(i));
}

} // namespace tfc::cpu
