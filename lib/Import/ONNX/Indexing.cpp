// Elements and slices at positions that data tells.
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

using dfg::ReduceKind;

/// The axis attribute, checked against the rank of the first input.
static FailureOr<int64_t> axisOf(NodeContext &c) {
  if (failed(c.requireRank(0, 1)))
    return failure();
  return c.axis(c.integer("axis", 0), c.b.rank(c.input(0)));
}

template <class Op> static LogicalResult importGather(NodeContext &c) {
  auto axis = axisOf(c);
  if (failed(axis))
    return failure();
  return c.result(c.b.create<Op>(c.input(0), c.input(1), *axis));
}

static LogicalResult importGatherND(NodeContext &c) {
  return c.result(c.b.create<dfg::GatherNDOp>(c.input(0), c.input(1), c.integer("batch_dims", 0)));
}

/// What happens where several updates meet, or an update meets the operand.
static FailureOr<ReduceKind> reductionOf(NodeContext &c) {
  StringRef name = c.string("reduction", "none");
  auto kind = llvm::StringSwitch<std::optional<ReduceKind>>(name)
                  .Case("none", ReduceKind::None)
                  .Case("add", ReduceKind::Sum)
                  .Case("mul", ReduceKind::Prod)
                  .Case("max", ReduceKind::Max)
                  .Case("min", ReduceKind::Min)
                  .Default(std::nullopt);
  if (!kind)
    return c.error() << "has reduction '" << name << "', expected none, add, mul, max or min";
  return *kind;
}

static LogicalResult importScatterElements(NodeContext &c) {
  auto axis = axisOf(c);
  auto kind = reductionOf(c);
  if (failed(axis) || failed(kind))
    return failure();
  return c.result(c.b.create<dfg::ScatterElementsOp>(*kind, c.input(0), c.input(1), c.input(2), *axis));
}

static LogicalResult importScatterND(NodeContext &c) {
  auto kind = reductionOf(c);
  if (failed(kind))
    return failure();
  return c.result(c.b.create<dfg::ScatterNDOp>(*kind, c.input(0), c.input(1), c.input(2)));
}

/// Elements or slices whose condition holds, which may be fewer than there are.
static LogicalResult importCompress(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  Value x = c.input(0);
  FailureOr<int64_t> axis = 0;
  if (c.hasAttribute("axis"))
    axis = c.axis(c.integer("axis"), b.rank(x));
  else
    x = b.flatten(x, 0, b.rank(x));
  if (failed(axis))
    return failure();
  Value places = b.squeeze(b.create<dfg::NonZeroOp>(c.input(1)), {0});
  return c.result(b.create<dfg::GatherOp>(x, places, *axis));
}

/// Reverses the first elements of each sequence, and leaves the others where they are.
static LogicalResult importReverseSequence(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  int64_t time = c.integer("time_axis", 0), batch = c.integer("batch_axis", 1);
  if (failed(c.requireRank(0, 2)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  if (time + batch != 1 || time * batch != 0)
    return c.error() << "has time_axis " << time << " and batch_axis " << batch << ", expected 0 and 1 or 1 and 0";
  Value x = c.input(0);
  GraphBuilder::Dims dims = b.dims(x), shape(dims.size(), b.expr(1)), perBatch = shape;
  shape[time] = dims[time];
  perBatch[batch] = dims[batch];
  Value step = b.iota(i64, shape, time), lengths = b.reshape(b.cast(c.input(1), i64), perBatch);
  Value mirrored = b.create<dfg::SubOp>(b.create<dfg::SubOp>(lengths, b.scalar(i64, 1)), step);
  Value places = b.select(b.compare(dfg::CompareKind::LT, step, lengths), mirrored, step);
  return c.result(b.create<dfg::GatherElementsOp>(x, b.broadcastTo(places, dims), time));
}

void registerIndexingOps(OpRegistry &ops) {
  ops.add("Compress", importCompress);
  ops.add("Gather", importGather<dfg::GatherOp>);
  ops.add("GatherElements", importGather<dfg::GatherElementsOp>);
  ops.add("GatherND", importGatherND);
  ops.add("ReverseSequence", importReverseSequence);
  ops.add("Scatter", importScatterElements);
  ops.add("ScatterElements", importScatterElements);
  ops.add("ScatterND", importScatterND);
}

} // namespace tfc
