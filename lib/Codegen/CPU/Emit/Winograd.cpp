// Winograd convolutions: a block of tiles is transformed, multiplied slice by slice of the output's channels, and
// transformed back.
#include "tfc/Codegen/CPU/Emit/Winograd.h"

#include "RegisterTile.h"
#include "WinogradPoints.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "tfc/Codegen/CPU/Emit/Matmul.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tfc::cpu {
namespace {

/// Pixels of a tile's side in the output, and of what it sees in the input.
constexpr int64_t kOut = 4, kIn = 6;

/// One convolution while it is being emitted.
class WinogradEmitter {
public:
  WinogradEmitter(KernelBuilder &kb, const WinogradOperands &operands, Epilogue epilogue)
      : kb(kb), operands(operands), sizes(WinogradSizes::of(operands.input.getType(), operands.output.getType())),
        plan(WinogradPlan::get(kb.target, sizes)), epilogue(epilogue), element(kb.builder.getF32Type()),
        height(kb.dim(operands.output, 1)), width(kb.dim(operands.output, 2)), tilesDown(kb.ceilDiv(height, kOut)),
        tilesAcross(kb.ceilDiv(width, kOut)),
        tiles(kb.mul(kb.dim(operands.output, 0), kb.mul(tilesDown, tilesAcross))) {}

  void emit(Value begin, Value end);

private:
  /// A tile and its first pixel in the output.
  struct Tile {
    Value image, row, column;
  };
  using Vectors = SmallVector<Value>;

  Tile tileOf(Value number);
  /// Tiles from `first` on, at most a block of them and none from `end` on, and slices of channels [from, to).
  void emitBlock(Value first, Value end, Value from, Value to);
  /// Transforms what a tile sees to row `slot` of the scratch memory.
  void transformInput(const Tile &tile, Value slot);
  /// Products of the block's first `rows` tiles with `panels` panels of filters.
  void multiply(Value rows, Value panel, int64_t panels);
  void transformOutput(const Tile &tile, Value slot, Value panel, int64_t panels);
  /// One vector of a tile's channels: `channel` of the output, at `local` in the slice.
  void finish(const Tile &tile, Value slot, Value local, Value channel, Value mask, bool isWhole);

  Vectors inputTransform(ArrayRef<Value> d);
  Vectors outputTransform(ArrayRef<Value> m);
  Value constant(double value) { return kb.splat(element, value); }
  /// The first `rows` rows and `columns` columns of the matrix at [i, j] of scratch memory.
  Value matrix(Value scratch, Value i, Value j, Value rows, int64_t columns);

  KernelBuilder &kb;
  const WinogradOperands &operands;
  const WinogradSizes sizes;
  const WinogradPlan plan;
  Epilogue epilogue;
  const Type element;
  Value height, width, tilesDown, tilesAcross, tiles;
  /// A pixel beyond the borders.
  Value zeros;
  Tiling slices;
};

void WinogradEmitter::emit(Value begin, Value end) {
  const int64_t lanes = kb.target.lanes(), channels = llvm::alignTo(sizes.inputs, lanes);
  Value buffer = kb.stackBuffer({channels}, element);
  kb.loop(kb.index(0), kb.index(channels), lanes, [&](Value i) { kb.store(constant(0.0), buffer, i); });
  zeros = kb.view(buffer, kb.index(0), sizes.inputs, /*dropped=*/0);
  slices = Tiling::ofRows(kb, kb.index(panelCount(sizes.outputs)), plan.slicePanels, 0);
  Value rowUnits = kb.ceilDiv(kb.mul(kb.dim(operands.output, 0), height), plan.unitLines);
  forEachUnitRow(kb, begin, end, slices.count, [&](Value unit, Value fromSlice, Value toSlice) {
    Value to = partStart(kb, kb.add(unit, 1), rowUnits, tiles);
    kb.loop(partStart(kb, unit, rowUnits, tiles), to, plan.blockTiles,
            [&](Value first) { emitBlock(first, to, fromSlice, toSlice); });
  });
}

WinogradEmitter::Tile WinogradEmitter::tileOf(Value number) {
  Value perImage = kb.mul(tilesDown, tilesAcross), image = kb.div(number, perImage);
  Value rest = kb.sub(number, kb.mul(image, perImage)), down = kb.div(rest, tilesAcross);
  return {image, kb.mul(down, kOut), kb.mul(kb.sub(rest, kb.mul(down, tilesAcross)), kOut)};
}

void WinogradEmitter::emitBlock(Value first, Value end, Value from, Value to) {
  Value count = kb.min(kb.index(plan.blockTiles), kb.sub(end, first));
  // Where the number of tiles is known blocks are about equal, and a product of known size is worth a row too many.
  Value rows = constantOf(tiles) ? kb.index(plan.blockTiles) : count;
  kb.loop(kb.index(0), rows, 1,
          [&](Value slot) { transformInput(tileOf(kb.add(first, kb.min(slot, kb.sub(count, kb.index(1))))), slot); });
  slices.forEach(kb, from, to, [&](const Tiling::Kind &kind, Value, Value panel) {
    multiply(rows, panel, kind.size);
    kb.loop(kb.index(0), count, 1,
            [&](Value slot) { transformOutput(tileOf(kb.add(first, slot)), slot, panel, kind.size); });
  });
}

void WinogradEmitter::transformInput(const Tile &tile, Value slot) {
  Value inputHeight = kb.dim(operands.input, 1), inputWidth = kb.dim(operands.input, 2);
  Value top = kb.add(tile.row, -operands.padTop), left = kb.add(tile.column, -operands.padLeft);
  auto transform = [&](llvm::function_ref<Value(int64_t i, int64_t j, Value channel, Value mask)> load) {
    auto vector = [&](Value channel, Value mask) {
      Vectors half[kIn];
      for (int64_t j = 0; j < kIn; ++j) {
        Vectors column;
        for (int64_t i = 0; i < kIn; ++i)
          column.push_back(load(i, j, channel, mask));
        for (auto [i, value] : llvm::enumerate(inputTransform(column)))
          half[i].push_back(value);
      }
      for (int64_t i = 0; i < kIn; ++i)
        for (auto [j, value] : llvm::enumerate(inputTransform(half[i])))
          kb.store(value, operands.transformed, {kb.index(i), kb.index(j), slot, channel});
    };
    const int64_t lanes = kb.target.lanes(), rest = sizes.inputs % lanes, whole = sizes.inputs - rest;
    kb.loop(kb.index(0), kb.index(whole), lanes, [&](Value channel) { vector(channel, {}); });
    if (rest)
      vector(kb.index(whole), kb.maskOf(kb.index(rest)));
  };
  Value inside = kb.logicalAnd(kb.logicalAnd(kb.less(kb.index(-1), top), kb.less(kb.add(top, kIn - 1), inputHeight)),
                               kb.logicalAnd(kb.less(kb.index(-1), left), kb.less(kb.add(left, kIn - 1), inputWidth)));
  auto plain = [&] {
    transform([&](int64_t i, int64_t j, Value channel, Value mask) {
      return kb.load(operands.input, {tile.image, kb.add(top, i), kb.add(left, j), channel}, mask);
    });
  };
  kb.ifThenElse(inside, plain, [&] {
    Vectors pixels;
    for (int64_t i = 0; i < kIn; ++i)
      for (int64_t j = 0; j < kIn; ++j) {
        Value row = kb.add(top, i), column = kb.add(left, j);
        Value pixel =
            kb.view(operands.input, {tile.image, row, column, kb.index(0)}, {1, 1, 1, sizes.inputs}, /*dropped=*/3);
        pixels.push_back(kb.select(kb.logicalAnd(kb.inside(row, inputHeight), kb.inside(column, inputWidth)), pixel,
                                   kb.castMemRef(zeros, pixel.getType())));
      }
    transform(
        [&](int64_t i, int64_t j, Value channel, Value mask) { return kb.load(pixels[i * kIn + j], channel, mask); });
  });
}

Value WinogradEmitter::matrix(Value scratch, Value i, Value j, Value rows, int64_t columns) {
  auto one = kb.builder.getIndexAttr(1), zero = kb.builder.getIndexAttr(0);
  SmallVector<OpFoldResult> offsets{i, j, zero, zero}, strides(4, one);
  SmallVector<OpFoldResult> extents{one, one, getAsOpFoldResult(rows), kb.builder.getIndexAttr(columns)};
  auto type = cast<MemRefType>(scratch.getType());
  std::optional<int64_t> known = constantOf(rows);
  auto part = memref::SubViewOp::inferRankReducedResultType({known.value_or(ShapedType::kDynamic), columns}, type,
                                                            offsets, extents, strides);
  return memref::SubViewOp::create(kb.builder, kb.loc, cast<MemRefType>(part), scratch, offsets, extents, strides);
}

void WinogradEmitter::multiply(Value rows, Value panel, int64_t panels) {
  const int64_t columns = panels * kPanel;
  auto grid = MatmulPlan::get(kb.target, plan.blockTiles, columns, sizes.inputs)
                  .units(kb.builder.getContext())
                  .compose(ArrayRef<int64_t>{plan.blockTiles, columns});
  auto filters = [&](Value i, Value j) {
    return kb.view(operands.weights, {i, j, panel, kb.index(0), kb.index(0)}, {1, 1, panels, sizes.inputs, kPanel},
                   /*dropped=*/2);
  };
  kb.loop(kb.index(0), kb.index(kIn * kIn), 1, [&](Value number) {
    auto row = [&](Value number) { return kb.div(number, kIn); };
    auto column = [&](Value number) { return kb.sub(number, kb.mul(kb.div(number, kIn), kIn)); };
    Value i = row(number), j = column(number), next = kb.min(kb.add(number, 1), kb.index(kIn * kIn - 1));
    MatmulOperands product;
    product.a = matrix(operands.transformed, i, j, rows, sizes.inputs);
    product.b = filters(i, j);
    product.c = matrix(operands.products, i, j, rows, columns);
    // Filters that no cache holds would keep the products waiting.
    product.nextB = filters(row(next), column(next));
    emitMatmul(kb.builder, kb.loc, kb.target, product, kb.index(0), kb.index(grid[0] * grid[1]));
  });
}

void WinogradEmitter::transformOutput(const Tile &tile, Value slot, Value panel, int64_t panels) {
  const int64_t lanes = kb.target.lanes();
  Value first = kb.mul(panel, kPanel), room = kb.index(panels * kPanel);
  Value count = sizes.outputs % kPanel ? kb.min(room, kb.sub(kb.index(sizes.outputs), first)) : room;
  auto emit = [&](bool isWhole) {
    Value full = kb.mul(kb.div(count, lanes), lanes);
    kb.loop(kb.index(0), full, lanes,
            [&](Value local) { finish(tile, slot, local, kb.add(first, local), {}, isWhole); });
    if (sizes.outputs % lanes)
      kb.ifThen(kb.less(full, count),
                [&] { finish(tile, slot, full, kb.add(first, full), kb.maskOf(kb.sub(count, full)), isWhole); });
  };
  auto divides = [](Value size) { return constantOf(size) && *constantOf(size) % kOut == 0; };
  if (divides(height) && divides(width))
    return emit(/*isWhole=*/true);
  Value isWhole =
      kb.logicalAnd(kb.less(kb.add(tile.row, kOut - 1), height), kb.less(kb.add(tile.column, kOut - 1), width));
  kb.ifThenElse(isWhole, [&] { emit(true); }, [&] { emit(false); });
}

void WinogradEmitter::finish(const Tile &tile, Value slot, Value local, Value channel, Value mask, bool isWhole) {
  Vectors half[kOut];
  for (int64_t j = 0; j < kIn; ++j) {
    Vectors column;
    for (int64_t i = 0; i < kIn; ++i)
      column.push_back(kb.load(operands.products, {kb.index(i), kb.index(j), slot, local}));
    for (auto [i, value] : llvm::enumerate(outputTransform(column)))
      half[i].push_back(value);
  }
  for (int64_t i = 0; i < kOut; ++i) {
    Value row = kb.add(tile.row, i);
    auto store = [&] {
      Value valid = isWhole ? Value() : kb.min(kb.index(kOut), kb.sub(width, tile.column));
      finishTile(kb, {kOut, 1}, outputTransform(half[i]),
                 {{tile.image, row}, tile.column, channel, valid, {mask}, /*restDiffers=*/true}, operands.output,
                 epilogue);
    };
    if (isWhole)
      store();
    else
      kb.ifThen(kb.less(row, height), store);
  }
}

WinogradEmitter::Vectors WinogradEmitter::inputTransform(ArrayRef<Value> d) {
  const double near = kNearPoint * kNearPoint, far = kFarPoint * kFarPoint;
  auto end = [&](Value x, Value y, Value z) {
    return kb.fma(constant(near * far), x, kb.fma(constant(-near - far), y, z));
  };
  Vectors result{end(d[0], d[2], d[4])};
  auto pair = [&](double point, double other) {
    Value even = kb.fma(constant(-other), d[2], d[4]), odd = kb.fma(constant(-other), d[1], d[3]);
    result.push_back(kb.fma(constant(point), odd, even));
    result.push_back(kb.fma(constant(-point), odd, even));
  };
  pair(kNearPoint, far);
  pair(kFarPoint, near);
  result.push_back(end(d[1], d[3], d[5]));
  return result;
}

WinogradEmitter::Vectors WinogradEmitter::outputTransform(ArrayRef<Value> m) {
  const double near = kNearPoint, far = kFarPoint;
  auto add = [&](Value x, Value y) -> Value { return arith::AddFOp::create(kb.builder, kb.loc, x, y); };
  auto sub = [&](Value x, Value y) -> Value { return arith::SubFOp::create(kb.builder, kb.loc, x, y); };
  auto mul = [&](double x, Value y) -> Value { return arith::MulFOp::create(kb.builder, kb.loc, constant(x), y); };
  Value evenNear = add(m[1], m[2]), oddNear = sub(m[1], m[2]), evenFar = add(m[3], m[4]), oddFar = sub(m[3], m[4]);
  return {add(add(m[0], evenNear), evenFar), kb.fma(constant(far), oddFar, mul(near, oddNear)),
          kb.fma(constant(far * far), evenFar, mul(near * near, evenNear)),
          kb.fma(constant(far * far * far), oddFar, kb.fma(constant(near * near * near), oddNear, m[5]))};
}

} // namespace

WinogradSizes WinogradSizes::of(Type input, Type output) {
  auto x = cast<ShapedType>(input), y = cast<ShapedType>(output);
  return {y.getDimSize(0), y.getDimSize(1), y.getDimSize(2), x.getDimSize(3), y.getDimSize(3)};
}

bool WinogradSizes::pays() const {
  // The weights, four times as many, are read at least once: with few pixels that takes longer than the products.
  auto known = [](int64_t size, int64_t otherwise) { return ShapedType::isDynamic(size) ? otherwise : size; };
  return inputs >= 16 && outputs >= 16 && known(images, 1) * known(outputHeight, 64) * known(outputWidth, 64) >= 100;
}

WinogradPlan WinogradPlan::get(const CpuTarget &target, const WinogradSizes &sizes) {
  WinogradPlan plan{};
  const int64_t panels = panelCount(sizes.outputs);
  plan.slicePanels = std::min<int64_t>(panels, 4);
  // Rows a power of two apart would compete for a few sets of the caches.
  plan.transformedRow = llvm::alignTo(sizes.inputs, kPanel) + kPanel;
  plan.productsRow = (plan.slicePanels + 1) * kPanel;
  const int64_t tileBytes = kIn * kIn * (plan.transformedRow + plan.productsRow) * sizeof(float);
  // The weights pass through once a block: blocks of few tiles would wait for them.
  const int64_t most = std::clamp<int64_t>(target.l2Bytes * 3 / 4 / tileBytes, 16, 64);
  const bool isStatic = !ShapedType::isDynamic(sizes.images) && !ShapedType::isDynamic(sizes.outputHeight) &&
                        !ShapedType::isDynamic(sizes.outputWidth);
  if (!isStatic) {
    const int64_t across = ShapedType::isDynamic(sizes.outputWidth) ? 16 : llvm::divideCeil(sizes.outputWidth, kOut);
    plan.blockTiles = most;
    plan.unitLines = std::max<int64_t>(kOut * most / std::max<int64_t>(across, 1), 1);
    return plan;
  }
  const int64_t lines = std::max<int64_t>(sizes.images * sizes.outputHeight, 1);
  const int64_t tiles = std::max<int64_t>(
      sizes.images * llvm::divideCeil(sizes.outputHeight, kOut) * llvm::divideCeil(sizes.outputWidth, kOut), 1);
  plan.unitLines = llvm::divideCeil(lines, llvm::divideCeil(tiles, most));
  plan.blockTiles = llvm::divideCeil(tiles, llvm::divideCeil(lines, plan.unitLines));
  return plan;
}

AffineMap WinogradPlan::units(MLIRContext *context) const {
  AffineExpr lines, channels;
  bindDims(context, lines, channels);
  return AffineMap::get(2, 0, {lines.ceilDiv(unitLines), channels.ceilDiv(slicePanels * kPanel)}, context);
}

void emitWinograd(OpBuilder &builder, Location loc, const CpuTarget &processor, const WinogradOperands &operands,
                  Value begin, Value end, Epilogue epilogue) {
  const CpuTarget target = processor.computingWith({});
  KernelBuilder kb(builder, loc, target);
  WinogradEmitter(kb, operands, epilogue).emit(begin, end);
}

} // namespace tfc::cpu
