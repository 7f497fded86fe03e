// Folds and canonicalizations of array ops.
#include "Dfg/Dfg.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;

namespace tfc::dfg {

/// Part of a constant's elements in row-major order; null where elements are no whole
/// bytes. Large constants stay resources.
static Attribute partOf(ElementsAttr constant, int64_t first, RankedTensorType type) {
  unsigned bits = type.getElementType().isIntOrFloat() ? type.getElementTypeBitWidth() : 1;
  if (bits % 8 != 0)
    return {};
  size_t begin = first * (bits / 8), length = type.getNumElements() * (bits / 8);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || blob->getData().size() < begin + length)
      return {};
    auto part = HeapAsmResourceBlob::allocateAndCopyWithAlign(blob->getData().slice(begin, length),
                                                              blob->getDataAlignment());
    return DenseResourceElementsAttr::get(type, "part", std::move(part));
  }
  auto dense = dyn_cast<DenseElementsAttr>(constant);
  if (!dense)
    return {};
  if (dense.isSplat())
    return dense.resizeSplat(type);
  return DenseElementsAttr::getFromRawBuffer(type, dense.getRawData().slice(begin, length));
}

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
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(adaptor.getX()); resource && type.hasStaticShape())
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
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

OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  RankedTensorType from = tensorType(getX()), to = tensorType(getY());
  if (!from.hasStaticShape() || !to.hasStaticShape() || llvm::any_of(getStrides(), [](int64_t s) { return s != 1; }))
    return {};
  if (from == to)
    return getX();
  auto constant = dyn_cast_or_null<ElementsAttr>(adaptor.getX());
  if (!constant || !getOffsets().empty())
    return {};
  // Elements that lie together: below the outermost dimension of more than one position
  // everything is taken.
  int64_t first = 0, step = from.getNumElements();
  bool isCut = false;
  for (int64_t i = 0; i < from.getRank(); ++i) {
    if (isCut && to.getDimSize(i) != from.getDimSize(i))
      return {};
    isCut |= to.getDimSize(i) != 1;
    step /= std::max<int64_t>(from.getDimSize(i), 1);
    first += getStaticOffsets()[i] * step;
  }
  return partOf(constant, first, to);
}

// The box is all of x.
OpFoldResult UpdateSliceOp::fold(FoldAdaptor) {
  if (getUpdate().getType() == getType() && tensorType(getX()).hasStaticShape())
    return getUpdate();
  return {};
}

} // namespace tfc::dfg
