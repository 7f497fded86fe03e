// Passes that turn a graph into scheduled dispatches with planned memory.
#ifndef TFC_SCHEDULE_PASSES_H
#define TFC_SCHEDULE_PASSES_H

#include "Dfg/Dfg.h"
#include "Kernel/Kernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"

namespace tfc {
#define GEN_PASS_DECL
#include "tfc/Schedule/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "tfc/Schedule/Passes.h.inc"
} // namespace tfc

#endif // TFC_SCHEDULE_PASSES_H
