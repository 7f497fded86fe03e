// Pools over windows and over whole spatial dimensions, and the reverse of max pooling.
#include "Formula.h"
#include "Windows.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

namespace {
/// A pool as its node says.
struct Pool {
  Windows windows;
  SmallVector<int64_t> kernel;

  static FailureOr<Pool> read(NodeContext &c) {
    if (failed(c.requireRank(0, 3)))
      return failure();
    unsigned count = c.b.rank(c.input(0)) - 2;
    SmallVector<int64_t> kernel = c.integers("kernel_shape");
    if (kernel.size() != count || llvm::any_of(kernel, [](int64_t extent) { return extent < 1 || extent > INT32_MAX; }))
      return c.error() << "has kernel_shape [" << kernel << "], expected " << count << " positive numbers below 2^31";
    auto windows = readWindows(c, c.b.exprs(kernel));
    if (failed(windows))
      return failure();
    return Pool{*windows, kernel};
  }

  /// Combines the elements of each window; `fill` lies around x.
  Value reduce(GraphBuilder &b, dfg::ReduceKind kind, Value x, double fill) const {
    Value padded = x;
    SmallVector<int64_t> pads = windows.pad(b, padded, fill);
    Value y = b.create<dfg::PoolOp>(kind, padded, kernel, windows.strides, pads, windows.dilations,
                                    /*channels_last=*/false);
    return windows.cut(b, x, y);
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Maximum
//===----------------------------------------------------------------------===//

/// i64 positions 0, 1, ... along an axis of a shape of this rank.
static Term positionsAlong(GraphBuilder &b, AffineExpr extent, int64_t axis, int64_t rank) {
  Dims sizes(rank, b.expr(1));
  sizes[axis] = extent;
  return {b, b.iota(b.builder.getI64Type(), sizes, axis)};
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

/// Where in the flattened input the largest element of each window lies: `order` 0 counts
/// rows first, 1 columns first.
static Value argMax(NodeContext &c, const Pool &pool, Value x, Value y, int64_t order) {
  GraphBuilder &b = c.b;
  unsigned spatial = pool.kernel.size(), rank = b.rank(x);
  Type i64 = b.builder.getI64Type();
  Dims xDims = b.dims(x), yDims = b.dims(y);
  AffineExpr plane = b.scope.product(ArrayRef(xDims).drop_front(2));

  // Flattened positions, with rows and with columns first, of all elements of all windows.
  SmallVector<Term> axes;
  for (unsigned i = 0; i < spatial; ++i)
    axes.push_back(windowPositions(b, pool, i, xDims[2 + i], yDims[2 + i]));
  Term rows = axes[0], columns = axes[spatial - 1];
  for (unsigned i = 1; i < spatial; ++i) {
    rows = rows * countLike(rows, xDims[2 + i]) + axes[i];
    columns = columns * countLike(columns, xDims[1 + spatial - i]) + axes[spatial - 1 - i];
  }
  // As tables of [windows..., elements].
  Dims separate(yDims.begin() + 2, yDims.end()), merged = separate;
  separate.append(b.exprs(pool.kernel));
  AffineExpr perWindow = b.scope.product(b.exprs(pool.kernel));
  merged.push_back(perWindow);
  auto table = [&](Value positions) { return b.reshape(b.broadcastTo(positions, separate), merged); };
  Value rowTable = table(rows), wanted = order ? table(columns) : rowTable;

  Value elements = b.create<dfg::GatherOp>(b.flatten(x, 2, rank), rowTable, int64_t(2));
  Term element{b, b.createAs<dfg::ArgReduceOp>(i64, dfg::ReduceKind::Max, elements, int64_t(rank),
                                               /*keep_dims=*/false, /*last=*/false)};
  Term window = positionsAlong(b, yDims[2], 2, rank);
  for (unsigned i = 1; i < spatial; ++i)
    window = window * countLike(window, yDims[2 + i]) + positionsAlong(b, yDims[2 + i], 2 + i, rank);
  Value entry = window * countLike(window, perWindow) + element;
  Term inPlane{b, b.create<dfg::GatherOp>(b.flatten(wanted, 0, spatial + 1), entry, int64_t(0))};
  Term batch = positionsAlong(b, yDims[0], 0, rank), channel = positionsAlong(b, yDims[1], 1, rank);
  return (batch * countLike(batch, yDims[1]) + channel) * countLike(batch, plane) + inPlane;
}

static LogicalResult importMaxPool(NodeContext &c) {
  auto pool = Pool::read(c);
  if (failed(pool))
    return failure();
  int64_t order = c.integer("storage_order");
  if (order != 0 && order != 1)
    return c.error() << "has storage_order " << order << ", expected 0 or 1";
  Value x = c.input(0), y = pool->reduce(c.b, dfg::ReduceKind::Max, x, -HUGE_VAL);
  Value indices = y && c.wantsOutput(1) ? argMax(c, *pool, x, y, order) : Value();
  return c.results({y, indices});
}

/// Puts every element at its place in the result of the inverse pool's usual size, then
/// extends that at the end to the size asked for.
static LogicalResult importMaxUnpool(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto pool = Pool::read(c);
  if (failed(pool) || failed(c.requireRank(1, b.rank(c.input(0)), b.rank(c.input(0)))))
    return failure();
  Value x = c.input(0);
  dfg::DimScope &scope = b.scope;
  Dims sizes = b.dims(x);
  const Windows &windows = pool->windows;
  for (unsigned i = 0; i < windows.count(); ++i) {
    AffineExpr reach = scope.mul(scope.sub(sizes[2 + i], b.expr(1)), b.expr(windows.strides[i]));
    AffineExpr pads = scope.add(windows.low[i], windows.high[i]);
    sizes[2 + i] = scope.add(scope.sub(reach, pads), b.expr(pool->kernel[i]));
  }
  Value zeros = b.filled(b.elementType(x), {scope.product(sizes)}, 0);
  Value flat = b.create<dfg::ScatterElementsOp>(dfg::ReduceKind::None, zeros, b.flatten(c.input(1), 0, b.rank(x)),
                                                b.flatten(x, 0, b.rank(x)), int64_t(0));
  Value y = b.reshape(flat, sizes);
  if (!c.hasInput(2))
    return c.result(y);
  auto wanted = c.content(2);
  if (failed(wanted))
    return failure();
  if (wanted->size() != sizes.size())
    return c.error() << "has an output_shape of " << wanted->size() << " numbers, expected " << sizes.size();
  Dims more;
  for (auto [to, from] : llvm::zip_equal(*wanted, sizes))
    more.push_back(scope.sub(to, from));
  return c.result(b.pad(dfg::PadMode::Constant, y, b.scalarLike(y, 0), Dims(sizes.size(), b.expr(0)), more));
}

//===----------------------------------------------------------------------===//
// Averages and norms
//===----------------------------------------------------------------------===//

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

static LogicalResult importAveragePool(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto pool = Pool::read(c);
  if (failed(pool))
    return failure();
  Value x = widened({b, c.input(0)});
  Term y{b, pool->reduce(b, dfg::ReduceKind::Sum, x, 0)};
  bool countsPadding = c.integer("count_include_pad");
  Value count;
  for (unsigned i = 0; i < pool->windows.count(); ++i) {
    AffineExpr low = pool->windows.low[i], extent = b.dim(x, 2 + i);
    if (countsPadding) {
      extent = b.scope.add(extent, b.scope.add(low, pool->windows.high[i]));
      low = b.expr(0);
    }
    Value factor = windowCounts(b, *pool, i, low, extent, y);
    count = count ? b.create<dfg::MulOp>(count, factor) : factor;
  }
  return c.result((y / Term(b, count)).cast(b.elementType(c.input(0))));
}

/// The p-th powers of magnitudes, and what takes their sum back.
static Term power(Term x, int64_t p) { return p == 1 ? abs(x) : p == 2 ? square(x) : pow(abs(x), p); }
static Term root(Term x, int64_t p) { return p == 1 ? x : p == 2 ? sqrt(x) : pow(x, 1.0 / p); }

static FailureOr<int64_t> readOrder(NodeContext &c) {
  int64_t p = c.integer("p", 2);
  if (p < 1)
    return c.error() << "has p " << p << ", expected a positive number";
  return p;
}

static LogicalResult importLpPool(NodeContext &c) {
  auto pool = Pool::read(c);
  auto p = readOrder(c);
  if (failed(pool) || failed(p))
    return failure();
  Value x = power(widened({c.b, c.input(0)}), *p);
  Term y = root({c.b, pool->reduce(c.b, dfg::ReduceKind::Sum, x, 0)}, *p);
  return c.result(y.cast(c.b.elementType(c.input(0))));
}

//===----------------------------------------------------------------------===//
// Whole dimensions
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> spatialAxes(NodeContext &c) {
  return llvm::to_vector(llvm::seq<int64_t>(2, std::max<int64_t>(2, c.b.rank(c.input(0)))));
}

static LogicalResult importGlobalMaxPool(NodeContext &c) {
  if (failed(c.requireRank(0, 3)))
    return failure();
  return c.result(c.b.reduce(dfg::ReduceKind::Max, c.input(0), spatialAxes(c)));
}

static LogicalResult importGlobalAveragePool(NodeContext &c) {
  if (failed(c.requireRank(0, 3)))
    return failure();
  Term y = mean(widened({c.b, c.input(0)}), spatialAxes(c));
  return c.result(y.cast(c.b.elementType(c.input(0))));
}

static LogicalResult importGlobalLpPool(NodeContext &c) {
  auto p = readOrder(c);
  if (failed(p) || failed(c.requireRank(0, 3)))
    return failure();
  Term y = root(sum(power(widened({c.b, c.input(0)}), *p), spatialAxes(c)), *p);
  return c.result(y.cast(c.b.elementType(c.input(0))));
}

void registerPoolingOps(OpRegistry &ops) {
  ops.add("AveragePool", importAveragePool);
  ops.add("GlobalAveragePool", importGlobalAveragePool);
  ops.add("GlobalLpPool", importGlobalLpPool, 2);
  ops.add("GlobalMaxPool", importGlobalMaxPool);
  ops.add("LpPool", importLpPool, 2);
  ops.add("MaxPool", importMaxPool);
  ops.add("MaxUnpool", importMaxUnpool);
}

} // namespace tfc
