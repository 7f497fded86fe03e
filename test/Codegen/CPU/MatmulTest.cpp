// Emitted matrix products against a plain loop: static and dynamic sizes, tails, layouts, epilogues, splits.
#include "tfc/Codegen/CPU/Emit/Matmul.h"

#include "JitKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mlir;
using namespace tfc;
using namespace tfc::test;

namespace {

struct Shape {
  int64_t m, n, k;
};

struct Config {
  std::string cpu = "native";
  bool staticM = true, staticN = true, staticK = true;
  bool packed = true, transposedA = false, transposedB = false;
  /// Hides the strides of B.
  bool anyStride = false;
};

int64_t known(bool isStatic, int64_t size) { return isStatic ? size : ShapedType::kDynamic; }

JitKernel compile(const Shape &shape, const Config &config, cpu::Epilogue epilogue = {}, ArrayRef<Type> more = {}) {
  const int64_t m = known(config.staticM, shape.m), n = known(config.staticN, shape.n),
                k = known(config.staticK, shape.k);
  const int64_t panels = config.staticN ? cpu::panelCount(shape.n) : ShapedType::kDynamic;
  Type index = IndexType::get(&JitKernel::context());
  SmallVector<Type> types{floats({m, k}, config.transposedA),
                          config.packed ? floats({panels, k, cpu::kPanel}) : floats({k, n}, config.anyStride),
                          floats({m, n})};
  if (config.transposedB && !config.anyStride) {
    auto layout = StridedLayoutAttr::get(&JitKernel::context(), 0, {1, k});
    types[1] = MemRefType::get({k, n}, cast<MemRefType>(types[0]).getElementType(), layout);
  }
  types.append(more.begin(), more.end());
  types.append({index, index});
  const auto target = *cpu::CpuTarget::get(processorName(config.cpu));
  return JitKernel(
      types,
      [&](OpBuilder &b, Location loc, ValueRange args) {
        cpu::emitMatmul(b, loc, target, {args[0], args[1], args[2], config.packed}, args[args.size() - 2], args.back(),
                        epilogue);
      },
      config.cpu);
}

int64_t unitCount(const Shape &shape, const Config &config) {
  const auto target = *cpu::CpuTarget::get(processorName(config.cpu));
  auto map = cpu::MatmulPlan::get(target, known(config.staticM, shape.m), known(config.staticN, shape.n),
                                  known(config.staticK, shape.k))
                 .units(&JitKernel::context());
  auto units = map.compose(ArrayRef<int64_t>{shape.m, shape.n});
  return units[0] * units[1];
}

/// What goes in and what should come out.
struct Problem {
  Problem(const Shape &s, bool packed, bool transposedA, bool transposedB = false)
      : shape(s), a(randomFloats(s.m * s.k, 1)), b(randomFloats(s.k * s.n, 2)), expected(s.m * s.n), bound(s.m * s.n) {
    for (int64_t i = 0; i < s.m; ++i)
      for (int64_t p = 0; p < s.k; ++p)
        for (int64_t j = 0; j < s.n; ++j) {
          const double product = double(a[transposedA ? p * s.m + i : i * s.k + p]) * b[p * s.n + j];
          expected[i * s.n + j] += product;
          bound[i * s.n + j] += std::fabs(product);
        }
    rightHand = packed ? cpu::packMatmulWeights(b, s.k, s.n) : b;
    if (transposedB)
      for (int64_t p = 0; p < s.k; ++p)
        for (int64_t j = 0; j < s.n; ++j)
          rightHand[j * s.k + p] = b[p * s.n + j];
  }
  Buffer left(bool transposed) {
    return transposed ? Buffer(a.data(), {shape.m, shape.k}, {1, shape.m}) : Buffer(a, {shape.m, shape.k});
  }
  Buffer right(bool packed, bool transposed = false) {
    if (transposed)
      return Buffer(rightHand.data(), {shape.k, shape.n}, {1, shape.k});
    return packed ? Buffer(rightHand, {cpu::panelCount(shape.n), shape.k, cpu::kPanel})
                  : Buffer(rightHand, {shape.k, shape.n});
  }
  void check(const std::vector<float> &actual) const {
    for (size_t i = 0; i < expected.size(); ++i)
      ASSERT_NEAR(actual[i], expected[i], 1e-6 * bound[i] + 1e-7)
          << "element " << i << " of " << shape.m << "x" << shape.n << "x" << shape.k;
  }

  Shape shape;
  std::vector<float> a, b, rightHand;
  std::vector<double> expected, bound;
};

/// Runs the kernel whole and in pieces; both must give the same bits, the expected values, and no more than those.
void run(const JitKernel &kernel, const Shape &shape, const Config &config) {
  Problem problem(shape, config.packed, config.transposedA, config.transposedB);
  const size_t guard = 64;
  std::vector<float> whole(shape.m * shape.n + guard, -7), pieces = whole;
  auto call = [&](std::vector<float> &c, int64_t begin, int64_t end) {
    kernel({problem.left(config.transposedA), problem.right(config.packed, config.transposedB),
            Buffer(c, {shape.m, shape.n})},
           {begin, end});
  };
  const int64_t units = unitCount(shape, config);
  call(whole, 0, units);
  for (int64_t begin = 0; begin < units;) {
    const int64_t end = std::min(units, begin + 1 + begin % 3);
    call(pieces, begin, end);
    begin = end;
  }
  EXPECT_EQ(whole, pieces) << shape.m << "x" << shape.n << "x" << shape.k;
  for (size_t i = 0; i < guard; ++i)
    ASSERT_EQ(whole[shape.m * shape.n + i], -7) << "wrote past the end";
  problem.check(whole);
}

const Shape kShapes[] = {{1, 1, 1},    {1, 10, 7},   {1, 300, 64},   {2, 33, 5},    {3, 16, 17},    {5, 17, 16},
                         {6, 64, 31},  {7, 65, 12},  {8, 48, 100},   {13, 100, 9},  {37, 91, 53},   {64, 64, 64},
                         {97, 130, 3}, {100, 7, 33}, {201, 270, 21}, {9, 40, 2100}, {130, 20, 1030}};

class MatmulTest : public testing::TestWithParam<std::string> {};

TEST_P(MatmulTest, StaticPacked) {
  Config config{GetParam()};
  for (const Shape &shape : kShapes)
    run(compile(shape, config), shape, config);
}

TEST_P(MatmulTest, StaticPlain) {
  Config config{GetParam()};
  config.packed = false;
  for (const Shape &shape : kShapes)
    run(compile(shape, config), shape, config);
}

TEST_P(MatmulTest, TransposedB) {
  for (bool isStatic : {true, false})
    for (bool anyStride : {true, false}) {
      Config config{GetParam(), isStatic, isStatic, isStatic, false, false, true, anyStride};
      for (const Shape &shape : {Shape{1, 40, 30}, Shape{20, 33, 19}, Shape{70, 100, 64}, Shape{11, 70, 530}})
        run(compile(shape, config), shape, config);
    }
}

TEST_P(MatmulTest, DynamicRows) {
  Config config{GetParam(), false};
  for (int64_t n : {10, 64, 91}) {
    const JitKernel kernel = compile({0, n, 33}, config);
    for (int64_t m : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 25, 64, 97, 130, 201})
      run(kernel, {m, n, 33}, config);
  }
}

TEST_P(MatmulTest, AllDynamic) {
  for (bool packed : {true, false})
    for (bool transposedA : {true, false}) {
      Config config{GetParam(), false, false, false, packed, transposedA};
      const JitKernel kernel = compile({}, config);
      for (const Shape &shape : kShapes)
        run(kernel, shape, config);
      run(kernel, {5, 20, 0}, config);
      run(kernel, {5, 0, 20}, config);
    }
}

TEST_P(MatmulTest, SpecializationKeepsBits) {
  for (const Shape &shape : {Shape{1, 300, 64}, Shape{7, 65, 12}, Shape{37, 91, 53}, Shape{9, 40, 2100}}) {
    std::vector<std::vector<float>> results;
    for (bool isStatic : {true, false}) {
      Config config{GetParam(), isStatic};
      Problem problem(shape, true, false);
      std::vector<float> c(shape.m * shape.n);
      compile(shape, config)({problem.left(false), problem.right(true), Buffer(c, {shape.m, shape.n})},
                             {0, unitCount(shape, config)});
      results.push_back(std::move(c));
    }
    EXPECT_EQ(results[0], results[1]);
  }
}

/// y = x * y_before + bias, applied `repeat` times over to make it as long as wanted; reads its own output.
struct InPlaceEpilogue {
  int64_t repeat;
  Value *bias, *output;
  Value operator()(OpBuilder &b, Location loc, Value x, ValueRange at, Value mask) const {
    auto type = cast<VectorType>(x.getType());
    auto load = [&](Value memref, ValueRange indices) -> Value {
      if (!mask)
        return vector::LoadOp::create(b, loc, type, memref, indices);
      Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
      return vector::MaskedLoadOp::create(b, loc, type, memref, indices, mask, zero);
    };
    Value before = load(*output, at), added = load(*bias, at.back());
    for (int64_t i = 0; i < repeat; ++i)
      x = vector::FMAOp::create(b, loc, x, before, added);
    return x;
  }
};

TEST_P(MatmulTest, Epilogue) {
  for (int64_t repeat : {1, 20})
    for (bool staticM : {true, false})
      for (bool staticN : {true, false}) {
        Config config{GetParam(), staticM, staticN};
        const Shape shape{23, 75, 19};
        const auto target = *cpu::CpuTarget::get(processorName(config.cpu));
        Type index = IndexType::get(&JitKernel::context());
        const int64_t m = known(staticM, shape.m), n = known(staticN, shape.n);
        const JitKernel kernel(
            {floats({m, shape.k}), floats({known(staticN, cpu::panelCount(shape.n)), shape.k, cpu::kPanel}),
             floats({m, n}), floats({n}), index, index},
            [&](OpBuilder &b, Location loc, ValueRange args) {
              Value bias = args[3], output = args[2];
              InPlaceEpilogue epilogue{repeat, &bias, &output};
              cpu::emitMatmul(b, loc, target, {args[0], args[1], args[2]}, args[4], args[5], epilogue);
            },
            config.cpu);
        Problem problem(shape, true, false);
        std::vector<float> c = randomFloats(shape.m * shape.n, 3), before = c, bias = randomFloats(shape.n, 4);
        kernel({problem.left(false), problem.right(true), Buffer(c, {shape.m, shape.n}), Buffer(bias, {shape.n})},
               {0, unitCount(shape, config)});
        for (size_t i = 0; i < c.size(); ++i) {
          double y = problem.expected[i];
          for (int64_t r = 0; r < repeat; ++r)
            y = y * before[i] + bias[i % shape.n];
          ASSERT_NEAR(c[i], y, 1e-5) << i;
        }
      }
}

INSTANTIATE_TEST_SUITE_P(Processors, MatmulTest, testing::ValuesIn(testProcessors()), processorLabel);

} // namespace
