// Where the windows of convolutions and pools lie.
#include "Windows.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

AffineExpr Windows::span(GraphBuilder &b, unsigned i) const {
  return b.scope.add(b.scope.mul(b.scope.sub(kernel[i], b.expr(1)), b.expr(dilations[i])), b.expr(1));
}

SmallVector<int64_t> Windows::pad(GraphBuilder &b, Value &x, double fill) const {
  SmallVector<int64_t> pads;
  bool isStatic = true;
  for (unsigned i = 0; i < count(); ++i) {
    auto before = b.number(low[i]), after = b.number(high[i]);
    isStatic &= before && after;
    // Room for a window that begins inside and ends outside.
    int64_t extra = overhangs ? strides[i] - 1 : 0;
    pads.append({before.value_or(0), after.value_or(0) + extra});
  }
  if (isStatic)
    return pads;
  Dims before{b.expr(0), b.expr(0)}, after{b.expr(0), b.expr(0)};
  for (unsigned i = 0; i < count(); ++i) {
    before.push_back(low[i]);
    after.push_back(high[i]);
  }
  x = b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, fill), before, after);
  for (unsigned i = 0; i < count(); ++i) {
    pads[2 * i] = 0;
    pads[2 * i + 1] = overhangs ? strides[i] - 1 : 0;
  }
  return pads;
}

Value Windows::cut(GraphBuilder &b, Value x, Value y) const {
  dfg::DimScope &scope = b.scope;
  for (unsigned i = 0; overhangs && i < count(); ++i) {
    // Most paddings leave no room for such a window.
    auto after = b.number(high[i]), covered = b.number(span(b, i));
    if (after && covered && *after <= *covered - strides[i])
      continue;
    AffineExpr inside = scope.add(b.dim(x, 2 + i), scope.add(low[i], b.expr(strides[i] - 1)));
    AffineExpr most = scope.floorDiv(inside, b.expr(strides[i]));
    y = b.sliceAxis(y, 2 + i, b.expr(0), scope.min(b.dim(y, 2 + i), most));
  }
  return y;
}

FailureOr<SmallVector<int64_t>> readSteps(NodeContext &c, StringRef name, unsigned count) {
  SmallVector<int64_t> steps = c.integers(name, SmallVector<int64_t>(count, 1));
  if (steps.size() != count || llvm::any_of(steps, [](int64_t step) { return step < 1 || step > INT32_MAX; }))
    return c.error() << "has " << name << " [" << steps << "], expected " << count << " positive numbers below 2^31";
  return steps;
}

FailureOr<SmallVector<int64_t>> readPads(NodeContext &c, unsigned count) {
  SmallVector<int64_t> pads = c.integers("pads", SmallVector<int64_t>(2 * count, 0));
  if (pads.size() != 2 * count)
    return c.error() << "has pads [" << pads << "], expected " << 2 * count << " numbers";
  for (int64_t pad : pads)
    if (pad < 0)
      return c.unsupported() << "has pads [" << pads << "], expected none below 0";
  if (llvm::any_of(pads, [](int64_t pad) { return pad > INT32_MAX; }))
    return c.error() << "has pads [" << pads << "], expected numbers below 2^31";
  return pads;
}

FailureOr<Windows> readWindows(NodeContext &c, ArrayRef<AffineExpr> kernel) {
  GraphBuilder &b = c.b;
  unsigned count = b.rank(c.input(0)) - 2;
  if (kernel.size() != count)
    return c.error() << "has a window over " << kernel.size() << " dimensions, expected " << count;
  auto strides = readSteps(c, "strides", count), dilations = readSteps(c, "dilations", count);
  auto pads = readPads(c, count);
  if (failed(strides) || failed(dilations) || failed(pads))
    return failure();
  Windows windows{Dims(kernel), *strides, *dilations, {}, {}};

  StringRef mode = c.string("auto_pad", "NOTSET");
  bool isUpper = mode == "SAME_UPPER", isSame = isUpper || mode == "SAME_LOWER";
  if (!isSame && mode != "NOTSET" && mode != "VALID")
    return c.error() << "has auto_pad '" << mode << "', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER";
  // The number of windows that SAME asks for is rounded up in any case.
  windows.overhangs = !isSame && c.integer("ceil_mode");
  dfg::DimScope &scope = b.scope;
  for (unsigned i = 0; i < count; ++i) {
    if (!isSame) {
      windows.low.push_back(b.expr(mode == "VALID" ? 0 : (*pads)[i]));
      windows.high.push_back(b.expr(mode == "VALID" ? 0 : (*pads)[count + i]));
      continue;
    }
    AffineExpr extent = b.dim(c.input(0), 2 + i), stride = b.expr((*strides)[i]);
    AffineExpr last = scope.floorDiv(scope.sub(extent, b.expr(1)), stride);
    AffineExpr total = scope.sub(scope.add(scope.mul(last, stride), windows.span(b, i)), extent);
    total = scope.max(total, b.expr(0));
    AffineExpr half = scope.floorDiv(total, b.expr(2)), rest = scope.sub(total, half);
    windows.low.push_back(isUpper ? half : rest);
    windows.high.push_back(isUpper ? rest : half);
  }
  return windows;
}

Value channelwise(GraphBuilder &b, Value vector, int64_t rank) {
  if (rank < 2)
    return vector;
  Dims sizes{b.expr(1), b.count(vector)};
  sizes.append(rank - 2, b.expr(1));
  return b.reshape(vector, sizes);
}

} // namespace tfc
