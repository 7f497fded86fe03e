// Fourier transforms, windows and mel filters.
#include "Axes.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Fourier transforms
//===----------------------------------------------------------------------===//

/// Transforms x [..., 1 or 2] along an axis, cut or padded to `length`.
static Value transform(GraphBuilder &b, Value x, AffineExpr length, int64_t axis, bool inverse, bool onesided) {
  Type element = b.elementType(x);
  Value wide = b.fromContent(length, {}, b.builder.getI64Type());
  return b.cast(b.create<dfg::DftOp>(widened({b, x}), wide, axis, inverse, onesided), element);
}

/// Fails unless input 0 is a signal of this rank at least, of real or complex numbers.
static LogicalResult requireSignal(NodeContext &c, int64_t least) {
  if (failed(c.requireRank(0, least)))
    return failure();
  int64_t parts = c.b.shape(c.input(0)).back();
  if (parts != 1 && parts != 2)
    return c.error() << "has signal " << c.input(0).getType() << ", expected 1 or 2 as its last dimension";
  return success();
}

/// A length that an input tells.
static FailureOr<AffineExpr> number(NodeContext &c, unsigned input) {
  auto content = c.content(input);
  if (failed(content))
    return failure();
  if (content->size() != 1)
    return c.error() << "has " << content->size() << " numbers as input " << input << ", expected one";
  return content->front();
}

static LogicalResult importDFT(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(requireSignal(c, 2)))
    return failure();
  Value x = c.input(0);
  int64_t rank = b.rank(x);
  bool inverse = c.integer("inverse"), onesided = c.integer("onesided");
  Dims axes{b.expr(rank - 2)};
  if (c.version < 20) {
    auto axis = c.axis(c.integer("axis", 1), rank);
    if (failed(axis))
      return failure();
    axes = {b.expr(*axis)};
  } else if (c.hasInput(2)) {
    auto given = axesOf(c, 2, rank);
    if (failed(given))
      return failure();
    axes = **given;
  }
  if (axes.size() != 1)
    return c.error() << "has " << axes.size() << " axes, expected one";
  FailureOr<AffineExpr> given = AffineExpr();
  if (c.hasInput(1) && failed(given = number(c, 1)))
    return failure();
  // Any but the last, which holds the parts of numbers.
  return c.result(withAxes(c, axes, rank - 1, [&](ArrayRef<int64_t> axis) -> Value {
    AffineExpr length = b.dim(x, axis.front());
    if (*given)
      length = *given;
    else if (inverse && onesided)
      length = b.scope.max(b.scope.mul(b.scope.sub(length, b.expr(1)), b.expr(2)), b.expr(1));
    return transform(b, x, length, axis.front(), inverse, onesided);
  }));
}

/// Frames of the signal [batch, length, parts], weighted by the window, transformed.
static LogicalResult importSTFT(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(requireSignal(c, 3)) || failed(c.requireRank(0, 3, 3)))
    return failure();
  Value x = c.input(0);
  auto step = number(c, 1);
  FailureOr<AffineExpr> size = b.dim(x, 1);
  if (c.hasInput(3))
    size = number(c, 3);
  else if (c.hasInput(2) && succeeded(c.requireRank(2, 1, 1)))
    size = b.dim(c.input(2), 0);
  if (failed(step) || failed(size))
    return failure();
  if (auto constant = b.number(*step); constant && *constant < 1)
    return c.error() << "has frame_step " << *constant << ", expected at least 1";
  dfg::DimScope &scope = b.scope;
  AffineExpr reach = scope.sub(b.dim(x, 1), *size), steps = b.quotient(scope.max(reach, b.expr(0)), *step);
  AffineExpr count = scope.add(steps, b.expr(1));
  Term start{b, b.iota(i64, {count, b.expr(1)}, 0)}, within{b, b.iota(i64, {b.expr(1), *size}, 1)};
  Value frames = b.create<dfg::GatherOp>(x, start * countLike(start, *step) + within, int64_t(1));
  if (c.hasInput(2))
    frames = b.create<dfg::MulOp>(frames, b.unsqueeze(c.input(2), {1}));
  return c.result(transform(b, frames, *size, 2, /*inverse=*/false, c.integer("onesided", 1)));
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// A sum of cosines: weights[0] + weights[1] * cos(t) + weights[2] * cos(2t), with t running
/// once around.
static LogicalResult importWindow(NodeContext &c, std::array<double, 3> weights) {
  GraphBuilder &b = c.b;
  Type element = c.elementType("output_datatype", /*float*/ 1);
  auto size = number(c, 0);
  if (!element || failed(size))
    return failure();
  if (!isa<FloatType>(element))
    return c.unsupported() << "makes a window of " << element << ", expected floats";
  Term i{b, b.iota(wideType(element), {*size}, 0)}, count = countLike(i, *size);
  Term around = c.integer("periodic", 1) ? count : max(count - 1, 1);
  Term t = i * (2 * llvm::numbers::pi) / around;
  Term window = cos(t) * weights[1] + weights[0];
  if (weights[2] != 0)
    window = window + cos(t * 2) * weights[2];
  return c.result(window.cast(element));
}

static LogicalResult importBlackman(NodeContext &c) { return importWindow(c, {0.42, -0.5, 0.08}); }
static LogicalResult importHamming(NodeContext &c) { return importWindow(c, {25.0 / 46, -21.0 / 46, 0}); }
static LogicalResult importHann(NodeContext &c) { return importWindow(c, {0.5, -0.5, 0}); }

//===----------------------------------------------------------------------===//
// Mel filters
//===----------------------------------------------------------------------===//

/// Triangles over the bins of a spectrum whose corners are evenly spaced in mel.
static LogicalResult importMelWeightMatrix(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f64 = b.builder.getF64Type(), element = c.elementType("output_datatype", /*float*/ 1);
  auto bands = number(c, 0), length = number(c, 1);
  if (!element || failed(bands) || failed(length))
    return failure();
  for (unsigned i : {2, 3, 4})
    if (failed(c.requireRank(i, 0, 1)))
      return failure();
  auto scalar = [&](unsigned i) { return Term(b, b.cast(b.reshape(c.input(i), {}), f64)); };
  Term rate = scalar(2), low = scalar(3), high = scalar(4);
  auto mel = [](Term hertz) { return log1p(hertz / 700) * (2595 / llvm::numbers::ln10); };
  AffineExpr corners = b.scope.add(*bands, b.expr(2)),
             bins = b.scope.add(b.scope.floorDiv(*length, b.expr(2)), b.expr(1));
  Term i{b, b.iota(f64, {b.expr(1), corners}, 1)};
  Term step = (mel(high) - mel(low)) / countLike(rate, corners);
  Term hertz = expm1((i * step + mel(low)) * (llvm::numbers::ln10 / 2595)) * 700;
  Term corner = floor((countLike(rate, *length) + 1) * hertz / rate);
  auto side = [&](int64_t first) { return Term(b, b.sliceAxis(corner, 1, b.expr(first), *bands)); };
  Term left = side(0), center = side(1), right = side(2), bin{b, b.iota(f64, {bins, b.expr(1)}, 0)};
  Term zero = rate.number(0), one = rate.number(1);
  Term rising = select(equal(center, left), select(equal(bin, center), one, zero), (bin - left) / (center - left));
  rising = select((bin >= left) & (bin <= center), rising, zero);
  Term falling = select((bin >= center) & (bin < right), (right - bin) / (right - center), zero);
  return c.result(max(rising, falling).cast(element));
}

void registerSignalOps(OpRegistry &ops) {
  ops.add("BlackmanWindow", importBlackman);
  ops.add("DFT", importDFT);
  ops.add("HammingWindow", importHamming);
  ops.add("HannWindow", importHann);
  ops.add("MelWeightMatrix", importMelWeightMatrix);
  ops.add("STFT", importSTFT);
}

} // namespace tfc
