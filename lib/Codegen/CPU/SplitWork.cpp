// Lets kernels of the general path do a range of work units.
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/PatternMatch.h"
#include "tfc/Codegen/CPU/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_SPLITWORK
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace {

/// The linalg op that is all a kernel does to memory, if its outermost loop is parallel.
linalg::LinalgOp onlyParallelOp(func::FuncOp function) {
  linalg::LinalgOp found;
  for (Operation &op : function.getBody().front().without_terminator()) {
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
      if (found)
        return {};
      found = linalgOp;
    } else if (!isMemoryEffectFree(&op)) {
      return {};
    }
  }
  if (!found || found.getNumLoops() == 0 || found.getNumDpsInits() != 1 ||
      found.getIteratorTypesArray()[0] != utils::IteratorType::parallel)
    return {};
  // The outermost loop runs over the rows of the result.
  AffineMap result = found.getMatchingIndexingMap(found.getDpsInitOperand(0));
  bool overRows = result.getNumResults() > 0 && result.getResult(0) == getAffineDimExpr(0, function.getContext());
  return overRows ? found : linalg::LinalgOp();
}

struct SplitWork : tfc::impl::SplitWorkBase<SplitWork> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    auto grain = function->getAttrOfType<IntegerAttr>("kernel.grain");
    if (!grain)
      return;
    Block &block = function.getBody().front();
    Value begin = block.getArgument(block.getNumArguments() - 2), end = block.getArguments().back();
    IRRewriter rewriter(&getContext());
    if (linalg::LinalgOp op = onlyParallelOp(function)) {
      rewriter.setInsertionPoint(op);
      FailureOr<linalg::LinalgLoops> loops = linalg::linalgOpToLoops(rewriter, op);
      if (failed(loops) || loops->empty())
        return signalPassFailure();
      rewriter.eraseOp(op);
      auto outer = cast<scf::ForOp>(loops->front());
      rewriter.setInsertionPoint(outer);
      Location loc = outer.getLoc();
      Value rows = arith::ConstantIndexOp::create(rewriter, loc, grain.getInt());
      Value last = arith::MulIOp::create(rewriter, loc, end, rows);
      outer.setLowerBound(arith::MulIOp::create(rewriter, loc, begin, rows));
      outer.setUpperBound(arith::MinSIOp::create(rewriter, loc, last, outer.getUpperBound()));
      return;
    }
    // All in unit 0.
    Location loc = function.getLoc();
    SmallVector<Operation *> ops;
    for (Operation &op : block.without_terminator())
      ops.push_back(&op);
    rewriter.setInsertionPointToStart(&block);
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    Value isFirst = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq, begin, zero);
    auto guard = scf::IfOp::create(rewriter, loc, isFirst, /*withElseRegion=*/false);
    Operation *yield = guard.thenBlock()->getTerminator();
    for (Operation *op : ops)
      op->moveBefore(yield);
  }
};

} // namespace
