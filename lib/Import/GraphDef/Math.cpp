// Elementwise arithmetic.
#include "OpRegistry.h"

using namespace mlir;

namespace tfc::tf {

template <class Op> static LogicalResult importUnary(NodeContext &c) { return c.result(c.b.create<Op>(c.input(0))); }

template <class Op> static LogicalResult importBinary(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(c.b.create<Op>(c.input(0), c.input(1)));
}

template <dfg::CompareKind kind> static LogicalResult importCompare(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(c.b.compare(kind, c.input(0), c.input(1)));
}

void registerMathOps(OpRegistry &ops) {
  for (StringRef name : {"Add", "AddV2"})
    ops.add(name, importBinary<dfg::AddOp>);
  ops.add("Sub", importBinary<dfg::SubOp>);
  ops.add("Mul", importBinary<dfg::MulOp>);
  for (StringRef name : {"Div", "RealDiv", "TruncateDiv"})
    ops.add(name, importBinary<dfg::DivOp>);
  ops.add("Neg", importUnary<dfg::NegOp>);
  ops.add("Exp", importUnary<dfg::ExpOp>);
  ops.add("Less", importCompare<dfg::CompareKind::LT>);
  ops.add("Greater", importCompare<dfg::CompareKind::GT>);
}

} // namespace tfc::tf
