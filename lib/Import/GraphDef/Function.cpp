// Calls of functions, and control flow whose branches and bodies are functions.
#include "OpRegistry.h"
#include "TensorData.h"

using namespace mlir;

namespace tfc::tf {

static LogicalResult importCall(NodeContext &c) {
  auto results = c.call("f", c.allEntries());
  return failed(results) ? failure() : c.results(*results);
}

/// A condition as TensorFlow takes it: a boolean, a number that is not 0, or a tensor with
/// elements.
static Value conditionOf(NodeContext &c, const Entry &entry) {
  GraphBuilder &b = c.b;
  Value value = entry.value;
  if (!value || !isa<RankedTensorType>(value.getType())) {
    c.unsupported() << "has a condition that is no number";
    return {};
  }
  if (b.rank(value) > 0)
    return b.fromContent(b.compare(dfg::CompareKind::GT, b.count(value), b.expr(0)), {}, b.builder.getI1Type());
  if (!b.elementType(value).isInteger(1))
    value = b.compare(dfg::CompareKind::NE, value, b.scalarLike(value, 0));
  return value;
}

static LogicalResult importIf(NodeContext &c) {
  if (c.inputCount() == 0)
    return c.error() << "has no condition";
  Value condition = conditionOf(c, c.entry(0));
  if (!condition)
    return failure();
  auto results = c.choose(
      condition, [&](int i) { return c.call(i == 0 ? "then_branch" : "else_branch", c.allEntries().drop_front()); });
  return failed(results) ? failure() : c.results(*results);
}

/// Branches from number `first` on; an index out of range runs the last.
static FailureOr<SmallVector<Entry>> importCases(NodeContext &c, int first, int count) {
  auto arguments = c.allEntries().drop_front();
  if (first + 1 == count)
    return c.callListed("branches", first, arguments);
  GraphBuilder &b = c.b;
  Value isThis = b.compare(dfg::CompareKind::EQ, c.input(0), b.scalarLike(c.input(0), first));
  if (!isThis)
    return failure();
  return c.choose(isThis, [&](int i) {
    return i == 0 ? c.callListed("branches", first, arguments) : importCases(c, first + 1, count);
  });
}

static LogicalResult importCase(NodeContext &c) {
  const auto *branches = c.attribute("branches");
  if (!branches || branches->list().func_size() == 0 || failed(c.requireRank(0, 0, 0)))
    return c.error() << "has no branches";
  auto results = importCases(c, 0, branches->list().func_size());
  return failed(results) ? failure() : c.results(*results);
}

static LogicalResult importWhile(NodeContext &c) {
  auto test = [&](ArrayRef<Entry> values) -> FailureOr<Value> {
    auto results = c.call("cond", values);
    if (failed(results))
      return failure();
    if (results->size() != 1)
      return c.error() << "has a condition of " << results->size() << " results, expected one";
    Value condition = conditionOf(c, results->front());
    if (!condition)
      return failure();
    return condition;
  };
  auto results = c.loop(c.allEntries(), test, [&](ArrayRef<Entry> values) { return c.call("body", values); });
  return failed(results) ? failure() : c.results(*results);
}

static LogicalResult importSymbolicGradient(NodeContext &c) {
  auto results = c.differentiate("f");
  return failed(results) ? failure() : c.results(*results);
}

void registerFunctionOps(OpRegistry &ops) {
  for (StringRef name : {"PartitionedCall", "StatefulPartitionedCall"})
    ops.add(name, importCall).effect();
  for (StringRef name : {"If", "StatelessIf"})
    ops.add(name, importIf).effect();
  for (StringRef name : {"Case", "StatelessCase"})
    ops.add(name, importCase).effect();
  ops.add("SymbolicGradient", importSymbolicGradient).effect();
  for (StringRef name : {"While", "StatelessWhile"})
    ops.add(name, importWhile).effect();
}

} // namespace tfc::tf
