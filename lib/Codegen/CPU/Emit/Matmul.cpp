// Matrix products: units of rows and columns, panels of columns, tiles of registers.
#include "tfc/Codegen/CPU/Emit/Matmul.h"

#include "RegisterTile.h"
#include "Tiling.h"
#include "llvm/Support/MathExtras.h"
#include <limits>

using namespace mlir;

namespace tfc::cpu {
namespace {

/// One product while it is being emitted.
class MatmulEmitter {
public:
  MatmulEmitter(KernelBuilder &kb, const MatmulOperands &operands, const MatmulPlan &plan, Value m, Epilogue epilogue)
      : kb(kb), operands(operands), plan(plan), epilogue(epilogue), m(m), n(kb.dim(operands.c, 1)),
        k(kb.dim(operands.a, 1)) {}

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
  Value m, n, k;
  Tiling rows, columns;
  Value rowUnits, columnUnits;
  /// The pass over k: where it begins and how many it takes. `parked` holds the sums between passes, or is null if
  /// there is but one.
  Value passBegin, passDepth, parked;
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
  std::optional<int64_t> fixedDepth = constantOf(k);
  if (!fixedDepth || *fixedDepth <= plan.depth) {
    passBegin = kb.index(0);
    passDepth = k;
    return emitPass(from, to, kind, vector, masks);
  }
  parked = kb.stackBuffer({plan.unitRows, kind.size * lanes}, kb.builder.getF32Type());
  kb.loop(kb.index(0), k, plan.depth, [&](Value begin) {
    passBegin = begin;
    passDepth = kb.min(kb.index(plan.depth), kb.sub(k, begin));
    emitPass(from, to, kind, vector, masks);
  });
  parked = {};
}

void MatmulEmitter::emitPass(Value from, Value to, const Tiling::Kind &kind, Value vector, ArrayRef<Value> masks) {
  Type f32 = kb.builder.getF32Type();
  rows.forEach(kb, from, to, [&](const Tiling::Kind &rowKind, Value number, Value row) {
    const RegisterTile tile{rowKind.size, kind.size};
    Value validRows = rowKind.overhangs ? kb.min(kb.index(rowKind.size), kb.sub(m, row)) : Value();
    const TilePosition position{{}, row, kb.mul(vector, kb.target.lanes()), validRows, SmallVector<Value>(masks)};
    if (!parked) {
      SmallVector<Value> sums = accumulate(tile, position, tile.zeros(kb, f32));
      return finishTile(kb, tile, std::move(sums), position, operands.c, epilogue);
    }
    Value slot = kb.mul(kb.sub(number, from), rows.big.size);
    SmallVector<Value> sums = tile.zeros(kb, f32);
    sums = kb.ifThenElse(
        kb.equal(passBegin, kb.index(0)), TypeRange(ValueRange(sums)), [&] { return sums; },
        [&] { return tile.load(kb, parked, slot); });
    sums = accumulate(tile, position, sums);
    kb.ifThenElse(
        kb.less(kb.add(passBegin, passDepth), k), [&] { tile.store(kb, sums, parked, slot); },
        [&] { finishTile(kb, tile, sums, position, operands.c, epilogue); });
  });
}

SmallVector<Value> MatmulEmitter::accumulate(const RegisterTile &tile, const TilePosition &position, ValueRange init) {
  SmallVector<Value> rowIndices, columnIndices;
  for (int64_t r = 0; r < tile.rows; ++r)
    rowIndices.push_back(position.rowOf(kb, r));
  std::optional<PanelColumns> panels;
  if (operands.packed)
    panels.emplace(kb, operands.b, tile, position);
  else
    for (int64_t v = 0; v < tile.vectors; ++v)
      columnIndices.push_back(kb.add(position.column, v * kb.target.lanes()));
  return tile.accumulate(
      kb, init, passDepth,
      [&](int64_t r, Value step) { return kb.loadScalar(operands.a, {rowIndices[r], kb.add(passBegin, step)}); },
      [&](int64_t v, Value step) {
        Value depth = kb.add(passBegin, step);
        return panels ? panels->load(kb, v, depth) : kb.load(operands.b, {depth, columnIndices[v]}, position.masks[v]);
      });
}

} // namespace

MatmulPlan MatmulPlan::get(const CpuTarget &target, int64_t m, int64_t n, int64_t k) {
  const RegisterTile tile = RegisterTile::choose(target, m, n, k);
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

void emitMatmul(OpBuilder &builder, Location loc, const CpuTarget &target, const MatmulOperands &operands, Value begin,
                Value end, Epilogue epilogue) {
  KernelBuilder kb(builder, loc, target);
  auto a = cast<MemRefType>(operands.a.getType()), c = cast<MemRefType>(operands.c.getType());
  const MatmulPlan plan = MatmulPlan::get(target, a.getDimSize(0), c.getDimSize(1), a.getDimSize(1));
  Value m = kb.dim(operands.a, 0);
  auto emitFor = [&](const MatmulPlan &plan, Value m) {
    MatmulEmitter(kb, operands, plan, m, epilogue).emit(begin, end);
  };
  if (!a.isDynamicDim(0))
    return emitFor(plan, m);
  // A single row, as in a batch of one, reads B once and is bound by that: it wants many streams and no idle rows.
  MatmulPlan single = MatmulPlan::get(target, 1, c.getDimSize(1), a.getDimSize(1));
  single.unitColumns = plan.unitColumns;
  kb.ifThenElse(kb.equal(m, kb.index(1)), [&] { emitFor(single, kb.index(1)); }, [&] { emitFor(plan, m); });
}

} // namespace tfc::cpu
