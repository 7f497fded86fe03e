// The memory plan: places for destinations of static size.
#include "tfc/Schedule/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_PLANMEMORY
#include "tfc/Schedule/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {
struct PlanMemory : impl::PlanMemoryBase<PlanMemory> {
  void runOnOperation() override {}
};
} // namespace
} // namespace tfc
