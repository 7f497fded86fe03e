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

/// Refuses names of an edge and its dimensions that do not fit the value's type.
static LogicalResult verifyEdge(StepOp step, const Twine &what, Type type, DictionaryAttr attributes) {
  if (!attributes)
    return success();
  if (Attribute edge = attributes.get("dfg.edge"); edge && !isa<StringAttr>(edge))
    return step.emitOpError() << what << " has dfg.edge " << edge << ", expected a string";
  Attribute dims = attributes.get("dfg.dims");
  if (!dims)
    return success();
  auto names = dyn_cast<ArrayAttr>(dims);
  auto tensor = dyn_cast<RankedTensorType>(type);
  bool fits = names && tensor && int64_t(names.size()) == tensor.getRank() &&
              llvm::all_of(names, llvm::IsaPred<StringAttr, IntegerAttr>);
  if (!fits)
    return step.emitOpError() << what << " of type " << type << " has dfg.dims " << dims
                              << ", expected a name or extent per dimension";
  return success();
}

LogicalResult StepOp::verify() {
  for (auto [i, type] : llvm::enumerate(getArgumentTypes()))
    if (failed(verifyEdge(*this, "argument " + Twine(i), type, getArgAttrDict(i))))
      return failure();
  for (auto [i, type] : llvm::enumerate(getResultTypes()))
    if (failed(verifyEdge(*this, "result " + Twine(i), type, getResultAttrDict(i))))
      return failure();
  return success();
}

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

LogicalResult verifyReturn(Operation *op, ValueRange values) {
  ArrayRef<Type> expected = cast<FunctionOpInterface>(op->getParentOp()).getResultTypes();
  if (values.size() != expected.size())
    return op->emitOpError() << "gives " << values.size() << " values, expected " << expected.size();
  for (auto [i, value] : llvm::enumerate(values))
    if (!flowsInto(value.getType(), expected[i]))
      return op->emitOpError() << "gives " << value.getType() << " as value " << i << ", expected " << expected[i];
  return success();
}

LogicalResult ReturnOp::verify() { return verifyReturn(*this, getResults()); }

//===----------------------------------------------------------------------===//
// Structured control flow
//===----------------------------------------------------------------------===//

static LogicalResult verifyCondition(Operation *op, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.getElementType().isInteger(1) || !tensor.hasStaticShape() || tensor.getNumElements() != 1)
    return op->emitOpError() << "has condition of type " << type << ", expected one boolean";
  return success();
}

LogicalResult AssertOp::verify() { return verifyCondition(*this, getCondition().getType()); }

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
  if (failed(verifyCondition(*this, getCondition().getType())) ||
      failed(verifyYields(*this, getThenRegion(), getResultTypes(), "then branch")) ||
      failed(verifyYields(*this, getElseRegion(), getResultTypes(), "else branch")))
    return failure();
  return success();
}

LogicalResult TasksOp::verify() {
  ArrayRef<int64_t> pairs = getDependencies();
  int64_t count = getTasks().size();
  if (pairs.size() % 2)
    return emitOpError() << "has " << pairs.size() << " numbers of dependencies, expected pairs";
  for (size_t i = 0; i < pairs.size(); i += 2)
    // In order, so that there is no circle.
    if (pairs[i] < 0 || pairs[i] >= pairs[i + 1] || pairs[i + 1] >= count)
      return emitOpError() << "has task " << pairs[i + 1] << " depend on " << pairs[i] << ", expected an earlier one of "
                           << count;
  for (Region &task : getTasks())
    if (task.front().getTerminator()->getNumOperands())
      return emitOpError() << "has a task that yields values, expected none";
  return success();
}

LogicalResult CaseOp::verify() {
  if (getBranches().empty())
    return emitOpError() << "has no branch, expected at least one";
  RankedTensorType index = tensorType(getIndex());
  if (!index.getElementType().isInteger() || !index.hasStaticShape() || index.getNumElements() != 1)
    return emitOpError() << "has index of type " << index << ", expected one integer";
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
  if (failed(verifyCondition(*this, yield.getResults()[0].getType())))
    return failure();
  return verifyYields(*this, getBody(), getResultTypes(), "body");
}

} // namespace tfc::dfg
