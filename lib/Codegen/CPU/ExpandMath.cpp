// Expansion of math functions into vectorizable arithmetic.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "tfc/Codegen/CPU/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_EXPANDMATH
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

namespace {
struct ExpandMath : tfc::impl::ExpandMathBase<ExpandMath> {
  void runOnOperation() override {}
};
} // namespace
