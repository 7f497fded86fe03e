// Kernels that slide a window over each channel by itself: depthwise convolution and pooling. A register tile is some
// pixels of one output row by some vectors of channels; a vector of the input that is loaded serves all pixels of the
// tile whose windows hold it.
#include "ConvolutionShape.h"
#include "RegisterTile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "tfc/Codegen/CPU/Emit/Pooling.h"
#include <limits>

using namespace mlir;

namespace tfc::cpu {
namespace {

/// What is done with the inputs of a window.
enum class Combination { filter, max, sum };

/// Kernels up to this width are written out; wider ones are loops, each pixel loading for itself.
constexpr int64_t kWrittenWidth = 9;

/// One such kernel while it is being emitted.
class SlidingWindowEmitter {
public:
  SlidingWindowEmitter(KernelBuilder &kb, Value input, Value filters, Value output, Combination combination,
                       const ConvolutionShape &shape, const ConvolutionPlan &plan, Epilogue epilogue)
      : kb(kb), input(input), filters(filters), output(output), combination(combination), shape(shape), plan(plan),
        epilogue(epilogue), sum(sumTypeOf(cast<MemRefType>(input.getType()).getElementType())) {}

  void emit(Value begin, Value end);

private:
  /// The line that is being computed: first input row of its windows, rows of the kernel that lie inside the input.
  struct Line {
    Value start, kernelLow, kernelHigh;
  };

  double identity() const { return combination == Combination::max ? -std::numeric_limits<double>::infinity() : 0.0; }
  Value combine(Value vector, Value filter, Value accumulator);
  /// Tiles of channels [from, to) of one row of pixels.
  void emitLine(Value line, Value from, Value to);
  void emitTile(const Line &line, const RegisterTile &tile, const TilePosition &position);
  /// Combines what one row of the kernel covers.
  SmallVector<Value> combineRow(const RegisterTile &tile, const TilePosition &position, Value inputRow,
                                llvm::function_ref<Value(Value tap, int64_t v)> filter, ValueRange accumulators);
  SmallVector<Value> combineWideRow(const RegisterTile &tile, const TilePosition &position, Value inputRow,
                                    llvm::function_ref<Value(Value tap, int64_t v)> filter, ValueRange accumulators);
  /// The tile's channels of an input pixel: `beyond` where it lies beyond the sides, null if that is known already.
  Value inputPixel(const TilePosition &position, Value row, Value column, int64_t vectors);

  KernelBuilder &kb;
  Value input, filters, output;
  const Combination combination;
  const ConvolutionShape &shape;
  const ConvolutionPlan &plan;
  Epilogue epilogue;
  /// What windows are combined in.
  const Type sum;
  Tiling pixels, channels;
  /// A tile's channels of a pixel that changes nothing, or null where all windows lie inside.
  Value beyond;
};

void SlidingWindowEmitter::emit(Value begin, Value end) {
  if (shape.width.crossesBorder()) {
    Type element = cast<MemRefType>(input.getType()).getElementType();
    beyond = kb.stackBuffer({plan.tileVectors * kb.target.lanes()}, element);
    for (int64_t v = 0; v < plan.tileVectors; ++v)
      kb.store(kb.splat(element, identity()), beyond, kb.index(v * kb.target.lanes()));
  }
  Value outputs = kb.index(shape.outputs);
  pixels = Tiling::ofRows(kb, shape.width.output, plan.tilePixels, plan.tilePixels / 2);
  channels = Tiling::ofColumns(kb, outputs, kb.target.lanes(), plan.tileVectors);
  Value lineUnits = kb.ceilDiv(shape.lines, plan.unitLines), channelUnits = kb.ceilDiv(outputs, plan.unitChannels);

  forEachUnitRow(kb, begin, end, channelUnits, [&](Value lineUnit, Value fromUnit, Value toUnit) {
    Value from = partStart(kb, fromUnit, channelUnits, channels.count);
    Value to = partStart(kb, toUnit, channelUnits, channels.count);
    kb.loop(partStart(kb, lineUnit, lineUnits, shape.lines), partStart(kb, kb.add(lineUnit, 1), lineUnits, shape.lines),
            1, [&](Value line) { emitLine(line, from, to); });
  });
}

void SlidingWindowEmitter::emitLine(Value number, Value from, Value to) {
  Value image = kb.div(number, shape.height.output), row = kb.sub(number, kb.mul(image, shape.height.output));
  Value start = shape.height.start(kb, row);
  auto [low, high] = shape.height.insideKernel(kb, start);
  const Line line{start, low, high};
  pixels.forEach(kb, kb.index(0), pixels.count, [&](const Tiling::Kind &pixelKind, Value, Value pixel) {
    Value valid = pixelKind.overhangs ? kb.min(kb.index(pixelKind.size), kb.sub(shape.width.output, pixel)) : Value();
    channels.forEach(kb, from, to, [&](const Tiling::Kind &kind, Value, Value vector) {
      Value column = kb.mul(vector, kb.target.lanes());
      const SmallVector<Value> masks = columnMasks(kb, kind, column, kb.index(shape.outputs));
      emitTile(line, {pixelKind.size, kind.size}, {{image, row}, pixel, column, valid, masks, /*restDiffers=*/true});
    });
  });
}

void SlidingWindowEmitter::emitTile(const Line &line, const RegisterTile &tile, const TilePosition &position) {
  std::optional<PanelColumns> panels;
  if (combination == Combination::filter)
    panels.emplace(kb, filters, tile, position);
  SmallVector<Value> accumulators(tile.rows * tile.vectors, kb.splat(sum, identity()));
  accumulators = kb.reduce(line.kernelLow, line.kernelHigh, 1, accumulators, [&](Value kernelRow, ValueRange carried) {
    Value inputRow = kb.add(line.start, kb.mul(kernelRow, shape.height.window.dilation));
    auto filter = [&](Value tap, int64_t v) {
      return panels ? kb.widen(panels->load(kb, v, {kernelRow, tap})) : Value();
    };
    return shape.width.kernel <= kWrittenWidth ? combineRow(tile, position, inputRow, filter, carried)
                                               : combineWideRow(tile, position, inputRow, filter, carried);
  });
  finishTile(kb, tile, std::move(accumulators), position, output, epilogue);
}

SmallVector<Value> SlidingWindowEmitter::combineRow(const RegisterTile &tile, const TilePosition &position,
                                                    Value inputRow, llvm::function_ref<Value(Value, int64_t)> filter,
                                                    ValueRange accumulators) {
  const Window &window = shape.width.window;
  const int64_t span = (tile.rows - 1) * window.stride + (shape.width.kernel - 1) * window.dilation + 1;
  Value start = shape.width.start(kb, position.row);
  SmallVector<Value> next(accumulators), taps;
  for (int64_t tap = 0; tap < shape.width.kernel; ++tap)
    for (int64_t v = 0; v < tile.vectors; ++v)
      taps.push_back(filter(kb.index(tap), v));
  for (int64_t i = 0; i < span; ++i) {
    Value pixel = inputPixel(position, inputRow, kb.add(start, i), tile.vectors);
    for (int64_t v = 0; v < tile.vectors && pixel; ++v) {
      Value vector;
      for (int64_t r = 0; r < tile.rows; ++r) {
        const int64_t offset = i - r * window.stride, tap = offset / window.dilation;
        if (offset < 0 || offset % window.dilation || tap >= shape.width.kernel)
          continue;
        if (!vector)
          vector = kb.widen(kb.load(pixel, kb.index(v * kb.target.lanes()), position.masks[v]));
        Value &accumulator = next[r * tile.vectors + v];
        accumulator = combine(vector, taps[tap * tile.vectors + v], accumulator);
      }
    }
  }
  return next;
}

SmallVector<Value> SlidingWindowEmitter::combineWideRow(const RegisterTile &tile, const TilePosition &position,
                                                        Value inputRow,
                                                        llvm::function_ref<Value(Value, int64_t)> filter,
                                                        ValueRange accumulators) {
  Value start = shape.width.start(kb, position.row);
  return kb.reduce(kb.index(0), kb.index(shape.width.kernel), 1, accumulators, [&](Value tap, ValueRange carried) {
    SmallVector<Value> next(carried), taps;
    for (int64_t v = 0; v < tile.vectors; ++v)
      taps.push_back(filter(tap, v));
    Value first = kb.add(start, kb.mul(tap, shape.width.window.dilation));
    for (int64_t r = 0; r < tile.rows; ++r) {
      Value pixel = inputPixel(position, inputRow, kb.add(first, r * shape.width.window.stride), tile.vectors);
      for (int64_t v = 0; v < tile.vectors && pixel; ++v) {
        Value vector = kb.widen(kb.load(pixel, kb.index(v * kb.target.lanes()), position.masks[v]));
        Value &accumulator = next[r * tile.vectors + v];
        accumulator = combine(vector, taps[v], accumulator);
      }
    }
    return next;
  });
}

Value SlidingWindowEmitter::combine(Value vector, Value filter, Value accumulator) {
  switch (combination) {
  case Combination::filter: return kb.fma(vector, filter, accumulator);
  case Combination::sum: return arith::AddFOp::create(kb.builder, kb.loc, accumulator, vector);
  case Combination::max: return kb.maxFloat(vector, accumulator);
  }
  llvm_unreachable("all combinations are handled");
}

Value SlidingWindowEmitter::inputPixel(const TilePosition &position, Value row, Value column, int64_t vectors) {
  Value inside = kb.inside(column, shape.width.input);
  if (std::optional<int64_t> known = constantOf(inside); known && !*known)
    return {};
  const int64_t size = vectors * kb.target.lanes();
  Value pixel = kb.view(input, {position.outer[0], row, column, position.column}, {1, 1, 1, size}, /*dropped=*/3);
  if (!beyond)
    return pixel;
  Value neutral = kb.view(beyond, kb.index(0), size, /*dropped=*/0);
  return kb.select(inside, pixel, kb.castMemRef(neutral, pixel.getType()));
}

} // namespace

static CpuTarget targetFor(const CpuTarget &processor, Value input) {
  return processor.computingWith(sumTypeOf(cast<MemRefType>(input.getType()).getElementType()));
}

void emitDepthwiseConvolution(OpBuilder &builder, Location loc, const CpuTarget &processor,
                              const ConvolutionOperands &operands, Value begin, Value end, Epilogue epilogue) {
  const CpuTarget target = targetFor(processor, operands.input);
  KernelBuilder kb(builder, loc, target);
  const ConvolutionSizes sizes = ConvolutionSizes::of(operands, /*depthwise=*/true);
  const ConvolutionShape shape(kb, operands.input, operands.output, sizes, operands.height, operands.width);
  const ConvolutionPlan plan = ConvolutionPlan::getDepthwise(target, sizes);
  SlidingWindowEmitter(kb, operands.input, operands.weights, operands.output, Combination::filter, shape, plan,
                       epilogue)
      .emit(begin, end);
}

ConvolutionSizes PoolingOperands::sizes() const {
  auto type = cast<MemRefType>(output.getType());
  Type element = cast<MemRefType>(input.getType()).getElementType();
  return {1, type.getDimSize(3), kernelHeight, kernelWidth, type.getDimSize(2), element};
}

void emitPooling(OpBuilder &builder, Location loc, const CpuTarget &processor, const PoolingOperands &operands,
                 Value begin, Value end, Epilogue epilogue) {
  const CpuTarget target = targetFor(processor, operands.input);
  KernelBuilder kb(builder, loc, target);
  const ConvolutionSizes sizes = operands.sizes();
  const ConvolutionShape shape(kb, operands.input, operands.output, sizes, operands.height, operands.width);
  const ConvolutionPlan plan = ConvolutionPlan::getDepthwise(target, sizes);
  auto emit = [&](Combination combination, Epilogue finish) {
    SlidingWindowEmitter(kb, operands.input, Value(), operands.output, combination, shape, plan, finish)
        .emit(begin, end);
  };
  if (operands.kind == PoolingKind::max)
    return emit(Combination::max, epilogue);
  if (operands.kind == PoolingKind::sum)
    return emit(Combination::sum, epilogue);

  auto insideOf = [&](const SlidingDim &dim, Value output) {
    auto [low, high] = dim.insideKernel(kb, dim.start(kb, output));
    return kb.sub(high, low);
  };
  emit(Combination::sum, [&](OpBuilder &b, Location l, Value sum, ValueRange at, Value mask) -> Value {
    Value count = operands.kind == PoolingKind::average
                      ? kb.mul(insideOf(shape.height, at[1]), insideOf(shape.width, at[2]))
                      : kb.index(sizes.kernelHeight * sizes.kernelWidth);
    Value mean = arith::DivFOp::create(b, l, sum, kb.broadcast(kb.toFloat(count)));
    return epilogue ? epilogue(b, l, mean, at, mask) : mean;
  });
}

} // namespace tfc::cpu
