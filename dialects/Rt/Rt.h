// The `rt` dialect: calls of the runtime library.
#ifndef RT_RT_H
#define RT_RT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "Rt/RtDialect.h.inc"

#define GET_OP_CLASSES
#include "Rt/RtOps.h.inc"

namespace tfc::rt {
/// Attribute of the LLVM functions of steps that take memory beyond arena and outputs.
inline constexpr llvm::StringLiteral kTakesScratch = "tfc-takes-scratch";
} // namespace tfc::rt

#endif // RT_RT_H
