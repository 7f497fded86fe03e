// If and Loop.
#include "tfc/Import/Common/Branches.h"
#include "tfc/Import/Common/Loops.h"
#include "tfc/Import/ONNX/OpRegistry.h"
#include "onnx.pb.h"

using namespace mlir;

namespace tfc {

//===----------------------------------------------------------------------===//
// If
//===----------------------------------------------------------------------===//

static LogicalResult importIf(NodeContext &c) {
  const onnx::GraphProto *branches[] = {c.graph("then_branch"), c.graph("else_branch")};
  if (!branches[0] || !branches[1])
    return c.error() << "has no then_branch or no else_branch";
  Value condition = scalarCondition(c, c.input(0));
  if (!condition)
    return failure();
  bool ranksDiffer = false;
  auto results = importBranches(
      c, condition,
      [&](int i) {
        auto values = c.inlineGraph(*branches[i], {});
        for (auto [k, value] : llvm::enumerate(succeeded(values) ? MutableArrayRef<Value>(*values) : MutableArrayRef<Value>()))
          if (!c.wantsOutput(k))
            value = {};
        return values;
      },
      &ranksDiffer);
  if (ranksDiffer)
    return c.fork(condition, *branches[0], *branches[1]);
  return failed(results) ? failure() : c.results(*results);
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
