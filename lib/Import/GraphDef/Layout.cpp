// Borders and blocks.
#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Borders
//===----------------------------------------------------------------------===//

namespace {
struct Borders {
  Dims low, high;
};
} // namespace

/// Pairs of sizes, one for each dimension [0, count).
static FailureOr<Borders> bordersOf(NodeContext &c, unsigned input, size_t count) {
  auto content = c.content(input);
  if (failed(content))
    return failure();
  if (content->size() != 2 * count)
    return c.error() << "has " << content->size() << " sizes of borders, expected " << 2 * count;
  Borders borders;
  for (AffineExpr size : *content)
    if (auto number = c.b.number(size); number && *number < 0)
      return c.error() << "has a border of " << *number << ", expected none below 0";
  for (size_t i = 0; i < count; ++i) {
    borders.low.push_back((*content)[2 * i]);
    borders.high.push_back((*content)[2 * i + 1]);
  }
  return borders;
}

static LogicalResult importPad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)) || (c.hasInput(2) && failed(c.requireSameElements({0, 2}))))
    return failure();
  auto borders = bordersOf(c, 1, b.rank(c.input(0)));
  if (failed(borders))
    return failure();
  Value value = c.hasInput(2) ? b.reshape(c.input(2), {}) : b.scalarLike(c.input(0), 0);
  return c.result(b.pad(dfg::PadMode::Constant, c.input(0), value, borders->low, borders->high));
}

/// Which element of [0, extent) stands at each place of [-low, extent + high): the border
/// mirrors the inside, with the outermost element (`symmetric`) or without.
static Value mirrorPlaces(GraphBuilder &b, AffineExpr extent, AffineExpr low, AffineExpr high, bool symmetric) {
  AffineExpr size = b.scope.add(extent, b.scope.add(low, high));
  Term place{b, b.iota(b.builder.getI64Type(), {size}, 0)};
  place = place - countLike(place, low);
  // Below 0 and above the last element.
  Term left = symmetric ? -1.0 - place : -place;
  Term right = countLike(place, b.scope.mul(extent, b.expr(2))) - (symmetric ? 1.0 : 2.0) - place;
  return select(place < 0.0, left, min(place, right));
}

template <bool isGradient> static LogicalResult importMirrorPad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Value x = c.input(0);
  auto borders = bordersOf(c, 1, b.rank(x));
  StringRef mode = c.string("mode");
  if (failed(borders))
    return failure();
  if (mode != "REFLECT" && mode != "SYMMETRIC")
    return c.error() << "has mode '" << mode << "', expected REFLECT or SYMMETRIC";
  for (int64_t axis = 0; axis < b.rank(x); ++axis) {
    AffineExpr low = borders->low[axis], high = borders->high[axis], extent = b.dim(x, axis);
    if (b.number(low) == 0 && b.number(high) == 0)
      continue;
    if (isGradient)
      extent = b.scope.sub(extent, b.scope.add(low, high));
    Value places = mirrorPlaces(b, extent, low, high, mode == "SYMMETRIC");
    if (!isGradient) {
      x = b.create<dfg::GatherOp>(x, places, axis);
      continue;
    }
    Dims all = b.dims(x), line(all.size(), b.expr(1)), inside = all;
    line[axis] = all[axis];
    inside[axis] = extent;
    places = b.broadcastTo(b.reshape(places, line), all);
    x = b.create<dfg::ScatterElementsOp>(dfg::ReduceKind::Sum, b.filled(b.elementType(x), inside, 0), places, x, axis);
  }
  return c.result(x);
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

/// Moves blocks of dimensions [1, 1 + blocks) to the batch.
static Value spaceToBatch(GraphBuilder &b, Value x, ArrayRef<int64_t> blocks, const Borders &borders) {
  int64_t rank = b.rank(x), count = blocks.size();
  Dims low(rank, b.expr(0)), high = low;
  for (int64_t i = 0; i < count; ++i) {
    low[1 + i] = borders.low[i];
    high[1 + i] = borders.high[i];
  }
  x = b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, 0), low, high);
  Dims dims = b.dims(x), split{dims[0]}, merged{dims[0]};
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < count; ++i) {
    AffineExpr block = b.expr(blocks[i]), size = b.scope.floorDiv(dims[1 + i], block);
    split.append({size, block});
    merged[0] = b.scope.mul(merged[0], block);
    merged.push_back(size);
    order.push_back(2 + 2 * i);
  }
  order.push_back(0);
  for (int64_t i = 0; i < count; ++i)
    order.push_back(1 + 2 * i);
  for (int64_t i = 1 + count; i < rank; ++i) {
    order.push_back(split.size());
    split.push_back(dims[i]);
    merged.push_back(dims[i]);
  }
  return b.reshape(b.transpose(b.reshape(x, split), order), merged);
}

static Value batchToSpace(GraphBuilder &b, Value x, ArrayRef<int64_t> blocks, const Borders &crops) {
  int64_t rank = b.rank(x), count = blocks.size(), all = 1;
  Dims dims = b.dims(x), split, offsets(rank, b.expr(0)), sizes;
  for (int64_t block : blocks) {
    split.push_back(b.expr(block));
    all *= block;
  }
  split.append(dims.begin(), dims.end());
  split[count] = b.scope.floorDiv(dims[0], b.expr(all));
  Dims merged{split[count]};
  SmallVector<int64_t> order{count};
  for (int64_t i = 0; i < count; ++i) {
    order.append({count + 1 + i, i});
    merged.push_back(b.scope.mul(dims[1 + i], b.expr(blocks[i])));
  }
  for (int64_t i = 1 + count; i < rank; ++i) {
    order.push_back(count + i);
    merged.push_back(dims[i]);
  }
  x = b.reshape(b.transpose(b.reshape(x, split), order), merged);
  sizes = merged;
  for (int64_t i = 0; i < count; ++i) {
    offsets[1 + i] = crops.low[i];
    sizes[1 + i] = b.scope.sub(merged[1 + i], b.scope.add(crops.low[i], crops.high[i]));
  }
  return b.slice(x, offsets, sizes);
}

/// Blocks are an input, or (`square`) one size of both spatial dimensions.
template <auto move, bool square> static LogicalResult importBatchBlocks(NodeContext &c) {
  if (failed(c.requireRank(0, square ? 4 : 1, square ? 4 : INT64_MAX)))
    return failure();
  auto blocks = square ? SmallVector<int64_t>(2, c.integer("block_size", 1)) : c.constants(1);
  if (failed(blocks))
    return failure();
  auto borders = bordersOf(c, square ? 1 : 2, blocks->size());
  if (failed(borders))
    return failure();
  if (int64_t(blocks->size()) >= c.b.rank(c.input(0)) || llvm::any_of(*blocks, [](int64_t one) { return one < 1; }))
    return c.error() << "has blocks of [" << *blocks << "], expected positive sizes for dimensions of "
                     << c.input(0).getType();
  return c.result(move(c.b, c.input(0), *blocks, *borders));
}

/// Between depth and the spatial dimensions, channels last or (NCHW) second.
template <bool toDepth> static LogicalResult importDepthBlocks(NodeContext &c) {
  GraphBuilder &b = c.b;
  StringRef layout = c.string("data_format", "NHWC");
  int64_t size = c.integer("block_size");
  if (failed(c.requireRank(0, 4, 4)))
    return failure();
  if (layout != "NHWC" && layout != "NCHW")
    return c.unsupported() << "has data_format '" << layout << "', expected NHWC or NCHW";
  if (size < 1)
    return c.error() << "has block_size " << size << ", expected at least 1";
  Value x = layout == "NHWC" ? c.input(0) : b.transpose(c.input(0), {0, 2, 3, 1});
  Dims d = b.dims(x);
  AffineExpr block = b.expr(size), square = b.expr(size * size);
  if (toDepth) {
    AffineExpr height = b.scope.floorDiv(d[1], block), width = b.scope.floorDiv(d[2], block);
    x = b.transpose(b.reshape(x, {d[0], height, block, width, block, d[3]}), {0, 1, 3, 2, 4, 5});
    x = b.reshape(x, {d[0], height, width, b.scope.mul(d[3], square)});
  } else {
    AffineExpr depth = b.scope.floorDiv(d[3], square);
    x = b.transpose(b.reshape(x, {d[0], d[1], d[2], block, block, depth}), {0, 1, 3, 2, 4, 5});
    x = b.reshape(x, {d[0], b.scope.mul(d[1], block), b.scope.mul(d[2], block), depth});
  }
  return c.result(layout == "NHWC" ? x : b.transpose(x, {0, 3, 1, 2}));
}

/// Where each letter of the destination's format stands in the source's; nothing after an error.
static FailureOr<SmallVector<int64_t>> formatOrder(NodeContext &c) {
  StringRef from = c.string("src_format", "NHWC"), to = c.string("dst_format", "NCHW");
  SmallVector<int64_t> order;
  for (char letter : to)
    order.push_back(from.find(letter));
  if (from.size() != to.size() || llvm::is_contained(order, int64_t(StringRef::npos)))
    return c.error() << "has src_format '" << from << "' and dst_format '" << to << "', expected the same letters";
  return order;
}

/// Which axis of the destination an axis of the source is.
static LogicalResult importDataFormatDimMap(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto order = formatOrder(c);
  if (failed(order) || failed(c.requireRank(0, 0)))
    return failure();
  SmallVector<int64_t> places(order->size());
  for (auto [i, from] : llvm::enumerate(*order))
    places[from] = i;
  Term x{b, c.input(0)};
  x = select(x < 0.0, x + double(order->size()), x);
  return c.result(b.create<dfg::GatherOp>(b.integers(places, b.elementType(x)), x, int64_t(0)));
}

/// Sizes, or rows of pairs, for each axis; of 4-letter formats also those of the spatial ones.
static LogicalResult importDataFormatVecPermute(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto order = formatOrder(c);
  if (failed(order) || failed(c.requireRank(0, 1, 2)))
    return failure();
  auto rows = b.number(b.dim(c.input(0), 0));
  StringRef from = c.string("src_format", "NHWC"), to = c.string("dst_format", "NCHW");
  if (rows && *rows + 2 == int64_t(order->size())) {
    auto spatial = [](StringRef format) {
      std::string letters = format.str();
      llvm::erase_if(letters, [](char letter) { return letter == 'N' || letter == 'C'; });
      return letters;
    };
    order->clear();
    for (char letter : spatial(to))
      order->push_back(spatial(from).find(letter));
  } else if (rows && *rows != int64_t(order->size())) {
    return c.error() << "has " << *rows << " sizes, expected " << order->size();
  }
  return c.result(b.create<dfg::GatherOp>(c.input(0), b.integers(*order), int64_t(0)));
}

void registerLayoutOps(OpRegistry &ops) {
  ops.add("BatchToSpace", importBatchBlocks<batchToSpace, true>);
  ops.add("BatchToSpaceND", importBatchBlocks<batchToSpace, false>);
  ops.add("DataFormatDimMap", importDataFormatDimMap);
  ops.add("DataFormatVecPermute", importDataFormatVecPermute);
  ops.add("DepthToSpace", importDepthBlocks<false>);
  ops.add("MirrorPad", importMirrorPad<false>);
  ops.add("MirrorPadGrad", importMirrorPad<true>);
  ops.add("Pad", importPad);
  ops.add("PadV2", importPad);
  ops.add("SpaceToBatch", importBatchBlocks<spaceToBatch, true>);
  ops.add("SpaceToBatchND", importBatchBlocks<spaceToBatch, false>);
  ops.add("SpaceToDepth", importDepthBlocks<true>);
}

} // namespace tfc::tf
