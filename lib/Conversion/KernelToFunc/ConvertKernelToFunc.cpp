// Gives kernels memory instead of tensors, and the entry that the runtime calls.
#include "Kernel/Kernel.h"
#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"
#include "tfc/Conversion/KernelToFunc/KernelToFunc.h"
#include "tfc/Conversion/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_CONVERTKERNELTOFUNC
#include "tfc/Conversion/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {

Value emitMemRef(OpBuilder &builder, Location loc, Value pointer, MemRefType type, ValueRange dynamicSizes) {
  MLIRContext *context = builder.getContext();
  int64_t rank = type.getRank();
  Type i64 = builder.getI64Type(), pointerType = LLVM::LLVMPointerType::get(context);
  SmallVector<Type> fields{pointerType, pointerType, i64};
  if (rank > 0)
    fields.append(2, LLVM::LLVMArrayType::get(i64, rank));
  Value descriptor = LLVM::PoisonOp::create(builder, loc, LLVM::LLVMStructType::getLiteral(context, fields));
  auto insert = [&](Value value, ArrayRef<int64_t> position) {
    descriptor = LLVM::InsertValueOp::create(builder, loc, descriptor, value, position);
  };
  auto constant = [&](int64_t value) { return arith::ConstantIntOp::create(builder, loc, value, 64); };
  insert(pointer, 0);
  insert(pointer, 1);
  insert(constant(0), 2);
  SmallVector<Value> sizes;
  for (int64_t extent : type.getShape()) {
    if (!ShapedType::isDynamic(extent)) {
      sizes.push_back(constant(extent));
      continue;
    }
    sizes.push_back(arith::IndexCastOp::create(builder, loc, i64, dynamicSizes.front()));
    dynamicSizes = dynamicSizes.drop_front();
  }
  Value stride = constant(1);
  for (int64_t i = rank - 1; i >= 0; --i) {
    insert(sizes[i], {3, i});
    insert(stride, {4, i});
    if (i > 0)
      stride = arith::MulIOp::create(builder, loc, stride, sizes[i]);
  }
  return UnrealizedConversionCastOp::create(builder, loc, type, descriptor).getResult(0);
}

namespace {

MemRefType memRefOf(Type tensor) {
  auto type = cast<RankedTensorType>(tensor);
  return MemRefType::get(type.getShape(), storageElementType(type.getElementType()));
}

/// `void NAME(const uint64_t *block, int64_t begin, int64_t end)`.
void emitEntry(OpBuilder &builder, StringRef name, func::FuncOp body, ArrayRef<Type> words) {
  Location loc = body.getLoc();
  Type pointer = LLVM::LLVMPointerType::get(builder.getContext()), i64 = builder.getI64Type();
  auto entry = func::FuncOp::create(builder, loc, name,
                                    FunctionType::get(builder.getContext(), {pointer, i64, i64}, {}));
  entry.setPrivate();
  OpBuilder::InsertionGuard guard(builder);
  Block *block = entry.addEntryBlock();
  builder.setInsertionPointToStart(block);
  SmallVector<Value> arguments;
  for (auto [i, type] : llvm::enumerate(words)) {
    Value address = LLVM::GEPOp::create(builder, loc, pointer, i64, block->getArgument(0),
                                        ArrayRef<LLVM::GEPArg>{int32_t(i + 1)});
    Value word = LLVM::LoadOp::create(builder, loc, type == pointer ? pointer : i64, address);
    if (type != pointer)
      word = arith::IndexCastOp::create(builder, loc, type, word);
    arguments.push_back(word);
  }
  arguments.push_back(LLVM::LoadOp::create(builder, loc, pointer, block->getArgument(0))); // the fault word
  for (unsigned i : {1, 2})
    arguments.push_back(arith::IndexCastOp::create(builder, loc, builder.getIndexType(), block->getArgument(i)));
  func::CallOp::create(builder, loc, body, arguments);
  func::ReturnOp::create(builder, loc);
}

} // namespace

KernelFunction createKernelFunction(OpBuilder &builder, kernel::FuncOp kernel) {
  MLIRContext *context = kernel.getContext();
  Location loc = kernel.getLoc();
  Type pointer = LLVM::LLVMPointerType::get(context), index = builder.getIndexType();
  SmallVector<Type> words;
  for (Type input : kernel.getArgumentTypes())
    words.push_back(isa<RankedTensorType>(input) ? pointer : index);
  words.append(kernel.getResultTypes().size(), pointer);
  size_t pointers = words.size();
  SmallVector<Type> tensors(kernel.getArgumentTypes().begin(), kernel.getArgumentTypes().end());
  llvm::append_range(tensors, kernel.getResultTypes());
  for (Type type : tensors)
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      words.append(tensor.getNumDynamicDims(), index);

  SmallVector<Type> arguments(words.begin(), words.end());
  arguments.push_back(pointer); // the fault word
  arguments.append(2, index);   // the range of work units
  KernelFunction result;
  result.function = func::FuncOp::create(builder, loc, (kernel.getName() + "_body").str(),
                                         FunctionType::get(context, arguments, {}));
  result.function.setPrivate();
  for (StringRef name : {"kernel.grain", "kernel.split"})
    if (Attribute number = kernel->getAttr(name))
      result.function->setAttr(name, number);
  for (size_t i = 0; i < pointers; ++i)
    if (words[i] == pointer)
      result.function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
  emitEntry(builder, kernel.getName(), result.function, words);

  Block *entry = result.function.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  size_t nextDim = pointers;
  auto memRef = [&](size_t word, Type tensor) {
    MemRefType type = memRefOf(tensor);
    ValueRange sizes = entry->getArguments().slice(nextDim, type.getNumDynamicDims());
    nextDim += type.getNumDynamicDims();
    return emitMemRef(builder, loc, entry->getArgument(word), type, sizes);
  };
  for (auto [i, type] : llvm::enumerate(kernel.getArgumentTypes()))
    result.inputs.push_back(isa<RankedTensorType>(type) ? memRef(i, type) : Value(entry->getArgument(i)));
  for (auto [i, type] : llvm::enumerate(kernel.getResultTypes()))
    result.outputs.push_back(memRef(kernel.getNumArguments() + i, type));
  result.begin = entry->getArgument(words.size() + 1);
  result.end = entry->getArgument(words.size() + 2);
  return result;
}

namespace {

/// Moves the tensor code of a kernel into its function.
void moveBody(OpBuilder &builder, kernel::FuncOp kernel, const KernelFunction &target) {
  Location loc = kernel.getLoc();
  IRMapping mapping;
  for (auto [argument, input] : llvm::zip(kernel.getArguments(), target.inputs)) {
    Value value = input;
    if (kernel.getArgAttr(argument.getArgNumber(), "kernel.destination"))
      value = bufferization::ToTensorOp::create(builder, loc, argument.getType(), target.outputs[0], /*restrict=*/true,
                                                /*writable=*/true);
    else if (isa<RankedTensorType>(argument.getType()))
      value = bufferization::ToTensorOp::create(builder, loc, argument.getType(), input, /*restrict=*/true,
                                                /*writable=*/false);
    mapping.map(argument, value);
  }
  for (Operation &op : kernel.getBody().front()) {
    auto terminator = dyn_cast<kernel::ReturnOp>(op);
    if (!terminator) {
      builder.clone(op, mapping);
      continue;
    }
    for (auto [value, destination] : llvm::zip(terminator.getResults(), target.outputs))
      bufferization::MaterializeInDestinationOp::create(builder, loc, TypeRange(), mapping.lookup(value), destination,
                                                        /*restrict=*/true, /*writable=*/true);
  }
  func::ReturnOp::create(builder, loc);
}

struct ConvertKernelToFunc : impl::ConvertKernelToFuncBase<ConvertKernelToFunc> {
  void runOnOperation() override {
    OpBuilder builder(&getContext());
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<kernel::FuncOp>())) {
      // The entry takes the kernel's name.
      builder.setInsertionPointAfter(kernel);
      moveBody(builder, kernel, createKernelFunction(builder, kernel));
      kernel.erase();
    }
  }
};

} // namespace
} // namespace tfc
