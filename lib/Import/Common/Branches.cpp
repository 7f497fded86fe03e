// Choices that the step makes.
#include "tfc/Import/Common/GraphBuilder.h"

using namespace mlir;

namespace tfc {

SmallVector<Value> GraphBuilder::branch(AffineExpr index, size_t count,
                                        llvm::function_ref<SmallVector<Value>(size_t)> emit, size_t first) {
  if (first + 1 == count)
    return emit(first);
  AffineExpr isFirst = compare(dfg::CompareKind::EQ, index, expr(first));
  if (auto constant = number(isFirst))
    return *constant ? emit(first) : branch(index, count, emit, first + 1);
  Value condition = fromContent(isFirst, {}, builder.getI1Type());
  // The branches tell the types, so they are built before the op that keeps them.
  auto draft = dfg::IfOp::create(builder, loc, TypeRange(), condition);
  SmallVector<Type> types;
  for (Region *region : {&draft.getThenRegion(), &draft.getElseRegion()}) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&region->emplaceBlock());
    bool isThen = region == &draft.getThenRegion();
    SmallVector<Value> results = isThen ? emit(first) : branch(index, count, emit, first + 1);
    if (results.empty() || isNull(results))
      return {};
    dfg::YieldOp::create(builder, loc, results);
    if (isThen)
      types = llvm::to_vector(ValueRange(results).getTypes());
    for (auto [type, result] : llvm::zip_equal(types, results))
      if (type = dfg::joinTypes(type, result.getType()); !type) {
        emitError(loc) << "has branches whose results differ in rank or element type";
        return {};
      }
  }
  auto op = dfg::IfOp::create(builder, loc, types, condition);
  op.getThenRegion().takeBody(draft.getThenRegion());
  op.getElseRegion().takeBody(draft.getElseRegion());
  draft.erase(); // has no results, so no symbol refers to it
  return llvm::to_vector_of<Value>(op.getResults());
}

} // namespace tfc
