// The road from graph to LLVM dialect.
#include "tfc/Pipelines/Pipelines.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "tfc/Codegen/CPU/Passes.h"
#include "tfc/Conversion/Passes.h"
#include "tfc/Pipelines/Passes.h"
#include "tfc/Schedule/Passes.h"
#include "tfc/Transforms/Passes.h"

using namespace mlir;

namespace tfc {

/// Folds, merges and drops what the importer left.
static void buildSimplify(OpPassManager &pm, const PipelineSettings &settings) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createFoldConstants());
  pm.addNestedPass<dfg::GraphOp>(createFoldConvScale());
  pm.addNestedPass<dfg::GraphOp>(createGatherFirst());
  pm.addPass(createCSEPass());
}

/// Fused groups become kernels and dispatches.
static void buildDispatch(OpPassManager &pm, const PipelineSettings &settings) {
  pm.addNestedPass<dfg::GraphOp>(createLowerStrings());
  pm.addNestedPass<dfg::GraphOp>(createSplitTransposedConvs());
  pm.addNestedPass<dfg::GraphOp>(createFloatIntegerConvs());
  pm.addNestedPass<dfg::GraphOp>(createSelectRoots({settings.winograd}));
  pm.addNestedPass<dfg::GraphOp>(createSinkTransposes());
  pm.addPass(createCanonicalizerPass());
  pm.addNestedPass<dfg::GraphOp>(createFormDispatches());
  pm.addNestedPass<dfg::GraphOp>(createUpdateInPlace());
  pm.addNestedPass<dfg::GraphOp>(createUpdateVariables());
  pm.addNestedPass<dfg::GraphOp>(createPlanWork({settings.cpu}));
  pm.addPass(createCSEPass());
}

/// Tensors get their memory.
static void buildPlan(OpPassManager &pm, const PipelineSettings &settings) {
  pm.addNestedPass<dfg::GraphOp>(createOwnLists());
  pm.addNestedPass<dfg::GraphOp>(createPlanMemory());
}

/// Steps become functions that call the runtime.
static void buildHost(OpPassManager &pm, const PipelineSettings &settings) { pm.addPass(createConvertKernelToRt()); }

/// Kernels become loops over memory.
static void buildKernels(OpPassManager &pm, const PipelineSettings &settings) {
  pm.addPass(createEmitKernels({settings.cpu}));
  pm.addPass(createConvertDfgToLinalg());
  pm.addPass(createLinalgElementwiseOpFusionPass());
  pm.addPass(createConvertKernelToFunc());
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions options;
  options.allowReturnAllocsFromLoops = true;
  pm.addPass(bufferization::createOneShotBufferizePass(options));
  pm.addNestedPass<func::FuncOp>(createPlaceKernelTemporaries());
  pm.addNestedPass<func::FuncOp>(createSplitWork());
  pm.addPass(createConvertLinalgToLoopsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

/// Everything becomes the LLVM dialect.
static void buildLLVM(OpPassManager &pm, const PipelineSettings &settings) {
  pm.addPass(createExpandMath());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  pm.addPass(arith::createArithExpandOpsPass(expand));
  pm.addPass(createConvertVectorToSCFPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertRtToLLVM());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertComplexToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

static constexpr Stage kStages[] = {
    {"simplify", "fold and deduplicate the graph", buildSimplify, /*forAllCpus=*/true},
    {"dispatch", "fuse the ops of steps into kernels and their dispatches", buildDispatch},
    {"plan", "give tensors their memory", buildPlan},
    {"host", "turn steps into functions that call the runtime", buildHost},
    {"kernels", "generate the loops of kernels", buildKernels},
    {"llvm", "lower to the LLVM dialect", buildLLVM},
};

ArrayRef<Stage> stages() { return kStages; }

namespace {
struct StageOptions : PassPipelineOptions<StageOptions> {
  Option<std::string> cpu{*this, "cpu", llvm::cl::desc("target CPU as LLVM names it"), llvm::cl::init("x86-64-v3")};
  Option<bool> winograd{*this, "winograd", llvm::cl::desc("convolutions of 3x3 by Winograd's algorithm"),
                        llvm::cl::init(false)};
};
} // namespace

void registerPipelines() {
  for (const Stage &stage : kStages) {
    auto build = stage.build;
    PassPipelineRegistration<StageOptions>((StringRef("tfc-") + stage.name).str(), stage.summary,
                                           [build](OpPassManager &pm, const StageOptions &options) {
                                             build(pm, PipelineSettings{options.cpu, options.winograd});
                                           });
  }
}

} // namespace tfc
