// How elements are stored, and the type that arithmetic on them is done in.
#include "NarrowFloats.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"

using namespace mlir;

namespace tfc {

static bool isByteFloat(Type type) { return isa<FloatType>(type) && type.getIntOrFloatBitWidth() <= 8; }

Type storageElementType(Type element) {
  MLIRContext *context = element.getContext();
  if (isByteFloat(element))
    return IntegerType::get(context, 8);
  if (auto integer = dyn_cast<IntegerType>(element)) {
    unsigned width = integer.getWidth();
    return IntegerType::get(context, width == 1 ? 1 : std::max(width, 8u));
  }
  return element;
}

RankedTensorType storageType(Type dfgTensor) {
  auto type = cast<RankedTensorType>(dfgTensor);
  return RankedTensorType::get(type.getShape(), storageElementType(type.getElementType()));
}

Type computeElementType(Type element) {
  if (isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 32)
    return Float32Type::get(element.getContext());
  return storageElementType(element);
}

/// `type` with the shape of `like`, when that is a vector.
static Type shapedLike(Type type, Type like) {
  if (auto vector = dyn_cast<VectorType>(like))
    return vector.clone(type);
  return type;
}

Value widenElement(OpBuilder &builder, Location loc, Value stored, Type element) {
  Type compute = shapedLike(computeElementType(element), stored.getType());
  if (stored.getType() == compute)
    return stored;
  if (isByteFloat(element))
    return expandByteFloat(builder, loc, stored, cast<FloatType>(element));
  if (element.isBF16())
    return expandBF16(builder, loc, stored);
  return arith::ExtFOp::create(builder, loc, compute, stored);
}

Value narrowElement(OpBuilder &builder, Location loc, Value computed, Type element) {
  Type storage = shapedLike(storageElementType(element), computed.getType());
  if (auto integer = dyn_cast<IntegerType>(element); integer && integer.getWidth() > 1 && integer.getWidth() < 8) {
    // A byte holds the value extended from its few bits.
    Type few = shapedLike(IntegerType::get(element.getContext(), integer.getWidth()), computed.getType());
    Value cut = arith::TruncIOp::create(builder, loc, few, computed);
    if (integer.isUnsigned())
      return arith::ExtUIOp::create(builder, loc, storage, cut);
    return arith::ExtSIOp::create(builder, loc, storage, cut);
  }
  if (computed.getType() == storage)
    return computed;
  if (isByteFloat(element))
    return roundToByteFloat(builder, loc, computed, cast<FloatType>(element));
  if (element.isBF16())
    return roundToBF16(builder, loc, computed);
  return arith::TruncFOp::create(builder, loc, storage, computed);
}

} // namespace tfc
