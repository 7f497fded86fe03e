// Depthwise convolution: a register tile is some pixels of one output row by some vectors of channels; each vector of
// the input that is loaded serves all pixels of the tile whose windows hold it.
#include "ConvolutionShape.h"
#include "RegisterTile.h"

using namespace mlir;

namespace tfc::cpu {
namespace {

/// One depthwise convolution while it is being emitted.
class DepthwiseEmitter {
public:
  DepthwiseEmitter(KernelBuilder &kb, const ConvolutionOperands &operands, Epilogue epilogue)
      : kb(kb), operands(operands), plan(ConvolutionPlan::getDepthwise(kb.target, operands)), epilogue(epilogue),
        shape(kb, operands, /*depthwise=*/true) {}

  void emit(Value begin, Value end);

private:
  /// Tiles of channels [from, to) of one row of pixels.
  void emitLine(Value line, Value from, Value to);
  void emitTile(Value inputStart, Value low, Value high, const RegisterTile &tile, const TilePosition &position);
  /// The tile's channels of an input pixel: zeros beyond the sides, null if that is known already.
  Value inputPixel(const TilePosition &position, Value row, Value column, int64_t vectors);

  KernelBuilder &kb;
  const ConvolutionOperands &operands;
  const ConvolutionPlan plan;
  Epilogue epilogue;
  ConvolutionShape shape;
  Tiling pixels, channels;
  /// A tile's channels of a pixel beyond the sides, or null where there is none.
  Value zeros;
};

void DepthwiseEmitter::emit(Value begin, Value end) {
  Type f32 = kb.builder.getF32Type();
  if (shape.width.crossesBorder()) {
    zeros = kb.stackBuffer({plan.tileVectors * kb.target.lanes()}, f32);
    for (int64_t v = 0; v < plan.tileVectors; ++v)
      kb.store(kb.splat(f32, 0.0), zeros, kb.index(v * kb.target.lanes()));
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

void DepthwiseEmitter::emitLine(Value line, Value from, Value to) {
  Value image = kb.div(line, shape.height.output), row = kb.sub(line, kb.mul(image, shape.height.output));
  Value start = shape.height.start(kb, row);
  auto [low, high] = shape.height.insideKernel(kb, start);
  pixels.forEach(
      kb, kb.index(0), pixels.count, [&, low = low, high = high](const Tiling::Kind &pixelKind, Value, Value pixel) {
        Value valid =
            pixelKind.overhangs ? kb.min(kb.index(pixelKind.size), kb.sub(shape.width.output, pixel)) : Value();
        channels.forEach(kb, from, to, [&](const Tiling::Kind &kind, Value, Value vector) {
          Value column = kb.mul(vector, kb.target.lanes());
          emitTile(start, low, high, {pixelKind.size, kind.size},
                   {{image, row},
                    pixel,
                    column,
                    valid,
                    columnMasks(kb, kind, column, kb.index(shape.outputs)),
                    /*restDiffers=*/true});
        });
      });
}

void DepthwiseEmitter::emitTile(Value inputStart, Value low, Value high, const RegisterTile &tile,
                                const TilePosition &position) {
  const Window &window = operands.width;
  const PanelColumns panels(kb, operands.weights, tile, position);
  const int64_t span = (tile.rows - 1) * window.stride + (shape.width.kernel - 1) * window.dilation + 1;
  Value start = shape.width.start(kb, position.row);

  SmallVector<Value> sums = tile.zeros(kb, kb.builder.getF32Type());
  sums = kb.reduce(low, high, 1, sums, [&](Value kernelRow, ValueRange carried) {
    SmallVector<Value> next(carried), filter;
    for (int64_t tap = 0; tap < shape.width.kernel; ++tap)
      for (int64_t v = 0; v < tile.vectors; ++v)
        filter.push_back(panels.load(kb, v, {kernelRow, kb.index(tap)}));
    Value inputRow = kb.add(inputStart, kb.mul(kernelRow, operands.height.dilation));
    for (int64_t i = 0; i < span; ++i) {
      Value pixel = inputPixel(position, inputRow, kb.add(start, i), tile.vectors);
      for (int64_t v = 0; v < tile.vectors && pixel; ++v) {
        Value input;
        for (int64_t r = 0; r < tile.rows; ++r) {
          const int64_t offset = i - r * window.stride, tap = offset / window.dilation;
          if (offset < 0 || offset % window.dilation || tap >= shape.width.kernel)
            continue;
          if (!input)
            input = kb.load(pixel, kb.index(v * kb.target.lanes()), position.masks[v]);
          Value &sum = next[r * tile.vectors + v];
          sum = kb.fma(input, filter[tap * tile.vectors + v], sum);
        }
      }
    }
    return next;
  });
  finishTile(kb, tile, std::move(sums), position, operands.output, epilogue);
}

Value DepthwiseEmitter::inputPixel(const TilePosition &position, Value row, Value column, int64_t vectors) {
  Value inside = kb.inside(column, shape.width.input);
  if (std::optional<int64_t> known = constantOf(inside); known && !*known)
    return {};
  const int64_t channels = vectors * kb.target.lanes();
  Value pixel = kb.view(operands.input, {position.outer[0], row, column, position.column}, {1, 1, 1, channels},
                        /*dropped=*/3);
  if (!zeros)
    return pixel;
  Value zeroPixel = kb.view(zeros, kb.index(0), channels, /*dropped=*/0);
  return kb.select(inside, pixel, kb.castMemRef(zeroPixel, pixel.getType()));
}

} // namespace

void emitDepthwiseConvolution(OpBuilder &builder, Location loc, const CpuTarget &target,
                              const ConvolutionOperands &operands, Value begin, Value end, Epilogue epilogue) {
  KernelBuilder kb(builder, loc, target);
  DepthwiseEmitter(kb, operands, epilogue).emit(begin, end);
}

} // namespace tfc::cpu
