// Convolutions and their gradients. Filters are [kernel..., C / groups, O].
#include "Images.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

/// [kernel..., I, O] as [O, I, kernel...].
static Value filtersFirst(GraphBuilder &b, Value w) {
  int64_t rank = b.rank(w);
  SmallVector<int64_t> permutation{rank - 1, rank - 2};
  for (int64_t i = 0; i < rank - 2; ++i)
    permutation.push_back(i);
  return b.transpose(w, permutation);
}

/// Filters of a depthwise convolution, [kernel..., C, M], as one group a channel:
/// [kernel..., 1, C * M].
static Dims separated(GraphBuilder &b, ArrayRef<AffineExpr> sizes) {
  Dims result(sizes.drop_back(2));
  result.append({b.expr(1), b.scope.mul(sizes[sizes.size() - 2], sizes.back())});
  return result;
}

namespace {
/// What convolutions and their gradients have in common; sizes are those of the filters
/// and of the images [N, C, spatial...].
struct Convolution {
  Images images;
  Windows windows;
  Dims filters; // as one group a channel
  int64_t groups = 1;

  static FailureOr<Convolution> read(NodeContext &c, Dims filters, Dims sizes, const Images &images, bool isDepthwise) {
    GraphBuilder &b = c.b;
    unsigned count = images.count();
    if (filters.size() != count + 2)
      return c.error() << "has filters of rank " << filters.size() << ", expected " << count + 2;
    auto channels = b.number(sizes.size() > 1 ? sizes[1] : AffineExpr(b.expr(0)));
    auto inputs = b.number(filters[count]);
    int64_t groups = 1;
    if (isDepthwise) {
      if (!inputs && !(inputs = channels))
        return c.unsupported() << "has a number of channels that only run time tells, expected a constant";
      groups = *inputs;
    } else if (channels && inputs && *inputs > 0) {
      if (*channels % *inputs != 0)
        return c.error() << "has " << *channels << " channels, expected a multiple of the filters' " << *inputs;
      groups = *channels / *inputs;
    }
    if (groups < 1)
      return c.error() << "has no channels";
    auto windows = images.windows(ArrayRef(filters).take_front(count), sizes);
    if (failed(windows))
      return failure();
    return Convolution{images, *windows, isDepthwise ? separated(b, filters) : filters, groups};
  }
};
} // namespace

/// Sizes that an input lists, or those of the input itself where it is a tensor.
static FailureOr<Dims> sizesOf(NodeContext &c, unsigned i, int64_t rank) {
  if (!c.hasInput(i) || c.b.rank(c.input(i)) != 1)
    return c.b.dims(c.input(i));
  return readSizes(c, i, rank);
}

template <bool isDepthwise> static LogicalResult importConv(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})) || failed(c.requireRank(0, 4, 5)))
    return failure();
  auto images = Images::of(c, b.rank(c.input(0)));
  if (failed(images))
    return failure();
  Value x = images->read(c.input(0));
  auto conv = Convolution::read(c, b.dims(c.input(1)), b.dims(x), *images, isDepthwise);
  if (failed(conv))
    return failure();
  Value w = filtersFirst(b, b.reshape(c.input(1), conv->filters));
  SmallVector<int64_t> pads = conv->windows.pad(b, x, 0);
  return c.result(images->write(b.create<dfg::ConvOp>(x, w, conv->windows.strides, pads, conv->windows.dilations,
                                                      conv->groups, /*channels_last=*/false)));
}

/// Inputs: the sizes of x, the filters, and dy.
template <bool isDepthwise> static LogicalResult importInputGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({1, 2})) || failed(c.requireRank(2, 4, 5)))
    return failure();
  auto images = Images::of(c, b.rank(c.input(2)));
  auto given = sizesOf(c, 0, b.rank(c.input(2)));
  if (failed(images) || failed(given))
    return failure();
  Value dy = images->read(c.input(2));
  Dims sizes = images->read(*given), dyDims = b.dims(dy);
  auto conv = Convolution::read(c, b.dims(c.input(1)), sizes, *images, isDepthwise);
  if (failed(conv))
    return failure();
  Value w = filtersFirst(b, b.reshape(c.input(1), conv->filters));
  const Windows &windows = conv->windows;
  dfg::DimScope &scope = b.scope;
  Dims high;
  for (unsigned i = 0; i < windows.count(); ++i) {
    AffineExpr reach = scope.mul(scope.sub(dyDims[2 + i], b.expr(1)), b.expr(windows.strides[i]));
    AffineExpr full = scope.add(reach, windows.span(b, i));
    high.push_back(scope.sub(scope.sub(full, sizes[2 + i]), windows.low[i]));
  }
  return c.result(
      images->write(convolveTransposed(b, dy, w, windows.strides, windows.dilations, conv->groups, windows.low, high)));
}

/// The gradient of filters as products: each element of the kernel was multiplied with a part of
/// x, [pixels, C], and its gradient is that part times dy, [pixels, O]. Null where extents are
/// not known, or where there would be too many products.
static Value filterGradByProducts(GraphBuilder &b, Value x, Value dy, const Convolution &conv,
                                  ArrayRef<AffineExpr> sizes) {
  constexpr int64_t kMostProducts = 25;
  const Windows &windows = conv.windows;
  const int64_t count = windows.count();
  SmallVector<int64_t> kernel;
  Dims low{b.expr(0)}, high = low, xDims = b.dims(x), dyDims = b.dims(dy);
  int64_t products = 1;
  for (int64_t i = 0; i < count; ++i) {
    AffineExpr reach = b.scope.mul(b.scope.sub(dyDims[2 + i], b.expr(1)), b.expr(windows.strides[i]));
    auto extent = b.number(sizes[i]), before = b.number(windows.low[i]);
    auto behind =
        b.number(b.scope.sub(b.scope.sub(b.scope.add(reach, windows.span(b, i)), xDims[2 + i]), windows.low[i]));
    if (conv.groups != 1 || !extent || !before || !behind || *before < 0 || *extent < 1 ||
        (products *= *extent) > kMostProducts)
      return {};
    kernel.push_back(*extent);
    low.push_back(b.expr(*before));
    high.push_back(b.expr(std::max<int64_t>(*behind, 0)));
  }
  low.push_back(b.expr(0));
  high.push_back(b.expr(0));
  SmallVector<int64_t> channelsLast{0}, strides{1};
  for (int64_t i = 0; i < count; ++i) {
    channelsLast.push_back(2 + i);
    strides.push_back(windows.strides[i]);
  }
  channelsLast.push_back(1);
  strides.push_back(1);
  x = b.pad(dfg::PadMode::Constant, b.transpose(x, channelsLast), b.scalarLike(x, 0), low, high);
  dy = b.transpose(dy, channelsLast);
  Dims pixels = b.dims(dy);
  AffineExpr channels = xDims[1], outputs = dyDims[1];
  pixels.back() = channels;
  AffineExpr rows = b.scope.product(ArrayRef(pixels).drop_back());
  dy = b.reshape(dy, {rows, outputs});
  SmallVector<Value> parts;
  for (int64_t tap = 0; tap < products; ++tap) {
    Dims offsets(count + 2, b.expr(0));
    int64_t rest = tap;
    for (int64_t i = count; i-- > 0; rest /= kernel[i])
      offsets[1 + i] = b.expr(rest % kernel[i] * windows.dilations[i]);
    Value part = b.reshape(b.slice(x, offsets, pixels, strides), {rows, channels});
    parts.push_back(b.create<dfg::MatmulOp>(part, dy, /*transpose_a=*/true, /*transpose_b=*/false));
  }
  return b.reshape(parts.size() == 1 ? parts[0] : b.concat(parts, 0), sizes);
}

/// Inputs: x, the sizes of the filters, and dy. The gradient at an element of a filter is
/// a product of dy with the part of x that it was multiplied with: a convolution of x with
/// dy as the filter, over the batch in place of the channels.
template <bool isDepthwise> static LogicalResult importFilterGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 2})) || failed(c.requireRank(2, 4, 5)) ||
      failed(c.requireRank(0, b.rank(c.input(2)), b.rank(c.input(2)))))
    return failure();
  int64_t rank = b.rank(c.input(0));
  auto images = Images::of(c, rank);
  auto sizes = sizesOf(c, 1, rank);
  if (failed(images) || failed(sizes))
    return failure();
  Value x = images->read(c.input(0)), dy = images->read(c.input(2));
  Dims xDims = b.dims(x), dyDims = b.dims(dy);
  auto conv = Convolution::read(c, *sizes, xDims, *images, isDepthwise);
  if (failed(conv))
    return failure();
  if (Value dw = filterGradByProducts(b, x, dy, *conv, *sizes))
    return c.result(dw);
  const Windows &windows = conv->windows;
  dfg::DimScope &scope = b.scope;
  // Groups of channels stay apart: [I, groups * N, spatial...].
  Dims split{xDims[0], b.expr(conv->groups), conv->filters[images->count()]},
      merged{split[2], scope.mul(split[1], split[0])};
  split.append(xDims.begin() + 2, xDims.end());
  merged.append(xDims.begin() + 2, xDims.end());
  SmallVector<int64_t> channelsOut{2, 1, 0}, swapped{1, 0}, filtersLast;
  for (int64_t i = 2; i < rank; ++i) {
    channelsOut.push_back(i + 1);
    swapped.push_back(i);
    filtersLast.push_back(i);
  }
  filtersLast.append({0, 1});
  x = b.reshape(b.transpose(b.reshape(x, split), channelsOut), merged);
  dy = b.transpose(dy, swapped);
  // As many windows as a filter has elements, whatever else of x is left.
  Windows inverse{Dims(ArrayRef(dyDims).drop_front(2)), windows.dilations, windows.strides, {}, {}};
  bool isStatic = true;
  for (unsigned i = 0; i < windows.count(); ++i) {
    AffineExpr reach = scope.sub(windows.span(b, i), b.expr(1));
    AffineExpr high = scope.sub(scope.sub(scope.add(reach, inverse.span(b, i)), xDims[2 + i]), windows.low[i]);
    inverse.low.push_back(windows.low[i]);
    inverse.high.push_back(high);
    isStatic &= b.number(high).value_or(-1) >= 0;
  }
  SmallVector<int64_t> pads(2 * windows.count(), 0);
  if (isStatic) {
    pads = inverse.pad(b, x, 0);
  } else {
    Dims low{b.expr(0), b.expr(0)}, high = low;
    low.append(inverse.low);
    high.append(inverse.high);
    x = b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, 0), low, high);
  }
  Value dw = b.create<dfg::ConvOp>(x, dy, inverse.strides, pads, inverse.dilations, conv->groups,
                                   /*channels_last=*/false);
  return c.result(b.reshape(b.transpose(dw, filtersLast), *sizes));
}

void registerConvolutionOps(OpRegistry &ops) {
  for (StringRef name : {"Conv2D", "Conv3D"})
    ops.add(name, importConv<false>);
  for (StringRef name : {"Conv2DBackpropInput", "Conv3DBackpropInput", "Conv3DBackpropInputV2"})
    ops.add(name, importInputGrad<false>);
  for (StringRef name : {"Conv2DBackpropFilter", "Conv3DBackpropFilter", "Conv3DBackpropFilterV2"})
    ops.add(name, importFilterGrad<false>);
  ops.add("DepthwiseConv2dNative", importConv<true>);
  ops.add("DepthwiseConv2dNativeBackpropFilter", importFilterGrad<true>);
  ops.add("DepthwiseConv2dNativeBackpropInput", importInputGrad<true>);
}

} // namespace tfc::tf
