// Passes of CPU code generation.
#ifndef TFC_CODEGEN_CPU_PASSES_H
#define TFC_CODEGEN_CPU_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Pass/Pass.h"

namespace tfc {
#define GEN_PASS_DECL
#include "tfc/Codegen/CPU/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

#endif // TFC_CODEGEN_CPU_PASSES_H
