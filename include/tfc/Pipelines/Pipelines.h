// The road from graph to LLVM dialect as named pipelines, each a pass of its own.
#ifndef TFC_PIPELINES_PIPELINES_H
#define TFC_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"

namespace tfc {

/// One leg of the road. `tfc-opt --NAME` runs it; `tfc-compile --stop-after=NAME` stops
/// behind it.
struct Stage {
  const char *name;
  const char *summary;
  void (*build)(mlir::OpPassManager &);
};

/// All legs, in order.
llvm::ArrayRef<Stage> stages();

/// Makes the stages known to tfc-opt.
void registerPipelines();

} // namespace tfc

#endif // TFC_PIPELINES_PIPELINES_H
