// Turns steps into functions that call the runtime.
#include "StepLowering.h"
#include "tfc/Conversion/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_CONVERTKERNELTORT
#include "tfc/Conversion/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

struct ConvertKernelToRt : impl::ConvertKernelToRtBase<ConvertKernelToRt> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    ConstantPool constants(module);
    OpBuilder builder(module.getBodyRegion());
    Type pointer = LLVM::LLVMPointerType::get(&getContext());
    for (auto graph : llvm::make_early_inc_range(module.getOps<dfg::GraphOp>())) {
      SymbolTable kernels(graph);
      for (auto step : graph.getBody().getOps<dfg::StepOp>()) {
        builder.setInsertionPointToEnd(module.getBody());
        auto type = builder.getFunctionType({pointer, pointer, pointer}, builder.getI32Type());
        auto entry = func::FuncOp::create(builder, step.getLoc(), (step.getName() + "_entry").str(), type);
        builder.setInsertionPointToStart(entry.addEntryBlock());
        if (failed(StepLowering(builder, constants, kernels, entry).run(step)))
          return signalPassFailure();
      }
      for (auto kernel : llvm::make_early_inc_range(graph.getBody().getOps<kernel::FuncOp>()))
        kernel->moveBefore(module.getBody(), module.getBody()->end());
      graph.erase();
    }
  }
};

} // namespace
} // namespace tfc
