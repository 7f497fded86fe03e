// Lowering of weighted sums of slices.
#include "Families.h"
#include "IndexReading.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;

namespace tfc {
namespace {

class Resampling {
public:
  Resampling(dfg::ResampleOp op, LinalgLowering &lowering)
      : op(op), lowering(lowering), axis(op.getAxis()), extent(lowering.size(op.getLoc(), op.getX(), axis)) {}

  Value lower() {
    constexpr int64_t kMostUnrolled = 16;
    int64_t terms = op.getIndices().getType().getDimSize(1);
    return ShapedType::isDynamic(terms) || terms > kMostUnrolled || terms == 0 ? accumulate() : unroll(terms);
  }

  static FailureOr<Value> lower(dfg::ResampleOp op, LinalgLowering &lowering) {
    return Resampling(op, lowering).lower();
  }

private:
  /// One term of the sum for the element of y at `at`.
  Value term(OpBuilder &b, Location loc, ValueRange at, Value t) {
    Value which[] = {at[axis], t};
    SmallVector<Value> from(at);
    from[axis] = readIndex(lowering, b, loc, op.getIndices(), which, extent);
    Type element = op.getX().getType().getElementType();
    Value x = widenElement(b, loc, extractUnlessEmpty(lowering, b, loc, op.getX(), from, extent), element);
    return arith::MulFOp::create(b, loc, x, lowering.extract(b, loc, op.getWeights(), which));
  }

  /// Each element of y at once: indices and weights stay in registers where the loop below
  /// the axis runs over many.
  Value unroll(int64_t terms) {
    return lowering.generate(op.getLoc(), op.getY(), [&](OpBuilder &b, Location loc, ValueRange at) {
      Value sum = term(b, loc, at, indexConstant(b, loc, 0));
      for (int64_t t = 1; t < terms; ++t)
        sum = arith::AddFOp::create(b, loc, sum, term(b, loc, at, indexConstant(b, loc, t)));
      return sum;
    });
  }

  /// Any number of terms: a loop around those below the axis adds one term to each.
  Value accumulate() {
    OpBuilder &builder = lowering.builder;
    Location loc = op.getLoc();
    Accumulator accumulator(lowering, loc, op.getY());
    Type sum = op.getWeights().getType().getElementType();
    Value init = accumulator.init(elementConstant(builder, loc, sum, 0));
    unsigned rank = op.getY().getType().getRank();
    SmallVector<utils::IteratorType> loops(rank + 1, utils::IteratorType::parallel);
    loops[axis + 1] = utils::IteratorType::reduction;
    // The operand gives the loop over the terms its extent.
    AffineMap perTerm = AffineMap::get(
        rank + 1, 0, {builder.getAffineDimExpr(axis), builder.getAffineDimExpr(axis + 1)}, builder.getContext());
    AffineMap perElement = AffineMap::getMultiDimIdentityMap(rank + 1, builder.getContext()).dropResult(axis + 1);
    auto generic = linalg::GenericOp::create(
        builder, loc, init.getType(), lowering.lowered(op.getWeights()), init, ArrayRef<AffineMap>{perTerm, perElement},
        loops, [&](OpBuilder &b, Location l, ValueRange elements) {
          SmallVector<Value> at;
          for (unsigned i = 0; i <= rank; ++i)
            if (i != axis + 1)
              at.push_back(linalg::IndexOp::create(b, l, i));
          Value next = term(b, l, at, linalg::IndexOp::create(b, l, axis + 1));
          linalg::YieldOp::create(b, l, Value(arith::AddFOp::create(b, l, elements[1], next)));
        });
    return accumulator.finish(generic.getResult(0));
  }

  dfg::ResampleOp op;
  LinalgLowering &lowering;
  unsigned axis;
  Value extent;
};

} // namespace

void registerResamplingLowering(DialectRegistry &registry) {
  registry.addExtension(
      +[](MLIRContext *context, dfg::DfgDialect *) { attachLinalgModels<Resampling, dfg::ResampleOp>(*context); });
}

} // namespace tfc
