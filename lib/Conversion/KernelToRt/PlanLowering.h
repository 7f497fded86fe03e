// Lowers what a step's input shapes tell of a call to a function of its own.
#ifndef TFC_LIB_CONVERSION_KERNELTORT_PLANLOWERING_H
#define TFC_LIB_CONVERSION_KERNELTORT_PLANLOWERING_H

#include "Kernel/Kernel.h"
#include "SizeBuilder.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tfc {

/// Emits the body of a step's plan, a `tfc_step_plan_t`: the runtime asks it what a call will
/// need, and the step itself where its slots lie. Not reusable.
class PlanLowering : SizeBuilder {
public:
  PlanLowering(mlir::OpBuilder &builder, mlir::func::FuncOp plan)
      : SizeBuilder(builder), inputs(plan.getArgument(1)), words(plan.getArgument(2)) {}

  void run(dfg::StepOp step);

  /// How many words of a plan are extents of outputs; the offsets of slots come behind them.
  static int64_t extentCount(dfg::StepOp step);

private:
  /// An extent of a tensor of the step; null where only data tells.
  mlir::Value extent(mlir::Location loc, mlir::Value tensor, unsigned d);
  /// The extent that all of the tensors have, at run time TFC_DIM_DYNAMIC where they differ.
  mlir::Value commonExtent(mlir::Location loc, llvm::ArrayRef<mlir::Value> tensors, unsigned d);
  /// An index of the step, computed here; null where it does not follow from input shapes.
  /// Knows all that `tfc-plan-memory` sizes slots by.
  mlir::Value index(mlir::Value index);
  mlir::Value inputExtent(mlir::Location loc, mlir::BlockArgument input, unsigned d);
  /// The arena's size; stores the offsets of slots.
  mlir::Value placeSlots(dfg::StepOp step);
  void append(mlir::Location loc, mlir::Value word);

  mlir::Value inputs, words;
  mlir::Block *stepBlock = nullptr;
  int64_t wordCount = 0;
  llvm::DenseMap<mlir::Value, mlir::Value> indices;
};

} // namespace tfc

#endif // TFC_LIB_CONVERSION_KERNELTORT_PLANLOWERING_H
