// Places constants in the object, as bytes.
#include "StepLowering.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "tfc/Support/DType.h"
#include "tfc/Support/StoredBytes.h"

using namespace mlir;

namespace tfc {

/// The elements as an array of bytes, called `name` where that is new.
static FailureOr<DenseResourceElementsAttr> byteArray(Operation *user, ElementsAttr value, const std::string &name) {
  auto arrayOf = [&](size_t size) {
    return RankedTensorType::get({int64_t(size)}, IntegerType::get(user->getContext(), 8));
  };
  auto type = cast<RankedTensorType>(value.getType());
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    // Large values are not copied.
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return user->emitOpError() << "has a value whose data is missing";
    size_t size = blob->getData().size(), expected = elementBytes(type.getElementType()) * type.getNumElements();
    if (size != expected)
      return user->emitOpError() << "has " << size << " bytes of data, expected " << expected;
    if (size > 0)
      return DenseResourceElementsAttr::get(arrayOf(size), resource.getRawHandle());
  }
  auto bytes = type.getNumElements() ? storedBytes(user, value) : FailureOr<std::vector<char>>(std::vector<char>());
  if (failed(bytes))
    return failure();
  // An array of no elements still needs an address.
  if (bytes->empty())
    bytes->push_back(0);
  return DenseResourceElementsAttr::get(arrayOf(bytes->size()), name,
                                        HeapAsmResourceBlob::allocateAndCopyWithAlign(*bytes, 64));
}

FailureOr<LLVM::GlobalOp> ConstantPool::global(Operation *user, ElementsAttr value) {
  LLVM::GlobalOp &global = globals[value];
  if (global)
    return global;
  std::string name = "constant_" + std::to_string(globals.size() - 1);
  auto bytes = byteArray(user, value, name);
  if (failed(bytes))
    return failure();
  OpBuilder builder(module.getBodyRegion());
  auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), bytes->getNumElements());
  global = LLVM::GlobalOp::create(builder, user->getLoc(), type, /*isConstant=*/true, LLVM::Linkage::Private, name,
                                  *bytes, /*alignment=*/64);
  return global;
}

} // namespace tfc
