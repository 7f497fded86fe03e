// What must hold of an importer, whatever it is given.
#include "ImportCheck.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace tfc {

/// Simplification is linear in size; larger modules only cost runs.
constexpr int64_t kMostSimplified = 2000;

void check(bool holds, const char *what) {
  if (holds)
    return;
  llvm::errs() << "fuzzer: " << what << '\n';
  abort();
}

void checkImport(Import import) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<affine::AffineDialect>();
  bool hasError = false;
  context.getDiagEngine().registerHandler([&](Diagnostic &diagnostic) {
    hasError |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
    (void)diagnostic.str();
  });
  ImportFailure why;
  auto module = import(&context, &why);
  check(failed(module) == (why != ImportFailure::None), "the importer's result and its reason differ");
  check(failed(module) == hasError, "the importer fails without an error or succeeds with one");
  if (failed(module))
    return;
  int64_t count = 0;
  (*module)->walk([&](Operation *) { ++count; });
  if (count > kMostSimplified)
    return;
  PassManager passes(&context);
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  check(succeeded(passes.run(**module)) && succeeded(verify(**module)), "simplification breaks the module");
}

} // namespace tfc
