// Syntax and verifiers of graphs, steps and structured control flow.
#include "Dfg/Dfg.h"

#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;

namespace tfc::dfg {

//===----------------------------------------------------------------------===//
// Steps and functions
//===----------------------------------------------------------------------===//

template <class Op> static void buildFunction(OpBuilder &builder, OperationState &state, StringRef name, FunctionType type) {
  state.addAttribute(SymbolTable::getSymbolAttrName(), builder.getStringAttr(name));
  state.addAttribute(Op::getFunctionTypeAttrName(state.name), TypeAttr::get(type));
  Block *block = new Block;
  state.addRegion()->push_back(block);
  for (Type input : type.getInputs())
    block->addArgument(input, state.location);
}

template <class Op> static ParseResult parseFunction(OpAsmParser &parser, OperationState &result) {
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false, Op::getFunctionTypeAttrName(result.name),
      [](Builder &builder, ArrayRef<Type> inputs, ArrayRef<Type> outputs, function_interface_impl::VariadicFlag,
         std::string &) { return builder.getFunctionType(inputs, outputs); },
      Op::getArgAttrsAttrName(result.name), Op::getResAttrsAttrName(result.name));
}

template <class Op> static void printFunction(Op op, OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, op, /*isVariadic=*/false, op.getFunctionTypeAttrName(),
                                           op.getArgAttrsAttrName(), op.getResAttrsAttrName());
}

void StepOp::build(OpBuilder &builder, OperationState &state, StringRef name, FunctionType type) {
  buildFunction<StepOp>(builder, state, name, type);
}
ParseResult StepOp::parse(OpAsmParser &parser, OperationState &result) { return parseFunction<StepOp>(parser, result); }
void StepOp::print(OpAsmPrinter &printer) { printFunction(*this, printer); }

void FuncOp::build(OpBuilder &builder, OperationState &state, StringRef name, FunctionType type) {
  buildFunction<FuncOp>(builder, state, name, type);
}
ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) { return parseFunction<FuncOp>(parser, result); }
void FuncOp::print(OpAsmPrinter &printer) { printFunction(*this, printer); }

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<FuncOp>(*this, getCalleeAttr());
  if (!callee)
    return emitOpError() << "calls " << getCalleeAttr() << ", expected a dfg.func of this graph";
  if (TypeRange(callee.getFunctionType().getInputs()) != TypeRange(getInputs().getTypes()) ||
      TypeRange(callee.getFunctionType().getResults()) != TypeRange(getOutputs().getTypes()))
    return emitOpError() << "calls " << getCalleeAttr() << " with other types than " << callee.getFunctionType();
  return success();
}

//===----------------------------------------------------------------------===//
// Structured control flow
//===----------------------------------------------------------------------===//

static LogicalResult verifyYields(Operation *op, Region &region, TypeRange expected, StringRef what) {
  auto yield = dyn_cast<YieldOp>(region.front().getTerminator());
  if (!yield || yield.getResults().size() != expected.size())
    return op->emitOpError() << what << " yields " << (yield ? yield.getResults().size() : 0) << " values, expected "
                             << expected.size();
  for (auto [i, pair] : llvm::enumerate(llvm::zip(yield.getResults().getTypes(), expected)))
    if (!flowsInto(std::get<0>(pair), std::get<1>(pair)))
      return op->emitOpError() << what << " yields " << std::get<0>(pair) << " as value " << i << ", expected "
                               << std::get<1>(pair);
  return success();
}

LogicalResult IfOp::verify() {
  if (failed(verifyYields(*this, getThenRegion(), getResultTypes(), "then branch")) ||
      failed(verifyYields(*this, getElseRegion(), getResultTypes(), "else branch")))
    return failure();
  return success();
}

LogicalResult CaseOp::verify() {
  if (getBranches().empty())
    return emitOpError() << "has no branch, expected at least one";
  for (Region &branch : getBranches())
    if (failed(verifyYields(*this, branch, getResultTypes(), "branch")))
      return failure();
  return success();
}

LogicalResult WhileOp::verify() {
  if (getInputs().size() != getOutputs().size())
    return emitOpError() << "has " << getOutputs().size() << " results, expected one per operand";
  for (auto [i, pair] : llvm::enumerate(llvm::zip(getInputs().getTypes(), getResultTypes())))
    if (!flowsInto(std::get<0>(pair), std::get<1>(pair)))
      return emitOpError() << "has operand " << i << " of type " << std::get<0>(pair) << ", expected "
                           << std::get<1>(pair);
  for (Region *region : {&getCondition(), &getBody()})
    if (TypeRange(region->getArgumentTypes()) != TypeRange(getResultTypes()))
      return emitOpError() << "has regions whose arguments differ from the results";
  auto yield = dyn_cast<YieldOp>(getCondition().front().getTerminator());
  if (!yield || yield.getResults().size() != 1)
    return emitOpError() << "has a condition that yields no single value";
  return verifyYields(*this, getBody(), getResultTypes(), "body");
}

} // namespace tfc::dfg
