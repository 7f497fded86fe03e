// Images in other sizes, and the gradients of that.
//
// An axis is resized by a gather (nearest), by weighted sums of few neighbours, or, where an
// element depends on many, by a product with a matrix of weights; gradients are products
// with its transpose. Positions are computed in f32 as TensorFlow does, at compile time where
// sizes are known and by the step otherwise: the formulas serve both, on `float` and `Term`.
#include "Images.h"
#include "tfc/Import/Common/Interpolation.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

namespace {

/// What a node says of both axes.
struct Rule {
  enum { Nearest, Linear, Cubic, Area } mode;
  bool alignsCorners, halfPixel;

  int64_t terms() const { return mode == Nearest ? 1 : mode == Linear ? 2 : 4; }
  /// Cubic filters differ: only this one leaves out what is outside.
  bool isKeys() const { return mode == Cubic && halfPixel; }
};

float round(float x) { return std::nearbyint(x); }

/// Elements of x that lie between two of y.
template <class T> T scaleOf(const Rule &rule, T from, T to) {
  return rule.alignsCorners ? select(to <= 1, from / to, (from - 1) / max(to - 1, 1)) : from / to;
}

/// Where in x element i of y lies.
template <class T> T sourceOf(const Rule &rule, T i, T scale) {
  if (!rule.halfPixel)
    return i * scale;
  return rule.mode == Rule::Nearest ? (i + 0.5f) * scale : (i + 0.5f) * scale - 0.5f;
}

/// The element that is term t of what lies at x.
template <class T> T positionOf(const Rule &rule, T x, T t) {
  if (rule.mode == Rule::Nearest)
    return rule.alignsCorners ? floor(x + 0.5f) : floor(x);
  return floor(x) + t - float(rule.terms() / 2 - 1);
}

template <class T> T weightOf(const Rule &rule, T x, T position, T last) {
  if (rule.mode == Rule::Linear)
    return triangle(position - x);
  // TensorFlow looks cubic weights up in a table of 1024 steps.
  T distance = floor(x) + round((x - floor(x)) * 1024.0f) / 1024.0f - position;
  T weight = cubic(distance, rule.isKeys() ? -0.5f : -0.75f);
  if (!rule.isKeys())
    return weight;
  return select(position < 0, weight - weight, select(position <= last, weight, weight - weight));
}

/// The elements of x that those of y are made of: i64 indices [to] for the nearest, or
/// [to, terms] with weights.
struct Taps {
  Value indices, weights;
};

class Axis {
public:
  Axis(GraphBuilder &b, const Rule &rule, AffineExpr from, AffineExpr to) : b(b), rule(rule), from(from), to(to) {}

  Taps taps(Type weightType) const {
    auto knownFrom = b.number(from), knownTo = b.number(to);
    if (knownFrom && knownTo && *knownFrom > 0 && *knownTo <= (1 << 18))
      return tabulate(*knownFrom, *knownTo, weightType);
    Type f32 = b.builder.getF32Type(), i64 = b.builder.getI64Type();
    Term i{b, b.iota(f32, {to, b.expr(1)}, 0)}, size = countLike(i, from), last = size - 1;
    Term x = sourceOf(rule, i, scaleOf(rule, size, countLike(i, to)));
    Term position = positionOf(rule, x, Term(b, b.iota(f32, {b.expr(1), b.expr(rule.terms())}, 1)));
    Value indices = limited(position, last).cast(i64);
    if (rule.mode == Rule::Nearest)
      return {b.squeeze(indices, {1}), {}};
    Term weights = weightOf(rule, x, position, last);
    if (rule.isKeys())
      weights = weights / sum(weights, {1});
    return {indices, weights.cast(weightType)};
  }

  /// Weights of the elements of x in those of y, [to, from].
  Value matrix(Type element) const {
    if (rule.mode == Rule::Area)
      return areas(element);
    Taps own = taps(element);
    Value one = b.iota(b.builder.getI64Type(), {b.expr(1), b.expr(1), from}, 2);
    bool isNearest = rule.mode == Rule::Nearest;
    Term isTap = equal(Term(b, b.unsqueeze(own.indices, isNearest ? ArrayRef<int64_t>{1, 2} : ArrayRef<int64_t>{2})),
                       Term(b, one));
    Term weights{b, isNearest ? b.scalar(element, 1) : b.unsqueeze(own.weights, {2})};
    return b.reduce(dfg::ReduceKind::Sum, select(isTap, weights, weights.number(0)), {1}, /*keepDims=*/false);
  }

private:
  Taps tabulate(int64_t from, int64_t to, Type weightType) const {
    float scale = scaleOf<float>(rule, from, to), last = from - 1;
    SmallVector<int64_t> indices, shape{to};
    SmallVector<double> weights;
    for (int64_t i = 0; i < to; ++i) {
      float x = sourceOf<float>(rule, i, scale), total = 0;
      for (int64_t t = 0; t < rule.terms(); ++t) {
        float position = positionOf<float>(rule, x, t);
        indices.push_back(int64_t(std::clamp(position, 0.0f, last)));
        weights.push_back(rule.mode == Rule::Nearest ? 1 : weightOf(rule, x, position, last));
        total += float(weights.back());
      }
      for (double &weight : MutableArrayRef(weights).take_back(rule.isKeys() ? rule.terms() : 0))
        weight /= total;
    }
    bool isNearest = rule.mode == Rule::Nearest;
    if (!isNearest)
      shape.push_back(rule.terms());
    auto type = RankedTensorType::get(shape, b.builder.getI64Type());
    return {b.constant(DenseElementsAttr::get(type, ArrayRef(indices))),
            isNearest ? Value() : b.fromNumbers(weights, shape, weightType)};
  }

  /// How much of each element of x an element of y covers; the last one goes on behind its end.
  Value areas(Type element) const {
    Type f32 = b.builder.getF32Type();
    Term i{b, b.iota(f32, {to, b.expr(1)}, 0)}, j{b, b.iota(f32, {b.expr(1), from}, 1)};
    Term scale = scaleOf(rule, countLike(i, from), countLike(i, to));
    Term isInner = j < countLike(j, from) - 1, end = select(isInner, j + 1, j.number(HUGE_VAL));
    Term covered = max(min(end, (i + 1) * scale) - max(j, i * scale), 0);
    return (covered / scale).cast(element);
  }

  GraphBuilder &b;
  const Rule &rule;
  AffineExpr from, to;
};

} // namespace

/// The product of a matrix, or its transpose, with axis 1 or 2 of images x [N, H, W, C].
static Value multiplyAxis(GraphBuilder &b, Value matrix, Value x, int64_t axis, bool transposed) {
  if (!matrix || !x)
    return {};
  Dims sizes = b.dims(x);
  Value merged = axis == 1 ? b.flatten(x, 2, 4) : b.flatten(x, 0, 2);
  Value product = b.create<dfg::MatmulOp>(matrix, merged, transposed, /*transpose_b=*/false);
  sizes[axis] = b.dim(matrix, transposed ? 1 : 0);
  return b.reshape(product, sizes);
}

static FailureOr<Rule> readRule(NodeContext &c, decltype(Rule::mode) mode) {
  Rule rule{mode, c.boolean("align_corners"), c.boolean("half_pixel_centers")};
  if (rule.alignsCorners && rule.halfPixel)
    return c.error() << "has align_corners and half_pixel_centers, expected one of them";
  return rule;
}

template <int mode> static LogicalResult importResize(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto rule = readRule(c, decltype(Rule::mode)(mode));
  auto sizes = readSizes(c, 1, 2);
  if (failed(rule) || failed(sizes) || failed(c.requireRank(0, 4, 4)))
    return failure();
  Value x = c.input(0);
  bool isNearest = mode == Rule::Nearest;
  Type f32 = b.builder.getF32Type();
  if (!isNearest)
    x = b.cast(x, f32);
  // From the last axis, so that what is done most often runs along rows.
  for (int64_t axis : {2, 1}) {
    Axis along(b, *rule, b.dim(x, axis), (*sizes)[axis - 1]);
    if (mode == Rule::Area) {
      x = multiplyAxis(b, along.matrix(f32), x, axis, /*transposed=*/false);
      continue;
    }
    Taps taps = along.taps(f32);
    x = isNearest ? b.create<dfg::GatherOp>(x, taps.indices, axis)
                  : b.create<dfg::ResampleOp>(x, taps.indices, taps.weights, axis);
  }
  return c.result(x);
}

/// Inputs: dy, and x or its sizes.
template <int mode> static LogicalResult importResizeGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto rule = readRule(c, decltype(Rule::mode)(mode));
  FailureOr<Dims> sizes;
  if (mode == Rule::Nearest)
    sizes = readSizes(c, 1, 2);
  else if (succeeded(c.requireRank(1, 4, 4)))
    sizes = Dims{b.dim(c.input(1), 1), b.dim(c.input(1), 2)};
  if (failed(rule) || failed(sizes) || failed(c.requireRank(0, 4, 4)))
    return failure();
  Term dy = widened({b, c.input(0)});
  Value dx = dy;
  for (int64_t axis : {2, 1}) {
    Axis along(b, *rule, (*sizes)[axis - 1], b.dim(dy, axis));
    dx = multiplyAxis(b, along.matrix(b.elementType(dy)), dx, axis, /*transposed=*/true);
  }
  return c.result(b.cast(dx, b.elementType(c.input(mode == Rule::Nearest ? 0 : 1))));
}

//===----------------------------------------------------------------------===//
// Scales and translations that are data
//===----------------------------------------------------------------------===//

/// The weight of an element at a distance; null if the kernel is not known.
static Value kernelAt(StringRef kernel, Term distance) {
  GraphBuilder &b = distance.builder();
  Term zero = distance.number(0);
  if (kernel == "triangle")
    return triangle(distance);
  if (kernel == "keyscubic")
    return cubic(distance, -0.5f);
  if (kernel == "mitchellcubic") {
    Term d = distance, near = ((d * (7.0 / 6) - 2) * d * d) + 8.0 / 9,
         far = ((d * (-7.0 / 18) + 2) * d - 10.0 / 3) * d + 16.0 / 9;
    return select(d < 1, near, select(d < 2, far, zero));
  }
  if (kernel == "box")
    return select(distance < 0.5, distance.number(1), select(distance <= 0.5, distance.number(0.5), zero));
  if (kernel == "gaussian")
    return select(distance < 1.5, exp(square(distance) * -2), zero);
  double radius = kernel == "lanczos1" ? 1 : kernel == "lanczos3" ? 3 : kernel == "lanczos5" ? 5 : 0;
  if (!radius)
    return {};
  Term angle = distance * llvm::numbers::pi;
  Term sines = angle.apply<dfg::SinOp>() * (angle / radius).apply<dfg::SinOp>() * radius;
  Term wave = select(distance <= 1e-3, distance.number(1), sines / square(max(angle, 1e-3)));
  return Term(b, select(distance <= radius, wave, zero));
}

/// Weights of the elements of x in those of y, [to, from], for y = x * scale + translation.
static Value placementMatrix(NodeContext &c, Term scale, Term translation, AffineExpr from, AffineExpr to) {
  GraphBuilder &b = c.b;
  Type f32 = b.builder.getF32Type();
  StringRef kernel = c.string("kernel_type", "lanczos3");
  Term i{b, b.iota(f32, {to, b.expr(1)}, 0)}, j{b, b.iota(f32, {b.expr(1), from}, 1)};
  Term inverse = 1 / scale, stretch = c.boolean("antialias", true) ? max(inverse, 1) : inverse.number(1);
  Term place = (i + 0.5) * inverse - inverse * translation;
  Term weights{b, kernelAt(kernel, abs(j + 0.5 - place) / stretch)};
  if (!weights) {
    c.unsupported() << "has kernel_type '" << kernel << "'";
    return {};
  }
  Term total = sum(weights, {1});
  weights = select(abs(total) < 1e-35, weights, weights / total);
  Term isInside = (place >= 0) & (place <= countLike(place, from));
  return select(isInside, weights, weights.number(0));
}

/// Both matrices multiplied with the images of input 0; those of the gradient transposed.
static LogicalResult placeImages(NodeContext &c, ArrayRef<AffineExpr> from, ArrayRef<AffineExpr> to, bool isGradient) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(2, 1, 1)) || failed(c.requireRank(3, 1, 1)))
    return failure();
  Value x = b.cast(c.input(0), b.builder.getF32Type());
  for (int64_t axis : {2, 1}) {
    auto entry = [&](unsigned input) {
      return Term(b, b.squeeze(b.sliceAxis(c.input(input), 0, b.expr(axis - 1), b.expr(1)), {0}));
    };
    Value matrix = placementMatrix(c, entry(2), entry(3), from[axis - 1], to[axis - 1]);
    x = multiplyAxis(b, matrix, x, axis, isGradient);
  }
  return c.result(x);
}

static LogicalResult importScaleAndTranslate(NodeContext &c) {
  auto sizes = readSizes(c, 1, 2);
  if (failed(sizes) || failed(c.requireRank(0, 4, 4)))
    return failure();
  return placeImages(c, ArrayRef(c.b.dims(c.input(0))).slice(1, 2), *sizes, /*isGradient=*/false);
}

/// Inputs: dy, x, the scales and translations.
static LogicalResult importScaleAndTranslateGrad(NodeContext &c) {
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(1, 4, 4)))
    return failure();
  Dims from = c.b.dims(c.input(1)), to = c.b.dims(c.input(0));
  return placeImages(c, ArrayRef(from).slice(1, 2), ArrayRef(to).slice(1, 2), /*isGradient=*/true);
}

void registerResizeOps(OpRegistry &ops) {
  ops.add("ResizeArea", importResize<Rule::Area>);
  ops.add("ResizeBicubic", importResize<Rule::Cubic>);
  ops.add("ResizeBicubicGrad", importResizeGrad<Rule::Cubic>);
  ops.add("ResizeBilinear", importResize<Rule::Linear>);
  ops.add("ResizeBilinearGrad", importResizeGrad<Rule::Linear>);
  ops.add("ResizeNearestNeighbor", importResize<Rule::Nearest>);
  ops.add("ResizeNearestNeighborGrad", importResizeGrad<Rule::Nearest>);
  ops.add("ScaleAndTranslate", importScaleAndTranslate);
  ops.add("ScaleAndTranslateGrad", importScaleAndTranslateGrad);
}

} // namespace tfc::tf
