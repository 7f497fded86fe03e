// Registration of dialects and passes.
#include "tfc/InitAll.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "tfc/Codegen/CPU/Passes.h"

void tfc::registerAllDialects(mlir::DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
}

void tfc::registerAllPasses() {
  mlir::registerAllPasses();
  registerCodegenCPUPasses();
}
