// Gives the temporaries of kernels back.
#include "tfc/Codegen/CPU/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_FREEKERNELTEMPORARIES
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace {

/// What fits the stack of a worker thread many times over.
constexpr int64_t kMostStackBytes = 4096;

struct FreeKernelTemporaries : tfc::impl::FreeKernelTemporariesBase<FreeKernelTemporaries> {
  void runOnOperation() override {
    SmallVector<memref::AllocOp> allocations;
    getOperation().walk([&](memref::AllocOp op) { allocations.push_back(op); });
    for (memref::AllocOp op : allocations) {
      MemRefType type = op.getType();
      OpBuilder builder(op);
      bool small = type.hasStaticShape() && type.getNumElements() * 8 <= kMostStackBytes;
      if (small) {
        // Stack memory inside a loop would grow with every iteration.
        builder.setInsertionPointToStart(&getOperation().getBody().front());
        Value stack = memref::AllocaOp::create(builder, op.getLoc(), type, builder.getI64IntegerAttr(64));
        op.replaceAllUsesWith(stack);
        op.erase();
        continue;
      }
      op.setAlignment(64);
      builder.setInsertionPoint(op->getBlock()->getTerminator());
      memref::DeallocOp::create(builder, op.getLoc(), op);
    }
  }
};

} // namespace
