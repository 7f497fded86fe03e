// Convolutions and their transposes.
#include "Windows.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

/// Fails unless `kernel_shape`, where given, is what the weights say.
static LogicalResult checkKernelShape(NodeContext &c, Value w) {
  SmallVector<int64_t> shape = c.b.shape(w), own(ArrayRef(shape).drop_front(2));
  SmallVector<int64_t> given = c.integers("kernel_shape", own);
  bool agrees = own.size() == given.size();
  for (size_t i = 0; agrees && i < own.size(); ++i)
    agrees = ShapedType::isDynamic(own[i]) || own[i] == given[i];
  if (!agrees)
    return c.error() << "has kernel_shape [" << given << "], expected that of the weights, [" << own << "]";
  return success();
}

/// Inputs 0 and 1 are [N, C, spatial...] and weights over as many dimensions.
static LogicalResult checkInputs(NodeContext &c) {
  if (failed(c.requireRank(0, 3)) || failed(c.requireSameElements({0, 1})))
    return failure();
  int64_t rank = c.b.rank(c.input(0));
  if (failed(c.requireRank(1, rank, rank)))
    return failure();
  return checkKernelShape(c, c.input(1));
}

static Value addBias(NodeContext &c, unsigned i, Value y) {
  if (!c.hasInput(i))
    return y;
  if (failed(c.requireSameElements({0, i})) || failed(c.requireRank(i, 1, 1)))
    return {};
  return c.b.create<dfg::AddOp>(y, channelwise(c.b, c.input(i), c.b.rank(y)));
}

static Value convolve(GraphBuilder &b, Value x, Value w, ArrayRef<int64_t> strides, ArrayRef<int64_t> pads,
                      ArrayRef<int64_t> dilations, int64_t groups) {
  return b.create<dfg::ConvOp>(x, w, strides, pads, dilations, groups, /*channels_last=*/false);
}

static LogicalResult importConv(NodeContext &c) {
  if (failed(checkInputs(c)))
    return failure();
  Value x = c.input(0), w = c.input(1);
  auto windows = readWindows(c, ArrayRef(c.b.dims(w)).drop_front(2));
  if (failed(windows))
    return failure();
  SmallVector<int64_t> pads = windows->pad(c.b, x, 0);
  return c.result(
      addBias(c, 2, convolve(c.b, x, w, windows->strides, pads, windows->dilations, c.integer("group", 1))));
}

//===----------------------------------------------------------------------===//
// Transposed
//===----------------------------------------------------------------------===//

/// What a transposed convolution cuts off its full result, per spatial dimension; below 0
/// where it adds zeros.
struct Margins {
  Dims low, high;
};

static FailureOr<Margins> readMargins(NodeContext &c, ArrayRef<AffineExpr> spans, ArrayRef<int64_t> strides) {
  GraphBuilder &b = c.b;
  dfg::DimScope &scope = b.scope;
  unsigned count = strides.size();
  auto pads = readPads(c, count);
  if (failed(pads))
    return failure();
  SmallVector<int64_t> extra = c.integers("output_padding", SmallVector<int64_t>(count, 0));
  SmallVector<int64_t> shape = c.integers("output_shape");
  // Some exporters write the whole shape, with batch and channels.
  if (shape.size() == count + 2)
    shape.erase(shape.begin(), shape.begin() + 2);
  if (extra.size() != count || (!shape.empty() && shape.size() != count))
    return c.error() << "has output_padding [" << extra << "] and output_shape [" << shape << "], expected " << count
                     << " numbers";
  if (llvm::any_of(extra, [](int64_t pad) { return pad < 0 || pad > INT32_MAX; }))
    return c.error() << "has output_padding [" << extra << "], expected numbers from 0 to 2^31";
  StringRef mode = c.string("auto_pad", "NOTSET");
  bool isUpper = mode == "SAME_UPPER", isSame = isUpper || mode == "SAME_LOWER";
  if (!isSame && mode != "NOTSET" && mode != "VALID")
    return c.error() << "has auto_pad '" << mode << "', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER";

  Margins margins;
  for (unsigned i = 0; i < count; ++i) {
    AffineExpr extent = b.dim(c.input(0), 2 + i), stride = b.expr(strides[i]);
    AffineExpr low = b.expr(mode == "VALID" ? 0 : (*pads)[i]);
    AffineExpr high = b.expr((mode == "VALID" ? 0 : (*pads)[count + i]) - extra[i]);
    if (isSame || !shape.empty()) {
      AffineExpr full = scope.add(scope.mul(scope.sub(extent, b.expr(1)), stride), spans[i]);
      AffineExpr wanted = shape.empty() ? scope.mul(extent, stride) : b.expr(shape[i]);
      // output_padding counts as part of what is distributed, but is never computed.
      AffineExpr surplus = scope.sub(full, wanted);
      AffineExpr total = scope.max(scope.add(surplus, b.expr(extra[i])), b.expr(0));
      AffineExpr half = scope.floorDiv(total, b.expr(2));
      low = isUpper ? half : scope.sub(total, half);
      high = scope.sub(surplus, low);
    }
    margins.low.push_back(low);
    margins.high.push_back(high);
  }
  return margins;
}

static LogicalResult importConvTranspose(NodeContext &c) {
  if (failed(checkInputs(c)))
    return failure();
  GraphBuilder &b = c.b;
  dfg::DimScope &scope = b.scope;
  Value x = c.input(0), w = c.input(1);
  unsigned count = b.rank(x) - 2;
  auto strides = readSteps(c, "strides", count), dilations = readSteps(c, "dilations", count);
  int64_t groups = c.integer("group", 1);
  if (failed(strides) || failed(dilations))
    return failure();
  if (groups < 1)
    return c.error() << "has group " << groups << ", expected a positive number";
  Dims spans;
  for (unsigned i = 0; i < count; ++i) {
    AffineExpr steps = scope.mul(scope.sub(b.dim(w, 2 + i), b.expr(1)), b.expr((*dilations)[i]));
    spans.push_back(scope.add(steps, b.expr(1)));
  }
  auto margins = readMargins(c, spans, *strides);
  if (failed(margins))
    return failure();

  return c.result(
      addBias(c, 2, convolveTransposed(b, x, w, *strides, *dilations, groups, margins->low, margins->high)));
}

//===----------------------------------------------------------------------===//
// Causal
//===----------------------------------------------------------------------===//

/// Every channel by itself, over positions up to its own: those before the first come
/// from the state of an earlier call, or are zero.
static LogicalResult importCausalConvWithState(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})) || failed(c.requireRank(0, 3, 3)) || failed(c.requireRank(1, 3, 3)))
    return failure();
  GraphBuilder &b = c.b;
  Value x = c.input(0), w = c.input(1);
  auto channels = b.number(b.dim(w, 0)), taps = b.number(b.dim(w, 2));
  if (!channels || !taps)
    return c.unsupported() << "has weights of type " << w.getType() << ", expected known extents";
  if (*taps < 1 || *channels < 1)
    return c.error() << "has weights of type " << w.getType() << ", expected some elements";
  StringRef activation = c.string("activation", "none");
  if (activation != "none" && activation != "silu" && activation != "swish")
    return c.error() << "has activation '" << activation << "', expected none, silu or swish";
  if (c.hasInput(3) && (failed(c.requireSameElements({0, 3})) || failed(c.requireRank(3, 3, 3))))
    return failure();

  AffineExpr reach = b.expr(*taps - 1);
  Value padded = x;
  if (c.hasInput(3))
    padded = b.concat({c.input(3), x}, 2);
  else
    padded = b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, 0), {b.expr(0), b.expr(0), reach}, b.exprs({0, 0, 0}));
  Value state = b.sliceAxis(padded, 2, b.dim(x, 2), reach);

  Value y = c.hasInput(3) ? convolve(b, padded, w, {1}, {0, 0}, {1}, *channels)
                          : convolve(b, x, w, {1}, {*taps - 1, 0}, {1}, *channels);
  y = addBias(c, 2, y);
  if (activation != "none") {
    Term wide = widened({b, y});
    y = (wide * sigmoid(wide)).cast(b.elementType(x));
  }
  return c.results({y, state});
}

void registerConvolutionOps(OpRegistry &ops) {
  ops.add("CausalConvWithState", importCausalConvWithState, 27);
  ops.add("Conv", importConv);
  ops.add("ConvTranspose", importConvTranspose);
}

} // namespace tfc
