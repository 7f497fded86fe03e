// The table of operators.
#include "OpRegistry.h"

namespace tfc::tf {

const OpRegistry &OpRegistry::get() {
  static const OpRegistry registry = [] {
    OpRegistry ops;
    registerActivationOps(ops);
    registerArrayOps(ops);
    registerBoxOps(ops);
    registerColorOps(ops);
    registerCheckOps(ops);
    registerConstantOps(ops);
    registerConvolutionOps(ops);
    registerDiagonalOps(ops);
    registerFunctionOps(ops);
    registerGatherOps(ops);
    registerLayoutOps(ops);
    registerLossOps(ops);
    registerMathOps(ops);
    registerNormalizationOps(ops);
    registerPartOps(ops);
    registerPatchOps(ops);
    registerPoolingOps(ops);
    registerProductOps(ops);
    registerResizeOps(ops);
    registerOptimizerOps(ops);
    registerQueueOps(ops);
    registerStateRowOps(ops);
    registerStateOps(ops);
    registerTensorArrayOps(ops);
    registerTensorListOps(ops);
    registerReductionOps(ops);
    registerSearchOps(ops);
    registerSegmentOps(ops);
    return ops;
  }();
  return registry;
}

} // namespace tfc::tf
