// What a call needs, computed from the shapes of its inputs.
#include "PlanLowering.h"

#include "Rt/Rt.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tfc-rt/model.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace tfc {

int64_t PlanLowering::extentCount(dfg::StepOp step) {
  int64_t count = 0;
  for (Type type : step.getResultTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      count += tensor.getRank();
  return count;
}

Value PlanLowering::inputExtent(Location loc, BlockArgument input, unsigned d) {
  auto type = cast<RankedTensorType>(input.getType());
  if (!type.isDynamicDim(d))
    return constant(loc, type.getDimSize(d));
  return rt::InputDimOp::create(builder, loc, builder.getIndexType(), inputs, input.getArgNumber(), d);
}

Value PlanLowering::index(Value wanted) {
  auto [known, isNew] = indices.try_emplace(wanted);
  if (!isNew)
    return known->second;
  Operation *op = wanted.getDefiningOp();
  if (auto dim = dyn_cast_or_null<tensor::DimOp>(op)) {
    auto input = dyn_cast<BlockArgument>(dim.getSource());
    if (input && input.getOwner() == stepBlock && dim.getConstantIndex())
      return indices[wanted] = inputExtent(op->getLoc(), input, *dim.getConstantIndex());
  } else if (op && isa<arith::ArithDialect>(op->getDialect())) {
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      if (Value value = index(operand))
        operands.push_back(value);
    if (operands.size() < op->getNumOperands())
      return {};
    Operation *copy = builder.clone(*op);
    copy->setOperands(operands);
    return indices[wanted] = copy->getResult(cast<OpResult>(wanted).getResultNumber());
  }
  return {};
}

Value PlanLowering::commonExtent(Location loc, ArrayRef<Value> tensors, unsigned d) {
  Value common;
  for (Value tensor : tensors) {
    Value own = extent(loc, tensor, d);
    if (!own)
      return {};
    if (common) {
      Value same = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, common, own);
      own = arith::SelectOp::create(builder, loc, same, own, constant(loc, TFC_DIM_DYNAMIC));
    }
    common = own;
  }
  return common;
}

Value PlanLowering::extent(Location loc, Value tensor, unsigned d) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(d))
    return constant(loc, type.getDimSize(d));
  if (auto argument = dyn_cast<BlockArgument>(tensor))
    return argument.getOwner() == stepBlock ? inputExtent(loc, argument, d) : Value();
  unsigned result = cast<OpResult>(tensor).getResultNumber();
  Operation *op = tensor.getDefiningOp();
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<kernel::EmptyOp, kernel::ViewOp>(
          [&](auto sized) { return index(sized.getSizes()[type.getDynamicDimIndex(d)]); })
      .Case([&](kernel::DispatchOp dispatch) { return extent(loc, dispatch.getDestinations()[result], d); })
      .Case([&](kernel::IndexTensorOp indices) { return extent(loc, indices.getDestination(), d); })
      .Case<dfg::IfOp, dfg::CaseOp>([&](Operation *branches) {
        SmallVector<Value> yielded;
        for (Region &branch : branches->getRegions())
          yielded.push_back(branch.front().getTerminator()->getOperand(result));
        return commonExtent(loc, yielded, d);
      })
      .Case([&](dfg::WhileOp loop) {
        // What is known of the next value holds for every iteration.
        Block &body = loop.getBody().front();
        Value initial = loop.getInputs()[result], next = body.getTerminator()->getOperand(result);
        return next == body.getArgument(result) ? extent(loc, initial, d) : commonExtent(loc, {initial, next}, d);
      })
      .Default([](Operation *) { return Value(); });
}

void PlanLowering::append(Location loc, Value word) {
  if (word.getType().isIndex())
    word = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), word);
  Value place = LLVM::GEPOp::create(builder, loc, words.getType(), builder.getI64Type(), words,
                                    ArrayRef<LLVM::GEPArg>{int32_t(wordCount++)});
  LLVM::StoreOp::create(builder, loc, word, place);
}

Value PlanLowering::placeSlots(dfg::StepOp step) {
  Location loc = step.getLoc();
  SmallVector<Value> sizes(kernel::slotCount(step));
  step.walk<WalkOrder::PreOrder>([&](kernel::EmptyOp op) {
    auto slot = op->getAttrOfType<IntegerAttr>("kernel.slot");
    if (!slot)
      return;
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<Value> dims;
    for (int64_t d = 0; d < type.getRank(); ++d)
      dims.push_back(extent(op.getLoc(), op.getTensor(), d));
    Value bytes = byteSize(op.getLoc(), dims, type.getElementType());
    Value &size = sizes[slot.getInt()];
    size = size ? arith::MaxUIOp::create(builder, op.getLoc(), size, bytes).getResult() : bytes;
  });
  auto staticSize = step->getAttrOfType<IntegerAttr>("kernel.arena_size");
  Value total = constant(loc, staticSize ? staticSize.getInt() : 0), mask = constant(loc, -64);
  for (Value size : sizes) {
    append(loc, total);
    Value rounded = arith::AndIOp::create(builder, loc, addSizes(loc, size, constant(loc, 63)), mask);
    total = addSizes(loc, total, rounded);
  }
  return total;
}

void PlanLowering::run(dfg::StepOp step) {
  Location loc = step.getLoc();
  stepBlock = &step.getBody().front();
  for (Value output : stepBlock->getTerminator()->getOperands()) {
    auto type = dyn_cast<RankedTensorType>(output.getType());
    for (int64_t d = 0; type && d < type.getRank(); ++d) {
      Value known = extent(loc, output, d);
      append(loc, known ? known : constant(loc, TFC_DIM_DYNAMIC));
    }
  }
  Value total = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), placeSlots(step));
  func::ReturnOp::create(builder, loc, total);
}

} // namespace tfc
