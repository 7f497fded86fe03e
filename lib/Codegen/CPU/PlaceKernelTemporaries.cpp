// Gives the temporaries of kernels memory that the runtime knows of.
#include "Rt/Rt.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "tfc/Codegen/CPU/Passes.h"
#include "tfc/Conversion/KernelToFunc/KernelToFunc.h"
#include "tfc/Support/DType.h"

namespace tfc {
#define GEN_PASS_DEF_PLACEKERNELTEMPORARIES
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace {

/// What fits the stack of a worker thread many times over.
constexpr int64_t kMostStackBytes = 4096;
constexpr int64_t kAlignment = 64;

/// Makes a value available at `anchor`, an op of the function's entry block, by moving what
/// computes it there. False if that has other effects or depends on the loop it stands in.
bool hoist(Value value, Operation *anchor) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return value.getParentBlock() == anchor->getBlock();
  if (op->getBlock() == anchor->getBlock() && op->isBeforeInBlock(anchor))
    return true;
  if (!isPure(op) || !llvm::all_of(op->getOperands(), [&](Value operand) { return hoist(operand, anchor); }))
    return false;
  op->moveBefore(anchor);
  return true;
}

struct PlaceKernelTemporaries : tfc::impl::PlaceKernelTemporariesBase<PlaceKernelTemporaries> {
  void runOnOperation() override {
    Block &entry = getOperation().getBody().front();
    SmallVector<memref::AllocOp> large;
    getOperation().walk([&](memref::AllocOp op) {
      MemRefType type = op.getType();
      if (!type.hasStaticShape() || type.getNumElements() * 8 > kMostStackBytes) {
        large.push_back(op);
        return;
      }
      // Stack memory inside a loop would grow with every iteration.
      OpBuilder builder = OpBuilder::atBlockBegin(&entry);
      Value stack = memref::AllocaOp::create(builder, op.getLoc(), type, builder.getI64IntegerAttr(kAlignment));
      op.replaceAllUsesWith(stack);
      op.erase();
    });
    if (!large.empty() && failed(allocate(large, entry)))
      signalPassFailure();
  }

  /// One allocation for all; without memory the kernel does nothing.
  LogicalResult allocate(ArrayRef<memref::AllocOp> temporaries, Block &entry) {
    Location loc = getOperation().getLoc();
    OpBuilder builder = OpBuilder::atBlockBegin(&entry);
    auto constant = [&](int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); };
    Value fault = tfc::faultWord(getOperation()), total = constant(0);
    auto memory = tfc::rt::KernelAllocateOp::create(builder, loc, fault.getType(), fault, total);
    SmallVector<Operation *> rest;
    for (Operation *op = memory->getNextNode(); !op->hasTrait<OpTrait::IsTerminator>(); op = op->getNextNode())
      rest.push_back(op);

    // An extent of one temporary may be that of another.
    for (memref::AllocOp op : temporaries)
      for (Operation *user : llvm::make_early_inc_range(op->getUsers()))
        if (auto dim = dyn_cast<memref::DimOp>(user); dim && dim.getConstantIndex())
          if (op.getType().isDynamicDim(*dim.getConstantIndex()))
            dim.replaceAllUsesWith(op.getDynamicSizes()[op.getType().getDynamicDimIndex(*dim.getConstantIndex())]);
    builder.setInsertionPoint(memory);
    SmallVector<Value> offsets;
    for (memref::AllocOp op : temporaries) {
      if (!llvm::all_of(op.getDynamicSizes(), [&](Value size) { return hoist(size, memory); }))
        return op.emitOpError() << "has a size that is computed inside the kernel: unsupported";
      MemRefType type = op.getType();
      Value bytes = constant(tfc::elementBytes(type.getElementType()));
      auto dynamic = op.getDynamicSizes().begin();
      for (int64_t extent : type.getShape())
        bytes =
            arith::MulIOp::create(builder, loc, bytes, ShapedType::isDynamic(extent) ? *dynamic++ : constant(extent));
      offsets.push_back(total);
      bytes = arith::AddIOp::create(builder, loc, bytes, constant(kAlignment - 1));
      bytes = arith::AndIOp::create(builder, loc, bytes, constant(-kAlignment));
      total = arith::AddIOp::create(builder, loc, total, bytes);
    }
    memory.getSizeMutable().assign(total);

    builder.setInsertionPointAfter(memory);
    Value null = LLVM::ZeroOp::create(builder, loc, fault.getType());
    Value given = LLVM::ICmpOp::create(builder, loc, LLVM::ICmpPredicate::ne, memory, null);
    auto guard = scf::IfOp::create(builder, loc, given, /*withElseRegion=*/false);
    builder.setInsertionPointToStart(guard.thenBlock());
    for (auto [op, offset] : llvm::zip(llvm::to_vector(temporaries), offsets)) {
      Value bytes = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), offset);
      Value begin = LLVM::GEPOp::create(builder, loc, fault.getType(), builder.getI8Type(), memory,
                                        ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(bytes)});
      op.replaceAllUsesWith(tfc::emitMemRef(builder, loc, begin, op.getType(), op.getDynamicSizes()));
    }
    // What was hoisted stays outside, as do frames of the stack.
    Operation *yield = guard.thenBlock()->getTerminator();
    for (Operation *op : rest) {
      if (isa<memref::AllocaOp>(op))
        op->moveBefore(memory);
      else if (!op->isBeforeInBlock(memory))
        op->moveBefore(yield);
    }
    for (memref::AllocOp op : temporaries)
      op.erase();
    builder.setInsertionPoint(yield);
    tfc::rt::KernelFreeOp::create(builder, loc, fault, memory);
    return success();
  }
};

} // namespace
