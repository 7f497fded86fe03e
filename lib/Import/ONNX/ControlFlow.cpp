// If and Loop.
#include "Loops.h"
#include "onnx.pb.h"

using namespace mlir;

namespace tfc {

//===----------------------------------------------------------------------===//
// If
//===----------------------------------------------------------------------===//

namespace {
/// What an output of both branches becomes.
struct Choice {
  Value outside; // the same either way, known without the branches
  Type type;     // otherwise: of a result of dfg.if
};
} // namespace

/// A value that both branches give and that is there without them; null if there is none.
static Value commonValue(GraphBuilder &b, dfg::IfOp op, Value x, Value y) {
  auto isOutside = [&](Value value) { return !op->isAncestor(value.getParentRegion()->getParentOp()); };
  if (x == y && isOutside(x))
    return x;
  auto known = b.knownContent(x), other = b.knownContent(y);
  if (!known || !other || *known != *other || x.getType() != y.getType() ||
      !llvm::all_of(*known, [&](AffineExpr expr) { return b.scope.isDefinedOutside(expr, op); }))
    return {};
  return b.fromContent(*known, b.shape(x), b.elementType(x));
}

static LogicalResult importIf(NodeContext &c) {
  GraphBuilder &b = c.b;
  const onnx::GraphProto *branches[] = {c.graph("then_branch"), c.graph("else_branch")};
  if (!branches[0] || !branches[1])
    return c.error() << "has no then_branch or no else_branch";
  Value condition = scalarCondition(c, c.input(0));
  if (!condition)
    return failure();
  auto known = b.knownContent(condition);
  if (auto constant = known ? b.number(known->front()) : std::nullopt) {
    auto values = c.inlineGraph(*branches[*constant ? 0 : 1], {});
    return failed(values) ? failure() : c.results(*values);
  }

  auto probe = dfg::IfOp::create(b.builder, b.loc, TypeRange(), condition);
  SmallVector<Value> values[2];
  for (int i : {0, 1}) {
    OpBuilder::InsertionGuard guard(b.builder);
    b.builder.createBlock(&probe->getRegion(i));
    auto imported = c.inlineGraph(*branches[i], {});
    if (failed(imported))
      return failure();
    values[i] = std::move(*imported);
  }
  if (values[0].size() != values[1].size())
    return c.error() << "has branches that give " << values[0].size() << " and " << values[1].size() << " values";

  b.builder.setInsertionPoint(probe);
  SmallVector<Choice> choices;
  SmallVector<Type> types;
  for (auto [k, x, y] : llvm::enumerate(values[0], values[1])) {
    Choice choice{c.wantsOutput(k) ? commonValue(b, probe, x, y) : x, {}};
    if (!choice.outside) {
      choice.type = dfg::joinTypes(x.getType(), y.getType());
      if (!choice.type && b.elementType(x) == b.elementType(y) && isa<RankedTensorType>(x.getType()) &&
          isa<RankedTensorType>(y.getType())) {
        b.builder.setInsertionPointAfter(probe);
        b.discard(probe);
        return c.fork(condition, *branches[0], *branches[1]);
      }
      if (!choice.type)
        return c.error() << "has branches that give " << x.getType() << " and " << y.getType() << " as output " << k;
      types.push_back(choice.type);
    }
    choices.push_back(choice);
  }
  for (int i : {0, 1}) {
    OpBuilder::InsertionGuard guard(b.builder);
    b.builder.setInsertionPointToEnd(&probe->getRegion(i).front());
    SmallVector<Value> yielded;
    for (auto [choice, value] : llvm::zip_equal(choices, values[i]))
      if (!choice.outside)
        yielded.push_back(coerce(b, value, choice.type));
    dfg::YieldOp::create(b.builder, b.loc, yielded);
  }
  auto op = dfg::IfOp::create(b.builder, b.loc, types, condition);
  op.getThenRegion().takeBody(probe.getThenRegion());
  op.getElseRegion().takeBody(probe.getElseRegion());
  probe.erase();
  b.builder.setInsertionPointAfter(op);
  SmallVector<Value> results;
  ValueRange chosen = op.getOutputs();
  for (const Choice &choice : choices) {
    results.push_back(choice.outside ? choice.outside : chosen.front());
    if (!choice.outside)
      chosen = chosen.drop_front();
  }
  return c.results(results);
}

//===----------------------------------------------------------------------===//
// Loop
//===----------------------------------------------------------------------===//

static LogicalResult importLoopOp(NodeContext &c) {
  GraphBuilder &b = c.b;
  const onnx::GraphProto *body = c.graph("body");
  if (!body)
    return c.error() << "has no body";
  LoopSource source;
  if (c.hasInput(0)) {
    auto count = c.content(0);
    if (failed(count))
      return failure();
    if (count->size() != 1)
      return c.error() << "has a trip count of " << count->size() << " numbers, expected one";
    source.tripCount = count->front();
  }
  if (c.hasInput(1) && !(source.condition = scalarCondition(c, c.input(1))))
    return failure();
  for (Value value : c.allInputs().drop_front(std::min<size_t>(2, c.inputCount()))) {
    if (!value)
      return c.error() << "leaves a loop-carried value out";
    source.initial.push_back(value);
  }
  // Iteration number and condition are vectors in some models, which declare them so.
  auto shaped = [&](Value scalar, int input) {
    bool isVector = input < body->input_size() && body->input(input).type().tensor_type().shape().dim_size() == 1;
    return isVector ? b.unsqueeze(scalar, {0}) : scalar;
  };
  source.body = [&](AffineExpr i, Value condition, ValueRange values) -> FailureOr<LoopIteration> {
    SmallVector<Value> arguments = {shaped(b.fromContent(i, {}, b.builder.getI64Type()), 0), shaped(condition, 1)};
    llvm::append_range(arguments, values);
    auto results = c.inlineGraph(*body, arguments);
    if (failed(results))
      return failure();
    if (results->size() < 1 + values.size())
      return c.error() << "has a body of " << results->size() << " outputs, expected at least " << 1 + values.size();
    LoopIteration iteration;
    iteration.condition = scalarCondition(c, results->front());
    if (!iteration.condition)
      return failure();
    ArrayRef<Value> rest = ArrayRef(*results).drop_front();
    iteration.next.assign(rest.begin(), rest.begin() + values.size());
    for (Value value : rest.drop_front(values.size())) {
      if (!isa<RankedTensorType>(value.getType()))
        return c.error() << "has a scan output of " << value.getType() << ", expected a tensor";
      iteration.collected.push_back(value);
    }
    return iteration;
  };
  auto results = importLoop(c, source);
  if (failed(results))
    return failure();
  llvm::append_range(results->values, results->stacked);
  return c.results(results->values);
}

void registerControlFlowOps(OpRegistry &ops) {
  ops.add("If", importIf);
  ops.add("Loop", importLoopOp);
}

} // namespace tfc
