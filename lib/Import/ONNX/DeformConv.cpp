// Convolutions whose windows are bent by offsets that data tells.
#include "Interpolation.h"
#include "Windows.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

/// Samples every element of every window where its offset says, then takes a product with
/// the weights.
static LogicalResult importDeformConv(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 3)) || failed(c.requireSameElements({0, 1, 2})))
    return failure();
  int64_t rank = b.rank(c.input(0)), spatial = rank - 2;
  if (failed(c.requireRank(1, rank, rank)) || failed(c.requireRank(2, rank, rank)))
    return failure();
  Value x = c.input(0), w = c.input(1);
  Type element = b.elementType(x), wide = wideType(element);
  int64_t groups = c.integer("group", 1), offsetGroups = c.integer("offset_group", 1);
  auto strides = readSteps(c, "strides", spatial), dilations = readSteps(c, "dilations", spatial);
  auto pads = readPads(c, spatial);
  if (failed(strides) || failed(dilations) || failed(pads))
    return failure();
  if (groups < 1 || offsetGroups < 1)
    return c.error() << "has group " << groups << " and offset_group " << offsetGroups << ", expected positive numbers";
  Dims xDims = b.dims(x), wDims = b.dims(w), offsetDims = b.dims(c.input(2));
  Dims kernel(wDims.begin() + 2, wDims.end()), places(offsetDims.begin() + 2, offsetDims.end());

  // Points are [N * offset groups, kernel..., places...].
  AffineExpr images = b.scope.mul(xDims[0], b.expr(offsetGroups));
  Dims points{images};
  points.append(kernel);
  Dims offsetShape = points, maskShape;
  offsetShape.push_back(b.expr(spatial));
  offsetShape.append(places);
  points.append(places);
  maskShape = points;
  maskShape.push_back(b.expr(1));
  int64_t pointRank = points.size();
  Value offsets = b.reshape(b.cast(c.input(2), wide), offsetShape);
  auto along = [&](int64_t axis) {
    Dims shape(pointRank, b.expr(1));
    shape[axis] = points[axis];
    return Term(b, b.iota(wide, shape, axis));
  };
  std::optional<Neighbours> all;
  for (int64_t i = 0; i < spatial; ++i) {
    Term offset{b, b.squeeze(b.sliceAxis(offsets, 1 + spatial, b.expr(i), b.expr(1)), {1 + spatial})};
    Term position = along(1 + spatial + i) * double((*strides)[i]) + along(1 + i) * double((*dilations)[i]) -
                    double((*pads)[i]) + offset;
    if (!position)
      return failure();
    Neighbours own = Sampling{"linear", "zeros", true}.neighbours(position, xDims[2 + i]);
    all = all ? cross(*all, own, xDims[2 + i]) : own;
  }
  AffineExpr perOffsetGroup = b.scope.floorDiv(xDims[1], b.expr(offsetGroups));
  Dims grouped{images, perOffsetGroup};
  grouped.append(xDims.begin() + 2, xDims.end());
  Value samples = sampleImages(b, b.reshape(x, grouped), numbered(b, images, pointRank), *all);
  if (c.hasInput(4))
    samples = b.create<dfg::MulOp>(samples, b.reshape(c.input(4), maskShape));

  // Columns of [channels and kernel, places] for each image and group, as for any
  // convolution by products.
  AffineExpr window = b.scope.product(kernel), area = b.scope.product(places), group = b.expr(groups);
  AffineExpr depth = b.scope.mul(b.scope.floorDiv(xDims[1], group), window);
  Value columns = b.transpose(b.reshape(samples, {images, window, area, perOffsetGroup}), {0, 3, 1, 2});
  columns = b.reshape(columns, {xDims[0], group, depth, area});
  Value weights = b.reshape(w, {group, b.scope.floorDiv(wDims[0], group), depth});
  Value y = b.create<dfg::MatmulOp>(weights, columns, /*transpose_a=*/false, /*transpose_b=*/false);
  Dims result{xDims[0], wDims[0]};
  result.append(places);
  y = b.reshape(y, result);
  if (c.hasInput(3))
    y = b.create<dfg::AddOp>(y, channelwise(b, c.input(3), rank));
  return c.result(b.cast(y, element));
}

void registerDeformableOps(OpRegistry &ops) { ops.add("DeformConv", importDeformConv); }

} // namespace tfc
