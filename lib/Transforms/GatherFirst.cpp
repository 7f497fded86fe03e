// Takes rows of tables before computing on them, not after.
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tfc/Transforms/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_GATHERFIRST
#include "tfc/Transforms/Passes.h.inc"
} // namespace tfc

using namespace mlir;
using namespace tfc::dfg;

namespace {

/// Whether a value follows from constants by elementwise computations alone. Tables are few ops deep.
bool isComputedTable(Value value, int depth = 4) {
  Operation *op = value.getDefiningOp();
  if (!op || depth == 0)
    return false;
  return isa<ConstantOp>(op) || (isa<Pointwise>(op) && llvm::all_of(op->getOperands(), [&](Value operand) {
                                   return isComputedTable(operand, depth - 1);
                                 }));
}

/// gather(f(tables...)) as f(gather(tables)...).
struct GatherOperands : OpRewritePattern<GatherOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(GatherOp op, PatternRewriter &rewriter) const override {
    Operation *table = op.getX().getDefiningOp();
    RankedTensorType type = tensorType(op.getX()), result = tensorType(op.getY());
    if (op.getAxis() != 0 || type.getRank() == 0 || !isa_and_nonnull<Pointwise>(table) || !table->hasOneUse() ||
        !isComputedTable(op.getX()))
      return failure();
    SmallVector<Value> operands;
    for (Value operand : table->getOperands()) {
      RankedTensorType own = tensorType(operand);
      // What all rows share is aligned at the last dimension, whatever stands for the first.
      const bool isShared = own.getRank() < type.getRank() || own.getDimSize(0) == 1;
      const bool hasFirst = isShared && own.getRank() == type.getRank();
      if (hasFirst && (type.getDimSize(0) == 1 || tensorType(op.getIndices()).getRank() == 0))
        return failure();
      if (isShared) {
        operands.push_back(operand);
        continue;
      }
      SmallVector<int64_t> shape(result.getShape().drop_back(type.getRank() - 1));
      llvm::append_range(shape, own.getShape().drop_front());
      operands.push_back(GatherOp::create(rewriter, op.getLoc(), own.clone(shape), operand, op.getIndices(), 0));
    }
    Operation *copy = rewriter.clone(*table);
    copy->setOperands(operands);
    copy->getResult(0).setType(result);
    rewriter.replaceOp(op, copy->getResult(0));
    rewriter.eraseOp(table);
    return success();
  }
};

struct GatherFirst : tfc::impl::GatherFirstBase<GatherFirst> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<GatherOperands>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
