// Pools over windows: what windows combine, how many elements they have, where their
// largest one lies.
#include "tfc/Import/Common/Windows.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

Value Pool::reduce(GraphBuilder &b, dfg::ReduceKind kind, Value x, double fill) const {
  Value padded = x;
  if (!x)
    return {};
  SmallVector<int64_t> pads = windows.pad(b, padded, fill);
  Value y = b.create<dfg::PoolOp>(kind, padded, kernel, windows.strides, pads, windows.dilations,
                                  /*channels_last=*/false);
  return windows.cut(b, x, y);
}

Term positionsAlong(GraphBuilder &b, AffineExpr extent, int64_t axis, int64_t rank) {
  Dims sizes(rank, b.expr(1));
  sizes[axis] = extent;
  return {b, b.iota(b.builder.getI64Type(), sizes, axis)};
}

Term positionsOverall(GraphBuilder &b, Value x, Term inPlane) {
  if (!x || !inPlane)
    return {b, Value()};
  Dims dims = b.dims(x);
  int64_t rank = b.rank(inPlane);
  Term batch = positionsAlong(b, dims[0], 0, rank), channel = positionsAlong(b, dims[1], 1, rank);
  AffineExpr plane = b.scope.product(ArrayRef(dims).drop_front(2));
  return (batch * countLike(batch, dims[1]) + channel) * countLike(batch, plane) + inPlane;
}

/// Positions in one spatial dimension of the elements of each window, over axes
/// [windows..., elements...]. Elements outside the input are taken to be the nearest of
/// their window that is inside.
static Term windowPositions(GraphBuilder &b, const Pool &pool, unsigned i, AffineExpr extent, AffineExpr count) {
  unsigned rank = 2 * pool.kernel.size();
  const Windows &windows = pool.windows;
  Term size = countLike(positionsAlong(b, count, i, rank), extent);
  Term start = positionsAlong(b, count, i, rank) * double(windows.strides[i]) - countLike(size, windows.low[i]);
  Term element = positionsAlong(b, b.expr(pool.kernel[i]), pool.kernel.size() + i, rank);
  double step = windows.dilations[i];
  // The first element that lies at 0 or more, the last one that lies below the extent.
  Term first = max(step - 1 - start, 0) / step, last = max(size - 1.0 - start, 0) / step;
  return start + min(max(element, first), last) * step;
}

Term Pool::argMax(GraphBuilder &b, Value x, Value y, bool columnsFirst) const {
  if (!x || !y)
    return {b, Value()};
  unsigned spatial = kernel.size(), rank = b.rank(x);
  Type i64 = b.builder.getI64Type();
  Dims xDims = b.dims(x), yDims = b.dims(y);

  // Flattened positions, with rows and with columns first, of all elements of all windows.
  SmallVector<Term> axes;
  for (unsigned i = 0; i < spatial; ++i)
    axes.push_back(windowPositions(b, *this, i, xDims[2 + i], yDims[2 + i]));
  Term rows = axes[0], columns = axes[spatial - 1];
  for (unsigned i = 1; i < spatial; ++i) {
    rows = rows * countLike(rows, xDims[2 + i]) + axes[i];
    columns = columns * countLike(columns, xDims[1 + spatial - i]) + axes[spatial - 1 - i];
  }
  // As tables of [windows..., elements].
  Dims separate(yDims.begin() + 2, yDims.end()), merged = separate;
  separate.append(b.exprs(kernel));
  AffineExpr perWindow = b.scope.product(b.exprs(kernel));
  merged.push_back(perWindow);
  auto table = [&](Value positions) { return b.reshape(b.broadcastTo(positions, separate), merged); };
  Value rowTable = table(rows), wanted = columnsFirst ? table(columns) : rowTable;

  Value elements = b.create<dfg::GatherOp>(b.flatten(x, 2, rank), rowTable, int64_t(2));
  Term element{b, b.createAs<dfg::ArgReduceOp>(i64, dfg::ReduceKind::Max, elements, int64_t(rank),
                                               /*keep_dims=*/false, /*last=*/false)};
  Term window = positionsAlong(b, yDims[2], 2, rank);
  for (unsigned i = 1; i < spatial; ++i)
    window = window * countLike(window, yDims[2 + i]) + positionsAlong(b, yDims[2 + i], 2 + i, rank);
  Value entry = window * countLike(window, perWindow) + element;
  return {b, b.create<dfg::GatherOp>(b.flatten(wanted, 0, spatial + 1), entry, int64_t(0))};
}

/// How many elements the windows along a spatial dimension have, as [1, 1, ..., count, ...]
/// of the element type of y; `extent` counts the padding if that counts.
static Value windowCounts(GraphBuilder &b, const Pool &pool, unsigned i, AffineExpr low, AffineExpr extent, Value y) {
  auto before = b.number(low), size = b.number(extent), results = b.number(b.dim(y, 2 + i));
  int64_t stride = pool.windows.strides[i], step = pool.windows.dilations[i], elements = pool.kernel[i];
  if (before && size && results && *results <= dfg::kMostFolded) {
    // Elements k with 0 <= start + k * step < extent.
    auto below = [&](int64_t limit) { return std::clamp<int64_t>(llvm::divideCeilSigned(limit, step), 0, elements); };
    SmallVector<double> counts;
    for (int64_t r = 0; r < *results; ++r) {
      int64_t start = r * stride - *before;
      counts.push_back(std::max<int64_t>(0, below(*size - start) - below(-start)));
    }
    if (llvm::all_equal(counts) && !counts.empty())
      return b.scalarLike(y, counts.front());
    SmallVector<int64_t> shape(b.rank(y), 1);
    shape[2 + i] = *results;
    return b.fromNumbers(counts, shape, b.elementType(y));
  }
  Term at = positionsAlong(b, b.dim(y, 2 + i), 2 + i, b.rank(y));
  Term start = at * double(stride) - countLike(at, low), end = countLike(at, extent) - start;
  // Elements k with 0 <= start + k * step < extent.
  auto below = [&](Term limit) { return clamp((limit + double(step - 1)) / double(step), 0, elements); };
  return (below(max(end, 0)) - below(max(-start, 0))).cast(b.elementType(y));
}

Value Pool::counts(GraphBuilder &b, Value x, Value y, bool countsPadding) const {
  if (!x || !y)
    return {};
  Value count;
  for (unsigned i = 0; i < windows.count(); ++i) {
    AffineExpr low = windows.low[i], extent = b.dim(x, 2 + i);
    if (countsPadding) {
      extent = b.scope.add(extent, b.scope.add(low, windows.high[i]));
      low = b.expr(0);
    }
    Value factor = windowCounts(b, *this, i, low, extent, y);
    count = count ? b.create<dfg::MulOp>(count, factor) : factor;
  }
  return count;
}

} // namespace tfc
