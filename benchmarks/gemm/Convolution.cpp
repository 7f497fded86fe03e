// Emitted convolutions against oneDNN, one thread, on the layers of ResNet-18 and MobileNetV2.
//
//   tfc-bench-convolution [--cpu=native] [--rounds=N] [--only=REGEX]
//
// Pin it to one core. "nhwc" is oneDNN with channels last, "any" with the layout that it prefers, its reorders not
// counted; "winograd" is ours of F(4x4, 3x3) where it can be. Prints GFLOP/s of the direct products (20th percentile of
// the times), how often tfc is faster than the two, and winograd than tfc.
#include "tfc/Codegen/CPU/Emit/Convolution.h"
#include "JitKernel.h"
#include "Timing.h"
#include "tfc/Codegen/CPU/Emit/Matmul.h"
#include "tfc/Codegen/CPU/Emit/Winograd.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Regex.h"
#include <cmath>
#include <dnnl.hpp>

using namespace mlir;
using namespace tfc;
using namespace tfc::bench;

namespace cl = llvm::cl;
static cl::opt<std::string> cpuName("cpu", cl::init("native"), cl::desc("processor to compile for"));
static cl::opt<std::string> only("only", cl::init("."), cl::desc("names of layers to run"));
static cl::opt<int> rounds("rounds", cl::init(21));

namespace {

struct Layer {
  int64_t size, inputs, outputs, kernel, stride, padding;
  bool depthwise = false;
  /// Input pixels as planes of channels.
  bool channelsFirst = false;

  int64_t outputSize() const { return (size + 2 * padding - kernel) / stride + 1; }
  int64_t perFilter() const { return depthwise ? 1 : inputs; }
  std::string name() const {
    return llvm::formatv("{0}{1}x{1} {2}->{3} k{4} s{5}{6}", depthwise ? "dw " : "", size, inputs, outputs, kernel,
                         stride, channelsFirst ? " nchw" : "");
  }
};

const Layer kLayers[] = {
    // ResNet-18
    {224, 3, 64, 7, 2, 3},
    {224, 3, 64, 7, 2, 3, false, true},
    {56, 64, 64, 3, 1, 1},
    {56, 64, 128, 3, 2, 1},
    {56, 64, 128, 1, 2, 0},
    {28, 128, 128, 3, 1, 1},
    {28, 128, 256, 3, 2, 1},
    {14, 256, 256, 3, 1, 1},
    {14, 256, 512, 3, 2, 1},
    {14, 256, 512, 1, 2, 0},
    {7, 512, 512, 3, 1, 1},
    // MobileNetV2
    {224, 3, 32, 3, 2, 1},
    {224, 3, 32, 3, 2, 1, false, true},
    {112, 32, 32, 3, 1, 1, true},
    {112, 32, 16, 1, 1, 0},
    {112, 16, 96, 1, 1, 0},
    {112, 96, 96, 3, 2, 1, true},
    {56, 96, 24, 1, 1, 0},
    {56, 24, 144, 1, 1, 0},
    {56, 144, 144, 3, 1, 1, true},
    {56, 144, 144, 3, 2, 1, true},
    {28, 144, 32, 1, 1, 0},
    {28, 32, 192, 1, 1, 0},
    {28, 192, 192, 3, 1, 1, true},
    {28, 192, 192, 3, 2, 1, true},
    {14, 384, 384, 3, 1, 1, true},
    {14, 64, 384, 1, 1, 0},
    {14, 384, 96, 1, 1, 0},
    {14, 576, 576, 3, 1, 1, true},
    {14, 576, 576, 3, 2, 1, true},
    {7, 960, 960, 3, 1, 1, true},
    {7, 160, 960, 1, 1, 0},
    {7, 960, 320, 1, 1, 0},
    {7, 320, 1280, 1, 1, 0},
};

/// 64-byte aligned copy that lives as long as the program: there are few.
float *aligned(const std::vector<float> &values) {
  auto *data = static_cast<float *>(std::aligned_alloc(64, (values.size() * 4 + 63) / 64 * 64));
  std::copy(values.begin(), values.end(), data);
  return data;
}

test::Buffer rowMajor(float *data, std::vector<int64_t> sizes) {
  std::vector<int64_t> strides(sizes.size());
  int64_t stride = 1;
  for (size_t i = sizes.size(); i-- > 0; stride *= sizes[i])
    strides[i] = stride;
  return test::Buffer(data, std::move(sizes), std::move(strides));
}

/// The kernel that tfc would use for a layer; gives what runs it.
std::function<void()> compile(const Layer &layer, float *image, const std::vector<float> &filters, float *out,
                              std::unique_ptr<test::JitKernel> &kernel) {
  const auto target = *cpu::CpuTarget::get(test::processorName(cpuName));
  const int64_t in = layer.inputs, o = layer.outputs, k = layer.kernel, size = layer.size, outSize = layer.outputSize();
  Type index = IndexType::get(&test::JitKernel::context());
  if (k == 1 && layer.stride == 1) {
    const int64_t m = size * size;
    kernel = std::make_unique<test::JitKernel>(
        ArrayRef<Type>{test::floats({m, in}), test::floats({cpu::panelCount(o), in, 16}), test::floats({m, o}), index,
                       index},
        [&](OpBuilder &b, Location loc, ValueRange args) {
          cpu::emitMatmul(b, loc, target, {args[0], args[1], args[2]}, args[3], args[4]);
        },
        cpuName);
    auto grid = cpu::MatmulPlan::get(target, m, o, in).units(&test::JitKernel::context());
    auto counts = grid.compose(ArrayRef<int64_t>{m, o});
    float *packed = aligned(cpu::packMatmulWeights(filters, in, o, /*transposed=*/true));
    return kernel->bind(
        {rowMajor(image, {m, in}), rowMajor(packed, {cpu::panelCount(o), in, 16}), rowMajor(out, {m, o})},
        {0, counts[0] * counts[1]});
  }
  std::vector<int64_t> weightSizes{cpu::panelCount(o), k, k};
  if (!layer.depthwise)
    weightSizes.push_back(in);
  weightSizes.push_back(16);
  cpu::ConvolutionPlan plan;
  MemRefType imageType = test::floats({1, size, size, in});
  if (layer.channelsFirst)
    imageType =
        MemRefType::get({1, size, size, in}, imageType.getElementType(),
                        StridedLayoutAttr::get(imageType.getContext(), 0, {in * size * size, size, 1, size * size}));
  kernel = std::make_unique<test::JitKernel>(
      ArrayRef<Type>{imageType, test::floats(weightSizes), test::floats({1, outSize, outSize, o}), index, index},
      [&](OpBuilder &b, Location loc, ValueRange args) {
        const cpu::Window window{layer.stride, 1, layer.padding};
        const cpu::ConvolutionOperands operands{args[0], args[1], args[2], window, window};
        plan = layer.depthwise ? cpu::ConvolutionPlan::getDepthwise(target, operands)
                               : cpu::ConvolutionPlan::get(target, operands);
        (layer.depthwise ? cpu::emitDepthwiseConvolution : cpu::emitConvolution)(b, loc, target, operands, args[3],
                                                                                 args[4], {});
      },
      cpuName);
  auto counts = plan.units(&test::JitKernel::context()).compose(ArrayRef<int64_t>{outSize, o});
  float *packed = aligned(cpu::packConvolutionWeights(filters, o, layer.perFilter(), k, k));
  test::Buffer input = rowMajor(image, {1, size, size, in});
  if (layer.channelsFirst)
    input.strides = {in * size * size, size, 1, size * size};
  return kernel->bind({input, rowMajor(packed, weightSizes), rowMajor(out, {1, outSize, outSize, o})},
                      {0, counts[0] * counts[1]});
}

/// The same by Winograd's algorithm.
std::function<void()> compileWinograd(const Layer &layer, float *image, const std::vector<float> &filters, float *out,
                                      std::unique_ptr<test::JitKernel> &kernel) {
  const auto target = *cpu::CpuTarget::get(test::processorName(cpuName));
  const int64_t in = layer.inputs, o = layer.outputs, size = layer.size, outSize = layer.outputSize();
  MemRefType x = test::floats({1, size, size, in}), y = test::floats({1, outSize, outSize, o});
  const auto plan = cpu::WinogradPlan::get(target, cpu::WinogradSizes::of(x, y));
  const std::vector<int64_t> weightSizes{6, 6, cpu::panelCount(o), in, 16};
  MemRefType transformed = test::floats(plan.transformedShape()), products = test::floats(plan.productsShape());
  Type index = IndexType::get(&test::JitKernel::context());
  kernel = std::make_unique<test::JitKernel>(
      ArrayRef<Type>{x, test::floats(weightSizes), y, transformed, products, index, index},
      [&](OpBuilder &b, Location loc, ValueRange args) {
        cpu::emitWinograd(b, loc, target, {args[0], args[1], args[2], layer.padding, layer.padding, args[3], args[4]},
                          args[5], args[6]);
      },
      cpuName);
  auto scratch = [](MemRefType type) {
    return rowMajor(aligned(std::vector<float>(type.getNumElements())), type.getShape().vec());
  };
  auto counts = plan.units(&test::JitKernel::context()).compose(ArrayRef<int64_t>{outSize, o});
  float *packed = aligned(cpu::packWinogradWeights(filters, o, in));
  return kernel->bind({rowMajor(image, {1, size, size, in}), rowMajor(packed, weightSizes),
                       rowMajor(out, {1, outSize, outSize, o}), scratch(transformed), scratch(products)},
                      {0, counts[0] * counts[1]});
}

/// oneDNN's convolution of the same data, channels last or in the layout that it likes best.
std::function<void()> peer(const Layer &layer, float *image, float *filters, float *out, bool any) {
  using namespace dnnl;
  static engine cpuEngine(engine::kind::cpu, 0);
  static stream queue(cpuEngine);
  const auto f32 = memory::data_type::f32;
  const auto tag = any ? memory::format_tag::any : memory::format_tag::nhwc;
  const memory::dims inDims{1, layer.inputs, layer.size, layer.size};
  const memory::dims outDims{1, layer.outputs, layer.outputSize(), layer.outputSize()};
  const memory::dims filterDims = layer.depthwise
                                      ? memory::dims{layer.outputs, 1, 1, layer.kernel, layer.kernel}
                                      : memory::dims{layer.outputs, layer.inputs, layer.kernel, layer.kernel};
  const memory::dims stride{layer.stride, layer.stride}, padding{layer.padding, layer.padding}, dilation{0, 0};
  convolution_forward::primitive_desc description(cpuEngine, prop_kind::forward_inference,
                                                  algorithm::convolution_direct, memory::desc(inDims, f32, tag),
                                                  memory::desc(filterDims, f32, memory::format_tag::any),
                                                  memory::desc(outDims, f32, tag), stride, dilation, padding, padding);
  const auto filterTag = layer.depthwise ? memory::format_tag::goihw : memory::format_tag::oihw;
  const auto imageTag = layer.channelsFirst ? memory::format_tag::nchw : memory::format_tag::nhwc;
  memory userImage({inDims, f32, imageTag}, cpuEngine, image);
  memory userFilters({filterDims, f32, filterTag}, cpuEngine, filters);
  memory source(description.src_desc(), cpuEngine), weights(description.weights_desc(), cpuEngine);
  reorder(userImage, source).execute(queue, userImage, source);
  reorder(userFilters, weights).execute(queue, userFilters, weights);
  queue.wait();
  memory destination = any ? memory(description.dst_desc(), cpuEngine) : memory(description.dst_desc(), cpuEngine, out);
  std::unordered_map<int, memory> arguments{
      {DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, destination}};
  return [primitive = convolution_forward(description), arguments] { primitive.execute(queue, arguments); };
}

} // namespace

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv);
  std::vector<double> dense, depthwise;
  for (const Layer &layer : kLayers) {
    if (!llvm::Regex(only).match(layer.name()))
      continue;
    const std::vector<float> filters =
        test::randomFloats(layer.outputs * layer.perFilter() * layer.kernel * layer.kernel, 2);
    const int64_t outputs = layer.outputs * layer.outputSize() * layer.outputSize();
    float *image = aligned(test::randomFloats(layer.inputs * layer.size * layer.size, 1));
    float *actual = aligned(std::vector<float>(outputs)), *reference = aligned(std::vector<float>(outputs));
    float *transformed = aligned(std::vector<float>(outputs));
    std::unique_ptr<test::JitKernel> kernel, winograd;
    std::vector<Candidate> candidates;
    candidates.push_back({"tfc", compile(layer, image, filters, actual, kernel), {}, 1});
    candidates.push_back({"nhwc", peer(layer, image, aligned(filters), reference, false), {}, 1});
    candidates.push_back({"any", peer(layer, image, aligned(filters), nullptr, true), {}, 1});
    const bool hasWinograd = layer.kernel == 3 && layer.stride == 1 && !layer.depthwise;
    if (hasWinograd)
      candidates.push_back({"winograd", compileWinograd(layer, image, filters, transformed, winograd), {}, 1});
    measure(candidates, rounds, 1e-3);

    double worst = 0;
    for (int64_t i = 0; i < outputs; ++i)
      worst = std::max<double>(
          {worst, std::fabs(actual[i] - reference[i]), hasWinograd ? std::fabs(transformed[i] - reference[i]) : 0});
    const double work = 2e-9 * outputs * layer.perFilter() * layer.kernel * layer.kernel;
    llvm::outs() << llvm::format("%28s  compile %3.0f ms", layer.name().c_str(), kernel->compileSeconds * 1e3);
    for (const Candidate &candidate : candidates)
      llvm::outs() << llvm::format("  %s %5.1f", candidate.name.c_str(), work / quantile(candidate.samples, 0.2));
    const double ratio = speedup(candidates[1], candidates[0]);
    llvm::outs() << llvm::format("  %.3f ms  x%.2f  x%.2f", quantile(candidates[0].samples, 0.2) * 1e3, ratio,
                                 speedup(candidates[2], candidates[0]));
    if (hasWinograd)
      llvm::outs() << llvm::format("  winograd compile %3.0f ms  x%.2f", winograd->compileSeconds * 1e3,
                                   speedup(candidates[0], candidates[3]));
    llvm::outs() << (worst > 1e-3 ? "  WRONG\n" : "\n");
    llvm::outs().flush();
    (layer.depthwise ? depthwise : dense).push_back(ratio);
  }
  for (auto [what, ratios] : {std::pair("dense", dense), std::pair("depthwise", depthwise)})
    if (!ratios.empty())
      llvm::outs() << llvm::format("%s against oneDNN nhwc: geometric mean %.3f, least %.2f\n", what,
                                   geometricMean(ratios), *std::min_element(ratios.begin(), ratios.end()));
}
