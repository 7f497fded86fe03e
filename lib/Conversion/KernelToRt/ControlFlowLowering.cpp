// Lowers structured control flow of a step to scf on pointers and extents.
#include "StepLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "tfc/Support/DType.h"

using namespace mlir;

namespace tfc {

/// The pointer and the extents of a buffer, as values that regions pass on.
static void flatten(Value pointer, ArrayRef<Value> dims, SmallVectorImpl<Value> &flat) {
  flat.push_back(pointer);
  flat.append(dims.begin(), dims.end());
}

LogicalResult StepLowering::lowerBranch(Region &region, SmallVectorImpl<Value> &yielded) {
  Block &block = region.front();
  if (failed(lowerBlock(block)))
    return failure();
  for (Value value : block.getTerminator()->getOperands()) {
    Buffer &memory = buffer(value);
    flatten(memory.pointer, memory.dims, yielded);
  }
  return success();
}

LogicalResult StepLowering::lower(dfg::IfOp op) {
  Location loc = op.getLoc();
  Value byte = LLVM::LoadOp::create(builder, loc, builder.getI8Type(), buffer(op.getCondition()).pointer);
  Value condition = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, byte,
                                          arith::ConstantIntOp::create(builder, loc, 0, 8));
  SmallVector<Type> types;
  for (Type output : op.getResultTypes()) {
    types.push_back(context.getType());
    types.append(cast<RankedTensorType>(output).getRank(), builder.getIndexType());
  }
  auto ifOp = scf::IfOp::create(builder, loc, types, condition, /*withElseRegion=*/true);
  Region *regions[] = {&op.getThenRegion(), &op.getElseRegion()};
  for (int i : {0, 1}) {
    OpBuilder::InsertionGuard guard(builder);
    Block *block = &ifOp->getRegion(i).front();
    if (!block->empty())
      block->getTerminator()->erase();
    builder.setInsertionPointToEnd(block);
    SmallVector<Value> outer = std::move(scratch);
    scratch.clear();
    SmallVector<Value> yielded;
    LogicalResult lowered = lowerBranch(*regions[i], yielded);
    scratch = std::move(outer);
    if (failed(lowered))
      return failure();
    scf::YieldOp::create(builder, loc, yielded);
  }
  ValueRange flat = ifOp.getResults();
  for (Value output : op.getOutputs()) {
    size_t rank = cast<RankedTensorType>(output.getType()).getRank();
    buffers[output] = {flat.front(), llvm::to_vector(flat.slice(1, rank))};
    flat = flat.drop_front(1 + rank);
  }
  return success();
}

LogicalResult StepLowering::lower(dfg::CaseOp op) {
  return op.emitOpError() << "is not lowered yet: write it as nested dfg.if";
}

LogicalResult StepLowering::lower(dfg::WhileOp op) {
  Location loc = op.getLoc();
  Block &conditionBlock = op.getCondition().front(), &bodyBlock = op.getBody().front();
  auto yield = cast<dfg::YieldOp>(bodyBlock.getTerminator());

  // Variables that the body passes on unchanged are not carried at all.
  SmallVector<unsigned> carried;
  for (unsigned i = 0; i < op.getInputs().size(); ++i) {
    if (yield.getResults()[i] != bodyBlock.getArgument(i)) {
      carried.push_back(i);
      continue;
    }
    Buffer initial = buffer(op.getInputs()[i]);
    buffers[conditionBlock.getArgument(i)] = buffers[bodyBlock.getArgument(i)] = buffers[op.getOutputs()[i]] = initial;
  }

  // Every carried variable owns its memory from the start: a copy of what comes in.
  SmallVector<Value> initial;
  SmallVector<Type> types;
  auto ownedCopy = [&](Value value) {
    Buffer from = buffer(value);
    Value bytes = byteSize(loc, from, cast<RankedTensorType>(value.getType()).getElementType());
    Value memory = rt::ScratchAllocateOp::create(builder, loc, context.getType(), context, bytes);
    rt::CheckOp::create(builder, loc, memory);
    copy(loc, memory, from.pointer, bytes);
    return Buffer{memory, from.dims};
  };
  for (unsigned i : carried) {
    Buffer memory = ownedCopy(op.getInputs()[i]);
    flatten(memory.pointer, memory.dims, initial);
  }
  types = llvm::to_vector(ValueRange(initial).getTypes());
  auto bind = [&](ValueRange variables, ValueRange flat) {
    for (unsigned i : carried) {
      size_t rank = cast<RankedTensorType>(variables[i].getType()).getRank();
      buffers[variables[i]] = {flat.front(), llvm::to_vector(flat.slice(1, rank))};
      flat = flat.drop_front(1 + rank);
    }
  };

  auto loop = scf::WhileOp::create(builder, loc, types, initial);
  SmallVector<Location> locations(types.size(), loc);
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Value> outer = std::move(scratch);
  auto freeScratch = [&] {
    for (Value memory : scratch)
      rt::ScratchFreeOp::create(builder, loc, context, memory);
    scratch.clear();
  };

  Block *before = builder.createBlock(&loop.getBefore(), {}, types, locations);
  scratch.clear();
  bind(conditionBlock.getArguments(), before->getArguments());
  if (failed(lowerBlock(conditionBlock)))
    return failure();
  Value flag = conditionBlock.getTerminator()->getOperand(0);
  Value byte = LLVM::LoadOp::create(builder, loc, builder.getI8Type(), buffer(flag).pointer);
  Value go = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, byte,
                                   arith::ConstantIntOp::create(builder, loc, 0, 8));
  freeScratch();
  scf::ConditionOp::create(builder, loc, go, before->getArguments());

  Block *after = builder.createBlock(&loop.getAfter(), {}, types, locations);
  bind(bodyBlock.getArguments(), after->getArguments());
  if (failed(lowerBlock(bodyBlock)))
    return failure();
  // All copies come before any memory is given back: variables may be swapped.
  SmallVector<Value> next, old;
  for (unsigned i : carried) {
    old.push_back(buffer(bodyBlock.getArgument(i)).pointer);
    Buffer memory = ownedCopy(yield.getResults()[i]);
    flatten(memory.pointer, memory.dims, next);
  }
  for (Value memory : old)
    rt::ScratchFreeOp::create(builder, loc, context, memory);
  freeScratch();
  scf::YieldOp::create(builder, loc, next);

  scratch = std::move(outer);
  bind(op.getOutputs(), loop.getResults());
  return success();
}

} // namespace tfc
