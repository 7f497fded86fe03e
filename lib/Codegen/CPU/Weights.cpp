// Reading the elements of constants.
#include "Weights.h"

using namespace mlir;

namespace tfc {

bool isPackable(Value value) {
  auto constant = value.getDefiningOp<dfg::ConstantOp>();
  if (!constant)
    return false;
  Type element = constant.getType().getElementType();
  const bool isByte = element.isInteger(8);
  if (!isByte && !element.isF32() && !element.isF64() && !element.isF16() && !element.isBF16())
    return false;
  auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue());
  if (!resource)
    return isa<DenseElementsAttr>(constant.getValue());
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  const size_t bytes = constant.getType().getNumElements() * element.getIntOrFloatBitWidth() / 8;
  return blob && blob->getData().size() == bytes;
}

std::vector<int32_t> sumsOfBytes(Value constant, ArrayRef<int64_t> axes) {
  RankedTensorType type = dfg::tensorType(constant);
  const bool isUnsigned = type.getElementType().isUnsignedInteger();
  const std::vector<int8_t> bytes = numbersOf<int8_t>(constant);
  // How far apart in the sums neighbours in each dimension lie.
  SmallVector<int64_t> strides(type.getRank());
  int64_t count = 1;
  for (int64_t i = type.getRank() - 1; i >= 0; --i)
    if (!llvm::is_contained(axes, i)) {
      strides[i] = count;
      count *= type.getDimSize(i);
    }
  std::vector<int32_t> sums(count);
  for (size_t i = 0; i < bytes.size(); ++i) {
    int64_t at = 0, rest = i;
    for (int64_t d = type.getRank() - 1; d >= 0; --d) {
      at += rest % type.getDimSize(d) * strides[d];
      rest /= type.getDimSize(d);
    }
    sums[at] += isUnsigned ? uint8_t(bytes[i]) : bytes[i];
  }
  return sums;
}

} // namespace tfc
