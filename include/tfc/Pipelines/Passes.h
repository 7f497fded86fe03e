// Passes that need the whole road from graph to machine code.
#ifndef TFC_PIPELINES_PASSES_H
#define TFC_PIPELINES_PASSES_H

#include "Dfg/Dfg.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace tfc {
#define GEN_PASS_DECL
#include "tfc/Pipelines/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "tfc/Pipelines/Passes.h.inc"
} // namespace tfc

#endif // TFC_PIPELINES_PASSES_H
