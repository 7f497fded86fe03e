// Choices, loops and calls.
#include "GraphImporter.h"
#include "tfc/Import/Common/Loops.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace tfc::tf {

//===----------------------------------------------------------------------===//
// Choices
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::importChoice(const Choice &choice, Body &body) {
  const Entry *predicate = valueOf(choice.predicate, body);
  if (!predicate)
    return mlir::failure();
  NodeContext c(*this, body, body.graph[choice.predicate.node]);
  llvm::SaveAndRestore loc(b.loc, Location(NameLoc::get(StringAttr::get(context, c.name()))));
  if (depth >= kDeepest)
    return c.error() << "chooses between branches that lie " << kDeepest << " deep";
  llvm::SaveAndRestore deeper(depth, depth + 1);
  auto giveUp = [&] {
    for (const Choice::Join &join : choice.joins)
      body.scope->unusable.insert(join.merge);
    return success(failure != ImportFailure::Malformed);
  };
  if (predicate->isUnusable || !predicate->value)
    return giveUp();
  Value condition = scalarCondition(c, predicate->value);
  if (!condition)
    return giveUp();

  Scope *outer = body.scope;
  auto results = c.choose(condition, [&](int i) -> FailureOr<SmallVector<Entry>> {
    int side = 1 - i; // the first branch of dfg.if is the one of true
    Scope scope;
    scope.outer = outer;
    llvm::SaveAndRestore restore(body.scope, &scope);
    if (failed(walk(choice.branches[side], body)))
      return mlir::failure();
    SmallVector<Entry> entries;
    for (const Choice::Join &join : choice.joins) {
      const Entry *entry = valueOf(body.graph[join.merge].inputs[join.inputs[side]], body);
      if (!entry || entry->isUnusable)
        return mlir::failure();
      entries.push_back(*entry);
    }
    return entries;
  });
  if (failed(results)) {
    if (failure == ImportFailure::None)
      c.error() << "chooses between branches that cannot be imported";
    return giveUp();
  }
  Type i32 = b.builder.getI32Type();
  for (auto [join, entry] : llvm::zip_equal(choice.joins, *results)) {
    Value index = b.select(condition, b.scalar(i32, join.inputs[1]), b.scalar(i32, join.inputs[0]));
    outer->values[{join.merge, 0}] = entry;
    outer->values[{join.merge, 1}] = {index};
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::importLoop(const Loop &loop, Body &body) {
  NodeContext c(*this, body, body.graph[loop.loopCond]);
  llvm::SaveAndRestore loc(b.loc, Location(NameLoc::get(StringAttr::get(context, c.name()))));
  if (depth >= kDeepest)
    return c.error() << "is the condition of a loop that lies " << kDeepest << " deep";
  llvm::SaveAndRestore deeper(depth, depth + 1);
  Scope *outer = body.scope;
  auto giveUp = [&] {
    for (const Loop::Variable &variable : loop.variables)
      outer->unusable.insert(variable.merge);
    return success(failure != ImportFailure::Malformed);
  };
  bool usable = true;
  for (int enter : loop.invariants) {
    const Entry *entry = valueOf(body.graph[enter].inputs.front(), body);
    if (!entry)
      return mlir::failure();
    usable &= !entry->isUnusable;
    Entry copy = *entry;
    outer->values[{enter, 0}] = copy;
  }
  SmallVector<Entry> initial;
  for (const Loop::Variable &variable : loop.variables) {
    const Node &enter = body.graph[variable.enter];
    const Entry *entry = valueOf(enter.inputs.front(), body);
    if (!entry)
      return mlir::failure();
    usable &= !entry->isUnusable;
    initial.push_back(*entry);
    // What iterations pass on is a value, unless the loop is one over references.
    if (entry->isReference && enter.op() == "Enter")
      initial.back() = {c.read(*entry->resource)};
  }
  if (!usable)
    return giveUp();

  auto bind = [&](Scope &scope, ArrayRef<Entry> values) {
    for (auto [variable, value] : llvm::zip_equal(loop.variables, values))
      scope.values[{variable.merge, 0}] = value;
  };
  auto test = [&](ArrayRef<Entry> values) -> FailureOr<Value> {
    Scope scope;
    scope.outer = outer;
    bind(scope, values);
    llvm::SaveAndRestore restore(body.scope, &scope);
    if (failed(walk(loop.condition, body)))
      return mlir::failure();
    const Entry *entry = valueOf(body.graph[loop.loopCond].inputs.front(), body);
    if (!entry || entry->isUnusable || !entry->value)
      return mlir::failure();
    return entry->value;
  };
  auto next = [&](ArrayRef<Entry> values) -> FailureOr<SmallVector<Entry>> {
    Scope scope;
    scope.outer = outer;
    bind(scope, values);
    llvm::SaveAndRestore restore(body.scope, &scope);
    if (failed(walk(loop.body, body)))
      return mlir::failure();
    SmallVector<Entry> results;
    for (const Loop::Variable &variable : loop.variables) {
      const Entry *entry = valueOf(body.graph[variable.next].inputs.front(), body);
      if (!entry || entry->isUnusable)
        return mlir::failure();
      results.push_back(*entry);
      if (entry->isReference && body.graph[variable.next].op() == "NextIteration")
        results.back() = {c.read(*entry->resource)};
    }
    return results;
  };
  auto results = c.loop(initial, test, next);
  if (failed(results)) {
    if (failure == ImportFailure::None)
      c.error() << "is the condition of a loop that cannot be imported";
    return giveUp();
  }
  // Exits find the last values where the loop's merges are.
  bind(*outer, *results);
  return success();
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

const GraphImporter::PreparedFunction *GraphImporter::prepare(const tensorflow::FunctionDef &function) {
  PreparedFunction &result = prepared[&function];
  if (result.graph)
    return &result;
  auto graph = Graph::ofFunction(function, def.library(), [&](const Twine &what) { malformed() << what; });
  if (failed(graph))
    return nullptr;
  auto owned = std::make_unique<Graph>(std::move(*graph));
  llvm::DenseSet<Edge> arguments;
  for (int i = 0; i < owned->argumentCount; ++i)
    arguments.insert({i, 0});
  SmallVector<int> targets(owned->controlResults);
  auto order = scheduleOf(*owned, owned->results, targets, arguments);
  if (failed(order))
    return nullptr;
  result.schedule = std::move(*order);
  result.graph = std::move(owned);
  return &result;
}

FailureOr<SmallVector<Entry>> GraphImporter::call(const tensorflow::NameAttrList &callee, ArrayRef<Entry> arguments,
                                                  NodeContext &c) {
  const tensorflow::FunctionDef *function = findFunction(callee.name());
  if (!function)
    return c.error() << "calls function '" << callee.name() << "', which the graph does not have";
  if (depth >= kDeepest)
    return c.error() << "calls functions " << kDeepest << " deep, expected no recursion";
  const PreparedFunction *found = prepare(*function);
  if (!found)
    return mlir::failure();
  if (int(arguments.size()) != found->graph->argumentCount)
    return c.error() << "calls function '" << callee.name() << "' of " << found->graph->argumentCount
                     << " arguments with " << arguments.size();
  llvm::SaveAndRestore deeper(depth, depth + 1);
  llvm::SaveAndRestore inCall(isInCall, true);
  Scope scope;
  Body body{*found->graph, &scope, found->graph->results, &callee.attr()};
  for (auto [i, argument] : llvm::enumerate(arguments))
    scope.values[{int(i), 0}] = argument;
  if (failed(walk(found->schedule, body)))
    return mlir::failure();
  SmallVector<Entry> results;
  for (const Edge &edge : body.graph.results) {
    const Entry *entry = valueOf(edge, body);
    if (!entry || entry->isUnusable)
      return mlir::failure();
    results.push_back(*entry);
  }
  return results;
}

} // namespace tfc::tf
