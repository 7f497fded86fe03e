// What the lowerings of arrays, windows and reductions share: index arithmetic, loop
// nests over tensors, and tensors to accumulate in.
#ifndef TFC_LIB_CONVERSION_DFGTOLINALG_LOOPS_H
#define TFC_LIB_CONVERSION_DFGTOLINALG_LOOPS_H

#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"

namespace tfc {

/// Arithmetic on `index` values at a builder's insertion point; constants fold.
class IndexMath {
public:
  IndexMath(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}

  mlir::Value constant(int64_t value) const { return indexConstant(builder, loc, value); }
  mlir::Value value(mlir::OpFoldResult value) const;
  mlir::Value add(mlir::Value a, mlir::Value b) const;
  mlir::Value sub(mlir::Value a, mlir::Value b) const;
  mlir::Value mul(mlir::Value a, mlir::Value b) const;
  mlir::Value max(mlir::Value a, mlir::Value b) const;
  mlir::Value min(mlir::Value a, mlir::Value b) const;
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b) const;
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value a, mlir::Value b) const;
  /// ceil(a / divisor), but 0 for negative `a`.
  mlir::Value ceilDivOrZero(mlir::Value a, int64_t divisor) const;
  /// The remainder in [0, divisor), for a positive divisor.
  mlir::Value modulo(mlir::Value a, mlir::Value divisor) const;
  /// The position nearest to `a` in [0, extent).
  mlir::Value clamp(mlir::Value a, mlir::Value extent) const;

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

struct LoopRange {
  mlir::Value begin, end;
};

/// [0, extent) of every dimension of an original tensor, or of some.
llvm::SmallVector<LoopRange> fullRanges(LinalgLowering &lowering, mlir::Location loc, mlir::Value original);
LoopRange fullRange(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value extent);

/// Sequential loops, the last range innermost, that carry values (tensors that each
/// iteration updates in place, scalars).
using LoopBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::OpBuilder &, mlir::Location,
                                                                   mlir::ValueRange indices, mlir::ValueRange carried)>;
llvm::SmallVector<mlir::Value> emitLoops(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<LoopRange> ranges,
                                         mlir::ValueRange carried, LoopBody body);

/// Parallel loops over the extents of the original value `result`, whose body gives the
/// element as it is stored.
mlir::Value generateStored(LinalgLowering &lowering, mlir::Location loc, mlir::Value result,
                           LinalgLowering::Body body);
/// The same where the element is the operand's at the position that `map` (from the
/// result's loops) gives.
mlir::Value moveElements(LinalgLowering &lowering, mlir::Location loc, mlir::Value operand, mlir::Value result,
                         mlir::AffineMap map);
/// The stored element of `original` at indices that lie inside once every extent in
/// `extents` is positive; 0 where one is not, as there is nothing to read.
mlir::Value extractUnlessEmpty(LinalgLowering &lowering, mlir::OpBuilder &builder, mlir::Location loc,
                               mlir::Value original, mlir::ValueRange indices, mlir::ValueRange extents);

/// The destination with the source's elements in `ranges`: the one at i goes to
/// `offset + i * stride` in each dimension. Both are stored tensors.
mlir::Value copyElements(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value source,
                         llvm::ArrayRef<LoopRange> ranges, mlir::Value destination,
                         llvm::ArrayRef<mlir::Value> offsets, llvm::ArrayRef<int64_t> strides);

/// Where a dimension of a broadcast operand is read in loops over the result: the loop,
/// position 0, or null when only the call decides.
mlir::AffineExpr broadcastPosition(dfg::DimScope &scope, mlir::AffineExpr dim, mlir::AffineExpr result, unsigned loop);
/// The same at run time: `loop`, or 0 where the extent is 1.
mlir::Value broadcastIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value extent, mlir::Value loop);

/// A tensor of `result`'s extents in compute type, to accumulate in. It becomes the
/// result itself where elements are stored as they are computed.
class Accumulator {
public:
  Accumulator(LinalgLowering &lowering, mlir::Location loc, mlir::Value result) : lowering(lowering), loc(loc), result(result) {}

  /// Filled with one element.
  mlir::Value init(mlir::Value element) const;
  /// The result from what has been accumulated.
  mlir::Value finish(mlir::Value accumulated) const;

private:
  LinalgLowering &lowering;
  mlir::Location loc;
  mlir::Value result;
};

/// Lets sums and products of floats be reordered and contracted, so that loops over them
/// can be vectorized. The order is fixed at compile time.
mlir::Value reassociable(mlir::Value combined);

} // namespace tfc

#endif // TFC_LIB_CONVERSION_DFGTOLINALG_LOOPS_H
