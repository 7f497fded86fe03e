// Sizes come from data: nothing here wraps around.
#include "SizeBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "tfc/Support/DType.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tfc {

Value SizeBuilder::constant(Location loc, int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); }

// A product that wrapped around would pass for a small one. Beyond 64 bits, and so for
// negative extents, it is the largest number, which no memory has.
Value SizeBuilder::multiplySizes(Location loc, Value a, Value b) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
  if (x == 1 || y == 1)
    return x == 1 ? b : a;
  int64_t product;
  if (x && y && *x >= 0 && *y >= 0 && !llvm::MulOverflow(*x, *y, product))
    return constant(loc, product);
  auto wide = arith::MulUIExtendedOp::create(builder, loc, a, b);
  Value fits = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, wide.getHigh(), constant(loc, 0));
  return arith::SelectOp::create(builder, loc, fits, wide.getLow(), constant(loc, -1));
}

Value SizeBuilder::addSizes(Location loc, Value a, Value b) {
  Value sum = arith::AddIOp::create(builder, loc, a, b);
  Value fits = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::uge, sum, a);
  return arith::SelectOp::create(builder, loc, fits, sum, constant(loc, -1));
}

Value SizeBuilder::elementCount(Location loc, ArrayRef<Value> dims) {
  Value count = constant(loc, 1);
  for (Value dim : dims)
    count = multiplySizes(loc, count, dim);
  return count;
}

Value SizeBuilder::byteSize(Location loc, ArrayRef<Value> dims, Type element) {
  return multiplySizes(loc, elementCount(loc, dims), constant(loc, elementBytes(element)));
}

} // namespace tfc
