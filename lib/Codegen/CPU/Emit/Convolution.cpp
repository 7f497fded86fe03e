// Direct convolution: a register tile is some pixels of one output row by some vectors of output channels.
#include "ConvolutionShape.h"
#include "RegisterTile.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tfc::cpu {
namespace {

/// One convolution while it is being emitted.
class ConvolutionEmitter {
public:
  ConvolutionEmitter(KernelBuilder &kb, const ConvolutionOperands &operands, Epilogue epilogue)
      : kb(kb), operands(operands), plan(ConvolutionPlan::get(kb.target, operands)), epilogue(epilogue),
        shape(kb, operands.input, operands.output, ConvolutionSizes::of(operands, /*depthwise=*/false), operands.height,
              operands.width),
        element(cast<MemRefType>(operands.input.getType()).getElementType()), sum(sumTypeOf(element)),
        multiplier(kb, element, operands.unsignedInput),
        steps(llvm::divideCeil(shape.inputs, productsPerStep(element))),
        isFew(shape.inputs <= kFewChannels && !sum.isInteger()) {}

  void emit(Value begin, Value end);

private:
  /// The line that is being computed.
  struct Line {
    Value image, row;
    /// First input row of its windows, and the rows of the kernel that lie inside the input.
    Value start, kernelLow, kernelHigh;
  };

  /// Lines [from, to) of the tile of channels that starts at vector `vector`.
  void emitChannelTile(Value from, Value to, const Tiling::Kind &kind, Value vector);
  void emitLine(const Line &line, Value slot, const Tiling::Kind &kind, Value column, ArrayRef<Value> masks);
  void emitTile(const Line &line, const RegisterTile &tile, const TilePosition &position, Value slot);

  /// The sums of a tile: `init` and this pass's products.
  SmallVector<Value> accumulate(const Line &line, const RegisterTile &tile, const TilePosition &position,
                                ValueRange init);
  /// What the channels of a pixel for each row of the tile (null: none) add to sums.
  SmallVector<Value> accumulatePixels(const RegisterTile &tile, ArrayRef<Value> inputs, ValueRange init,
                                      llvm::function_ref<Value(int64_t vector, Value step)> weights);
  /// The same as `accumulate` for few input channels.
  SmallVector<Value> accumulateFew(const Line &line, const RegisterTile &tile, const TilePosition &position,
                                   ValueRange init);
  /// The channels of an input pixel: zeros beyond the sides, null if that is known already.
  Value inputPixel(const Line &line, Value row, Value column);
  /// `span` columns of the input, widened, from `start` on, for each row of a line's windows: [kernel
  /// row][column][channel]. Zero beyond the input's sides, undefined above and below it.
  Value copyWindows(const Line &line, Value start, int64_t span);

  KernelBuilder &kb;
  const ConvolutionOperands &operands;
  const ConvolutionPlan plan;
  Epilogue epilogue;
  ConvolutionShape shape;
  /// What the input holds, and what sums are kept in.
  const Type element, sum;
  const Multiplier multiplier;
  /// How many steps the input channels of a pixel are.
  const int64_t steps;
  /// Whether pixels have so few channels that they are read element by element.
  const bool isFew;
  Tiling pixels, channels;
  /// A pixel beyond the sides, or null where there is none.
  Value zeros;
  /// A pixel for each of a tile's, widened; null where elements are not.
  Value widened;
  /// The pass over input channels: at which step it begins and how many it takes. `parked` holds the sums between
  /// passes, or is null if there is but one.
  Value passBegin, passDepth, parked;
};

void ConvolutionEmitter::emit(Value begin, Value end) {
  if (!isFew && shape.width.crossesBorder()) {
    const int64_t size = llvm::alignTo(shape.inputs, kb.target.lanes());
    Value buffer = kb.stackBuffer({size}, element);
    kb.loop(kb.index(0), kb.index(size), kb.target.lanes(),
            [&](Value i) { kb.store(kb.splat(element, 0.0), buffer, i); });
    zeros = kb.view(buffer, kb.index(0), shape.inputs, /*dropped=*/0);
  }
  Value outputs = kb.index(shape.outputs);
  pixels = Tiling::ofRows(kb, shape.width.output, plan.tilePixels, plan.tilePixels / 2);
  channels = Tiling::ofColumns(kb, outputs, kb.target.lanes(), plan.tileVectors);
  Value lineUnits = kb.ceilDiv(shape.lines, plan.unitLines), channelUnits = kb.ceilDiv(outputs, plan.unitChannels);

  forEachUnitRow(kb, begin, end, channelUnits, [&](Value lineUnit, Value fromUnit, Value toUnit) {
    Value from = partStart(kb, lineUnit, lineUnits, shape.lines);
    Value to = partStart(kb, kb.add(lineUnit, 1), lineUnits, shape.lines);
    channels.forEach(kb, partStart(kb, fromUnit, channelUnits, channels.count),
                     partStart(kb, toUnit, channelUnits, channels.count),
                     [&](const Tiling::Kind &kind, Value, Value vector) { emitChannelTile(from, to, kind, vector); });
  });
}

void ConvolutionEmitter::emitChannelTile(Value from, Value to, const Tiling::Kind &kind, Value vector) {
  const int64_t lanes = kb.target.lanes();
  Value column = kb.mul(vector, lanes);
  const SmallVector<Value> masks = columnMasks(kb, kind, column, kb.index(shape.outputs));
  Value slotsPerLine = kb.mul(pixels.count, pixels.big.size);

  auto emitPass = [&] {
    kb.loop(from, to, 1, [&](Value line) {
      Value image = kb.div(line, shape.height.output);
      Value row = kb.sub(line, kb.mul(image, shape.height.output)), start = shape.height.start(kb, row);
      auto [low, high] = shape.height.insideKernel(kb, start);
      emitLine({image, row, start, low, high}, kb.mul(kb.sub(line, from), slotsPerLine), kind, column, masks);
    });
  };
  if (isNarrow(element) && !isFew)
    widened = kb.stackBuffer({plan.tilePixels, std::min(plan.depth, steps)}, sum);
  if (plan.depth >= steps) {
    passBegin = kb.index(0);
    passDepth = kb.index(steps);
    return emitPass();
  }
  const int64_t slots = plan.unitLines * *constantOf(slotsPerLine);
  parked = kb.stackBuffer({slots, kind.size * lanes}, sum);
  kb.loop(kb.index(0), kb.index(steps), plan.depth, [&](Value begin) {
    passBegin = begin;
    passDepth = kb.min(kb.index(plan.depth), kb.sub(kb.index(steps), begin));
    emitPass();
  });
  parked = {};
}

void ConvolutionEmitter::emitLine(const Line &line, Value slot, const Tiling::Kind &kind, Value column,
                                  ArrayRef<Value> masks) {
  pixels.forEach(kb, kb.index(0), pixels.count, [&](const Tiling::Kind &pixelKind, Value number, Value pixel) {
    const RegisterTile tile{pixelKind.size, kind.size};
    Value valid = pixelKind.overhangs ? kb.min(kb.index(tile.rows), kb.sub(shape.width.output, pixel)) : Value();
    emitTile(line, tile, {{line.image, line.row}, pixel, column, valid, SmallVector<Value>(masks)},
             kb.add(slot, kb.mul(number, pixels.big.size)));
  });
}

void ConvolutionEmitter::emitTile(const Line &line, const RegisterTile &tile, const TilePosition &position,
                                  Value slot) {
  SmallVector<Value> zeroSums = tile.zeros(kb, sum);
  if (!parked) {
    SmallVector<Value> sums = accumulate(line, tile, position, zeroSums);
    return finishTile(kb, tile, std::move(sums), position, operands.output, epilogue);
  }
  SmallVector<Value> sums = kb.ifThenElse(
      kb.equal(passBegin, kb.index(0)), TypeRange(ValueRange(zeroSums)), [&] { return zeroSums; },
      [&] { return tile.load(kb, parked, slot); });
  sums = accumulate(line, tile, position, sums);
  kb.ifThenElse(
      kb.less(kb.add(passBegin, passDepth), kb.index(steps)), [&] { tile.store(kb, sums, parked, slot); },
      [&] { finishTile(kb, tile, sums, position, operands.output, epilogue); });
}

SmallVector<Value> ConvolutionEmitter::accumulate(const Line &line, const RegisterTile &tile,
                                                  const TilePosition &position, ValueRange init) {
  if (isFew)
    return accumulateFew(line, tile, position, init);
  const PanelColumns panels(kb, operands.weights, tile, position);
  SmallVector<Value> starts;
  for (int64_t r = 0; r < tile.rows; ++r)
    starts.push_back(shape.width.start(kb, position.rowOf(kb, r)));
  auto accumulateTap = [&](Value kernelRow, Value kernelColumn, ValueRange sums) {
    Value inputRow = kb.add(line.start, kb.mul(kernelRow, operands.height.dilation));
    Value step = kb.mul(kernelColumn, operands.width.dilation);
    SmallVector<Value> inputs;
    for (Value start : starts)
      inputs.push_back(inputPixel(line, inputRow, kb.add(start, step)));
    return accumulatePixels(tile, inputs, sums, [&](int64_t v, Value step) {
      Value loaded = panels.load(kb, v, {kernelRow, kernelColumn, kb.add(passBegin, step)});
      return sum.isInteger() ? loaded : kb.widen(loaded, /*isUnsigned=*/!operands.unsignedInput);
    });
  };
  // The columns of a narrow image are known here, and so are the products with what lies beyond its sides.
  const bool writeOut = constantOf(position.row) && zeros && shape.width.kernel <= 7;
  return kb.reduce(line.kernelLow, line.kernelHigh, 1, init, [&](Value kernelRow, ValueRange sums) {
    if (!writeOut)
      return kb.reduce(kb.index(0), kb.index(shape.width.kernel), 1, sums, [&](Value kernelColumn, ValueRange sums) {
        return accumulateTap(kernelRow, kernelColumn, sums);
      });
    SmallVector<Value> next(sums);
    for (int64_t i = 0; i < shape.width.kernel; ++i)
      next = accumulateTap(kernelRow, kb.index(i), next);
    return next;
  });
}

SmallVector<Value> ConvolutionEmitter::accumulatePixels(const RegisterTile &tile, ArrayRef<Value> inputs,
                                                        ValueRange init,
                                                        llvm::function_ref<Value(int64_t, Value)> weights) {
  if (widened)
    for (auto [r, input] : llvm::enumerate(inputs))
      if (input)
        copyWidened(kb, input, passBegin, passDepth, widened, r);
  if (sum.isInteger())
    return tile.accumulateWords(
        kb, multiplier, init, passBegin, passDepth, shape.inputs,
        [&](int64_t r, Value byte) { return inputs[r] ? loadWord(kb, inputs[r], byte) : Value(); }, weights);
  auto channel = [&](int64_t r, Value step) -> Value {
    if (!inputs[r])
      return {};
    return widened ? kb.loadScalar(widened, {kb.index(r), step}) : kb.loadScalar(inputs[r], kb.add(passBegin, step));
  };
  return tile.accumulate(kb, multiplier, init, passDepth, channel, weights);
}

Value ConvolutionEmitter::inputPixel(const Line &line, Value row, Value column) {
  Value inside = kb.inside(column, shape.width.input);
  if (std::optional<int64_t> known = constantOf(inside); known && !*known)
    return {};
  Value pixel = kb.view(operands.input, {line.image, row, column, kb.index(0)}, {1, 1, 1, shape.inputs}, /*dropped=*/3);
  return zeros ? kb.select(inside, pixel, kb.castMemRef(zeros, pixel.getType())) : pixel;
}

SmallVector<Value> ConvolutionEmitter::accumulateFew(const Line &line, const RegisterTile &tile,
                                                     const TilePosition &position, ValueRange init) {
  const PanelColumns panels(kb, operands.weights, tile, position);
  SmallVector<Value> offsets;
  for (int64_t r = 0; r < tile.rows; ++r)
    offsets.push_back(kb.mul(kb.sub(position.rowOf(kb, r), position.row), operands.width.stride));
  // `load(kernel row, input column from the tile's first, channel)`
  auto accumulateFrom = [&](llvm::function_ref<Value(Value, Value, Value)> load) {
    return kb.reduce(line.kernelLow, line.kernelHigh, 1, init, [&](Value kernelRow, ValueRange sums) {
      return kb.reduce(kb.index(0), kb.index(shape.width.kernel), 1, sums, [&](Value kernelColumn, ValueRange sums) {
        Value first = kb.mul(kernelColumn, operands.width.dilation);
        SmallVector<Value> next(sums);
        for (int64_t i = 0; i < shape.inputs; ++i) {
          Value channel = kb.index(i);
          next = tile.step(
              multiplier, next,
              [&](int64_t r) { return kb.widen(load(kernelRow, kb.add(first, offsets[r]), channel)); },
              [&](int64_t v) {
                Value loaded = panels.load(kb, v, {kernelRow, kernelColumn, channel});
                return kb.widen(loaded, /*isUnsigned=*/!operands.unsignedInput);
              });
        }
        return next;
      });
    });
  };
  const int64_t span = (tile.rows - 1) * operands.width.stride + (shape.width.kernel - 1) * operands.width.dilation + 1;
  Value start = shape.width.start(kb, position.row);
  auto fromInput = [&] {
    return accumulateFrom([&](Value kernelRow, Value column, Value channel) {
      Value row = kb.add(line.start, kb.mul(kernelRow, operands.height.dilation));
      return kb.loadScalar(operands.input, {line.image, row, kb.add(start, column), channel});
    });
  };
  if (!shape.width.crossesBorder())
    return fromInput();
  // The few tiles at the sides read from a copy that has zeros there.
  Value inside = kb.logicalAnd(kb.less(kb.index(-1), start), kb.less(kb.add(start, span - 1), shape.width.input));
  return kb.ifThenElse(inside, TypeRange(init), fromInput, [&] {
    Value windows = copyWindows(line, start, span);
    return accumulateFrom([&](Value kernelRow, Value column, Value channel) {
      return kb.loadScalar(windows, {kernelRow, column, channel});
    });
  });
}

Value ConvolutionEmitter::copyWindows(const Line &line, Value start, int64_t span) {
  Value copy = kb.stackBuffer({shape.height.kernel, span, shape.inputs}, sum), zero = kb.zero(sum);
  kb.loop(line.kernelLow, line.kernelHigh, 1, [&](Value kernelRow) {
    Value row = kb.add(line.start, kb.mul(kernelRow, operands.height.dilation));
    kb.loop(kb.index(0), kb.index(span), 1, [&](Value i) {
      Value column = kb.add(start, i);
      for (int64_t c = 0; c < shape.inputs; ++c) {
        SmallVector<Value> value = kb.ifThenElse(
            kb.inside(column, shape.width.input), sum,
            [&] {
              return SmallVector<Value>{
                  kb.widen(kb.loadScalar(operands.input, {line.image, row, column, kb.index(c)}))};
            },
            [&] { return SmallVector<Value>{zero}; });
        kb.storeScalar(value[0], copy, {kernelRow, i, kb.index(c)});
      }
    });
  });
  return copy;
}

} // namespace

void emitConvolution(OpBuilder &builder, Location loc, const CpuTarget &processor, const ConvolutionOperands &operands,
                     Value begin, Value end, Epilogue epilogue) {
  const CpuTarget target =
      processor.computingWith(sumTypeOf(cast<MemRefType>(operands.input.getType()).getElementType()));
  KernelBuilder kb(builder, loc, target);
  ConvolutionEmitter(kb, operands, epilogue).emit(begin, end);
}

} // namespace tfc::cpu
