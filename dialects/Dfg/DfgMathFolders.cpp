// Folds of elementwise mathematics.
#include <cmath>

#include "Dfg/Dfg.h"
#include "Dfg/DfgConstants.h"

using namespace mlir;

namespace tfc::dfg {

/// Whether every element of a constant is `number`.
static bool isSplatOf(Attribute attribute, double number) {
  auto splat = dyn_cast_or_null<SplatElementsAttr>(attribute);
  if (!splat)
    return false;
  Type type = splat.getElementType();
  if (isa<FloatType>(type))
    return splat.getSplatValue<APFloat>().isExactlyValue(number);
  if (isa<IntegerType>(type))
    return splat.getSplatValue<APInt>() == uint64_t(int64_t(number));
  return false;
}

/// `x op neutral` is x where broadcasting does not change its shape.
static OpFoldResult foldNeutral(Operation *op, Value x, Attribute other, double neutral) {
  if (x.getType() == op->getResult(0).getType() && isSplatOf(other, neutral) &&
      cast<RankedTensorType>(x.getType()).hasStaticShape())
    return x;
  return {};
}

/// An op on constants, or one whose right operand changes nothing.
template <class Op, class Adaptor, class Compute>
static OpFoldResult foldBinary(Op op, Adaptor adaptor, double neutral, Compute compute) {
  RankedTensorType type = op.getType();
  if (Attribute value = foldElementwise(type, {adaptor.getA(), adaptor.getB()},
                                        [&](ArrayRef<double> x) { return compute(x[0], x[1]); }))
    return value;
  return foldNeutral(op, op.getA(), adaptor.getB(), neutral);
}

// x + 0 keeps x (also -0.0 + 0.0 = 0.0 differs from -0.0 in its sign only, as IEEE
// equality does not see).
OpFoldResult AddOp::fold(FoldAdaptor adaptor) { return foldBinary(*this, adaptor, 0, std::plus<double>()); }
OpFoldResult SubOp::fold(FoldAdaptor adaptor) { return foldBinary(*this, adaptor, 0, std::minus<double>()); }
OpFoldResult MulOp::fold(FoldAdaptor adaptor) { return foldBinary(*this, adaptor, 1, std::multiplies<double>()); }
OpFoldResult DivOp::fold(FoldAdaptor adaptor) { return foldBinary(*this, adaptor, 1, std::divides<double>()); }

OpFoldResult NegOp::fold(FoldAdaptor adaptor) {
  return foldElementwise(getType(), adaptor.getX(), [](ArrayRef<double> x) { return -x[0]; });
}
OpFoldResult SqrtOp::fold(FoldAdaptor adaptor) {
  return foldElementwise(getType(), adaptor.getX(), [](ArrayRef<double> x) { return std::sqrt(x[0]); });
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  return foldFloatCast(getType(), adaptor.getX());
}

} // namespace tfc::dfg
