// Verifiers of state and queues, and what their ops are in the runtime archive.
#include "Dfg/Declarations.h"
#include "Dfg/Dfg.h"

using namespace mlir;

namespace tfc::dfg {

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

LogicalResult VariableOp::verify() {
  // The value's extents are the declared ones.
  if (getValue() && getValue()->getType() != getType())
    return emitOpError() << "has value of type " << getValue()->getType() << ", expected " << getType();
  return success();
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

using Parameters = SmallVector<int64_t>;

LogicalResult ReadOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto variable = declarationOf<VariableOp>(*this, getVariableAttr(), symbols);
  if (!variable)
    return failure();
  if (!isDeclaredAs(getType(), variable.getType(), flowsInto))
    return emitOpError() << "reads " << getType() << " of a variable of " << variable.getType();
  return success();
}
/// Whether a variable keeps strings, which take another function than numbers.
static bool holdsStrings(Operation *op, FlatSymbolRefAttr symbol) {
  auto variable = SymbolTable::lookupNearestSymbolFrom<VariableOp>(op, symbol);
  return variable && isa<StringType>(cast<TensorType>(variable.getType()).getElementType());
}
StringRef ReadOp::getOperationSymbol() {
  return holdsStrings(*this, getVariableAttr()) ? "tfc_operation_variable_read_strings" : "tfc_operation_variable_read";
}
Parameters ReadOp::getOperationParameters() { return {numberOf<VariableOp>(*this, getVariable())}; }

LogicalResult AssignOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto variable = declarationOf<VariableOp>(*this, getVariableAttr(), symbols);
  if (!variable)
    return failure();
  // What run time tells of extents is checked then.
  auto joins = [](Type a, Type b) { return bool(joinTypes(a, b)); };
  if (!isDeclaredAs(getValue().getType(), variable.getType(), joins))
    return emitOpError() << "assigns " << getValue().getType() << " to a variable of " << variable.getType();
  return success();
}
StringRef AssignOp::getOperationSymbol() {
  return holdsStrings(*this, getVariableAttr()) ? "tfc_operation_variable_assign_strings"
                                                : "tfc_operation_variable_assign";
}
Parameters AssignOp::getOperationParameters() { return {numberOf<VariableOp>(*this, getVariable())}; }

LogicalResult HasValueOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(bool(declarationOf<VariableOp>(*this, getVariableAttr(), symbols)));
}
StringRef HasValueOp::getOperationSymbol() { return "tfc_operation_variable_has_value"; }
Parameters HasValueOp::getOperationParameters() { return {numberOf<VariableOp>(*this, getVariable())}; }

LogicalResult AcquireOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(bool(declarationOf<VariableOp>(*this, getVariableAttr(), symbols)));
}
StringRef AcquireOp::getOperationSymbol() { return "tfc_operation_variable_acquire"; }
Parameters AcquireOp::getOperationParameters() { return {numberOf<VariableOp>(*this, getVariable())}; }

LogicalResult ReleaseOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(bool(declarationOf<VariableOp>(*this, getVariableAttr(), symbols)));
}
StringRef ReleaseOp::getOperationSymbol() { return "tfc_operation_variable_release"; }
Parameters ReleaseOp::getOperationParameters() { return {numberOf<VariableOp>(*this, getVariable())}; }

//===----------------------------------------------------------------------===//
// Locals
//===----------------------------------------------------------------------===//

static LogicalResult verifyLocal(Operation *op, FlatSymbolRefAttr symbol, Type type, SymbolTableCollection &symbols) {
  auto local = declarationOf<LocalOp>(op, symbol, symbols);
  if (!local)
    return failure();
  if (type != local.getType())
    return op->emitOpError() << "has list " << type << ", expected the local's " << local.getType();
  return success();
}

LogicalResult TakeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyLocal(*this, getLocalAttr(), getType(), symbols);
}
StringRef TakeOp::getOperationSymbol() { return "tfc_operation_local_take"; }
Parameters TakeOp::getOperationParameters() { return {numberOf<LocalOp>(*this, getLocal())}; }

LogicalResult PeekOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyLocal(*this, getLocalAttr(), getType(), symbols);
}
StringRef PeekOp::getOperationSymbol() { return "tfc_operation_local_peek"; }
Parameters PeekOp::getOperationParameters() { return {numberOf<LocalOp>(*this, getLocal())}; }

LogicalResult PutOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyLocal(*this, getLocalAttr(), getList().getType(), symbols);
}
StringRef PutOp::getOperationSymbol() { return "tfc_operation_local_put"; }
Parameters PutOp::getOperationParameters() { return {numberOf<LocalOp>(*this, getLocal())}; }
Parameters PutOp::getConsumedOperands() { return {0}; }

//===----------------------------------------------------------------------===//
// Queues
//===----------------------------------------------------------------------===//

/// Refuses values that are not the components of a queue, `stacked` along a first axis.
static LogicalResult verifyComponents(Operation *op, FlatSymbolRefAttr symbol, TypeRange types, bool stacked,
                                      SymbolTableCollection &symbols) {
  auto queue = declarationOf<QueueOp>(op, symbol, symbols);
  if (!queue)
    return failure();
  if (queue.getComponents().size() != types.size())
    return op->emitOpError() << "has " << types.size() << " values, expected the queue's "
                             << queue.getComponents().size();
  for (auto [attribute, type] : llvm::zip_equal(queue.getComponents(), types)) {
    Type component = cast<TypeAttr>(attribute).getValue();
    auto given = cast<RankedTensorType>(type);
    auto ranked = dyn_cast<RankedTensorType>(component);
    auto same = [](Type a, Type b) { return a == b; };
    bool fits = isDeclaredAs(given.getElementType(), cast<TensorType>(component).getElementType(), same) &&
                (ranked ? given.getRank() == ranked.getRank() + stacked : given.getRank() >= stacked);
    if (!fits)
      return op->emitOpError() << "has " << given << (stacked ? " for many" : " for one") << " of " << component;
  }
  return success();
}

LogicalResult EnqueueOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyComponents(*this, getQueueAttr(), getValues().getTypes(), getMany(), symbols);
}
StringRef EnqueueOp::getOperationSymbol() {
  auto queue = SymbolTable::lookupNearestSymbolFrom<QueueOp>(*this, getQueueAttr());
  bool strings = queue && llvm::any_of(queue.getComponents().getAsValueRange<TypeAttr>(), [](Type component) {
    return isa<StringType>(cast<TensorType>(component).getElementType());
  });
  return strings ? "tfc_operation_enqueue_strings" : "tfc_operation_enqueue";
}
Parameters EnqueueOp::getOperationParameters() { return {numberOf<QueueOp>(*this, getQueue()), getMany()}; }

LogicalResult DequeueOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyComponents(*this, getQueueAttr(), getValues().getTypes(), bool(getCount()), symbols);
}
StringRef DequeueOp::getOperationSymbol() { return "tfc_operation_dequeue"; }
Parameters DequeueOp::getOperationParameters() { return {numberOf<QueueOp>(*this, getQueue()), getUpTo()}; }

LogicalResult QueueSizeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(bool(declarationOf<QueueOp>(*this, getQueueAttr(), symbols)));
}
StringRef QueueSizeOp::getOperationSymbol() { return "tfc_operation_queue_size"; }
Parameters QueueSizeOp::getOperationParameters() { return {numberOf<QueueOp>(*this, getQueue())}; }

LogicalResult QueueIsClosedOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(bool(declarationOf<QueueOp>(*this, getQueueAttr(), symbols)));
}
StringRef QueueIsClosedOp::getOperationSymbol() { return "tfc_operation_queue_is_closed"; }
Parameters QueueIsClosedOp::getOperationParameters() { return {numberOf<QueueOp>(*this, getQueue())}; }

LogicalResult QueueCloseOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(bool(declarationOf<QueueOp>(*this, getQueueAttr(), symbols)));
}
StringRef QueueCloseOp::getOperationSymbol() { return "tfc_operation_queue_close"; }
Parameters QueueCloseOp::getOperationParameters() { return {numberOf<QueueOp>(*this, getQueue()), getCancel()}; }

LogicalResult QueuePeekOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto queue = declarationOf<QueueOp>(*this, getQueueAttr(), symbols);
  if (queue && queue.getKind() != QueueKind::FIFO)
    return emitOpError() << "looks into queue " << getQueueAttr() << ", expected one of kind fifo";
  return verifyComponents(*this, getQueueAttr(), getValues().getTypes(), /*stacked=*/false, symbols);
}
StringRef QueuePeekOp::getOperationSymbol() { return "tfc_operation_queue_peek"; }
Parameters QueuePeekOp::getOperationParameters() { return {numberOf<QueueOp>(*this, getQueue())}; }

LogicalResult QueueClearOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(bool(declarationOf<QueueOp>(*this, getQueueAttr(), symbols)));
}
StringRef QueueClearOp::getOperationSymbol() { return "tfc_operation_queue_clear"; }
Parameters QueueClearOp::getOperationParameters() { return {numberOf<QueueOp>(*this, getQueue())}; }

LogicalResult QueueRunnerOp::verifySymbolUses(SymbolTableCollection &symbols) {
  SmallVector<FlatSymbolRefAttr> steps(getEnqueue().getAsRange<FlatSymbolRefAttr>());
  for (FlatSymbolRefAttr step : {getCloseAttr(), getCancelAttr()})
    if (step)
      steps.push_back(step);
  for (FlatSymbolRefAttr symbol : steps) {
    auto step = declarationOf<StepOp>(*this, symbol, symbols);
    if (!step)
      return failure();
    if (step.getNumArguments() || step.getNumResults())
      return emitOpError() << "runs " << symbol << ", which has inputs or outputs, expected none";
  }
  return success();
}

} // namespace tfc::dfg
