// Places constants in the object, as bytes.
#include "StepLowering.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "tfc/Support/DType.h"

using namespace mlir;

namespace tfc {

/// The elements as they lie in memory: row-major, one byte for types of 8 bits or fewer.
static FailureOr<std::vector<char>> storedBytes(Operation *user, ElementsAttr value) {
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
    each(llvm::map_range(dense.getValues<APFloat>(), [&](APFloat number) {
      return number.bitcastToAPInt().zextOrTrunc(8 * size);
    }));
  } else if (isa<IntegerType>(element)) {
    each(llvm::map_range(dense.getValues<APInt>(), [&](APInt number) {
      return isUnsigned ? number.zextOrTrunc(8 * size) : number.sextOrTrunc(8 * size);
    }));
  } else {
    return user->emitOpError() << "has elements " << element << ", which objects cannot hold";
  }
  return bytes;
}

FailureOr<LLVM::GlobalOp> ConstantPool::global(Operation *user, ElementsAttr value) {
  LLVM::GlobalOp &global = globals[value];
  if (global)
    return global;
  auto bytes = storedBytes(user, value);
  if (failed(bytes))
    return failure();
  MLIRContext *context = module.getContext();
  std::string name = "constant_" + std::to_string(globals.size() - 1);
  Type i8 = IntegerType::get(context, 8);
  int64_t size = bytes->size();
  // An array of no elements still needs an address.
  if (size == 0)
    bytes->push_back(0);
  auto type = RankedTensorType::get({int64_t(bytes->size())}, i8);
  auto blob = HeapAsmResourceBlob::allocateAndCopyWithAlign(*bytes, 64);
  OpBuilder builder(module.getBodyRegion());
  global = LLVM::GlobalOp::create(builder, user->getLoc(), LLVM::LLVMArrayType::get(i8, bytes->size()),
                                  /*isConstant=*/true, LLVM::Linkage::Private, name,
                                  DenseResourceElementsAttr::get(type, name, std::move(blob)), /*alignment=*/64);
  return global;
}

} // namespace tfc
