// Lowerings that write at positions which are data: a copy, then updates one by one.
#include "Families.h"
#include "IndexReading.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tfc/Conversion/DfgToLinalg/Elements.h"

using namespace mlir;

namespace tfc {
namespace {

/// Where an update goes, given the loops over the updates.
using Place = llvm::function_ref<SmallVector<Value>(OpBuilder &, Location, ValueRange)>;

/// Keeps a loop inside dimension `dim` of `other`, which should have the same extent: a
/// model that breaks that rule must not lead outside.
void limit(LinalgLowering &lowering, Location loc, LoopRange &range, AffineExpr extent, Value other, size_t dim) {
  if (extent != lowering.scope.dim(other, dim))
    range.end = IndexMath(lowering.builder, loc).min(range.end, lowering.size(loc, other, dim));
}

/// Applies all updates within `ranges` in row-major order. An empty tensor takes none.
template <class Op>
Value scatter(Op op, LinalgLowering &lowering, SmallVector<LoopRange> ranges, ArrayRef<Value> extents, Place place) {
  OpBuilder &builder = lowering.builder;
  Location loc = op.getLoc();
  Type element = op.getX().getType().getElementType();
  if (!ranges.empty()) {
    IndexMath math(builder, loc);
    for (Value extent : extents) {
      Value isEmpty = math.compare(arith::CmpIPredicate::eq, extent, math.constant(0));
      ranges[0].end = math.select(isEmpty, math.constant(0), ranges[0].end);
    }
  }
  Value zero = indexConstant(builder, loc, 0);
  Value copy = copyElements(builder, loc, lowering.lowered(op.getX()), fullRanges(lowering, loc, op.getX()),
                            lowering.empty(loc, op.getY()), SmallVector<Value>(extents.size(), zero),
                            SmallVector<int64_t>(extents.size(), 1));
  return emitLoops(builder, loc, ranges, copy, [&](OpBuilder &b, Location l, ValueRange loops, ValueRange carried) {
    SmallVector<Value> position = place(b, l, loops);
    Value stored = tensor::ExtractOp::create(b, l, lowering.lowered(op.getUpdates()), loops);
    if (op.getKind() != dfg::ReduceKind::None) {
      Value old = widenElement(b, l, tensor::ExtractOp::create(b, l, carried[0], position), element);
      Value combined = emitCombine(b, l, op.getKind(), element, old, widenElement(b, l, stored, element));
      stored = narrowElement(b, l, combined, element);
    }
    return SmallVector<Value>{tensor::InsertOp::create(b, l, stored, carried[0], position)};
  })[0];
}

struct Scatters {
  static FailureOr<Value> lower(dfg::ScatterElementsOp op, LinalgLowering &lowering) {
    Location loc = op.getLoc();
    SmallVector<Value> extents;
    for (LoopRange range : fullRanges(lowering, loc, op.getX()))
      extents.push_back(range.end);
    SmallVector<AffineExpr> updated = llvm::to_vector(lowering.scope.dims(op.getUpdates()));
    SmallVector<AffineExpr> dims = llvm::to_vector(lowering.scope.dims(op.getX()));
    SmallVector<LoopRange> ranges = fullRanges(lowering, loc, op.getUpdates());
    for (auto [i, range] : llvm::enumerate(ranges))
      limit(lowering, loc, range, updated[i], op.getIndices(), i);
    return scatter(op, lowering, ranges, extents,
                   [&](OpBuilder &b, Location l, ValueRange loops) {
                     IndexMath math(b, l);
                     SmallVector<Value> position;
                     for (auto [i, loop] : llvm::enumerate(loops)) {
                       if (i == size_t(op.getAxis()))
                         position.push_back(readIndex(lowering, b, l, op.getIndices(), loops, extents[i]));
                       else
                         position.push_back(updated[i] == dims[i] ? loop : math.clamp(loop, extents[i]));
                     }
                     return position;
                   });
  }

  static FailureOr<Value> lower(dfg::ScatterNDOp op, LinalgLowering &lowering) {
    Location loc = op.getLoc();
    RankedTensorType indices = op.getIndices().getType();
    size_t tuple = indices.getShape().back(), outer = indices.getRank() - 1;
    SmallVector<Value> extents;
    for (LoopRange range : fullRanges(lowering, loc, op.getX()))
      extents.push_back(range.end);
    SmallVector<LoopRange> ranges = fullRanges(lowering, loc, op.getUpdates());
    SmallVector<AffineExpr> updated = llvm::to_vector(lowering.scope.dims(op.getUpdates()));
    for (auto [i, range] : llvm::enumerate(ranges)) {
      if (i < outer)
        limit(lowering, loc, range, updated[i], op.getIndices(), i);
      else
        limit(lowering, loc, range, updated[i], op.getX(), tuple + i - outer);
    }
    return scatter(op, lowering, ranges, extents, [&](OpBuilder &b, Location l, ValueRange loops) {
      SmallVector<Value> position =
          readTuple(lowering, b, l, op.getIndices(), loops.take_front(outer), ArrayRef(extents).take_front(tuple));
      llvm::append_range(position, loops.drop_front(outer));
      return position;
    });
  }
};

} // namespace

void registerScatterLowerings(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, dfg::DfgDialect *) {
    attachLinalgModels<Scatters, dfg::ScatterElementsOp, dfg::ScatterNDOp>(*context);
  });
}

} // namespace tfc
