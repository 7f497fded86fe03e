// Shapes of operations on strings, and how they are called.
#include "Dfg/Dfg.h"

using namespace mlir;

namespace tfc::dfg {

using Parameters = SmallVector<int64_t>;

Type withHandles(Type type) {
  if (isa<StringType>(type))
    return IntegerType::get(type.getContext(), 64);
  if (auto tensor = dyn_cast<TensorType>(type); tensor && isa<StringType>(tensor.getElementType()))
    return tensor.clone(withHandles(tensor.getElementType()));
  if (auto list = dyn_cast<ListType>(type))
    return ListType::get(type.getContext(), withHandles(list.getElementType()));
  if (auto optional = dyn_cast<OptionalType>(type))
    return OptionalType::get(type.getContext(), withHandles(optional.getElementType()));
  return type;
}

LogicalResult checkStrings(Operation *op, Value value, StringRef what) {
  Type element = tensorType(value).getElementType();
  if (!isa<StringType>(element) && !element.isInteger(64))
    return op->emitOpError() << "has " << what << " of type " << value.getType() << ", expected strings";
  return success();
}

/// Results of the operands' shape, which is one.
static LogicalResult elementwise(Operation *op, ValueRange operands, Type element, DimScope &scope,
                                 SmallVectorImpl<TensorInfo> &results) {
  for (Value operand : operands) {
    if (failed(checkStrings(op, operand, "operand")))
      return failure();
    if (failed(verifyCompatibleShape(operand.getType(), operands[0].getType())))
      return op->emitOpError() << "has operands " << operands[0].getType() << " and " << operand.getType()
                               << ", expected equal shapes";
  }
  results.push_back({element, llvm::to_vector(scope.dims(operands[0]))});
  return success();
}

//===----------------------------------------------------------------------===//
// Borders
//===----------------------------------------------------------------------===//

static LogicalResult border(Operation *op, unsigned from, unsigned to, DimScope &scope,
                            SmallVectorImpl<TensorInfo> &results) {
  Value x = op->getOperand(0);
  if (!tensorType(x).getElementType().isInteger(from))
    return op->emitOpError() << "has operand " << x.getType() << ", expected elements of i" << from;
  results.push_back({IntegerType::get(op->getContext(), to), llvm::to_vector(scope.dims(x))});
  return success();
}

LogicalResult StringFeedOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  return border(*this, 128, 64, scope, results);
}
StringRef StringFeedOp::getOperationSymbol() { return "tfc_operation_string_feed"; }
Parameters StringFeedOp::getOperationParameters() { return {int64_t(getInput())}; }

LogicalResult StringFetchOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  return border(*this, 64, 128, scope, results);
}
StringRef StringFetchOp::getOperationSymbol() { return "tfc_operation_string_fetch"; }
Parameters StringFetchOp::getOperationParameters() { return {}; }

LogicalResult StringConstantOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  RankedTensorType type = tensorType(getY());
  if (!type.hasStaticShape())
    return emitOpError() << "has result " << type << ", expected a static shape";
  if (!tensorType(getWords()).getElementType().isInteger(64) || tensorType(getWords()).getRank() != 1)
    return emitOpError() << "has operand " << getWords().getType() << ", expected a vector of i64";
  TensorInfo info{IntegerType::get(getContext(), 64), {}};
  for (int64_t extent : type.getShape())
    info.dims.push_back(scope.constant(extent));
  results.push_back(info);
  return success();
}
StringRef StringConstantOp::getOperationSymbol() { return "tfc_operation_string_constant"; }
Parameters StringConstantOp::getOperationParameters() { return {}; }

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

LogicalResult StringJoinOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  if (failed(checkStrings(*this, getSeparator(), "separator")))
    return failure();
  if (tensorType(getSeparator()).getRank() != 0 || getParts().empty())
    return emitOpError() << "joins " << getParts().size() << " operands with " << getSeparator().getType()
                         << ", expected at least one and a scalar";
  return elementwise(*this, getParts(), StringType::get(getContext()), scope, results);
}
StringRef StringJoinOp::getOperationSymbol() { return "tfc_operation_string_join"; }
Parameters StringJoinOp::getOperationParameters() { return {}; }

LogicalResult StringLengthOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  return elementwise(*this, getX(), IntegerType::get(getContext(), 32), scope, results);
}
StringRef StringLengthOp::getOperationSymbol() { return "tfc_operation_string_length"; }
Parameters StringLengthOp::getOperationParameters() { return {getUtf8()}; }

LogicalResult StringEqualOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  return elementwise(*this, {getA(), getB()}, IntegerType::get(getContext(), 1), scope, results);
}
StringRef StringEqualOp::getOperationSymbol() { return "tfc_operation_string_equal"; }
Parameters StringEqualOp::getOperationParameters() { return {}; }

} // namespace tfc::dfg
