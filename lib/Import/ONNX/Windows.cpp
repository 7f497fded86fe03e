// Where the windows of convolutions and pools lie.
#include "Windows.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

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
  for (unsigned i = 0; i < count; ++i) {
    if (isSame) {
      windows.addSamePadding(b, b.dim(c.input(0), 2 + i), isUpper);
      continue;
    }
    windows.low.push_back(b.expr(mode == "VALID" ? 0 : (*pads)[i]));
    windows.high.push_back(b.expr(mode == "VALID" ? 0 : (*pads)[count + i]));
  }
  return windows;
}

} // namespace tfc
