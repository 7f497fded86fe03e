// Lowers the straight-line part of a step.
#include "StepLowering.h"

#include "PlanLowering.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "tfc-rt/model.h"
#include "tfc/Support/DType.h"
#include "tfc/Support/Location.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace tfc {

//===----------------------------------------------------------------------===//
// Small pieces
//===----------------------------------------------------------------------===//

Value StepLowering::allocateScratch(Location loc, Value bytes) {
  Value memory = rt::ScratchAllocateOp::create(builder, loc, context.getType(), context, bytes);
  rt::CheckOp::create(builder, loc, memory);
  return memory;
}

void StepLowering::copy(Location loc, Value to, Value from, Value bytes) {
  Value length = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), bytes);
  LLVM::MemmoveOp::create(builder, loc, to, from, length, /*isVolatile=*/false);
}

Value StepLowering::offset(Location loc, Value pointer, int64_t bytes) {
  return LLVM::GEPOp::create(
      builder, loc, pointer.getType(), builder.getI8Type(), pointer,
      ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(arith::ConstantIntOp::create(builder, loc, bytes, 64))});
}

SmallVector<Value> StepLowering::dimsOf(Location loc, RankedTensorType type, ValueRange dynamic) {
  SmallVector<Value> dims;
  for (int64_t extent : type.getShape()) {
    if (ShapedType::isDynamic(extent)) {
      dims.push_back(mapping.lookup(dynamic.front()));
      dynamic = dynamic.drop_front();
    } else {
      dims.push_back(constant(loc, extent));
    }
  }
  return dims;
}

Value StepLowering::stackSlot(Location loc, int64_t bytes) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(entryBlock);
  Value count = arith::ConstantIntOp::create(builder, loc, bytes, 64);
  return LLVM::AllocaOp::create(builder, loc, context.getType(), builder.getI8Type(), count, /*alignment=*/16);
}

Value StepLowering::callMemory(Location loc, int64_t bytes) {
  if (!shared)
    shared = stackSlot(loc, bytes).getDefiningOp<LLVM::AllocaOp>();
  auto size = shared.getArraySize().getDefiningOp<arith::ConstantOp>();
  if (cast<IntegerAttr>(size.getValue()).getInt() < bytes)
    size.setValueAttr(IntegerAttr::get(size.getType(), bytes));
  return shared;
}

void StepLowering::bindOutput(Location loc, int64_t index, Buffer &buffer, Type element) {
  buffer.pointer =
      rt::OutputBindOp::create(builder, loc, context.getType(), context, outputs, buffer.dims,
                               builder.getI64IntegerAttr(index), builder.getI64IntegerAttr(dtypeCode(element)));
  rt::CheckOp::create(builder, loc, buffer.pointer);
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

LogicalResult StepLowering::lower(dfg::ConstantOp op) {
  auto global = constants.global(op, op.getValue());
  if (failed(global))
    return failure();
  buffers[op.getResult()] = {LLVM::AddressOfOp::create(builder, op.getLoc(), *global),
                             dimsOf(op.getLoc(), op.getType(), {})};
  return success();
}

LogicalResult StepLowering::lower(kernel::EmptyOp op) {
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(op.getType());
  Buffer buffer{{}, dimsOf(loc, type, op.getSizes())};
  if (auto output = op->getAttrOfType<IntegerAttr>("kernel.output")) {
    bindOutput(loc, output.getInt(), buffer, type.getElementType());
    boundOutputs[output.getInt()] = buffer.pointer;
  } else if (Value memory = lent.lookup(op))
    buffer.pointer = memory;
  else if (auto place = op->getAttrOfType<IntegerAttr>("kernel.offset"))
    buffer.pointer = offset(loc, arena, place.getInt());
  else if (auto slot = op->getAttrOfType<IntegerAttr>("kernel.slot"))
    buffer.pointer = slots[slot.getInt()];
  else
    buffer.pointer = allocateScratch(loc, byteSize(loc, buffer, type.getElementType()));
  buffers[op.getTensor()] = buffer;
  return success();
}

LogicalResult StepLowering::lower(kernel::ReleaseOp op) {
  Value memory = buffer(op.getValue()).pointer;
  if (isa<RankedTensorType>(op.getValue().getType()))
    rt::ScratchFreeOp::create(builder, op.getLoc(), context, memory);
  else
    rt::ListReleaseOp::create(builder, op.getLoc(), context, memory);
  return success();
}

LogicalResult StepLowering::lower(kernel::RetainOp op) {
  rt::ListRetainOp::create(builder, op.getLoc(), buffer(op.getValue()).pointer);
  return success();
}

Value StepLowering::workUnits(kernel::DispatchOp op) {
  Location loc = op.getLoc();
  auto kernel = kernels.lookup<kernel::FuncOp>(op.getKernel());
  auto units = kernel->getAttrOfType<AffineMapAttr>("kernel.units");
  if (!units)
    return constant(loc, 1);
  int64_t batchDims = kernel->getAttrOfType<IntegerAttr>("kernel.batch_dims").getInt();
  int64_t rowDims = kernel->getAttrOfType<IntegerAttr>("kernel.row_dims").getInt();
  SmallVector<Value> dims = buffer(op.getDestinations()[0]).dims;
  // `kernel.order` says how the dimensions of the result were reordered when written.
  if (auto order = kernel->getAttrOfType<DenseI64ArrayAttr>("kernel.order")) {
    SmallVector<Value> written = dims;
    for (auto [i, from] : llvm::enumerate(order.asArrayRef()))
      dims[from] = written[i];
  }
  Value extents[] = {elementCount(loc, ArrayRef(dims).slice(batchDims, rowDims)), dims.back()};
  Value total = elementCount(loc, ArrayRef(dims).take_front(batchDims));
  for (AffineExpr count : units.getValue().getResults())
    total = arith::MulIOp::create(builder, loc, total,
                                  affine::expandAffineExpr(builder, loc, count, extents, ValueRange()));
  return total;
}

LogicalResult StepLowering::lower(kernel::DispatchOp op) {
  SmallVector<Value> words, dims;
  for (Value input : llvm::concat<Value>(llvm::to_vector(op.getInputs()), llvm::to_vector(op.getDestinations()))) {
    auto type = dyn_cast<RankedTensorType>(input.getType());
    if (!type) {
      words.push_back(mapping.lookup(input));
      continue;
    }
    Buffer &memory = buffer(input);
    words.push_back(memory.pointer);
    for (int64_t i = 0; i < type.getRank(); ++i)
      if (type.isDynamicDim(i))
        dims.push_back(memory.dims[i]);
  }
  llvm::append_range(words, dims);
  rt::RunKernelOp::create(builder, op.getLoc(), op.getKernelAttr(), context, workUnits(op), words,
                          builder.getI64IntegerAttr(1));
  for (auto [output, destination] : llvm::zip(op.getOutputs(), op.getDestinations()))
    buffers[output] = Buffer(buffer(destination));
  return success();
}

LogicalResult StepLowering::lower(kernel::ViewOp op) {
  Location loc = op.getLoc();
  Buffer &source = buffer(op.getSource());
  Buffer view{source.pointer, dimsOf(loc, cast<RankedTensorType>(op.getType()), op.getSizes())};
  if (op.getChecked()) {
    Value same = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, elementCount(loc, source.dims),
                                       elementCount(loc, view.dims));
    rt::AssertOp::create(builder, loc, context, same, TFC_STATUS_INVALID_ARGUMENT, nodeName(loc),
                         "the requested shape does not hold as many elements as the tensor has");
  }
  if (Value offset = op.getOffset()) {
    Value bytes = arith::MulIOp::create(builder, loc, mapping.lookup(offset),
                                        constant(loc, elementBytes(op.getSource().getType().getElementType())));
    bytes = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), bytes);
    view.pointer = LLVM::GEPOp::create(builder, loc, context.getType(), builder.getI8Type(), source.pointer,
                                       ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(bytes)});
  }
  buffers[op.getResult()] = view;
  return success();
}

LogicalResult StepLowering::lower(kernel::IndexTensorOp op) {
  Location loc = op.getLoc();
  Buffer memory = buffer(op.getDestination());
  Type element = cast<RankedTensorType>(op.getOutput().getType()).getElementType();
  Type stored = builder.getIntegerType(element.getIntOrFloatBitWidth());
  for (auto [i, value] : llvm::enumerate(op.getValues())) {
    Value word = arith::IndexCastOp::create(builder, loc, stored, mapping.lookup(value));
    LLVM::StoreOp::create(builder, loc, word, offset(loc, memory.pointer, i * elementBytes(element)));
  }
  buffers[op.getOutput()] = memory;
  return success();
}

LogicalResult StepLowering::lower(kernel::ItemOp op) {
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(op.getTensor().getType());
  Buffer &memory = buffer(op.getTensor());
  Value linear = constant(loc, 0);
  for (auto [i, position] : llvm::enumerate(op.getPosition())) {
    if (type.isDynamicDim(i)) {
      Value inside =
          arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sgt, memory.dims[i], constant(loc, position));
      rt::AssertOp::create(builder, loc, context, inside, TFC_STATUS_OUT_OF_RANGE, nodeName(loc),
                           "a tensor of sizes has fewer elements than needed");
    }
    linear = arith::MulIOp::create(builder, loc, linear, memory.dims[i]);
    linear = arith::AddIOp::create(builder, loc, linear, constant(loc, position));
  }
  Type element = type.getElementType();
  Type stored = builder.getIntegerType(std::max(8u, element.getIntOrFloatBitWidth()));
  Value index = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), linear);
  Value address = LLVM::GEPOp::create(builder, loc, context.getType(), stored, memory.pointer,
                                      ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(index)});
  Value word = LLVM::LoadOp::create(builder, loc, stored, address);
  bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  Value number = isUnsigned ? Value(arith::IndexCastUIOp::create(builder, loc, builder.getIndexType(), word))
                            : Value(arith::IndexCastOp::create(builder, loc, builder.getIndexType(), word));
  mapping.map(op.getValue(), number);
  return success();
}

LogicalResult StepLowering::lower(dfg::ReturnOp op) {
  Location loc = op.getLoc();
  for (auto [i, value] : llvm::enumerate(op.getResults())) {
    Buffer memory = buffer(value);
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type) {
      auto optional = dyn_cast<dfg::OptionalType>(value.getType());
      bool isTensor = optional && isa<TensorType>(optional.getElementType());
      rt::CheckOp::create(
          builder, loc,
          rt::ListExportOp::create(builder, loc, builder.getI32Type(), context, outputs, memory.pointer, i, isTensor));
      continue;
    }
    if (boundOutputs.lookup(i) == memory.pointer)
      continue;
    Buffer output{{}, memory.dims};
    bindOutput(loc, i, output, type.getElementType());
    copy(loc, output.pointer, memory.pointer, byteSize(loc, memory, type.getElementType()));
  }
  return success();
}

LogicalResult StepLowering::lower(dfg::AssertOp op) {
  Location loc = op.getLoc();
  rt::AssertOp::create(builder, loc, context, loadCondition(loc, op.getCondition()), op.getCode(), nodeName(loc),
                       op.getMessage());
  return success();
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

LogicalResult StepLowering::lowerOp(Operation *op) {
  LogicalResult result = success();
  bool handled = true;
  llvm::TypeSwitch<Operation *>(op)
      .Case<dfg::ConstantOp, kernel::EmptyOp, kernel::ReleaseOp, kernel::RetainOp, kernel::DispatchOp,
            kernel::OperationOp, kernel::ViewOp, kernel::IndexTensorOp, kernel::ItemOp, dfg::ReturnOp, dfg::AssertOp,
            dfg::IfOp, dfg::CaseOp, dfg::WhileOp, dfg::TasksOp>([&](auto concrete) { result = lower(concrete); })
      .Case<tensor::DimOp>([&](tensor::DimOp dim) {
        auto position = dim.getConstantIndex();
        mapping.map(dim.getResult(), buffer(dim.getSource()).dims[position.value_or(0)]);
      })
      .Default([&](Operation *) { handled = isa<arith::ArithDialect>(op->getDialect()); });
  if (!handled)
    return op->emitOpError() << "cannot run in a step: it was not formed into a dispatch";
  // A loop may have asked for it before.
  if (isa<arith::ArithDialect>(op->getDialect()) && !mapping.contains(op->getResult(0)))
    builder.clone(*op, mapping);
  return result;
}

LogicalResult StepLowering::lowerBlock(Block &block) {
  for (Operation &op : block)
    if (!isa<dfg::YieldOp>(op) && failed(lowerOp(&op)))
      return failure();
  return success();
}

Value StepLowering::sizeAtStart(Value index) {
  if (Value known = mapping.lookupOrNull(index))
    return known;
  Operation *op = index.getDefiningOp();
  if (auto dim = dyn_cast<tensor::DimOp>(op)) {
    mapping.map(index, buffer(dim.getSource()).dims[*dim.getConstantIndex()]);
  } else {
    for (Value operand : op->getOperands())
      sizeAtStart(operand);
    builder.clone(*op, mapping);
  }
  return mapping.lookup(index);
}

void StepLowering::reserveArena(dfg::StepOp step) {
  Location loc = step.getLoc();
  int64_t slotCount = kernel::slotCount(step);
  auto staticSize = step->getAttrOfType<IntegerAttr>("kernel.arena_size");
  if (slotCount == 0 && (!staticSize || staticSize.getInt() == 0))
    return;
  Value total, plan;
  int64_t place = 8 * PlanLowering::extentCount(step);
  if (slotCount) {
    plan = stackSlot(loc, place + 8 * slotCount);
    total = func::CallOp::create(builder, loc, planFunction, {context, inputs, plan}).getResult(0);
    total = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), total);
  } else {
    total = constant(loc, staticSize.getInt());
  }
  arena = rt::ArenaReserveOp::create(builder, loc, context.getType(), context, total);
  rt::CheckOp::create(builder, loc, arena);
  for (int64_t slot = 0; slot < slotCount; ++slot) {
    Value begin = LLVM::LoadOp::create(builder, loc, builder.getI64Type(), offset(loc, plan, place + 8 * slot));
    slots.push_back(LLVM::GEPOp::create(builder, loc, context.getType(), builder.getI8Type(), arena,
                                        ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(begin)}));
  }
}

LogicalResult StepLowering::run(dfg::StepOp step) {
  Location loc = step.getLoc();
  Block &block = step.getBody().front();
  for (auto [i, argument] : llvm::enumerate(block.getArguments())) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type) {
      Value list = stackSlot(loc, sizeof(void *));
      rt::CheckOp::create(builder, loc,
                          rt::ListImportOp::create(builder, loc, builder.getI32Type(), context, inputs, list, i));
      buffers[argument] = {LLVM::LoadOp::create(builder, loc, context.getType(), list), {}};
      continue;
    }
    Buffer memory;
    memory.pointer = rt::InputDataOp::create(builder, loc, context.getType(), inputs, i);
    for (auto [d, extent] : llvm::enumerate(type.getShape()))
      memory.dims.push_back(ShapedType::isDynamic(extent)
                                ? rt::InputDimOp::create(builder, loc, builder.getIndexType(), inputs, i, d).getResult()
                                : constant(loc, extent));
    buffers[argument] = memory;
  }
  reserveArena(step);
  if (failed(lowerBlock(block)))
    return failure();
  Value fault = rt::FaultOp::create(builder, loc, builder.getI32Type(), context);
  func::ReturnOp::create(builder, loc, fault);
  return success();
}

} // namespace tfc
