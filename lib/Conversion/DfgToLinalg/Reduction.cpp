// Lowerings that combine elements along axes.
#include "Families.h"
#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "tfc/Conversion/DfgToLinalg/Elements.h"

using namespace mlir;

namespace tfc {
namespace {

struct Reductions {
  /// Loops run in the operand's order, so that memory is read in sequence: the innermost
  /// loop either reduces or has one accumulator per iteration.
  static FailureOr<Value> lower(dfg::ReduceOp op, LinalgLowering &lowering) {
    OpBuilder &b = lowering.builder;
    Location loc = op.getLoc();
    unsigned rank = op.getX().getType().getRank();
    Type element = op.getX().getType().getElementType();
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    for (int64_t axis : op.getAxes())
      iterators[axis] = utils::IteratorType::reduction;
    SmallVector<AffineExpr> kept;
    for (unsigned i = 0; i < rank; ++i) {
      if (iterators[i] == utils::IteratorType::parallel)
        kept.push_back(b.getAffineDimExpr(i));
      else if (op.getKeepDims())
        kept.push_back(b.getAffineConstantExpr(0));
    }
    Accumulator accumulator(lowering, loc, op.getY());
    Value init = accumulator.init(emitIdentity(b, loc, op.getKind(), element));
    Value reduced =
        linalg::GenericOp::create(
            b, loc, init.getType(), lowering.lowered(op.getX()), init,
            ArrayRef<AffineMap>{b.getMultiDimIdentityMap(rank), AffineMap::get(rank, 0, kept, op.getContext())},
            iterators,
            [&](OpBuilder &b, Location l, ValueRange elements) {
              Value x = widenElement(b, l, elements[0], element);
              linalg::YieldOp::create(b, l,
                                      reassociable(emitCombine(b, l, op.getKind(), element, elements[1], x)));
            })
            .getResult(0);
    return accumulator.finish(reduced);
  }

  static FailureOr<Value> lower(dfg::ArgReduceOp op, LinalgLowering &lowering) {
    Type element = op.getX().getType().getElementType();
    size_t axis = op.getAxis();
    Value extent = lowering.size(op.getLoc(), op.getX(), axis);
    return lowering.generate(op.getLoc(), op.getY(), [&](OpBuilder &b, Location loc, ValueRange loops) -> Value {
      SmallVector<Value> position(loops);
      if (!op.getKeepDims())
        position.insert(position.begin() + axis, Value());
      Value first = indexConstant(b, loc, 0), identity = emitIdentity(b, loc, op.getKind(), element);
      Value found = emitLoops(b, loc, fullRange(b, loc, extent), {identity, first},
                              [&](OpBuilder &b, Location l, ValueRange i, ValueRange best) {
                                position[axis] = i[0];
                                Value x = lowering.extract(b, l, op.getX(), position);
                                Value wins = beats(b, l, op, element, x, best[0]);
                                return SmallVector<Value>{arith::SelectOp::create(b, l, wins, x, best[0]),
                                                          arith::SelectOp::create(b, l, wins, i[0], best[1])};
                              })[1];
      return arith::IndexCastOp::create(b, loc, op.getY().getType().getElementType(), found);
    });
  }

private:
  /// Whether a later element takes the place of the best so far. The first NaN wins over
  /// all (with `last`, the last one).
  static Value beats(OpBuilder &b, Location loc, dfg::ArgReduceOp op, Type element, Value x, Value best) {
    using F = arith::CmpFPredicate;
    using I = arith::CmpIPredicate;
    bool isMax = op.getKind() == dfg::ReduceKind::Max, last = op.getLast();
    if (!isa<FloatType>(x.getType())) {
      static constexpr I signedInts[] = {I::slt, I::sle, I::sgt, I::sge};
      static constexpr I unsignedInts[] = {I::ult, I::ule, I::ugt, I::uge};
      bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
      return arith::CmpIOp::create(b, loc, (isUnsigned ? unsignedInts : signedInts)[2 * isMax + last], x, best);
    }
    // True where one of the two is NaN.
    static constexpr F unordered[] = {F::ULT, F::ULE, F::UGT, F::UGE};
    Value wins = arith::CmpFOp::create(b, loc, unordered[2 * isMax + last], x, best);
    Value mayWin = arith::CmpFOp::create(b, loc, F::ORD, best, best);
    if (last)
      mayWin = arith::OrIOp::create(b, loc, mayWin, arith::CmpFOp::create(b, loc, F::UNO, x, x));
    return arith::AndIOp::create(b, loc, wins, mayWin);
  }
};

} // namespace

void registerReductionLowerings(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, dfg::DfgDialect *) {
    attachLinalgModels<Reductions, dfg::ReduceOp, dfg::ArgReduceOp>(*context);
  });
  registerScanLowering(registry);
  registerNormalizationLowerings(registry);
}

} // namespace tfc
