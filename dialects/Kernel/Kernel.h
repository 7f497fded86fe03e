// The `kernel` dialect: kernels, their dispatches and destinations.
#ifndef KERNEL_KERNEL_H
#define KERNEL_KERNEL_H

#include "Dfg/Dfg.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "Kernel/KernelDialect.h.inc"

#include "Kernel/KernelInterfaces.h.inc"

#define GET_OP_CLASSES
#include "Kernel/KernelOps.h.inc"

namespace tfc::kernel {
/// The op whose memory a value begins, whatever its shape: a `kernel.empty` or
/// `kernel.operation`; null if unknown.
mlir::Operation *memoryOf(mlir::Value value);
/// How many slots the memory plan gave a step: one more than the largest `kernel.slot`.
int64_t slotCount(dfg::StepOp step);
} // namespace tfc::kernel

#endif // KERNEL_KERNEL_H
