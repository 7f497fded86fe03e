// Axes that are constants, and those that the step computes.
#include "Axes.h"

using namespace mlir;

namespace tfc {

using dfg::CompareKind;
using Dims = GraphBuilder::Dims;

FailureOr<std::optional<Dims>> axesOf(NodeContext &c, unsigned input, int64_t rank) {
  GraphBuilder &b = c.b;
  Dims axes;
  if (c.hasInput(input)) {
    auto content = c.content(input);
    if (failed(content))
      return failure();
    axes = *content;
  } else if (c.hasAttribute("axes")) {
    axes = b.exprs(c.integers("axes"));
  } else {
    return std::optional<Dims>();
  }
  SmallVector<int64_t> constants;
  for (AffineExpr &axis : axes) {
    if (auto constant = b.number(axis))
      constants.push_back(*constant);
    axis = b.select(b.compare(CompareKind::LT, axis, b.expr(0)), b.scope.add(axis, b.expr(rank)), axis);
  }
  if (failed(c.axes(constants, rank)))
    return failure();
  return std::optional<Dims>(std::move(axes));
}

AffineExpr isAmong(GraphBuilder &b, ArrayRef<AffineExpr> axes, int64_t axis) {
  AffineExpr found = b.expr(0);
  for (AffineExpr one : axes)
    found = b.scope.max(found, b.compare(CompareKind::EQ, one, b.expr(axis)));
  return found;
}

Value withAxes(NodeContext &c, ArrayRef<AffineExpr> axes, int64_t rank,
               llvm::function_ref<Value(ArrayRef<int64_t>)> import) {
  constexpr int64_t kMostRank = 8;
  GraphBuilder &b = c.b;
  SmallVector<int64_t> constants;
  for (AffineExpr axis : axes)
    if (auto constant = b.number(axis))
      constants.push_back(*constant);
  if (constants.size() == axes.size()) {
    llvm::sort(constants);
    return import(constants);
  }
  if (rank > kMostRank) {
    c.unsupported() << "has axes that only run time tells, expected constants at rank " << rank;
    return {};
  }
  // A set of axes is a number whose bits they are.
  SmallVector<SmallVector<int64_t>> sets;
  AffineExpr choice = b.expr(0), given = b.expr(0);
  for (int64_t axis = 0; axis < rank; ++axis)
    given = b.scope.add(given, b.scope.mul(isAmong(b, axes, axis), b.expr(int64_t(1) << axis)));
  for (int64_t bits = 0; bits < int64_t(1) << rank; ++bits) {
    if (llvm::popcount(uint64_t(bits)) != int(axes.size()))
      continue;
    choice = b.select(b.compare(CompareKind::EQ, given, b.expr(bits)), b.expr(sets.size()), choice);
    sets.emplace_back();
    for (int64_t axis = 0; axis < rank; ++axis)
      if (bits >> axis & 1)
        sets.back().push_back(axis);
  }
  if (sets.empty()) {
    c.error() << "has " << axes.size() << " axes for a tensor of rank " << rank;
    return {};
  }
  auto results = b.branch(choice, sets.size(), [&](size_t i) { return SmallVector<Value>{import(sets[i])}; });
  return results.empty() ? Value() : results.front();
}

} // namespace tfc
