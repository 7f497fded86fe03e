// The types of elements that contractions multiply.
#ifndef TFC_CODEGEN_CPU_EMIT_ELEMENTS_H
#define TFC_CODEGEN_CPU_EMIT_ELEMENTS_H

#include "mlir/IR/BuiltinTypes.h"

namespace tfc::cpu {

// Null stands for f32.

/// What products of elements are summed up in: f32 for f32, f16 and bf16, f64 for f64, i32 for bytes.
mlir::Type sumTypeOf(mlir::Type element);

/// Bytes are multiplied in words of this many, which follow each other in k.
constexpr int64_t kWordBytes = 4;

/// How many products one step of a sum takes: those of a word of bytes, one of any other type.
int64_t productsPerStep(mlir::Type element);

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_ELEMENTS_H
