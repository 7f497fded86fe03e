// Moves changes of layout towards the ends of the graph, where they cancel.
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tfc/Transforms/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_SINKTRANSPOSES
#include "tfc/Transforms/Passes.h.inc"
} // namespace tfc

using namespace mlir;
using namespace tfc::dfg;

namespace {

SmallVector<int64_t> inverse(ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> result(permutation.size());
  for (auto [i, from] : llvm::enumerate(permutation))
    result[from] = i;
  return result;
}

/// Whether a transpose makes channels-first of channels-last: (0, r-1, 1, ..., r-2).
bool makesChannelsFirst(ArrayRef<int64_t> permutation) {
  int64_t rank = permutation.size();
  if (rank < 3 || permutation[0] != 0 || permutation[1] != rank - 1)
    return false;
  for (int64_t i = 2; i < rank; ++i)
    if (permutation[i] != i - 1)
      return false;
  return true;
}

TransposeOp layoutChange(Value value) {
  auto transpose = value.getDefiningOp<TransposeOp>();
  return transpose && makesChannelsFirst(transpose.getPermutation()) ? transpose : TransposeOp();
}

/// The type whose dimension i is that of `type` at permutation[i].
RankedTensorType permuted(RankedTensorType type, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> shape;
  for (int64_t i : permutation)
    shape.push_back(type.getDimSize(i));
  return type.clone(shape);
}

template <class T> SmallVector<T> permuted(ArrayRef<T> values, ArrayRef<int64_t> permutation) {
  SmallVector<T> result;
  for (int64_t i : permutation)
    result.push_back(values[i]);
  return result;
}

TransposeOp transpose(OpBuilder &b, Location loc, Value x, ArrayRef<int64_t> permutation) {
  return TransposeOp::create(b, loc, permuted(tfc::dfg::tensorType(x), permutation), x, permutation);
}

/// Whether a value has at most one extent other than 1: its order of dimensions is but a
/// reshape.
bool isVectorLike(Value x) {
  RankedTensorType type = tfc::dfg::tensorType(x);
  return type.hasStaticShape() && llvm::count_if(type.getShape(), [](int64_t extent) { return extent != 1; }) <= 1;
}

/// A vector-like value with its dimensions, filled up to the rank of the permutation, in
/// that order.
Value reshapeToLayout(OpBuilder &b, Location loc, Value x, ArrayRef<int64_t> toLast) {
  RankedTensorType type = tfc::dfg::tensorType(x);
  SmallVector<int64_t> shape(toLast.size() - type.getRank(), 1);
  llvm::append_range(shape, type.getShape());
  SmallVector<int64_t> order = permuted<int64_t>(shape, toLast);
  return ReshapeOp::create(b, loc, type.clone(order), x, ValueRange(), order);
}

//===----------------------------------------------------------------------===//
// Transposes themselves
//===----------------------------------------------------------------------===//

/// Two transposes are one; one that only moves extents of 1 is a reshape.
struct SimplifyTranspose : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op, PatternRewriter &rewriter) const override {
    if (auto inner = op.getX().getDefiningOp<TransposeOp>()) {
      SmallVector<int64_t> both = permuted<int64_t>(inner.getPermutation(), op.getPermutation());
      rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), inner.getX(), both);
      return success();
    }
    RankedTensorType type = tensorType(op.getX());
    int64_t last = -1;
    for (int64_t from : op.getPermutation()) {
      if (type.getDimSize(from) == 1)
        continue;
      if (from < last)
        return failure();
      last = from;
    }
    auto result = cast<RankedTensorType>(op.getType());
    if (result.getNumDynamicDims() > 1)
      return failure();
    SmallVector<Value> sizes;
    for (int64_t from : op.getPermutation())
      if (type.isDynamicDim(from))
        sizes.push_back(rewriter.createOrFold<tensor::DimOp>(op.getLoc(), op.getX(), from));
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, result, op.getX(), sizes, result.getShape());
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Ops that transposes move behind
//===----------------------------------------------------------------------===//

struct SinkThroughPointwise : OpInterfaceRewritePattern<Pointwise> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(Pointwise pointwise, PatternRewriter &rewriter) const override {
    Operation *op = pointwise;
    TransposeOp moved;
    for (Value operand : op->getOperands())
      if ((moved = layoutChange(operand)))
        break;
    auto result = cast<RankedTensorType>(op->getResult(0).getType());
    if (!moved || result.getRank() != int64_t(moved.getPermutation().size()))
      return failure();
    ArrayRef<int64_t> permutation = moved.getPermutation();
    SmallVector<int64_t> toLast = inverse(permutation);
    for (Value operand : op->getOperands()) {
      int64_t rank = tensorType(operand).getRank();
      if (rank == 0 || isVectorLike(operand))
        continue;
      // In three dimensions the inverse is a change of layout itself: putting one before
      // another operand would never end.
      if (rank != result.getRank() || (toLast == permutation && !layoutChange(operand)))
        return failure();
    }
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      TransposeOp other = layoutChange(operand);
      if (other && other.getPermutation() == permutation)
        operands.push_back(other.getX());
      else if (tensorType(operand).getRank() == 0)
        operands.push_back(operand);
      else if (isVectorLike(operand))
        operands.push_back(reshapeToLayout(rewriter, op->getLoc(), operand, toLast));
      else
        operands.push_back(transpose(rewriter, op->getLoc(), operand, toLast));
    }
    Operation *copy = rewriter.clone(*op);
    copy->setOperands(operands);
    copy->getResult(0).setType(permuted(result, toLast));
    rewriter.replaceOp(op, transpose(rewriter, op->getLoc(), copy->getResult(0), permutation));
    return success();
  }
};

struct SinkThroughPool : OpRewritePattern<PoolOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PoolOp op, PatternRewriter &rewriter) const override {
    TransposeOp moved = layoutChange(op.getX());
    if (!moved || op.getChannelsLast())
      return failure();
    SmallVector<int64_t> toLast = inverse(moved.getPermutation());
    auto pool = cast<PoolOp>(rewriter.clone(*op));
    pool.getXMutable().assign(moved.getX());
    pool.setChannelsLast(true);
    pool.getResult().setType(permuted(tensorType(op.getY()), toLast));
    rewriter.replaceOp(op, transpose(rewriter, op.getLoc(), pool, moved.getPermutation()));
    return success();
  }
};

struct SinkThroughReduce : OpRewritePattern<ReduceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReduceOp op, PatternRewriter &rewriter) const override {
    TransposeOp moved = layoutChange(op.getX());
    if (!moved)
      return failure();
    ArrayRef<int64_t> permutation = moved.getPermutation();
    SmallVector<int64_t> axes;
    for (int64_t axis : op.getAxes())
      axes.push_back(permutation[axis]);
    llvm::sort(axes);
    SmallVector<int64_t> kept; // of the result's dimensions, positions in the new one
    if (op.getKeepDims()) {
      kept.assign(permutation.begin(), permutation.end());
    } else {
      SmallVector<int64_t> position(permutation.size());
      int64_t next = 0;
      for (int64_t i = 0; i < int64_t(permutation.size()); ++i)
        position[i] = llvm::is_contained(axes, i) ? -1 : next++;
      for (int64_t from : permutation)
        if (position[from] >= 0)
          kept.push_back(position[from]);
    }
    auto reduce = cast<ReduceOp>(rewriter.clone(*op));
    reduce.getXMutable().assign(moved.getX());
    reduce.setAxes(axes);
    reduce.getResult().setType(permuted(tensorType(op.getY()), inverse(kept)));
    rewriter.replaceOp(op, transpose(rewriter, op.getLoc(), reduce, kept));
    return success();
  }
};

struct SinkThroughConcat : OpRewritePattern<ConcatOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ConcatOp op, PatternRewriter &rewriter) const override {
    SmallVector<Value> inputs;
    SmallVector<int64_t> permutation;
    for (Value input : op.getInputs()) {
      TransposeOp moved = layoutChange(input);
      if (!moved)
        return failure();
      permutation = llvm::to_vector(moved.getPermutation());
      inputs.push_back(moved.getX());
    }
    auto type = permuted(tensorType(op.getY()), inverse(permutation));
    auto concat = ConcatOp::create(rewriter, op.getLoc(), type, inputs, permutation[op.getAxis()]);
    rewriter.replaceOp(op, transpose(rewriter, op.getLoc(), concat, permutation));
    return success();
  }
};

/// Ops that put other slices of x along an axis into the place of its own.
template <class Op> struct SinkThroughSlices : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    TransposeOp moved = layoutChange(op.getX());
    if (!moved || tensorType(op.getY()).getRank() != tensorType(op.getX()).getRank())
      return failure();
    ArrayRef<int64_t> permutation = moved.getPermutation();
    auto copy = cast<Op>(rewriter.clone(*op));
    copy.getXMutable().assign(moved.getX());
    copy.setAxis(permutation[op.getAxis()]);
    copy.getResult().setType(permuted(tensorType(op.getY()), inverse(permutation)));
    rewriter.replaceOp(op, transpose(rewriter, op.getLoc(), copy, permutation));
    return success();
  }
};

/// A list of static numbers with index values in the holes, in another order.
struct MixedList {
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  MixedList(ArrayRef<int64_t> fromStatics, ValueRange fromDynamics, ArrayRef<int64_t> order) {
    for (int64_t i : order) {
      statics.push_back(fromStatics[i]);
      if (ShapedType::isDynamic(fromStatics[i]))
        dynamics.push_back(fromDynamics[llvm::count(fromStatics.take_front(i), ShapedType::kDynamic)]);
    }
  }
};

struct SinkThroughPad : OpRewritePattern<PadOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PadOp op, PatternRewriter &rewriter) const override {
    TransposeOp moved = layoutChange(op.getX());
    if (!moved)
      return failure();
    SmallVector<int64_t> toLast = inverse(moved.getPermutation());
    MixedList low(op.getStaticLow(), op.getLow(), toLast), high(op.getStaticHigh(), op.getHigh(), toLast);
    DenseI64ArrayAttr interior;
    if (op.getInterior())
      interior = rewriter.getDenseI64ArrayAttr(permuted<int64_t>(*op.getInterior(), toLast));
    auto pad =
        PadOp::create(rewriter, op.getLoc(), permuted(tensorType(op.getY()), toLast), op.getModeAttr(), moved.getX(),
                      op.getValue(), low.dynamics, high.dynamics, rewriter.getDenseI64ArrayAttr(low.statics),
                      rewriter.getDenseI64ArrayAttr(high.statics), interior);
    rewriter.replaceOp(op, transpose(rewriter, op.getLoc(), pad, moved.getPermutation()));
    return success();
  }
};

struct SinkThroughSlice : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SliceOp op, PatternRewriter &rewriter) const override {
    TransposeOp moved = layoutChange(op.getX());
    if (!moved)
      return failure();
    SmallVector<int64_t> toLast = inverse(moved.getPermutation());
    MixedList offsets(op.getStaticOffsets(), op.getOffsets(), toLast),
        sizes(op.getStaticSizes(), op.getSizes(), toLast);
    auto slice =
        SliceOp::create(rewriter, op.getLoc(), permuted(tensorType(op.getY()), toLast), moved.getX(), offsets.dynamics,
                        sizes.dynamics, offsets.statics, sizes.statics, permuted<int64_t>(op.getStrides(), toLast));
    rewriter.replaceOp(op, transpose(rewriter, op.getLoc(), slice, moved.getPermutation()));
    return success();
  }
};

struct SinkTransposes : tfc::impl::SinkTransposesBase<SinkTransposes> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<SimplifyTranspose, SinkThroughPointwise, SinkThroughPool, SinkThroughReduce, SinkThroughConcat,
                 SinkThroughPad, SinkThroughSlice, SinkThroughSlices<GatherOp>, SinkThroughSlices<ResampleOp>>(
        &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
