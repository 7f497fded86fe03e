// Tiles of one dimension.
#include "Tiling.h"

#include "llvm/Support/MathExtras.h"

namespace tfc::cpu {

Tiling Tiling::even(KernelBuilder &kb, int64_t steps, int64_t tile) {
  Tiling tiling;
  const int64_t count = llvm::divideCeil(steps, tile);
  if (count == 0) {
    // An empty dimension has no tiles; what is emitted for one never runs.
    tiling.big.size = 1;
    tiling.bigCount = tiling.count = kb.index(0);
    return tiling;
  }
  const int64_t larger = steps % count;
  tiling.big.size = steps / count + (larger != 0);
  tiling.small.size = larger ? steps / count : 0;
  tiling.bigCount = kb.index(larger ? larger : count);
  tiling.count = kb.index(count);
  return tiling;
}

Tiling Tiling::ofRows(KernelBuilder &kb, Value rows, int64_t tile, int64_t tail) {
  if (std::optional<int64_t> fixed = constantOf(rows))
    return even(kb, *fixed, tile);
  Tiling tiling;
  tiling.big = {tile, /*overhangs=*/tile > 1};
  tiling.small = {tail, /*overhangs=*/tail > 1};
  tiling.count = kb.ceilDiv(rows, tile);
  // A rest of more than `tail` rows takes a big tile that overhangs.
  tiling.bigCount = tail ? kb.div(kb.add(rows, tile - 1 - tail), tile) : tiling.count;
  return tiling;
}

Tiling Tiling::ofColumns(KernelBuilder &kb, Value columns, int64_t lanes, int64_t tile) {
  if (std::optional<int64_t> fixed = constantOf(columns)) {
    Tiling tiling = even(kb, llvm::divideCeil(*fixed, lanes), tile);
    Kind &last = tiling.small.size ? tiling.small : tiling.big;
    last.overhangs = last.lastStepOnly = *fixed % lanes != 0;
    return tiling;
  }
  Tiling tiling;
  tiling.big = {tile};
  tiling.small = {tile, /*overhangs=*/true};
  tiling.bigCount = kb.div(columns, tile * lanes);
  tiling.count = kb.ceilDiv(columns, tile * lanes);
  return tiling;
}

void Tiling::forEach(KernelBuilder &kb, Value from, Value to,
                     llvm::function_ref<void(const Kind &, Value, Value)> body) const {
  kb.loop(from, small.size ? kb.min(to, bigCount) : to, 1,
          [&](Value tile) { body(big, tile, kb.mul(tile, big.size)); });
  if (!small.size)
    return;
  Value smallStart = kb.mul(bigCount, big.size);
  kb.loop(kb.max(from, bigCount), to, 1,
          [&](Value tile) { body(small, tile, kb.add(smallStart, kb.mul(kb.sub(tile, bigCount), small.size))); });
}

void forEachUnitRow(KernelBuilder &kb, Value begin, Value end, Value columnUnits,
                    llvm::function_ref<void(Value, Value, Value)> body) {
  Value beyond = kb.add(end, kb.sub(columnUnits, kb.index(1)));
  kb.loop(kb.div(begin, columnUnits), kb.div(beyond, columnUnits), 1, [&](Value row) {
    Value first = kb.mul(row, columnUnits);
    body(row, kb.max(kb.sub(begin, first), kb.index(0)), kb.min(kb.sub(end, first), columnUnits));
  });
}

Value partStart(KernelBuilder &kb, Value part, Value parts, Value count) { return kb.div(kb.mul(part, count), parts); }

} // namespace tfc::cpu
