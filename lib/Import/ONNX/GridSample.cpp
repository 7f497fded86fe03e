// Images sampled at the points of a grid, and the affine grids that usually lead there.
#include "Interpolation.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

static LogicalResult importGridSample(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 3)) || failed(c.requireRank(1, b.rank(c.input(0)), b.rank(c.input(0)))))
    return failure();
  Value x = c.input(0), grid = widened({b, c.input(1)});
  if (!isa<FloatType>(b.elementType(x)) || !isa<FloatType>(b.elementType(grid)))
    return c.unsupported() << "samples " << x.getType() << ", expected floats";
  Sampling sampling{c.string("mode", "linear"), c.string("padding_mode", "zeros"), c.integer("align_corners") != 0};
  if (failed(requireOneOf(c, "mode", sampling.mode, {"linear", "nearest", "cubic", "bilinear", "bicubic"})) ||
      failed(requireOneOf(c, "padding_mode", sampling.padding, {"zeros", "border", "reflection"})))
    return failure();
  if (sampling.mode.consume_front("bi"))
    ; // before opset 20
  int64_t rank = b.rank(x), spatial = rank - 2;
  Dims dims = b.dims(x);
  std::optional<Neighbours> all;
  for (int64_t i = 0; i < spatial; ++i) {
    // Coordinates are in reverse order, x first.
    Term coordinate{b, b.squeeze(b.sliceAxis(grid, rank - 1, b.expr(spatial - 1 - i), b.expr(1)), {rank - 1})};
    Term position = sampling.positionOf(coordinate, countLike(coordinate, dims[2 + i]));
    if (!position)
      return failure();
    Neighbours own = sampling.neighbours(position, dims[2 + i]);
    all = all ? cross(*all, own, dims[2 + i]) : own;
  }
  return c.result(channelsSecond(b, sampleImages(b, x, numbered(b, dims[0], rank - 1), *all)));
}

/// Coordinates in [-1, 1] along a dimension: of the elements' centers, or of the elements
/// with the corners at the ends.
static Term gridCoordinates(GraphBuilder &b, Type element, Dims shape, int64_t axis, bool alignsCorners) {
  AffineExpr extent = shape[axis];
  std::fill(shape.begin(), shape.end(), b.expr(1));
  shape[axis] = extent;
  Term i{b, b.iota(element, shape, axis)}, count = countLike(i, extent);
  return alignsCorners ? i * 2 / (count - 1) - 1 : (i * 2 + 1) / count - 1;
}

static LogicalResult importAffineGrid(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto size = c.content(1);
  if (failed(c.requireRank(0, 3, 3)) || failed(size))
    return failure();
  if (size->size() != 4 && size->size() != 5)
    return c.error() << "has a size of " << size->size() << " numbers, expected 4 or 5";
  Value theta = c.input(0);
  Type element = b.elementType(theta);
  Dims shape(size->begin() + 2, size->end());
  int64_t spatial = shape.size();
  Dims column = shape;
  column.push_back(b.expr(1));
  SmallVector<Value> columns;
  for (int64_t axis = spatial - 1; axis >= 0; --axis)
    columns.push_back(b.reshape(
        b.broadcastTo(gridCoordinates(b, element, shape, axis, c.integer("align_corners") != 0), shape), column));
  columns.push_back(b.filled(element, column, 1));
  Value points = b.flatten(b.concat(columns, spatial), 0, spatial);
  Value grid = b.create<dfg::MatmulOp>(points, theta, /*transpose_a=*/false, /*transpose_b=*/true);
  Dims result{b.dim(theta, 0)};
  result.append(shape);
  result.push_back(b.expr(spatial));
  return c.result(b.reshape(grid, result));
}

void registerGridOps(OpRegistry &ops) {
  ops.add("AffineGrid", importAffineGrid);
  ops.add("GridSample", importGridSample);
}

} // namespace tfc
