// What code generation knows about the processor it emits for.
#ifndef TFC_CODEGEN_CPU_EMIT_TARGET_H
#define TFC_CODEGEN_CPU_EMIT_TARGET_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace tfc::cpu {

/// The facts that tile sizes and instruction choice depend on. Two equal targets get equal code, whatever machine the
/// compiler runs on.
struct CpuTarget {
  int64_t vectorBits = 256;
  bool fma = true;
  /// Dot products of bytes: `vpdpbusd`.
  bool vnni = false;
  int64_t l1Bytes = 32 << 10;
  int64_t l2Bytes = 512 << 10;
  /// Bits of the elements that a kernel computes with: a vector holds as many elements of any type as it does of these.
  int64_t elementBits = 32;

  /// The target of a processor name as LLVM spells it, with features beyond it ("x86-64-v3", "znver4",
  /// "x86-64-v4+avx512vnni"), or nothing where the name is unknown.
  static std::optional<CpuTarget> get(llvm::StringRef cpu);

  /// The same processor for kernels that compute with elements of such a type; null is f32.
  CpuTarget computingWith(mlir::Type element) const {
    CpuTarget target = *this;
    target.elementBits = element ? element.getIntOrFloatBitWidth() : 32;
    return target;
  }

  /// How many of the elements that it computes with one register holds.
  int64_t lanes() const { return vectorBits / elementBits; }
  /// How many vector registers there are.
  int64_t registers() const { return vectorBits == 512 ? 32 : 16; }
  /// `lanes` elements of a type, be it narrower than what is computed with.
  mlir::VectorType vectorOf(mlir::Type element) const { return mlir::VectorType::get(lanes(), element); }
};

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_TARGET_H
