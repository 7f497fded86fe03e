// Col2Im: adds up overlapping windows.
#include "Windows.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

/// Scatters the columns x [N, C * window, places] over the padded image, and cuts the
/// padding off.
static LogicalResult importCol2Im(NodeContext &c) {
  GraphBuilder &b = c.b;
  dfg::DimScope &scope = b.scope;
  auto image = c.content(1), kernel = c.content(2);
  if (failed(c.requireRank(0, 3, 3)) || failed(image) || failed(kernel))
    return failure();
  unsigned count = image->size();
  if (kernel->size() != count || count == 0)
    return c.error() << "has an image_shape of " << count << " and a block_shape of " << kernel->size()
                     << " numbers, expected equally many";
  auto strides = readSteps(c, "strides", count), dilations = readSteps(c, "dilations", count);
  auto pads = readPads(c, count);
  if (failed(strides) || failed(dilations) || failed(pads))
    return failure();
  Value x = c.input(0);
  // Positions over [kernel..., places...].
  Dims padded, places;
  for (unsigned i = 0; i < count; ++i) {
    padded.push_back(scope.add((*image)[i], b.expr((*pads)[i] + (*pads)[count + i])));
    AffineExpr span = scope.add(scope.mul(scope.sub((*kernel)[i], b.expr(1)), b.expr((*dilations)[i])), b.expr(1));
    AffineExpr steps = scope.floorDiv(scope.sub(padded[i], span), b.expr((*strides)[i]));
    places.push_back(scope.add(steps, b.expr(1)));
  }
  Dims all = *kernel;
  all.append(places);
  auto along = [&](unsigned axis) {
    Dims shape(2 * count, b.expr(1));
    shape[axis] = all[axis];
    return Term(b, b.iota(b.builder.getI64Type(), shape, axis));
  };
  Term position = along(0).number(0);
  for (unsigned i = 0; i < count; ++i)
    position = position * countLike(position, padded[i]) + along(i) * double((*dilations)[i]) +
               along(count + i) * double((*strides)[i]);
  AffineExpr window = scope.product(*kernel), area = scope.product(places), pixels = scope.product(padded);
  AffineExpr channels = b.quotient(b.dim(x, 1), window), planes = scope.mul(b.dim(x, 0), channels);
  AffineExpr elements = scope.mul(window, area);
  Value updates = b.reshape(x, {planes, elements});
  Value indices = b.broadcastTo(b.reshape(b.broadcastTo(position, all), {b.expr(1), elements}), {planes, elements});
  Value sums = b.create<dfg::ScatterElementsOp>(dfg::ReduceKind::Sum, b.filled(b.elementType(x), {planes, pixels}, 0),
                                                indices, updates, int64_t(1));
  Dims shape{b.dim(x, 0), channels}, offsets(2, b.expr(0)), sizes = shape;
  shape.append(padded);
  sizes.append(*image);
  for (unsigned i = 0; i < count; ++i)
    offsets.push_back(b.expr((*pads)[i]));
  return c.result(b.slice(b.reshape(sums, shape), offsets, sizes, SmallVector<int64_t>(2 + count, 1)));
}

void registerCol2ImOps(OpRegistry &ops) { ops.add("Col2Im", importCol2Im); }

} // namespace tfc
