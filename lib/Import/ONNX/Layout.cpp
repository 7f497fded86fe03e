// Borders, repetition and blocks.
#include "Axes.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;
using dfg::CompareKind;

//===----------------------------------------------------------------------===//
// Borders
//===----------------------------------------------------------------------===//

static LogicalResult importPad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Value x = c.input(0);
  int64_t rank = b.rank(x);
  StringRef modeName = c.string("mode", "constant");
  auto mode = llvm::StringSwitch<std::optional<dfg::PadMode>>(modeName)
                  .Case("constant", dfg::PadMode::Constant)
                  .Case("edge", dfg::PadMode::Edge)
                  .Case("reflect", dfg::PadMode::Reflect)
                  .Case("wrap", dfg::PadMode::Wrap)
                  .Default(std::nullopt);
  if (!mode)
    return c.error() << "has mode '" << modeName << "', expected constant, edge, reflect or wrap";

  // Attributes before opset 11, inputs since.
  bool byInput = c.version >= 11;
  Dims pads = b.exprs(c.integers("pads"));
  Value value = b.scalarLike(x, byInput ? 0 : c.number("value"));
  if (byInput) {
    auto content = c.content(1);
    if (failed(content) || (c.hasInput(2) && failed(c.requireSameElements({0, 2}))))
      return failure();
    pads = *content;
    value = c.hasInput(2) ? b.reshape(c.input(2), {}) : value;
  }
  auto given = axesOf(c, 3, rank);
  if (failed(given))
    return failure();
  Dims axes = given->value_or(b.exprs(llvm::to_vector(llvm::seq<int64_t>(0, rank))));
  if (pads.size() != 2 * axes.size())
    return c.error() << "has " << pads.size() << " pads, expected " << 2 * axes.size();
  Dims low(rank, b.expr(0)), high = low;
  for (int64_t i = 0; i < rank; ++i)
    for (auto [j, axis] : llvm::enumerate(axes)) {
      AffineExpr isThis = b.compare(CompareKind::EQ, axis, b.expr(i));
      low[i] = b.select(isThis, pads[j], low[i]);
      high[i] = b.select(isThis, pads[j + axes.size()], high[i]);
    }
  return c.result(b.pad(*mode, x, value, low, high));
}

/// Crops or pads around the center, the odd element behind it.
static LogicalResult importCenterCropPad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Value x = c.input(0);
  int64_t rank = b.rank(x);
  auto axes = c.axes(c.integers("axes", llvm::to_vector(llvm::seq<int64_t>(0, rank))), rank);
  auto sizes = c.content(1);
  if (failed(axes) || failed(sizes))
    return failure();
  if (sizes->size() != axes->size())
    return c.error() << "has " << sizes->size() << " sizes, expected " << axes->size();
  Dims low(rank, b.expr(0)), high = low;
  for (auto [axis, size] : llvm::zip(*axes, *sizes)) {
    AffineExpr more = b.scope.sub(size, b.dim(x, axis)), less = b.scope.sub(b.dim(x, axis), size);
    AffineExpr half = b.expr(2), zero = b.expr(0);
    low[axis] = b.select(b.compare(CompareKind::GE, more, zero), b.scope.floorDiv(more, half),
                         b.scope.sub(zero, b.scope.floorDiv(less, half)));
    high[axis] = b.scope.sub(more, low[axis]);
  }
  return c.result(b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, 0), low, high));
}

//===----------------------------------------------------------------------===//
// Repetition
//===----------------------------------------------------------------------===//

static LogicalResult importTile(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto repeats = c.content(1);
  if (failed(repeats) || failed(c.requireRank(0, 0)))
    return failure();
  Value x = c.input(0);
  Dims dims = b.dims(x), split, repeated, sizes;
  if (repeats->size() != dims.size())
    return c.error() << "has " << repeats->size() << " repeats, expected " << dims.size();
  for (auto [dim, count] : llvm::zip(dims, *repeats)) {
    if (auto constant = b.number(count); constant && *constant < 0)
      return c.error() << "has repeat " << *constant << ", expected at least 0";
    sizes.push_back(b.scope.mul(dim, count));
    if (b.number(count) != 1) {
      split.push_back(b.expr(1));
      repeated.push_back(count);
    }
    split.push_back(dim);
    repeated.push_back(dim);
  }
  return c.result(b.reshape(b.broadcastTo(b.reshape(x, split), repeated), sizes));
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

/// Block size, and whether the depth is ordered depth-column-row rather than
/// column-row-depth.
static FailureOr<std::pair<int64_t, bool>> blocksOf(NodeContext &c) {
  int64_t size = c.integer("blocksize", 0);
  StringRef mode = c.string("mode", "DCR");
  if (failed(c.requireRank(0, 4, 4)))
    return failure();
  if (size < 1 || size > INT32_MAX)
    return c.error() << "has blocksize " << size << ", expected at least 1";
  if (mode != "DCR" && mode != "CRD")
    return c.error() << "has mode '" << mode << "', expected DCR or CRD";
  return std::make_pair(size, mode == "DCR");
}

static LogicalResult importDepthToSpace(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto blocks = blocksOf(c);
  if (failed(blocks))
    return failure();
  auto [size, depthFirst] = *blocks;
  Dims d = b.dims(c.input(0));
  AffineExpr block = b.expr(size), depth = b.scope.floorDiv(d[1], b.expr(size * size));
  if (auto channels = b.number(d[1]); channels && *channels % (size * size))
    return c.error() << "splits " << *channels << " channels into blocks of " << size * size;
  Value x = depthFirst ? b.reshape(c.input(0), {d[0], block, block, depth, d[2], d[3]})
                       : b.reshape(c.input(0), {d[0], depth, block, block, d[2], d[3]});
  x = b.transpose(x, depthFirst ? ArrayRef<int64_t>{0, 3, 4, 1, 5, 2} : ArrayRef<int64_t>{0, 1, 4, 2, 5, 3});
  return c.result(b.reshape(x, {d[0], depth, b.scope.mul(d[2], block), b.scope.mul(d[3], block)}));
}

static LogicalResult importSpaceToDepth(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto blocks = blocksOf(c);
  if (failed(blocks))
    return failure();
  auto [size, depthFirst] = *blocks;
  Dims d = b.dims(c.input(0));
  AffineExpr block = b.expr(size), height = b.scope.floorDiv(d[2], block), width = b.scope.floorDiv(d[3], block);
  for (int64_t i : {2, 3})
    if (auto extent = b.number(d[i]); extent && *extent % size)
      return c.error() << "splits an extent of " << *extent << " into blocks of " << size;
  Value x = b.reshape(c.input(0), {d[0], d[1], height, block, width, block});
  x = b.transpose(x, depthFirst ? ArrayRef<int64_t>{0, 3, 5, 1, 2, 4} : ArrayRef<int64_t>{0, 1, 3, 5, 2, 4});
  return c.result(b.reshape(x, {d[0], b.scope.mul(d[1], b.expr(size * size)), height, width}));
}

void registerLayoutOps(OpRegistry &ops) {
  ops.add("CenterCropPad", importCenterCropPad);
  ops.add("DepthToSpace", importDepthToSpace);
  ops.add("Pad", importPad, 2);
  ops.add("SpaceToDepth", importSpaceToDepth);
  ops.add("Tile", importTile, 6);
}

} // namespace tfc
