// What structured control flow keeps of dimensions.
#include "Dfg/Dfg.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace tfc::dfg {

bool DimScope::isDefinedOutside(AffineExpr expr, Operation *op) {
  bool outside = true;
  SmallVector<AffineExpr> pending = {expr};
  llvm::SmallDenseSet<unsigned> seen; // symbols share what they are made of
  while (outside && !pending.empty())
    pending.pop_back_val().walk([&](AffineExpr part) {
      auto position = dyn_cast<AffineSymbolExpr>(part);
      if (!position || !seen.insert(position.getPosition()).second)
        return;
      Symbol symbol = symbols[position.getPosition()];
      if (!symbol.value)
        pending.append({symbol.a, symbol.b});
      else
        outside &= !op->isAncestor(symbol.value.getParentRegion()->getParentOp());
    });
  return outside;
}

void DimScope::inferRegion(Region &region) {
  region.walk<WalkOrder::PreOrder>([&](Operation *op) {
    for (Value result : op->getResults())
      if (isa<RankedTensorType>(result.getType()))
        (void)dims(result);
  });
}

void DimScope::forget(Region &region) {
  auto forgetAll = [&](ValueRange values) {
    for (Value value : values) {
      known.erase(value);
      knownIndices.erase(value);
    }
  };
  region.walk<WalkOrder::PreOrder>([&](Operation *op) {
    forgetAll(op->getResults());
    for (Region &inner : op->getRegions())
      for (Block &block : inner)
        forgetAll(block.getArguments());
  });
}

/// Replaces what a type says for sure.
static void refine(DimScope &scope, RankedTensorType type, SmallVectorImpl<AffineExpr> &dims) {
  for (int64_t i = 0; i < type.getRank(); ++i)
    if (!type.isDynamicDim(i))
      dims[i] = scope.constant(type.getDimSize(i));
}

/// Whether the regions of an op are complete: importers ask before they are.
static bool hasTerminators(Operation *op) {
  return llvm::all_of(op->getRegions(),
                      [](Region &region) { return !region.empty() && region.front().mightHaveTerminator(); });
}

void DimScope::inferBranches(Operation *op) {
  if (!hasTerminators(op))
    return;
  for (Region &region : op->getRegions())
    inferRegion(region);
  for (OpResult result : op->getResults()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type)
      continue;
    SmallVector<AffineExpr> common;
    for (Region &region : op->getRegions()) {
      Value yielded = region.front().getTerminator()->getOperand(result.getResultNumber());
      SmallVector<AffineExpr> given(dims(yielded));
      if (&region == &op->getRegion(0)) {
        common = given;
        for (AffineExpr &dim : common)
          if (!isDefinedOutside(dim, op))
            dim = {};
      }
      for (auto [dim, other] : llvm::zip_equal(common, given))
        if (dim != other)
          dim = {};
    }
    refine(*this, type, common);
    set(result, common);
  }
}

void DimScope::inferLoop(WhileOp loop) {
  if (!hasTerminators(loop))
    return;
  // Each level of nesting may look at its body three times.
  constexpr int kDeepestGuess = 4;
  int depth = 0;
  for (Operation *parent = loop; parent; parent = parent->getParentOp())
    depth += isa<WhileOp>(parent);

  Block &body = loop.getBody().front(), &condition = loop.getCondition().front();
  auto yielded = body.getTerminator()->getOperands();
  // A dimension is taken to be the initial one until the body gives another: null then.
  SmallVector<SmallVector<AffineExpr>> assumed(loop.getInputs().size());
  auto each = [&](auto visit) {
    for (auto [i, result] : llvm::enumerate(loop.getOutputs()))
      if (isa<RankedTensorType>(result.getType()))
        visit(i, assumed[i]);
  };
  each([&](unsigned i, SmallVector<AffineExpr> &initial) {
    initial = llvm::to_vector(dims(loop.getInputs()[i]));
    if (depth > kDeepestGuess && yielded[i] != body.getArgument(i))
      initial.assign(initial.size(), {});
    refine(*this, tensorType(loop.getOutputs()[i]), initial);
  });
  for (int attempt = 0;; ++attempt) {
    forget(loop.getBody());
    forget(loop.getCondition());
    each([&](unsigned i, ArrayRef<AffineExpr> dims) {
      set(body.getArgument(i), dims);
      set(condition.getArgument(i), dims);
    });
    inferRegion(loop.getBody());
    bool holds = true;
    each([&](unsigned i, SmallVector<AffineExpr> &guess) {
      RankedTensorType type = tensorType(loop.getOutputs()[i]);
      for (auto [d, pair] : llvm::enumerate(llvm::zip_equal(guess, SmallVector<AffineExpr>(dims(yielded[i]))))) {
        auto &[dim, next] = pair;
        if (!dim || !type.isDynamicDim(d) || dim == next)
          continue;
        dim = {};
        holds = false;
      }
    });
    if (holds)
      break;
    // After two wrong guesses only what no guess is needed for.
    if (attempt == 1)
      each([&](unsigned i, SmallVector<AffineExpr> &guess) {
        if (yielded[i] == body.getArgument(i))
          return;
        guess.assign(guess.size(), {});
        refine(*this, tensorType(loop.getOutputs()[i]), guess);
      });
  }
  each([&](unsigned i, ArrayRef<AffineExpr> dims) { set(loop.getOutputs()[i], dims); });
}

} // namespace tfc::dfg
