// Emitted convolutions against a plain loop: borders, strides, dilations, channel tails, dynamic sizes, splits.
#include "tfc/Codegen/CPU/Emit/Convolution.h"

#include "JitKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mlir;
using namespace tfc;
using namespace tfc::test;

namespace {

struct Case {
  int64_t images, height, width, inputs, outputs, kernelHeight, kernelWidth;
  cpu::Window vertical, horizontal;
  /// Padding after the end.
  int64_t padBottom, padRight;

  int64_t outputHeight() const {
    return (height + vertical.padding + padBottom - (kernelHeight - 1) * vertical.dilation - 1) / vertical.stride + 1;
  }
  int64_t outputWidth() const {
    return (width + horizontal.padding + padRight - (kernelWidth - 1) * horizontal.dilation - 1) / horizontal.stride +
           1;
  }
};

/// Square kernel, one stride and padding for all sides.
Case square(int64_t size, int64_t inputs, int64_t outputs, int64_t kernel, int64_t stride, int64_t padding,
            int64_t images = 1) {
  return {images,  size,   size, inputs, outputs, kernel, kernel, {stride, 1, padding}, {stride, 1, padding},
          padding, padding};
}

enum class Layout { channelsLast, channelsFirst };

struct Problem {
  Problem(const Case &c, bool depthwise)
      : shape(c), depthwise(depthwise), channels(depthwise ? c.outputs : c.inputs),
        input(randomFloats(c.images * c.height * c.width * channels, 5)),
        filters(randomFloats(c.outputs * (depthwise ? 1 : c.inputs) * c.kernelHeight * c.kernelWidth, 6)) {
    const int64_t perFilter = depthwise ? 1 : c.inputs;
    packed = depthwise ? cpu::packDepthwiseWeights(filters, c.outputs, c.kernelHeight, c.kernelWidth)
                       : cpu::packConvolutionWeights(filters, c.outputs, c.inputs, c.kernelHeight, c.kernelWidth);
    for (int64_t n = 0; n < c.images; ++n)
      for (int64_t y = 0; y < c.outputHeight(); ++y)
        for (int64_t x = 0; x < c.outputWidth(); ++x)
          for (int64_t o = 0; o < c.outputs; ++o) {
            double sum = 0;
            for (int64_t i = 0; i < c.kernelHeight; ++i)
              for (int64_t j = 0; j < c.kernelWidth; ++j)
                for (int64_t p = 0; p < perFilter; ++p) {
                  const int64_t row = y * c.vertical.stride - c.vertical.padding + i * c.vertical.dilation;
                  const int64_t column = x * c.horizontal.stride - c.horizontal.padding + j * c.horizontal.dilation;
                  if (row >= 0 && row < c.height && column >= 0 && column < c.width)
                    sum += double(input[((n * c.height + row) * c.width + column) * channels + (depthwise ? o : p)]) *
                           filters[((o * perFilter + p) * c.kernelHeight + i) * c.kernelWidth + j];
                }
            expected.push_back(sum);
          }
  }

  Buffer image(Layout layout) {
    if (layout == Layout::channelsLast)
      return Buffer(input, {shape.images, shape.height, shape.width, channels});
    const int64_t plane = shape.height * shape.width;
    first.resize(input.size());
    for (int64_t n = 0; n < shape.images; ++n)
      for (int64_t p = 0; p < plane; ++p)
        for (int64_t c = 0; c < channels; ++c)
          first[(n * channels + c) * plane + p] = input[(n * plane + p) * channels + c];
    return Buffer(first.data(), {shape.images, shape.height, shape.width, channels},
                  {channels * plane, shape.width, 1, plane});
  }
  Buffer weights() {
    const int64_t panels = cpu::panelCount(shape.outputs);
    if (depthwise)
      return Buffer(packed, {panels, shape.kernelHeight, shape.kernelWidth, 16});
    return Buffer(packed, {panels, shape.kernelHeight, shape.kernelWidth, shape.inputs, 16});
  }

  Case shape;
  bool depthwise;
  int64_t channels;
  std::vector<float> input, filters, packed, first;
  std::vector<double> expected;
};

void run(const Case &c, bool depthwise, bool isStatic, const std::string &cpuName,
         Layout layout = Layout::channelsLast) {
  SCOPED_TRACE(testing::Message() << c.images << "x" << c.height << "x" << c.width << "x" << c.inputs << " to "
                                  << c.outputs << ", kernel " << c.kernelHeight << "x" << c.kernelWidth
                                  << (isStatic ? "" : ", dynamic"));
  auto known = [&](int64_t size) { return isStatic ? size : ShapedType::kDynamic; };
  Problem problem(c, depthwise);
  const int64_t panels = cpu::panelCount(c.outputs), height = c.outputHeight(), width = c.outputWidth();
  SmallVector<int64_t> weightSizes{panels, c.kernelHeight, c.kernelWidth};
  if (!depthwise)
    weightSizes.push_back(c.inputs);
  weightSizes.push_back(16);
  Type index = IndexType::get(&JitKernel::context());
  const auto target = *cpu::CpuTarget::get(processorName(cpuName));
  cpu::ConvolutionPlan plan;
  const JitKernel kernel(
      {floats({known(c.images), known(c.height), known(c.width), problem.channels}, layout == Layout::channelsFirst),
       floats(weightSizes), floats({known(c.images), known(height), known(width), c.outputs}), index, index},
      [&](OpBuilder &b, Location loc, ValueRange args) {
        const cpu::ConvolutionOperands operands{args[0], args[1], args[2], c.vertical, c.horizontal};
        plan = depthwise ? cpu::ConvolutionPlan::getDepthwise(target, operands)
                         : cpu::ConvolutionPlan::get(target, operands);
        (depthwise ? cpu::emitDepthwiseConvolution : cpu::emitConvolution)(b, loc, target, operands, args[3], args[4],
                                                                           {});
      },
      cpuName);
  auto grid = plan.units(&JitKernel::context()).compose(ArrayRef<int64_t>{c.images * height, c.outputs});
  const int64_t units = grid[0] * grid[1], size = c.images * height * width * c.outputs, guard = 64;

  std::vector<float> whole(size + guard, -7), pieces = whole;
  auto call = [&](std::vector<float> &out, int64_t begin, int64_t end) {
    kernel({problem.image(layout), problem.weights(), Buffer(out, {c.images, height, width, c.outputs})}, {begin, end});
  };
  call(whole, 0, units);
  for (int64_t begin = 0; begin < units;) {
    const int64_t end = std::min(units, begin + 1 + begin % 3);
    call(pieces, begin, end);
    begin = end;
  }
  EXPECT_EQ(whole, pieces);
  for (int64_t i = 0; i < guard; ++i)
    ASSERT_EQ(whole[size + i], -7) << "wrote past the end";
  const double bound = 1e-6 * std::sqrt(c.kernelHeight * c.kernelWidth * c.inputs) + 1e-6;
  for (int64_t i = 0; i < size; ++i)
    ASSERT_NEAR(whole[i], problem.expected[i], bound) << "element " << i;
}

class ConvolutionTest : public testing::TestWithParam<std::string> {};

const Case kCases[] = {
    square(9, 20, 33, 3, 1, 1),
    square(14, 16, 64, 3, 1, 1, 2),
    square(7, 70, 48, 3, 1, 1),
    square(15, 8, 24, 3, 2, 1),
    square(8, 24, 17, 1, 2, 0),
    square(11, 5, 10, 5, 1, 2),
    square(6, 12, 20, 3, 1, 0),
    // A kernel wider than the image.
    square(3, 6, 16, 5, 1, 2),
    // Passes over the input channels.
    square(7, 520, 40, 3, 1, 1),
    // Uneven sides, strides, dilations.
    {1, 12, 17, 9, 31, 3, 2, {2, 1, 0}, {1, 3, 2}, 1, 1},
    {2, 10, 10, 6, 18, 3, 3, {1, 2, 2}, {1, 2, 2}, 2, 2},
    // One dimension.
    {2, 1, 40, 7, 20, 1, 5, {1, 1, 0}, {2, 1, 3}, 0, 1},
    // A wide kernel.
    {1, 2, 30, 3, 9, 2, 12, {1, 1, 1}, {2, 1, 6}, 0, 5},
    // One output pixel.
    {1, 4, 4, 10, 50, 4, 4, {1, 1, 0}, {1, 1, 0}, 0, 0},
};

TEST_P(ConvolutionTest, Dense) {
  for (const Case &c : kCases)
    for (bool isStatic : {true, false})
      run(c, false, isStatic, GetParam());
}

TEST_P(ConvolutionTest, FewChannels) {
  const Case cases[] = {square(30, 3, 32, 7, 2, 3),
                        square(13, 1, 20, 3, 1, 1, 2),
                        square(17, 3, 16, 3, 2, 0),
                        {1, 1, 50, 2, 24, 1, 9, {1, 1, 0}, {1, 2, 8}, 0, 8}};
  for (const Case &c : cases)
    for (bool isStatic : {true, false})
      for (Layout layout : {Layout::channelsLast, Layout::channelsFirst})
        run(c, false, isStatic, GetParam(), layout);
}

TEST_P(ConvolutionTest, Depthwise) {
  for (Case c : kCases) {
    c.inputs = 1;
    for (bool isStatic : {true, false})
      run(c, true, isStatic, GetParam());
  }
}

INSTANTIATE_TEST_SUITE_P(Processors, ConvolutionTest, testing::ValuesIn(testProcessors()), processorLabel);

} // namespace
