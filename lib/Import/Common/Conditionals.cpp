// Finds the types of choices and builds dfg.if.
#include "tfc/Import/Common/Branches.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc {

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

FailureOr<SmallVector<Value>> importBranches(OpContext &c, Value condition,
                                             llvm::function_ref<FailureOr<SmallVector<Value>>(int)> emit,
                                             bool *ranksDiffer) {
  GraphBuilder &b = c.b;
  auto known = b.knownContent(condition);
  if (auto constant = known ? b.number(known->front()) : std::nullopt)
    return emit(*constant ? 0 : 1);

  auto probe = dfg::IfOp::create(b.builder, b.loc, TypeRange(), condition);
  SmallVector<Value> values[2];
  for (int i : {0, 1}) {
    OpBuilder::InsertionGuard guard(b.builder);
    b.builder.createBlock(&probe->getRegion(i));
    auto imported = emit(i);
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
    if (!x || !y) {
      choices.push_back({});
      continue;
    }
    Choice choice{commonValue(b, probe, x, y), {}};
    if (!choice.outside) {
      choice.type = dfg::joinTypes(x.getType(), y.getType());
      if (!choice.type && ranksDiffer && b.elementType(x) == b.elementType(y) && isa<RankedTensorType>(x.getType()) &&
          isa<RankedTensorType>(y.getType())) {
        b.builder.setInsertionPointAfter(probe);
        b.discard(probe);
        *ranksDiffer = true;
        return failure();
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
      if (choice.type)
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
    results.push_back(choice.type ? chosen.front() : choice.outside);
    if (choice.type)
      chosen = chosen.drop_front();
  }
  return results;
}

} // namespace tfc
