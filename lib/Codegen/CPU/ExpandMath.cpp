// Expansion of math functions into vectorizable arithmetic.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include "tfc/Codegen/CPU/Math.h"
#include "tfc/Codegen/CPU/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_EXPANDMATH
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

namespace {
struct ExpandMath : tfc::impl::ExpandMathBase<ExpandMath> {
  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    tfc::populateExpandMathPatterns(patterns);
    // No expansion contains an op that is itself expanded: one walk does.
    mlir::walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
