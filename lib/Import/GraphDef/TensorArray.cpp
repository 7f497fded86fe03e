// Lists that live as long as a run: TensorArray and Stack.
//
// TensorFlow orders the ops on a TensorArray by a scalar that flows through them. Here that
// scalar is only handed on: the order of the step is one that it allows.
#include "OpRegistry.h"
#include "Resource.h"

using namespace mlir;

namespace tfc::tf {

static Type listTypeOf(const Resource &local) { return cast<dfg::LocalOp>(local.declaration).getType(); }

static Value peek(NodeContext &c, const Resource &local) {
  return dfg::PeekOp::create(c.b.builder, c.b.loc, listTypeOf(local), local.symbol());
}

/// Replaces the list of a local by what `change` makes of it.
static LogicalResult change(NodeContext &c, const Resource &local, llvm::function_ref<Value(Value list)> change) {
  Value list = change(dfg::TakeOp::create(c.b.builder, c.b.loc, listTypeOf(local), local.symbol()));
  if (!list)
    return failure();
  dfg::PutOp::create(c.b.builder, c.b.loc, local.symbol(), list);
  return success();
}

/// Remembers the type of what is put into a local.
static LogicalResult hold(NodeContext &c, const Resource &local, RankedTensorType type) {
  auto &resource = const_cast<Resource &>(local);
  if (type.getElementType() != resource.elementType)
    return c.error() << "puts " << type << " where elements are " << resource.elementType;
  Type joined = resource.type ? dfg::joinTypes(resource.type, type) : Type(type);
  if (!joined)
    return c.unsupported() << "puts " << type << " where there is " << resource.type << ", expected one rank";
  resource.type = cast<RankedTensorType>(joined);
  return success();
}

/// The type of one element that is taken out; null after an error.
static RankedTensorType heldType(NodeContext &c, const Resource &local) {
  if (!local.type) {
    c.unsupported() << "takes out of '" << local.name << "', whose elements have an unknown shape here";
    return {};
  }
  if (!local.mayVary)
    return local.type;
  return RankedTensorType::get(SmallVector<int64_t>(local.type.getRank(), ShapedType::kDynamic), local.elementType);
}

static RankedTensorType withLeading(RankedTensorType type, int64_t extent) {
  SmallVector<int64_t> shape{extent};
  llvm::append_range(shape, type.getShape());
  return RankedTensorType::get(shape, type.getElementType());
}

static RankedTensorType withoutLeading(RankedTensorType type) {
  return RankedTensorType::get(type.getShape().drop_front(), type.getElementType());
}

static Value flow(NodeContext &c) { return c.b.scalar(c.b.builder.getF32Type(), 0); }

//===----------------------------------------------------------------------===//
// TensorArray
//===----------------------------------------------------------------------===//

static Value resized(NodeContext &c, Value list, Value length) {
  return dfg::ListResizeOp::create(c.b.builder, c.b.loc, list.getType(), list, length);
}

static LogicalResult importArray(NodeContext &c) {
  Type element = c.elementType("dtype");
  Value size = c.index(0);
  if (!element || !size)
    return failure();
  Resource *array = c.newLocal(Resource::Kind::TensorArray, element);
  array->mayGrow = c.boolean("dynamic_size");
  array->mayVary = !c.boolean("infer_shape", true) && !c.boolean("identical_element_shapes");
  if (auto shape = c.shape("element_shape"))
    array->type = RankedTensorType::get(*shape, element);
  Value empty = dfg::ListMakeOp::create(c.b.builder, c.b.loc, listTypeOf(*array), ValueRange());
  dfg::PutOp::create(c.b.builder, c.b.loc, array->symbol(), resized(c, empty, size));
  return c.results({Entry{{}, array}, Entry{flow(c)}});
}

static LogicalResult importArrayGrad(NodeContext &c) {
  const Resource *array = c.resource(0, Resource::Kind::TensorArray);
  if (!array)
    return failure();
  Resource *&gradient = const_cast<Resource *>(array)->gradients[c.string("source").str()];
  if (!gradient) {
    gradient = c.newLocal(Resource::Kind::TensorArray, array->elementType);
    gradient->type = array->type;
    gradient->mayVary = array->mayVary;
    gradient->mayGrow = gradient->accumulates = true;
    gradient->isInLoop = array->isInLoop;
  }
  // It is as long as the array is now; what is in it stays.
  Value length = dfg::ListLengthOp::create(c.b.builder, c.b.loc, c.b.builder.getIndexType(), peek(c, *array));
  if (failed(change(c, *gradient, [&](Value list) { return resized(c, list, length); })))
    return failure();
  return c.results({Entry{{}, gradient}, c.entry(1)});
}

static LogicalResult importArrayWrite(NodeContext &c) {
  const Resource *array = c.resource(0, Resource::Kind::TensorArray);
  Value index = c.index(1), value = c.input(2);
  if (!array || !index || !value || failed(hold(c, *array, cast<RankedTensorType>(value.getType()))))
    return failure();
  auto set = [&](Value list) {
    return Value(dfg::ListSetOp::create(c.b.builder, c.b.loc, list.getType(), list, value, index, array->mayGrow,
                                        array->accumulates));
  };
  return succeeded(change(c, *array, set)) ? c.result(c.entry(3)) : failure();
}

static LogicalResult importArrayRead(NodeContext &c) {
  const Resource *array = c.resource(0, Resource::Kind::TensorArray);
  Value index = c.index(1);
  RankedTensorType type = array ? heldType(c, *array) : RankedTensorType();
  if (!index || !type)
    return failure();
  return c.result(dfg::ListAtOp::create(c.b.builder, c.b.loc, type, peek(c, *array), index).getResult());
}

static LogicalResult importArrayScatter(NodeContext &c) {
  const Resource *array = c.resource(0, Resource::Kind::TensorArray);
  if (!array || failed(c.requireRank(1, 1, 1)) || failed(c.requireRank(2, 1)) ||
      failed(hold(c, *array, withoutLeading(cast<RankedTensorType>(c.input(2).getType())))))
    return failure();
  auto scatter = [&](Value list) {
    return Value(dfg::ListScatterOp::create(c.b.builder, c.b.loc, list.getType(), list, c.input(2), c.input(1),
                                            array->mayGrow, array->accumulates));
  };
  return succeeded(change(c, *array, scatter)) ? c.result(c.entry(3)) : failure();
}

static LogicalResult importArrayGather(NodeContext &c) {
  const Resource *array = c.resource(0, Resource::Kind::TensorArray);
  RankedTensorType type = array ? heldType(c, *array) : RankedTensorType();
  if (!type || failed(c.requireRank(1, 1, 1)))
    return failure();
  auto stacked = withLeading(type, cast<RankedTensorType>(c.input(1).getType()).getDimSize(0));
  GraphBuilder &b = c.b;
  Value result = dfg::ListGatherOp::create(b.builder, b.loc, stacked, peek(c, *array), c.input(1));
  // As many as there are positions, which may be known.
  GraphBuilder::Dims dims = b.dims(result);
  dims[0] = b.dim(c.input(1), 0);
  return c.result(b.reshape(result, dims));
}

static LogicalResult importArrayConcat(NodeContext &c) {
  const Resource *array = c.resource(0, Resource::Kind::TensorArray);
  RankedTensorType type = array ? heldType(c, *array) : RankedTensorType();
  if (!type)
    return failure();
  if (type.getRank() == 0)
    return c.error() << "joins scalars, expected a rank of at least 1";
  SmallVector<int64_t> shape(type.getShape());
  shape[0] = ShapedType::kDynamic;
  GraphBuilder &b = c.b;
  Value list = peek(c, *array);
  Value joined = dfg::ListConcatOp::create(b.builder, b.loc, RankedTensorType::get(shape, array->elementType), list, 0);
  Type i64 = b.builder.getI64Type();
  Value lengths =
      dfg::ListExtentsOp::create(b.builder, b.loc, RankedTensorType::get({ShapedType::kDynamic}, i64), list);
  return c.results(ValueRange{joined, lengths});
}

static LogicalResult importArraySplit(NodeContext &c) {
  const Resource *array = c.resource(0, Resource::Kind::TensorArray);
  if (!array || failed(c.requireRank(1, 1)) || failed(c.requireRank(2, 1, 1)))
    return failure();
  auto type = cast<RankedTensorType>(c.input(1).getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[0] = ShapedType::kDynamic;
  if (failed(hold(c, *array, RankedTensorType::get(shape, type.getElementType()))))
    return failure();
  const_cast<Resource *>(array)->mayVary = true;
  Value list = dfg::ListSplitOp::create(c.b.builder, c.b.loc, listTypeOf(*array), c.input(1), c.input(2), 0,
                                        /*keep_axis=*/true);
  dfg::PutOp::create(c.b.builder, c.b.loc, array->symbol(), list);
  return c.result(c.entry(3));
}

static LogicalResult importArraySize(NodeContext &c) {
  const Resource *array = c.resource(0, Resource::Kind::TensorArray);
  if (!array)
    return failure();
  GraphBuilder &b = c.b;
  Value length = dfg::ListLengthOp::create(b.builder, b.loc, b.builder.getIndexType(), peek(c, *array));
  return c.result(b.fromContent(b.scope.index(length), {}, b.builder.getI32Type()));
}

//===----------------------------------------------------------------------===//
// Stack
//===----------------------------------------------------------------------===//

static LogicalResult importStack(NodeContext &c) {
  Type element =
      c.dataType("elem_type") == tensorflow::DT_RESOURCE ? c.b.builder.getI1Type() : c.elementType("elem_type");
  return element ? c.result(Entry{{}, c.newLocal(Resource::Kind::Stack, element)}) : failure();
}

static LogicalResult importStackPush(NodeContext &c) {
  const Resource *stack = c.resource(0, Resource::Kind::Stack);
  if (!stack)
    return failure();
  // A handle is not data: it comes out again as it is.
  if (const Resource *handle = c.entry(1).resource; handle && !c.input(1)) {
    if (handle->kind == Resource::Kind::TensorArray && handle->isInLoop)
      return c.unsupported() << "keeps the TensorArrays that iterations of a loop make";
    if (stack->pushed && stack->pushed != handle)
      return c.unsupported() << "pushes handles of several resources, expected one";
    const_cast<Resource *>(stack)->pushed = handle;
    return c.result(c.entry(1));
  }
  Value value = c.input(1);
  if (!value || failed(hold(c, *stack, cast<RankedTensorType>(value.getType()))))
    return failure();
  auto push = [&](Value list) {
    return Value(dfg::ListInsertOp::create(c.b.builder, c.b.loc, list.getType(), list, value, Value()));
  };
  return succeeded(change(c, *stack, push)) ? c.result(c.entry(1)) : failure();
}

static LogicalResult importStackPop(NodeContext &c) {
  const Resource *stack = c.resource(0, Resource::Kind::Stack);
  if (!stack)
    return failure();
  if (stack->pushed)
    return c.result(Entry{{}, stack->pushed});
  RankedTensorType type = heldType(c, *stack);
  if (!type)
    return failure();
  GraphBuilder &b = c.b;
  Value top;
  auto pop = [&](Value list) {
    top = dfg::ListAtOp::create(b.builder, b.loc, type, list, b.index(b.expr(-1)));
    return Value(dfg::ListEraseOp::create(b.builder, b.loc, list.getType(), list, Value()));
  };
  return succeeded(change(c, *stack, pop)) ? c.result(top) : failure();
}

static LogicalResult importClose(NodeContext &c) { return c.results(ArrayRef<Entry>()); }

void registerTensorArrayOps(OpRegistry &ops) {
  ops.add("TensorArrayV3", importArray).effect();
  ops.add("TensorArrayGradV3", importArrayGrad).effect();
  ops.add("TensorArrayWriteV3", importArrayWrite).effect();
  ops.add("TensorArrayReadV3", importArrayRead).effect();
  ops.add("TensorArrayScatterV3", importArrayScatter).effect();
  ops.add("TensorArrayGatherV3", importArrayGather).effect();
  ops.add("TensorArrayConcatV3", importArrayConcat).effect();
  ops.add("TensorArraySplitV3", importArraySplit).effect();
  ops.add("TensorArraySizeV3", importArraySize).effect();
  ops.add("StackV2", importStack);
  ops.add("StackPushV2", importStackPush).effect();
  ops.add("StackPopV2", importStackPop).effect();
  for (StringRef name : {"TensorArrayCloseV3", "StackCloseV2"})
    ops.add(name, importClose).effect();
}

} // namespace tfc::tf
