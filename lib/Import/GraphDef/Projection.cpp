// Images seen through projective transformations.
#include "Images.h"
#include "tfc/Import/Common/Interpolation.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

/// Positions outside of [0, last] as a mode maps them inside.
static Term mapped(StringRef mode, Term at, Term last) {
  Term zero = at.number(0), size = last + 1;
  Term isOne = last <= zero;
  auto whole = [](Term x) { return x.apply<dfg::TruncOp>(); };
  if (mode == "REFLECT") {
    Term twice = size * 2.0, low = select(at < twice, twice * whole(-at / twice) + at, at);
    low = select(low < -size, low + twice, -low - 1.0);
    Term high = at - twice * whole(at / twice);
    high = select(high >= size, twice - high - 1.0, high);
    at = select(at < 0.0, select(isOne, zero, low), select(at > last, select(isOne, zero, high), at));
  } else if (mode == "WRAP") {
    Term gap = max(last, 1), low = at + size * (whole(-at / gap) + 1.0), high = at - size * whole(at / gap);
    at = select(at < 0.0, select(isOne, zero, low), select(at > last, select(isOne, zero, high), at));
  } else if (mode == "CONSTANT") {
    return at;
  }
  return min(max(at, 0), last);
}

/// Inputs: images, transformations [N or 1, 8], the size of the results, and (version 3) what
/// lies outside.
static LogicalResult importProjectiveTransform(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f32 = b.builder.getF32Type(), i64 = b.builder.getI64Type();
  auto sizes = readSizes(c, 2, 2);
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(1, 2, 2)) || failed(sizes))
    return failure();
  StringRef mode = c.string("fill_mode", "CONSTANT"), method = c.string("interpolation");
  if (method != "NEAREST" && method != "BILINEAR")
    return c.error() << "has interpolation '" << method << "', expected NEAREST or BILINEAR";
  if (!llvm::is_contained({"CONSTANT", "REFLECT", "WRAP", "NEAREST"}, mode))
    return c.error() << "has fill_mode '" << mode << "', expected CONSTANT, REFLECT, WRAP or NEAREST";
  Value x = b.transpose(c.input(0), toChannelsFirst(4));
  Dims dims = b.dims(x);
  // Over [N, height, width].
  auto number = [&](int64_t i) {
    return Term(b, b.unsqueeze(b.sliceAxis(b.cast(c.input(1), f32), 1, b.expr(i), b.expr(1)), {2}));
  };
  Term row{b, b.iota(f32, {b.expr(1), (*sizes)[0], b.expr(1)}, 1)};
  Term column{b, b.iota(f32, {b.expr(1), b.expr(1), (*sizes)[1]}, 2)};
  auto linear = [&](int64_t i) { return number(i) * column + number(i + 1) * row; };
  Term scale = linear(6) + 1.0, isFlat = equal(scale, 0.0);
  Dims all{dims[0], (*sizes)[0], (*sizes)[1]};
  auto source = [&](int64_t i, int64_t axis) {
    Term last = countLike(row, b.scope.sub(dims[axis], b.expr(1)));
    Term at{b, b.broadcastTo((linear(i) + number(i + 2)) / scale, all)};
    return std::pair(mapped(mode, at, last), last);
  };
  auto [xs, lastX] = source(0, 3);
  auto [ys, lastY] = source(3, 2);
  Value images = b.cast(x, f32);
  Term fill = c.hasInput(3) ? Term(b, b.cast(b.reshape(c.input(3), {}), f32)) : Term(b, b.scalar(f32, 0));
  Term image{b, b.iota(i64, {dims[0], b.expr(1), b.expr(1)}, 0)};
  auto read = [&](Term y, Term x) {
    Term place = limited(y, lastY).cast(i64) * countLike(image, dims[3]) + limited(x, lastX).cast(i64);
    Term one{b, b.broadcastTo(b.scalar(f32, 1), b.dims(b.unsqueeze(place, {3})))};
    Term value{b, sampleImages(b, images, image, {{b, b.unsqueeze(place, {3})}, one})};
    Term isInside = (y >= 0) & (y <= lastY) & (x >= 0) & (x <= lastX);
    return select({b, b.unsqueeze(isInside, {3})}, value, fill);
  };
  Term result = fill;
  if (method == "NEAREST") {
    auto nearest = [](Term x) { return x.apply<dfg::SignOp>() * floor(abs(x) + 0.5); };
    result = read(nearest(ys), nearest(xs));
  } else {
    Term left = floor(xs), top = floor(ys), right = left + 1.0, bottom = top + 1.0;
    auto wide = [&](Term t) { return Term(b, b.unsqueeze(t, {3})); };
    auto between = [&](Term y) { return wide(right - xs) * read(y, left) + wide(xs - left) * read(y, right); };
    result = wide(bottom - ys) * between(top) + wide(ys - top) * between(bottom);
  }
  result = select({b, b.unsqueeze(isFlat, {3})}, fill, result);
  return c.result(result.cast(b.elementType(c.input(0))));
}

void registerProjectionOps(OpRegistry &ops) {
  for (StringRef name : {"ImageProjectiveTransformV2", "ImageProjectiveTransformV3"})
    ops.add(name, importProjectiveTransform);
}

} // namespace tfc::tf
