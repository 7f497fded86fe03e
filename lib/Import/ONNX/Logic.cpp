// Comparisons, logic and what is made of them.
#include "tfc/Import/Common/Strings.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

using dfg::CompareKind;

/// Before opset 7 the second operand broadcasts at `axis`.
static Value secondOperand(NodeContext &c) {
  Value a = c.input(0), b = c.input(1);
  int64_t trailing = c.b.rank(a) - c.b.rank(b) - c.integer("axis");
  if (c.version >= 7 || !c.integer("broadcast") || !c.hasAttribute("axis") || trailing <= 0)
    return b;
  GraphBuilder::Dims sizes = c.b.dims(b);
  sizes.append(trailing, c.b.expr(1));
  return c.b.reshape(b, sizes);
}

template <CompareKind kind> static LogicalResult importCompare(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(compareElements(c.b, kind, c.input(0), secondOperand(c)));
}

template <class Op> static LogicalResult importLogic(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(c.b.create<Op>(c.input(0), secondOperand(c)));
}

static LogicalResult importNot(NodeContext &c) { return c.result(c.b.create<dfg::NotOp>(c.input(0))); }

static LogicalResult importIsNaN(NodeContext &c) { return c.result(c.b.create<dfg::IsNanOp>(c.input(0))); }

static LogicalResult importIsInf(NodeContext &c) {
  bool positive = c.integer("detect_positive", 1), negative = c.integer("detect_negative", 1);
  return c.result(c.b.create<dfg::IsInfOp>(c.input(0), positive, negative));
}

static LogicalResult importWhere(NodeContext &c) {
  if (failed(c.requireRank(0, 0)) || failed(c.requireSameElements({1, 2})))
    return failure();
  return c.result(c.b.select(c.input(0), c.input(1), c.input(2)));
}

void registerLogicOps(OpRegistry &ops) {
  ops.add("And", importLogic<dfg::AndOp>);
  ops.add("Equal", importCompare<CompareKind::EQ>);
  ops.add("Greater", importCompare<CompareKind::GT>);
  ops.add("GreaterOrEqual", importCompare<CompareKind::GE>);
  ops.add("IsInf", importIsInf);
  ops.add("IsNaN", importIsNaN);
  ops.add("Less", importCompare<CompareKind::LT>);
  ops.add("LessOrEqual", importCompare<CompareKind::LE>);
  ops.add("Not", importNot);
  ops.add("Or", importLogic<dfg::OrOp>);
  ops.add("Where", importWhere);
  ops.add("Xor", importLogic<dfg::XorOp>);
}

} // namespace tfc
