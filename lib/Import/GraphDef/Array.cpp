// Shapes as data, and tensors made of them.
#include "TensorList.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::CompareKind;

//===----------------------------------------------------------------------===//
// Shapes as data
//===----------------------------------------------------------------------===//

/// The type of sizes that an attribute names.
static Type sizeType(NodeContext &c, StringRef name = "out_type") {
  return c.hasAttribute(name) ? c.elementType(name) : Type(c.b.builder.getI32Type());
}

/// The shapes of all inputs.
static LogicalResult importShape(NodeContext &c) {
  Type type = sizeType(c);
  SmallVector<Value> shapes;
  for (unsigned i = 0; i < c.inputCount(); ++i) {
    if (!type || failed(c.requireRank(i, 0)))
      return failure();
    Dims dims = c.b.dims(c.input(i));
    shapes.push_back(c.b.fromContent(dims, {int64_t(dims.size())}, type));
  }
  return c.results(shapes);
}

static LogicalResult importSize(NodeContext &c) {
  Type type = sizeType(c);
  if (!type || failed(c.requireRank(0, 0)))
    return failure();
  return c.result(c.b.fromContent(c.b.count(c.input(0)), {}, type));
}

static LogicalResult importRank(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  return c.result(c.b.fromContent(c.b.expr(c.b.rank(c.input(0))), {}, c.b.builder.getI32Type()));
}

static LogicalResult importBroadcastArgs(NodeContext &c) {
  auto x = c.content(0), y = c.content(1);
  if (failed(x) || failed(y))
    return failure();
  auto sizes = c.b.scope.broadcast({ArrayRef<AffineExpr>(*x), ArrayRef<AffineExpr>(*y)});
  if (failed(sizes))
    return c.error() << "has shapes that do not broadcast";
  return c.result(c.b.fromContent(*sizes, {int64_t(sizes->size())}, c.b.elementType(c.input(0))));
}

/// Which axes of a sum of gradients either operand's broadcasting has made. Where only run
/// time tells, a list of 1s and 0s stands behind the axes (see Reduction.cpp).
static LogicalResult importBroadcastGradientArgs(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto x = c.content(0), y = c.content(1);
  if (failed(x) || failed(y))
    return failure();
  size_t rank = std::max(x->size(), y->size());
  for (Dims *shape : {&*x, &*y})
    shape->insert(shape->begin(), rank - shape->size(), b.expr(1));
  auto axesOf = [&](const Dims &own, const Dims &other, size_t ownRank) -> Value {
    Dims flags;
    SmallVector<int64_t> axes;
    bool isKnown = true;
    for (size_t i = 0; i < rank; ++i) {
      // Where the other extent is 1, too, a sum along the axis changes nothing.
      bool isAdded = i < rank - ownRank, isKept = own[i] == other[i] || b.number(other[i]) == 1;
      AffineExpr flag = isAdded ? b.expr(1) : isKept ? b.expr(0) : b.compare(CompareKind::EQ, own[i], b.expr(1));
      flags.push_back(flag);
      if (auto number = b.number(flag); !number)
        isKnown = false;
      else if (*number)
        axes.push_back(i);
    }
    Type type = b.elementType(c.input(0));
    if (isKnown)
      return b.integers(axes, type);
    Value mask = b.fromContent(flags, {int64_t(rank)}, type);
    return b.cast(b.squeeze(b.create<dfg::NonZeroOp>(mask), {0}), type);
  };
  size_t xRank = b.number(b.dim(c.input(0), 0)).value_or(0), yRank = b.number(b.dim(c.input(1), 0)).value_or(0);
  return c.results({axesOf(*x, *y, xRank), axesOf(*y, *x, yRank)});
}

/// Where the parts of a concatenation begin.
static LogicalResult importConcatOffset(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto axis = c.constant(0);
  if (failed(axis))
    return failure();
  SmallVector<Value> offsets;
  AffineExpr begin = b.expr(0);
  for (unsigned i = 1; i < c.inputCount(); ++i) {
    auto shape = c.content(i);
    if (failed(shape))
      return failure();
    int64_t rank = shape->size();
    auto checked = c.axis(*axis, rank);
    if (failed(checked))
      return failure();
    Dims offset(rank, b.expr(0));
    offset[*checked] = begin;
    begin = b.scope.add(begin, (*shape)[*checked]);
    offsets.push_back(b.fromContent(offset, {rank}, b.elementType(c.input(i))));
  }
  return c.results(offsets);
}

static LogicalResult importInvertPermutation(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1, 1)))
    return failure();
  Value x = c.input(0);
  Type type = b.elementType(x);
  if (auto numbers = b.constantIntegers(x)) {
    int64_t count = numbers->size();
    SmallVector<int64_t> inverse(count, -1);
    for (auto [i, place] : llvm::enumerate(*numbers)) {
      if (place < 0 || place >= count || inverse[place] >= 0)
        return c.error() << "inverts [" << *numbers << "], expected a permutation";
      inverse[place] = i;
    }
    return c.result(b.integers(inverse, type));
  }
  Value positions = b.iota(type, b.dims(x), 0);
  return c.result(b.create<dfg::ScatterElementsOp>(dfg::ReduceKind::None, positions, x, positions, int64_t(0)));
}

//===----------------------------------------------------------------------===//
// Other shapes for the same elements
//===----------------------------------------------------------------------===//

static LogicalResult importReshape(NodeContext &c) {
  Value sizes = c.b.cast(c.input(1), c.b.builder.getI64Type());
  return c.results(c.onnx("Reshape", {c.input(0), sizes}, {{"allowzero", int64_t(1)}}));
}

static LogicalResult importExpandDims(NodeContext &c) {
  auto given = c.constant(1);
  if (failed(given) || failed(c.requireRank(0, 0)))
    return failure();
  auto axis = c.axis(*given, c.b.rank(c.input(0)) + 1);
  return failed(axis) ? failure() : c.result(c.b.unsqueeze(c.input(0), {*axis}));
}

static LogicalResult importSqueeze(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Dims dims = b.dims(c.input(0));
  SmallVector<int64_t> given = c.integers("squeeze_dims");
  if (given.empty())
    given = c.integers("axis");
  auto axes = c.axes(given, dims.size());
  if (failed(axes))
    return failure();
  for (int64_t axis : *axes)
    if (b.number(dims[axis]).value_or(1) != 1)
      return c.error() << "removes dimension " << axis << " of " << c.input(0).getType() << ", expected an extent of 1";
  if (given.empty())
    for (auto [i, dim] : llvm::enumerate(dims))
      if (b.number(dim) == 1)
        axes->push_back(i);
  return c.result(b.squeeze(c.input(0), *axes));
}

static LogicalResult importTranspose(NodeContext &c) {
  auto permutation = c.axesOf(1);
  if (failed(permutation) || failed(c.requireRank(0, 0)))
    return failure();
  return c.result(c.b.transpose(c.input(0), *permutation));
}

static LogicalResult importBroadcastTo(NodeContext &c) {
  return c.results(c.onnx("Expand", {c.input(0), c.b.cast(c.input(1), c.b.builder.getI64Type())}));
}

//===----------------------------------------------------------------------===//
// Tensors made of shapes
//===----------------------------------------------------------------------===//

static LogicalResult importFill(NodeContext &c) {
  auto sizes = c.content(0);
  if (failed(sizes) || failed(c.requireRank(1, 0, 0)))
    return failure();
  auto constant = c.b.constantNumbers(c.input(1));
  if (constant && isa<FloatType, IntegerType>(c.b.elementType(c.input(1))) &&
      c.b.elementType(c.input(1)).getIntOrFloatBitWidth() < 64)
    return c.result(c.b.filled(c.b.elementType(c.input(1)), *sizes, constant->front()));
  return c.result(c.b.broadcastTo(c.input(1), *sizes));
}

static LogicalResult importEmpty(NodeContext &c) {
  auto sizes = c.content(0);
  Type element = c.elementType("dtype");
  return failed(sizes) || !element ? failure() : c.result(c.b.filled(element, *sizes, 0));
}

template <int value> static LogicalResult importLike(NodeContext &c) {
  if (value == 0 && c.hasInput(0) && isa<dfg::ListType>(c.input(0).getType()))
    return c.result(zerosLike(c, c.input(0)));
  if (failed(c.requireRank(0, 0)))
    return failure();
  return c.result(c.b.filled(c.b.elementType(c.input(0)), c.b.dims(c.input(0)), value));
}

static LogicalResult importRange(NodeContext &c) {
  return c.results(c.onnx("Range", {c.input(0), c.input(1), c.input(2)}));
}

static LogicalResult importLinSpace(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto count = c.content(2);
  if (failed(count) || failed(c.requireSameElements({0, 1})))
    return failure();
  if (count->size() != 1)
    return c.error() << "has " << count->size() << " numbers of elements, expected one";
  Term start{b, c.input(0)}, stop{b, c.input(1)};
  AffineExpr gaps = b.scope.max(b.scope.sub(count->front(), b.expr(1)), b.expr(1));
  Term place = Term(b, b.iota(b.builder.getI64Type(), *count, 0)).cast(b.elementType(start));
  return c.result(place * ((stop - start) / countLike(start, gaps)) + start);
}

void registerArrayOps(OpRegistry &ops) {
  ops.add("BroadcastArgs", importBroadcastArgs);
  ops.add("BroadcastGradientArgs", importBroadcastGradientArgs);
  ops.add("BroadcastTo", importBroadcastTo);
  ops.add("ConcatOffset", importConcatOffset);
  ops.add("Empty", importEmpty);
  ops.add("ExpandDims", importExpandDims);
  ops.add("Fill", importFill);
  ops.add("InvertPermutation", importInvertPermutation);
  ops.add("LinSpace", importLinSpace);
  ops.add("OnesLike", importLike<1>);
  ops.add("Range", importRange);
  ops.add("Rank", importRank);
  ops.add("Reshape", importReshape);
  ops.add("Shape", importShape);
  ops.add("ShapeN", importShape);
  ops.add("Size", importSize);
  ops.add("Squeeze", importSqueeze);
  for (StringRef name : {"ConjugateTranspose", "Transpose"})
    ops.add(name, importTranspose);
  ops.add("ZerosLike", importLike<0>);
}

} // namespace tfc::tf
