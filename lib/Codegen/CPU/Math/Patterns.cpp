// Rewrite patterns that put the expansions in the place of math ops.
#include "tfc/Codegen/CPU/Math.h"

#include "Functions.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
namespace expansion = tfc::expansion;
using expansion::Float;

namespace {
/// Whether `type` is a scalar or vector of f32, or of f64 where that is allowed.
bool isExpandable(Type type, bool orF64) {
  if (isa<ShapedType>(type) && !isa<VectorType>(type))
    return false;
  Type element = getElementTypeOrSelf(type);
  return element.isF32() || (orF64 && element.isF64());
}

template <typename OpTy, Float (*function)(Float), bool orF64 = false> struct ExpandUnary : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    if (!isExpandable(op.getType(), orF64))
      return rewriter.notifyMatchFailure(op, "no expansion for this type");
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    rewriter.replaceOp(op, function({builder, op.getOperand()}).value());
    return success();
  }
};

template <typename OpTy, Float (*function)(Float, Float)> struct ExpandBinary : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    if (!isExpandable(op.getType(), /*orF64=*/false))
      return rewriter.notifyMatchFailure(op, "no expansion for this type");
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    rewriter.replaceOp(op, function({builder, op.getLhs()}, {builder, op.getRhs()}).value());
    return success();
  }
};

struct ExpandConstantPow : OpRewritePattern<math::PowFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::PowFOp op, PatternRewriter &rewriter) const override {
    APFloat exponent(0.0f);
    if (!isExpandable(op.getType(), /*orF64=*/false) || !matchPattern(op.getRhs(), m_ConstantFloat(&exponent)))
      return rewriter.notifyMatchFailure(op, "no constant exponent");
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    std::optional<Float> power = expansion::constantPow({builder, op.getLhs()}, exponent.convertToFloat());
    if (!power)
      return rewriter.notifyMatchFailure(op, "nothing faster for this exponent");
    rewriter.replaceOp(op, power->value());
    return success();
  }
};

struct ExpandSincos : OpRewritePattern<math::SincosOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::SincosOp op, PatternRewriter &rewriter) const override {
    if (!isExpandable(op.getOperand().getType(), /*orF64=*/false))
      return rewriter.notifyMatchFailure(op, "no expansion for this type");
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    Float x(builder, op.getOperand());
    rewriter.replaceOp(op, {expansion::sin(x).value(), expansion::cos(x).value()});
    return success();
  }
};
} // namespace

void tfc::populateExpandMathPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandUnary<math::ExpOp, expansion::exp>, ExpandUnary<math::Exp2Op, expansion::exp2>,
               ExpandUnary<math::ExpM1Op, expansion::expm1>, ExpandUnary<math::LogOp, expansion::log>,
               ExpandUnary<math::Log2Op, expansion::log2>, ExpandUnary<math::Log10Op, expansion::log10>,
               ExpandUnary<math::Log1pOp, expansion::log1p>, ExpandUnary<math::SinhOp, expansion::sinh>,
               ExpandUnary<math::CoshOp, expansion::cosh>, ExpandUnary<math::TanhOp, expansion::tanh>,
               ExpandUnary<math::AsinhOp, expansion::asinh>, ExpandUnary<math::AcoshOp, expansion::acosh>,
               ExpandUnary<math::AtanhOp, expansion::atanh>, ExpandUnary<math::ErfOp, expansion::erf>,
               ExpandUnary<math::ErfcOp, expansion::erfc>, ExpandUnary<math::SinOp, expansion::sin>,
               ExpandUnary<math::CosOp, expansion::cos>, ExpandUnary<math::TanOp, expansion::tan>,
               ExpandUnary<math::AsinOp, expansion::asin>, ExpandUnary<math::AcosOp, expansion::acos>,
               ExpandUnary<math::AtanOp, expansion::atan>, ExpandUnary<math::CbrtOp, expansion::cbrt>,
               ExpandUnary<math::RsqrtOp, expansion::rsqrt, /*orF64=*/true>, ExpandBinary<math::PowFOp, expansion::pow>,
               ExpandBinary<math::Atan2Op, expansion::atan2>, ExpandSincos>(patterns.getContext());
  patterns.add<ExpandConstantPow>(patterns.getContext(), /*benefit=*/2);
}
