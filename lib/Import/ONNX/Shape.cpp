// Shapes as data, and ops that only give elements another shape.
#include "Axes.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;
using dfg::CompareKind;

static LogicalResult importIdentity(NodeContext &c) { return c.result(c.input(0)); }

/// Position of the border `value` of a range over `rank` dimensions.
static int64_t clampBorder(int64_t value, int64_t rank) {
  return std::clamp<int64_t>(value < 0 ? value + rank : value, 0, rank);
}

static LogicalResult importShape(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  Dims dims = c.b.dims(c.input(0));
  int64_t rank = dims.size(), start = clampBorder(c.integer("start", 0), rank);
  int64_t end = std::max(start, clampBorder(c.integer("end", rank), rank));
  return c.result(c.b.fromContent(ArrayRef(dims).slice(start, end - start), {end - start}, c.b.builder.getI64Type()));
}

static LogicalResult importSize(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  return c.result(c.b.fromContent(c.b.count(c.input(0)), {}, c.b.builder.getI64Type()));
}

//===----------------------------------------------------------------------===//
// Reshape and its relatives
//===----------------------------------------------------------------------===//

static LogicalResult importReshape(NodeContext &c) {
  auto given = c.content(1);
  if (failed(given) || failed(c.requireRank(0, 0)))
    return failure();
  GraphBuilder &b = c.b;
  Dims from = b.dims(c.input(0)), sizes = *given, known;
  AffineExpr zero = b.expr(0), rest = b.expr(-1);
  bool copyZeros = !c.integer("allowzero");
  int64_t open = 0, unsure = 0;
  for (auto [i, size] : llvm::enumerate(sizes)) {
    auto constant = b.number(size);
    // 0 stands for the extent of the operand. Extents themselves are taken for what they
    // are, numbers of unknown origin may be 0 or -1 when the step runs.
    bool mayMeanMore = constant || !b.scope.isNonNegative(size);
    if (copyZeros && mayMeanMore && (constant != 0 || i < from.size()))
      size = b.select(b.compare(CompareKind::EQ, size, zero), i < from.size() ? from[i] : zero, size);
    else if (copyZeros && constant == 0)
      return c.error() << "copies extent " << i << " of an operand of rank " << from.size();
    open += constant == -1;
    unsure += mayMeanMore && !constant;
    if (constant && *constant < -1)
      return c.error() << "has size " << *constant << ", expected at least -1";
  }
  if (open > 1)
    return c.error() << "has " << open << " sizes of -1, expected at most one";
  if (open + unsure > 0) {
    for (AffineExpr size : sizes)
      known.push_back(b.select(b.compare(CompareKind::EQ, size, rest), b.expr(1), size));
    AffineExpr inferred = b.quotient(from, known);
    for (AffineExpr &size : sizes)
      size = b.select(b.compare(CompareKind::EQ, size, rest), inferred, size);
  }
  return c.result(b.reshape(c.input(0), sizes));
}

static LogicalResult importFlatten(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  Dims dims = c.b.dims(c.input(0));
  int64_t rank = dims.size(), axis = c.integer("axis", 1);
  if (axis < -rank || axis > rank)
    return c.error() << "has axis " << axis << ", expected one of [" << -rank << ", " << rank << "]";
  ArrayRef<AffineExpr> all = dims;
  axis = axis < 0 ? axis + rank : axis;
  return c.result(
      c.b.reshape(c.input(0), {c.b.scope.product(all.take_front(axis)), c.b.scope.product(all.drop_front(axis))}));
}

static LogicalResult importExpand(NodeContext &c) {
  auto given = c.content(1);
  if (failed(given) || failed(c.requireRank(0, 0)))
    return failure();
  Dims dims = c.b.dims(c.input(0));
  auto sizes = c.b.scope.broadcast({ArrayRef<AffineExpr>(dims), ArrayRef<AffineExpr>(*given)});
  if (failed(sizes))
    return c.error() << "expands " << c.input(0).getType() << " to a shape that it does not broadcast to";
  return c.result(c.b.broadcastTo(c.input(0), *sizes));
}

/// The `count` extents of `dims` whose `keep` is 1, in order.
static Dims keptDims(GraphBuilder &b, ArrayRef<AffineExpr> dims, ArrayRef<AffineExpr> keep, int64_t count) {
  Dims result(count, b.expr(1));
  AffineExpr position = b.expr(0);
  for (auto [dim, kept] : llvm::zip(dims, keep)) {
    for (auto [q, size] : llvm::enumerate(result)) {
      AffineExpr here = b.scope.min(kept, b.compare(CompareKind::EQ, position, b.expr(q)));
      size = b.select(here, dim, size);
    }
    position = b.scope.add(position, kept);
  }
  return result;
}

static LogicalResult importSqueeze(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Dims dims = b.dims(c.input(0)), keep;
  int64_t rank = dims.size();
  auto axes = axesOf(c, 1, rank);
  if (failed(axes))
    return failure();
  if (!*axes) {
    // Without axes every extent of 1 goes; those that only run time tells stay.
    SmallVector<int64_t> ones;
    for (auto [i, dim] : llvm::enumerate(dims))
      if (b.number(dim) == 1)
        ones.push_back(i);
    return c.result(b.squeeze(c.input(0), ones));
  }
  int64_t count = rank - (*axes)->size();
  if (count < 0)
    return c.error() << "removes " << (*axes)->size() << " dimensions of " << c.input(0).getType();
  for (int64_t i = 0; i < rank; ++i) {
    AffineExpr removed = isAmong(b, **axes, i);
    keep.push_back(b.scope.sub(b.expr(1), removed));
    if (b.number(removed) == 1 && b.number(dims[i]).value_or(1) != 1)
      return c.error() << "removes dimension " << i << " of " << c.input(0).getType() << ", expected an extent of 1";
  }
  return c.result(b.reshape(c.input(0), keptDims(b, dims, keep, count)));
}

static LogicalResult importUnsqueeze(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Dims dims = b.dims(c.input(0)), sizes;
  int64_t given = c.hasInput(1) ? c.b.number(c.b.count(c.input(1))).value_or(0) : c.integers("axes").size();
  int64_t rank = dims.size() + given;
  if (rank > dfg::kMostRank)
    return c.error() << "makes a tensor of rank " << rank << ", expected at most " << dfg::kMostRank;
  auto axes = axesOf(c, 1, rank);
  if (failed(axes))
    return failure();
  if (!*axes)
    return c.error() << "has no axes";
  AffineExpr position = b.expr(0);
  for (int64_t i = 0; i < rank; ++i) {
    AffineExpr isNew = isAmong(b, **axes, i), size = b.expr(1);
    for (auto [p, dim] : llvm::enumerate(dims)) {
      AffineExpr isHere = b.compare(CompareKind::EQ, position, b.expr(p));
      size = b.select(isHere, dim, size);
    }
    sizes.push_back(b.select(isNew, b.expr(1), size));
    position = b.scope.add(position, b.scope.sub(b.expr(1), isNew));
  }
  return c.result(b.reshape(c.input(0), sizes));
}

static LogicalResult importTranspose(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  SmallVector<int64_t> reversed = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, c.b.rank(c.input(0)))));
  auto permutation = c.axes(c.integers("perm", reversed), reversed.size());
  if (failed(permutation))
    return failure();
  return c.result(c.b.transpose(c.input(0), *permutation));
}

void registerShapeOps(OpRegistry &ops) {
  ops.add("Expand", importExpand, 8);
  ops.add("Flatten", importFlatten);
  ops.add("Identity", importIdentity);
  ops.add("Reshape", importReshape, 5);
  ops.add("Shape", importShape);
  ops.add("Size", importSize);
  ops.add("Squeeze", importSqueeze);
  ops.add("Transpose", importTranspose);
  ops.add("Unsqueeze", importUnsqueeze);
}

} // namespace tfc
