// The vocabulary that kernels are written in: index arithmetic that folds, loops that vanish when they run once,
// vectors with an optional mask, stack buffers.
#ifndef TFC_LIB_CODEGEN_CPU_EMIT_KERNELBUILDER_H
#define TFC_LIB_CODEGEN_CPU_EMIT_KERNELBUILDER_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "tfc/Codegen/CPU/Emit/Target.h"

namespace tfc::cpu {

using mlir::Location;
using mlir::OpBuilder;
using mlir::SmallVector;
using mlir::Type;
using mlir::Value;
using mlir::ValueRange;
using mlir::VectorType;

/// An OpBuilder at one location. It inserts where the builder that it wraps inserts, so both can be used in turn.
class KernelBuilder {
public:
  KernelBuilder(OpBuilder &builder, Location loc, const CpuTarget &target)
      : builder(builder), loc(loc), target(target) {}

  /// Index arithmetic on sizes and positions: never negative unless said otherwise, never overflows.
  Value index(int64_t value);
  Value add(Value x, Value y);
  Value add(Value x, int64_t y);
  Value sub(Value x, Value y);
  Value mul(Value x, Value y);
  Value mul(Value x, int64_t y);
  Value div(Value x, Value y);
  Value div(Value x, int64_t y);
  Value ceilDiv(Value x, int64_t y);
  Value min(Value x, Value y);
  Value max(Value x, Value y);
  /// Size of dimension `dim` of a memref.
  Value dim(Value memref, int64_t dim);

  using LoopBody = llvm::function_ref<void(Value)>;
  using ReducingBody = llvm::function_ref<SmallVector<Value>(Value, ValueRange)>;
  void loop(Value low, Value high, int64_t step, LoopBody body);
  /// A loop that carries values; the body gives their next ones.
  SmallVector<Value> reduce(Value low, Value high, int64_t step, ValueRange init, ReducingBody body);
  void ifThen(Value condition, llvm::function_ref<void()> then);
  void ifThenElse(Value condition, llvm::function_ref<void()> then, llvm::function_ref<void()> otherwise);
  SmallVector<Value> ifThenElse(Value condition, mlir::TypeRange types, llvm::function_ref<SmallVector<Value>()> then,
                                llvm::function_ref<SmallVector<Value>()> otherwise);
  Value less(Value x, Value y);
  Value equal(Value x, Value y);
  /// Whether 0 <= x < size, for an x that may be negative.
  Value inside(Value x, Value size);
  Value logicalAnd(Value x, Value y);
  /// An integer moved right by `bits`, zeros following.
  Value shiftRight(Value x, int64_t bits);
  /// Values of one type, memrefs included.
  Value select(Value condition, Value x, Value y);

  /// Vectors of the target's width. A null mask means every element.
  Value splat(Type element, double value);
  Value broadcast(Value scalar);
  Value load(Value memref, ValueRange indices, Value mask = {});
  void store(Value vector, Value memref, ValueRange indices, Value mask = {});
  Value loadScalar(Value memref, ValueRange indices);
  void storeScalar(Value value, Value memref, ValueRange indices);
  Value zero(Type element);
  /// x * y + z, fused where the target can.
  Value fma(Value x, Value y, Value z);
  /// A stored element, or a vector of them, as the type that sums are kept in: bytes as f32, f16 and bf16 as f32, any
  /// other as it is.
  Value widen(Value stored, bool isUnsigned = false);
  /// The larger of each pair, in one instruction: of a NaN and a number, `y`.
  Value maxFloat(Value x, Value y);
  /// An index as a float of the type that the kernel computes with.
  Value toFloat(Value x);
  /// Marks the first `count` elements of a vector; none if `count` is negative.
  Value maskOf(Value count);

  /// How many ops, constants not counted, `emit` emits at this point. They are taken back.
  int64_t lengthOf(llvm::function_ref<void()> emit);

  /// A buffer on the stack of the enclosing function, allocated once however often this point is reached.
  Value stackBuffer(llvm::ArrayRef<int64_t> shape, Type element);
  /// The part of a memref that starts at `offsets` and has the static size `sizes`; the first `dropped` dimensions go,
  /// and so must have size 1. The type says nothing of the offset, so that parts of different memrefs can stand in for
  /// each other.
  Value view(Value memref, ValueRange offsets, llvm::ArrayRef<int64_t> sizes, int64_t dropped);
  Value castMemRef(Value memref, Type type);

  OpBuilder &builder;
  Location loc;
  const CpuTarget &target;
};

/// The value of a constant index.
std::optional<int64_t> constantOf(Value value);
/// How far elements that follow each other in dimension `dim` of a memref lie apart; dynamic if its type does not say.
int64_t strideOf(Value memref, int64_t dim);

} // namespace tfc::cpu

#endif // TFC_LIB_CODEGEN_CPU_EMIT_KERNELBUILDER_H
