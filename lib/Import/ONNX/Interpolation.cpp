// Weighted sums of neighbours of points in images.
#include "Interpolation.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

LogicalResult requireOneOf(NodeContext &c, StringRef name, StringRef value, ArrayRef<StringRef> known) {
  if (llvm::is_contained(known, value))
    return success();
  return c.error() << "has " << name << " '" << value << "', expected one of " << llvm::join(known, ", ");
}

Term Sampling::positionOf(Term x, Term extent) const {
  return alignsCorners ? (x + 1) / 2 * (extent - 1) : ((x + 1) * extent - 1) / 2;
}

/// Folds positions beyond the borders back, as often as it takes.
Term Sampling::reflected(Term x, Term extent) const {
  double border = alignsCorners ? 0 : -0.5;
  Term size = alignsCorners ? extent - 1 : extent, way = x - border;
  Term rest = way - floor(way / (size * 2)) * (size * 2);
  return min(rest, size * 2 - rest) + border;
}

Neighbours Sampling::neighbours(Term x, AffineExpr extent) const {
  GraphBuilder &b = x.builder();
  Term size = countLike(x, extent), last = size - 1;
  if (mode == "nearest")
    x = round(x);
  if (padding == "border")
    x = limited(x, last);
  else if (padding == "reflection")
    x = select((x >= (alignsCorners ? 0 : -0.5)) & (x <= (alignsCorners ? last : size - 0.5)), x, reflected(x, size));
  int64_t terms = mode == "nearest" ? 1 : mode == "linear" ? 2 : 4, rank = b.rank(x);
  Dims shape(rank + 1, b.expr(1));
  shape.back() = b.expr(terms);
  x = {b, b.unsqueeze(x, {rank})};
  Term base = terms == 1 ? x : floor(x) - double(terms / 2 - 1);
  Term position = base + Term(b, b.iota(b.elementType(x), shape, rank));
  Term weight = terms == 1 ? x - x + 1 : terms == 2 ? triangle(position - x) : cubic(position - x, -0.75f);
  if (padding == "zeros")
    weight = select((position >= 0) & (position <= last), weight, weight.number(0));
  else if (padding == "reflection")
    position = select((position >= 0) & (position <= last), position, reflected(position, size));
  return {limited(position, last).cast(b.builder.getI64Type()), weight};
}

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
