// Patches of images as rows, and morphological dilation, which is a maximum over them.
#include "Images.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

/// x [N, spatial..., C], padded with `fill`, as [N, windows, elements, ..., C]: for each
/// spatial dimension the windows and the elements of each.
static Value patches(GraphBuilder &b, Value x, const Windows &windows, double fill) {
  unsigned count = windows.count();
  Dims low(count + 2, b.expr(0)), high = low;
  for (unsigned i = 0; i < count; ++i) {
    low[1 + i] = windows.low[i];
    high[1 + i] = windows.high[i];
  }
  if (!x)
    return {};
  x = b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, fill), low, high);
  for (unsigned i = count; i-- > 0 && x;) {
    AffineExpr room = b.scope.sub(b.dim(x, 1 + i), windows.span(b, i));
    AffineExpr last = b.scope.floorDiv(room, b.expr(windows.strides[i]));
    Term start = positionsAlong(b, b.scope.add(last, b.expr(1)), 0, 2),
         element = positionsAlong(b, windows.kernel[i], 1, 2);
    Value places = start * double(windows.strides[i]) + element * double(windows.dilations[i]);
    x = b.create<dfg::GatherOp>(x, places, int64_t(1 + i));
  }
  return x;
}

/// Windows whose sizes, strides and rates a node lists for all dimensions of input 0.
static FailureOr<Windows> readWindows(NodeContext &c, ArrayRef<AffineExpr> kernel, StringRef rates) {
  unsigned count = kernel.size();
  auto images = Images::of(c, count + 2);
  if (failed(images))
    return failure();
  auto strides = images->steps("strides");
  auto steps = rates.empty() ? FailureOr<SmallVector<int64_t>>(SmallVector<int64_t>(count, 1)) : images->steps(rates);
  if (failed(strides) || failed(steps))
    return failure();
  StringRef padding = c.string("padding");
  if (padding != "SAME" && padding != "VALID")
    return c.error() << "has padding '" << padding << "', expected SAME or VALID";
  Windows windows{Dims(kernel), *strides, *steps, {}, {}};
  for (unsigned i = 0; i < count; ++i) {
    if (padding == "SAME") {
      windows.addSamePadding(c.b, c.b.dim(c.input(0), 1 + i));
      continue;
    }
    windows.low.push_back(c.b.expr(0));
    windows.high.push_back(c.b.expr(0));
  }
  return windows;
}

static LogicalResult importExtractPatches(NodeContext &c) {
  GraphBuilder &b = c.b;
  bool isVolume = c.op() == "ExtractVolumePatches";
  int64_t rank = isVolume ? 5 : 4;
  if (failed(c.requireRank(0, rank, rank)))
    return failure();
  auto images = Images::of(c, rank);
  if (failed(images))
    return failure();
  auto sizes = images->steps("ksizes");
  if (failed(sizes))
    return failure();
  auto windows = readWindows(c, b.exprs(*sizes), isVolume ? "" : "rates");
  if (failed(windows))
    return failure();
  Value all = patches(b, c.input(0), *windows, 0);
  if (!all)
    return failure();
  // [N, windows..., elements..., C], of which the latter become one.
  SmallVector<int64_t> permutation{0};
  for (int64_t i = 0; i < rank - 2; ++i)
    permutation.push_back(1 + 2 * i);
  for (int64_t i = 0; i < rank - 2; ++i)
    permutation.push_back(2 + 2 * i);
  permutation.push_back(2 * rank - 3);
  return c.result(b.flatten(b.transpose(all, permutation), rank - 1, 2 * rank - 2));
}

static LogicalResult importDilation2D(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(1, 3, 3)) || failed(c.requireSameElements({0, 1})))
    return failure();
  auto windows = readWindows(c, ArrayRef(b.dims(c.input(1))).take_front(2), "rates");
  if (failed(windows))
    return failure();
  Value sums = b.create<dfg::AddOp>(patches(b, c.input(0), *windows, -HUGE_VAL), b.unsqueeze(c.input(1), {1}));
  return c.result(b.reduce(dfg::ReduceKind::Max, sums, {2, 4}, /*keepDims=*/false));
}

/// Inputs: x, the filter and dy. Each gradient belongs to the greatest sum of its window.
static LogicalResult importDilation2DGrad(NodeContext &c, bool ofFilter) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(1, 3, 3)) || failed(c.requireRank(2, 4, 4)) ||
      failed(c.requireSameElements({0, 1, 2})))
    return failure();
  auto windows = readWindows(c, ArrayRef(b.dims(c.input(1))).take_front(2), "rates");
  if (failed(windows))
    return failure();
  Value sums = b.create<dfg::AddOp>(patches(b, c.input(0), *windows, -HUGE_VAL), b.unsqueeze(c.input(1), {1}));
  Value flat = b.flatten(b.transpose(sums, {0, 1, 3, 5, 2, 4}), 4, 6);
  Term element{b, b.createAs<dfg::ArgReduceOp>(b.builder.getI64Type(), dfg::ReduceKind::Max, flat, int64_t(4),
                                               /*keep_dims=*/false, /*last=*/false)};
  if (!element)
    return failure();
  Dims sizes = b.dims(c.input(ofFilter ? 1 : 0)), own = b.dims(element);
  Term channel = positionsAlong(b, own[3], 3, 4), place = element;
  if (!ofFilter) {
    auto along = [&](unsigned i, Term entry) {
      Term start = positionsAlong(b, own[1 + i], 1 + i, 4) * double(windows->strides[i]);
      return start + entry * double(windows->dilations[i]) - countLike(entry, windows->low[i]);
    };
    Term width = countLike(element, windows->kernel[1]), row = element / width, column = element - row * width;
    place = positionsAlong(b, own[0], 0, 4) * countLike(element, sizes[1]) + along(0, row);
    place = place * countLike(element, sizes[2]) + along(1, column);
  }
  place = place * countLike(element, sizes.back()) + channel;
  Value zeros = b.filled(b.elementType(c.input(2)), {b.scope.product(sizes)}, 0);
  Value added = b.create<dfg::ScatterElementsOp>(dfg::ReduceKind::Sum, zeros, b.flatten(place, 0, 4),
                                                 b.flatten(c.input(2), 0, 4), int64_t(0));
  return c.result(b.reshape(added, sizes));
}

static LogicalResult importDilation2DInputGrad(NodeContext &c) { return importDilation2DGrad(c, /*ofFilter=*/false); }
static LogicalResult importDilation2DFilterGrad(NodeContext &c) { return importDilation2DGrad(c, /*ofFilter=*/true); }

void registerPatchOps(OpRegistry &ops) {
  ops.add("Dilation2D", importDilation2D);
  ops.add("Dilation2DBackpropFilter", importDilation2DFilterGrad);
  ops.add("Dilation2DBackpropInput", importDilation2DInputGrad);
  for (StringRef name : {"ExtractImagePatches", "ExtractVolumePatches"})
    ops.add(name, importExtractPatches);
}

} // namespace tfc::tf
