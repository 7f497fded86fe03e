// The road from graph to LLVM dialect as named pipelines, each a pass of its own.
#ifndef TFC_PIPELINES_PIPELINES_H
#define TFC_PIPELINES_PIPELINES_H

#include <string>

#include "mlir/Pass/PassManager.h"

namespace tfc {

/// What the legs need to know of the target, and what is asked of the code.
struct PipelineSettings {
  std::string cpu = "x86-64-v3"; // see CpuTarget::get
  bool winograd = false;         // see CompileOptions
};

/// One leg of the road. `tfc-opt --NAME` runs it; `tfc-compile --stop-after=NAME` stops
/// behind it.
struct Stage {
  const char *name;
  const char *summary;
  void (*build)(mlir::OpPassManager &, const PipelineSettings &);
  bool forAllCpus = false; // whether the result does not depend on the target
};

/// All legs, in order.
llvm::ArrayRef<Stage> stages();

/// Makes the stages known to tfc-opt.
void registerPipelines();

} // namespace tfc

#endif // TFC_PIPELINES_PIPELINES_H
