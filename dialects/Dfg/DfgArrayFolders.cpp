// Folds and canonicalizations of array ops.
#include "Dfg/Dfg.h"

using namespace mlir;

namespace tfc::dfg {

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult ItemOp::fold(FoldAdaptor adaptor) {
  if (auto elements = dyn_cast_or_null<DenseIntElementsAttr>(adaptor.getX())) {
    SmallVector<uint64_t> position(getPosition().begin(), getPosition().end());
    auto type = cast<IntegerType>(elements.getElementType());
    APInt value = elements.getValues<APInt>()[position];
    int64_t number = type.isUnsigned() || type.getWidth() == 1 ? int64_t(value.getZExtValue()) : value.getSExtValue();
    return IntegerAttr::get(IndexType::get(getContext()), number);
  }
  if (auto indices = getX().getDefiningOp<IndexTensorOp>()) {
    int64_t position = getPosition().empty() ? 0 : getPosition()[0];
    int64_t value = indices.getStaticValues()[position];
    if (!ShapedType::isDynamic(value))
      return IntegerAttr::get(IndexType::get(getContext()), value);
    return indices.getValues()[llvm::count(indices.getStaticValues().take_front(position), ShapedType::kDynamic)];
  }
  return {};
}

OpFoldResult IndexTensorOp::fold(FoldAdaptor) {
  if (!getValues().empty())
    return {};
  RankedTensorType type = tensorType(getY());
  SmallVector<APInt> values;
  unsigned width = type.getElementTypeBitWidth();
  for (int64_t value : getStaticValues())
    values.push_back(APInt(64, value).sextOrTrunc(width));
  return DenseElementsAttr::get(type, values);
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  RankedTensorType type = tensorType(getY());
  // One dynamic extent at most: the others being equal, so is it.
  if (getX().getType() == type && type.getNumDynamicDims() <= 1)
    return getX();
  if (auto elements = dyn_cast_or_null<DenseElementsAttr>(adaptor.getX()); elements && type.hasStaticShape())
    return elements.reshape(type);
  return {};
}

LogicalResult ReshapeOp::canonicalize(ReshapeOp op, PatternRewriter &rewriter) {
  auto inner = op.getX().getDefiningOp<ReshapeOp>();
  if (!inner)
    return failure();
  rewriter.modifyOpInPlace(op, [&] { op.getXMutable().assign(inner.getX()); });
  return success();
}

OpFoldResult BroadcastToOp::fold(FoldAdaptor adaptor) {
  RankedTensorType type = tensorType(getY());
  if (getX().getType() == type && type.hasStaticShape())
    return getX();
  if (auto splat = dyn_cast_or_null<SplatElementsAttr>(adaptor.getX()); splat && type.hasStaticShape())
    return splat.resizeSplat(type);
  return {};
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  for (auto [i, from] : llvm::enumerate(getPermutation()))
    if (int64_t(i) != from)
      return {};
  return getX();
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  if (getInputs().size() == 1 && getInputs()[0].getType() == getType())
    return getInputs()[0];
  return {};
}

OpFoldResult SliceOp::fold(FoldAdaptor) {
  if (getX().getType() != getType() || !tensorType(getX()).hasStaticShape())
    return {};
  for (int64_t stride : getStrides())
    if (stride != 1)
      return {};
  return getX();
}

// The box is all of x.
OpFoldResult UpdateSliceOp::fold(FoldAdaptor) {
  if (getUpdate().getType() == getType() && tensorType(getX()).hasStaticShape())
    return getUpdate();
  return {};
}

} // namespace tfc::dfg
