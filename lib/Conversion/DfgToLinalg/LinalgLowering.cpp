// The context that lowerings work in: extents, generated tensors, element access.
#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"

using namespace mlir;

namespace tfc {

Value indexConstant(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value elementConstant(OpBuilder &builder, Location loc, Type type, double value) {
  if (auto vector = dyn_cast<VectorType>(type)) {
    TypedAttr scalar = isa<FloatType>(vector.getElementType())
                           ? TypedAttr(builder.getFloatAttr(vector.getElementType(), value))
                           : TypedAttr(builder.getIntegerAttr(vector.getElementType(), int64_t(value)));
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(vector, scalar));
  }
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, value));
  return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, int64_t(value)));
}

SmallVector<OpFoldResult> LinalgLowering::lowered(ArrayRef<int64_t> statics, ValueRange dynamics) const {
  SmallVector<OpFoldResult> result;
  for (int64_t value : statics) {
    if (!ShapedType::isDynamic(value)) {
      result.push_back(builder.getIndexAttr(value));
      continue;
    }
    result.push_back(mapping.lookup(dynamics.front()));
    dynamics = dynamics.drop_front();
  }
  return result;
}

SmallVector<OpFoldResult> LinalgLowering::sizes(Location loc, Value original) {
  SmallVector<OpFoldResult> result;
  for (AffineExpr dim : llvm::to_vector(scope.dims(original)))
    result.push_back(scope.fold(builder, loc, dim, &mapping));
  return result;
}

Value LinalgLowering::size(Location loc, Value original, unsigned dim) {
  return scope.materialize(builder, loc, scope.dim(original, dim), &mapping);
}

Value LinalgLowering::empty(Location loc, Value original) {
  return tensor::EmptyOp::create(builder, loc, sizes(loc, original),
                                 storageElementType(dfg::tensorType(original).getElementType()));
}

Value LinalgLowering::generate(Location loc, Value result, Body body) {
  Type element = dfg::tensorType(result).getElementType();
  return generateStored(*this, loc, result, [&](OpBuilder &b, Location l, ValueRange indices) {
    return narrowElement(b, l, body(b, l, indices), element);
  });
}

Value LinalgLowering::extract(OpBuilder &b, Location loc, Value original, ValueRange indices) const {
  Value stored = tensor::ExtractOp::create(b, loc, lowered(original), indices);
  return widenElement(b, loc, stored, dfg::tensorType(original).getElementType());
}

Value LinalgLowering::fill(Location loc, Value result, Value scalar) {
  Value stored = narrowElement(builder, loc, scalar, dfg::tensorType(result).getElementType());
  return linalg::FillOp::create(builder, loc, stored, empty(loc, result)).getResult(0);
}

} // namespace tfc
