// Reductions, running sums and positions of extremes.
#include "OpRegistry.h"
#include "tfc/Import/Common/Branches.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

using dfg::ReduceKind;

/// A sum along axes of which only run time tells whether they are summed at all: what
/// BroadcastGradientArgs gives for extents that may turn out to be 1. All dimensions stay; a
/// Reshape to the operand's shape follows in every gradient.
static FailureOr<Value> sumWhereFlagged(NodeContext &c, ArrayRef<AffineExpr> flags) {
  GraphBuilder &b = c.b;
  Value x = c.input(0);
  for (int64_t axis = 0; axis < int64_t(flags.size()); ++axis) {
    Value condition = b.fromContent(flags[axis], {}, b.builder.getI1Type());
    auto results = importBranches(c, condition, [&](int branch) -> FailureOr<SmallVector<Value>> {
      return SmallVector<Value>{branch ? x : b.reduce(ReduceKind::Sum, x, {axis})};
    });
    if (failed(results))
      return failure();
    x = results->front();
  }
  return x;
}

/// The flags behind axes of unknown number; nothing if they come from elsewhere.
static std::optional<GraphBuilder::Dims> flagsBehind(NodeContext &c, Value axes) {
  while (Operation *op = axes.getDefiningOp()) {
    if (auto nonZero = dyn_cast<dfg::NonZeroOp>(op))
      return c.b.knownContent(nonZero.getX());
    if (!isa<dfg::ReshapeOp, dfg::CastOp>(op))
      return std::nullopt;
    axes = op->getOperand(0);
  }
  return std::nullopt;
}

struct SumName {
  static constexpr const char *value = "ReduceSum";
};

/// `Name::value` is ONNX's operator.
template <class Name> static LogicalResult importReduce(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)) || failed(c.requireRank(1, 0, 1)))
    return failure();
  Value axes = c.input(1);
  if (auto constants = b.constantIntegers(axes); constants && failed(c.axes(*constants, b.rank(c.input(0)))))
    return failure();
  AffineExpr count = b.count(axes);
  bool keepDims = c.boolean("keep_dims") || c.boolean("keepdims");
  if (std::is_same_v<Name, SumName> && !b.number(count))
    if (auto flags = flagsBehind(c, axes); flags && int64_t(flags->size()) == b.rank(c.input(0))) {
      auto sum = sumWhereFlagged(c, *flags);
      return failed(sum) ? failure() : c.result(*sum);
    }
  axes = b.reshape(b.cast(axes, b.builder.getI64Type()), {count});
  return c.results(
      c.onnx(Name::value, {c.input(0), axes}, {{"keepdims", int64_t(keepDims)}, {"noop_with_empty_axes", int64_t(1)}}));
}

#define TFC_REDUCTION(name)                                                                                            \
  struct name##Name {                                                                                                  \
    static constexpr const char *value = "Reduce" #name;                                                               \
  };
TFC_REDUCTION(Prod)
TFC_REDUCTION(Mean)
TFC_REDUCTION(Max)
TFC_REDUCTION(Min)
TFC_REDUCTION(L2)
#undef TFC_REDUCTION

//===----------------------------------------------------------------------===//
// Along one axis
//===----------------------------------------------------------------------===//

template <ReduceKind kind> static LogicalResult importArgReduce(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type(), type = c.hasAttribute("output_type") ? c.elementType("output_type") : i64;
  if (!type || failed(c.requireRank(0, 1)))
    return failure();
  auto axis = c.hasInput(1) ? c.constant(1) : FailureOr<int64_t>(0);
  if (failed(axis) || failed(axis = c.axis(*axis, b.rank(c.input(0)))))
    return failure();
  return c.result(b.cast(b.createAs<dfg::ArgReduceOp>(i64, kind, c.input(0), *axis, false, false), type));
}

template <ReduceKind kind> static LogicalResult importCumulative(NodeContext &c) {
  auto given = c.constant(1);
  if (failed(given) || failed(c.requireRank(0, 1)))
    return failure();
  auto axis = c.axis(*given, c.b.rank(c.input(0)));
  if (failed(axis))
    return failure();
  return c.result(c.b.create<dfg::CumulativeOp>(kind, c.input(0), *axis, c.boolean("exclusive"), c.boolean("reverse")));
}

/// Sums of exponentials, relative to the greatest exponent of each line.
static LogicalResult importCumulativeLogSumExp(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto given = c.constant(1);
  if (failed(given) || failed(c.requireRank(0, 1)))
    return failure();
  auto axis = c.axis(*given, b.rank(c.input(0)));
  if (failed(axis))
    return failure();
  // Running maxima keep every sum in range: each element is relative to its own, and a
  // doubling number of steps joins neighbours.
  Term x = widened({b, c.input(0)});
  bool isReverse = c.boolean("reverse");
  if (isReverse)
    x = {b, b.create<dfg::ReverseOp>(x, ArrayRef<int64_t>{*axis})};
  auto extent = b.number(b.dim(x, *axis));
  if (!extent)
    return c.unsupported() << "adds along axis " << *axis << " of " << x.builder().rank(x)
                           << " dimensions, expected a known extent";
  double lowest = -HUGE_VAL;
  auto shifted = [&](Term y, int64_t by) {
    GraphBuilder::Dims low(b.rank(y), b.expr(0)), high = low;
    low[*axis] = b.expr(by);
    high[*axis] = b.expr(-by);
    return Term(b, b.pad(dfg::PadMode::Constant, y, b.scalarLike(y, lowest), low, high));
  };
  if (c.boolean("exclusive"))
    x = shifted(x, 1);
  for (int64_t by = 1; by < *extent; by *= 2) {
    Term other = shifted(x, by), most = max(x, other), least = min(x, other);
    x = select(equal(least, lowest), most, most + log1p(exp(least - most)));
  }
  if (isReverse)
    x = {b, b.create<dfg::ReverseOp>(x, ArrayRef<int64_t>{*axis})};
  return c.result(x.cast(b.elementType(c.input(0))));
}

void registerReductionOps(OpRegistry &ops) {
  ops.add("All", importReduce<MinName>);
  ops.add("Any", importReduce<MaxName>);
  ops.add("ArgMax", importArgReduce<ReduceKind::Max>);
  ops.add("ArgMin", importArgReduce<ReduceKind::Min>);
  ops.add("Cumprod", importCumulative<ReduceKind::Prod>);
  ops.add("Cumsum", importCumulative<ReduceKind::Sum>);
  ops.add("CumulativeLogsumexp", importCumulativeLogSumExp);
  ops.add("EuclideanNorm", importReduce<L2Name>);
  ops.add("Max", importReduce<MaxName>);
  ops.add("Mean", importReduce<MeanName>);
  ops.add("Min", importReduce<MinName>);
  ops.add("Prod", importReduce<ProdName>);
  ops.add("Sum", importReduce<SumName>);
}

} // namespace tfc::tf
