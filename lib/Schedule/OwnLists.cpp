// References to lists and optionals.
#include "tfc/Schedule/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_OWNLISTS
#include "tfc/Schedule/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

bool isCounted(Value value) { return isa<dfg::ListType, dfg::OptionalType>(value.getType()); }

/// Whether a use takes over a reference to its list.
bool consumes(OpOperand &use) {
  Operation *user = use.getOwner();
  if (auto operation = dyn_cast<kernel::OperationOp>(user))
    return llvm::is_contained(operation.getConsumed(), int64_t(use.getOperandNumber()));
  return isa<dfg::YieldOp, dfg::WhileOp, dfg::ReturnOp>(user);
}

void retainBefore(Operation *op, Value list) {
  OpBuilder builder(op);
  kernel::RetainOp::create(builder, op->getLoc(), list);
}

/// Settles what becomes of the reference that `list` is at the start of `block`, or at its
/// definition there.
void settle(Value list, Block &block) {
  // Uses in order, each with the op of the block that holds it.
  SmallVector<std::pair<Operation *, OpOperand *>> uses;
  for (OpOperand &use : list.getUses())
    if (Operation *op = block.findAncestorOpInBlock(*use.getOwner()))
      uses.push_back({op, &use});
  auto before = [](const auto &a, const auto &b) {
    return a.first != b.first ? a.first->isBeforeInBlock(b.first)
                              : a.second->getOperandNumber() < b.second->getOperandNumber();
  };
  llvm::sort(uses, before);

  OpBuilder builder(block.getParentOp());
  if (uses.empty()) {
    if (Operation *maker = list.getDefiningOp(); maker && maker->getBlock() == &block)
      builder.setInsertionPointAfter(maker);
    else
      builder.setInsertionPointToStart(&block);
    kernel::ReleaseOp::create(builder, list.getLoc(), list);
    return;
  }
  Operation *last = uses.back().first;
  // Branches that use the list last each get it. A loop whose body reads the list as well
  // cannot have it.
  bool handsOn = isa<dfg::IfOp, dfg::CaseOp>(last);
  bool isRead = llvm::any_of(uses, [&](auto &use) { return use.first == last && use.second->getOwner() != last; });
  bool taken = false;
  for (auto [op, use] : llvm::reverse(uses)) {
    if ((handsOn && op == last) || !consumes(*use))
      continue;
    if (!taken && !isRead && use->getOwner() == last)
      taken = true;
    else
      retainBefore(use->getOwner(), list);
  }
  if (handsOn) {
    for (Region &branch : last->getRegions())
      settle(list, branch.front());
  } else if (!taken) {
    builder.setInsertionPointAfter(last);
    kernel::ReleaseOp::create(builder, list.getLoc(), list);
  }
}

struct OwnLists : impl::OwnListsBase<OwnLists> {
  void runOnOperation() override {
    for (auto step : getOperation().getBody().getOps<dfg::StepOp>()) {
      SmallVector<std::pair<Value, Block *>> owned;
      step.walk([&](Block *block) {
        // A loop's condition only looks at the variables.
        bool looks = isa<dfg::WhileOp>(block->getParentOp()) && block->getParent()->getRegionNumber() == 0;
        if (!looks)
          for (Value argument : block->getArguments())
            if (isCounted(argument))
              owned.push_back({argument, block});
        for (Operation &op : *block)
          for (Value result : op.getResults())
            if (isCounted(result))
              owned.push_back({result, block});
      });
      for (auto [list, block] : owned)
        settle(list, *block);
      retainYieldedArguments(step);
    }
  }

  /// A loop's condition that yields or changes a variable is left with its own reference.
  static void retainYieldedArguments(dfg::StepOp step) {
    step.walk([](dfg::WhileOp loop) {
      for (Value argument : loop.getCondition().getArguments())
        if (isCounted(argument))
          for (OpOperand &use : llvm::make_early_inc_range(argument.getUses()))
            if (consumes(use))
              retainBefore(use.getOwner(), argument);
    });
  }
};

} // namespace
} // namespace tfc
