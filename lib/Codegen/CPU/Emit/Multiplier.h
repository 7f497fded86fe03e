// What a contraction multiplies and sums up: the arithmetic of one step, for every type of element.
#ifndef TFC_LIB_CODEGEN_CPU_EMIT_MULTIPLIER_H
#define TFC_LIB_CODEGEN_CPU_EMIT_MULTIPLIER_H

#include "KernelBuilder.h"
#include "tfc/Codegen/CPU/Emit/Elements.h"

namespace tfc::cpu {

/// Whether elements are floats that are stored in fewer bits than they are summed up in.
bool isNarrow(Type element);

/// Sums of products of scalars, each broadcast, with vectors.
///
/// Bytes enter in words of four that follow each other in k, so that one step takes four products; one side is unsigned
/// and the other signed. Their sums are exact.
class Multiplier {
public:
  /// `element` is what the left side stores; of bytes, `unsignedLeft` tells which side is the unsigned one.
  Multiplier(KernelBuilder &kb, Type element, bool unsignedLeft)
      : kb(kb), bytes(element.isInteger(8)), unsignedLeft(unsignedLeft) {}

  /// The parts that an operand enters products in.
  SmallVector<Value> left(Value scalar) const;
  SmallVector<Value> right(Value vector) const;
  /// sum + left * right
  Value add(Value sum, ValueRange left, ValueRange right) const;

  /// How many parts operands enter products in, each of which takes a register.
  static int64_t partCount(const CpuTarget &target, Type element);

private:
  /// The even and the odd bytes of a vector of words as words of two 16-bit integers.
  SmallVector<Value> split(Value words, bool isUnsigned) const;

  KernelBuilder &kb;
  bool bytes, unsignedLeft;
};

/// The word of bytes, for a `Multiplier`, that starts at `indices` in a memref of bytes whose last dimension is
/// contiguous.
Value loadWord(KernelBuilder &kb, Value memref, ValueRange indices);

/// Copies `count` elements of a row from `indices` on to `buffer[row, 0...]`, widened to what the buffer holds.
void copyWidened(KernelBuilder &kb, Value memref, ValueRange indices, Value count, Value buffer, int64_t row);

} // namespace tfc::cpu

#endif // TFC_LIB_CODEGEN_CPU_EMIT_MULTIPLIER_H
