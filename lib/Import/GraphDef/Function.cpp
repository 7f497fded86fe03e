// Calls of functions, and control flow whose branches and bodies are functions.
#include "OpRegistry.h"
#include "TensorData.h"
#include "tfc/Import/Common/Branches.h"
#include "tfc/Import/Common/Loops.h"

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

/// Results of branches that `emit` imports, resources among them.
static FailureOr<SmallVector<Entry>> chooseEntries(NodeContext &c, Value condition,
                                                   llvm::function_ref<FailureOr<SmallVector<Entry>>(int)> emit) {
  SmallVector<Entry> entries[2];
  auto values = importBranches(c, condition, [&](int i) -> FailureOr<SmallVector<Value>> {
    auto results = emit(i);
    if (failed(results))
      return failure();
    entries[i] = *results;
    SmallVector<Value> tensors;
    for (const Entry &entry : *results)
      tensors.push_back(entry.value);
    return tensors;
  });
  if (failed(values))
    return failure();
  SmallVector<Entry> results;
  for (auto [k, value] : llvm::enumerate(*values)) {
    Entry entry{value};
    if (!value) {
      entry = entries[entries[0].empty() ? 1 : 0][k];
      const Entry &other = entries[entries[1].empty() ? 0 : 1][k];
      if (entry.resource != other.resource || entry.strings != other.strings)
        return c.unsupported() << "chooses between two resources, expected one";
    }
    results.push_back(entry);
  }
  return results;
}

static LogicalResult importIf(NodeContext &c) {
  if (c.inputCount() == 0)
    return c.error() << "has no condition";
  Value condition = conditionOf(c, c.entry(0));
  if (!condition)
    return failure();
  auto results = chooseEntries(
      c, condition, [&](int i) { return c.call(i == 0 ? "then_branch" : "else_branch", c.allEntries().drop_front()); });
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
  return chooseEntries(c, isThis, [&](int i) {
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
  SmallVector<Entry> initial(c.allEntries());
  LoopSource source;
  for (const Entry &entry : initial)
    if (entry.value)
      source.initial.push_back(entry.value);
  auto bind = [&](ValueRange values) {
    SmallVector<Entry> arguments = initial;
    for (Entry &entry : arguments)
      if (entry.value) {
        entry.value = values.front();
        values = values.drop_front();
      }
    return arguments;
  };
  source.test = [&](ValueRange values) -> FailureOr<Value> {
    auto results = c.call("cond", bind(values));
    if (failed(results))
      return failure();
    if (results->size() != 1)
      return c.error() << "has a condition of " << results->size() << " results, expected one";
    Value condition = conditionOf(c, results->front());
    if (!condition)
      return failure();
    return condition;
  };
  source.body = [&](AffineExpr, Value, ValueRange values) -> FailureOr<LoopIteration> {
    auto results = c.call("body", bind(values));
    if (failed(results))
      return failure();
    if (results->size() != initial.size())
      return c.error() << "has a body of " << results->size() << " results, expected " << initial.size();
    LoopIteration iteration;
    for (auto [entry, next] : llvm::zip_equal(initial, *results)) {
      if (bool(entry.value) != bool(next.value) || entry.resource != next.resource)
        return c.unsupported() << "has a loop that changes which resource a variable stands for";
      if (next.value)
        iteration.next.push_back(next.value);
    }
    return iteration;
  };
  auto results = importLoop(c, source);
  return failed(results) ? failure() : c.results(bind(results->values));
}

void registerFunctionOps(OpRegistry &ops) {
  for (StringRef name : {"PartitionedCall", "StatefulPartitionedCall"})
    ops.add(name, importCall).effect();
  for (StringRef name : {"If", "StatelessIf"})
    ops.add(name, importIf).effect();
  for (StringRef name : {"Case", "StatelessCase"})
    ops.add(name, importCase).effect();
  for (StringRef name : {"While", "StatelessWhile"})
    ops.add(name, importWhile).effect();
}

} // namespace tfc::tf
