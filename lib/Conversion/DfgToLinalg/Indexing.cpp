// Lowerings that read at positions which are data.
#include "Families.h"
#include "IndexReading.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace tfc {

Value readIndex(LinalgLowering &lowering, OpBuilder &b, Location loc, Value indices, ValueRange position,
                Value extent) {
  IndexMath math(b, loc);
  Value stored = lowering.extract(b, loc, indices, position);
  if (dfg::tensorType(indices).getElementType().isUnsignedInteger())
    return math.clamp(arith::IndexCastUIOp::create(b, loc, b.getIndexType(), stored), extent);
  Value index = arith::IndexCastOp::create(b, loc, b.getIndexType(), stored);
  Value isNegative = math.compare(arith::CmpIPredicate::slt, index, math.constant(0));
  return math.clamp(math.select(isNegative, math.add(index, extent), index), extent);
}

SmallVector<Value> readTuple(LinalgLowering &lowering, OpBuilder &b, Location loc, Value indices, ValueRange position,
                             ArrayRef<Value> extents) {
  SmallVector<Value> at(position), tuple;
  at.push_back({});
  for (auto [i, extent] : llvm::enumerate(extents)) {
    at.back() = indexConstant(b, loc, i);
    tuple.push_back(readIndex(lowering, b, loc, indices, at, extent));
  }
  return tuple;
}

namespace {

/// A loop over one extent as a position in another: clamped unless they are equal.
Value positionIn(IndexMath math, Value loop, AffineExpr loopExtent, AffineExpr extent,
                 Value extentValue) {
  return loopExtent == extent ? loop : math.clamp(loop, extentValue);
}

struct Gathers {
  static FailureOr<Value> lower(dfg::GatherOp op, LinalgLowering &lowering) {
    size_t axis = op.getAxis(), count = op.getIndices().getType().getRank();
    Value extent = lowering.size(op.getLoc(), op.getX(), axis);
    return generateStored(lowering, op.getLoc(), op.getY(), [&](OpBuilder &b, Location loc, ValueRange loops) {
      SmallVector<Value> position(loops.take_front(axis));
      position.push_back(readIndex(lowering, b, loc, op.getIndices(), loops.slice(axis, count), extent));
      llvm::append_range(position, loops.drop_front(axis + count));
      return extractUnlessEmpty(lowering, b, loc, op.getX(), position, extent);
    });
  }

  static FailureOr<Value> lower(dfg::GatherElementsOp op, LinalgLowering &lowering) {
    Location loc = op.getLoc();
    SmallVector<Value> extents;
    for (LoopRange range : fullRanges(lowering, loc, op.getX()))
      extents.push_back(range.end);
    SmallVector<AffineExpr> from = llvm::to_vector(lowering.scope.dims(op.getX()));
    SmallVector<AffineExpr> to = llvm::to_vector(lowering.scope.dims(op.getY()));
    return generateStored(lowering, loc, op.getY(), [&](OpBuilder &b, Location l, ValueRange loops) {
      IndexMath math(b, l);
      SmallVector<Value> position, guarded;
      for (auto [i, loop] : llvm::enumerate(loops)) {
        bool isAxis = i == size_t(op.getAxis());
        position.push_back(isAxis ? readIndex(lowering, b, l, op.getIndices(), loops, extents[i])
                                  : positionIn(math, loop, to[i], from[i], extents[i]));
        if (isAxis || to[i] != from[i])
          guarded.push_back(extents[i]);
      }
      return extractUnlessEmpty(lowering, b, l, op.getX(), position, guarded);
    });
  }

  static FailureOr<Value> lower(dfg::GatherNDOp op, LinalgLowering &lowering) {
    Location loc = op.getLoc();
    RankedTensorType indices = op.getIndices().getType();
    size_t batch = op.getBatchDims(), tuple = indices.getShape().back(), outer = indices.getRank() - 1;
    SmallVector<Value> extents;
    for (size_t i = 0; i < batch + tuple; ++i)
      extents.push_back(lowering.size(loc, op.getX(), i));
    SmallVector<AffineExpr> from = llvm::to_vector(lowering.scope.dims(op.getX()));
    SmallVector<AffineExpr> to = llvm::to_vector(lowering.scope.dims(op.getY()));
    return generateStored(lowering, loc, op.getY(), [&](OpBuilder &b, Location l, ValueRange loops) {
      IndexMath math(b, l);
      SmallVector<Value> position, guarded(ArrayRef(extents).drop_front(batch));
      for (size_t i = 0; i < batch; ++i) {
        position.push_back(positionIn(math, loops[i], to[i], from[i], extents[i]));
        if (to[i] != from[i])
          guarded.push_back(extents[i]);
      }
      llvm::append_range(position, readTuple(lowering, b, l, op.getIndices(), loops.take_front(outer),
                                             ArrayRef(extents).drop_front(batch)));
      llvm::append_range(position, loops.drop_front(outer));
      return extractUnlessEmpty(lowering, b, l, op.getX(), position, guarded);
    });
  }
};

} // namespace

void registerIndexingLowerings(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, dfg::DfgDialect *) {
    attachLinalgModels<Gathers, dfg::GatherOp, dfg::GatherElementsOp, dfg::GatherNDOp>(*context);
  });
  registerResamplingLowering(registry);
  registerScatterLowerings(registry);
}

} // namespace tfc
