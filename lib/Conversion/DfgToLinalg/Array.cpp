// Lowerings that make and move arrays: every element of the result is one of an operand's.
#include "Families.h"
#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

namespace tfc {
namespace {

/// Whether a kernel finds a tensor in the memory that its result goes to.
bool isDestination(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto kernel = argument ? dyn_cast<FunctionOpInterface>(argument.getOwner()->getParentOp()) : FunctionOpInterface();
  return kernel && kernel.getArgAttr(argument.getArgNumber(), "kernel.destination");
}

struct Arrays {
  static FailureOr<Value> lower(dfg::IotaOp op, LinalgLowering &lowering) {
    Type compute = computeElementType(op.getY().getType().getElementType());
    return lowering.generate(op.getLoc(), op.getY(), [&](OpBuilder &b, Location loc, ValueRange indices) -> Value {
      Value i = arith::IndexCastOp::create(b, loc, b.getI64Type(), indices[op.getAxis()]);
      if (isa<FloatType>(compute))
        return arith::SIToFPOp::create(b, loc, compute, i);
      if (compute.getIntOrFloatBitWidth() < 64)
        return arith::TruncIOp::create(b, loc, compute, i);
      return i;
    });
  }

  static FailureOr<Value> lower(dfg::BroadcastToOp op, LinalgLowering &lowering) {
    SmallVector<AffineExpr> from = llvm::to_vector(lowering.scope.dims(op.getX()));
    SmallVector<AffineExpr> to = llvm::to_vector(lowering.scope.dims(op.getY()));
    size_t added = to.size() - from.size();
    SmallVector<AffineExpr> positions;
    for (size_t i = 0; i < from.size(); ++i)
      positions.push_back(broadcastPosition(lowering.scope, from[i], to[added + i], added + i));
    Location loc = op.getLoc();
    if (llvm::all_of(positions, [](AffineExpr position) { return bool(position); }))
      return moveElements(lowering, loc, op.getX(), op.getY(),
                          AffineMap::get(to.size(), 0, positions, op.getContext()));
    SmallVector<LoopRange> ranges = fullRanges(lowering, loc, op.getX());
    return generateStored(lowering, loc, op.getY(), [&](OpBuilder &b, Location l, ValueRange loops) -> Value {
      SmallVector<Value> indices;
      for (size_t i = 0; i < from.size(); ++i)
        indices.push_back(broadcastIndex(b, l, ranges[i].end, loops[added + i]));
      return tensor::ExtractOp::create(b, l, lowering.lowered(op.getX()), indices);
    });
  }

  static FailureOr<Value> lower(dfg::TransposeOp op, LinalgLowering &lowering) {
    SmallVector<AffineExpr> exprs(op.getPermutation().size());
    for (auto [i, from] : llvm::enumerate(op.getPermutation()))
      exprs[from] = getAffineDimExpr(i, op.getContext());
    return moveElements(lowering, op.getLoc(), op.getX(), op.getY(),
                        AffineMap::get(exprs.size(), 0, exprs, op.getContext()));
  }

  static FailureOr<Value> lower(dfg::ConcatOp op, LinalgLowering &lowering) {
    Location loc = op.getLoc();
    IndexMath math(lowering.builder, loc);
    size_t rank = op.getY().getType().getRank(), axis = op.getAxis();
    SmallVector<Value> offsets(rank, math.constant(0));
    Value result = lowering.empty(loc, op.getY());
    for (Value input : op.getInputs()) {
      SmallVector<LoopRange> ranges = fullRanges(lowering, loc, input);
      result = copyElements(lowering.builder, loc, lowering.lowered(input), ranges, result, offsets,
                            SmallVector<int64_t>(rank, 1));
      offsets[axis] = math.add(offsets[axis], ranges[axis].end);
    }
    return result;
  }

  static FailureOr<Value> lower(dfg::SliceOp op, LinalgLowering &lowering) {
    SmallVector<OpFoldResult> offsets = lowering.lowered(op.getStaticOffsets(), op.getOffsets());
    return generateStored(lowering, op.getLoc(), op.getY(), [&](OpBuilder &b, Location loc, ValueRange loops) -> Value {
      IndexMath math(b, loc);
      SmallVector<Value> indices;
      for (auto [loop, offset, stride] : llvm::zip_equal(loops, offsets, op.getStrides()))
        indices.push_back(math.add(math.value(offset), math.mul(loop, math.constant(stride))));
      return tensor::ExtractOp::create(b, loc, lowering.lowered(op.getX()), indices);
    });
  }

  static FailureOr<Value> lower(dfg::UpdateSliceOp op, LinalgLowering &lowering) {
    Location loc = op.getLoc();
    int64_t rank = op.getX().getType().getRank();
    // A tensor that lies in the destination is there already.
    Value whole = isDestination(op.getX()) ? lowering.lowered(op.getX())
                                           : moveElements(lowering, loc, op.getX(), op.getY(),
                                                          AffineMap::getMultiDimIdentityMap(rank, op.getContext()));
    IndexMath math(lowering.builder, loc);
    SmallVector<Value> offsets;
    for (OpFoldResult offset : lowering.lowered(op.getStaticOffsets(), op.getOffsets()))
      offsets.push_back(math.value(offset));
    return copyElements(lowering.builder, loc, lowering.lowered(op.getUpdate()),
                        fullRanges(lowering, loc, op.getUpdate()), whole, offsets, SmallVector<int64_t>(rank, 1));
  }

  static FailureOr<Value> lower(dfg::ReverseOp op, LinalgLowering &lowering) {
    SmallVector<LoopRange> ranges = fullRanges(lowering, op.getLoc(), op.getX());
    return generateStored(lowering, op.getLoc(), op.getY(), [&](OpBuilder &b, Location loc, ValueRange loops) -> Value {
      IndexMath math(b, loc);
      SmallVector<Value> indices(loops);
      for (int64_t axis : op.getAxes())
        indices[axis] = math.sub(math.sub(ranges[axis].end, math.constant(1)), loops[axis]);
      return tensor::ExtractOp::create(b, loc, lowering.lowered(op.getX()), indices);
    });
  }
};

} // namespace

void registerArrayLowerings(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, dfg::DfgDialect *) {
    attachLinalgModels<Arrays, dfg::IotaOp, dfg::BroadcastToOp, dfg::TransposeOp, dfg::ConcatOp, dfg::SliceOp,
                       dfg::UpdateSliceOp, dfg::ReverseOp>(*context);
  });
  registerPaddingLowering(registry);
}

} // namespace tfc
