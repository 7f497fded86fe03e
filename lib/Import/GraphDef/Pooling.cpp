// Pools over windows of images, and their gradients.
#include "Images.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

namespace {
/// A pool as its node says, over images [N, C, spatial...] of these sizes.
struct NodePool {
  Images images;
  Pool pool;

  /// `sizes` are in the node's layout; those of windows and strides are attributes, or
  /// the inputs from `inputs` on.
  static FailureOr<NodePool> read(NodeContext &c, ArrayRef<AffineExpr> sizes, std::optional<unsigned> inputs = {}) {
    if (sizes.size() < 4 || sizes.size() > 5)
      return c.error() << "has images of rank " << sizes.size() << ", expected 4 or 5";
    auto images = Images::of(c, sizes.size());
    if (failed(images))
      return failure();
    FailureOr<SmallVector<int64_t>> kernel, strides;
    if (inputs) {
      auto first = c.constants(*inputs), second = c.constants(*inputs + 1);
      if (failed(first) || failed(second))
        return failure();
      kernel = images->steps(*first, "ksize");
      strides = images->steps(*second, "strides");
    } else {
      kernel = images->steps("ksize");
      strides = images->steps("strides");
    }
    if (failed(kernel) || failed(strides))
      return failure();
    auto windows = images->windows(c.b.exprs(*kernel), images->read(sizes), *strides);
    if (failed(windows))
      return failure();
    return NodePool{*images, Pool{*windows, *kernel}};
  }

  Value largest(GraphBuilder &b, Value x) const { return pool.reduce(b, dfg::ReduceKind::Max, x, -HUGE_VAL); }
};
} // namespace

/// Zeros like x [N, C, spatial...] with updates added at i64 positions in all its elements.
static Value spread(GraphBuilder &b, Value x, Value positions, Value updates) {
  if (!x || !positions || !updates)
    return {};
  Value zeros = b.filled(b.elementType(updates), {b.count(x)}, 0);
  auto flat = [&](Value value) { return b.flatten(value, 0, b.rank(value)); };
  Value sums =
      b.create<dfg::ScatterElementsOp>(dfg::ReduceKind::Sum, zeros, flat(positions), flat(updates), int64_t(0));
  return b.reshape(sums, b.dims(x));
}

//===----------------------------------------------------------------------===//
// Maximum
//===----------------------------------------------------------------------===//

/// Where windows and strides are inputs, these come last.
static std::optional<unsigned> inputsOfV2(NodeContext &c) {
  return c.hasAttribute("ksize") ? std::nullopt : std::optional<unsigned>(c.inputCount() - 2);
}

static LogicalResult importMaxPool(NodeContext &c) {
  auto node = NodePool::read(c, c.b.dims(c.input(0)), inputsOfV2(c));
  if (failed(node))
    return failure();
  return c.result(node->images.write(node->largest(c.b, node->images.read(c.input(0)))));
}

/// Inputs: x, y, dy.
static LogicalResult importMaxPoolGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto node = NodePool::read(c, b.dims(c.input(0)), inputsOfV2(c));
  if (failed(node) || failed(c.requireSameElements({0, 2})))
    return failure();
  Value x = node->images.read(c.input(0)), dy = node->images.read(c.input(2));
  Term places = positionsOverall(b, x, node->pool.argMax(b, x, node->largest(b, x)));
  return c.result(node->images.write(spread(b, x, places, dy)));
}

/// Inputs: x, y, and the gradient of dx.
static LogicalResult importMaxPoolGradGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto node = NodePool::read(c, b.dims(c.input(0)), inputsOfV2(c));
  if (failed(node))
    return failure();
  Value x = node->images.read(c.input(0)), gradient = node->images.read(c.input(2));
  Value places = positionsOverall(b, x, node->pool.argMax(b, x, node->largest(b, x)));
  Value flat = b.flatten(gradient, 0, b.rank(gradient));
  return c.result(node->images.write(b.create<dfg::GatherOp>(flat, places, int64_t(0))));
}

/// Positions are ((batch * height + y) * width + x) * channels + channel, or those within
/// one image.
static LogicalResult importMaxPoolWithArgmax(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto node = NodePool::read(c, b.dims(c.input(0)));
  Type type = c.hasAttribute("Targmax") ? c.elementType("Targmax") : b.builder.getI64Type();
  if (failed(node) || !type)
    return failure();
  Value x = node->images.read(c.input(0)), y = node->largest(b, x);
  Term place = node->pool.argMax(b, x, y);
  Dims sizes = b.dims(x);
  Term batch = positionsAlong(b, sizes[0], 0, 4), channel = positionsAlong(b, sizes[1], 1, 4);
  if (c.boolean("include_batch_in_index"))
    place = place + batch * countLike(batch, b.scope.mul(sizes[2], sizes[3]));
  place = place * countLike(place, sizes[1]) + channel;
  return c.results({node->images.write(y), node->images.write(place.cast(type))});
}

/// Inputs: x, dy, and positions as MaxPoolWithArgmax gives them.
static LogicalResult importMaxPoolGradWithArgmax(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(2, 4, 4)) || failed(c.requireSameElements({0, 1})))
    return failure();
  Dims sizes = b.dims(c.input(0));
  Term place{b, b.cast(c.input(2), b.builder.getI64Type())};
  if (!c.boolean("include_batch_in_index")) {
    Term batch = positionsAlong(b, sizes[0], 0, 4);
    place = place + batch * countLike(batch, b.scope.product(ArrayRef(sizes).drop_front()));
  }
  return c.result(spread(b, c.input(0), place, c.input(1)));
}

//===----------------------------------------------------------------------===//
// Average
//===----------------------------------------------------------------------===//

static LogicalResult importAvgPool(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto node = NodePool::read(c, b.dims(c.input(0)));
  if (failed(node))
    return failure();
  Value x = widened({b, node->images.read(c.input(0))});
  Term total{b, node->pool.reduce(b, dfg::ReduceKind::Sum, x, 0)}, count{b, node->pool.counts(b, x, total)};
  return c.result(node->images.write((total / count).cast(b.elementType(c.input(0)))));
}

/// Inputs: the sizes of x, and dy. Every element of x gets its share of the windows that
/// it lies in: a pool of dy, with zeros between its elements.
static LogicalResult importAvgPoolGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1, 1)) || failed(c.requireRank(1, 4, 5)))
    return failure();
  auto given = readSizes(c, 0, b.rank(c.input(1)));
  if (failed(given))
    return failure();
  auto node = NodePool::read(c, *given);
  if (failed(node))
    return failure();
  Term dy = widened({b, node->images.read(c.input(1))});
  Dims sizes = node->images.read(*given), dyDims = b.dims(dy);
  const Windows &windows = node->pool.windows;
  dfg::DimScope &scope = b.scope;
  // Only its sizes matter.
  Value x = b.broadcastTo(b.scalarLike(dy, 0), sizes);
  Value shares = dy / Term(b, node->pool.counts(b, x, dy));
  Dims low{b.expr(0), b.expr(0)}, high = low;
  SmallVector<int64_t> between{0, 0}, ones(windows.count(), 1), none(2 * windows.count(), 0);
  for (unsigned i = 0; i < windows.count(); ++i) {
    AffineExpr reach = scope.sub(windows.kernel[i], b.expr(1)), stride = b.expr(windows.strides[i]);
    AffineExpr span = scope.add(scope.mul(scope.sub(dyDims[2 + i], b.expr(1)), stride), b.expr(1));
    low.push_back(scope.sub(reach, windows.low[i]));
    high.push_back(scope.sub(scope.sub(scope.add(sizes[2 + i], reach), span), low.back()));
    between.push_back(windows.strides[i] - 1);
  }
  if (!shares)
    return failure();
  shares = b.pad(dfg::PadMode::Constant, shares, b.scalarLike(shares, 0), low, high, between);
  Value dx = b.create<dfg::PoolOp>(dfg::ReduceKind::Sum, shares, node->pool.kernel, ones, none, ones,
                                   /*channels_last=*/false);
  return c.result(node->images.write(b.cast(dx, b.elementType(c.input(1)))));
}

void registerPoolingOps(OpRegistry &ops) {
  for (StringRef name : {"AvgPool", "AvgPool3D"})
    ops.add(name, importAvgPool);
  for (StringRef name : {"AvgPoolGrad", "AvgPool3DGrad"})
    ops.add(name, importAvgPoolGrad);
  for (StringRef name : {"MaxPool", "MaxPoolV2", "MaxPool3D"})
    ops.add(name, importMaxPool);
  for (StringRef name : {"MaxPoolGrad", "MaxPoolGradV2", "MaxPool3DGrad"})
    ops.add(name, importMaxPoolGrad);
  for (StringRef name : {"MaxPoolGradGrad", "MaxPoolGradGradV2", "MaxPool3DGradGrad"})
    ops.add(name, importMaxPoolGradGrad);
  ops.add("MaxPoolGradWithArgmax", importMaxPoolGradWithArgmax);
  ops.add("MaxPoolWithArgmax", importMaxPoolWithArgmax);
}

} // namespace tfc::tf
