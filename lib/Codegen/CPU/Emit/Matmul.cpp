// Matrix products: units of rows and columns, panels of columns, tiles of registers.
#include "tfc/Codegen/CPU/Emit/Matmul.h"

#include "CopyColumns.h"
#include "RegisterTile.h"
#include "Tiling.h"
#include "llvm/Support/MathExtras.h"
#include <limits>

using namespace mlir;

namespace tfc::cpu {
namespace {

Type elementOf(Value memref) { return cast<MemRefType>(memref.getType()).getElementType(); }

/// Where a tile reads its part of B.
enum class Source {
  /// In panels.
  packed,
  /// In place: rows are contiguous, and few or close together.
  plain,
  /// In a copy on the stack, made once for the rows of a unit.
  copied
};

Source sourceOf(const MatmulOperands &operands, std::optional<int64_t> m, const MatmulPlan &plan) {
  if (operands.packed)
    return Source::packed;
  if (!hasContiguousRows(operands.b) || isNarrow(elementOf(operands.b)))
    return Source::copied;
  // A copy pays when several row tiles share it, unless B is read from L2 as it is. Rows a multiple of 2 KB apart
  // would compete for a few sets of the caches.
  if (m && *m <= 2 * plan.tileRows)
    return Source::plain;
  auto type = cast<MemRefType>(operands.b.getType());
  SmallVector<int64_t> strides;
  int64_t offset;
  const bool close = type.hasStaticShape() && succeeded(type.getStridesAndOffset(strides, offset)) &&
                     type.getDimSize(0) * strides[0] <= (64 << 10) && strides[0] % 512;
  return close ? Source::plain : Source::copied;
}

/// How many k a copy of B on the stack holds, and widened rows of A.
constexpr int64_t kCopiedDepth = 256, kWidenedDepth = 1024;

/// One product while it is being emitted.
class MatmulEmitter {
public:
  MatmulEmitter(KernelBuilder &kb, const MatmulOperands &operands, const MatmulPlan &plan, Value m, Epilogue epilogue)
      : kb(kb), operands(operands), plan(plan), epilogue(epilogue), source(sourceOf(operands, constantOf(m), plan)),
        element(elementOf(operands.a)), sum(sumTypeOf(element)), multiplier(kb, element, operands.unsignedA), m(m),
        n(kb.dim(operands.c, 1)), k(kb.dim(operands.a, 1)), steps(kb.ceilDiv(k, productsPerStep(element))) {}

  void emit(Value begin, Value end);

private:
  /// Column tiles [from, to) of one unit of rows.
  void emitUnits(Value rowUnit, Value from, Value to);
  /// Row tiles [from, to) of the column tile that starts at vector `vector`.
  void emitColumnTile(Value from, Value to, const Tiling::Kind &kind, Value vector);
  /// As `emitColumnTile`; the k of one pass.
  void emitPass(Value from, Value to, const Tiling::Kind &kind, Value vector, ArrayRef<Value> masks);
  SmallVector<Value> accumulate(const RegisterTile &tile, const TilePosition &position, ValueRange init);

  KernelBuilder &kb;
  const MatmulOperands &operands;
  const MatmulPlan &plan;
  Epilogue epilogue;
  const Source source;
  /// What A holds, and what sums are kept in.
  const Type element, sum;
  const Multiplier multiplier;
  Value m, n, k, steps;
  Tiling rows, columns;
  Value rowUnits, columnUnits;
  /// The pass over the steps: where it begins and how many it takes. `parked` holds the sums between passes, or is null
  /// if there is but one.
  Value passBegin, passDepth, parked;
  /// The pass's part of B, if it is copied, and of the rows of A of a tile, if they are widened.
  Value copy, widened;
};

void MatmulEmitter::emit(Value begin, Value end) {
  rows = Tiling::ofRows(kb, m, plan.tileRows, plan.tileRows / 2);
  columns = Tiling::ofColumns(kb, n, kb.target.lanes(), plan.tileVectors);
  rowUnits = kb.ceilDiv(m, plan.unitRows);
  // At least one, so that an empty product divides by it.
  columnUnits = kb.max(kb.ceilDiv(n, plan.unitColumns), kb.index(1));

  forEachUnitRow(kb, begin, end, columnUnits, [&](Value rowUnit, Value from, Value to) {
    emitUnits(rowUnit, partStart(kb, from, columnUnits, columns.count), partStart(kb, to, columnUnits, columns.count));
  });
}

void MatmulEmitter::emitUnits(Value rowUnit, Value fromColumn, Value toColumn) {
  Value from = partStart(kb, rowUnit, rowUnits, rows.count);
  Value to = partStart(kb, kb.add(rowUnit, 1), rowUnits, rows.count);
  columns.forEach(kb, fromColumn, toColumn,
                  [&](const Tiling::Kind &kind, Value, Value vector) { emitColumnTile(from, to, kind, vector); });
}

void MatmulEmitter::emitColumnTile(Value from, Value to, const Tiling::Kind &kind, Value vector) {
  const int64_t lanes = kb.target.lanes();
  const SmallVector<Value> masks = columnMasks(kb, kind, kb.mul(vector, lanes), n);
  const bool copies = source == Source::copied;
  const int64_t most = copies ? kCopiedDepth : isNarrow(element) ? kWidenedDepth : plan.depth;
  const int64_t depth = std::min(plan.depth, most), width = kind.size * lanes;
  std::optional<int64_t> fixedDepth = constantOf(steps);
  const bool onePass = fixedDepth ? *fixedDepth <= depth : most == plan.depth;
  if (copies) {
    const int64_t height = llvm::alignTo(onePass ? *fixedDepth : depth, lanes);
    copy = kb.stackBuffer({height, width}, sum);
  }
  if (isNarrow(element))
    widened = kb.stackBuffer({std::max(rows.big.size, rows.small.size), onePass ? *fixedDepth : depth}, sum);
  if (!onePass)
    parked = kb.stackBuffer({plan.unitRows, width}, sum);
  auto pass = [&](Value begin) {
    passBegin = begin;
    passDepth = onePass ? steps : kb.min(kb.index(depth), kb.sub(steps, begin));
    if (copies)
      copyColumns(kb, {operands.b, passBegin, passDepth, kb.mul(vector, lanes), n, masks}, copy);
    emitPass(from, to, kind, vector, masks);
  };
  // At least one pass, so that empty sums are stored too.
  if (onePass)
    pass(kb.index(0));
  else
    kb.loop(kb.index(0), kb.max(steps, kb.index(1)), depth, pass);
  parked = {};
}

void MatmulEmitter::emitPass(Value from, Value to, const Tiling::Kind &kind, Value vector, ArrayRef<Value> masks) {
  rows.forEach(kb, from, to, [&](const Tiling::Kind &rowKind, Value number, Value row) {
    const RegisterTile tile{rowKind.size, kind.size};
    Value validRows = rowKind.overhangs ? kb.min(kb.index(rowKind.size), kb.sub(m, row)) : Value();
    const TilePosition position{{}, row, kb.mul(vector, kb.target.lanes()), validRows, SmallVector<Value>(masks)};
    if (!parked) {
      SmallVector<Value> sums = accumulate(tile, position, tile.zeros(kb, sum));
      return finishTile(kb, tile, std::move(sums), position, operands.c, epilogue);
    }
    Value slot = kb.mul(kb.sub(number, from), rows.big.size);
    SmallVector<Value> sums = tile.zeros(kb, sum);
    sums = kb.ifThenElse(
        kb.equal(passBegin, kb.index(0)), TypeRange(ValueRange(sums)), [&] { return sums; },
        [&] { return tile.load(kb, parked, slot); });
    sums = accumulate(tile, position, sums);
    kb.ifThenElse(
        kb.less(kb.add(passBegin, passDepth), steps), [&] { tile.store(kb, sums, parked, slot); },
        [&] { finishTile(kb, tile, sums, position, operands.c, epilogue); });
  });
}

SmallVector<Value> MatmulEmitter::accumulate(const RegisterTile &tile, const TilePosition &position, ValueRange init) {
  SmallVector<Value> rowIndices, columnIndices;
  for (int64_t r = 0; r < tile.rows; ++r)
    rowIndices.push_back(position.rowOf(kb, r));
  for (int64_t v = 0; v < tile.vectors; ++v)
    columnIndices.push_back(kb.add(position.column, v * kb.target.lanes()));
  std::optional<PanelColumns> panels;
  if (source == Source::packed)
    panels.emplace(kb, operands.b, tile, position);
  // How far ahead lies what the next pass or, behind the panels of this tile, the next tile of columns begins with.
  const int64_t vectorsPerPanel = kPanel / kb.target.lanes();
  const int64_t tilePanels = std::max<int64_t>(tile.vectors / vectorsPerPanel, 1);
  Value nextTile = kb.sub(kb.mul(steps, tilePanels), passBegin);
  Value ahead = parked ? kb.select(kb.less(kb.add(passBegin, passDepth), steps), passDepth, nextTile) : nextTile;
  if (widened)
    for (auto [r, row] : llvm::enumerate(rowIndices))
      copyWidened(kb, operands.a, {row, passBegin}, passDepth, widened, r);
  auto right = [&](int64_t v, Value step) {
    Value depth = kb.add(passBegin, step);
    switch (source) {
    case Source::packed: {
      Value loaded = panels->load(kb, v, depth);
      if (operands.nextB)
        panels->prefetch(kb, operands.nextB, v, depth);
      else if (tile.rows > 1 && v >= vectorsPerPanel - 1 && (tile.vectors - 1 - v) % vectorsPerPanel == 0)
        panels->prefetch(kb, operands.b, v, kb.add(depth, ahead));
      return sum.isInteger() ? loaded : kb.widen(loaded, /*isUnsigned=*/!operands.unsignedA);
    }
    case Source::plain: return kb.load(operands.b, {depth, columnIndices[v]}, position.masks[v]);
    case Source::copied: return kb.load(copy, {step, kb.index(v * kb.target.lanes())});
    }
    llvm_unreachable("all sources are handled");
  };
  if (sum.isInteger())
    return tile.accumulateWords(
        kb, multiplier, init, passBegin, passDepth, *constantOf(k),
        [&](int64_t r, Value byte) { return loadWord(kb, operands.a, {rowIndices[r], byte}); }, right);
  auto left = [&](int64_t r, Value step) {
    return widened ? kb.loadScalar(widened, {kb.index(r), step})
                   : kb.loadScalar(operands.a, {rowIndices[r], kb.add(passBegin, step)});
  };
  return tile.accumulate(kb, multiplier, init, passDepth, left, right);
}

} // namespace

MatmulPlan MatmulPlan::get(const CpuTarget &processor, int64_t m, int64_t n, int64_t k, Type element) {
  const CpuTarget target = processor.computingWith(sumTypeOf(element));
  if (!ShapedType::isDynamic(k))
    k = llvm::divideCeil(k, productsPerStep(element));
  const RegisterTile tile = RegisterTile::choose(target, m, n, k, Multiplier::partCount(target, element));
  MatmulPlan plan{tile.rows, tile.vectors, 0, 0, 0};
  // Columns of B stay in L2 while a unit's rows pass over them, and its rows in L1 or L2.
  plan.unitRows = std::max<int64_t>(96 / plan.tileRows, 1) * plan.tileRows;
  const int64_t tileColumns = plan.tileVectors * target.lanes();
  const bool fewRows = !ShapedType::isDynamic(m) && m <= 16;
  plan.unitColumns = std::max<int64_t>((fewRows ? 128 : 256) / tileColumns, 1) * tileColumns;
  // Further passes over k pay where several row tiles then find a piece of B in L2.
  const int64_t maxDepth = target.vectorBits == 512 ? 1024 : 512;
  const bool onePass = ShapedType::isDynamic(k) || k <= maxDepth || (!ShapedType::isDynamic(m) && m <= plan.tileRows);
  plan.depth = onePass ? std::numeric_limits<int64_t>::max()
                       : llvm::alignTo(llvm::divideCeil(k, llvm::divideCeil(k, maxDepth)), 16);
  return plan;
}

AffineMap MatmulPlan::units(MLIRContext *context) const {
  AffineExpr m, n;
  bindDims(context, m, n);
  return AffineMap::get(2, 0, {m.ceilDiv(unitRows), n.ceilDiv(unitColumns)}, context);
}

void emitMatmul(OpBuilder &builder, Location loc, const CpuTarget &processor, const MatmulOperands &operands,
                Value begin, Value end, Epilogue epilogue) {
  auto a = cast<MemRefType>(operands.a.getType()), c = cast<MemRefType>(operands.c.getType());
  const Type element = a.getElementType();
  const CpuTarget target = processor.computingWith(sumTypeOf(element));
  KernelBuilder kb(builder, loc, target);
  const MatmulPlan plan = MatmulPlan::get(target, a.getDimSize(0), c.getDimSize(1), a.getDimSize(1), element);
  Value m = kb.dim(operands.a, 0);
  auto emitFor = [&](const MatmulPlan &plan, Value m) {
    MatmulEmitter(kb, operands, plan, m, epilogue).emit(begin, end);
  };
  if (!a.isDynamicDim(0))
    return emitFor(plan, m);
  // A single row, as in a batch of one, reads B once and is bound by that: it wants many streams and no idle rows.
  MatmulPlan single = MatmulPlan::get(target, 1, c.getDimSize(1), a.getDimSize(1), element);
  single.unitColumns = plan.unitColumns;
  kb.ifThenElse(kb.equal(m, kb.index(1)), [&] { emitFor(single, kb.index(1)); }, [&] { emitFor(plan, m); });
}

} // namespace tfc::cpu
