// Emitted matrix products against OpenBLAS and oneDNN, one thread, over shapes that networks have.
//
//   tfc-bench-gemm [--openblas=LIB] [--onednn=LIB] [--cpu=native] [--dynamic] [--plain] [--rounds=N] [MxNxK ...]
//
// Pin it to one core. Prints GFLOP/s (20th percentile of the times) and speedups over OpenBLAS (oneDNN at M=1).
#include "JitKernel.h"
#include "Timing.h"
#include "tfc/Codegen/CPU/Emit/Matmul.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <dlfcn.h>

using namespace mlir;
using namespace tfc;
using namespace tfc::bench;

namespace cl = llvm::cl;
static cl::opt<std::string> openblas("openblas", cl::desc("path of libopenblas or libscipy_openblas"));
static cl::opt<std::string> onednn("onednn", cl::desc("path of libdnnl"));
static cl::opt<std::string> cpuName("cpu", cl::init("native"), cl::desc("processor to compile for"));
static cl::opt<bool> dynamicRows("dynamic-rows", cl::desc("leave M to run time"));
static cl::opt<bool> plain("plain", cl::desc("read B as it is instead of packed"));
static cl::opt<bool> transposed("transposed", cl::desc("as --plain, but hold B as NxK"));
static cl::opt<int> rounds("rounds", cl::init(21));
static cl::list<std::string> shapes(cl::Positional, cl::desc("MxNxK ..."));

using SgemmCblas = void (*)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *,
                            int);
using SgemmDnnl = int (*)(char, char, int64_t, int64_t, int64_t, float, const float *, int64_t, const float *, int64_t,
                          float, float *, int64_t);

static void *symbol(void *library, std::initializer_list<const char *> names) {
  for (const char *name : names)
    if (void *found = library ? dlsym(library, name) : nullptr)
      return found;
  return nullptr;
}

static std::vector<std::array<int64_t, 3>> shapeList() {
  std::vector<std::array<int64_t, 3>> list;
  for (llvm::StringRef text : shapes) {
    SmallVector<llvm::StringRef> parts;
    text.split(parts, 'x');
    list.push_back({std::stol(parts[0].str()), std::stol(parts[1].str()), std::stol(parts[2].str())});
  }
  if (!list.empty())
    return list;
  for (int64_t n : {64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048})
    list.push_back({n, n, n});
  const std::pair<int64_t, int64_t> layers[] = {{256, 256},  {768, 768},   {1024, 1024}, {3072, 768},
                                                {768, 3072}, {4096, 1024}, {1024, 4096}, {4096, 4096}};
  for (int64_t m : {1, 8, 32, 128})
    for (auto [n, k] : layers)
      list.push_back({m, n, k});
  list.insert(list.end(), {{197, 768, 768}, {1000, 1000, 1000}, {50, 200, 300}, {37, 91, 53}, {333, 555, 777}});
  return list;
}

static float *aligned(const std::vector<float> &values) {
  auto *data = static_cast<float *>(std::aligned_alloc(64, (values.size() * 4 + 63) / 64 * 64));
  std::copy(values.begin(), values.end(), data);
  return data;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv);
  if (transposed)
    plain = true;
  void *blasLibrary = openblas.empty() ? nullptr : dlopen(openblas.c_str(), RTLD_NOW | RTLD_LOCAL);
  void *dnnLibrary = onednn.empty() ? nullptr : dlopen(onednn.c_str(), RTLD_NOW | RTLD_LOCAL);
  auto blas = reinterpret_cast<SgemmCblas>(symbol(blasLibrary, {"cblas_sgemm", "scipy_cblas_sgemm"}));
  auto dnn = reinterpret_cast<SgemmDnnl>(symbol(dnnLibrary, {"dnnl_sgemm"}));
  if (auto *threads = symbol(blasLibrary, {"openblas_set_num_threads", "scipy_openblas_set_num_threads"}))
    reinterpret_cast<void (*)(int)>(threads)(1);

  const auto target = *cpu::CpuTarget::get(test::processorName(cpuName));
  std::vector<double> againstBlas, againstDnn;
  for (auto [m, n, k] : shapeList()) {
    std::vector<float> aValues = test::randomFloats(m * k, 1), bValues = test::randomFloats(k * n, 2);
    float *a = aligned(aValues), *b = aligned(bValues);
    float *right = plain ? b : aligned(cpu::packMatmulWeights(bValues, k, n));
    float *c = aligned(std::vector<float>(m * n)), *reference = aligned(std::vector<float>(m * n));

    const int64_t staticM = dynamicRows ? ShapedType::kDynamic : m;
    Type index = IndexType::get(&test::JitKernel::context());
    auto bType = plain ? test::floats({k, n}) : test::floats({cpu::panelCount(n), k, cpu::kPanel});
    if (transposed)
      bType = MemRefType::get({k, n}, bType.getElementType(), StridedLayoutAttr::get(bType.getContext(), 0, {1, k}));
    const test::JitKernel kernel(
        {test::floats({staticM, k}), bType, test::floats({staticM, n}), index, index},
        [&](OpBuilder &builder, Location loc, ValueRange args) {
          cpu::emitMatmul(builder, loc, target, {args[0], args[1], args[2], !plain}, args[3], args[4]);
        },
        cpuName);
    const cpu::MatmulPlan plan = cpu::MatmulPlan::get(target, staticM, n, k);
    auto grid = plan.units(&test::JitKernel::context()).compose(ArrayRef<int64_t>{m, n});
    const int64_t units = grid[0] * grid[1];
    const test::Buffer left(a, {m, k}, {k, 1}), out(c, {m, n}, {n, 1});
    const test::Buffer rightBuffer =
        plain ? test::Buffer(right, {k, n}, {n, 1}) : test::Buffer(right, {cpu::panelCount(n), k, 16}, {k * 16, 16, 1});

    std::vector<Candidate> candidates;
    candidates.push_back({"tfc", kernel.bind({left, rightBuffer, out}, {0, units}), {}, 1});
    if (blas)
      candidates.push_back({"openblas",
                            [&, m = m, n = n, k = k] {
                              blas(101, 111, transposed ? 112 : 111, m, n, k, 1, a, k, b, transposed ? k : n, 0,
                                   reference, n);
                            },
                            {},
                            1});
    if (dnn)
      candidates.push_back({"onednn",
                            [&, m = m, n = n, k = k] {
                              dnn('N', transposed ? 'T' : 'N', m, n, k, 1, a, k, b, transposed ? k : n, 0, reference,
                                  n);
                            },
                            {},
                            1});
    measure(candidates, rounds, 1e-3);

    double worst = 0;
    for (int64_t i = 0; i < m * n && candidates.size() > 1; ++i)
      worst = std::max<double>(worst, std::fabs(c[i] - reference[i]));
    std::string name = llvm::formatv("{0}x{1}x{2}", m, n, k);
    llvm::outs() << llvm::format("%16s  compile %3.0f ms  tile %2ldx%ld", name.c_str(), kernel.compileSeconds * 1e3,
                                 plan.tileRows, plan.tileVectors);
    for (const Candidate &candidate : candidates)
      llvm::outs() << llvm::format("  %s %5.1f", candidate.name.c_str(),
                                   2e-9 * m * n * k / quantile(candidate.samples, 0.2));
    for (size_t i = 1; i < candidates.size(); ++i) {
      const double ratio = speedup(candidates[i], candidates[0]);
      llvm::outs() << llvm::format("  x%.2f", ratio);
      if (candidates[i].name == "onednn" && m == 1)
        againstDnn.push_back(ratio);
      if (candidates[i].name == "openblas" && m > 1)
        againstBlas.push_back(ratio);
    }
    llvm::outs() << (worst > 1e-3 ? "  WRONG\n" : "\n");
    llvm::outs().flush();
    for (float *buffer : {a, b, c, reference})
      std::free(buffer);
    if (right != b)
      std::free(right);
  }
  auto summarize = [](const char *what, const std::vector<double> &ratios) {
    if (!ratios.empty())
      llvm::outs() << llvm::format("%s: geometric mean %.3f, least %.2f\n", what, geometricMean(ratios),
                                   *std::min_element(ratios.begin(), ratios.end()));
  };
  summarize("against OpenBLAS, M > 1", againstBlas);
  summarize("against oneDNN, M = 1", againstDnn);
}
