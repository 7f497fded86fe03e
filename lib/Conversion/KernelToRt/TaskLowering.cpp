// Lowers tasks: each becomes a function that finds what it uses of the step in a frame.
#include "StepLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace tfc {

/// What regions of an op use of what lies around it.
static llvm::SetVector<Value> capturedBy(Operation *op) {
  llvm::SetVector<Value> captured;
  op->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (!op->isAncestor(operand.getParentRegion()->getParentOp()))
        captured.insert(operand);
  });
  return captured;
}

LogicalResult StepLowering::lower(dfg::TasksOp op) {
  Location loc = op.getLoc();
  llvm::SetVector<Value> captured = capturedBy(op);
  SmallVector<Value> words;
  auto isNumber = [](Value value) { return value.getType().isIntOrIndex(); };
  for (Value value : captured) {
    if (isNumber(value))
      words.push_back(mapping.lookup(value));
    else
      flatten(value, value.getType(), words);
  }
  // Without an arena there are no slots.
  if (arena)
    words.push_back(arena);
  llvm::append_range(words, slots);

  Value frame = stackSlot(loc, 8 * std::max<size_t>(1, words.size()));
  Type i64 = builder.getI64Type(), index = builder.getIndexType();
  for (auto [i, word] : llvm::enumerate(words)) {
    Value stored = word.getType() == index ? arith::IndexCastOp::create(builder, loc, i64, word).getResult() : word;
    LLVM::StoreOp::create(builder, loc, stored, offset(loc, frame, 8 * i));
  }

  auto module = planFunction->getParentOfType<ModuleOp>();
  std::string prefix = (op->getParentOfType<dfg::StepOp>().getName() + "_task").str();
  SmallVector<Attribute> functions;
  for (Region &task : op.getTasks()) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(module.getBody());
    while (module.lookupSymbol(prefix + std::to_string(taskCount)))
      ++taskCount;
    Type pointer = context.getType();
    auto function = func::FuncOp::create(builder, loc, prefix + std::to_string(taskCount++),
                                         builder.getFunctionType({pointer, pointer}, builder.getI32Type()));
    // Its stack is small: what does not fit must not get past the guard page.
    function->setAttr("passthrough", builder.getArrayAttr(builder.getStrArrayAttr({"probe-stack", "inline-asm"})));
    functions.push_back(FlatSymbolRefAttr::get(function));
    Block *block = function.addEntryBlock();
    builder.setInsertionPointToStart(block);

    llvm::SaveAndRestore ownContext(context, Value(block->getArgument(0)));
    llvm::SaveAndRestore ownBlock(entryBlock, block);
    llvm::SaveAndRestore ownShared(shared, LLVM::AllocaOp());
    llvm::SaveAndRestore ownArena(arena, Value());
    llvm::SaveAndRestore ownSlots(slots, SmallVector<Value>());
    llvm::SaveAndRestore ownMapping(mapping, IRMapping());
    llvm::SaveAndRestore ownBuffers(buffers, llvm::DenseMap<Value, Buffer>());
    SmallVector<Value> own;
    for (auto [i, word] : llvm::enumerate(words)) {
      // Constants stay known.
      if (Operation *maker = word.getDefiningOp(); maker && isa<arith::ConstantOp, LLVM::AddressOfOp>(maker)) {
        own.push_back(builder.clone(*maker)->getResult(0));
        continue;
      }
      Type stored = word.getType() == index ? i64 : word.getType();
      Value loaded = LLVM::LoadOp::create(builder, loc, stored, offset(loc, block->getArgument(1), 8 * i));
      own.push_back(stored == word.getType() ? loaded : arith::IndexCastOp::create(builder, loc, index, loaded));
    }
    ValueRange rest = own;
    for (Value value : captured) {
      if (!isNumber(value)) {
        buffers[value] = unflatten(loc, value.getType(), rest);
        continue;
      }
      mapping.map(value, rest.front());
      rest = rest.drop_front();
    }
    if (!rest.empty()) {
      arena = rest.front();
      slots.assign(rest.begin() + 1, rest.end());
    }
    if (failed(lowerBlock(task.front())))
      return failure();
    func::ReturnOp::create(builder, loc, rt::FaultOp::create(builder, loc, builder.getI32Type(), context).getResult());
  }
  Value status = rt::RunTasksOp::create(builder, loc, builder.getI32Type(), context, frame,
                                        builder.getArrayAttr(functions), op.getDependencies());
  rt::CheckOp::create(builder, loc, status);
  return success();
}

} // namespace tfc
