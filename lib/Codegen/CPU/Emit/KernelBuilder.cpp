// Implementation of the vocabulary of kernels.
#include "KernelBuilder.h"
#include "tfc/Codegen/CPU/Emit/Epilogue.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

namespace tfc::cpu {

constexpr auto kNoWrap = arith::IntegerOverflowFlags::nsw;

std::optional<int64_t> constantOf(Value value) { return getConstantIntValue(value); }

int64_t strideOf(Value memref, int64_t dim) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(cast<MemRefType>(memref.getType()).getStridesAndOffset(strides, offset)))
    return ShapedType::kDynamic;
  return strides[dim];
}

Value KernelBuilder::index(int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); }

Value KernelBuilder::add(Value x, Value y) { return builder.createOrFold<arith::AddIOp>(loc, x, y, kNoWrap); }
Value KernelBuilder::add(Value x, int64_t y) { return y == 0 ? x : add(x, index(y)); }
Value KernelBuilder::sub(Value x, Value y) { return builder.createOrFold<arith::SubIOp>(loc, x, y, kNoWrap); }
Value KernelBuilder::mul(Value x, Value y) { return builder.createOrFold<arith::MulIOp>(loc, x, y, kNoWrap); }
Value KernelBuilder::mul(Value x, int64_t y) { return y == 1 ? x : mul(x, index(y)); }
Value KernelBuilder::div(Value x, Value y) { return builder.createOrFold<arith::DivUIOp>(loc, x, y); }
Value KernelBuilder::div(Value x, int64_t y) { return y == 1 ? x : div(x, index(y)); }
Value KernelBuilder::ceilDiv(Value x, int64_t y) { return div(add(x, y - 1), y); }
Value KernelBuilder::min(Value x, Value y) { return builder.createOrFold<arith::MinSIOp>(loc, x, y); }
Value KernelBuilder::max(Value x, Value y) { return builder.createOrFold<arith::MaxSIOp>(loc, x, y); }

Value KernelBuilder::dim(Value memref, int64_t dim) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(dim))
    return index(type.getDimSize(dim));
  return builder.createOrFold<memref::DimOp>(loc, memref, dim);
}

/// Whether a loop with constant bounds runs exactly once, or not at all.
static bool runsOnce(Value low, Value high, int64_t step) {
  std::optional<int64_t> from = constantOf(low), to = constantOf(high);
  return from && to && *from < *to && *to - *from <= step;
}
static bool runsNever(Value low, Value high) {
  std::optional<int64_t> from = constantOf(low), to = constantOf(high);
  return (from && to && *from >= *to) || low == high;
}

void KernelBuilder::loop(Value low, Value high, int64_t step, LoopBody body) {
  reduce(low, high, step, {}, [&](Value i, ValueRange) {
    body(i);
    return SmallVector<Value>();
  });
}

SmallVector<Value> KernelBuilder::reduce(Value low, Value high, int64_t step, ValueRange init, ReducingBody body) {
  if (runsNever(low, high))
    return init;
  if (runsOnce(low, high, step))
    return body(low, init);
  auto loop = scf::ForOp::create(builder, loc, low, high, index(step), init);
  // Bodies are as wide as the registers allow already: unrolled further they would only take longer to compile.
  loop->setAttr("llvm.loop_annotation",
                LLVM::LoopAnnotationAttr::get(builder.getContext(), /*disableNonforced=*/builder.getBoolAttr(true), {},
                                              {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!init.empty())
    scf::YieldOp::create(builder, loc, next);
  return loop.getResults();
}

void KernelBuilder::ifThen(Value condition, llvm::function_ref<void()> then) { ifThenElse(condition, then, {}); }

void KernelBuilder::ifThenElse(Value condition, llvm::function_ref<void()> then, llvm::function_ref<void()> otherwise) {
  if (std::optional<int64_t> known = constantOf(condition)) {
    if (*known)
      then();
    else if (otherwise)
      otherwise();
    return;
  }
  auto branch = scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/static_cast<bool>(otherwise));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  then();
  if (!otherwise)
    return;
  builder.setInsertionPointToStart(branch.elseBlock());
  otherwise();
}

SmallVector<Value> KernelBuilder::ifThenElse(Value condition, TypeRange types,
                                             llvm::function_ref<SmallVector<Value>()> then,
                                             llvm::function_ref<SmallVector<Value>()> otherwise) {
  if (std::optional<int64_t> known = constantOf(condition))
    return *known ? then() : otherwise();
  auto branch = scf::IfOp::create(builder, loc, types, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(builder, loc, then());
  builder.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(builder, loc, otherwise());
  return branch.getResults();
}

Value KernelBuilder::less(Value x, Value y) {
  return builder.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, x, y);
}
Value KernelBuilder::equal(Value x, Value y) {
  return builder.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, x, y);
}

Value KernelBuilder::inside(Value x, Value size) {
  return builder.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::ult, x, size);
}
Value KernelBuilder::logicalAnd(Value x, Value y) { return builder.createOrFold<arith::AndIOp>(loc, x, y); }
Value KernelBuilder::shiftRight(Value x, int64_t bits) {
  Value count = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(x.getType(), bits));
  return arith::ShRUIOp::create(builder, loc, x, count);
}
Value KernelBuilder::select(Value condition, Value x, Value y) {
  return builder.createOrFold<arith::SelectOp>(loc, condition, x, y);
}

Value KernelBuilder::splat(Type element, double value) {
  auto type = target.vectorOf(element);
  Attribute number = isa<FloatType>(element) ? Attribute(builder.getFloatAttr(element, value))
                                             : builder.getIntegerAttr(element, static_cast<int64_t>(value));
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, number));
}

Value KernelBuilder::broadcast(Value scalar) {
  return vector::BroadcastOp::create(builder, loc, target.vectorOf(scalar.getType()), scalar);
}

Value KernelBuilder::load(Value memref, ValueRange indices, Value mask) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  VectorType type = target.vectorOf(element);
  if (!mask)
    return vector::LoadOp::create(builder, loc, type, memref, indices);
  return loadMasked(builder, loc, type, memref, indices, mask);
}

/// bf16 in memory as the integers of their bits: taken apart into elements, which AVX2 needs for a mask, LLVM would
/// call functions that convert them.
static Value asMaskable(OpBuilder &builder, Location loc, Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.getElementType().isBF16())
    return memref;
  Type bits = MemRefType::get(type.getShape(), builder.getI16Type(), type.getLayout());
  return UnrealizedConversionCastOp::create(builder, loc, bits, memref).getResult(0);
}

/// A vector with its bits as elements of another type.
static Value withElements(OpBuilder &builder, Location loc, Value vector, Type element) {
  auto type = cast<VectorType>(vector.getType());
  return type.getElementType() == element
             ? vector
             : arith::BitcastOp::create(builder, loc, type.clone(element), vector).getResult();
}

Value loadMasked(OpBuilder &builder, Location loc, VectorType type, Value memref, ValueRange indices, Value mask) {
  memref = asMaskable(builder, loc, memref);
  auto stored = type.clone(cast<MemRefType>(memref.getType()).getElementType());
  Value zeros = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(stored));
  Value loaded = vector::MaskedLoadOp::create(builder, loc, stored, memref, indices, mask, zeros);
  return withElements(builder, loc, loaded, type.getElementType());
}

void KernelBuilder::store(Value vector, Value memref, ValueRange indices, Value mask) {
  if (!mask) {
    vector::StoreOp::create(builder, loc, vector, memref, indices);
    return;
  }
  memref = asMaskable(builder, loc, memref);
  vector = withElements(builder, loc, vector, cast<MemRefType>(memref.getType()).getElementType());
  vector::MaskedStoreOp::create(builder, loc, memref, indices, mask, vector);
}

Value KernelBuilder::loadScalar(Value memref, ValueRange indices) {
  return memref::LoadOp::create(builder, loc, memref, indices);
}

void KernelBuilder::storeScalar(Value value, Value memref, ValueRange indices) {
  memref::StoreOp::create(builder, loc, value, memref, indices);
}

Value KernelBuilder::zero(Type element) {
  return arith::ConstantOp::create(builder, loc, builder.getZeroAttr(element));
}

Value KernelBuilder::fma(Value x, Value y, Value z) {
  if (target.fma)
    return vector::FMAOp::create(builder, loc, x, y, z);
  return arith::AddFOp::create(builder, loc, arith::MulFOp::create(builder, loc, x, y), z);
}

Value KernelBuilder::widen(Value stored, bool isUnsigned) {
  Type element = getElementTypeOrSelf(stored.getType());
  auto shaped = [&](Type type) -> Type {
    auto vector = dyn_cast<VectorType>(stored.getType());
    return vector ? vector.clone(type) : type;
  };
  Type f32 = shaped(builder.getF32Type()), i32 = shaped(builder.getI32Type());
  if (element.isInteger(8))
    return isUnsigned ? arith::UIToFPOp::create(builder, loc, f32, stored).getResult()
                      : arith::SIToFPOp::create(builder, loc, f32, stored).getResult();
  if (element.isF16())
    return arith::ExtFOp::create(builder, loc, f32, stored);
  if (!element.isBF16())
    return stored;
  Value bits = arith::BitcastOp::create(builder, loc, shaped(builder.getI16Type()), stored);
  Value word = arith::ExtUIOp::create(builder, loc, i32, bits);
  Value places = arith::ConstantOp::create(builder, loc, builder.getI32IntegerAttr(16));
  if (auto vector = dyn_cast<VectorType>(i32))
    places = vector::BroadcastOp::create(builder, loc, vector, places);
  return arith::BitcastOp::create(builder, loc, f32, arith::ShLIOp::create(builder, loc, word, places));
}

Value KernelBuilder::maxFloat(Value x, Value y) {
  return select(arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, x, y), x, y);
}

Value KernelBuilder::toFloat(Value x) {
  Type type = target.elementBits == 64 ? Type(builder.getF64Type()) : builder.getF32Type();
  if (std::optional<int64_t> known = constantOf(x))
    return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, *known));
  Value integer = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), x);
  return arith::SIToFPOp::create(builder, loc, type, integer);
}

Value KernelBuilder::maskOf(Value count) {
  auto type = VectorType::get(target.lanes(), builder.getI1Type());
  return vector::CreateMaskOp::create(builder, loc, type, count);
}

int64_t KernelBuilder::lengthOf(llvm::function_ref<void()> emit) {
  Block *block = builder.getInsertionBlock();
  Block::iterator end = builder.getInsertionPoint();
  Operation *before = end == block->begin() ? nullptr : &*std::prev(end);
  emit();
  int64_t length = 0;
  while (end != block->begin() && &*std::prev(end) != before) {
    Operation &last = *std::prev(end);
    last.walk([&](Operation *op) { length += !op->hasTrait<OpTrait::ConstantLike>(); });
    last.erase();
  }
  return length;
}

Value KernelBuilder::stackBuffer(llvm::ArrayRef<int64_t> shape, Type element) {
  OpBuilder::InsertionGuard guard(builder);
  auto function = builder.getInsertionBlock()->getParent()->getParentOfType<FunctionOpInterface>();
  builder.setInsertionPointToStart(&function.getFunctionBody().front());
  return memref::AllocaOp::create(builder, loc, MemRefType::get(shape, element), builder.getI64IntegerAttr(64));
}

Value KernelBuilder::view(Value memref, ValueRange offsets, llvm::ArrayRef<int64_t> sizes, int64_t dropped) {
  auto type = cast<MemRefType>(memref.getType());
  // Constant offsets would show in the type.
  SmallVector<int64_t> anyOffset(sizes.size(), ShapedType::kDynamic), unit(sizes.size(), 1);
  auto reduced = memref::SubViewOp::inferRankReducedResultType(sizes.drop_front(dropped), type, anyOffset, sizes, unit);
  return memref::SubViewOp::create(builder, loc, cast<MemRefType>(reduced), memref, offsets, ValueRange(), ValueRange(),
                                   anyOffset, sizes, unit);
}

Value KernelBuilder::castMemRef(Value memref, Type type) {
  return memref.getType() == type ? memref : Value(memref::CastOp::create(builder, loc, type, memref));
}

} // namespace tfc::cpu
