// Types and verifiers of lists and optionals, and what they are in the runtime archive.
#include "Dfg/Dfg.h"

using namespace mlir;

namespace tfc::dfg {

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

LogicalResult ListType::verify(llvm::function_ref<InFlightDiagnostic()> emitError, Type element) {
  if (isa<ControlType, IndexType, VectorType, MemRefType>(element))
    return emitError() << "list of " << element << ", expected tensors or, if it is empty, their element type";
  return success();
}

LogicalResult OptionalType::verify(llvm::function_ref<InFlightDiagnostic()> emitError, Type element) {
  if (!isa<TensorType, ListType, NoneType>(element))
    return emitError() << "optional of " << element << ", expected a tensor or list";
  return success();
}

/// The element type of a tensor type, or the type itself.
static Type scalarType(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  return tensor ? tensor.getElementType() : type;
}

/// The same for what lists and optionals may hold.
static bool elementFlowsInto(Type from, Type to) {
  if (from == to || isa<NoneType>(from) || flowsInto(from, to))
    return true;
  bool isOpen = isa<UnrankedTensorType>(to) && isa<TensorType>(from);
  bool isNothing = !isa<TensorType>(from) && isa<TensorType>(to);
  return (isOpen || isNothing) && scalarType(from) == scalarType(to);
}

bool flowsInto(Type from, Type to) {
  if (auto a = dyn_cast<ListType>(from), b = dyn_cast<ListType>(to); a && b)
    return elementFlowsInto(a.getElementType(), b.getElementType());
  if (auto a = dyn_cast<OptionalType>(from), b = dyn_cast<OptionalType>(to); a && b)
    return elementFlowsInto(a.getElementType(), b.getElementType());
  auto a = dyn_cast<RankedTensorType>(from), b = dyn_cast<RankedTensorType>(to);
  if (!a || !b)
    return from == to;
  if (a.getElementType() != b.getElementType() || a.getRank() != b.getRank())
    return false;
  for (auto [x, y] : llvm::zip(a.getShape(), b.getShape()))
    if (!ShapedType::isDynamic(y) && x != y)
      return false;
  return true;
}

/// What a list or optional holds that holds both.
static Type joinElements(Type a, Type b) {
  if (Type joined = joinTypes(a, b))
    return joined;
  if (isa<NoneType>(a) || isa<NoneType>(b))
    return isa<NoneType>(a) ? b : a;
  if (isa<ListType>(a) || isa<ListType>(b) || scalarType(a) != scalarType(b))
    return {};
  if (!isa<TensorType>(a))
    return b;
  return isa<TensorType>(b) ? UnrankedTensorType::get(scalarType(a)) : a;
}

Type joinTypes(Type a, Type b) {
  if (a == b)
    return a;
  if (auto x = dyn_cast<ListType>(a), y = dyn_cast<ListType>(b); x && y) {
    Type element = joinElements(x.getElementType(), y.getElementType());
    return element ? ListType::get(a.getContext(), element) : Type();
  }
  if (isa<OptionalType>(a) || isa<OptionalType>(b)) {
    auto held = [](Type type) {
      auto optional = dyn_cast<OptionalType>(type);
      return optional ? optional.getElementType() : type;
    };
    Type element = joinElements(held(a), held(b));
    return element ? OptionalType::get(a.getContext(), element) : Type();
  }
  auto x = dyn_cast<RankedTensorType>(a), y = dyn_cast<RankedTensorType>(b);
  if (!x || !y || x.getElementType() != y.getElementType() || x.getRank() != y.getRank())
    return {};
  SmallVector<int64_t> shape(x.getShape());
  for (auto [extent, other] : llvm::zip(shape, y.getShape()))
    if (extent != other)
      extent = ShapedType::kDynamic;
  return RankedTensorType::get(shape, x.getElementType());
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

/// Whether a type can be what is taken out of a list or optional of `held`.
static bool mayBeTaken(Type held, Type taken) {
  auto a = dyn_cast<RankedTensorType>(held), b = dyn_cast<RankedTensorType>(taken);
  if (!b || scalarType(held) != scalarType(taken))
    return flowsInto(held, taken);
  return !a || a.getRank() == b.getRank();
}

static LogicalResult verifyHolds(Operation *op, ListType list, Value element) {
  if (!elementFlowsInto(element.getType(), list.getElementType()))
    return op->emitOpError() << "puts " << element.getType() << " into " << list;
  return success();
}

static LogicalResult verifySameList(Operation *op, Value list, Value y) {
  if (!flowsInto(list.getType(), y.getType()))
    return op->emitOpError() << "makes " << y.getType() << " of " << list.getType();
  return success();
}

static LogicalResult verifyJoined(Operation *op, Value list, Value y, int64_t axis, int64_t added) {
  RankedTensorType type = tensorType(y);
  Type held = cast<ListType>(list.getType()).getElementType();
  auto element = dyn_cast<RankedTensorType>(held);
  if (scalarType(held) != type.getElementType() || (element && element.getRank() + added != type.getRank()))
    return op->emitOpError() << "has result " << type << " of a list of " << held;
  if (axis < 0 || axis >= type.getRank())
    return op->emitOpError() << "has axis " << axis << ", expected one of [0, " << type.getRank() << ")";
  return success();
}

LogicalResult ListMakeOp::verify() {
  for (Value element : getElements())
    if (failed(verifyHolds(*this, getY().getType(), element)))
      return failure();
  return success();
}

LogicalResult ListInsertOp::verify() {
  return failed(verifySameList(*this, getList(), getY())) ? failure()
                                                          : verifyHolds(*this, getY().getType(), getElement());
}

LogicalResult ListEraseOp::verify() { return verifySameList(*this, getList(), getY()); }

LogicalResult ListSetOp::verify() {
  return failed(verifySameList(*this, getList(), getY())) ? failure()
                                                          : verifyHolds(*this, getY().getType(), getElement());
}

LogicalResult ListResizeOp::verify() { return verifySameList(*this, getList(), getY()); }

LogicalResult ListAddOp::verify() {
  return failed(verifySameList(*this, getList(), getY())) ? failure() : verifySameList(*this, getOther(), getY());
}

LogicalResult ListZerosOp::verify() { return verifySameList(*this, getList(), getY()); }

static LogicalResult verifyPositions(Operation *op, Value positions) {
  RankedTensorType type = tensorType(positions);
  if (type.getRank() != 1 || !(type.getElementType().isInteger(32) || type.getElementType().isInteger(64)))
    return op->emitOpError() << "has positions " << type << ", expected a vector of i32 or i64";
  return success();
}

LogicalResult ListScatterOp::verify() {
  RankedTensorType type = tensorType(getElements());
  if (failed(verifySameList(*this, getList(), getY())) || failed(verifyPositions(*this, getPositions())))
    return failure();
  if (type.getRank() == 0)
    return emitOpError() << "scatters a scalar, expected a rank of at least 1";
  auto slice = RankedTensorType::get(type.getShape().drop_front(), type.getElementType());
  if (!elementFlowsInto(slice, getY().getType().getElementType()))
    return emitOpError() << "puts " << slice << " into " << getY().getType();
  return success();
}

LogicalResult ListGatherOp::verify() {
  return failed(verifyPositions(*this, getPositions())) ? failure() : verifyJoined(*this, getList(), getY(), 0, 1);
}

LogicalResult ListExtentsOp::verify() {
  RankedTensorType type = tensorType(getY());
  if (type.getRank() != 1 || !type.getElementType().isInteger(64))
    return emitOpError() << "gives " << type << ", expected a vector of i64";
  return success();
}

LogicalResult ListAtOp::verify() {
  if (!mayBeTaken(getList().getType().getElementType(), getY().getType()))
    return emitOpError() << "takes " << getY().getType() << " out of " << getList().getType();
  return success();
}

LogicalResult ListConcatOp::verify() { return verifyJoined(*this, getList(), getY(), getAxis(), 0); }
LogicalResult ListStackOp::verify() { return verifyJoined(*this, getList(), getY(), getAxis(), 1); }

LogicalResult ListSplitOp::verify() {
  RankedTensorType type = tensorType(getX());
  if (int64_t(getAxis()) < 0 || int64_t(getAxis()) >= type.getRank())
    return emitOpError() << "has axis " << getAxis() << ", expected one of [0, " << type.getRank() << ")";
  if (getSizes()) {
    RankedTensorType sizes = tensorType(getSizes());
    if (sizes.getRank() > 1 || !(sizes.getElementType().isInteger(32) || sizes.getElementType().isInteger(64)))
      return emitOpError() << "has sizes " << sizes << ", expected a scalar or vector of i32 or i64";
  }
  Type held = getY().getType().getElementType();
  auto piece = dyn_cast<RankedTensorType>(held);
  if (scalarType(held) != type.getElementType() ||
      (piece && piece.getRank() != type.getRank() - (getKeepAxis() ? 0 : 1)))
    return emitOpError() << "cuts " << type << " into " << getY().getType();
  return success();
}

LogicalResult OptionalMakeOp::verify() {
  if (getValue() && !elementFlowsInto(getValue().getType(), getY().getType().getElementType()))
    return emitOpError() << "puts " << getValue().getType() << " into " << getY().getType();
  return success();
}

LogicalResult OptionalGetOp::verify() {
  Type type = getY().getType();
  if (!mayBeTaken(getOptional().getType().getElementType(), type))
    return emitOpError() << "takes " << type << " out of " << getOptional().getType();
  return success();
}

//===----------------------------------------------------------------------===//
// Folds
//===----------------------------------------------------------------------===//

OpFoldResult OptionalHasOp::fold(FoldAdaptor) {
  auto make = getOptional().getDefiningOp<OptionalMakeOp>();
  return make ? IntegerAttr::get(IndexType::get(getContext()), make.getValue() ? 1 : 0) : OpFoldResult();
}

OpFoldResult OptionalGetOp::fold(FoldAdaptor) {
  auto make = getOptional().getDefiningOp<OptionalMakeOp>();
  return make && make.getValue() && make.getValue().getType() == getY().getType() ? make.getValue() : OpFoldResult();
}

//===----------------------------------------------------------------------===//
// Operations of the runtime
//===----------------------------------------------------------------------===//

using Parameters = SmallVector<int64_t>;

StringRef ListMakeOp::getOperationSymbol() { return "tfc_operation_list_make"; }
Parameters ListMakeOp::getOperationParameters() { return {}; }

StringRef ListInsertOp::getOperationSymbol() { return "tfc_operation_list_insert"; }
Parameters ListInsertOp::getOperationParameters() { return {}; }
Parameters ListInsertOp::getConsumedOperands() { return {0}; }

StringRef ListEraseOp::getOperationSymbol() { return "tfc_operation_list_erase"; }
Parameters ListEraseOp::getOperationParameters() { return {}; }
Parameters ListEraseOp::getConsumedOperands() { return {0}; }

StringRef ListAtOp::getOperationSymbol() { return "tfc_operation_list_at"; }
Parameters ListAtOp::getOperationParameters() { return {}; }

StringRef ListSetOp::getOperationSymbol() { return "tfc_operation_list_set"; }
Parameters ListSetOp::getOperationParameters() { return {getGrow(), getAccumulate()}; }
Parameters ListSetOp::getConsumedOperands() { return {0}; }

StringRef ListScatterOp::getOperationSymbol() { return "tfc_operation_list_scatter"; }
Parameters ListScatterOp::getOperationParameters() { return {getGrow(), getAccumulate()}; }
Parameters ListScatterOp::getConsumedOperands() { return {0}; }

StringRef ListResizeOp::getOperationSymbol() { return "tfc_operation_list_resize"; }
Parameters ListResizeOp::getOperationParameters() { return {}; }
Parameters ListResizeOp::getConsumedOperands() { return {0}; }

StringRef ListAddOp::getOperationSymbol() { return "tfc_operation_list_add"; }
Parameters ListAddOp::getOperationParameters() { return {}; }
Parameters ListAddOp::getConsumedOperands() { return {0}; }

StringRef ListZerosOp::getOperationSymbol() { return "tfc_operation_list_zeros"; }
Parameters ListZerosOp::getOperationParameters() { return {}; }

StringRef ListGatherOp::getOperationSymbol() { return "tfc_operation_list_gather"; }
Parameters ListGatherOp::getOperationParameters() { return {}; }

StringRef ListExtentsOp::getOperationSymbol() { return "tfc_operation_list_extents"; }
Parameters ListExtentsOp::getOperationParameters() { return {}; }

StringRef ListLengthOp::getOperationSymbol() { return "tfc_operation_list_length"; }
Parameters ListLengthOp::getOperationParameters() { return {}; }

StringRef ListConcatOp::getOperationSymbol() { return "tfc_operation_list_concat"; }
Parameters ListConcatOp::getOperationParameters() { return {int64_t(getAxis()), 0}; }

StringRef ListStackOp::getOperationSymbol() { return "tfc_operation_list_concat"; }
Parameters ListStackOp::getOperationParameters() { return {int64_t(getAxis()), 1}; }

StringRef ListSplitOp::getOperationSymbol() { return "tfc_operation_list_split"; }
Parameters ListSplitOp::getOperationParameters() { return {int64_t(getAxis()), getKeepAxis()}; }

StringRef OptionalMakeOp::getOperationSymbol() { return "tfc_operation_optional_make"; }
Parameters OptionalMakeOp::getOperationParameters() { return {}; }
Parameters OptionalMakeOp::getConsumedOperands() {
  return getValue() && isa<ListType>(getValue().getType()) ? Parameters{0} : Parameters();
}

StringRef OptionalHasOp::getOperationSymbol() { return "tfc_operation_optional_has"; }
Parameters OptionalHasOp::getOperationParameters() { return {}; }

StringRef OptionalGetOp::getOperationSymbol() { return "tfc_operation_optional_get"; }
Parameters OptionalGetOp::getOperationParameters() { return {}; }

} // namespace tfc::dfg
