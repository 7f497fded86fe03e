// Products of floats, and of bytes with and without instructions of their own.
#include "Multiplier.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tfc::cpu {

bool isNarrow(Type element) { return element.isF16() || element.isBF16(); }

Type sumTypeOf(Type element) {
  if (!element)
    return element;
  if (element.isInteger(8))
    return IntegerType::get(element.getContext(), 32);
  return isNarrow(element) ? Type(Float32Type::get(element.getContext())) : element;
}

int64_t productsPerStep(Type element) { return element && element.isInteger(8) ? kWordBytes : 1; }

int64_t Multiplier::partCount(const CpuTarget &target, Type element) {
  return productsPerStep(element) > 1 && !target.vnni ? 2 : 1;
}

SmallVector<Value> Multiplier::left(Value scalar) const {
  Value all = kb.broadcast(scalar);
  return bytes ? split(all, unsignedLeft) : SmallVector<Value>{all};
}

SmallVector<Value> Multiplier::right(Value vector) const {
  return bytes ? split(vector, !unsignedLeft) : SmallVector<Value>{vector};
}

/// The same bits as elements of another width.
static Value recast(KernelBuilder &kb, Value vector, unsigned bits) {
  auto from = cast<VectorType>(vector.getType());
  Type element = kb.builder.getIntegerType(bits);
  auto type = VectorType::get(from.getNumElements() * from.getElementTypeBitWidth() / bits, element);
  return vector::BitCastOp::create(kb.builder, kb.loc, type, vector);
}

SmallVector<Value> Multiplier::split(Value words, bool isUnsigned) const {
  if (kb.target.vnni)
    return {recast(kb, words, 8)};
  OpBuilder &b = kb.builder;
  Value pairs = recast(kb, words, 16);
  auto splat = [&](int64_t value) -> Value {
    auto type = cast<VectorType>(pairs.getType());
    return arith::ConstantOp::create(b, kb.loc, DenseElementsAttr::get(type, b.getI16IntegerAttr(value)));
  };
  if (isUnsigned)
    return {arith::AndIOp::create(b, kb.loc, pairs, splat(0xff)), arith::ShRUIOp::create(b, kb.loc, pairs, splat(8))};
  Value low = arith::ShLIOp::create(b, kb.loc, pairs, splat(8));
  return {arith::ShRSIOp::create(b, kb.loc, low, splat(8)), arith::ShRSIOp::create(b, kb.loc, pairs, splat(8))};
}

Value Multiplier::add(Value sum, ValueRange left, ValueRange right) const {
  if (!bytes)
    return kb.fma(left[0], right[0], sum);
  auto call = [&](StringRef name, ValueRange arguments) -> Value {
    return LLVM::CallIntrinsicOp::create(kb.builder, kb.loc, sum.getType(), kb.builder.getStringAttr(name), arguments)
        ->getResult(0);
  };
  if (kb.target.vnni)
    return unsignedLeft ? call("llvm.x86.avx512.vpdpbusd.512", {sum, left[0], right[0]})
                        : call("llvm.x86.avx512.vpdpbusd.512", {sum, right[0], left[0]});
  // A product of 16-bit integers that hold bytes, and the sum of two of them, fit 32 bits.
  const StringRef multiply = kb.target.vectorBits == 512   ? "llvm.x86.avx512.pmaddw.d.512"
                             : kb.target.vectorBits == 256 ? "llvm.x86.avx2.pmadd.wd"
                                                           : "llvm.x86.sse2.pmadd.wd";
  for (auto [x, y] : llvm::zip(left, right))
    sum = arith::AddIOp::create(kb.builder, kb.loc, sum, call(multiply, {x, y}));
  return sum;
}

Value loadWord(KernelBuilder &kb, Value memref, ValueRange indices) {
  auto bytes = VectorType::get(kWordBytes, kb.builder.getI8Type()), word = VectorType::get(1, kb.builder.getI32Type());
  Value loaded = vector::LoadOp::create(kb.builder, kb.loc, bytes, memref, indices);
  Value cast = vector::BitCastOp::create(kb.builder, kb.loc, word, loaded);
  return vector::ExtractOp::create(kb.builder, kb.loc, cast, int64_t(0));
}

void copyWidened(KernelBuilder &kb, Value memref, ValueRange indices, Value count, Value buffer, int64_t row) {
  auto at = [&](Value i) {
    SmallVector<Value> all(indices);
    all.back() = kb.add(all.back(), i);
    return all;
  };
  const int64_t lanes = kb.target.lanes();
  Value whole = kb.mul(kb.div(count, lanes), lanes), slot = kb.index(row);
  if (strideOf(memref, indices.size() - 1) == 1)
    kb.loop(kb.index(0), whole, lanes, [&](Value i) { kb.store(kb.widen(kb.load(memref, at(i))), buffer, {slot, i}); });
  else
    whole = kb.index(0);
  kb.loop(whole, count, 1, [&](Value i) { kb.storeScalar(kb.widen(kb.loadScalar(memref, at(i))), buffer, {slot, i}); });
}

} // namespace tfc::cpu
