// Values of constants: read, computed and moved.
#include "Dfg/DfgConstants.h"

#include <cstring>

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;

namespace tfc::dfg {

/// Above this many bytes a constant is a resource.
constexpr int64_t kMostDenseBytes = 1024;
/// Results up to this many elements may be larger than every operand.
constexpr int64_t kMostGrownElements = 1024;

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

namespace {
/// The elements of a constant in row-major order; of a splat, one element.
struct Bytes {
  RankedTensorType type;
  ArrayRef<char> data;
  bool isSplat = false;
};
} // namespace

static int64_t elementBytes(Type element) { return element.getIntOrFloatBitWidth() / 8; }

static std::optional<Bytes> bytesOf(Attribute value) {
  auto elements = dyn_cast_or_null<ElementsAttr>(value);
  auto type = elements ? dyn_cast<RankedTensorType>(elements.getType()) : RankedTensorType();
  if (!type || !type.getElementType().isIntOrFloat() || type.getElementTypeBitWidth() % 8 != 0)
    return std::nullopt;
  if (auto dense = dyn_cast<DenseElementsAttr>(elements))
    return Bytes{type, dense.getRawData(), dense.isSplat()};
  auto resource = dyn_cast<DenseResourceElementsAttr>(elements);
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob || int64_t(blob->getData().size()) != type.getNumElements() * elementBytes(type.getElementType()))
    return std::nullopt;
  return Bytes{type, blob->getData(), false};
}

ElementsAttr constantOf(RankedTensorType type, ArrayRef<char> data) {
  if (type.getElementType().isInteger(1))
    return DenseElementsAttr::get(type, SmallVector<bool>(data.begin(), data.end()));
  if (int64_t(data.size()) <= kMostDenseBytes)
    return DenseElementsAttr::getFromRawBuffer(type, data);
  size_t alignment = std::min<size_t>(elementBytes(type.getElementType()), 16);
  return DenseResourceElementsAttr::get(type, "folded", HeapAsmResourceBlob::allocateAndCopyWithAlign(data, alignment));
}

static Attribute splatOf(RankedTensorType type, ArrayRef<char> element) {
  return DenseElementsAttr::getFromRawBuffer(type, element);
}

//===----------------------------------------------------------------------===//
// Positions
//===----------------------------------------------------------------------===//

SmallVector<int64_t> rowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i > 1; --i)
    strides[i - 2] = strides[i - 1] * shape[i - 1];
  return strides;
}

/// Visits the positions of a shape in row-major order with the offset of each operand.
template <class Visit>
static void walk(ArrayRef<int64_t> shape, ArrayRef<SmallVector<int64_t>> strides, SmallVector<int64_t> offsets,
                 Visit visit) {
  SmallVector<int64_t> position(shape.size(), 0);
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  for (int64_t n = 0; n < count; ++n) {
    visit(ArrayRef<int64_t>(offsets));
    for (size_t i = shape.size(); i-- > 0;) {
      bool wraps = ++position[i] == shape[i];
      for (auto [offset, own] : llvm::zip_equal(offsets, strides))
        offset += wraps ? own[i] * (1 - shape[i]) : own[i];
      if (!wraps)
        break;
      position[i] = 0;
    }
  }
}

/// Strides of an operand that broadcasts to a shape of this rank.
static SmallVector<int64_t> broadcastStrides(const Bytes &operand, size_t rank) {
  ArrayRef<int64_t> shape = operand.type.getShape();
  SmallVector<int64_t> own = rowMajorStrides(shape), strides(rank - shape.size(), 0);
  for (auto [extent, stride] : llvm::zip_equal(shape, own))
    strides.push_back(operand.isSplat || extent == 1 ? 0 : stride);
  return strides;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

static double readFloat(FloatType type, const char *data) {
  if (type.isF32()) {
    float number;
    std::memcpy(&number, data, sizeof(number));
    return number;
  }
  if (type.isF64()) {
    double number;
    std::memcpy(&number, data, sizeof(number));
    return number;
  }
  uint64_t bits = 0;
  std::memcpy(&bits, data, elementBytes(type));
  return APFloat(type.getFloatSemantics(), APInt(type.getWidth(), bits)).convertToDouble();
}

static void writeFloat(FloatType type, double number, char *data) {
  if (type.isF32()) {
    float narrow = number;
    std::memcpy(data, &narrow, sizeof(narrow));
    return;
  }
  APFloat rounded(number);
  bool losesInfo;
  rounded.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
  uint64_t bits = rounded.bitcastToAPInt().getZExtValue();
  std::memcpy(data, &bits, elementBytes(type));
}

/// Types whose arithmetic folds do.
static FloatType foldableFloat(Type element) {
  auto type = dyn_cast<FloatType>(element);
  return type && (type.isF64() || type.isF32() || type.isF16() || type.isBF16()) ? type : FloatType();
}

/// Computes a tensor of a float type from constants of other float types.
static Attribute computeFloats(RankedTensorType type, ArrayRef<Bytes> operands,
                               llvm::function_ref<double(ArrayRef<double>)> compute) {
  auto element = cast<FloatType>(type.getElementType());
  int64_t size = elementBytes(element);
  SmallVector<double> numbers(operands.size());
  auto at = [&](ArrayRef<int64_t> offsets, char *result) {
    for (auto [number, operand, offset] : llvm::zip_equal(numbers, operands, offsets)) {
      auto own = cast<FloatType>(operand.type.getElementType());
      number = readFloat(own, operand.data.data() + offset * elementBytes(own));
    }
    writeFloat(element, compute(numbers), result);
  };
  if (llvm::all_of(operands, [](const Bytes &operand) { return operand.isSplat; })) {
    SmallVector<char> one(size);
    at(SmallVector<int64_t>(operands.size(), 0), one.data());
    return splatOf(type, one);
  }
  SmallVector<SmallVector<int64_t>> strides;
  for (const Bytes &operand : operands)
    strides.push_back(broadcastStrides(operand, type.getRank()));
  std::vector<char> result(type.getNumElements() * size);
  char *next = result.data();
  walk(type.getShape(), strides, SmallVector<int64_t>(operands.size(), 0), [&](ArrayRef<int64_t> offsets) {
    at(offsets, next);
    next += size;
  });
  return constantOf(type, result);
}

Attribute foldElementwise(RankedTensorType type, ArrayRef<Attribute> operands,
                          llvm::function_ref<double(ArrayRef<double>)> compute) {
  if (!type.hasStaticShape() || !foldableFloat(type.getElementType()))
    return {};
  SmallVector<Bytes> values;
  int64_t most = kMostGrownElements;
  for (Attribute operand : operands) {
    auto bytes = bytesOf(operand);
    if (!bytes || bytes->type.getElementType() != type.getElementType())
      return {};
    values.push_back(*bytes);
    most = std::max(most, bytes->type.getNumElements());
  }
  return type.getNumElements() > most ? Attribute() : computeFloats(type, values, compute);
}

Attribute foldFloatCast(RankedTensorType type, Attribute operand) {
  auto bytes = bytesOf(operand);
  if (!bytes || !type.hasStaticShape() || !foldableFloat(type.getElementType()) ||
      !foldableFloat(bytes->type.getElementType()))
    return {};
  return computeFloats(type, *bytes, [](ArrayRef<double> number) { return number[0]; });
}

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

Attribute foldMove(RankedTensorType type, Attribute operand, int64_t offset, ArrayRef<int64_t> strides) {
  auto bytes = bytesOf(operand);
  if (!bytes || !type.hasStaticShape())
    return {};
  if (bytes->isSplat)
    return splatOf(type, bytes->data);
  int64_t size = elementBytes(type.getElementType());
  std::vector<char> result(type.getNumElements() * size);
  char *next = result.data();
  walk(type.getShape(), SmallVector<int64_t>(strides), {offset}, [&](ArrayRef<int64_t> offsets) {
    std::memcpy(next, bytes->data.data() + offsets[0] * size, size);
    next += size;
  });
  return constantOf(type, result);
}

Attribute foldReshape(RankedTensorType type, Attribute operand) {
  if (!type.hasStaticShape())
    return {};
  if (auto strings = dyn_cast_or_null<DenseStringElementsAttr>(operand))
    return DenseStringElementsAttr::get(type, strings.getRawStringData());
  if (auto dense = dyn_cast_or_null<DenseElementsAttr>(operand))
    return dense.reshape(type);
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(operand))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  return {};
}

} // namespace tfc::dfg
