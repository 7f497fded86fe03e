// Emitted pooling against a plain loop: kinds, borders, strides, channel tails, wide windows.
#include "tfc/Codegen/CPU/Emit/Pooling.h"

#include "JitKernel.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mlir;
using namespace tfc;
using namespace tfc::test;

namespace {

struct Case {
  int64_t images, height, width, channels, kernelHeight, kernelWidth;
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

double expect(const Case &c, cpu::PoolingKind kind, const std::vector<float> &input, int64_t n, int64_t y, int64_t x,
              int64_t channel) {
  double largest = -INFINITY, sum = 0, count = 0;
  for (int64_t i = 0; i < c.kernelHeight; ++i)
    for (int64_t j = 0; j < c.kernelWidth; ++j) {
      const int64_t row = y * c.vertical.stride - c.vertical.padding + i * c.vertical.dilation;
      const int64_t column = x * c.horizontal.stride - c.horizontal.padding + j * c.horizontal.dilation;
      if (row < 0 || row >= c.height || column < 0 || column >= c.width)
        continue;
      const double value = input[((n * c.height + row) * c.width + column) * c.channels + channel];
      largest = std::max(largest, value);
      sum += value;
      ++count;
    }
  return kind == cpu::PoolingKind::max       ? largest
         : kind == cpu::PoolingKind::average ? sum / count
                                             : sum / (c.kernelHeight * c.kernelWidth);
}

void run(const Case &c, cpu::PoolingKind kind, bool isStatic, const std::string &cpuName) {
  SCOPED_TRACE(testing::Message() << c.height << "x" << c.width << "x" << c.channels << ", kernel " << c.kernelHeight
                                  << "x" << c.kernelWidth << (isStatic ? "" : ", dynamic"));
  auto known = [&](int64_t size) { return isStatic ? size : ShapedType::kDynamic; };
  const int64_t height = c.outputHeight(), width = c.outputWidth();
  Type index = IndexType::get(&JitKernel::context());
  const auto target = *cpu::CpuTarget::get(processorName(cpuName));
  cpu::ConvolutionPlan plan;
  const JitKernel kernel(
      {floats({known(c.images), known(c.height), known(c.width), c.channels}),
       floats({known(c.images), known(height), known(width), c.channels}), index, index},
      [&](OpBuilder &b, Location loc, ValueRange args) {
        const cpu::PoolingOperands operands{args[0],       args[1],    kind,        c.kernelHeight,
                                            c.kernelWidth, c.vertical, c.horizontal};
        plan = cpu::ConvolutionPlan::getDepthwise(target, operands.sizes());
        cpu::emitPooling(b, loc, target, operands, args[2], args[3]);
      },
      cpuName);
  auto grid = plan.units(&JitKernel::context()).compose(ArrayRef<int64_t>{c.images * height, c.channels});
  const int64_t size = c.images * height * width * c.channels, guard = 64;
  std::vector<float> input = randomFloats(c.images * c.height * c.width * c.channels, 1), output(size + guard, -7);
  kernel(
      {Buffer(input, {c.images, c.height, c.width, c.channels}), Buffer(output, {c.images, height, width, c.channels})},
      {0, grid[0] * grid[1]});
  for (int64_t i = 0; i < guard; ++i)
    ASSERT_EQ(output[size + i], -7) << "wrote past the end";
  for (int64_t i = 0; i < size; ++i) {
    const int64_t pixel = i / c.channels;
    ASSERT_NEAR(output[i],
                expect(c, kind, input, pixel / width / height, pixel / width % height, pixel % width, i % c.channels),
                1e-6)
        << "element " << i;
  }
}

class PoolingTest : public testing::TestWithParam<std::string> {};

TEST_P(PoolingTest, AllKinds) {
  const Case cases[] = {
      {2, 13, 13, 40, 3, 3, {2, 1, 1}, {2, 1, 1}, 1, 1},
      {1, 8, 20, 16, 2, 2, {2, 1, 0}, {2, 1, 0}, 0, 0},
      {1, 9, 7, 10, 3, 2, {1, 2, 2}, {1, 3, 1}, 1, 2},
      // The whole image.
      {1, 7, 12, 33, 7, 12, {1, 1, 0}, {1, 1, 0}, 0, 0},
      {1, 5, 30, 8, 1, 11, {1, 1, 0}, {3, 1, 5}, 0, 5},
  };
  for (const Case &c : cases)
    for (auto kind : {cpu::PoolingKind::max, cpu::PoolingKind::average, cpu::PoolingKind::averageWithPadding})
      for (bool isStatic : {true, false})
        run(c, kind, isStatic, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Processors, PoolingTest, testing::ValuesIn(testProcessors()), processorLabel);

} // namespace
