// Pools over windows and over whole spatial dimensions, and the reverse of max pooling.
#include "Windows.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// A pool as its node says.
static FailureOr<Pool> readPool(NodeContext &c) {
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

//===----------------------------------------------------------------------===//
// Maximum
//===----------------------------------------------------------------------===//

static LogicalResult importMaxPool(NodeContext &c) {
  auto pool = readPool(c);
  if (failed(pool))
    return failure();
  int64_t order = c.integer("storage_order");
  if (order != 0 && order != 1)
    return c.error() << "has storage_order " << order << ", expected 0 or 1";
  Value x = c.input(0), y = pool->reduce(c.b, dfg::ReduceKind::Max, x, -HUGE_VAL);
  Value indices;
  if (c.wantsOutput(1))
    indices = positionsOverall(c.b, x, pool->argMax(c.b, x, y, order == 1));
  return c.results({y, indices});
}

/// Puts every element at its place in the result of the inverse pool's usual size, then
/// extends that at the end to the size asked for.
static LogicalResult importMaxUnpool(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto pool = readPool(c);
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

static LogicalResult importAveragePool(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto pool = readPool(c);
  if (failed(pool))
    return failure();
  Value x = widened({b, c.input(0)});
  Term y{b, pool->reduce(b, dfg::ReduceKind::Sum, x, 0)};
  Term count{b, pool->counts(b, x, y, c.integer("count_include_pad"))};
  return c.result((y / count).cast(b.elementType(c.input(0))));
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
  auto pool = readPool(c);
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
