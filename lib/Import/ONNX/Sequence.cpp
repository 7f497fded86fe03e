// Sequences. One that a chain of nodes makes of known tensors is never made: nodes that
// read it see the tensors.
#include "tfc/Import/Common/Loops.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {
namespace {

/// What importers of nodes on sequences ask.
class Sequences {
public:
  explicit Sequences(NodeContext &c) : c(c), b(c.b) {}

  /// Input `i` as a sequence; null after an error.
  Value list(unsigned i) {
    Value value = c.input(i);
    if (value && isa<dfg::ListType>(value.getType()))
      return value;
    c.error() << "has no sequence as input " << i;
    return {};
  }
  Value tensor(unsigned i) { return failed(c.requireRank(i, 0)) ? Value() : c.input(i); }

  /// The tensors of a list where they are known.
  static std::optional<SmallVector<Value>> elements(Value list) {
    auto make = list.getDefiningOp<dfg::ListMakeOp>();
    return make ? std::optional(SmallVector<Value>(make.getElements())) : std::nullopt;
  }

  Value make(ArrayRef<Value> elements, Type emptyOf) {
    Type type = dfg::ListType::get(b.builder.getContext(), emptyOf);
    for (Value element : elements) {
      if (!element)
        return {};
      type = dfg::joinTypes(type, dfg::ListType::get(b.builder.getContext(), element.getType()));
      if (!type) {
        c.error() << "puts tensors of different element types into one sequence";
        return {};
      }
    }
    return dfg::ListMakeOp::create(b.builder, b.loc, type, elements);
  }

  static Type scalarType(Type held) {
    auto tensor = dyn_cast<TensorType>(held);
    return tensor ? tensor.getElementType() : held;
  }
  /// The type that tensors of a list have; null after an error.
  RankedTensorType heldType(Value list) {
    auto type = dyn_cast<RankedTensorType>(cast<dfg::ListType>(list.getType()).getElementType());
    if (!type)
      c.unsupported() << "has a sequence of type " << list.getType()
                      << ", expected one whose tensors have one rank that is known";
    return type;
  }

  /// Position operand `i` as a number; null if it is left out, failure after an error.
  FailureOr<AffineExpr> position(unsigned i) {
    if (!c.hasInput(i))
      return AffineExpr();
    auto content = c.content(i);
    if (failed(content))
      return failure();
    if (content->size() != 1)
      return c.error() << "has a position of " << content->size() << " numbers, expected one";
    return content->front();
  }
  /// A constant position in [0, count), or nothing; `otherwise` stands for an absent one.
  std::optional<int64_t> constantPosition(AffineExpr position, int64_t count, int64_t otherwise) {
    auto number = position ? b.number(position) : std::optional(otherwise);
    if (number && *number < 0)
      *number += count;
    return number && *number >= 0 && *number < count ? number : std::nullopt;
  }
  Value index(AffineExpr position) { return position ? b.index(position) : Value(); }

  Value at(Value list, AffineExpr position) {
    if (auto known = elements(list))
      if (auto i = constantPosition(position, known->size(), 0))
        return (*known)[*i];
    RankedTensorType type = heldType(list);
    return type ? dfg::ListAtOp::create(b.builder, b.loc, type, list, b.index(position)) : Value();
  }
  AffineExpr length(Value list) {
    if (auto known = elements(list))
      return b.expr(known->size());
    return b.scope.index(Value(dfg::ListLengthOp::create(b.builder, b.loc, b.builder.getIndexType(), list)));
  }

private:
  NodeContext &c;
  GraphBuilder &b;
};

} // namespace

static LogicalResult importConstruct(NodeContext &c) {
  for (unsigned i = 0; i < c.inputCount(); ++i)
    if (failed(c.requireRank(i, 0)))
      return failure();
  if (c.inputCount() == 0)
    return c.error() << "has no input";
  return c.result(Sequences(c).make(c.allInputs(), c.b.elementType(c.input(0))));
}

static LogicalResult importEmpty(NodeContext &c) {
  Type element = c.elementType("dtype", /*f32=*/1);
  return element ? c.result(Sequences(c).make({}, element)) : failure();
}

static LogicalResult importInsert(NodeContext &c) {
  GraphBuilder &b = c.b;
  Sequences s(c);
  Value list = s.list(0), tensor = s.tensor(1);
  auto position = s.position(2);
  if (!list || !tensor || failed(position))
    return failure();
  Type held = cast<dfg::ListType>(list.getType()).getElementType();
  if (auto known = s.elements(list)) {
    // A negative position counts from the end as it was.
    bool atEnd = !*position || b.number(*position) == int64_t(known->size());
    auto at = atEnd ? std::optional<int64_t>(known->size()) : s.constantPosition(*position, known->size(), 0);
    if (at) {
      known->insert(known->begin() + *at, tensor);
      return c.result(s.make(*known, s.scalarType(held)));
    }
  }
  Type type = dfg::joinTypes(list.getType(), dfg::ListType::get(b.builder.getContext(), tensor.getType()));
  if (!type)
    return c.error() << "puts " << tensor.getType() << " into a sequence of type " << list.getType();
  return c.result(dfg::ListInsertOp::create(b.builder, b.loc, type, list, tensor, s.index(*position)));
}

static LogicalResult importErase(NodeContext &c) {
  Sequences s(c);
  Value list = s.list(0);
  auto position = s.position(1);
  if (!list || failed(position))
    return failure();
  if (auto known = s.elements(list))
    if (auto at = s.constantPosition(*position, known->size(), -1)) {
      known->erase(known->begin() + *at);
      return c.result(s.make(*known, s.scalarType(cast<dfg::ListType>(list.getType()).getElementType())));
    }
  return c.result(dfg::ListEraseOp::create(c.b.builder, c.b.loc, list.getType(), list, s.index(*position)));
}

static LogicalResult importAt(NodeContext &c) {
  Sequences s(c);
  Value list = s.list(0);
  auto position = s.position(1);
  if (!list || failed(position))
    return failure();
  if (!*position)
    return c.error() << "has no position";
  return c.result(s.at(list, *position));
}

static LogicalResult importLength(NodeContext &c) {
  Sequences s(c);
  Value list = s.list(0);
  return list ? c.result(c.b.fromContent(s.length(list), {}, c.b.builder.getI64Type())) : failure();
}

//===----------------------------------------------------------------------===//
// To tensors and back
//===----------------------------------------------------------------------===//

static LogicalResult importConcat(NodeContext &c) {
  GraphBuilder &b = c.b;
  Sequences s(c);
  Value list = s.list(0);
  bool stacks = c.integer("new_axis") != 0;
  auto known = list ? s.elements(list) : std::nullopt;
  if (!list || (known && known->empty() && !s.heldType(list)))
    return failure();
  if (known && !known->empty()) {
    auto axis = c.axis(c.integer("axis"), b.rank(known->front()) + stacks);
    if (failed(axis))
      return failure();
    for (Value &element : *known)
      element = stacks ? b.unsqueeze(element, {*axis}) : element;
    return c.result(b.concat(*known, *axis));
  }
  RankedTensorType held = s.heldType(list);
  if (!held)
    return failure();
  auto axis = c.axis(c.integer("axis"), held.getRank() + stacks);
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(held.getShape());
  if (stacks)
    shape.insert(shape.begin() + *axis, ShapedType::kDynamic);
  shape[*axis] = ShapedType::kDynamic;
  auto type = RankedTensorType::get(shape, held.getElementType());
  return c.result(stacks ? Value(dfg::ListStackOp::create(b.builder, b.loc, type, list, *axis))
                         : Value(dfg::ListConcatOp::create(b.builder, b.loc, type, list, *axis)));
}

/// The extents of pieces where they are known to fit; nothing otherwise.
static std::optional<GraphBuilder::Dims> pieceSizes(NodeContext &c, AffineExpr extent) {
  GraphBuilder &b = c.b;
  auto total = b.number(extent);
  auto equalPieces = [&](int64_t size) -> std::optional<GraphBuilder::Dims> {
    if (!total || size < 1 || *total / size >= GraphBuilder::kMostContent)
      return std::nullopt;
    GraphBuilder::Dims sizes(*total / size, b.expr(size));
    if (*total % size)
      sizes.push_back(b.expr(*total % size));
    return sizes;
  };
  if (!c.hasInput(1))
    return equalPieces(1);
  auto known = b.knownContent(c.input(1));
  if (!known)
    return std::nullopt;
  if (b.rank(c.input(1)) == 0) {
    auto size = b.number(known->front());
    return size ? equalPieces(*size) : std::nullopt;
  }
  AffineExpr sum = b.expr(0);
  for (AffineExpr size : *known)
    sum = b.scope.isNonNegative(size) ? b.scope.add(sum, size) : b.expr(-1);
  return sum == extent ? known : std::nullopt;
}

static LogicalResult importSplit(NodeContext &c) {
  GraphBuilder &b = c.b;
  Sequences s(c);
  Value x = s.tensor(0);
  if (!x || (c.hasInput(1) && failed(c.requireRank(1, 0, 1))))
    return failure();
  auto axis = c.axis(c.integer("axis"), b.rank(x));
  if (failed(axis))
    return failure();
  bool keepsAxis = c.hasInput(1) || c.integer("keepdims", 1) != 0;
  if (auto sizes = pieceSizes(c, b.dim(x, *axis))) {
    SmallVector<Value> pieces;
    AffineExpr offset = b.expr(0);
    for (AffineExpr size : *sizes) {
      Value piece = b.sliceAxis(x, *axis, offset, size);
      pieces.push_back(keepsAxis ? piece : b.squeeze(piece, {*axis}));
      offset = b.scope.add(offset, size);
    }
    return c.result(s.make(pieces, b.elementType(x)));
  }
  SmallVector<int64_t> shape = b.shape(x);
  if (!keepsAxis)
    shape.erase(shape.begin() + *axis);
  else
    shape[*axis] = c.hasInput(1) ? ShapedType::kDynamic : 1;
  auto type = dfg::ListType::get(b.builder.getContext(), RankedTensorType::get(shape, b.elementType(x)));
  return c.result(dfg::ListSplitOp::create(b.builder, b.loc, type, x, c.input(1), *axis, keepsAxis));
}

//===----------------------------------------------------------------------===//
// SequenceMap
//===----------------------------------------------------------------------===//

static LogicalResult importMap(NodeContext &c) {
  Sequences s(c);
  const onnx::GraphProto *body = c.graph("body");
  if (!body)
    return c.error() << "has no body";
  Value first = s.list(0);
  if (!first)
    return failure();
  LoopSource source;
  source.tripCount = s.length(first);
  source.body = [&](AffineExpr i, Value, ValueRange) -> FailureOr<LoopIteration> {
    SmallVector<Value> arguments;
    for (Value input : c.allInputs()) {
      bool isList = input && isa<dfg::ListType>(input.getType());
      arguments.push_back(isList ? s.at(input, i) : input);
      if (!arguments.back())
        return failure();
    }
    auto results = c.inlineGraph(*body, arguments);
    if (failed(results))
      return failure();
    for (Value value : *results)
      if (!isa<RankedTensorType>(value.getType()))
        return c.error() << "has a body that gives " << value.getType() << ", expected tensors";
    return LoopIteration{{}, {}, std::move(*results)};
  };
  auto results = importLoop(c, source);
  return failed(results) ? failure() : c.results(results->lists);
}

void registerSequenceOps(OpRegistry &ops) {
  ops.add("ConcatFromSequence", importConcat, 11);
  ops.add("SequenceAt", importAt, 11);
  ops.add("SequenceConstruct", importConstruct, 11);
  ops.add("SequenceEmpty", importEmpty, 11);
  ops.add("SequenceErase", importErase, 11);
  ops.add("SequenceInsert", importInsert, 11);
  ops.add("SequenceLength", importLength, 11);
  ops.add("SequenceMap", importMap, 17);
  ops.add("SplitToSequence", importSplit, 11);
}

} // namespace tfc
