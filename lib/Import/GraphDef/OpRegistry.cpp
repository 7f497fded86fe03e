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
    registerConstantOps(ops);
    registerConvolutionOps(ops);
    registerFunctionOps(ops);
    registerLossOps(ops);
    registerMathOps(ops);
    registerNormalizationOps(ops);
    registerPatchOps(ops);
    registerPoolingOps(ops);
    registerProductOps(ops);
    registerResizeOps(ops);
    registerQueueOps(ops);
    registerStateOps(ops);
    registerTensorArrayOps(ops);
    registerTensorListOps(ops);
    return ops;
  }();
  return registry;
}

} // namespace tfc::tf
