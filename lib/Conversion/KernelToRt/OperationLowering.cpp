// Lowers calls of the runtime archive's operations: operands and results are described
// in arrays of tfc_tensor_t on the stack.
#include "StepLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "tfc-rt/model.h"
#include "tfc/Support/DType.h"

using namespace mlir;

namespace tfc {
namespace {

/// One tfc_tensor_t of an array.
class Descriptor {
public:
  Descriptor(OpBuilder &builder, Location loc, Value array, int64_t index)
      : builder(builder), loc(loc), array(array), base(index * sizeof(tfc_tensor_t)) {}

  void setData(Value pointer) { store(pointer, offsetof(tfc_tensor_t, data)); }
  void setSize(Value bytes) { store(word(bytes), offsetof(tfc_tensor_t, size)); }
  void setType(int32_t dtype, int64_t rank) {
    store(arith::ConstantIntOp::create(builder, loc, dtype, 32), offsetof(tfc_tensor_t, dtype));
    store(arith::ConstantIntOp::create(builder, loc, rank, 32), offsetof(tfc_tensor_t, rank));
  }
  void setDim(int64_t i, Value extent) { store(word(extent), dimOffset(i)); }
  Value data() { return load(LLVM::LLVMPointerType::get(builder.getContext()), offsetof(tfc_tensor_t, data)); }
  Value dim(int64_t i) {
    return arith::IndexCastOp::create(builder, loc, builder.getIndexType(), load(builder.getI64Type(), dimOffset(i)));
  }

private:
  static int64_t dimOffset(int64_t i) { return offsetof(tfc_tensor_t, shape) + 8 * i; }
  Value word(Value index) { return arith::IndexCastOp::create(builder, loc, builder.getI64Type(), index); }
  Value at(int64_t offset) {
    return LLVM::GEPOp::create(builder, loc, array.getType(), builder.getI8Type(), array,
                               ArrayRef<LLVM::GEPArg>{int32_t(base + offset)});
  }
  void store(Value value, int64_t offset) { LLVM::StoreOp::create(builder, loc, value, at(offset)); }
  Value load(Type type, int64_t offset) { return LLVM::LoadOp::create(builder, loc, type, at(offset)); }

  OpBuilder &builder;
  Location loc;
  Value array;
  int64_t base;
};

} // namespace

LogicalResult StepLowering::lower(kernel::OperationOp op) {
  Location loc = op.getLoc();
  for (Value value : llvm::concat<Value>(llvm::to_vector(op.getInputs()), llvm::to_vector(op.getOutputs())))
    if (auto type = dyn_cast<RankedTensorType>(value.getType()); type && type.getRank() > TFC_MAX_RANK)
      return op.emitOpError() << "has a tensor of rank " << type.getRank() << ", expected at most " << TFC_MAX_RANK;
  int64_t inputCount = op.getInputs().size(), outputCount = op.getOutputs().size();
  // Descriptors, then the numbers that are inputs or outputs; a step may call thousands of operations.
  int64_t numbers = (inputCount + outputCount) * sizeof(tfc_tensor_t), used = numbers;
  Value ins = callMemory(loc, numbers + 8 * (inputCount + outputCount));
  Value outs = offset(loc, ins, inputCount * sizeof(tfc_tensor_t));
  auto number = [&] { return offset(loc, ins, std::exchange(used, used + 8)); };

  for (auto [i, input] : llvm::enumerate(op.getInputs())) {
    Descriptor descriptor(builder, loc, ins, i);
    if (auto type = dyn_cast<RankedTensorType>(input.getType())) {
      Buffer memory = buffer(input);
      descriptor.setData(memory.pointer);
      descriptor.setSize(byteSize(loc, input));
      descriptor.setType(dtypeCode(type.getElementType()), type.getRank());
      for (auto [d, extent] : llvm::enumerate(memory.dims))
        descriptor.setDim(d, extent);
    } else if (input.getType().isIndex()) {
      Value slot = number();
      LLVM::StoreOp::create(
          builder, loc, arith::IndexCastOp::create(builder, loc, builder.getI64Type(), mapping.lookup(input)), slot);
      descriptor.setData(slot);
      descriptor.setSize(constant(loc, 8));
      descriptor.setType(TFC_DTYPE_I64, 0);
    } else {
      descriptor.setData(buffer(input).pointer);
      descriptor.setType(TFC_DTYPE_LIST, 0);
    }
  }
  // The operation is told what is known of its results; -1 stands for an open extent.
  for (auto [i, output] : llvm::enumerate(op.getOutputs())) {
    Descriptor descriptor(builder, loc, outs, i);
    bool isIndex = output.getType().isIndex();
    Value data = isIndex ? number() : LLVM::ZeroOp::create(builder, loc, context.getType());
    descriptor.setData(data);
    descriptor.setSize(constant(loc, isIndex ? 8 : 0));
    if (auto type = dyn_cast<RankedTensorType>(output.getType())) {
      descriptor.setType(dtypeCode(type.getElementType()), type.getRank());
      for (auto [d, extent] : llvm::enumerate(type.getShape()))
        descriptor.setDim(d, constant(loc, ShapedType::isDynamic(extent) ? -1 : extent));
    } else {
      descriptor.setType(isIndex ? TFC_DTYPE_I64 : TFC_DTYPE_LIST, 0);
    }
  }
  Value status = rt::OperationOp::create(builder, loc, builder.getI32Type(), op.getSymbol(), context, ins, outs,
                                         inputCount, outputCount, op.getParameters());
  rt::CheckOp::create(builder, loc, status);

  for (auto [i, output] : llvm::enumerate(op.getOutputs())) {
    Descriptor descriptor(builder, loc, outs, i);
    Value data = descriptor.data();
    if (output.getType().isIndex()) {
      Value word = LLVM::LoadOp::create(builder, loc, builder.getI64Type(), data);
      mapping.map(output, arith::IndexCastOp::create(builder, loc, builder.getIndexType(), word).getResult());
      continue;
    }
    Buffer memory{data, {}};
    if (auto type = dyn_cast<RankedTensorType>(output.getType()))
      for (auto [d, extent] : llvm::enumerate(type.getShape()))
        memory.dims.push_back(ShapedType::isDynamic(extent) ? descriptor.dim(d) : constant(loc, extent));
    buffers[output] = memory;
  }
  return success();
}

} // namespace tfc
