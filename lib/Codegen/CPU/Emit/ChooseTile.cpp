// The model of a processor that the size of a register tile rests on.
#include "RegisterTile.h"

#include "llvm/Support/MathExtras.h"
#include <limits>

using namespace mlir;
using namespace tfc::cpu;

/// More rows than ways of the L1 cache evict each other where the rows of A are a power of two apart.
constexpr int64_t kMaxRows = 8;

/// Cycles that one k of a register tile takes.
static double cyclesPerStep(const CpuTarget &target, int64_t rows, int64_t vectors, int64_t parts) {
  // One 512-bit or two 256-bit products a cycle, the results of each four cycles later; a vector of B comes from L2,
  // a scalar of A from L1. Operands in parts are taken apart first.
  const double perCycle = 512.0 / target.vectorBits, latency = 4;
  const int64_t split = parts > 1 ? rows + vectors : 0;
  const double arithmetic = std::max(parts * (rows * vectors + split) / perCycle, latency);
  const double loads = 2 * vectors / perCycle + 0.5 * rows;
  // The two overlap, but not perfectly.
  return std::max(arithmetic, loads) + 0.1 * loads;
}

/// Calls `visit(size, count)` for the tiles that an even cut of `steps` steps has.
static void forEvenCut(int64_t steps, int64_t tile, llvm::function_ref<void(int64_t, int64_t)> visit) {
  const int64_t count = llvm::divideCeil(steps, tile), larger = steps % count;
  if (larger)
    visit(steps / count + 1, larger);
  visit(steps / count, count - larger);
}

RegisterTile RegisterTile::choose(const CpuTarget &target, int64_t m, int64_t n, int64_t k, int64_t parts) {
  // Where a size is unknown, one that every tile divides stands for it.
  const int64_t large = 240;
  const int64_t rows = ShapedType::isDynamic(m) ? large : std::max<int64_t>(m, 1);
  const int64_t vectors = ShapedType::isDynamic(n) ? large : std::max<int64_t>(llvm::divideCeil(n, target.lanes()), 1);
  const double depth = ShapedType::isDynamic(k) ? 256 : k;
  // A single row reads B once: it is bound by memory, which likes few streams, one a panel.
  const int64_t maxVectors = rows == 1 ? 4 * kPanel / target.lanes() : 8;

  RegisterTile best{1, 1};
  double least = std::numeric_limits<double>::infinity();
  for (int64_t tileVectors = 1; tileVectors <= maxVectors; ++tileVectors)
    for (int64_t tileRows = 1; tileRows <= kMaxRows; ++tileRows) {
      // One register holds the scalar of A. A single row multiplies by B where it lies in memory.
      const bool fromMemory = rows == 1 && parts == 1;
      if (tileRows * tileVectors + (fromMemory ? 1 : parts * (tileVectors + 1)) > target.registers())
        break;
      double cycles = 0, bodies = 0;
      forEvenCut(vectors, std::min(tileVectors, vectors), [&](int64_t width, int64_t across) {
        forEvenCut(rows, std::min(tileRows, rows), [&](int64_t height, int64_t down) {
          const double overhead = 20 + 2 * height * width;
          cycles += across * down * (depth * cyclesPerStep(target, height, width, parts) + overhead);
          ++bodies;
        });
      });
      // Each further body of code takes its time to compile and its room in the instruction cache.
      cycles *= 1 + 0.005 * bodies;
      if (cycles < least) {
        least = cycles;
        best = {tileRows, tileVectors};
      }
    }
  return best;
}
