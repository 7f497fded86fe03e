// libFuzzer on the importer: any bytes give an error or a module that verifies, before and
// after the stage that simplifies it. External data is out of reach.
#include "Dfg/Dfg.h"
#include "ModelMutator.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "tfc/Import/ONNX/ImportONNX.h"
#include "tfc/Import/ONNX/OpRegistry.h"
#include "llvm/ADT/SmallString.h"

using namespace mlir;

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);

/// Simplification is linear in size; larger modules only cost runs.
constexpr int64_t kMostSimplified = 2000;

static void check(bool holds, const char *what) {
  if (holds)
    return;
  llvm::errs() << "fuzzer: " << what << '\n';
  abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<affine::AffineDialect>();
  bool hasError = false;
  context.getDiagEngine().registerHandler([&](Diagnostic &diagnostic) {
    hasError |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
    (void)diagnostic.str();
  });
  tfc::ImportFailure why;
  auto module = tfc::importOnnxFromMemory(&context, {reinterpret_cast<const char *>(data), size}, {}, &why);
  check(failed(module) == (why != tfc::ImportFailure::None), "the importer's result and its reason differ");
  check(failed(module) == hasError, "the importer fails without an error or succeeds with one");
  if (failed(module))
    return 0;
  int64_t count = 0;
  (*module)->walk([&](Operation *) { ++count; });
  if (count > kMostSimplified)
    return 0;
  PassManager passes(&context);
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  check(succeeded(passes.run(**module)) && succeeded(verify(**module)), "simplification breaks the module");
  return 0;
}

static const std::vector<std::string> &operators() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (StringRef name : tfc::OpRegistry::get().names())
      all.push_back(name.str());
    llvm::sort(all);
    return all;
  }();
  return names;
}

static bool parse(tfc::onnx::ModelProto &model, const uint8_t *data, size_t size) {
  return model.ParseFromArray(data, size) && model.has_graph();
}

/// Gives the model's bytes back, or nothing where they do not fit.
static size_t store(const tfc::onnx::ModelProto &model, uint8_t *data, size_t capacity) {
  size_t size = model.ByteSizeLong();
  return size <= capacity && model.SerializeToArray(data, size) ? size : 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed) {
  tfc::onnx::ModelProto model;
  // Bytes now and then: the parser is under test as well.
  if (seed % 16 == 0 || !parse(model, data, size))
    return LLVMFuzzerMutate(data, size, capacity);
  tfc::ModelMutator(seed, operators(), LLVMFuzzerMutate).mutate(model);
  size_t stored = store(model, data, capacity);
  return stored ? stored : size;
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t otherSize,
                                            uint8_t *out, size_t capacity, unsigned seed) {
  tfc::onnx::ModelProto model, donor;
  if (!parse(model, data, size) || !parse(donor, other, otherSize))
    return 0;
  tfc::ModelMutator(seed, operators(), LLVMFuzzerMutate).cross(model, donor);
  return store(model, out, capacity);
}
