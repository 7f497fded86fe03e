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

/// The linalg op that is all a kernel does to memory, if its loop `split` is parallel and runs
/// over dimension `split` of the result, which those before it, of one iteration, lead to.
linalg::LinalgOp onlyParallelOp(func::FuncOp function, int64_t split) {
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
  if (!found || found.getNumLoops() <= split || found.getNumDpsInits() != 1)
    return {};
  AffineMap result = found.getMatchingIndexingMap(found.getDpsInitOperand(0));
  for (int64_t i = 0; i <= split; ++i)
    if (result.getNumResults() <= i || result.getResult(i) != getAffineDimExpr(i, function.getContext()) ||
        found.getIteratorTypesArray()[i] != utils::IteratorType::parallel)
      return {};
  return found;
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
    int64_t split = function->getAttrOfType<IntegerAttr>("kernel.split").getInt();
    if (linalg::LinalgOp op = onlyParallelOp(function, split)) {
      rewriter.setInsertionPoint(op);
      FailureOr<linalg::LinalgLoops> loops = linalg::linalgOpToLoops(rewriter, op);
      if (failed(loops) || int64_t(loops->size()) <= split)
        return signalPassFailure();
      rewriter.eraseOp(op);
      auto outer = cast<scf::ForOp>((*loops)[split]);
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
