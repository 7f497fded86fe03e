// Parts of tensors, and tensors of parts.
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;
using dfg::CompareKind;

static LogicalResult importConcat(NodeContext &c) {
  if (failed(c.requireRank(0, 1)))
    return failure();
  auto axis = c.axis(c.integer("axis", 1), c.b.rank(c.input(0)));
  if (failed(axis))
    return failure();
  return c.result(c.b.concat(c.allInputs(), *axis));
}

//===----------------------------------------------------------------------===//
// Split
//===----------------------------------------------------------------------===//

/// Extents of the parts: given, or equal ones (of which the last may be smaller).
static FailureOr<Dims> partSizes(NodeContext &c, AffineExpr extent) {
  GraphBuilder &b = c.b;
  if (c.hasInput(1))
    return c.content(1);
  if (c.hasAttribute("split"))
    return Dims(b.exprs(c.integers("split")));
  int64_t count = c.integer("num_outputs", c.outputCount());
  if (count != c.outputCount())
    return c.error() << "has " << c.outputCount() << " outputs and splits into " << count << " parts";
  AffineExpr size = b.scope.floorDiv(b.scope.add(extent, b.expr(count - 1)), b.expr(count));
  Dims sizes(count, size);
  sizes.back() = b.scope.sub(extent, b.scope.mul(size, b.expr(count - 1)));
  if (auto last = b.number(sizes.back()); last && *last < 0)
    return c.error() << "splits " << *b.number(extent) << " elements into " << count << " parts";
  return sizes;
}

static LogicalResult importSplit(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)))
    return failure();
  auto axis = c.axis(c.integer("axis", 0), b.rank(c.input(0)));
  if (failed(axis))
    return failure();
  AffineExpr offset = b.expr(0), extent = b.dim(c.input(0), *axis);
  auto sizes = partSizes(c, extent);
  if (failed(sizes))
    return failure();
  if (sizes->size() != c.outputCount())
    return c.error() << "has " << c.outputCount() << " outputs and splits into " << sizes->size() << " parts";
  SmallVector<Value> parts;
  for (AffineExpr size : *sizes) {
    parts.push_back(b.sliceAxis(c.input(0), *axis, offset, size));
    offset = b.scope.add(offset, size);
  }
  if (auto total = b.number(offset), whole = b.number(extent); total && whole && *total != *whole)
    return c.error() << "splits " << *whole << " elements into parts of " << *total;
  return c.results(parts);
}

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

namespace {
/// What to take of one dimension.
struct Range {
  AffineExpr start, end, step;
  bool isWhole = true;
};
} // namespace

/// A border that counts from the back where negative. Exporters spell "to the end" as a
/// huge number.
static AffineExpr clampBorder(GraphBuilder &b, AffineExpr border, AffineExpr extent, AffineExpr least,
                              AffineExpr most) {
  if (auto constant = b.number(border)) {
    if (*constant >= INT32_MAX)
      return most;
    if (*constant <= -INT32_MAX)
      return least;
  }
  border = b.select(b.compare(CompareKind::LT, border, b.expr(0)), b.scope.add(border, extent), border);
  return b.scope.min(b.scope.max(border, least), most);
}

/// Number of steps from start to end.
static AffineExpr stepCount(GraphBuilder &b, AffineExpr distance, AffineExpr step) {
  AffineExpr reach = b.scope.add(distance, b.scope.sub(step, b.expr(1)));
  // A distance below 0 must not be divided: it rounds the other way.
  return b.scope.floorDiv(b.scope.max(reach, b.expr(0)), step);
}

/// Offset and size of a range with a constant step.
static void resolve(GraphBuilder &b, const Range &range, AffineExpr extent, AffineExpr &offset, AffineExpr &size) {
  AffineExpr zero = b.expr(0), last = b.scope.sub(extent, b.expr(1));
  int64_t step = *b.number(range.step);
  if (step > 0) {
    offset = clampBorder(b, range.start, extent, zero, extent);
    size = stepCount(b, b.scope.sub(clampBorder(b, range.end, extent, zero, extent), offset), range.step);
    return;
  }
  // An empty dimension has no last element; nothing is taken of it then.
  AffineExpr first = clampBorder(b, range.start, extent, zero, last);
  offset = b.scope.max(first, zero);
  AffineExpr end = clampBorder(b, range.end, extent, b.expr(-1), last);
  size = stepCount(b, b.scope.sub(first, end), b.scope.mul(range.step, b.expr(-1)));
}

/// A range whose step only run time tells, as a gather of the positions.
static Value takeByPositions(NodeContext &c, Value x, int64_t axis, const Range &range, AffineExpr extent) {
  GraphBuilder &b = c.b;
  AffineExpr zero = b.expr(0), isUp = b.compare(CompareKind::GT, range.step, zero), last = b.scope.sub(extent, b.expr(1));
  AffineExpr upStart = clampBorder(b, range.start, extent, zero, extent);
  AffineExpr upEnd = clampBorder(b, range.end, extent, zero, extent);
  AffineExpr downStart = clampBorder(b, range.start, extent, zero, last);
  AffineExpr downEnd = clampBorder(b, range.end, extent, b.expr(-1), last);
  AffineExpr start = b.select(isUp, upStart, downStart);
  AffineExpr distance = b.select(isUp, b.scope.sub(upEnd, upStart), b.scope.sub(downStart, downEnd));
  AffineExpr stride = b.scope.max(b.scope.max(range.step, b.scope.sub(zero, range.step)), b.expr(1));
  Type i64 = b.builder.getI64Type();
  Value positions = b.iota(i64, stepCount(b, distance, stride), 0);
  positions = b.create<dfg::MulOp>(positions, b.fromContent(range.step, {}, i64));
  positions = b.create<dfg::AddOp>(positions, b.fromContent(start, {}, i64));
  return b.create<dfg::GatherOp>(x, positions, axis);
}

static LogicalResult importSlice(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)))
    return failure();
  bool byInput = c.version >= 10;
  auto list = [&](unsigned input, StringRef name) -> FailureOr<Dims> {
    if (byInput)
      return c.hasInput(input) ? c.content(input) : FailureOr<Dims>(Dims());
    return Dims(b.exprs(c.integers(name)));
  };
  auto starts = list(1, "starts"), ends = list(2, "ends"), axes = list(3, "axes"), steps = list(4, "steps");
  if (failed(starts) || failed(ends) || failed(axes) || failed(steps))
    return failure();
  Value x = c.input(0);
  Dims dims = b.dims(x), offsets, sizes;
  int64_t rank = dims.size();
  if (axes->empty())
    for (size_t i = 0; i < starts->size(); ++i)
      axes->push_back(b.expr(i));
  if (steps->empty())
    steps->assign(starts->size(), b.expr(1));
  if (ends->size() != starts->size() || axes->size() != starts->size() || steps->size() != starts->size())
    return c.error() << "has " << starts->size() << " starts, " << ends->size() << " ends, " << axes->size()
                     << " axes and " << steps->size() << " steps, expected as many of each";

  SmallVector<Range> ranges;
  for (int64_t i = 0; i < rank; ++i) {
    Range range{b.expr(0), b.expr(INT64_MAX), b.expr(1), true};
    for (auto [start, end, axis, step] : llvm::zip(*starts, *ends, *axes, *steps)) {
      if (auto constant = b.number(axis)) {
        auto checked = c.axis(*constant, rank);
        if (failed(checked))
          return failure();
        if (*checked != i)
          continue;
        range = {start, end, step, false};
        continue;
      }
      AffineExpr own = b.select(b.compare(CompareKind::LT, axis, b.expr(0)), b.scope.add(axis, b.expr(rank)), axis);
      AffineExpr isThis = b.compare(CompareKind::EQ, own, b.expr(i));
      range = {b.select(isThis, start, range.start), b.select(isThis, end, range.end),
               b.select(isThis, step, range.step), false};
    }
    if (b.number(range.step) == 0)
      return c.error() << "has step 0 in dimension " << i;
    ranges.push_back(range);
  }

  // Constant steps together, the others one by one.
  SmallVector<int64_t> strides;
  for (auto [range, dim] : llvm::zip(ranges, dims)) {
    auto step = b.number(range.step);
    offsets.push_back(b.expr(0));
    sizes.push_back(dim);
    strides.push_back(step && !range.isWhole ? *step : 1);
    if (step && !range.isWhole)
      resolve(b, range, dim, offsets.back(), sizes.back());
  }
  x = b.slice(x, offsets, sizes, strides);
  for (auto [i, range] : llvm::enumerate(ranges))
    if (!b.number(range.step))
      x = takeByPositions(c, x, i, range, dims[i]);
  return c.result(x);
}

void registerSliceOps(OpRegistry &ops) {
  ops.add("Concat", importConcat, 4);
  ops.add("Slice", importSlice);
  ops.add("Split", importSplit, 2);
}

} // namespace tfc
