// Emitted softmax and normalizations against plain loops: row lengths, fused code, in-place rows, splits.
#include "tfc/Codegen/CPU/Emit/Rows.h"

#include "JitKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mlir;
using namespace tfc;
using namespace tfc::test;

namespace {

enum class Kind { softmax, logSoftmax, layerNorm, rmsNorm };

struct Config {
  std::string cpu;
  Kind kind;
  bool isStatic;
  /// Doubles the inputs before and the results after the kernel.
  bool fused;
};

/// A vector of a memref, two dimensional or one, from `indices` on.
Value load(OpBuilder &b, Location loc, VectorType type, Value memref, ValueRange indices, Value mask) {
  if (!mask)
    return vector::LoadOp::create(b, loc, type, memref, indices);
  Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
  return vector::MaskedLoadOp::create(b, loc, type, memref, indices, mask, zero);
}

JitKernel compile(const Config &config, int64_t columns) {
  const int64_t c = config.isStatic ? columns : ShapedType::kDynamic;
  Type index = IndexType::get(&JitKernel::context());
  const auto target = *cpu::CpuTarget::get(processorName(config.cpu));
  auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
    VectorType type = target.vectorOf(builder.getF32Type());
    auto source = [&](OpBuilder &b, Location l, ValueRange indices, Value mask) -> Value {
      Value x = load(b, l, type, args[0], indices, mask);
      return config.fused ? arith::AddFOp::create(b, l, x, x) : x;
    };
    auto epilogue = [&](OpBuilder &b, Location l, Value x, ValueRange, Value) -> Value {
      return arith::AddFOp::create(b, l, x, x);
    };
    cpu::RowOperands operands{source, args[1]};
    if (config.fused)
      operands.epilogue = epilogue;
    if (config.kind == Kind::softmax || config.kind == Kind::logSoftmax)
      return cpu::emitSoftmax(builder, loc, target, operands, config.kind == Kind::logSoftmax, args[4], args[5]);
    cpu::Normalization normalization{args[2], args[3]};
    normalization.centered = config.kind == Kind::layerNorm;
    if (!normalization.centered)
      normalization.bias = {};
    cpu::emitNormalization(builder, loc, target, operands, normalization, args[4], args[5]);
  };
  return JitKernel(
      {floats({ShapedType::kDynamic, c}), floats({ShapedType::kDynamic, c}), floats({c}), floats({c}), index, index},
      body, config.cpu);
}

std::vector<double> expect(const Config &config, const std::vector<float> &input, const std::vector<float> &scale,
                           const std::vector<float> &bias, int64_t columns) {
  std::vector<double> result;
  for (size_t start = 0; start < input.size(); start += columns) {
    std::vector<double> row(input.begin() + start, input.begin() + start + columns);
    double largest = -INFINITY, sum = 0, squares = 0, powers = 0;
    for (double &x : row) {
      x *= config.fused ? 2 : 1;
      largest = std::max(largest, x);
      sum += x;
    }
    const double mean = config.kind == Kind::layerNorm ? sum / columns : 0;
    for (double x : row) {
      powers += std::exp(x - largest);
      squares += (x - mean) * (x - mean);
    }
    for (int64_t i = 0; i < columns; ++i) {
      const double power = row[i] - largest - std::log(powers);
      const double normal = (row[i] - mean) / std::sqrt(squares / columns + 1e-5) * scale[i];
      const double y = config.kind == Kind::softmax      ? std::exp(power)
                       : config.kind == Kind::logSoftmax ? power
                       : config.kind == Kind::layerNorm  ? normal + bias[i]
                                                         : normal;
      result.push_back(config.fused ? 2 * y : y);
    }
  }
  return result;
}

void run(const JitKernel &kernel, const Config &config, int64_t rows, int64_t columns) {
  SCOPED_TRACE(testing::Message() << "kind " << static_cast<int>(config.kind) << ", " << rows << "x" << columns
                                  << (config.isStatic ? "" : ", dynamic") << (config.fused ? ", fused" : ""));
  std::vector<float> input = randomFloats(rows * columns, 1), scale = randomFloats(columns, 2),
                     bias = randomFloats(columns, 3);
  for (float &x : input)
    x *= 20;
  const std::vector<double> expected = expect(config, input, scale, bias, columns);
  const int64_t known = config.isStatic ? columns : ShapedType::kDynamic, guard = 32;
  auto grid = cpu::RowPlan::get(known).units(&JitKernel::context()).compose(ArrayRef<int64_t>{rows, columns});
  const int64_t units = grid[0] * grid[1];

  std::vector<float> whole(rows * columns + guard, -7), pieces = whole, inPlace = input;
  auto call = [&](std::vector<float> &in, std::vector<float> &out, int64_t begin, int64_t end) {
    kernel(
        {Buffer(in, {rows, columns}), Buffer(out, {rows, columns}), Buffer(scale, {columns}), Buffer(bias, {columns})},
        {begin, end});
  };
  call(input, whole, 0, units);
  for (int64_t unit = 0; unit < units; ++unit)
    call(input, pieces, unit, unit + 1);
  call(inPlace, inPlace, 0, units);
  EXPECT_EQ(whole, pieces);
  for (int64_t i = 0; i < guard; ++i)
    ASSERT_EQ(whole[rows * columns + i], -7) << "wrote past the end";
  for (int64_t i = 0; i < rows * columns; ++i) {
    ASSERT_NEAR(whole[i], expected[i], 2e-5 * std::max(1.0, std::fabs(expected[i]))) << "element " << i;
    ASSERT_EQ(whole[i], inPlace[i]) << "element " << i;
  }
}

class RowsTest : public testing::TestWithParam<std::string> {};

TEST_P(RowsTest, AllKinds) {
  for (Kind kind : {Kind::softmax, Kind::logSoftmax, Kind::layerNorm, Kind::rmsNorm})
    for (bool fused : {false, true}) {
      Config config{GetParam(), kind, true, fused};
      for (int64_t columns : {1, 10, 64, 75, 200})
        run(compile(config, columns), config, 5, columns);
      config.isStatic = false;
      const JitKernel kernel = compile(config, 0);
      for (int64_t columns : {1, 7, 8, 16, 33, 64, 100, 384, 1000})
        run(kernel, config, 19, columns);
    }
}

INSTANTIATE_TEST_SUITE_P(Processors, RowsTest, testing::ValuesIn(testProcessors()), processorLabel);

} // namespace
