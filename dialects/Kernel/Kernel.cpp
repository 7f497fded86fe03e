// Registration, syntax and verifiers of the kernel dialect.
#include "Kernel/Kernel.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;

#include "Kernel/KernelDialect.cpp.inc"
#include "Kernel/KernelInterfaces.cpp.inc"

namespace tfc::kernel {

void KernelDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "Kernel/KernelOps.cpp.inc"
      >();
}

void FuncOp::build(OpBuilder &builder, OperationState &state, StringRef name, FunctionType type) {
  state.addAttribute(SymbolTable::getSymbolAttrName(), builder.getStringAttr(name));
  state.addAttribute(getFunctionTypeAttrName(state.name), TypeAttr::get(type));
  Block *block = new Block;
  state.addRegion()->push_back(block);
  for (Type input : type.getInputs())
    block->addArgument(input, state.location);
}

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) {
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false, getFunctionTypeAttrName(result.name),
      [](Builder &builder, ArrayRef<Type> inputs, ArrayRef<Type> outputs, function_interface_impl::VariadicFlag,
         std::string &) { return builder.getFunctionType(inputs, outputs); },
      getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void FuncOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, /*isVariadic=*/false, getFunctionTypeAttrName(),
                                           getArgAttrsAttrName(), getResAttrsAttrName());
}

LogicalResult ReturnOp::verify() { return dfg::verifyReturn(*this, getResults()); }

static LogicalResult verifySizes(Operation *op, ValueRange sizes, Value tensor) {
  RankedTensorType type = dfg::tensorType(tensor);
  if (int64_t(sizes.size()) != type.getNumDynamicDims())
    return op->emitOpError() << "has " << sizes.size() << " sizes for " << type << ", expected "
                             << type.getNumDynamicDims();
  return success();
}

LogicalResult EmptyOp::verify() { return verifySizes(*this, getSizes(), getTensor()); }

LogicalResult OperationOp::verify() {
  for (int64_t i : getConsumed())
    if (i < 0 || i >= int64_t(getInputs().size()) || isa<TensorType, IndexType>(getInputs()[i].getType()))
      return emitOpError() << "consumes operand " << i << ", expected a list or optional";
  return success();
}

LogicalResult ViewOp::verify() {
  RankedTensorType from = dfg::tensorType(getSource()), to = dfg::tensorType(getResult());
  bool isKnown = from.hasStaticShape() && to.hasStaticShape();
  bool fits = !isKnown || (getOffset() ? to.getNumElements() <= from.getNumElements()
                                       : to.getNumElements() == from.getNumElements());
  if (from.getElementType() != to.getElementType() || !fits)
    return emitOpError() << "shows " << from << " as " << to << ", expected elements that it holds";
  return verifySizes(*this, getSizes(), getResult());
}

LogicalResult IndexTensorOp::verify() {
  RankedTensorType type = dfg::tensorType(getDestination());
  if (!type.getElementType().isInteger() || !type.hasStaticShape() ||
      type.getNumElements() != int64_t(getValues().size()))
    return emitOpError() << "writes " << getValues().size() << " values to " << type
                         << ", expected as many integers";
  return success();
}

LogicalResult ItemOp::verify() { return dfg::verifyItem(*this, getTensor(), getPosition()); }

Operation *memoryOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isa<EmptyOp, OperationOp>(op))
      return op;
    if (auto view = dyn_cast<ViewOp>(op); view && !view.getOffset())
      value = view.getSource();
    else if (auto dispatch = dyn_cast<DispatchOp>(op))
      value = dispatch.getDestinations()[cast<OpResult>(value).getResultNumber()];
    else
      break;
  }
  return nullptr;
}

int64_t slotCount(dfg::StepOp step) {
  int64_t count = 0;
  step.walk([&](EmptyOp op) {
    if (auto slot = op->getAttrOfType<IntegerAttr>("kernel.slot"))
      count = std::max(count, slot.getInt() + 1);
  });
  return count;
}

LogicalResult DispatchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError() << "runs " << getKernelAttr() << ", expected a kernel of this module";
  if (!isa<FuncOp>(*kernel))
    return success(); // Code has been generated; its types are memory by now.
  if (kernel.getArgumentTypes().size() != getInputs().size() || kernel.getResultTypes().size() != getOutputs().size())
    return emitOpError() << "runs " << getKernelAttr() << " with " << getInputs().size() << " inputs and "
                         << getOutputs().size() << " outputs, expected " << kernel.getArgumentTypes().size() << " and "
                         << kernel.getResultTypes().size();
  return success();
}

} // namespace tfc::kernel

#define GET_OP_CLASSES
#include "Kernel/KernelOps.cpp.inc"
