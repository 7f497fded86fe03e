// Canonicalizations of structured control flow.
#include "Dfg/Dfg.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallBitVector.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tfc::dfg {

/// The number that a constant tensor of one integer holds.
static std::optional<int64_t> constantNumber(Value tensor) {
  DenseIntElementsAttr elements;
  if (!matchPattern(tensor, m_Constant(&elements)) || elements.getNumElements() != 1)
    return std::nullopt;
  auto type = cast<IntegerType>(elements.getElementType());
  APInt value = *elements.value_begin<APInt>();
  return type.isUnsigned() || type.getWidth() == 1 ? int64_t(value.getZExtValue()) : value.getSExtValue();
}

LogicalResult AssertOp::canonicalize(AssertOp op, PatternRewriter &rewriter) {
  auto holds = constantNumber(op.getCondition());
  if (!holds || *holds == 0)
    return failure();
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

/// Puts the ops of a region in place of the op that holds it.
static void replaceWithRegion(PatternRewriter &rewriter, Operation *op, Region &region) {
  Block &block = region.front();
  Operation *yield = block.getTerminator();
  SmallVector<Value> values = llvm::to_vector(yield->getOperands());
  rewriter.inlineBlockBefore(&block, op);
  rewriter.replaceOp(op, values);
  rewriter.eraseOp(yield);
}

namespace {

struct FoldConstantCondition : OpRewritePattern<IfOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(IfOp op, PatternRewriter &rewriter) const override {
    auto condition = constantNumber(op.getCondition());
    if (!condition)
      return failure();
    replaceWithRegion(rewriter, op, *condition ? op.getThenRegion() : op.getElseRegion());
    return success();
  }
};

struct FoldConstantIndex : OpRewritePattern<CaseOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(CaseOp op, PatternRewriter &rewriter) const override {
    auto index = constantNumber(op.getIndex());
    int64_t last = op.getBranches().size() - 1;
    if (!index && last > 0)
      return failure();
    replaceWithRegion(rewriter, op, op.getBranches()[!index || *index < 0 ? last : std::min(*index, last)]);
    return success();
  }
};

/// Drops results that nobody uses, and those that are the same outer value either way.
template <class Op> struct DropBranchResults : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  /// A value that every branch yields and that is there without them.
  static Value common(Op op, unsigned i) {
    Value value;
    for (Region &region : op->getRegions()) {
      Value yielded = region.front().getTerminator()->getOperand(i);
      if ((value && yielded != value) || op->isAncestor(yielded.getParentRegion()->getParentOp()))
        return {};
      value = yielded;
    }
    return value;
  }

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    SmallVector<unsigned> kept;
    for (OpResult result : op->getResults()) {
      if (Value value = common(op, result.getResultNumber()); value && !result.use_empty())
        rewriter.replaceAllUsesWith(result, value);
      if (!result.use_empty())
        kept.push_back(result.getResultNumber());
    }
    if (kept.size() == op->getNumResults())
      return failure();
    SmallVector<Type> types;
    for (unsigned i : kept)
      types.push_back(op->getResult(i).getType());
    OperationState state(op.getLoc(), op->getName(), op->getOperands(), types, op->getAttrs());
    for (Region &region : op->getRegions()) {
      Operation *yield = region.front().getTerminator();
      rewriter.modifyOpInPlace(yield, [&] {
        SmallVector<Value> values;
        for (unsigned i : kept)
          values.push_back(yield->getOperand(i));
        yield->setOperands(values);
      });
      state.addRegion()->takeBody(region);
    }
    Operation *smaller = rewriter.create(state);
    for (auto [i, result] : llvm::zip(kept, smaller->getResults()))
      rewriter.replaceAllUsesWith(op->getResult(i), result);
    rewriter.eraseOp(op);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Drops variables that the body passes on as they are, and those that nothing but their
/// own next value needs.
struct DropLoopVariables : OpRewritePattern<WhileOp> {
  using OpRewritePattern::OpRewritePattern;

  /// The variables that results, the condition or effects depend on.
  static llvm::SmallBitVector liveVariables(WhileOp op) {
    Block &body = op.getBody().front(), &condition = op.getCondition().front();
    Operation *yield = body.getTerminator();
    llvm::SmallBitVector live(op.getInputs().size());
    llvm::SetVector<Operation *> needed;
    // What lies deeper in an op is walked with it.
    auto need = [&](Value value) {
      auto argument = dyn_cast<BlockArgument>(value);
      Operation *producer = value.getDefiningOp();
      if (argument && argument.getOwner() == &body)
        live.set(argument.getArgNumber());
      else if (producer && producer->getBlock() == &body)
        needed.insert(producer);
    };
    for (Operation &inner : body.without_terminator())
      if (!isMemoryEffectFree(&inner))
        needed.insert(&inner);
    for (unsigned i = 0; i < live.size(); ++i)
      if (!op.getOutputs()[i].use_empty() || !condition.getArgument(i).use_empty())
        live.set(i);
    // Each round follows what became needed in the one before.
    llvm::SmallBitVector followed(live.size());
    for (size_t next = 0;;) {
      for (; next < needed.size(); ++next)
        needed[next]->walk([&](Operation *inner) { llvm::for_each(inner->getOperands(), need); });
      llvm::SmallBitVector fresh = live;
      fresh.reset(followed);
      if (fresh.none())
        return live;
      for (unsigned i : fresh.set_bits())
        need(yield->getOperand(i));
      followed |= fresh;
    }
  }

  LogicalResult matchAndRewrite(WhileOp op, PatternRewriter &rewriter) const override {
    Block &body = op.getBody().front(), &condition = op.getCondition().front();
    Operation *yield = body.getTerminator();
    llvm::SmallBitVector kept = liveVariables(op);
    for (unsigned i = 0; i < kept.size(); ++i) {
      // The initial value may say more than the variable: then the variable stays.
      if (yield->getOperand(i) != body.getArgument(i) || op.getInputs()[i].getType() != op.getOutputs()[i].getType())
        continue;
      kept.reset(i);
      for (Value same : {Value(body.getArgument(i)), Value(condition.getArgument(i)), Value(op.getOutputs()[i])})
        rewriter.replaceAllUsesWith(same, op.getInputs()[i]);
    }
    if (kept.all())
      return failure();

    SmallVector<Value> inputs, nexts;
    SmallVector<Type> types;
    for (unsigned i : kept.set_bits()) {
      inputs.push_back(op.getInputs()[i]);
      types.push_back(op.getOutputs()[i].getType());
      nexts.push_back(yield->getOperand(i));
    }
    rewriter.modifyOpInPlace(yield, [&] { yield->setOperands(nexts); });
    // Ops that only fed dropped variables go first, last ones first.
    llvm::SmallBitVector dropped = kept;
    dropped.flip();
    for (Operation &inner : llvm::make_early_inc_range(llvm::reverse(body)))
      if (isOpTriviallyDead(&inner))
        rewriter.eraseOp(&inner);
    body.eraseArguments([&](BlockArgument argument) { return dropped.test(argument.getArgNumber()); });
    condition.eraseArguments([&](BlockArgument argument) { return dropped.test(argument.getArgNumber()); });
    auto smaller = WhileOp::create(rewriter, op.getLoc(), types, inputs);
    smaller.getCondition().takeBody(op.getCondition());
    smaller.getBody().takeBody(op.getBody());
    for (auto [i, result] : llvm::zip(kept.set_bits(), smaller.getOutputs()))
      rewriter.replaceAllUsesWith(op.getOutputs()[i], result);
    rewriter.eraseOp(op);
    return success();
  }
};

} // namespace

void IfOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FoldConstantCondition, DropBranchResults<IfOp>>(context);
}
void CaseOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FoldConstantIndex, DropBranchResults<CaseOp>>(context);
}
void WhileOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<DropLoopVariables>(context);
}

} // namespace tfc::dfg
