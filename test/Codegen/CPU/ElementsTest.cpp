// Emitted products and convolutions of other elements than f32. All numbers are small multiples of a power of two, so
// that sums are exact in any order and results can be compared bit by bit.
#include "tfc/Codegen/CPU/Emit/Convolution.h"
#include "tfc/Codegen/CPU/Emit/Matmul.h"

#include "JitKernel.h"
#include "gtest/gtest.h"
#include <cstring>

using namespace mlir;
using namespace tfc;
using namespace tfc::test;

namespace {

MLIRContext *context() { return &JitKernel::context(); }

/// A type of elements: how it is stored, and what sums of products are.
struct Double {
  using Storage = double;
  using Sum = double;
  static Type type() { return Float64Type::get(context()); }
  static Storage encode(double x) { return x; }
};
struct Half {
  using Storage = uint16_t;
  using Sum = float;
  static Type type() { return Float16Type::get(context()); }
  static Storage encode(double x) {
    const auto half = static_cast<_Float16>(x);
    Storage bits;
    std::memcpy(&bits, &half, sizeof(bits));
    return bits;
  }
};
struct Brain {
  using Storage = uint16_t;
  using Sum = float;
  static Type type() { return BFloat16Type::get(context()); }
  static Storage encode(double x) {
    const auto single = static_cast<float>(x);
    uint32_t bits;
    std::memcpy(&bits, &single, sizeof(bits));
    return bits >> 16;
  }
};

MemRefType memref(ArrayRef<int64_t> sizes, Type element, ArrayRef<int64_t> strides = {}) {
  MemRefLayoutAttrInterface layout;
  if (!strides.empty())
    layout = StridedLayoutAttr::get(context(), 0, strides);
  return MemRefType::get(sizes, element, layout);
}

/// Reproducible integers in [low, high]; a third of them the ends.
std::vector<int> randomIntegers(size_t count, int low, int high, uint32_t seed) {
  std::vector<int> values;
  for (float x : randomFloats(count, seed)) {
    const int i = static_cast<int>((x + 0.5f) * 1.5f * static_cast<float>(high - low + 1));
    values.push_back(i <= high - low ? low + i : i % 2 ? low : high);
  }
  return values;
}

template <class Element> std::vector<typename Element::Storage> encode(const std::vector<int> &values, double unit) {
  std::vector<typename Element::Storage> stored;
  for (int value : values)
    stored.push_back(Element::encode(value * unit));
  return stored;
}

template <class T> std::vector<T> as(const std::vector<int> &values) { return {values.begin(), values.end()}; }

/// C = A B on integers.
std::vector<int> multiply(const std::vector<int> &a, const std::vector<int> &b, int64_t m, int64_t n, int64_t k) {
  std::vector<int> c(m * n);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t p = 0; p < k; ++p)
      for (int64_t j = 0; j < n; ++j)
        c[i * n + j] += a[i * k + p] * b[p * n + j];
  return c;
}

/// Runs a kernel whole and in pieces: the same bits, and nothing past the end.
template <class T>
std::vector<T> runWhole(size_t size, int64_t units, llvm::function_ref<void(std::vector<T> &, int64_t, int64_t)> call) {
  std::vector<T> whole(size + 64, T(-7)), pieces = whole;
  call(whole, 0, units);
  for (int64_t begin = 0; begin < units;) {
    const int64_t end = std::min(units, begin + 1 + begin % 3);
    call(pieces, begin, end);
    begin = end;
  }
  EXPECT_EQ(whole, pieces);
  for (size_t i = size; i < whole.size(); ++i)
    EXPECT_EQ(whole[i], T(-7)) << "wrote past the end";
  whole.resize(size);
  return whole;
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

struct Shape {
  int64_t m, n, k;
};

/// A kernel with the B it reads.
struct Product {
  Shape shape;
  std::string cpu;
  Type a, b, c;
  bool packed = true, isStatic = true, unsignedA = true;
  std::vector<int64_t> sizesB, stridesB = {};

  template <class A, class B, class C> std::vector<C> run(std::vector<A> &left, std::vector<B> &right) const {
    SCOPED_TRACE(testing::Message() << cpu << ", " << shape.m << "x" << shape.n << "x" << shape.k
                                    << (packed ? "" : ", plain") << (isStatic ? "" : ", dynamic"));
    const auto target = *cpu::CpuTarget::get(processorName(cpu));
    const int64_t m = isStatic ? shape.m : ShapedType::kDynamic;
    Type index = IndexType::get(context());
    const JitKernel kernel(
        {memref({m, shape.k}, a), memref(sizesB, b, stridesB), memref({m, shape.n}, c), index, index},
        [&](OpBuilder &builder, Location loc, ValueRange args) {
          cpu::MatmulOperands operands{args[0], args[1], args[2], packed, unsignedA};
          cpu::emitMatmul(builder, loc, target, operands, args[3], args[4]);
        },
        cpu);
    auto units = cpu::MatmulPlan::get(target, m, shape.n, shape.k, a).units(context());
    auto grid = units.compose(ArrayRef<int64_t>{shape.m, shape.n});
    Buffer bufferB = stridesB.empty() ? Buffer(right, sizesB) : Buffer(right.data(), sizesB, stridesB);
    return runWhole<C>(shape.m * shape.n, grid[0] * grid[1], [&](std::vector<C> &out, int64_t begin, int64_t end) {
      kernel({Buffer(left, {shape.m, shape.k}), bufferB, Buffer(out, {shape.m, shape.n})}, {begin, end});
    });
  }
};

template <class Element> void testProducts(const std::string &cpu) {
  for (const Shape &shape : {Shape{1, 70, 33}, Shape{7, 65, 12}, Shape{37, 91, 53}, Shape{9, 40, 1500}})
    for (bool isStatic : {true, false}) {
      const auto [m, n, k] = shape;
      const std::vector<int> a = randomIntegers(m * k, -8, 8, 1), b = randomIntegers(k * n, -8, 8, 2);
      auto left = encode<Element>(a, 0.25), right = encode<Element>(b, 0.25);
      std::vector<typename Element::Sum> expected;
      for (int sum : multiply(a, b, m, n, k))
        expected.push_back(sum * 0.0625);
      Type element = Element::type(), sum = cpu::sumTypeOf(element);
      auto panels = cpu::packMatmulWeights(right, k, n);
      auto run = [&](bool packed, std::vector<int64_t> sizes, auto &weights, std::vector<int64_t> strides = {}) {
        Product product{shape, cpu, element, element, sum, packed, isStatic, true, sizes, strides};
        EXPECT_EQ((product.template run<typename Element::Storage, typename Element::Storage, typename Element::Sum>(
                      left, weights)),
                  expected);
      };
      run(true, {cpu::panelCount(n), k, cpu::kPanel}, panels);
      run(false, {k, n}, right);
      std::vector<typename Element::Storage> transposed(n * k);
      for (int64_t p = 0; p < k; ++p)
        for (int64_t j = 0; j < n; ++j)
          transposed[j * k + p] = right[p * n + j];
      run(false, {k, n}, transposed, {1, k});
    }
}

class ElementsTest : public testing::TestWithParam<std::string> {};

TEST_P(ElementsTest, ProductsOfDoubles) { testProducts<Double>(GetParam()); }
TEST_P(ElementsTest, ProductsOfHalves) { testProducts<Half>(GetParam()); }
TEST_P(ElementsTest, ProductsOfBrainFloats) { testProducts<Brain>(GetParam()); }

TEST_P(ElementsTest, FloatsTimesBytes) {
  for (bool isUnsigned : {true, false}) {
    const Shape shape{13, 50, 37};
    const auto [m, n, k] = shape;
    const std::vector<int> a = randomIntegers(m * k, -8, 8, 1),
                           b = randomIntegers(k * n, isUnsigned ? 0 : -128, isUnsigned ? 255 : 127, 2);
    std::vector<float> left = as<float>(a);
    auto panels = cpu::packMatmulWeights(as<int8_t>(b), k, n);
    OpBuilder builder(context());
    Product product{shape, GetParam(), builder.getF32Type(), builder.getI8Type(), builder.getF32Type()};
    product.unsignedA = !isUnsigned;
    product.sizesB = {cpu::panelCount(n), k, cpu::kPanel};
    EXPECT_EQ((product.run<float, int8_t, float>(left, panels)), as<float>(multiply(a, b, m, n, k)));
  }
}

class BytesTest : public testing::TestWithParam<std::string> {};

TEST_P(BytesTest, ProductsAreExact) {
  for (bool unsignedA : {true, false})
    for (bool isStatic : {true, false})
      for (const Shape &shape : {Shape{1, 70, 33}, Shape{7, 65, 12}, Shape{37, 91, 54}, Shape{3, 17, 4},
                                 Shape{19, 20, 6001}, Shape{100, 100, 99}}) {
        const auto [m, n, k] = shape;
        auto bytes = [&](size_t count, bool isUnsigned, uint32_t seed) {
          return randomIntegers(count, isUnsigned ? 0 : -128, isUnsigned ? 255 : 127, seed);
        };
        const std::vector<int> a = bytes(m * k, unsignedA, 3), b = bytes(k * n, !unsignedA, 4);
        std::vector<int8_t> left = as<int8_t>(a);
        auto words = cpu::packByteWords(cpu::packMatmulWeights(as<int8_t>(b), k, n), k);
        OpBuilder builder(context());
        Product product{shape, GetParam(), builder.getI8Type(), builder.getI32Type(), builder.getI32Type()};
        product.isStatic = isStatic;
        product.unsignedA = unsignedA;
        product.sizesB = {cpu::panelCount(n), (k + 3) / 4, cpu::kPanel};
        EXPECT_EQ((product.run<int8_t, int32_t, int32_t>(left, words)), multiply(a, b, m, n, k));
      }
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

struct Case {
  int64_t height, width, inputs, outputs, kernel, stride, dilation, padding;

  int64_t outputSize(int64_t size) const { return (size + 2 * padding - (kernel - 1) * dilation - 1) / stride + 1; }
  cpu::Window window() const { return {stride, dilation, padding}; }
};

constexpr int64_t kImages = 2;

std::vector<int> convolve(const Case &c, const std::vector<int> &input, const std::vector<int> &filters,
                          bool depthwise) {
  const int64_t perFilter = depthwise ? 1 : c.inputs, height = c.outputSize(c.height), width = c.outputSize(c.width);
  std::vector<int> result;
  for (int64_t n = 0; n < kImages; ++n)
    for (int64_t y = 0; y < height; ++y)
      for (int64_t x = 0; x < width; ++x)
        for (int64_t o = 0; o < c.outputs; ++o) {
          int sum = 0;
          for (int64_t i = 0; i < c.kernel; ++i)
            for (int64_t j = 0; j < c.kernel; ++j)
              for (int64_t p = 0; p < perFilter; ++p) {
                const int64_t row = y * c.stride - c.padding + i * c.dilation,
                              column = x * c.stride - c.padding + j * c.dilation;
                if (row >= 0 && row < c.height && column >= 0 && column < c.width)
                  sum += input[((n * c.height + row) * c.width + column) * c.inputs + (depthwise ? o : p)] *
                         filters[((o * perFilter + p) * c.kernel + i) * c.kernel + j];
              }
          result.push_back(sum);
        }
  return result;
}

template <class A, class B, class C>
std::vector<C> runConvolution(const Case &c, const std::string &cpu, bool depthwise, bool isStatic, Type a, Type b,
                              std::vector<A> &input, std::vector<B> &weights, std::vector<int64_t> weightSizes,
                              bool unsignedInput = true) {
  SCOPED_TRACE(testing::Message() << cpu << ", " << c.height << "x" << c.width << "x" << c.inputs << " to " << c.outputs
                                  << ", kernel " << c.kernel << (isStatic ? "" : ", dynamic"));
  auto known = [&](int64_t size) { return isStatic ? size : ShapedType::kDynamic; };
  const int64_t height = c.outputSize(c.height), width = c.outputSize(c.width);
  Type index = IndexType::get(context());
  const auto target = *cpu::CpuTarget::get(processorName(cpu));
  cpu::ConvolutionPlan plan;
  const JitKernel kernel(
      {memref({known(kImages), known(c.height), known(c.width), c.inputs}, a), memref(weightSizes, b),
       memref({known(kImages), known(height), known(width), c.outputs}, cpu::sumTypeOf(a)), index, index},
      [&](OpBuilder &builder, Location loc, ValueRange args) {
        const cpu::ConvolutionOperands operands{args[0], args[1], args[2], c.window(), c.window(), unsignedInput};
        plan = depthwise ? cpu::ConvolutionPlan::getDepthwise(target, operands)
                         : cpu::ConvolutionPlan::get(target, operands);
        (depthwise ? cpu::emitDepthwiseConvolution : cpu::emitConvolution)(builder, loc, target, operands, args[3],
                                                                           args[4], {});
      },
      cpu);
  auto grid = plan.units(context()).compose(ArrayRef<int64_t>{kImages * height, c.outputs});
  return runWhole<C>(kImages * height * width * c.outputs, grid[0] * grid[1],
                     [&](std::vector<C> &out, int64_t begin, int64_t end) {
                       kernel({Buffer(input, {kImages, c.height, c.width, c.inputs}), Buffer(weights, weightSizes),
                               Buffer(out, {kImages, height, width, c.outputs})},
                              {begin, end});
                     });
}

template <class Element> void testConvolutions(const std::string &cpu) {
  for (bool depthwise : {false, true})
    for (bool isStatic : {true, false})
      for (const Case &c :
           {Case{9, 11, 19, 19, 3, 1, 1, 1}, Case{12, 10, 3, 3, 5, 2, 1, 2}, Case{8, 14, 33, 33, 3, 1, 2, 2}}) {
        const int64_t perFilter = depthwise ? 1 : c.inputs;
        const std::vector<int> input = randomIntegers(kImages * c.height * c.width * c.inputs, -8, 8, 5),
                               filters = randomIntegers(c.outputs * perFilter * c.kernel * c.kernel, -8, 8, 6);
        auto images = encode<Element>(input, 0.25), stored = encode<Element>(filters, 0.25);
        auto packed = depthwise ? cpu::packDepthwiseWeights(stored, c.outputs, c.kernel, c.kernel)
                                : cpu::packConvolutionWeights(stored, c.outputs, c.inputs, c.kernel, c.kernel);
        std::vector<int64_t> sizes{cpu::panelCount(c.outputs), c.kernel, c.kernel, c.inputs, cpu::kPanel};
        if (depthwise)
          sizes.erase(sizes.begin() + 3);
        std::vector<typename Element::Sum> expected;
        for (int sum : convolve(c, input, filters, depthwise))
          expected.push_back(sum * 0.0625);
        using Storage = typename Element::Storage;
        EXPECT_EQ((runConvolution<Storage, Storage, typename Element::Sum>(c, cpu, depthwise, isStatic, Element::type(),
                                                                           Element::type(), images, packed, sizes)),
                  expected);
      }
}

TEST_P(ElementsTest, ConvolutionsOfDoubles) { testConvolutions<Double>(GetParam()); }
TEST_P(ElementsTest, ConvolutionsOfHalves) { testConvolutions<Half>(GetParam()); }
TEST_P(ElementsTest, ConvolutionsOfBrainFloats) { testConvolutions<Brain>(GetParam()); }

TEST_P(BytesTest, ConvolutionsAreExact) {
  for (bool unsignedInput : {true, false})
    for (bool isStatic : {true, false})
      for (const Case &c : {Case{9, 11, 19, 21, 3, 1, 1, 1}, Case{12, 10, 4, 40, 5, 2, 1, 2},
                            Case{7, 5, 66, 16, 3, 1, 2, 2}, Case{6, 6, 700, 33, 3, 2, 1, 0}}) {
        auto bytes = [&](size_t count, bool isUnsigned, uint32_t seed) {
          return randomIntegers(count, isUnsigned ? 0 : -128, isUnsigned ? 255 : 127, seed);
        };
        const std::vector<int> input = bytes(kImages * c.height * c.width * c.inputs, unsignedInput, 5),
                               filters = bytes(c.outputs * c.inputs * c.kernel * c.kernel, !unsignedInput, 6);
        auto images = as<int8_t>(input);
        auto packed = cpu::packConvolutionWeights(as<int8_t>(filters), c.outputs, c.inputs, c.kernel, c.kernel);
        auto words = cpu::packByteWords(packed, c.inputs);
        OpBuilder builder(context());
        EXPECT_EQ(
            (runConvolution<int8_t, int32_t, int32_t>(
                c, GetParam(), /*depthwise=*/false, isStatic, builder.getI8Type(), builder.getI32Type(), images, words,
                {cpu::panelCount(c.outputs), c.kernel, c.kernel, (c.inputs + 3) / 4, cpu::kPanel}, unsignedInput)),
            convolve(c, input, filters, false));
      }
}

INSTANTIATE_TEST_SUITE_P(Processors, ElementsTest, testing::ValuesIn(testProcessors()), processorLabel);
INSTANTIATE_TEST_SUITE_P(Processors, BytesTest, testing::ValuesIn(testByteProcessors()), processorLabel);

} // namespace
