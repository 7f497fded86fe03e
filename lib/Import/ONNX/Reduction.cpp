// Reductions, and what they are made of before and after.
#include "Axes.h"

using namespace mlir;

namespace tfc {

using dfg::ReduceKind;

namespace {
/// One reduction of a tensor over constant axes.
struct Reduction {
  GraphBuilder &b;
  ArrayRef<int64_t> axes;
  bool keepDims;

  Value reduce(ReduceKind kind, Value x) const { return b.reduce(kind, x, axes, keepDims); }
  Value square(Value x) const { return b.create<dfg::MulOp>(x, x); }
  Value sum(Value x) const { return reduce(ReduceKind::Sum, x); }
};
using Formula = Value (*)(const Reduction &, Value);
} // namespace

static Value sumOf(const Reduction &r, Value x) { return r.sum(x); }
static Value prodOf(const Reduction &r, Value x) { return r.reduce(ReduceKind::Prod, x); }
static Value maxOf(const Reduction &r, Value x) { return r.reduce(ReduceKind::Max, x); }
static Value minOf(const Reduction &r, Value x) { return r.reduce(ReduceKind::Min, x); }
static Value l1Of(const Reduction &r, Value x) { return r.sum(r.b.create<dfg::AbsOp>(x)); }
static Value sumSquareOf(const Reduction &r, Value x) { return r.sum(r.square(x)); }
static Value l2Of(const Reduction &r, Value x) { return r.b.create<dfg::SqrtOp>(sumSquareOf(r, x)); }
static Value logSumOf(const Reduction &r, Value x) { return r.b.create<dfg::LogOp>(r.sum(x)); }

static Value meanOf(const Reduction &r, Value x) {
  GraphBuilder::Dims extents;
  for (int64_t axis : r.axes)
    extents.push_back(r.b.dim(x, axis));
  Value count = r.b.fromContent(r.b.scope.product(extents), {}, r.b.builder.getI64Type());
  return r.b.create<dfg::DivOp>(r.sum(x), r.b.cast(count, r.b.elementType(x)));
}

/// log(sum(exp(x))) with the greatest element taken out, so that nothing overflows. Where
/// that is infinite there is nothing to take out.
static Value logSumExpOf(const Reduction &r, Value x) {
  GraphBuilder &b = r.b;
  Value zero = b.scalarLike(x, 0), greatest = b.reduce(ReduceKind::Max, x, r.axes, /*keepDims=*/true);
  Value isInfinite = b.create<dfg::IsInfOp>(greatest, /*positive=*/true, /*negative=*/true);
  greatest = b.select(isInfinite, zero, greatest);
  Value rest = b.create<dfg::LogOp>(r.sum(b.create<dfg::ExpOp>(b.create<dfg::SubOp>(x, greatest))));
  return b.create<dfg::AddOp>(rest, r.keepDims ? greatest : b.squeeze(greatest, r.axes));
}

/// The type a formula is evaluated in: narrow floats would overflow in sums, and roots
/// and logarithms of integers are no integers before the end.
static Type workingType(GraphBuilder &b, Type element, bool needsFloat) {
  if (isa<FloatType>(element))
    return element.getIntOrFloatBitWidth() < 32 ? b.builder.getF32Type() : element;
  return needsFloat ? b.builder.getF64Type() : element;
}

template <Formula formula> static LogicalResult importReduce(NodeContext &c) {
  constexpr bool needsFloat = formula == l2Of || formula == logSumOf || formula == logSumExpOf;
  constexpr bool isOrder = formula == maxOf || formula == minOf;
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Value x = c.input(0);
  Type element = b.elementType(x);
  int64_t rank = b.rank(x);
  auto given = axesOf(c, 1, rank);
  if (failed(given))
    return failure();
  GraphBuilder::Dims axes = given->value_or(GraphBuilder::Dims());
  if (axes.empty() && !c.integer("noop_with_empty_axes", 0))
    axes = b.exprs(llvm::to_vector(llvm::seq<int64_t>(0, rank)));
  bool keepDims = c.integer("keepdims", 1);
  if (!isOrder)
    x = b.cast(x, workingType(b, element, needsFloat));
  Value result = withAxes(c, axes, rank, [&](ArrayRef<int64_t> constant) {
    return formula(Reduction{b, constant, keepDims}, x);
  });
  return c.result(b.cast(result, element));
}

template <ReduceKind kind> static LogicalResult importArgReduce(NodeContext &c) {
  if (failed(c.requireRank(0, 1)))
    return failure();
  auto axis = c.axis(c.integer("axis", 0), c.b.rank(c.input(0)));
  if (failed(axis))
    return failure();
  bool keepDims = c.integer("keepdims", 1), last = c.integer("select_last_index", 0);
  return c.result(c.b.createAs<dfg::ArgReduceOp>(c.b.builder.getI64Type(), kind, c.input(0), *axis, keepDims, last));
}

void registerReductionOps(OpRegistry &ops) {
  ops.add("ArgMax", importArgReduce<ReduceKind::Max>);
  ops.add("ArgMin", importArgReduce<ReduceKind::Min>);
  ops.add("ReduceL1", importReduce<l1Of>);
  ops.add("ReduceL2", importReduce<l2Of>);
  ops.add("ReduceLogSum", importReduce<logSumOf>);
  ops.add("ReduceLogSumExp", importReduce<logSumExpOf>);
  ops.add("ReduceMax", importReduce<maxOf>);
  ops.add("ReduceMean", importReduce<meanOf>);
  ops.add("ReduceMin", importReduce<minOf>);
  ops.add("ReduceProd", importReduce<prodOf>);
  ops.add("ReduceSum", importReduce<sumOf>);
  ops.add("ReduceSumSquare", importReduce<sumSquareOf>);
}

} // namespace tfc
