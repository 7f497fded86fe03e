// Sizes of convolutions, and how they are cut into tiles and work units.
#include "ConvolutionShape.h"
#include "RegisterTile.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tfc::cpu {

bool SlidingDim::crossesBorder() const {
  std::optional<int64_t> inputs = constantOf(input), outputs = constantOf(output);
  if (window.padding > 0 || !inputs || !outputs)
    return true;
  return (*outputs - 1) * window.stride + (kernel - 1) * window.dilation >= *inputs;
}

Value SlidingDim::start(KernelBuilder &kb, Value output) const {
  return kb.add(kb.mul(output, window.stride), -window.padding);
}

std::pair<Value, Value> SlidingDim::insideKernel(KernelBuilder &kb, Value start) const {
  if (!crossesBorder())
    return {kb.index(0), kb.index(kernel)};
  Value zero = kb.index(0);
  Value before = kb.max(kb.sub(zero, start), zero), until = kb.max(kb.sub(input, start), zero);
  return {kb.ceilDiv(before, window.dilation), kb.min(kb.ceilDiv(until, window.dilation), kb.index(kernel))};
}

static int64_t size(Value memref, int64_t dim) { return cast<MemRefType>(memref.getType()).getDimSize(dim); }

ConvolutionSizes ConvolutionSizes::of(const ConvolutionOperands &operands, bool depthwise) {
  return {depthwise ? 1 : size(operands.input, 3),
          size(operands.output, 3),
          size(operands.weights, 1),
          size(operands.weights, 2),
          size(operands.output, 2),
          cast<MemRefType>(operands.input.getType()).getElementType()};
}

ConvolutionShape::ConvolutionShape(KernelBuilder &kb, Value input, Value output, const ConvolutionSizes &sizes,
                                   const Window &height, const Window &width)
    : images(kb.dim(output, 0)), height{height, sizes.kernelHeight, kb.dim(input, 1), kb.dim(output, 1)},
      width{width, sizes.kernelWidth, kb.dim(input, 2), kb.dim(output, 2)}, outputs(sizes.outputs),
      inputs(sizes.inputs), lines(kb.mul(images, this->height.output)) {}

/// How many lines make about `pixels` pixels.
static int64_t linesFor(int64_t pixels, int64_t width) {
  // An image of unknown width is taken for a middling one.
  return std::max<int64_t>(pixels / (ShapedType::isDynamic(width) ? 64 : std::max<int64_t>(width, 1)), 1);
}

ConvolutionPlan ConvolutionPlan::get(const CpuTarget &processor, const ConvolutionSizes &shape) {
  const CpuTarget target = processor.computingWith(sumTypeOf(shape.element));
  const int64_t taps = shape.kernelHeight * shape.kernelWidth;
  const int64_t steps = llvm::divideCeil(shape.inputs, productsPerStep(shape.element));
  const RegisterTile tile = RegisterTile::choose(target, shape.outputWidth, shape.outputs, taps * steps,
                                                 Multiplier::partCount(target, shape.element));
  ConvolutionPlan plan{tile.rows, tile.vectors, linesFor(256, shape.outputWidth), 0, steps};
  const int64_t tileChannels = tile.vectors * target.lanes();
  plan.unitChannels = std::max<int64_t>(64 / tileChannels, 1) * tileChannels;

  // The weights of a tile pass through once for each group of pixels. If they are too many for L2 a unit makes several
  // passes, each over a part of the input channels; that its sums fit on the stack needs a known width.
  const int64_t bytes = target.elementBits / 8;
  const int64_t slab = taps * steps * tileChannels * bytes, room = target.l2Bytes / 2;
  const bool parkable = !ShapedType::isDynamic(shape.outputWidth) &&
                        plan.unitLines * llvm::alignTo(shape.outputWidth, tile.rows) * tileChannels * bytes <= 64 << 10;
  if (slab > room && parkable && shape.inputs > kFewChannels)
    plan.depth = llvm::alignTo(llvm::divideCeil(steps, llvm::divideCeil(slab, room)), 16);
  return plan;
}

ConvolutionPlan ConvolutionPlan::getDepthwise(const CpuTarget &processor, const ConvolutionSizes &shape) {
  const CpuTarget target = processor.computingWith(sumTypeOf(shape.element));
  // Sums, the filter's row, and an input share the registers; longer rows of filters are read from memory as needed.
  ConvolutionPlan plan{};
  plan.tileVectors = std::min<int64_t>(llvm::divideCeil(shape.outputs, target.lanes()), 2);
  plan.tilePixels = target.registers() == 32 ? 8 : 4;
  if (!ShapedType::isDynamic(shape.outputWidth))
    plan.tilePixels = std::clamp<int64_t>(shape.outputWidth, 1, plan.tilePixels);
  // Bounds the code: a row of the kernel may be written out.
  while (plan.tilePixels > 4 && plan.tilePixels * plan.tileVectors * shape.kernelWidth > 128)
    --plan.tilePixels;
  plan.unitLines = linesFor(256, shape.outputWidth);
  plan.unitChannels = 256;
  return plan;
}

AffineMap ConvolutionPlan::units(MLIRContext *context) const {
  AffineExpr lines, channels;
  bindDims(context, lines, channels);
  return AffineMap::get(2, 0, {lines.ceilDiv(unitLines), channels.ceilDiv(unitChannels)}, context);
}

} // namespace tfc::cpu
