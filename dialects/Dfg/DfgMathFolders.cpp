// Folds of elementwise mathematics.
#include "Dfg/Dfg.h"
#include "mlir/IR/Matchers.h"

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

// x + 0 keeps x (also -0.0 + 0.0 = 0.0 differs from -0.0 in its sign only, as IEEE
// equality does not see).
OpFoldResult AddOp::fold(FoldAdaptor adaptor) { return foldNeutral(*this, getA(), adaptor.getB(), 0.0); }
OpFoldResult SubOp::fold(FoldAdaptor adaptor) { return foldNeutral(*this, getA(), adaptor.getB(), 0.0); }
OpFoldResult MulOp::fold(FoldAdaptor adaptor) { return foldNeutral(*this, getA(), adaptor.getB(), 1.0); }
OpFoldResult DivOp::fold(FoldAdaptor adaptor) { return foldNeutral(*this, getA(), adaptor.getB(), 1.0); }

OpFoldResult CastOp::fold(FoldAdaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  return {};
}

} // namespace tfc::dfg
