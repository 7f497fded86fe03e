// Softmax and its relatives.
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

/// Applies `function` along the node's axis. Before opset 13 the dimensions from the axis
/// on are taken as one.
static LogicalResult alongAxis(NodeContext &c, llvm::function_ref<Value(Value x, int64_t axis)> function) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)))
    return failure();
  Value x = c.input(0);
  int64_t rank = b.rank(x);
  auto axis = c.axis(c.integer("axis", c.version < 13 ? 1 : -1), rank);
  if (failed(axis))
    return failure();
  if (c.version >= 13 || *axis == rank - 1)
    return c.result(function(x, *axis));
  Value rows = b.flatten(x, *axis, rank);
  return c.result(b.reshape(function(rows, *axis), b.dims(x)));
}

static LogicalResult importSoftmax(NodeContext &c) {
  return alongAxis(c, [&](Value x, int64_t axis) { return c.b.create<dfg::SoftmaxOp>(x, axis); });
}

Value logSoftmax(GraphBuilder &b, Value scores, int64_t axis) {
  Term x = widened({b, scores}), shifted = x - Term(b, b.reduce(dfg::ReduceKind::Max, x, axis));
  return (shifted - log(sum(exp(shifted), axis))).cast(b.elementType(scores));
}

static LogicalResult importLogSoftmax(NodeContext &c) {
  return alongAxis(c, [&](Value x, int64_t axis) { return logSoftmax(c.b, x, axis); });
}

static LogicalResult importHardmax(NodeContext &c) {
  GraphBuilder &b = c.b;
  return alongAxis(c, [&](Value x, int64_t axis) {
    Type i64 = b.builder.getI64Type();
    Term first{b, b.createAs<dfg::ArgReduceOp>(i64, dfg::ReduceKind::Max, x, axis, /*keep_dims=*/true,
                                               /*last=*/false)};
    GraphBuilder::Dims line(b.rank(x), b.expr(1));
    line[axis] = b.dim(x, axis);
    return equal(first, Term(b, b.iota(i64, line, axis))).cast(b.elementType(x));
  });
}

void registerSoftmaxOps(OpRegistry &ops) {
  ops.add("Hardmax", importHardmax);
  ops.add("LogSoftmax", importLogSoftmax);
  ops.add("Softmax", importSoftmax);
}

} // namespace tfc
