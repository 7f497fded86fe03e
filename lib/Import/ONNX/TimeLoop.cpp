// Loops over the steps of a sequence: unrolled or as a `dfg.while`.
#include "TimeLoop.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

// Enough to spare short sequences the loop, few enough to keep code small.
constexpr int64_t kMostUnrolled = 8;

Value partAt(GraphBuilder &b, Value x, AffineExpr index) {
  return b.squeeze(b.sliceAxis(x, 0, index, b.expr(1)), int64_t(0));
}

static SmallVector<Value> unroll(GraphBuilder &b, TimeLoop &loop, int64_t count, TimeLoop::Body body) {
  SmallVector<SmallVector<Value>> steps(loop.collected.size(), SmallVector<Value>(count));
  for (int64_t i = 0; i < count; ++i) {
    int64_t time = loop.isReversed ? count - 1 - i : i;
    for (auto [step, value] : llvm::zip_equal(steps, body(b.expr(time), loop.states)))
      step[time] = b.unsqueeze(value, int64_t(0));
  }
  SmallVector<Value> results;
  for (ArrayRef<Value> step : steps)
    results.push_back(b.concat(step, 0));
  return results;
}

/// The loop variables are a counter, the states and the collected tensors.
static SmallVector<Value> buildWhile(GraphBuilder &b, TimeLoop &loop, TimeLoop::Body body) {
  OpBuilder::InsertionGuard guard(b.builder);
  Type i64 = b.builder.getI64Type();
  Value limit = b.fromContent(loop.count, {}, i64), one = b.scalar(i64, 1);
  SmallVector<Value> initial{b.scalar(i64, 0)};
  SmallVector<Dims> sizes{{}};
  for (Value state : loop.states) {
    initial.push_back(state);
    sizes.push_back(b.dims(state));
  }
  for (TimeLoop::Collected &collected : loop.collected) {
    sizes.push_back(collected.sizes);
    sizes.back().insert(sizes.back().begin(), loop.count);
    initial.push_back(b.filled(collected.elementType, sizes.back(), 0));
  }
  SmallVector<Type> types = llvm::to_vector(ValueRange(initial).getTypes());
  SmallVector<Location> locations(types.size(), b.loc);
  auto op = dfg::WhileOp::create(b.builder, b.loc, types, initial);

  Block *condition = b.builder.createBlock(&op.getCondition(), {}, types, locations);
  Value goesOn = b.compare(dfg::CompareKind::LT, condition->getArgument(0), limit);
  dfg::YieldOp::create(b.builder, b.loc, goesOn);

  // Extents that only run time tells are the same in every iteration: reshapes say so.
  Block *block = b.builder.createBlock(&op.getBody(), {}, types, locations);
  SmallVector<Value> variables;
  for (auto [argument, size] : llvm::zip_equal(block->getArguments(), sizes))
    variables.push_back(b.reshape(argument, size));
  Value counter = variables[0];
  AffineExpr time = b.scope.index(Value(dfg::ItemOp::create(b.builder, b.loc, b.builder.getIndexType(), counter,
                                                            ArrayRef<int64_t>())));
  if (loop.isReversed)
    time = b.scope.sub(b.scope.sub(loop.count, b.expr(1)), time);
  MutableArrayRef<Value> states = MutableArrayRef(variables).slice(1, loop.states.size());
  MutableArrayRef<Value> collected = MutableArrayRef(variables).drop_front(1 + states.size());
  for (auto [whole, step] : llvm::zip_equal(collected, body(time, states))) {
    Dims offsets(b.rank(whole), b.expr(0));
    offsets[0] = time;
    whole = b.updateSlice(whole, b.unsqueeze(step, int64_t(0)), offsets);
  }
  variables[0] = b.create<dfg::AddOp>(counter, one);
  bool isBroken = llvm::is_contained(variables, Value());
  for (auto [variable, argument, size] : llvm::zip_equal(variables, block->getArguments(), sizes))
    variable = isBroken ? Value(argument) : b.reshape(variable, size);
  dfg::YieldOp::create(b.builder, b.loc, variables);

  b.builder.setInsertionPointAfter(op);
  SmallVector<Value> results;
  for (auto [result, size] : llvm::zip_equal(op.getOutputs(), sizes))
    results.push_back(isBroken ? Value() : b.reshape(result, size));
  llvm::copy(ArrayRef(results).slice(1, states.size()), loop.states.begin());
  return SmallVector<Value>(ArrayRef(results).drop_front(1 + states.size()));
}

SmallVector<Value> TimeLoop::build(GraphBuilder &b, Body body) {
  if (llvm::is_contained(states, Value()) || !count)
    return SmallVector<Value>(collected.size());
  if (auto steps = b.number(count); steps && *steps > 0 && *steps <= kMostUnrolled)
    return unroll(b, *this, *steps, body);
  return buildWhile(b, *this, body);
}

} // namespace tfc
