// Emitted Winograd convolutions against a plain loop in f64: borders, tiles that reach over the end, channel tails,
// dynamic sizes, splits, epilogues.
#include "tfc/Codegen/CPU/Emit/Winograd.h"

#include "JitKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace tfc;
using namespace tfc::test;

namespace {

struct Case {
  int64_t images, height, width, inputs, outputs, top, left, bottom, right;

  int64_t outputHeight() const { return height + top + bottom - 2; }
  int64_t outputWidth() const { return width + left + right - 2; }
  int64_t size() const { return images * outputHeight() * outputWidth() * outputs; }
};

Case square(int64_t size, int64_t inputs, int64_t outputs, int64_t padding, int64_t images = 1) {
  return {images, size, size, inputs, outputs, padding, padding, padding, padding};
}

std::vector<double> reference(const Case &c, const std::vector<float> &input, const std::vector<float> &filters) {
  std::vector<double> expected;
  for (int64_t n = 0; n < c.images; ++n)
    for (int64_t y = 0; y < c.outputHeight(); ++y)
      for (int64_t x = 0; x < c.outputWidth(); ++x)
        for (int64_t o = 0; o < c.outputs; ++o) {
          double sum = 0;
          for (int64_t tap = 0; tap < 9; ++tap) {
            const int64_t row = y - c.top + tap / 3, column = x - c.left + tap % 3;
            if (row < 0 || row >= c.height || column < 0 || column >= c.width)
              continue;
            for (int64_t p = 0; p < c.inputs; ++p)
              sum += double(input[((n * c.height + row) * c.width + column) * c.inputs + p]) *
                     filters[(o * c.inputs + p) * 9 + tap];
          }
          expected.push_back(sum);
        }
  return expected;
}

/// What the epilogue of the test does: bias, residual, relu, and as many negations of the residual as make it long.
struct Finish {
  bool any = false;
  int negations = 0;

  Value emit(OpBuilder &b, Location loc, Value bias, Value residual, Value vector, ValueRange at, Value mask) const {
    auto type = cast<VectorType>(vector.getType());
    auto load = [&](Value memref, ValueRange indices) -> Value {
      return mask ? cpu::loadMasked(b, loc, type, memref, indices, mask)
                  : vector::LoadOp::create(b, loc, type, memref, indices).getResult();
    };
    Value added = load(residual, at);
    for (int i = 0; i < negations; ++i)
      added = arith::NegFOp::create(b, loc, added);
    vector = arith::AddFOp::create(b, loc, vector, load(bias, at.back()));
    vector = arith::AddFOp::create(b, loc, vector, added);
    Value zeros = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
    return arith::MaximumFOp::create(b, loc, vector, zeros);
  }
};

void run(const Case &c, bool isStatic, const std::string &cpuName, Finish finish = {}) {
  SCOPED_TRACE(testing::Message() << c.images << "x" << c.height << "x" << c.width << "x" << c.inputs << " to "
                                  << c.outputs << (isStatic ? "" : ", dynamic"));
  std::vector<float> input = randomFloats(c.images * c.height * c.width * c.inputs, 5);
  std::vector<float> filters = randomFloats(c.outputs * c.inputs * 9, 6), bias = randomFloats(c.outputs, 7);
  std::vector<float> packed = cpu::packWinogradWeights(filters, c.outputs, c.inputs);
  auto known = [&](int64_t size) { return isStatic ? size : ShapedType::kDynamic; };
  const int64_t height = c.outputHeight(), width = c.outputWidth(), panels = cpu::panelCount(c.outputs);
  const auto target = *cpu::CpuTarget::get(processorName(cpuName));
  const MemRefType images = floats({known(c.images), known(c.height), known(c.width), c.inputs});
  const MemRefType results = floats({known(c.images), known(height), known(width), c.outputs});
  const auto plan = cpu::WinogradPlan::get(target, cpu::WinogradSizes::of(images, results));
  Type index = IndexType::get(&JitKernel::context());
  const JitKernel kernel(
      {images, floats({6, 6, panels, c.inputs, 16}), results, floats(plan.transformedShape()),
       floats(plan.productsShape()), floats({c.outputs}), index, index},
      [&](OpBuilder &b, Location loc, ValueRange args) {
        const cpu::WinogradOperands operands{args[0], args[1], args[2], c.top, c.left, args[3], args[4]};
        // The residual is what the output held before.
        auto epilogue = [&](OpBuilder &b, Location l, Value vector, ValueRange at, Value mask) {
          return finish.emit(b, l, args[5], args[2], vector, at, mask);
        };
        cpu::emitWinograd(b, loc, target, operands, args[6], args[7],
                          finish.any ? cpu::Epilogue(epilogue) : cpu::Epilogue());
      },
      cpuName);

  const std::vector<float> before = randomFloats(c.size(), 8);
  const int64_t guard = 64;
  auto call = [&](std::vector<float> &out, int64_t begin, int64_t end) {
    auto scratch = [](ArrayRef<int64_t> shape) {
      return std::vector<float>(shape[0] * shape[1] * shape[2] * shape[3] + guard, NAN);
    };
    auto shown = [](std::vector<float> &values, ArrayRef<int64_t> shape) { return Buffer(values, shape.vec()); };
    std::vector<float> transformed = scratch(plan.transformedShape()), products = scratch(plan.productsShape());
    kernel({Buffer(input, {c.images, c.height, c.width, c.inputs}), Buffer(packed, {6, 6, panels, c.inputs, 16}),
            Buffer(out, {c.images, height, width, c.outputs}), shown(transformed, plan.transformedShape()),
            shown(products, plan.productsShape()), Buffer(bias, {c.outputs})},
           {begin, end});
    for (int64_t i = 0; i < guard; ++i)
      ASSERT_TRUE(std::isnan(transformed[transformed.size() - 1 - i]) && std::isnan(products[products.size() - 1 - i]));
  };
  auto grid = plan.units(&JitKernel::context()).compose(ArrayRef<int64_t>{c.images * height, c.outputs});
  const int64_t units = grid[0] * grid[1];
  std::vector<float> whole = before, pieces;
  whole.resize(c.size() + guard, -7);
  pieces = whole;
  call(whole, 0, units);
  for (int64_t begin = 0; begin < units;) {
    const int64_t end = std::min(units, begin + 1 + begin % 3);
    call(pieces, begin, end);
    begin = end;
  }
  EXPECT_EQ(whole, pieces);
  for (int64_t i = 0; i < guard; ++i)
    ASSERT_EQ(whole[c.size() + i], -7) << "wrote past the end";

  std::vector<double> expected = reference(c, input, filters);
  double largest = 0;
  for (double value : expected)
    largest = std::max(largest, std::fabs(value));
  for (int64_t i = 0; i < c.size(); ++i) {
    const double residual = finish.negations % 2 ? -before[i] : before[i];
    const double wanted = finish.any ? std::max(expected[i] + bias[i % c.outputs] + residual, 0.0) : expected[i];
    ASSERT_NEAR(whole[i], wanted, 1e-5 * largest) << "element " << i;
  }
}

class WinogradTest : public testing::TestWithParam<std::string> {};

TEST_P(WinogradTest, Sizes) {
  const Case cases[] = {
      square(14, 16, 64, 1, 2),
      square(7, 70, 48, 1),
      square(6, 12, 20, 0),
      square(11, 3, 17, 1, 2),
      square(13, 17, 130, 0, 2),
      // One pixel; more border than image.
      square(1, 5, 3, 1),
      {1, 2, 3, 4, 9, 3, 0, 2, 4},
      // Uneven sides; many blocks.
      {3, 5, 30, 40, 24, 1, 0, 0, 1},
      {1, 50, 66, 24, 16, 1, 1, 1, 1},
      // Sums that are parked.
      square(5, 1100, 20, 1),
  };
  for (const Case &c : cases)
    for (bool isStatic : {true, false})
      run(c, isStatic, GetParam());
}

TEST_P(WinogradTest, Epilogues) {
  for (int negations : {0, 9}) {
    run(square(10, 17, 23, 1, 2), /*isStatic=*/false, GetParam(), {true, negations});
    run(square(8, 16, 32, 1), /*isStatic=*/true, GetParam(), {true, negations});
  }
}

INSTANTIATE_TEST_SUITE_P(Processors, WinogradTest, testing::ValuesIn(testProcessors()), processorLabel);

} // namespace
