// Moves what is multiplied and added per channel behind a convolution into its weights and
// bias.
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tfc/Transforms/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_FOLDCONVSCALE
#include "tfc/Transforms/Passes.h.inc"
} // namespace tfc

using namespace mlir;
using namespace tfc::dfg;

namespace {

bool isConstant(Value value) { return value.getDefiningOp<ConstantOp>(); }

/// The dimension of a convolution's result that counts its filters.
int64_t channelDim(ConvOp conv) { return conv.getChannelsLast() ? conv.getType().getRank() - 1 : 1; }

/// A constant with one number per channel of the convolution, or one for all.
bool isPerChannel(Value value, ConvOp conv) {
  RankedTensorType type = tensorType(value), result = conv.getType();
  if (!isConstant(value) || !type.hasStaticShape() || type.getRank() > result.getRank())
    return false;
  int64_t channels = channelDim(conv), leading = result.getRank() - type.getRank();
  for (int64_t i = 0; i < type.getRank(); ++i)
    if (type.getDimSize(i) != 1 && (leading + i != channels || type.getDimSize(i) != result.getDimSize(channels)))
      return false;
  return true;
}

/// The convolution behind a value that nothing else reads, if its weights are constant
/// floats.
ConvOp scalableConv(Value value) {
  auto conv = value.getDefiningOp<ConvOp>();
  bool isScalable = conv && conv->hasOneUse() && isConstant(conv.getW()) &&
                    isa<FloatType>(conv.getType().getElementType()) && tensorType(conv.getW()).hasStaticShape();
  return isScalable ? conv : ConvOp();
}

/// The sum of such a convolution and a constant per channel, that nothing else reads.
struct BiasedConv {
  AddOp sum;
  ConvOp conv;
  Value bias;

  static std::optional<BiasedConv> of(Value value) {
    auto sum = value.getDefiningOp<AddOp>();
    if (!sum || !sum->hasOneUse())
      return std::nullopt;
    for (auto [a, b] : {std::pair(sum.getA(), sum.getB()), std::pair(sum.getB(), sum.getA())})
      if (ConvOp conv = scalableConv(a); conv && isPerChannel(b, conv) && sum.getType() == conv.getType())
        return BiasedConv{sum, conv, b};
    return std::nullopt;
  }
};

/// What numbers per channel become beside the weights.
Value alongFilters(OpBuilder &b, ConvOp conv, Value scale) {
  RankedTensorType weights = tensorType(conv.getW()), type = tensorType(scale);
  SmallVector<int64_t> shape(weights.getRank(), 1);
  shape[conv.getChannelsLast() ? weights.getRank() - 1 : 0] = type.getNumElements();
  return b.createOrFold<ReshapeOp>(scale.getLoc(), type.clone(shape), scale, ValueRange(), shape);
}

/// Two constants per channel, combined.
template <class Op> Value combine(OpBuilder &b, Location loc, Value x, Value y) {
  RankedTensorType a = tensorType(x), c = tensorType(y);
  // One of them may be a single number, or leave out leading dimensions.
  SmallVector<int64_t> shape(std::max(a.getRank(), c.getRank()), 1);
  for (RankedTensorType type : {a, c})
    for (auto [i, extent] : llvm::enumerate(llvm::reverse(type.getShape())))
      shape[shape.size() - 1 - i] = std::max(shape[shape.size() - 1 - i], extent);
  return b.createOrFold<Op>(loc, a.clone(shape), x, y);
}

/// (x * w) . s => x * (w . s) for `.` a product or quotient.
template <class Op> struct ScaleWeights : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    ConvOp conv = scalableConv(op.getA());
    Value scale = op.getB();
    if (!conv && std::is_same_v<Op, MulOp>) {
      conv = scalableConv(op.getB());
      scale = op.getA();
    }
    if (!conv || !isPerChannel(scale, conv) || op.getType() != conv.getType())
      return failure();
    Value weights = b.createOrFold<Op>(op.getLoc(), tensorType(conv.getW()), conv.getW(), alongFilters(b, conv, scale));
    if (!isConstant(weights))
      return failure();
    auto scaled = cast<ConvOp>(b.clone(*conv));
    scaled.getWMutable().assign(weights);
    b.replaceOp(op, scaled);
    return success();
  }
};

/// (conv + t) . s => conv . s + t . s
template <class Op> struct ScaleBias : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    auto biased = BiasedConv::of(op.getA());
    Value scale = op.getB();
    if (!biased && std::is_same_v<Op, MulOp>) {
      biased = BiasedConv::of(op.getB());
      scale = op.getA();
    }
    if (!biased || !isPerChannel(scale, biased->conv) || op.getType() != biased->conv.getType())
      return failure();
    Value bias = combine<Op>(b, op.getLoc(), biased->bias, scale);
    Value product = Op::create(b, op.getLoc(), op.getType(), biased->conv, scale);
    b.replaceOpWithNewOp<AddOp>(op, op.getType(), product, bias);
    return success();
  }
};

/// (conv + t) +- u => conv + (t +- u)
template <class Op> struct JoinBiases : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    auto biased = BiasedConv::of(op.getA());
    if (!biased || !isPerChannel(op.getB(), biased->conv) || op.getType() != biased->conv.getType())
      return failure();
    Value bias = combine<Op>(b, op.getLoc(), biased->bias, op.getB());
    b.replaceOpWithNewOp<AddOp>(op, op.getType(), biased->conv, bias);
    return success();
  }
};

/// conv - t => conv + -t
struct NegateBias : OpRewritePattern<SubOp> {
  using OpRewritePattern<SubOp>::OpRewritePattern;
  LogicalResult matchAndRewrite(SubOp op, PatternRewriter &b) const override {
    ConvOp conv = scalableConv(op.getA());
    if (!conv || !isPerChannel(op.getB(), conv) || op.getType() != conv.getType())
      return failure();
    Value negated = b.createOrFold<NegOp>(op.getLoc(), op.getB().getType(), op.getB());
    b.replaceOpWithNewOp<AddOp>(op, op.getType(), conv, negated);
    return success();
  }
};

struct FoldConvScale : tfc::impl::FoldConvScaleBase<FoldConvScale> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ScaleWeights<MulOp>, ScaleWeights<DivOp>, ScaleBias<MulOp>, ScaleBias<DivOp>, JoinBiases<AddOp>,
                 JoinBiases<SubOp>, NegateBias>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
