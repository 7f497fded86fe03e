// Choices that the step makes.
#include "tfc/Import/Common/GraphBuilder.h"

using namespace mlir;

namespace tfc {

/// The type of which both are: equal ranks and elements, and an extent where they agree.
static Type commonType(Type a, Type b) {
  auto x = dyn_cast<RankedTensorType>(a), y = dyn_cast<RankedTensorType>(b);
  if (!x || !y)
    return a == b ? a : Type();
  if (x.getElementType() != y.getElementType() || x.getRank() != y.getRank())
    return {};
  SmallVector<int64_t> shape(x.getShape());
  for (auto [extent, other] : llvm::zip(shape, y.getShape()))
    if (extent != other)
      extent = ShapedType::kDynamic;
  return RankedTensorType::get(shape, x.getElementType());
}

SmallVector<Value> GraphBuilder::branch(AffineExpr index, size_t count,
                                        llvm::function_ref<SmallVector<Value>(size_t)> emit) {
  Value choice = fromContent(index, {}, builder.getI64Type());
  // The branches tell the types, so they are built before the op that keeps them.
  auto draft = dfg::CaseOp::create(builder, loc, TypeRange(), choice, count);
  SmallVector<Type> types;
  for (size_t i = 0; i < count; ++i) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&draft.getBranches()[i].emplaceBlock());
    SmallVector<Value> results = emit(i);
    if (isNull(results))
      return {};
    dfg::YieldOp::create(builder, loc, results);
    if (i == 0)
      types = llvm::to_vector(ValueRange(results).getTypes());
    for (auto [type, result] : llvm::zip_equal(types, results))
      if (type = commonType(type, result.getType()); !type) {
        emitError(loc) << "has branches whose results differ in rank or element type";
        return {};
      }
  }
  auto op = dfg::CaseOp::create(builder, loc, types, choice, count);
  for (auto [to, from] : llvm::zip(op.getBranches(), draft.getBranches()))
    to.takeBody(from);
  draft.erase(); // has no results, so no symbol refers to it
  return llvm::to_vector_of<Value>(op.getResults());
}

} // namespace tfc
