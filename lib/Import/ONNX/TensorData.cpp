// Element bytes of TensorProto and SparseTensorProto in the layout of the C ABI.
#include "TensorData.h"

#include "Dfg/Dfg.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "tfc-rt/base.h"
#include "tfc/Support/DType.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;

namespace tfc {

using onnx::TensorProto;

/// Above this many bytes a constant is a resource.
constexpr int64_t kMostDenseBytes = 1024;
/// What sparse tensors may grow to, all together: this, or so many times their values.
constexpr int64_t kMostSparseBytes = int64_t(1) << 26;
constexpr int64_t kMostSparseGrowth = 256;

/// Bits an element takes in raw_data: types below 8 bits are packed, but for bool.
static int64_t packedBits(Type element) {
  if (isa<ComplexType>(element) || element.isInteger(1))
    return 8 * elementBytes(element);
  return element.getIntOrFloatBitWidth();
}

/// One element of a byte that holds several, low bits first, sign-extended if signed.
static char unpack(uint8_t byte, int64_t position, int64_t bits, bool isSigned) {
  uint8_t value = (byte >> (position * bits)) & ((1 << bits) - 1);
  return isSigned && (value >> (bits - 1)) ? char(value | (0xff << bits)) : char(value);
}

static bool isSignedSmall(Type element) { return element.isSignlessInteger(); }

/// Packed bytes as one byte per element.
static std::string unpackAll(StringRef packed, int64_t count, Type element) {
  int64_t bits = packedBits(element), perByte = 8 / bits;
  std::string bytes(count, 0);
  for (int64_t i = 0; i < count; ++i)
    bytes[i] = unpack(packed[i / perByte], i % perByte, bits, isSignedSmall(element));
  return bytes;
}

/// The bytes of the field that a tensor's type is stored in, in raw_data's layout.
static std::string typedBytes(const TensorProto &tensor, Type element) {
  switch (tensor.data_type()) {
  case TFC_DTYPE_F32:
  case TFC_DTYPE_COMPLEX64: return lowBytes(tensor.float_data(), 4);
  case TFC_DTYPE_F64:
  case TFC_DTYPE_COMPLEX128: return lowBytes(tensor.double_data(), 8);
  case TFC_DTYPE_I64: return lowBytes(tensor.int64_data(), 8);
  case TFC_DTYPE_U64: return lowBytes(tensor.uint64_data(), 8);
  case TFC_DTYPE_U32: return lowBytes(tensor.uint64_data(), 4);
  default: return lowBytes(tensor.int32_data(), elementBytes(element));
  }
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

/// Few elements, or equal ones, as a dense attribute.
static ElementsAttr denseOf(RankedTensorType type, ArrayRef<char> bytes) {
  Type element = type.getElementType();
  if (element.isInteger(1)) {
    SmallVector<bool> values(bytes.begin(), bytes.end());
    return DenseElementsAttr::get(type, values);
  }
  if (packedBits(element) >= 8)
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  SmallVector<char> masked(bytes);
  for (char &byte : masked)
    byte &= (1 << packedBits(element)) - 1;
  return DenseElementsAttr::getFromRawBuffer(type, masked);
}

/// A value of bytes that `owner` keeps alive.
template <class Owner> static ElementsAttr valueOf(RankedTensorType type, ArrayRef<char> bytes, Owner owner) {
  size_t size = elementBytes(type.getElementType());
  bool isSplat = bytes.size() > size && memcmp(bytes.data(), bytes.data() + size, bytes.size() - size) == 0;
  if (isSplat)
    return denseOf(type, bytes.take_front(size));
  if (int64_t(bytes.size()) <= kMostDenseBytes)
    return denseOf(type, bytes);
  auto shared = std::make_shared<Owner>(std::move(owner));
  AsmResourceBlob blob(bytes, std::min<size_t>(size, 16), [shared](void *, size_t, size_t) {}, /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type, "onnx", std::move(blob));
}

static ElementsAttr valueOf(RankedTensorType type, std::unique_ptr<std::string> bytes) {
  ArrayRef<char> view(bytes->data(), bytes->size());
  return valueOf(type, view, std::move(bytes));
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// The element type of a tensor; null after an error.
static Type elementTypeFor(MLIRContext *context, const TensorProto &tensor, TensorReader::Errors errors) {
  Type element = elementTypeOf(context, tensor.data_type());
  if (!element)
    errors.malformed() << "has a tensor of data type " << tensor.data_type() << ", expected one of 1 to 26";
  return element;
}

FailureOr<ElementsAttr> TensorReader::read(TensorProto &tensor, bool mayTake, Errors errors) {
  Type element = elementTypeFor(context, tensor, errors);
  if (!element)
    return failure();
  SmallVector<int64_t> dims(tensor.dims().begin(), tensor.dims().end());
  auto count = elementCount(dims);
  if (failed(count))
    return errors.malformed() << "has a tensor of impossible dimensions [" << dims << "]";
  auto type = RankedTensorType::get(dims, element);
  if (isa<dfg::StringType>(element)) {
    SmallVector<StringRef> strings(tensor.string_data().begin(), tensor.string_data().end());
    if (int64_t(strings.size()) != *count)
      return errors.malformed() << "has " << strings.size() << " strings for " << type << ", expected " << *count;
    return cast<ElementsAttr>(DenseStringElementsAttr::get(type, strings));
  }
  int64_t bits = packedBits(element), size = llvm::divideCeil(*count * bits, 8);
  bool asStored = bits >= 8 && !element.isInteger(1);

  std::unique_ptr<std::string> bytes;
  if (tensor.data_location() == 1) {
    auto file = external(tensor, size, errors);
    if (failed(file))
      return failure();
    StringRef data = (*file)->getBuffer();
    if (asStored)
      return valueOf(type, ArrayRef<char>(data.data(), data.size()), std::move(*file));
    bytes = std::make_unique<std::string>(data);
  } else if (!tensor.has_raw_data()) {
    bytes = std::make_unique<std::string>(typedBytes(tensor, element));
  } else if (mayTake) {
    bytes.reset(tensor.release_raw_data());
  } else {
    bytes = std::make_unique<std::string>(tensor.raw_data());
  }
  if (int64_t(bytes->size()) != size) {
    // Some writers keep packed types one element an entry.
    bool entryPerElement = bits < 8 && !tensor.has_raw_data() && int64_t(bytes->size()) == *count;
    if (!entryPerElement)
      return errors.malformed() << "has " << bytes->size() << " bytes of data for " << type << ", expected " << size;
  } else if (bits < 8) {
    *bytes = unpackAll(*bytes, *count, element);
  }
  if (element.isInteger(1))
    for (char &byte : *bytes)
      byte = byte != 0;
  return valueOf(type, std::move(bytes));
}

FailureOr<ElementsAttr> TensorReader::read(const onnx::SparseTensorProto &tensor, Errors errors) {
  TensorProto values = tensor.values(), indices = tensor.indices();
  Type element = elementTypeFor(context, values, errors);
  if (!element)
    return failure();
  if (isa<dfg::StringType>(element)) {
    errors.unsupported() << "has a sparse tensor of strings, expected numbers";
    return failure();
  }
  SmallVector<int64_t> dims(tensor.dims().begin(), tensor.dims().end());
  auto count = elementCount(dims);
  int64_t size = elementBytes(element), given = values.dims_size() == 1 ? values.dims(0) : -1;
  sparseBytes += failed(count) ? 0 : *count * size;
  if (failed(count) || sparseBytes > std::max(kMostSparseBytes, kMostSparseGrowth * size * std::min(given, *count)))
    return errors.malformed() << "has a sparse tensor of dimensions [" << dims << "], too large for its " << given
                              << " values";
  bool linear = indices.dims_size() == 1;
  int64_t perValue = linear ? 1 : dims.size();
  if (given < 0 || given > *count || indices.data_type() != TFC_DTYPE_I64 || indices.dims_size() < 1 ||
      indices.dims_size() > 2 || indices.dims(0) != given || (!linear && indices.dims(1) != perValue))
    return errors.malformed() << "has a sparse tensor whose values and i64 indices do not match";

  auto bytesOf = [&](const TensorProto &part, Type type, int64_t elements) -> FailureOr<std::string> {
    std::string bytes = part.has_raw_data() ? part.raw_data() : typedBytes(part, type);
    if (packedBits(type) < 8 || int64_t(bytes.size()) != elements * elementBytes(type))
      return errors.malformed() << "has a sparse tensor with " << bytes.size() << " bytes of data, expected "
                                << elements * elementBytes(type);
    return bytes;
  };
  auto data = bytesOf(values, element, given);
  if (failed(data))
    return failure();
  auto where = bytesOf(indices, IntegerType::get(context, 64), given * perValue);
  if (failed(where))
    return failure();
  auto bytes = std::make_unique<std::string>(*count * size, 0);
  for (int64_t i = 0; i < given; ++i) {
    int64_t position = 0;
    for (int64_t d = 0; d < perValue; ++d) {
      int64_t index, extent = linear ? *count : dims[d];
      memcpy(&index, where->data() + 8 * (i * perValue + d), 8);
      if (index < 0 || index >= extent)
        return errors.malformed() << "has a sparse tensor with index " << index << ", expected one of [0, " << extent
                                  << ")";
      position = position * extent + index;
    }
    memcpy(bytes->data() + position * size, data->data() + i * size, size);
  }
  return valueOf(RankedTensorType::get(dims, element), std::move(bytes));
}

} // namespace tfc
