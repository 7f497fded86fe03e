// Turns steps into functions that call the runtime.
#include "PlanLowering.h"
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
        auto begin = [&](StringRef suffix, Type result) {
          builder.setInsertionPointToEnd(module.getBody());
          auto type = builder.getFunctionType({pointer, pointer, pointer}, result);
          auto function = func::FuncOp::create(builder, step.getLoc(), (step.getName() + suffix).str(), type);
          builder.setInsertionPointToStart(function.addEntryBlock());
          return function;
        };
        func::FuncOp plan = begin("_plan", builder.getI64Type());
        PlanLowering(builder, plan).run(step);
        func::FuncOp entry = begin("_entry", builder.getI32Type());
        if (failed(StepLowering(builder, constants, kernels, entry, plan).run(step)))
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
