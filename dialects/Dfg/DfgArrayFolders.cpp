// Folds and canonicalizations of array ops.
#include "Dfg/Dfg.h"
#include "Dfg/DfgConstants.h"

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
  return foldReshape(type, adaptor.getX());
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
  if (auto splat = dyn_cast_or_null<SplatElementsAttr>(adaptor.getX());
      splat && type.hasStaticShape() && type.getNumElements() <= kMostFolded)
    return splat.resizeSplat(type);
  return {};
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (llvm::is_sorted(getPermutation()))
    return getX();
  RankedTensorType operand = tensorType(getX());
  if (!operand.hasStaticShape())
    return {};
  SmallVector<int64_t> strides, own = rowMajorStrides(operand.getShape());
  for (int64_t from : getPermutation())
    strides.push_back(own[from]);
  return foldMove(tensorType(getY()), adaptor.getX(), 0, strides);
}

OpFoldResult ReverseOp::fold(FoldAdaptor adaptor) {
  RankedTensorType type = tensorType(getY());
  if (getAxes().empty())
    return getX();
  if (!type.hasStaticShape() || type.getNumElements() == 0)
    return {};
  SmallVector<int64_t> strides = rowMajorStrides(type.getShape());
  int64_t last = 0;
  for (int64_t axis : getAxes()) {
    last += strides[axis] * (type.getDimSize(axis) - 1);
    strides[axis] = -strides[axis];
  }
  return foldMove(type, adaptor.getX(), last, strides);
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  if (getInputs().size() == 1 && getInputs()[0].getType() == getType())
    return getInputs()[0];
  return {};
}

OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  RankedTensorType from = tensorType(getX()), to = tensorType(getY());
  if (!from.hasStaticShape() || !to.hasStaticShape())
    return {};
  if (from == to && llvm::all_of(getStrides(), [](int64_t stride) { return stride == 1; }))
    return getX();
  if (!getOffsets().empty() || to.getNumElements() == 0)
    return {};
  SmallVector<int64_t> strides = rowMajorStrides(from.getShape());
  int64_t first = 0;
  for (auto [stride, offset, step] : llvm::zip_equal(strides, getStaticOffsets(), getStrides())) {
    first += offset * stride;
    stride *= step;
  }
  return foldMove(to, adaptor.getX(), first, strides);
}

// The box is all of x.
OpFoldResult UpdateSliceOp::fold(FoldAdaptor) {
  if (getUpdate().getType() == getType() && tensorType(getX()).hasStaticShape())
    return getUpdate();
  return {};
}

} // namespace tfc::dfg
