// Tensors made of positions: ranges, diagonals, triangles, one-hot vectors.
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;
using dfg::CompareKind;

//===----------------------------------------------------------------------===//
// Range
//===----------------------------------------------------------------------===//

/// max(0, ceil((limit - start) / delta)) as an extent; null after an error.
static AffineExpr rangeLength(NodeContext &c, Value start, Value limit, Value delta) {
  GraphBuilder &b = c.b;
  auto first = b.knownContent(start), end = b.knownContent(limit), step = b.knownContent(delta);
  auto constantStep = step ? b.number(step->front()) : std::nullopt;
  if (constantStep == 0) {
    c.error() << "has delta 0";
    return {};
  }
  if (first && end && constantStep && *constantStep != INT64_MIN) {
    int64_t size = std::abs(*constantStep);
    AffineExpr distance = *constantStep > 0 ? b.scope.sub(end->front(), first->front())
                                            : b.scope.sub(first->front(), end->front());
    AffineExpr reach = b.scope.max(b.scope.add(distance, b.expr(size - 1)), b.expr(0));
    return b.scope.floorDiv(reach, b.expr(size));
  }
  auto from = b.constantNumbers(start), to = b.constantNumbers(limit), by = b.constantNumbers(delta);
  if (from && to && by) {
    double length = by->front() == 0 ? NAN : std::ceil((to->front() - from->front()) / by->front());
    if (!(length < double(int64_t(1) << 48))) {
      c.error() << "has " << from->front() << ", " << to->front() << ", " << by->front()
                << ", expected a range that ends";
      return {};
    }
    return b.expr(std::max<int64_t>(0, int64_t(length)));
  }
  // Counted by the step itself, in f64, which is exact for every extent that fits memory.
  Type f64 = b.builder.getF64Type();
  Value distance = b.create<dfg::SubOp>(b.cast(limit, f64), b.cast(start, f64));
  Value length = b.create<dfg::CeilOp>(b.create<dfg::DivOp>(distance, b.cast(delta, f64)));
  length = b.create<dfg::MaxOp>(length, b.scalar(f64, 0));
  auto content = b.content(b.cast(length, b.builder.getI64Type()));
  return succeeded(content) ? content->front() : AffineExpr();
}

static LogicalResult importRange(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1, 2})))
    return failure();
  Value start = b.reshape(c.input(0), {}), limit = b.reshape(c.input(1), {}), delta = b.reshape(c.input(2), {});
  if (!start || !limit || !delta)
    return failure();
  AffineExpr length = rangeLength(c, start, limit, delta);
  if (!length)
    return failure();
  Type element = b.elementType(start);
  bool isNarrow = isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 32;
  Type work = isNarrow ? b.builder.getF32Type() : element;
  Value steps = b.cast(b.iota(b.builder.getI64Type(), {length}, 0), work);
  Value range = b.create<dfg::AddOp>(b.create<dfg::MulOp>(steps, b.cast(delta, work)), b.cast(start, work));
  return c.result(b.cast(range, element));
}

//===----------------------------------------------------------------------===//
// Positions in a matrix
//===----------------------------------------------------------------------===//

/// Column minus row in the last two dimensions, broadcast over the others.
static Value diagonals(GraphBuilder &b, Value x) {
  Type i64 = b.builder.getI64Type();
  Value rows = b.iota(i64, {b.dim(x, -2), b.expr(1)}, 0), columns = b.iota(i64, {b.expr(1), b.dim(x, -1)}, 1);
  return b.create<dfg::SubOp>(columns, rows);
}

static LogicalResult importEyeLike(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 2, 2)))
    return failure();
  Type element = c.hasAttribute("dtype") ? c.elementType("dtype", 0) : b.elementType(c.input(0));
  if (!element)
    return failure();
  Value isOne = b.compare(CompareKind::EQ, diagonals(b, c.input(0)), b.scalar(b.builder.getI64Type(), c.integer("k", 0)));
  return c.result(b.cast(isOne, element));
}

static LogicalResult importTrilu(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 2)))
    return failure();
  Value x = c.input(0), k = c.hasInput(1) ? b.reshape(c.input(1), {}) : b.scalar(i64, 0);
  CompareKind kept = c.integer("upper", 1) ? CompareKind::GE : CompareKind::LE;
  return c.result(b.select(b.compare(kept, diagonals(b, x), k), x, b.scalarLike(x, 0)));
}

//===----------------------------------------------------------------------===//
// One-hot
//===----------------------------------------------------------------------===//

static LogicalResult importOneHot(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 0)) || failed(c.requireRank(1, 0, 1)) || failed(c.requireRank(2, 1, 1)))
    return failure();
  // Depth and indices may be floats.
  Value depth = b.reshape(b.cast(c.input(1), i64), {}), indices = b.cast(c.input(0), i64);
  auto axis = c.axis(c.integer("axis", -1), b.rank(indices) + 1);
  auto content = b.content(depth);
  if (failed(axis) || failed(content))
    return failure();
  Value isBelow = b.compare(CompareKind::LT, indices, b.scalar(i64, 0));
  Value wrapped = b.select(isBelow, b.create<dfg::AddOp>(indices, depth), indices);
  Dims sizes(b.rank(indices) + 1, b.expr(1));
  sizes[*axis] = content->front();
  Value isHot = b.compare(CompareKind::EQ, b.unsqueeze(wrapped, {*axis}), b.iota(i64, sizes, *axis));
  auto value = [&](int64_t i) { return b.squeeze(b.sliceAxis(c.input(2), 0, b.expr(i), b.expr(1)), {0}); };
  return c.result(b.select(isHot, value(1), value(0)));
}

void registerFillOps(OpRegistry &ops) {
  ops.add("EyeLike", importEyeLike);
  ops.add("OneHot", importOneHot);
  ops.add("Range", importRange);
  ops.add("Trilu", importTrilu);
}

} // namespace tfc
