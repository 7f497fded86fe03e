// Lists as values: what TensorFlow 2 makes of TensorArrays.
#include "TensorList.h"

using namespace mlir;

namespace tfc::tf {

/// A shape that an input tells: a vector of extents, -1 where open; nothing for the scalar -1.
static FailureOr<std::optional<SmallVector<int64_t>>> shapeOf(NodeContext &c, unsigned i) {
  using Result = std::optional<SmallVector<int64_t>>;
  if (!c.hasInput(i))
    return c.error() << "has no tensor as input " << i;
  if (c.b.rank(c.input(i)) == 0)
    return Result();
  auto content = c.content(i);
  if (failed(content))
    return failure();
  SmallVector<int64_t> shape;
  for (AffineExpr extent : *content) {
    auto number = c.b.number(extent);
    shape.push_back(number && *number >= 0 ? *number : ShapedType::kDynamic);
  }
  return Result(shape);
}

/// What elements consist of: numbers, or anything (none) where they are lists or optionals.
/// Null after an error.
static Type elementType(NodeContext &c) {
  return c.dataType("element_dtype") == tensorflow::DT_VARIANT ? c.b.builder.getNoneType()
                                                               : c.elementType("element_dtype");
}

static dfg::ListType listType(NodeContext &c, Type element, const std::optional<SmallVector<int64_t>> &shape) {
  Type held = element;
  if (!isa<NoneType>(element))
    held = shape ? Type(RankedTensorType::get(*shape, element)) : Type(UnrankedTensorType::get(element));
  return dfg::ListType::get(c.b.builder.getContext(), held);
}

static FailureOr<dfg::ListType> listInput(NodeContext &c, unsigned i) {
  auto type = c.hasInput(i) ? dyn_cast<dfg::ListType>(c.input(i).getType()) : dfg::ListType();
  if (!type)
    return c.unsupported() << "has input " << i << ", which is no list known at compile time";
  return type;
}

/// The type of an element: what input `shape` says, where the list does not know better.
static FailureOr<RankedTensorType> elementOf(NodeContext &c, dfg::ListType list, unsigned shapeInput) {
  Type element = c.elementType("element_dtype");
  if (!element)
    return failure();
  auto held = dyn_cast<RankedTensorType>(list.getElementType());
  auto shape = shapeOf(c, shapeInput);
  if (failed(shape))
    return failure();
  if (!*shape && !held)
    return c.unsupported() << "takes out of a list whose elements have an unknown shape";
  if (!*shape)
    return held;
  if (held && held.getRank() == int64_t((*shape)->size()))
    for (auto [extent, known] : llvm::zip(**shape, held.getShape()))
      if (ShapedType::isDynamic(extent))
        extent = known;
  return RankedTensorType::get(**shape, element);
}

static LogicalResult importReserve(NodeContext &c) {
  Type element = elementType(c);
  auto shape = shapeOf(c, 0);
  Value length = c.index(1);
  if (!element || failed(shape) || !length)
    return failure();
  GraphBuilder &b = c.b;
  dfg::ListType type = listType(c, element, *shape);
  Value empty = dfg::ListMakeOp::create(b.builder, b.loc, type, ValueRange());
  return c.result(dfg::ListResizeOp::create(b.builder, b.loc, type, empty, length).getResult());
}

static LogicalResult importEmpty(NodeContext &c) {
  Type element = elementType(c);
  auto shape = shapeOf(c, 0);
  if (!element || failed(shape))
    return failure();
  return c.result(
      dfg::ListMakeOp::create(c.b.builder, c.b.loc, listType(c, element, *shape), ValueRange()).getResult());
}

static LogicalResult importFromTensor(NodeContext &c) {
  if (failed(c.requireRank(0, 1)))
    return failure();
  auto type = cast<RankedTensorType>(c.input(0).getType());
  SmallVector<int64_t> shape(type.getShape().drop_front());
  return c.result(dfg::ListSplitOp::create(c.b.builder, c.b.loc, listType(c, type.getElementType(), shape), c.input(0),
                                           Value(), 0, /*keep_axis=*/false)
                      .getResult());
}

/// The type of a list that also holds `value`.
static dfg::ListType including(NodeContext &c, dfg::ListType list, Value value) {
  Type joined = dfg::joinTypes(list, dfg::ListType::get(c.b.builder.getContext(), value.getType()));
  if (!joined)
    c.error() << "puts " << value.getType() << " into " << list;
  return dyn_cast_or_null<dfg::ListType>(joined);
}

static LogicalResult requireElement(NodeContext &c, unsigned i) {
  bool isNested = c.hasInput(i) && isa<dfg::ListType, dfg::OptionalType>(c.input(i).getType());
  return isNested ? success() : c.requireRank(i, 0);
}

/// The type of what comes out of a place of a list: see elementOf for tensors.
static FailureOr<Type> placeType(NodeContext &c, dfg::ListType list, unsigned shapeInput) {
  Type held = list.getElementType();
  if (isa<dfg::ListType, dfg::OptionalType>(held))
    return held;
  if (c.dataType("element_dtype") == tensorflow::DT_VARIANT)
    return c.unsupported() << "takes out of a list of which nothing tells what it holds";
  auto tensor = elementOf(c, list, shapeInput);
  return failed(tensor) ? FailureOr<Type>() : FailureOr<Type>(*tensor);
}

static LogicalResult importSetItem(NodeContext &c) {
  auto type = listInput(c, 0);
  Value index = c.index(1);
  if (failed(type) || !index || failed(requireElement(c, 2)))
    return failure();
  dfg::ListType result = including(c, *type, c.input(2));
  if (!result)
    return failure();
  return c.result(dfg::ListSetOp::create(c.b.builder, c.b.loc, result, c.input(0), c.input(2), index,
                                         c.boolean("resize_if_index_out_of_bounds"), /*accumulate=*/false)
                      .getResult());
}

static LogicalResult importGetItem(NodeContext &c) {
  auto type = listInput(c, 0);
  Value index = c.index(1);
  if (failed(type) || !index)
    return failure();
  auto element = placeType(c, *type, 2);
  if (failed(element))
    return failure();
  return c.result(dfg::ListAtOp::create(c.b.builder, c.b.loc, *element, c.input(0), index).getResult());
}

static LogicalResult importPushBack(NodeContext &c) {
  auto type = listInput(c, 0);
  if (failed(type) || failed(requireElement(c, 1)))
    return failure();
  dfg::ListType result = including(c, *type, c.input(1));
  if (!result)
    return failure();
  return c.result(dfg::ListInsertOp::create(c.b.builder, c.b.loc, result, c.input(0), c.input(1), Value()).getResult());
}

static LogicalResult importPopBack(NodeContext &c) {
  auto type = listInput(c, 0);
  if (failed(type))
    return failure();
  auto element = placeType(c, *type, 1);
  if (failed(element))
    return failure();
  GraphBuilder &b = c.b;
  Value top = dfg::ListAtOp::create(b.builder, b.loc, *element, c.input(0), b.index(b.expr(-1)));
  Value rest = dfg::ListEraseOp::create(b.builder, b.loc, *type, c.input(0), Value());
  return c.results(ValueRange{rest, top});
}

static RankedTensorType stacked(RankedTensorType element, int64_t count) {
  SmallVector<int64_t> shape{count};
  llvm::append_range(shape, element.getShape());
  return RankedTensorType::get(shape, element.getElementType());
}

static LogicalResult importStack(NodeContext &c) {
  auto type = listInput(c, 0);
  if (failed(type))
    return failure();
  auto element = elementOf(c, *type, 1);
  if (failed(element))
    return failure();
  int64_t count = c.integer("num_elements", -1);
  auto result = stacked(*element, count < 0 ? ShapedType::kDynamic : count);
  return c.result(dfg::ListStackOp::create(c.b.builder, c.b.loc, result, c.input(0), 0).getResult());
}

static LogicalResult importGather(NodeContext &c) {
  auto type = listInput(c, 0);
  if (failed(type) || failed(c.requireRank(1, 1, 1)))
    return failure();
  auto element = elementOf(c, *type, 2);
  if (failed(element))
    return failure();
  auto result = stacked(*element, cast<RankedTensorType>(c.input(1).getType()).getDimSize(0));
  return c.result(dfg::ListGatherOp::create(c.b.builder, c.b.loc, result, c.input(0), c.input(1)).getResult());
}

static LogicalResult importLength(NodeContext &c) {
  if (failed(listInput(c, 0)))
    return failure();
  GraphBuilder &b = c.b;
  Value length = dfg::ListLengthOp::create(b.builder, b.loc, b.builder.getIndexType(), c.input(0));
  return c.result(b.fromContent(b.scope.index(length), {}, b.builder.getI32Type()));
}

/// What the type of a list tells of its elements; -1 stands for the rest.
static LogicalResult importElementShape(NodeContext &c) {
  auto type = listInput(c, 0);
  Type element = c.elementType("shape_type");
  if (failed(type) || !element)
    return failure();
  GraphBuilder &b = c.b;
  auto held = dyn_cast<RankedTensorType>(type->getElementType());
  if (!held)
    return c.result(b.scalar(element, -1));
  GraphBuilder::Dims extents;
  for (int64_t extent : held.getShape())
    extents.push_back(b.expr(ShapedType::isDynamic(extent) ? -1 : extent));
  return c.result(b.fromContent(extents, {held.getRank()}, element));
}

static LogicalResult importResize(NodeContext &c) {
  auto type = listInput(c, 0);
  Value length = c.index(1);
  if (failed(type) || !length)
    return failure();
  return c.result(dfg::ListResizeOp::create(c.b.builder, c.b.loc, *type, c.input(0), length).getResult());
}

static LogicalResult importConcat(NodeContext &c) {
  auto type = listInput(c, 0);
  if (failed(type))
    return failure();
  auto held = dyn_cast<RankedTensorType>(type->getElementType());
  std::optional<SmallVector<int64_t>> shape = c.shape("element_shape");
  if (c.hasInput(1)) {
    auto given = shapeOf(c, 1);
    if (failed(given))
      return failure();
    shape = *given;
  }
  if (!shape && held)
    shape = SmallVector<int64_t>(held.getShape());
  if (!shape || shape->empty())
    return c.unsupported() << "joins elements of an unknown shape";
  (*shape)[0] = ShapedType::kDynamic;
  GraphBuilder &b = c.b;
  Type element = cast<TensorType>(type->getElementType()).getElementType();
  Value joined = dfg::ListConcatOp::create(b.builder, b.loc, RankedTensorType::get(*shape, element), c.input(0), 0);
  auto vector = RankedTensorType::get({ShapedType::kDynamic}, b.builder.getI64Type());
  Value lengths = dfg::ListExtentsOp::create(b.builder, b.loc, vector, c.input(0));
  return c.results(ValueRange{joined, lengths});
}

/// Inputs: elements, their positions, their shape, and (version 2) the length of the list, which
/// is otherwise the least that holds them.
static LogicalResult importScatter(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  auto type = cast<RankedTensorType>(c.input(0).getType());
  dfg::ListType list = listType(c, type.getElementType(), SmallVector<int64_t>(type.getShape().drop_front()));
  Value empty = dfg::ListMakeOp::create(b.builder, b.loc, list, ValueRange());
  auto known = c.hasInput(3) ? b.constantIntegers(c.input(3)) : SmallVector<int64_t>{-1};
  if (!known || known->front() >= 0) {
    Value length = c.index(3);
    if (!length)
      return failure();
    empty = dfg::ListResizeOp::create(b.builder, b.loc, list, empty, length);
  }
  return c.result(dfg::ListScatterOp::create(b.builder, b.loc, list, empty, c.input(0), c.input(1), /*grow=*/true,
                                             /*accumulate=*/false)
                      .getResult());
}

/// Inputs: a tensor, the shape of elements, and the extents of the pieces.
static LogicalResult importSplit(NodeContext &c) {
  if (failed(c.requireRank(0, 1)) || failed(c.requireRank(2, 1, 1)))
    return failure();
  auto type = cast<RankedTensorType>(c.input(0).getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[0] = ShapedType::kDynamic;
  return c.result(dfg::ListSplitOp::create(c.b.builder, c.b.loc, listType(c, type.getElementType(), shape), c.input(0),
                                           c.input(2), 0, /*keep_axis=*/true)
                      .getResult());
}

Value zerosLike(NodeContext &c, Value list) {
  return dfg::ListZerosOp::create(c.b.builder, c.b.loc, cast<dfg::ListType>(list.getType()), list);
}

Value addLists(NodeContext &c, Value list, Value other) {
  auto type = dyn_cast_or_null<dfg::ListType>(dfg::joinTypes(list.getType(), other.getType()));
  if (!type) {
    c.error() << "adds " << list.getType() << " and " << other.getType();
    return {};
  }
  return dfg::ListAddOp::create(c.b.builder, c.b.loc, type, list, other);
}

void registerTensorListOps(OpRegistry &ops) {
  ops.add("TensorListReserve", importReserve);
  ops.add("EmptyTensorList", importEmpty);
  ops.add("TensorListFromTensor", importFromTensor);
  ops.add("TensorListSetItem", importSetItem);
  ops.add("TensorListGetItem", importGetItem);
  ops.add("TensorListPushBack", importPushBack);
  ops.add("TensorListPopBack", importPopBack);
  ops.add("TensorListStack", importStack);
  ops.add("TensorListGather", importGather);
  ops.add("TensorListLength", importLength);
  ops.add("TensorListElementShape", importElementShape);
  ops.add("TensorListResize", importResize);
  for (StringRef name : {"TensorListScatter", "TensorListScatterV2"})
    ops.add(name, importScatter);
  ops.add("TensorListSplit", importSplit);
  for (StringRef name : {"TensorListConcat", "TensorListConcatV2"})
    ops.add(name, importConcat);
}

} // namespace tfc::tf
