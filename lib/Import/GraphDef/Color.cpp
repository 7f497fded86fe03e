// Colors and contrast of images whose channels come last.
#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

namespace {
/// Three channels, each with extent 1 in the last dimension.
struct Channels {
  Term a, b, c;

  static Channels of(Term x) {
    GraphBuilder &builder = x.builder();
    int64_t last = builder.rank(x) - 1;
    auto channel = [&](int64_t i) {
      return Term(builder, builder.sliceAxis(x, last, builder.expr(i), builder.expr(1)));
    };
    return {channel(0), channel(1), channel(2)};
  }
  Term joined() const {
    GraphBuilder &builder = a.builder();
    return {builder, builder.concat({a, b, c}, builder.rank(a) - 1)};
  }
};
} // namespace

static Term hsvOf(Term x) {
  auto [r, g, b] = Channels::of(x);
  Term value = max(max(r, g), b), range = value - min(min(r, g), b), zero = value.number(0);
  Term saturation = select(value > 0, range / value, zero), unit = 1 / (range * 6);
  Term hue = select(equal(r, value), (g - b) * unit,
                    select(equal(g, value), (b - r) * unit + 2.0 / 6, (r - g) * unit + 4.0 / 6));
  hue = select(range > 0, hue, zero);
  return Channels{select(hue < 0, hue + 1, hue), saturation, value}.joined();
}

static Term rgbOf(Term x) {
  Channels hsv = Channels::of(x);
  Term angle = hsv.a * 6, saturation = hsv.b, rest = 1 - saturation, value = hsv.c;
  auto channel = [&](Term weight) { return (rest + saturation * clamp(weight, 0, 1)) * value; };
  return Channels{channel(abs(angle - 3) - 1), channel(2 - abs(angle - 2)), channel(2 - abs(angle - 4))}.joined();
}

/// Fails unless input 0 has three channels.
static LogicalResult requireColors(NodeContext &c) {
  if (failed(c.requireRank(0, 1)))
    return failure();
  auto channels = c.b.number(c.b.dim(c.input(0), -1));
  if (channels && *channels != 3)
    return c.error() << "has images " << c.input(0).getType() << ", expected 3 channels";
  return success();
}

template <Term (*function)(Term)> static LogicalResult importConversion(NodeContext &c) {
  if (failed(requireColors(c)))
    return failure();
  return c.result(function(widened({c.b, c.input(0)})).cast(c.b.elementType(c.input(0))));
}

static LogicalResult importAdjustHue(NodeContext &c) {
  if (failed(requireColors(c)))
    return failure();
  Term x = widened({c.b, c.input(0)}), delta{c.b, c.b.cast(c.input(1), c.b.elementType(x))};
  Channels hsv = Channels::of(hsvOf(x));
  hsv.a = hsv.a + delta;
  hsv.a = hsv.a - floor(hsv.a);
  return c.result(rgbOf(hsv.joined()).cast(c.b.elementType(c.input(0))));
}

static LogicalResult importAdjustSaturation(NodeContext &c) {
  if (failed(requireColors(c)))
    return failure();
  Term x = widened({c.b, c.input(0)}), scale{c.b, c.b.cast(c.input(1), c.b.elementType(x))};
  Channels hsv = Channels::of(hsvOf(x));
  hsv.b = clamp(hsv.b * scale, 0, 1);
  return c.result(rgbOf(hsv.joined()).cast(c.b.elementType(c.input(0))));
}

static LogicalResult importAdjustContrast(NodeContext &c) {
  if (failed(c.requireRank(0, 3)))
    return failure();
  Term x = widened({c.b, c.input(0)}), factor{c.b, c.b.cast(c.input(1), c.b.elementType(x))};
  int64_t rank = c.b.rank(x);
  Term mean = tfc::mean(x, {rank - 3, rank - 2});
  return c.result(((x - mean) * factor + mean).cast(c.b.elementType(c.input(0))));
}

void registerColorOps(OpRegistry &ops) {
  ops.add("AdjustContrastv2", importAdjustContrast);
  ops.add("AdjustHue", importAdjustHue);
  ops.add("AdjustSaturation", importAdjustSaturation);
  ops.add("HSVToRGB", importConversion<rgbOf>);
  ops.add("RGBToHSV", importConversion<hsvOf>);
}

} // namespace tfc::tf
