// Registration of dialects and passes.
#include "tfc/InitAll.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "Dfg/Dfg.h"
#include "Kernel/Kernel.h"
#include "Rt/Rt.h"
#include "tfc/Autodiff/Autodiff.h"
#include "tfc/Codegen/CPU/Passes.h"
#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"
#include "tfc/Conversion/Passes.h"
#include "tfc/Pipelines/Pipelines.h"
#include "tfc/Pipelines/Passes.h"
#include "tfc/Schedule/Passes.h"
#include "tfc/Transforms/Passes.h"

void tfc::registerAllDialects(mlir::DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<dfg::DfgDialect, kernel::KernelDialect, rt::RtDialect>();
  registerDfgToLinalgLowerings(registry);
  registerDerivatives(registry);
}

void tfc::registerAllPasses() {
  mlir::registerAllPasses();
  registerCodegenCPUPasses();
  registerConversionPasses();
  registerPipelinesPasses();
  registerSchedulePasses();
  registerTransformsPasses();
  registerPipelines();
}
