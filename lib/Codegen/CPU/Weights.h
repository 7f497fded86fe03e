// Weights of products and convolutions: reading constants, packing them, and what else is known at compile time.
#ifndef TFC_LIB_CODEGEN_CPU_WEIGHTS_H
#define TFC_LIB_CODEGEN_CPU_WEIGHTS_H

#include "Dfg/Dfg.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include <cstring>
#include <vector>

namespace tfc {

/// Whether a value is a constant of f32, f64, f16, bf16 or bytes whose elements can be read.
bool isPackable(mlir::Value value);

/// The elements of such a constant, by their bits.
template <class T> std::vector<T> numbersOf(mlir::Value value) {
  auto constant = value.getDefiningOp<dfg::ConstantOp>();
  std::vector<T> numbers(constant.getType().getNumElements());
  if (auto resource = llvm::dyn_cast<mlir::DenseResourceElementsAttr>(constant.getValue())) {
    std::memcpy(numbers.data(), resource.getRawHandle().getBlob()->getData().data(), numbers.size() * sizeof(T));
    return numbers;
  }
  auto dense = llvm::cast<mlir::DenseElementsAttr>(constant.getValue());
  for (size_t i = 0; i < numbers.size(); ++i)
    std::memcpy(&numbers[i], dense.getRawData().data() + (dense.isSplat() ? 0 : i * sizeof(T)), sizeof(T));
  return numbers;
}

/// A constant in a blob of its own.
template <class T>
mlir::Value blobConstant(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<int64_t> shape,
                         mlir::Type element, const std::vector<T> &numbers) {
  auto type = mlir::RankedTensorType::get(shape, element);
  auto blob = mlir::HeapAsmResourceBlob::allocateAndCopyInferAlign(llvm::ArrayRef<T>(numbers));
  auto value = mlir::DenseResourceElementsAttr::get(type, "packed", std::move(blob));
  return dfg::ConstantOp::create(builder, loc, llvm::cast<mlir::ElementsAttr>(value));
}

/// A packable constant rearranged by `pack`, from a vector of elements to one, whatever their type.
template <class Pack>
mlir::Value rearranged(mlir::OpBuilder &builder, mlir::Value weights, llvm::ArrayRef<int64_t> shape, Pack pack) {
  mlir::Type element = dfg::tensorType(weights).getElementType();
  auto as = [&](auto zero) {
    return blobConstant(builder, weights.getLoc(), shape, element, pack(numbersOf<decltype(zero)>(weights)));
  };
  switch (element.getIntOrFloatBitWidth()) {
  case 8: return as(int8_t());
  case 16: return as(uint16_t());
  case 32: return as(float());
  default: return as(double());
  }
}

/// The sums of a constant of bytes over some of its axes, as i32 in the order of the axes that remain.
std::vector<int32_t> sumsOfBytes(mlir::Value constant, llvm::ArrayRef<int64_t> axes);

} // namespace tfc

#endif // TFC_LIB_CODEGEN_CPU_WEIGHTS_H
