// Elements of TensorProto: packed bytes, or a typed list whose last element repeats.
#include "TensorData.h"

#include "Dfg/Dfg.h"
#include "Dfg/DfgConstants.h"
#include "tfc/Import/Common/TensorBytes.h"
#include "tfc/Support/DType.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tfc::tf {

using namespace tensorflow;

Type elementTypeOf(MLIRContext *context, int dtype) {
  constexpr int kReference = 100;
  Builder b(context);
  switch (dtype > kReference ? dtype - kReference : dtype) {
  case DT_FLOAT: return b.getF32Type();
  case DT_DOUBLE: return b.getF64Type();
  case DT_HALF: return b.getF16Type();
  case DT_BFLOAT16: return b.getBF16Type();
  case DT_INT8:
  case DT_QINT8: return b.getIntegerType(8);
  case DT_INT16:
  case DT_QINT16: return b.getIntegerType(16);
  case DT_INT32:
  case DT_QINT32: return b.getIntegerType(32);
  case DT_INT64: return b.getIntegerType(64);
  case DT_UINT8:
  case DT_QUINT8: return b.getIntegerType(8, /*isSigned=*/false);
  case DT_UINT16:
  case DT_QUINT16: return b.getIntegerType(16, /*isSigned=*/false);
  case DT_UINT32: return b.getIntegerType(32, /*isSigned=*/false);
  case DT_UINT64: return b.getIntegerType(64, /*isSigned=*/false);
  case DT_BOOL: return b.getI1Type();
  case DT_STRING: return dfg::StringType::get(context);
  case DT_COMPLEX64: return ComplexType::get(b.getF32Type());
  case DT_COMPLEX128: return ComplexType::get(b.getF64Type());
  case DT_INT4: return b.getIntegerType(4);
  case DT_UINT4: return b.getIntegerType(4, /*isSigned=*/false);
  case DT_INT2: return b.getIntegerType(2);
  case DT_UINT2: return b.getIntegerType(2, /*isSigned=*/false);
  case DT_FLOAT8_E5M2: return Float8E5M2Type::get(context);
  case DT_FLOAT8_E4M3FN: return Float8E4M3FNType::get(context);
  case DT_FLOAT8_E4M3FNUZ: return Float8E4M3FNUZType::get(context);
  case DT_FLOAT8_E5M2FNUZ: return Float8E5M2FNUZType::get(context);
  case DT_FLOAT4_E2M1FN: return Float4E2M1FNType::get(context);
  default: return {};
  }
}

std::string nameOf(DataType dtype) {
  std::string name = DataType_Name(dtype);
  return name.empty() ? std::to_string(int(dtype)) : StringRef(name).drop_front(strlen("DT_")).lower();
}

std::optional<SmallVector<int64_t>> dimsOf(const TensorShapeProto &shape) {
  if (shape.unknown_rank())
    return std::nullopt;
  SmallVector<int64_t> dims;
  for (const auto &dim : shape.dim())
    dims.push_back(dim.size() < 0 ? ShapedType::kDynamic : dim.size());
  return dims;
}

/// Elements of a typed list in memory order.
static std::string typedBytes(const TensorProto &tensor, Type element) {
  switch (tensor.dtype()) {
  case DT_FLOAT: return lowBytes(tensor.float_val(), 4);
  case DT_DOUBLE: return lowBytes(tensor.double_val(), 8);
  case DT_COMPLEX64: return lowBytes(tensor.scomplex_val(), 4);
  case DT_COMPLEX128: return lowBytes(tensor.dcomplex_val(), 8);
  case DT_INT64: return lowBytes(tensor.int64_val(), 8);
  case DT_UINT64: return lowBytes(tensor.uint64_val(), 8);
  case DT_UINT32: return lowBytes(tensor.uint32_val(), 4);
  case DT_BOOL: return lowBytes(tensor.bool_val(), 1);
  case DT_HALF:
  case DT_BFLOAT16: return lowBytes(tensor.half_val(), 2);
  case DT_FLOAT8_E5M2:
  case DT_FLOAT8_E4M3FN:
  case DT_FLOAT8_E4M3FNUZ:
  case DT_FLOAT8_E5M2FNUZ: return tensor.float8_val();
  default: return lowBytes(tensor.int_val(), elementBytes(element));
  }
}

/// What such tensors may grow to, all together.
constexpr int64_t kMostRepeatedBytes = int64_t(1) << 27;

/// Strings, of which the last repeats.
static FailureOr<ElementsAttr> readStrings(RankedTensorType type, const TensorProto &tensor, int64_t &repeatedBytes,
                                           llvm::function_ref<void(StringRef)> bad) {
  SmallVector<StringRef> strings(tensor.string_val().begin(), tensor.string_val().end());
  const int64_t count = type.getNumElements(), given = strings.size();
  // Objects hold each of them.
  if (given < count)
    repeatedBytes =
        llvm::SaturatingAdd<uint64_t>(repeatedBytes, llvm::SaturatingMultiply<uint64_t>(count, sizeof(StringRef)));
  if (given > count || uint64_t(repeatedBytes) > uint64_t(kMostRepeatedBytes)) {
    bad("has " + std::to_string(given) + " strings in a tensor of " + std::to_string(count));
    return failure();
  }
  if (given == 0 && count > 0)
    strings.push_back("");
  if (strings.size() > 1)
    strings.resize(count, strings.back());
  return ElementsAttr(cast<ElementsAttr>(DenseStringElementsAttr::get(type, strings)));
}

FailureOr<ElementsAttr> readTensor(MLIRContext *context, const TensorProto &tensor, int64_t &repeatedBytes,
                                   llvm::function_ref<void(StringRef)> bad) {
  Type element = elementTypeOf(context, tensor.dtype());
  if (!element) {
    bad("has a tensor of type " + nameOf(tensor.dtype()) + ", expected numbers");
    return failure();
  }
  auto dims = dimsOf(tensor.tensor_shape());
  auto knownCount = dims ? elementCount(*dims) : FailureOr<int64_t>(failure());
  if (failed(knownCount)) {
    bad("has a tensor of impossible dimensions");
    return failure();
  }
  int64_t count = *knownCount;
  auto type = RankedTensorType::get(*dims, element);
  if (isa<dfg::StringType>(element))
    return readStrings(type, tensor, repeatedBytes, bad);
  int64_t size = elementBytes(element);
  if (auto complex = dyn_cast<ComplexType>(element)) {
    dims->push_back(2);
    type = RankedTensorType::get(*dims, complex.getElementType());
  }
  std::string typed;
  StringRef bytes = tensor.tensor_content();
  if (bytes.empty() && count > 0) {
    typed = typedBytes(tensor, element);
    if (typed.empty())
      typed.assign(size, 0);
    bytes = typed;
    if (int64_t(bytes.size()) == size) { // a splat, however large
      if (element.isInteger(1))
        return ElementsAttr(DenseElementsAttr::get(type, bytes.front() != 0));
      if (!isa<ComplexType>(element) && element.getIntOrFloatBitWidth() >= 8)
        return ElementsAttr(DenseElementsAttr::getFromRawBuffer(type, ArrayRef<char>(bytes.data(), bytes.size())));
    }
    if (bytes.size() % size != 0 || int64_t(bytes.size()) > count * size) {
      bad("has " + std::to_string(bytes.size() / size) + " elements in a tensor of " + std::to_string(count));
      return failure();
    }
    if (int64_t(bytes.size()) < count * size && (repeatedBytes += count * size) > kMostRepeatedBytes) {
      bad("has few elements for a tensor of " + std::to_string(count));
      return failure();
    }
    std::string last = typed.substr(typed.size() - size);
    typed.reserve(count * size);
    while (int64_t(typed.size()) < count * size)
      typed += last;
    bytes = typed;
  }
  if (int64_t(bytes.size()) != count * size) {
    bad("has " + std::to_string(bytes.size()) + " bytes of data, expected " + std::to_string(count * size));
    return failure();
  }
  return dfg::constantOf(type, ArrayRef<char>(bytes.data(), bytes.size()));
}

} // namespace tfc::tf
