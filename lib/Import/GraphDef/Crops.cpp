// Boxes of images, resized to one size, and the gradients of that.
#include "Boxes.h"
#include "Images.h"
#include "tfc/Import/Common/Interpolation.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

namespace {
/// Where the elements of crops lie in images of sizes [N, H, W, C].
class Crops {
public:
  Crops(NodeContext &c, Value given, Value owners, const Dims &image, const Dims &sizes)
      : c(c), b(c.b), boxes(b, b.cast(given, b.builder.getF32Type())), owners(owners), image(image), sizes(sizes),
        isNearest(c.string("method", "bilinear") == "nearest") {}

  LogicalResult check() const {
    StringRef method = c.string("method", "bilinear");
    if (method != "bilinear" && method != "nearest")
      return c.error() << "has method '" << method << "', expected bilinear or nearest";
    return success();
  }

  /// The elements that those of crops are made of, in the flattening of an image: over
  /// [boxes, height, width]. With `slope`, what the weights change by along that axis.
  Neighbours neighbours(std::optional<int64_t> slope = {}) const {
    Neighbours rows = along(0, slope == 0), columns = along(1, slope == 1);
    auto ofRows = [&](Term t) { return Term(b, b.unsqueeze(t, {2})); };
    auto ofColumns = [&](Term t) { return Term(b, b.unsqueeze(t, {1})); };
    return cross({ofRows(rows.positions), ofRows(rows.weights)},
                 {ofColumns(columns.positions), ofColumns(columns.weights)}, image[2]);
  }
  /// Whether an element lies in the image, [boxes, height, width, 1].
  Term isInside() const {
    auto on = [&](int64_t axis) {
      Term at = place(axis);
      return (at >= 0) & (at <= last(axis));
    };
    Term rows{b, b.unsqueeze(on(0), {2})}, columns{b, b.unsqueeze(on(1), {1})};
    return {b, b.unsqueeze(rows & columns, {3})};
  }
  /// The image of each box, [boxes, 1, 1].
  Term owner() const { return {b, b.unsqueeze(b.cast(owners, b.builder.getI64Type()), {1, 2})}; }

  /// What places change by with a box's low and high border, [boxes, points].
  Term slopeOfLow(int64_t axis) const {
    Term i = points(axis), count = countLike(i, sizes[axis]);
    return select(count > 1, last(axis) - i * last(axis) / max(count - 1, 1), last(axis) * 0.5 + i * 0.0);
  }
  Term slopeOfHigh(int64_t axis) const {
    Term i = points(axis), count = countLike(i, sizes[axis]);
    return select(count > 1, i * last(axis) / max(count - 1, 1), last(axis) * 0.5 + i * 0.0);
  }

private:
  Term points(int64_t axis) const { return {b, b.iota(b.builder.getF32Type(), {b.expr(1), sizes[axis]}, 1)}; }
  Term last(int64_t axis) const { return countLike(points(axis), b.scope.sub(image[1 + axis], b.expr(1))); }
  /// Over [boxes, points].
  Term place(int64_t axis) const {
    Term i = points(axis), count = countLike(i, sizes[axis]);
    Term low{b, b.unsqueeze(boxes.low(axis), {1})}, high{b, b.unsqueeze(boxes.high(axis), {1})};
    Term step = (high - low) * last(axis) / max(count - 1, 1);
    return select(count > 1, low * last(axis) + i * step, (low + high) * 0.5 * last(axis) + i);
  }
  Neighbours along(int64_t axis, bool isSlope) const {
    Type i64 = b.builder.getI64Type();
    Term at = place(axis);
    if (isNearest) {
      // Halves go away from zero.
      Term position{b, b.unsqueeze(floor(at + 0.5), {2})};
      return {limited(position, last(axis)).cast(i64), {b, b.broadcastTo(at.number(1), b.dims(position))}};
    }
    Term own{b, b.unsqueeze(at, {2})}, term{b, b.iota(b.builder.getF32Type(), {b.expr(1), b.expr(1), b.expr(2)}, 2)};
    Term position = floor(own) + term, weights = triangle(position - own);
    if (isSlope) // -1 and 1, but where the place is an element's
      weights = select(equal(own, floor(own)), own * 0.0, term * 2.0 - 1.0);
    return {limited(position, last(axis)).cast(i64), weights};
  }

  NodeContext &c;
  GraphBuilder &b;
  Boxes boxes;
  Value owners;
  Dims image, sizes;
  bool isNearest;
};
} // namespace

/// Inputs: images, boxes [boxes, 4], the image of each, and the size of all crops.
static LogicalResult importCropAndResize(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto sizes = readSizes(c, 3, 2);
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(1, 2, 2)) || failed(c.requireRank(2, 1, 1)) ||
      failed(sizes))
    return failure();
  Crops crops(c, c.input(1), c.input(2), b.dims(c.input(0)), *sizes);
  if (failed(crops.check()))
    return failure();
  Value x = b.transpose(b.cast(c.input(0), b.builder.getF32Type()), toChannelsFirst(4));
  Term y{b, sampleImages(b, x, crops.owner(), crops.neighbours())};
  return c.result(select(crops.isInside(), y, y.number(c.number("extrapolation_value"))));
}

/// Inputs: dy, boxes, the image of each, and the sizes of the images: each element of a crop
/// gives its neighbours their shares.
static LogicalResult importCropGradImage(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto image = readSizes(c, 3, 4);
  Type element = c.elementType("T");
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(1, 2, 2)) || failed(c.requireRank(2, 1, 1)) ||
      failed(image) || !element)
    return failure();
  Term dy{b, c.input(0)};
  Dims dims = b.dims(dy);
  Crops crops(c, c.input(1), c.input(2), *image, Dims{dims[1], dims[2]});
  if (failed(crops.check()))
    return failure();
  dy = select(crops.isInside(), dy, dy.number(0));
  Neighbours all = crops.neighbours();
  AffineExpr pixels = b.scope.mul((*image)[1], (*image)[2]);
  Term owner{b, b.unsqueeze(crops.owner(), {3})};
  Term places = all.positions + owner * countLike(owner, pixels);
  Term shares = Term(b, b.unsqueeze(dy, {3})) * Term(b, b.unsqueeze(all.weights, {4}));
  Value zeros = b.filled(b.elementType(dy), {b.scope.mul((*image)[0], pixels), (*image)[3]}, 0);
  Value rows = b.reshape(shares, {b.count(places), (*image)[3]});
  Value dx =
      b.create<dfg::ScatterNDOp>(dfg::ReduceKind::Sum, zeros, b.reshape(places, {b.count(places), b.expr(1)}), rows);
  return c.result(b.cast(b.reshape(dx, *image), element));
}

/// Inputs: dy, images, boxes, and the image of each.
static LogicalResult importCropGradBoxes(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(1, 4, 4)) || failed(c.requireRank(2, 2, 2)) ||
      failed(c.requireRank(3, 1, 1)))
    return failure();
  Term dy{b, c.input(0)};
  Dims dims = b.dims(dy);
  Crops crops(c, c.input(2), c.input(3), b.dims(c.input(1)), Dims{dims[1], dims[2]});
  if (failed(crops.check()))
    return failure();
  Value x = b.transpose(b.cast(c.input(1), b.builder.getF32Type()), toChannelsFirst(4));
  dy = select(crops.isInside(), dy, dy.number(0));
  Term borders[2][2] = {{dy, dy}, {dy, dy}};
  for (int64_t axis : {0, 1}) {
    // How much each element gains as its place moves, by rows or columns of the crop.
    Term gain = Term(b, sampleImages(b, x, crops.owner(), crops.neighbours(axis))) * dy;
    gain = {b, b.reduce(dfg::ReduceKind::Sum, gain, {axis == 0 ? 2 : 1, 3}, /*keepDims=*/false)};
    auto moved = [&](Term slope) { return Term(b, b.reduce(dfg::ReduceKind::Sum, gain * slope, {1})); };
    borders[0][axis] = moved(crops.slopeOfLow(axis));
    borders[1][axis] = moved(crops.slopeOfHigh(axis));
  }
  return c.result(b.concat({borders[0][0], borders[0][1], borders[1][0], borders[1][1]}, 1));
}

void registerCropOps(OpRegistry &ops) {
  ops.add("CropAndResize", importCropAndResize);
  ops.add("CropAndResizeGradBoxes", importCropGradBoxes);
  ops.add("CropAndResizeGradImage", importCropGradImage);
}

} // namespace tfc::tf
