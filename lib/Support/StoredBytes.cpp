// Bytes of constants.
#include "tfc/Support/StoredBytes.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "tfc/Support/DType.h"

using namespace mlir;

namespace tfc {

/// Strings as tfc-rt/model.h says.
static std::vector<char> packed(DenseStringElementsAttr strings) {
  std::vector<char> bytes(strings.getNumElements() * sizeof(uint64_t));
  for (auto [i, text] : llvm::enumerate(strings.getValues<StringRef>())) {
    uint64_t begin = bytes.size(), size = text.size();
    std::memcpy(bytes.data() + i * sizeof(begin), &begin, sizeof(begin));
    bytes.resize(llvm::alignTo(begin + sizeof(size) + size + 1, sizeof(uint64_t)));
    std::memcpy(bytes.data() + begin, &size, sizeof(size));
    std::memcpy(bytes.data() + begin + sizeof(size), text.data(), size);
  }
  return bytes;
}

FailureOr<std::vector<char>> storedBytes(Operation *user, ElementsAttr value) {
  auto type = cast<RankedTensorType>(value.getType());
  Type element = type.getElementType();
  size_t size = elementBytes(element);
  std::vector<char> bytes;
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return user->emitOpError() << "has a value whose data is missing";
    bytes.assign(blob->getData().begin(), blob->getData().end());
    if (bytes.size() != size * type.getNumElements())
      return user->emitOpError() << "has " << bytes.size() << " bytes of data, expected "
                                 << size * type.getNumElements();
    return bytes;
  }
  if (auto strings = dyn_cast<DenseStringElementsAttr>(value))
    return packed(strings);
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (!dense)
    return user->emitOpError() << "has a value of a kind that objects cannot hold";
  bytes.reserve(size * type.getNumElements());
  auto append = [&](const APInt &bits) {
    const char *data = reinterpret_cast<const char *>(bits.getRawData());
    bytes.insert(bytes.end(), data, data + size);
  };
  auto each = [&](auto values) {
    for (auto element : values)
      append(element);
  };
  bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  if (isa<FloatType>(element)) {
    each(llvm::map_range(dense.getValues<APFloat>(),
                         [&](APFloat number) { return number.bitcastToAPInt().zextOrTrunc(8 * size); }));
  } else if (isa<IntegerType>(element)) {
    each(llvm::map_range(dense.getValues<APInt>(), [&](APInt number) {
      return isUnsigned ? number.zextOrTrunc(8 * size) : number.sextOrTrunc(8 * size);
    }));
  } else if (isa<ComplexType>(element)) {
    ArrayRef<char> data = dense.getRawData();
    for (int64_t i = 0, copies = dense.isSplat() ? type.getNumElements() : 1; i < copies; ++i)
      bytes.insert(bytes.end(), data.begin(), data.end());
  } else {
    return user->emitOpError() << "has elements " << element << ", which objects cannot hold";
  }
  return bytes;
}

} // namespace tfc
