// Running sums, order, and what the runtime archive finds out.
#include "Axes.h"

using namespace mlir;

namespace tfc {

/// The axis is an input, a scalar or a vector of one element.
template <dfg::ReduceKind kind> static LogicalResult importCumulative(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)) || failed(c.requireRank(1, 0, 1)))
    return failure();
  auto axes = axesOf(c, 1, b.rank(c.input(0)));
  if (failed(axes))
    return failure();
  if ((*axes)->size() != 1)
    return c.error() << "has " << (*axes)->size() << " axes, expected one";
  bool exclusive = c.integer("exclusive", 0), reverse = c.integer("reverse", 0);
  return c.result(withAxes(c, **axes, b.rank(c.input(0)), [&](ArrayRef<int64_t> axis) {
    return b.create<dfg::CumulativeOp>(kind, c.input(0), axis.front(), exclusive, reverse);
  }));
}

static LogicalResult importTopK(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 1)))
    return failure();
  auto axis = c.axis(c.integer("axis", -1), b.rank(c.input(0)));
  if (failed(axis))
    return failure();
  Value k = c.version < 10 ? b.scalar(i64, c.integer("k")) : b.reshape(c.input(1), {});
  auto op = b.createMany<dfg::TopKOp>({b.elementType(c.input(0)), i64}, c.input(0), k, *axis,
                                      c.integer("largest", 1) != 0);
  if (!op)
    return failure();
  return c.results({op.getY(), op.getIndices()});
}

static LogicalResult importUnique(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 0)))
    return failure();
  IntegerAttr along;
  if (c.hasAttribute("axis")) {
    auto axis = c.axis(c.integer("axis"), b.rank(c.input(0)));
    if (failed(axis))
      return failure();
    along = b.builder.getI64IntegerAttr(*axis);
  }
  auto sorted = c.integer("sorted", 1) ? b.builder.getUnitAttr() : UnitAttr();
  auto op = b.createMany<dfg::UniqueOp>({b.elementType(c.input(0)), i64, i64, i64}, c.input(0), along, sorted);
  if (!op)
    return failure();
  return c.results(op->getResults());
}

static LogicalResult importNonZero(NodeContext &c) { return c.result(c.b.create<dfg::NonZeroOp>(c.input(0))); }

static LogicalResult importDet(NodeContext &c) {
  GraphBuilder &b = c.b;
  Value x = c.input(0);
  Type element = b.elementType(x), f64 = b.builder.getF64Type();
  bool isWide = element.isF32() || element.isF64();
  return c.result(b.cast(b.create<dfg::DetOp>(isWide ? x : b.cast(x, f64)), element));
}

static LogicalResult importNonMaxSuppression(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f32 = b.builder.getF32Type(), i64 = b.builder.getI64Type();
  auto limit = [&](unsigned i, Type element, double otherwise) {
    return c.hasInput(i) ? b.reshape(c.input(i), {}) : b.scalar(element, otherwise);
  };
  auto isCentered = c.integer("center_point_box", 0) ? b.builder.getUnitAttr() : UnitAttr();
  return c.result(b.create<dfg::NonMaxSuppressionOp>(c.input(0), c.input(1), limit(2, i64, 0), limit(3, f32, 0),
                                                     limit(4, f32, -INFINITY), isCentered));
}

void registerOrderOps(OpRegistry &ops) {
  ops.add("CumProd", importCumulative<dfg::ReduceKind::Prod>);
  ops.add("CumSum", importCumulative<dfg::ReduceKind::Sum>);
  ops.add("Det", importDet);
  ops.add("NonMaxSuppression", importNonMaxSuppression);
  ops.add("NonZero", importNonZero);
  ops.add("TopK", importTopK);
  ops.add("Unique", importUnique);
}

} // namespace tfc
