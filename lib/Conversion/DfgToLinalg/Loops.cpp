// Index arithmetic, loop nests over tensors, and accumulators.
#include "Loops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace tfc {

//===----------------------------------------------------------------------===//
// Index arithmetic
//===----------------------------------------------------------------------===//

Value IndexMath::value(OpFoldResult value) const { return getValueOrCreateConstantIndexOp(builder, loc, value); }
Value IndexMath::add(Value a, Value b) const { return builder.createOrFold<arith::AddIOp>(loc, a, b); }
Value IndexMath::sub(Value a, Value b) const { return builder.createOrFold<arith::SubIOp>(loc, a, b); }
Value IndexMath::mul(Value a, Value b) const { return builder.createOrFold<arith::MulIOp>(loc, a, b); }
Value IndexMath::max(Value a, Value b) const { return builder.createOrFold<arith::MaxSIOp>(loc, a, b); }
Value IndexMath::min(Value a, Value b) const { return builder.createOrFold<arith::MinSIOp>(loc, a, b); }

Value IndexMath::select(Value condition, Value a, Value b) const {
  return builder.createOrFold<arith::SelectOp>(loc, condition, a, b);
}

Value IndexMath::compare(arith::CmpIPredicate predicate, Value a, Value b) const {
  return builder.createOrFold<arith::CmpIOp>(loc, predicate, a, b);
}

Value IndexMath::ceilDivOrZero(Value a, int64_t divisor) const {
  // A negative sum would divide to 0 or below.
  Value sum = max(add(a, constant(divisor - 1)), constant(0));
  return builder.createOrFold<arith::DivUIOp>(loc, sum, constant(divisor));
}

Value IndexMath::modulo(Value a, Value divisor) const {
  Value rest = builder.createOrFold<arith::RemSIOp>(loc, a, divisor);
  return select(compare(arith::CmpIPredicate::slt, rest, constant(0)), add(rest, divisor), rest);
}

Value IndexMath::clamp(Value a, Value extent) const { return max(min(a, sub(extent, constant(1))), constant(0)); }

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

LoopRange fullRange(OpBuilder &builder, Location loc, Value extent) {
  return {indexConstant(builder, loc, 0), extent};
}

SmallVector<LoopRange> fullRanges(LinalgLowering &lowering, Location loc, Value original) {
  SmallVector<LoopRange> ranges;
  for (int64_t i = 0; i < dfg::tensorType(original).getRank(); ++i)
    ranges.push_back(fullRange(lowering.builder, loc, lowering.size(loc, original, i)));
  return ranges;
}

SmallVector<Value> emitLoops(OpBuilder &builder, Location loc, ArrayRef<LoopRange> ranges, ValueRange carried,
                             LoopBody body) {
  SmallVector<Value> begins, ends;
  for (LoopRange range : ranges) {
    begins.push_back(range.begin);
    ends.push_back(range.end);
  }
  SmallVector<Value> steps(ranges.size(), indexConstant(builder, loc, 1));
  scf::LoopNest nest = scf::buildLoopNest(builder, loc, begins, ends, steps, carried,
                                          [&](OpBuilder &b, Location l, ValueRange indices, ValueRange values) {
                                            return scf::ValueVector(body(b, l, indices, values));
                                          });
  return SmallVector<Value>(nest.results);
}

Value generateStored(LinalgLowering &lowering, Location loc, Value result, LinalgLowering::Body body) {
  Value init = lowering.empty(loc, result);
  int64_t rank = dfg::tensorType(result).getRank();
  return linalg::GenericOp::create(lowering.builder, loc, init.getType(), ValueRange(), init,
                                   lowering.builder.getMultiDimIdentityMap(rank),
                                   SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel),
                                   [&](OpBuilder &b, Location l, ValueRange) {
                                     SmallVector<Value> indices;
                                     for (int64_t i = 0; i < rank; ++i)
                                       indices.push_back(linalg::IndexOp::create(b, l, i));
                                     linalg::YieldOp::create(b, l, body(b, l, indices));
                                   })
      .getResult(0);
}

/// One parallel nest over `init` whose element is made of the input's at `map`.
static Value mapElements(OpBuilder &builder, Location loc, Value input, Value init, AffineMap map,
                         llvm::function_ref<Value(OpBuilder &, Location, Value)> convert) {
  unsigned rank = cast<RankedTensorType>(init.getType()).getRank();
  return linalg::GenericOp::create(builder, loc, init.getType(), input, init,
                                   ArrayRef<AffineMap>{map, builder.getMultiDimIdentityMap(rank)},
                                   SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel),
                                   [&](OpBuilder &b, Location l, ValueRange elements) {
                                     linalg::YieldOp::create(b, l, convert(b, l, elements[0]));
                                   })
      .getResult(0);
}

Value moveElements(LinalgLowering &lowering, Location loc, Value operand, Value result, AffineMap map) {
  return mapElements(lowering.builder, loc, lowering.lowered(operand), lowering.empty(loc, result), map,
                     [](OpBuilder &, Location, Value element) { return element; });
}

Value copyElements(OpBuilder &builder, Location loc, Value source, ArrayRef<LoopRange> ranges, Value destination,
                   ArrayRef<Value> offsets, ArrayRef<int64_t> strides) {
  // A linalg.generic into a slice would be folded into a copy, which calls a library.
  return emitLoops(builder, loc, ranges, destination, [&](OpBuilder &b, Location l, ValueRange from, ValueRange carried) {
    IndexMath math(b, l);
    SmallVector<Value> to;
    for (auto [i, offset, stride] : llvm::zip_equal(from, offsets, strides))
      to.push_back(math.add(offset, math.mul(i, math.constant(stride))));
    Value element = tensor::ExtractOp::create(b, l, source, from);
    return SmallVector<Value>{tensor::InsertOp::create(b, l, element, carried[0], to)};
  })[0];
}

Value extractUnlessEmpty(LinalgLowering &lowering, OpBuilder &builder, Location loc, Value original,
                         ValueRange indices, ValueRange extents) {
  IndexMath math(builder, loc);
  Value tensor = lowering.lowered(original);
  Value some;
  for (Value extent : extents) {
    if (std::optional<int64_t> known = getConstantIntValue(extent); known && *known > 0)
      continue;
    Value positive = math.compare(arith::CmpIPredicate::sgt, extent, math.constant(0));
    some = some ? builder.createOrFold<arith::AndIOp>(loc, some, positive) : positive;
  }
  if (!some)
    return tensor::ExtractOp::create(builder, loc, tensor, indices);
  Type element = cast<RankedTensorType>(tensor.getType()).getElementType();
  return scf::IfOp::create(
             builder, loc, some,
             [&](OpBuilder &b, Location l) {
               scf::YieldOp::create(b, l, tensor::ExtractOp::create(b, l, tensor, indices).getResult());
             },
             [&](OpBuilder &b, Location l) {
               scf::YieldOp::create(b, l, arith::ConstantOp::create(b, l, b.getZeroAttr(element)).getResult());
             })
      .getResult(0);
}

AffineExpr broadcastPosition(dfg::DimScope &scope, AffineExpr dim, AffineExpr result, unsigned loop) {
  MLIRContext *context = dim.getContext();
  if (dim == result)
    return getAffineDimExpr(loop, context);
  if (dim == scope.constant(1))
    return getAffineConstantExpr(0, context);
  // A static extent other than 1 is what the result has, too.
  if (isa<AffineConstantExpr>(dim))
    return getAffineDimExpr(loop, context);
  return {};
}

Value broadcastIndex(OpBuilder &builder, Location loc, Value extent, Value loop) {
  IndexMath math(builder, loc);
  Value isOne = math.compare(arith::CmpIPredicate::eq, extent, math.constant(1));
  return math.select(isOne, math.constant(0), loop);
}

//===----------------------------------------------------------------------===//
// Accumulators
//===----------------------------------------------------------------------===//

Value Accumulator::init(Value element) const {
  Value empty = tensor::EmptyOp::create(lowering.builder, loc, lowering.sizes(loc, result), element.getType());
  return linalg::FillOp::create(lowering.builder, loc, element, empty).getResult(0);
}

Value Accumulator::finish(Value accumulated) const {
  Type element = dfg::tensorType(result).getElementType();
  // Integers of a few bits are computed in bytes, but have to wrap.
  bool wraps = isa<IntegerType>(element) && element.getIntOrFloatBitWidth() > 1 && element.getIntOrFloatBitWidth() < 8;
  if (!wraps && computeElementType(element) == storageElementType(element))
    return accumulated;
  return mapElements(lowering.builder, loc, accumulated, lowering.empty(loc, result),
                     lowering.builder.getMultiDimIdentityMap(dfg::tensorType(result).getRank()),
                     [&](OpBuilder &b, Location l, Value value) { return narrowElement(b, l, value, element); });
}

Value reassociable(Value combined) {
  Operation *op = combined.getDefiningOp();
  constexpr auto flags = arith::FastMathFlags::reassoc | arith::FastMathFlags::contract;
  if (auto add = dyn_cast_or_null<arith::AddFOp>(op))
    add.setFastmath(flags);
  else if (auto mul = dyn_cast_or_null<arith::MulFOp>(op))
    mul.setFastmath(flags);
  return combined;
}

} // namespace tfc
