// The table of operators.
#include "OpRegistry.h"

namespace tfc::tf {

const OpRegistry &OpRegistry::get() {
  static const OpRegistry registry = [] {
    OpRegistry ops;
    registerAccumulatorOps(ops);
    registerActivationOps(ops);
    registerArrayOps(ops);
    registerBandMatrixOps(ops);
    registerBoxOps(ops);
    registerCheckOps(ops);
    registerCheckpointOps(ops);
    registerColorOps(ops);
    registerConstantOps(ops);
    registerConvolutionOps(ops);
    registerCropOps(ops);
    registerCtcOps(ops);
    registerDiagonalOps(ops);
    registerDrawnRandomOps(ops);
    registerEliminationOps(ops);
    registerFileOps(ops);
    registerFractionalPoolingOps(ops);
    registerFunctionOps(ops);
    registerGatherOps(ops);
    registerHostOps(ops);
    registerIncompleteOps(ops);
    registerIntegralOps(ops);
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
    registerProjectionOps(ops);
    registerQuantizationOps(ops);
    registerQueueOps(ops);
    registerRaggedOps(ops);
    registerRandomOps(ops);
    registerRecurrentOps(ops);
    registerReductionOps(ops);
    registerResizeOps(ops);
    registerSearchOps(ops);
    registerSegmentOps(ops);
    registerSparseAccumulatorOps(ops);
    registerSparseOps(ops);
    registerSparsePartOps(ops);
    registerSpecialOps(ops);
    registerStateOps(ops);
    registerStateRowOps(ops);
    registerSuppressionOps(ops);
    registerTableOps(ops);
    registerTensorArrayOps(ops);
    registerTensorListOps(ops);
    registerTextPartOps(ops);
    registerComplexOps(ops); // of operators above
    registerTextOps(ops);    // of operators above
    return ops;
  }();
  return registry;
}

} // namespace tfc::tf
