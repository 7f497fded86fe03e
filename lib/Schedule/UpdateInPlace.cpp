// Lets an update of part of a tensor write the tensor itself where nothing reads it
// afterwards.
#include "InPlaceKernels.h"
#include "tfc/Schedule/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_UPDATEINPLACE
#include "tfc/Schedule/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

/// The argument of a kernel that its only result is but for the part it updates.
std::optional<unsigned> updatedArgument(kernel::FuncOp kernel) {
  auto results = cast<kernel::ReturnOp>(kernel.getBody().front().getTerminator()).getResults();
  auto update = results.size() == 1 ? results[0].getDefiningOp<dfg::UpdateSliceOp>() : dfg::UpdateSliceOp();
  auto argument = update ? dyn_cast<BlockArgument>(update.getX()) : BlockArgument();
  if (!argument || !argument.hasOneUse())
    return std::nullopt;
  return argument.getArgNumber();
}

/// The destination or loop variable whose memory a value is; null if unknown.
Value memoryRoot(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isa<kernel::EmptyOp>(op))
      return value;
    if (auto view = dyn_cast<kernel::ViewOp>(op); view && !view.getOffset())
      value = view.getSource();
    else if (auto dispatch = dyn_cast<kernel::DispatchOp>(op))
      value = dispatch.getDestinations()[cast<OpResult>(value).getResultNumber()];
    else
      return {};
  }
  return isa<dfg::WhileOp>(value.getParentBlock()->getParentOp()) ? value : Value();
}

/// Whether `last` is the last op that reads or writes the memory of `value` in its block,
/// and reads it once.
bool isLastUse(Value value, kernel::DispatchOp last) {
  Block *block = last->getBlock();
  unsigned reads = 0;
  SmallVector<Value> aliases{value};
  while (!aliases.empty()) {
    for (OpOperand &use : aliases.pop_back_val().getUses()) {
      Operation *user = use.getOwner();
      if (user == last) {
        ++reads;
        continue;
      }
      Operation *here = block->findAncestorOpInBlock(*user);
      if (!here || !here->isBeforeInBlock(last))
        return false;
      // Whatever else sees the tensor may pass its memory on.
      if (auto view = dyn_cast<kernel::ViewOp>(user))
        aliases.push_back(view.getResult());
      else if (auto dispatch = dyn_cast<kernel::DispatchOp>(user);
               dispatch && use.getOperandNumber() >= dispatch.getInputs().size())
        aliases.push_back(dispatch.getOutputs()[use.getOperandNumber() - dispatch.getInputs().size()]);
      else if (!isa<kernel::DispatchOp, kernel::ItemOp, tensor::DimOp>(user))
        return false;
    }
  }
  return reads == 1;
}

/// Whether an updated loop variable is the variable's next value and nothing else is.
bool isNextValue(BlockArgument variable, kernel::DispatchOp update) {
  Block *body = variable.getOwner();
  auto loop = cast<dfg::WhileOp>(body->getParentOp());
  if (body != &loop.getBody().front())
    return false;
  bool isNext = false;
  for (auto [i, next] : llvm::enumerate(body->getTerminator()->getOperands())) {
    bool isWhole = true;
    while (auto view = next.getDefiningOp<kernel::ViewOp>()) {
      next = view.getSource();
      isWhole &= !view.getOffset();
    }
    if (next != update.getOutputs()[0])
      continue;
    if (i != variable.getArgNumber() || !isWhole)
      return false;
    isNext = true;
  }
  return isNext;
}

struct UpdateInPlace : impl::UpdateInPlaceBase<UpdateInPlace> {
  void runOnOperation() override {
    InPlaceKernels kernels(getOperation());
    getOperation().walk([&](kernel::DispatchOp dispatch) {
      kernel::FuncOp kernel = kernels.lookup(dispatch);
      std::optional<unsigned> updated = updatedArgument(kernel);
      if (!updated)
        return;
      Value x = dispatch.getInputs()[*updated], root = memoryRoot(x);
      if (!root || root.getParentBlock() != dispatch->getBlock() || x.getType() != dispatch.getOutputs()[0].getType() ||
          !isLastUse(root, dispatch))
        return;
      if (auto variable = dyn_cast<BlockArgument>(root); variable && !isNextValue(variable, dispatch))
        return;
      kernels.replaceDestination(dispatch, *updated);
    });
    kernels.eraseUnused();
  }
};

} // namespace
} // namespace tfc
