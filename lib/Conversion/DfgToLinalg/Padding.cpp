// Lowering of padding: a fill and a copy of what stays, or a read at the position that
// the mode gives.
#include "Families.h"
#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace tfc {
namespace {

struct Padding {
  static FailureOr<Value> lower(dfg::PadOp op, LinalgLowering &lowering) {
    return op.getMode() == dfg::PadMode::Constant ? fillAndCopy(op, lowering) : readInside(op, lowering);
  }

private:
  /// The operand positions of one dimension that stay: i goes to `low + i * step`.
  static LoopRange rangeInside(IndexMath math, Value extent, Value padded, Value low, int64_t step) {
    return {math.ceilDivOrZero(math.sub(math.constant(0), low), step),
            math.min(extent, math.ceilDivOrZero(math.sub(padded, low), step))};
  }

  static Value fillAndCopy(dfg::PadOp op, LinalgLowering &lowering) {
    OpBuilder &b = lowering.builder;
    Location loc = op.getLoc();
    IndexMath math(b, loc);
    SmallVector<LoopRange> ranges;
    SmallVector<Value> offsets;
    SmallVector<int64_t> steps;
    for (auto [i, low] : llvm::enumerate(lowering.lowered(op.getStaticLow(), op.getLow()))) {
      offsets.push_back(math.value(low));
      steps.push_back(op.getInterior() ? (*op.getInterior())[i] + 1 : 1);
      ranges.push_back(rangeInside(math, lowering.size(loc, op.getX(), i), lowering.size(loc, op.getY(), i),
                                   offsets.back(), steps.back()));
    }
    Value element = tensor::ExtractOp::create(b, loc, lowering.lowered(op.getValue()));
    Value filled = linalg::FillOp::create(b, loc, element, lowering.empty(loc, op.getY())).getResult(0);
    return copyElements(b, loc, lowering.lowered(op.getX()), ranges, filled, offsets, steps);
  }

  /// The operand position that stands at `i` of an infinite line, 0 for an empty operand.
  static Value wrapped(IndexMath math, dfg::PadMode mode, Value i, Value extent) {
    if (mode == dfg::PadMode::Edge)
      return math.clamp(i, extent);
    Value one = math.constant(1);
    if (mode == dfg::PadMode::Wrap)
      return math.modulo(i, math.max(extent, one));
    // Reflections repeat with a period of all elements and the inner ones backwards.
    Value last = math.sub(extent, one);
    Value period = math.max(math.mul(last, math.constant(2)), one);
    Value phase = math.modulo(i, period);
    return math.max(math.min(phase, math.sub(period, phase)), math.constant(0));
  }

  static Value readInside(dfg::PadOp op, LinalgLowering &lowering) {
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> low = lowering.lowered(op.getStaticLow(), op.getLow());
    SmallVector<Value> extents;
    for (LoopRange range : fullRanges(lowering, loc, op.getX()))
      extents.push_back(range.end);
    return generateStored(lowering, loc, op.getY(), [&](OpBuilder &b, Location l, ValueRange loops) {
      IndexMath math(b, l);
      SmallVector<Value> indices;
      for (auto [i, loop] : llvm::enumerate(loops))
        indices.push_back(wrapped(math, op.getMode(), math.sub(loop, math.value(low[i])), extents[i]));
      return extractUnlessEmpty(lowering, b, l, op.getX(), indices, extents);
    });
  }
};

} // namespace

void registerPaddingLowering(DialectRegistry &registry) {
  registry.addExtension(
      +[](MLIRContext *context, dfg::DfgDialect *) { attachLinalgModels<Padding, dfg::PadOp>(*context); });
}

} // namespace tfc
