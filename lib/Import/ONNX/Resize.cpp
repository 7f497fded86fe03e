// Resize and its predecessor Upsample: one axis after the other, as a gather (nearest) or
// as weighted sums of neighbours (everything else).
//
// Coordinates are computed in f32, at compile time where extents and scales are known and
// by the step otherwise: the formulas serve both, on `float` and on `Term`.
#include "Interpolation.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

namespace {

/// What a node says of all axes.
struct Rule {
  StringRef mode, coordinates, nearest;
  bool antialias = false, excludesOutside = false;
  float cubic = -0.75f, extrapolation = 0;

  bool isNearest() const { return mode == "nearest"; }
  bool crops() const { return coordinates == "tf_crop_and_resize"; }
  /// Whether weights need to be divided by their sum.
  bool normalizes() const { return antialias || excludesOutside; }
  /// How far the filter reaches, in elements of the (shrunk) input.
  int64_t reach() const { return mode == "cubic" ? 2 : 1; }
};

/// One axis: extents of x and y, the extent of y before rounding, y's extent over x's, and
/// which part of x is wanted (`begin` and `end` only for tf_crop_and_resize).
template <class T> struct Axis {
  T from, to, ideal, scale, begin, end;
};

/// Where in x element i of y lies.
template <class T> T sourceOf(const Rule &rule, const Axis<T> &axis, T i) {
  StringRef how = rule.coordinates;
  if (how == "asymmetric")
    return i / axis.scale;
  if (how == "tf_half_pixel_for_nn")
    return (i + 0.5f) / axis.scale;
  if (how == "align_corners")
    return select(equal(axis.ideal, 1), i - i, i * (axis.from - 1) / (axis.ideal - 1));
  if (how == "tf_crop_and_resize") {
    T size = (axis.end - axis.begin) * (axis.from - 1);
    return axis.begin * (axis.from - 1) + select(equal(axis.ideal, 1), i - i + size / 2, i * size / (axis.ideal - 1));
  }
  // In this order, so that ties fall as in other runtimes.
  T center = (i + 0.5f) / axis.scale;
  if (how == "half_pixel_symmetric")
    return axis.from / 2 * (1 - axis.to / axis.ideal) + center - 0.5f;
  center = center - 0.5f;
  if (how == "pytorch_half_pixel")
    return select(equal(axis.ideal, 1), i - i, center);
  return center;
}

/// The element that stands for a position between two.
template <class T> T nearestTo(const Rule &rule, const Axis<T> &axis, T x) {
  if (rule.nearest == "floor")
    return floor(x);
  if (rule.nearest == "ceil")
    return ceil(x);
  if (rule.nearest == "round_prefer_ceil")
    return floor(x + 0.5f);
  if (rule.nearest == "round_prefer_floor")
    return ceil(x - 0.5f);
  return select(axis.scale < 1, ceil(x), floor(x)); // before opset 11
}

/// The weight of an element at a distance.
template <class T> T weightAt(const Rule &rule, T distance) {
  return rule.mode == "linear" ? triangle(distance) : cubic(distance, rule.cubic);
}

/// What an axis of y is made of: indices [to], or indices and weights [to, terms]; which
/// elements lie inside x, null where all do.
struct Taps {
  Value indices, weights, inside;
};

constexpr int64_t kMostScale = int64_t(1) << 31;
/// Longest table of weights that is made at compile time.
constexpr float kMostTable = 1 << 20;

class AxisTaps {
public:
  AxisTaps(GraphBuilder &b, const Rule &rule, Type weightType) : b(b), rule(rule), weightType(weightType) {}

  /// Entries of the table that `tabulate` makes.
  float termCount(const Axis<float> &axis) const { return axis.to * float(footprint(axis.scale).terms); }

  /// Numbers known at compile time.
  Taps tabulate(const Axis<float> &axis) const {
    int64_t to = axis.to, last = int64_t(axis.from) - 1;
    auto [shrink, first, terms] = footprint(axis.scale);
    SmallVector<int64_t> indices;
    SmallVector<double> weights;
    SmallVector<bool> inside;
    for (int64_t i = 0; i < to; ++i) {
      float x = sourceOf(rule, axis, float(i));
      auto index = [&](float position) { return std::clamp<int64_t>(position, 0, std::max<int64_t>(last, 0)); };
      inside.push_back(!rule.crops() || (x >= 0 && x <= float(last)));
      if (rule.isNearest()) {
        indices.push_back(index(nearestTo(rule, axis, x)));
        continue;
      }
      float sum = 0;
      for (int64_t t = 0; t < terms; ++t) {
        float position = floor(x) + float(first + t);
        bool isOutside = position < 0 || position > float(last);
        float weight = rule.excludesOutside && isOutside ? 0 : weightAt(rule, (position - x) * shrink);
        indices.push_back(index(position));
        weights.push_back(weight);
        sum += weight;
      }
      for (double &weight : MutableArrayRef(weights).take_back(rule.normalizes() && sum != 0 ? terms : 0))
        weight /= sum;
    }
    Taps taps;
    SmallVector<int64_t> shape{to};
    if (!rule.isNearest())
      shape.push_back(terms);
    taps.indices = b.constant(
        DenseElementsAttr::get(RankedTensorType::get(shape, b.builder.getI64Type()), ArrayRef<int64_t>(indices)));
    if (!rule.isNearest())
      taps.weights = b.fromNumbers(weights, shape, weightType);
    if (llvm::is_contained(inside, false))
      taps.inside =
          b.constant(DenseElementsAttr::get(RankedTensorType::get(to, b.builder.getI1Type()), ArrayRef<bool>(inside)));
    return taps;
  }

  /// Numbers that the step computes; null values after an error.
  Taps compute(const Axis<Term> &axis, AffineExpr to) const {
    Type f32 = b.builder.getF32Type(), i64 = b.builder.getI64Type();
    Term x = sourceOf(rule, axis, Term(b, b.iota(f32, {to}, 0))), last = axis.from - 1;
    auto index = [&](Term position) { return limited(position, last).cast(i64); };
    Taps taps;
    if (rule.crops())
      taps.inside = (x >= 0) & (x <= last);
    if (rule.isNearest()) {
      taps.indices = index(nearestTo(rule, axis, x));
      return taps;
    }
    Term shrink = x.number(1), first = x.number(1 - rule.reach());
    AffineExpr terms = b.expr(2 * rule.reach());
    if (rule.antialias) {
      shrink = min(axis.scale, 1);
      first = floor(-double(rule.reach()) / shrink) + 1;
      auto count = b.content((2 - 2 * first).cast(i64));
      if (failed(count))
        return {};
      terms = count->front();
    }
    x = {b, b.unsqueeze(x, {1})};
    Term position = floor(x) + first + Term(b, b.iota(f32, {b.expr(1), terms}, 1));
    Term weights = weightAt(rule, (position - x) * shrink);
    if (rule.excludesOutside)
      weights = select((position >= 0) & (position <= last), weights, weights.number(0));
    if (rule.normalizes())
      weights = weights / sum(weights, {1});
    taps.indices = index(position);
    taps.weights = weights.cast(weightType);
    return taps;
  }

private:
  struct Footprint {
    float shrink;
    int64_t first, terms;
  };
  /// The elements that an element of y is made of, counted from the one at or before its
  /// place; a filter that avoids aliasing grows as y shrinks.
  Footprint footprint(float scale) const {
    float shrink = rule.antialias ? std::min(scale, 1.0f) : 1;
    int64_t first = int64_t(std::floor(-float(rule.reach()) / shrink)) + 1;
    return {shrink, first, 2 - 2 * first};
  }

  GraphBuilder &b;
  const Rule &rule;
  Type weightType;
};

/// A node: what it asks for and what it resizes.
class Resizing {
public:
  Resizing(NodeContext &c, Rule rule) : c(c), b(c.b), rule(rule), rank(b.rank(c.input(0))) {
    for (int64_t i = 0; i < rank; ++i)
      axes.push_back(i);
  }

  SmallVector<int64_t> axes;
  /// One of them: scales (f32) or sizes of the axes; the region of interest as in the node.
  Value scales, region;
  std::optional<Dims> sizes;
  StringRef policy = "stretch";

  LogicalResult import() {
    auto requireCount = [&](StringRef what, Value value, int64_t count) -> LogicalResult {
      if (value && b.shape(value) != ArrayRef<int64_t>(count))
        return c.error() << "has " << what << " of type " << value.getType() << ", expected " << count << " numbers";
      return success();
    };
    if (failed(requireCount("scales", scales, axes.size())) || failed(requireCount("roi", region, 2 * axes.size())))
      return failure();
    if (sizes && sizes->size() != axes.size())
      return c.error() << "has " << sizes->size() << " sizes, expected " << axes.size();
    Value x = c.input(0);
    Type element = b.elementType(x);
    bool isExact = rule.isNearest() || isa<FloatType>(element);
    if (!isExact)
      x = b.cast(x, b.builder.getF32Type());
    if (sizes && policy != "stretch" && failed(keepAspectRatio()))
      return failure();
    // From the last axis, so that what is done most often runs along rows.
    for (int64_t i = axes.size() - 1; i >= 0 && x; --i)
      x = resize(x, i);
    if (!isExact && x)
      x = b.cast(Term(b, b.create<dfg::RoundOp>(x)), element);
    return c.result(x);
  }

private:
  Term number(AffineExpr extent) { return countLike(Term(b, b.scalar(b.builder.getF32Type(), 0)), extent); }
  Term entry(Value vector, int64_t i) {
    return {b, b.cast(b.squeeze(b.sliceAxis(vector, 0, b.expr(i), b.expr(1)), {0}), b.builder.getF32Type())};
  }
  std::optional<float> known(Term x) {
    auto numbers = b.constantNumbers(x);
    return numbers ? std::optional<float>(numbers->front()) : std::nullopt;
  }
  /// The integer part of a number, as an extent; null after an error.
  AffineExpr extent(Term x) {
    auto content = b.content(x.cast(b.builder.getI64Type()));
    return succeeded(content) ? content->front() : AffineExpr();
  }

  /// One scale for all axes, the least or the greatest.
  LogicalResult keepAspectRatio() {
    std::optional<Term> scale;
    auto from = [&](size_t i) { return b.dim(c.input(0), axes[i]); };
    for (size_t i = 0; i < axes.size(); ++i) {
      Term one = number((*sizes)[i]) / number(from(i));
      scale = !scale ? one : policy == "not_larger" ? min(*scale, one) : max(*scale, one);
    }
    for (size_t i = 0; i < axes.size(); ++i)
      if (!((*sizes)[i] = extent(*scale * number(from(i)) + 0.5)))
        return failure();
    common = scale;
    return success();
  }

  /// The extent of y along an axis.
  AffineExpr sizeOf(AffineExpr from, Term scale) {
    auto constant = known(scale);
    if (constant && *constant == std::floor(*constant))
      return b.scope.mul(from, b.expr(*constant));
    return extent(floor(number(from) * scale));
  }

  Value resize(Value x, int64_t i) {
    AffineExpr from = b.dim(x, axes[i]);
    Term scale = common ? *common : sizes ? number((*sizes)[i]) / number(from) : entry(scales, i);
    if (auto constant = known(scale); !scale || (constant && !(*constant > 0 && *constant < float(kMostScale)))) {
      c.error() << "scales axis " << axes[i] << " by " << constant.value_or(0) << ", expected a positive number below "
                << kMostScale;
      return {};
    }
    AffineExpr to = sizes ? (*sizes)[i] : sizeOf(from, scale);
    if (!to)
      return {};
    Term begin = number(b.expr(0)), end = number(b.expr(1));
    if (rule.crops() && region) {
      begin = entry(region, i);
      end = entry(region, axes.size() + i);
    }
    bool isWhole = !rule.crops() || (known(begin) == 0.0f && known(end) == 1.0f);
    if (isWhole && to == from && (sizes || known(scale) == 1.0f))
      return x;
    Axis<Term> axis{number(from), number(to), number(to), scale, begin, end};
    if (!sizes || common)
      axis.ideal = axis.from * scale;
    Type weightType = wideType(b.elementType(x));
    AxisTaps maker(b, rule, weightType);
    auto constants = knownAxis(axis);
    bool isTable = constants && constants->from > 0 && maker.termCount(*constants) < kMostTable;
    Taps taps = isTable ? maker.tabulate(*constants) : maker.compute(axis, to);
    Value y = rule.isNearest() ? b.create<dfg::GatherOp>(x, taps.indices, axes[i])
                               : b.create<dfg::ResampleOp>(x, taps.indices, taps.weights, axes[i]);
    if (!taps.inside || !y)
      return y;
    Dims shape(rank, b.expr(1));
    shape[axes[i]] = to;
    return b.select(b.reshape(taps.inside, shape), y, b.scalarLike(y, rule.extrapolation));
  }

  std::optional<Axis<float>> knownAxis(const Axis<Term> &axis) {
    auto from = known(axis.from), to = known(axis.to), ideal = known(axis.ideal), scale = known(axis.scale);
    auto begin = known(axis.begin), end = known(axis.end);
    if (!from || !to || !ideal || !scale || !begin || !end)
      return std::nullopt;
    return Axis<float>{*from, *to, *ideal, *scale, *begin, *end};
  }

  NodeContext &c;
  GraphBuilder &b;
  Rule rule;
  int64_t rank;
  std::optional<Term> common;
};

} // namespace

static LogicalResult importResize(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)))
    return failure();
  Rule rule;
  rule.mode = c.string("mode", "nearest");
  rule.coordinates = c.string("coordinate_transformation_mode", "half_pixel");
  rule.nearest = c.string("nearest_mode", "round_prefer_floor");
  rule.excludesOutside = c.integer("exclude_outside");
  rule.antialias = c.integer("antialias") && !rule.isNearest();
  rule.cubic = c.number("cubic_coeff_a", -0.75);
  rule.extrapolation = c.number("extrapolation_value");
  StringRef policy = c.string("keep_aspect_ratio_policy", "stretch");
  if (failed(requireOneOf(c, "mode", rule.mode, {"nearest", "linear", "cubic"})) ||
      failed(requireOneOf(c, "coordinate_transformation_mode", rule.coordinates,
                          {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
                           "tf_crop_and_resize", "tf_half_pixel_for_nn"})) ||
      failed(requireOneOf(c, "nearest_mode", rule.nearest,
                          {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"})) ||
      failed(requireOneOf(c, "keep_aspect_ratio_policy", policy, {"stretch", "not_larger", "not_smaller"})))
    return failure();
  Resizing resizing(c, rule);
  if (c.hasAttribute("axes")) {
    auto axes = c.axes(c.integers("axes"), b.rank(c.input(0)));
    if (failed(axes))
      return failure();
    resizing.axes = *axes;
  }
  resizing.policy = policy;
  // Nodes leave inputs out by an empty name or by an empty tensor.
  auto isGiven = [&](unsigned i) { return c.hasInput(i) && b.shape(c.input(i)) != ArrayRef<int64_t>(0); };
  if (isGiven(1) && rule.crops())
    resizing.region = c.input(1);
  if (isGiven(2) == isGiven(3))
    return c.error() << "has " << (isGiven(2) ? "scales and sizes" : "neither scales nor sizes") << ", expected one";
  if (isGiven(2)) {
    resizing.scales = c.input(2);
  } else {
    auto sizes = c.content(3);
    if (failed(sizes))
      return failure();
    resizing.sizes = *sizes;
  }
  return resizing.import();
}

/// Upsample, and Resize as it was in opset 10: scales alone.
static LogicalResult importUpsample(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)))
    return failure();
  Rule rule;
  rule.mode = c.string("mode", "nearest");
  rule.coordinates = "asymmetric";
  if (rule.mode == "bilinear")
    rule.mode = "linear";
  if (failed(requireOneOf(c, "mode", rule.mode, {"nearest", "linear"})))
    return failure();
  Resizing resizing(c, rule);
  if (c.op() == "Upsample" && c.version < 9) {
    SmallVector<double> scales = c.numbers("scales");
    resizing.scales = b.fromNumbers(scales, int64_t(scales.size()), b.builder.getF32Type());
  } else if (failed(c.requireRank(1, 1, 1))) {
    return failure();
  } else {
    resizing.scales = c.input(1);
  }
  return resizing.import();
}

void registerResizeOps(OpRegistry &ops) {
  ops.add("Resize", importUpsample, 10, 10);
  ops.add("Resize", importResize, 11);
  ops.add("Upsample", importUpsample, 7, 9);
}

} // namespace tfc
