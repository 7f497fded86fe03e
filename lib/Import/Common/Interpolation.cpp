// Weighted sums of neighbours of points in images.
#include "tfc/Import/Common/Interpolation.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

Neighbours cross(Neighbours rows, Neighbours columns, AffineExpr extent) {
  GraphBuilder &b = rows.positions.builder();
  int64_t rank = b.rank(rows.positions);
  auto outer = [&](Term x) { return Term(b, b.unsqueeze(x, {rank})); };
  auto inner = [&](Term x) { return Term(b, b.unsqueeze(x, {rank - 1})); };
  auto joined = [&](Term x) { return Term(b, b.flatten(x, rank - 1, rank + 1)); };
  return {joined(outer(rows.positions) * countLike(rows.positions, extent) + inner(columns.positions)),
          joined(outer(rows.weights) * inner(columns.weights))};
}

Value pixels(GraphBuilder &b, Value x) {
  SmallVector<int64_t> channelsLast{0};
  for (int64_t i = 2; i < b.rank(x); ++i)
    channelsLast.push_back(i);
  channelsLast.push_back(1);
  return b.flatten(b.transpose(x, channelsLast), 0, b.rank(x) - 1);
}

Value sampleImages(GraphBuilder &b, Value x, Term image, Neighbours neighbours) {
  if (!x)
    return {};
  Dims dims = b.dims(x);
  int64_t rank = b.rank(neighbours.positions);
  Term start = image * countLike(image, b.scope.product(ArrayRef(dims).drop_front(2)));
  Value positions = Term(b, b.unsqueeze(start, {rank - 1})) + neighbours.positions;
  Dims points = b.dims(positions);
  Value weights = neighbours.weights.cast(wideType(b.elementType(x)));
  if (!positions || !weights)
    return {};
  Value rows = b.create<dfg::ResampleOp>(pixels(b, x), b.flatten(positions, 0, rank - 1),
                                         b.flatten(b.broadcastTo(weights, points), 0, rank - 1), int64_t(0));
  points.back() = dims[1];
  return b.reshape(rows, points);
}

Term numbered(GraphBuilder &b, AffineExpr count, int64_t rank) {
  Dims shape(rank, b.expr(1));
  shape[0] = count;
  return {b, b.iota(b.builder.getI64Type(), shape, 0)};
}

Value channelsSecond(GraphBuilder &b, Value x) {
  SmallVector<int64_t> permutation{0, b.rank(x) - 1};
  for (int64_t i = 1; i < b.rank(x) - 1; ++i)
    permutation.push_back(i);
  return b.transpose(x, permutation);
}

} // namespace tfc
