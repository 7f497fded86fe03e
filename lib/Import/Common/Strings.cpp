// Strings in importers.
#include "tfc/Import/Common/Strings.h"

using namespace mlir;

namespace tfc {

Value constantStrings(GraphBuilder &b, ArrayRef<int64_t> shape, ArrayRef<StringRef> strings) {
  auto type = RankedTensorType::get(shape, dfg::StringType::get(b.builder.getContext()));
  return b.constant(cast<ElementsAttr>(DenseStringElementsAttr::get(type, strings)));
}

SmallVector<Value> broadcastTogether(GraphBuilder &b, ArrayRef<Value> values) {
  SmallVector<GraphBuilder::Dims> shapes;
  for (Value value : values) {
    if (!value)
      return {};
    shapes.push_back(b.dims(value));
  }
  auto common = b.scope.broadcast(llvm::to_vector_of<ArrayRef<AffineExpr>>(shapes));
  if (failed(common)) {
    InFlightDiagnostic error = emitError(b.loc) << "has operands of shapes that do not broadcast:";
    for (Value value : values)
      error << ' ' << value.getType();
    return {};
  }
  return llvm::map_to_vector(values, [&](Value value) { return b.broadcastTo(value, *common); });
}

Value compareElements(GraphBuilder &b, dfg::CompareKind kind, Value x, Value y) {
  bool isEquality = kind == dfg::CompareKind::EQ || kind == dfg::CompareKind::NE;
  if (!x || !y || !isEquality || !isString(b.elementType(x)) || !isString(b.elementType(y)))
    return b.compare(kind, x, y);
  auto operands = broadcastTogether(b, {x, y});
  Value equal = operands.empty() ? Value() : b.create<dfg::StringEqualOp>(operands[0], operands[1]);
  return kind == dfg::CompareKind::EQ ? equal : b.create<dfg::NotOp>(equal);
}

} // namespace tfc
