// Where the neighbours of points in images lie.
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

} // namespace tfc
