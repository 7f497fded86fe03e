// The table of operators.
#include "OpRegistry.h"

namespace tfc::tf {

const OpRegistry &OpRegistry::get() {
  static const OpRegistry registry = [] {
    OpRegistry ops;
    registerAccumulatorOps(ops);
    registerActivationOps(ops);
    registerArrayOps(ops);
    registerBoxOps(ops);
    registerCheckOps(ops);
    registerColorOps(ops);
    registerConstantOps(ops);
    registerConvolutionOps(ops);
    registerDiagonalOps(ops);
    registerFractionalPoolingOps(ops);
    registerFunctionOps(ops);
    registerGatherOps(ops);
    registerHostOps(ops);
    registerIncompleteOps(ops);
    registerLayoutOps(ops);
    registerLinalgOps(ops);
    registerLossOps(ops);
    registerMathOps(ops);
    registerNormalizationOps(ops);
    registerOptimizerOps(ops);
    registerOptionalOps(ops);
    registerPartOps(ops);
    registerPatchOps(ops);
    registerPoolingOps(ops);
    registerProductOps(ops);
    registerQuantizationOps(ops);
    registerQueueOps(ops);
    registerRandomOps(ops);
    registerReductionOps(ops);
    registerResizeOps(ops);
    registerSearchOps(ops);
    registerSegmentOps(ops);
    registerSparseAccumulatorOps(ops);
    registerSparseOps(ops);
    registerSpecialOps(ops);
    registerStateOps(ops);
    registerStateRowOps(ops);
    registerTensorArrayOps(ops);
    registerTensorListOps(ops);
    registerComplexOps(ops); // of operators above
    return ops;
  }();
  return registry;
}

} // namespace tfc::tf
