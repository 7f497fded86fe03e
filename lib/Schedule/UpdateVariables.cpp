// Lets updates of variables that a step has acquired work in the memory of the variable.
#include "InPlaceKernels.h"
#include "tfc/Schedule/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_UPDATEVARIABLES
#include "tfc/Schedule/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

constexpr StringLiteral kRead = "tfc_operation_variable_read", kUpdate = "tfc_operation_variable_update",
                        kAssign = "tfc_operation_variable_assign", kAcquire = "tfc_operation_variable_acquire";

/// An operation on a variable; null otherwise.
kernel::OperationOp variableOperation(Operation *op) {
  auto operation = dyn_cast<kernel::OperationOp>(op);
  return operation && operation.getSymbol().starts_with("tfc_operation_variable_") ? operation : kernel::OperationOp();
}

/// The only read of the variable between where it is acquired and an assignment to it; null
/// where there is none, or where the step may end or wait in between.
kernel::OperationOp readToUpdate(kernel::OperationOp assign) {
  kernel::OperationOp read;
  for (Operation *op = assign->getPrevNode(); op; op = op->getPrevNode()) {
    if (auto other = variableOperation(op)) {
      if (other.getParameters() != assign.getParameters())
        continue;
      if (other.getSymbol() == kAcquire)
        return read;
      if (other.getSymbol() != kRead || read)
        return {};
      read = other;
    } else if (op->getNumRegions() || isa<kernel::OperationOp, dfg::AssertOp>(op)) {
      return {};
    }
  }
  return {};
}

/// The argument of a dispatch that is all of `read`, if it can be replaced element by element:
/// the kernel computes each element of its result from that of the argument, and nothing
/// reads the old value behind it.
std::optional<unsigned> updatedArgument(kernel::OperationOp read, kernel::DispatchOp dispatch, kernel::FuncOp kernel) {
  std::optional<unsigned> updated;
  SmallVector<Value> aliases{read.getOutputs()[0]};
  while (!aliases.empty()) {
    for (OpOperand &use : aliases.pop_back_val().getUses()) {
      Operation *user = use.getOwner();
      if (user == dispatch) {
        if (updated || use.getOperandNumber() >= dispatch.getInputs().size())
          return std::nullopt;
        updated = use.getOperandNumber();
      } else if (auto view = dyn_cast<kernel::ViewOp>(user); view && !view.getOffset()) {
        aliases.push_back(view.getResult());
      } else if (!isa<kernel::DispatchOp, tensor::DimOp>(user) || user->getBlock() != dispatch->getBlock() ||
                 !user->isBeforeInBlock(dispatch)) {
        return std::nullopt;
      }
    }
  }
  bool isPointwise = llvm::all_of(kernel.getBody().front(), [](Operation &op) {
    return isa<dfg::Pointwise, dfg::ConstantOp, kernel::ReturnOp>(op);
  });
  if (!updated || !isPointwise || dispatch.getOutputs().size() != 1 ||
      dispatch.getInputs()[*updated].getType() != dispatch.getOutputs()[0].getType())
    return std::nullopt;
  return updated;
}

struct UpdateVariables : impl::UpdateVariablesBase<UpdateVariables> {
  void runOnOperation() override {
    InPlaceKernels kernels(getOperation());
    SmallVector<kernel::OperationOp> assigns;
    getOperation().walk([&](kernel::OperationOp op) {
      if (op.getSymbol() == kAssign)
        assigns.push_back(op);
    });
    for (kernel::OperationOp assign : assigns) {
      kernel::OperationOp read = readToUpdate(assign);
      Value next = assign.getInputs()[0];
      if (!read || read.getOutputs()[0].getType() != next.getType() ||
          !isa_and_nonnull<kernel::EmptyOp>(kernel::memoryOf(next)))
        continue;
      while (auto view = next.getDefiningOp<kernel::ViewOp>())
        next = view.getSource();
      auto dispatch = next.getDefiningOp<kernel::DispatchOp>();
      if (!dispatch || dispatch->getBlock() != read->getBlock() || !read->isBeforeInBlock(dispatch))
        continue;
      kernel::FuncOp kernel = kernels.lookup(dispatch);
      std::optional<unsigned> updated = updatedArgument(read, dispatch, kernel);
      if (!updated)
        continue;
      read.setSymbol(kUpdate);
      kernels.replaceDestination(dispatch, *updated);
      assign.erase();
    }
    kernels.eraseUnused();
  }
};

} // namespace
} // namespace tfc
