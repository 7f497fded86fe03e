// Lowering of running sums, products, maxima and minima.
#include "Families.h"
#include "Loops.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tfc/Conversion/DfgToLinalg/Elements.h"

using namespace mlir;

namespace tfc {
namespace {

struct Scans {
  static FailureOr<Value> lower(dfg::CumulativeOp op, LinalgLowering &lowering) {
    OpBuilder &builder = lowering.builder;
    Location loc = op.getLoc();
    Type element = op.getX().getType().getElementType();
    size_t axis = op.getAxis();
    SmallVector<LoopRange> lines = fullRanges(lowering, loc, op.getX());
    LoopRange along = lines[axis];
    lines.erase(lines.begin() + axis);
    Value last = IndexMath(builder, loc).sub(along.end, indexConstant(builder, loc, 1));
    Value identity = emitIdentity(builder, loc, op.getKind(), element);

    // One element of a line: carries the result and what has been combined so far.
    auto step = [&](OpBuilder &b, Location l, SmallVector<Value> position, Value i, ValueRange carried) {
      position.insert(position.begin() + axis, op.getReverse() ? IndexMath(b, l).sub(last, i) : i);
      Value x = lowering.extract(b, l, op.getX(), position);
      Value next = emitCombine(b, l, op.getKind(), element, carried[1], x);
      Value stored = narrowElement(b, l, op.getExclusive() ? carried[1] : next, element);
      return SmallVector<Value>{tensor::InsertOp::create(b, l, stored, carried[0], position), next};
    };
    return emitLoops(builder, loc, lines, lowering.empty(loc, op.getY()),
                     [&](OpBuilder &b, Location l, ValueRange line, ValueRange result) {
                       SmallVector<Value> position(line);
                       return SmallVector<Value>{
                           emitLoops(b, l, along, {result[0], identity},
                                     [&](OpBuilder &b, Location l, ValueRange i, ValueRange carried) {
                                       return step(b, l, position, i[0], carried);
                                     })[0]};
                     })[0];
  }
};

} // namespace

void registerScanLowering(DialectRegistry &registry) {
  registry.addExtension(
      +[](MLIRContext *context, dfg::DfgDialect *) { attachLinalgModels<Scans, dfg::CumulativeOp>(*context); });
}

} // namespace tfc
