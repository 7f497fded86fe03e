// Checks of positions.
#include "Indices.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::CompareKind;

void requireAll(NodeContext &c, Value holds, const Twine &message) {
  GraphBuilder &b = c.b;
  holds = b.reduce(dfg::ReduceKind::Min, holds, llvm::to_vector(llvm::seq<int64_t>(0, b.rank(holds))), false);
  if (!holds)
    return;
  dfg::AssertOp::create(b.builder, b.loc, holds, ("node '" + c.name() + "': " + message).str());
}

bool requireBox(NodeContext &c, AffineExpr offset, AffineExpr size, AffineExpr extent) {
  GraphBuilder &b = c.b;
  AffineExpr isInside = b.compare(CompareKind::GE, offset, b.expr(0));
  isInside = b.scope.min(isInside, b.compare(CompareKind::GE, size, b.expr(0)));
  isInside = b.scope.min(isInside, b.compare(CompareKind::LE, b.scope.add(offset, size), extent));
  auto known = b.number(isInside);
  if (known == 0) {
    InFlightDiagnostic diagnostic = c.error() << "takes ";
    for (auto [name, expr] : {std::pair("offset", offset), {"size", size}, {"extent", extent}})
      if (auto number = b.number(expr))
        diagnostic << name << ' ' << *number << ", ";
    diagnostic << "expected elements inside";
    return false;
  }
  if (!known)
    requireAll(c, b.fromContent(isInside, {}, b.builder.getI1Type()), "slice index out of bounds");
  return true;
}

/// Checks parts of indices that take turns.
static void requireParts(NodeContext &c, Value indices, ArrayRef<AffineExpr> extents) {
  GraphBuilder &b = c.b;
  if (!indices)
    return;
  auto constants = b.constantIntegers(indices);
  bool isFine = constants.has_value();
  for (size_t i = 0; isFine && i < constants->size(); ++i) {
    auto extent = b.number(extents[i % extents.size()]);
    isFine = extent && (*constants)[i] >= 0 && (*constants)[i] < *extent;
  }
  if (isFine)
    return;
  Type type = b.elementType(indices);
  SmallVector<int64_t> shape;
  if (extents.size() > 1)
    shape.push_back(extents.size());
  Value limit = b.fromContent(extents, shape, type), zero = b.scalar(type, 0);
  Value isInside =
      b.create<dfg::AndOp>(b.compare(CompareKind::GE, indices, zero), b.compare(CompareKind::LT, indices, limit));
  requireAll(c, isInside, "indices are out of range");
}

void requireIndices(NodeContext &c, Value indices, AffineExpr extent) { requireParts(c, indices, extent); }

bool requireIndexTuples(NodeContext &c, Value indices, ArrayRef<AffineExpr> extents) {
  auto depth = c.b.rank(indices) > 0 ? c.b.number(c.b.dim(indices, -1)) : std::nullopt;
  if (!depth || *depth < 0 || *depth > int64_t(extents.size())) {
    c.error() << "has indices of " << indices.getType() << " for a tensor of rank " << extents.size()
              << ", expected a known last dimension of at most that";
    return false;
  }
  requireParts(c, indices, extents.take_front(*depth));
  return true;
}

} // namespace tfc::tf
