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
  SmallVector<Value> accumulate(const RegisterTile &tile, const TilePosition &position, Value vector, ValueRange init);

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

  Value beyond = kb.add(end, kb.sub(columnUnits, kb.index(1)));
  kb.loop(kb.div(begin, columnUnits), kb.div(beyond, columnUnits), 1, [&](Value rowUnit) {
    Value first = kb.mul(rowUnit, columnUnits);
    Value from = kb.max(kb.sub(begin, first), kb.index(0)), to = kb.min(kb.sub(end, first), columnUnits);
    emitUnits(rowUnit, columns.partStart(kb, from, columnUnits), columns.partStart(kb, to, columnUnits));
  });
}

void MatmulEmitter::emitUnits(Value rowUnit, Value fromColumn, Value toColumn) {
  Value from = rows.partStart(kb, rowUnit, rowUnits), to = rows.partStart(kb, kb.add(rowUnit, 1), rowUnits);
  columns.forEach(kb, fromColumn, toColumn,
                  [&](const Tiling::Kind &kind, Value, Value vector) { emitColumnTile(from, to, kind, vector); });
}

void MatmulEmitter::emitColumnTile(Value from, Value to, const Tiling::Kind &kind, Value vector) {
  const int64_t lanes = kb.target.lanes();
  Value column = kb.mul(vector, lanes);
  SmallVector<Value> masks(kind.size);
  for (int64_t v = 0; v < kind.size; ++v)
    if (kind.overhangs && (!kind.lastStepOnly || v == kind.size - 1))
      masks[v] = kb.maskOf(kb.sub(n, kb.add(column, v * lanes)));

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
      SmallVector<Value> sums = accumulate(tile, position, vector, tile.zeros(kb, f32));
      return finishTile(kb, tile, std::move(sums), position, operands.c, epilogue);
    }
    Value slot = kb.mul(kb.sub(number, from), rows.big.size);
    SmallVector<Value> sums = tile.zeros(kb, f32);
    sums = kb.ifThenElse(
        kb.equal(passBegin, kb.index(0)), TypeRange(ValueRange(sums)), [&] { return sums; },
        [&] { return tile.load(kb, parked, slot); });
    sums = accumulate(tile, position, vector, sums);
    kb.ifThenElse(
        kb.less(kb.add(passBegin, passDepth), k), [&] { tile.store(kb, sums, parked, slot); },
        [&] { finishTile(kb, tile, sums, position, operands.c, epilogue); });
  });
}

SmallVector<Value> MatmulEmitter::accumulate(const RegisterTile &tile, const TilePosition &position, Value vector,
                                             ValueRange init) {
  const int64_t lanes = kb.target.lanes();
  SmallVector<Value> rowIndices, panels, offsets;
  for (int64_t r = 0; r < tile.rows; ++r)
    rowIndices.push_back(position.rowOf(kb, r));
  for (int64_t v = 0; v < tile.vectors; ++v) {
    if (!operands.packed) {
      offsets.push_back(kb.add(position.column, v * lanes));
      continue;
    }
    Value offset = kb.add(position.column, v * lanes), panel = kb.div(offset, kPanel);
    offsets.push_back(kb.sub(offset, kb.mul(panel, kPanel)));
    // A panel past the last one only feeds columns that are masked away.
    panels.push_back(position.masks[v] ? kb.min(panel, kb.sub(kb.dim(operands.b, 0), kb.index(1))) : panel);
  }
  return tile.accumulate(
      kb, init, passDepth,
      [&](int64_t r, Value step) { return kb.loadScalar(operands.a, {rowIndices[r], kb.add(passBegin, step)}); },
      [&](int64_t v, Value step) {
        Value depth = kb.add(passBegin, step);
        if (operands.packed)
          return kb.load(operands.b, {panels[v], depth, offsets[v]});
        return kb.load(operands.b, {depth, offsets[v]}, position.masks[v]);
      });
}

/// More rows than ways of the L1 cache evict each other where the rows of A are a power of two apart.
constexpr int64_t kMaxRows = 8;

/// Cycles that one k of a register tile takes.
double cyclesPerStep(const CpuTarget &target, int64_t rows, int64_t vectors) {
  // One 512-bit or two 256-bit products a cycle, the results of each four cycles later; a vector of B comes from L2,
  // a scalar of A from L1.
  const double perCycle = 512.0 / target.vectorBits, latency = 4;
  const double arithmetic = std::max(rows * vectors / perCycle, latency);
  const double loads = 2 * vectors / perCycle + 0.5 * rows;
  // The two overlap, but not perfectly.
  return std::max(arithmetic, loads) + 0.1 * loads;
}

/// Calls `visit(size, count)` for the tiles that an even cut of `steps` steps has.
void forEvenCut(int64_t steps, int64_t tile, llvm::function_ref<void(int64_t, int64_t)> visit) {
  const int64_t count = llvm::divideCeil(steps, tile), larger = steps % count;
  if (larger)
    visit(steps / count + 1, larger);
  visit(steps / count, count - larger);
}

} // namespace

MatmulPlan MatmulPlan::get(const CpuTarget &target, int64_t m, int64_t n, int64_t k) {
  // Where a size is unknown, one that every tile divides stands for it.
  const int64_t large = 240;
  const int64_t rows = ShapedType::isDynamic(m) ? large : m;
  const int64_t vectors = ShapedType::isDynamic(n) ? large : llvm::divideCeil(n, target.lanes());
  const double depth = ShapedType::isDynamic(k) ? 256 : k;

  // A single row reads B once: it is bound by memory, which likes few streams, one a panel.
  const int64_t maxVectors = rows == 1 ? 4 * kPanel / target.lanes() : 8;

  MatmulPlan plan{1, 1, 0, 0, 0};
  double best = std::numeric_limits<double>::infinity();
  for (int64_t tileVectors = 1; tileVectors <= maxVectors; ++tileVectors)
    for (int64_t tileRows = 1; tileRows <= kMaxRows; ++tileRows) {
      if (tileRows * tileVectors + tileVectors + 1 > target.registers())
        break;
      double cycles = 0, bodies = 0;
      forEvenCut(vectors, std::min(tileVectors, vectors), [&](int64_t width, int64_t across) {
        forEvenCut(rows, std::min(tileRows, rows), [&](int64_t height, int64_t down) {
          const double overhead = 20 + 2 * height * width;
          cycles += across * down * (depth * cyclesPerStep(target, height, width) + overhead);
          ++bodies;
        });
      });
      // Each further body of code takes its time to compile and its room in the instruction cache.
      cycles *= 1 + 0.005 * bodies;
      if (cycles < best) {
        best = cycles;
        plan.tileRows = tileRows;
        plan.tileVectors = tileVectors;
      }
    }
  // Columns of B stay in L2 while a unit's rows pass over them, and its rows in L1 or L2.
  plan.unitRows = std::max<int64_t>(96 / plan.tileRows, 1) * plan.tileRows;
  const int64_t tileColumns = plan.tileVectors * target.lanes();
  plan.unitColumns = std::max<int64_t>((rows <= 16 ? 128 : 256) / tileColumns, 1) * tileColumns;
  // Further passes over k pay where several row tiles then find a piece of B in L2.
  const int64_t maxDepth = target.vectorBits == 512 ? 1024 : 512;
  const bool onePass = ShapedType::isDynamic(k) || k <= maxDepth || rows <= plan.tileRows;
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
