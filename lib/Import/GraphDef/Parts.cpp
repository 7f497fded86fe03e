// Parts of tensors, and tensors of parts: concatenation, slices, order, repetition.
#include "Indices.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::CompareKind;

//===----------------------------------------------------------------------===//
// Joining
//===----------------------------------------------------------------------===//

static LogicalResult concat(NodeContext &c, ArrayRef<Value> parts, int64_t given) {
  for (unsigned i = 0; i < parts.size(); ++i)
    if (!parts[i] || c.b.rank(parts[i]) != c.b.rank(parts[0]) || c.b.elementType(parts[i]) != c.b.elementType(parts[0]))
      return c.error() << "joins tensors of different ranks or element types";
  if (parts.empty())
    return c.error() << "joins no tensors";
  auto axis = c.axis(given, c.b.rank(parts.front()));
  return failed(axis) ? failure() : c.result(c.b.concat(parts, *axis));
}

/// The axis comes first or (version 2) last.
template <bool last> static LogicalResult importConcat(NodeContext &c) {
  if (c.inputCount() < 2)
    return c.error() << "has " << c.inputCount() << " inputs, expected at least 2";
  auto axis = c.constant(last ? c.inputCount() - 1 : 0);
  return failed(axis) ? failure() : concat(c, last ? c.allInputs().drop_back() : c.allInputs().drop_front(), *axis);
}

static LogicalResult importParallelConcat(NodeContext &c) { return concat(c, c.allInputs(), 0); }

static LogicalResult importPack(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  auto axis = c.axis(c.integer("axis"), c.b.rank(c.input(0)) + 1);
  if (failed(axis))
    return failure();
  SmallVector<Value> parts;
  for (Value input : c.allInputs())
    parts.push_back(c.b.unsqueeze(input, {*axis}));
  return concat(c, parts, *axis);
}

//===----------------------------------------------------------------------===//
// Splitting
//===----------------------------------------------------------------------===//

static LogicalResult importUnpack(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)))
    return failure();
  auto axis = c.axis(c.integer("axis"), b.rank(c.input(0)));
  if (failed(axis))
    return failure();
  auto count = c.outputCount("num");
  if (failed(count))
    return failure();
  if (b.number(b.dim(c.input(0), *axis)).value_or(*count) != *count)
    return c.error() << "has " << *count << " outputs, expected one for each part of " << c.input(0).getType();
  SmallVector<Value> parts;
  for (int64_t i = 0; i < *count; ++i)
    parts.push_back(b.squeeze(b.sliceAxis(c.input(0), *axis, b.expr(i), b.expr(1)), {*axis}));
  return c.results(parts);
}

static LogicalResult split(NodeContext &c, Value x, int64_t axis, ArrayRef<AffineExpr> sizes) {
  SmallVector<Value> parts;
  AffineExpr offset = c.b.expr(0);
  for (AffineExpr size : sizes) {
    parts.push_back(c.b.sliceAxis(x, axis, offset, size));
    offset = c.b.scope.add(offset, size);
  }
  auto total = c.b.number(offset), extent = c.b.number(c.b.dim(x, axis));
  if (total && extent && *total != *extent)
    return c.error() << "splits " << *extent << " elements into parts of " << *total << " elements together";
  return c.results(parts);
}

static LogicalResult importSplit(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto given = c.constant(0);
  if (failed(given) || failed(c.requireRank(1, 1)))
    return failure();
  auto axis = c.axis(*given, b.rank(c.input(1)));
  auto count = c.outputCount("num_split", 1);
  if (failed(axis) || failed(count))
    return failure();
  AffineExpr extent = b.dim(c.input(1), *axis);
  if (*count < 1 || b.number(extent).value_or(0) % *count)
    return c.error() << "splits dimension " << *axis << " of " << c.input(1).getType() << " into " << *count
                     << " equal parts";
  return split(c, c.input(1), *axis, Dims(*count, b.scope.floorDiv(extent, b.expr(*count))));
}

static LogicalResult importSplitV(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto sizes = c.content(1);
  auto given = c.constant(2);
  if (failed(sizes) || failed(given) || failed(c.requireRank(0, 1)))
    return failure();
  auto axis = c.axis(*given, b.rank(c.input(0)));
  if (failed(axis))
    return failure();
  // One size may be -1: what the others leave.
  AffineExpr rest = b.dim(c.input(0), *axis), *open = nullptr;
  for (AffineExpr &size : *sizes) {
    if (b.number(size) == -1)
      open = &size;
    else
      rest = b.scope.sub(rest, size);
  }
  if (open)
    *open = rest;
  return split(c, c.input(0), *axis, *sizes);
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

static LogicalResult importSlice(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto begin = c.content(1), size = c.content(2);
  if (failed(begin) || failed(size) || failed(c.requireRank(0, 0)))
    return failure();
  Dims dims = b.dims(c.input(0));
  if (begin->size() != dims.size() || size->size() != dims.size())
    return c.error() << "has " << begin->size() << " offsets and " << size->size() << " sizes, expected " << dims.size()
                     << " of each";
  for (auto [dim, offset, extent] : llvm::zip(dims, *begin, *size)) {
    AffineExpr isRest = b.compare(CompareKind::LT, extent, b.expr(0));
    extent = b.select(isRest, b.scope.sub(dim, offset), extent);
    if (!requireBox(c, offset, extent, dim))
      return failure();
  }
  return c.result(b.slice(c.input(0), *begin, *size));
}

namespace {
/// What StridedSlice takes of its operand.
struct StridedBox {
  Dims offsets, sizes;
  SmallVector<int64_t> strides;
  /// Of the result: without dimensions that an index took, with new ones.
  Dims shape;
};
} // namespace

/// A border that counts from the back where negative, inside [least, most].
static AffineExpr borderOf(GraphBuilder &b, AffineExpr border, AffineExpr extent, AffineExpr least, AffineExpr most) {
  border = b.select(b.compare(CompareKind::LT, border, b.expr(0)), b.scope.add(border, extent), border);
  return b.scope.min(b.scope.max(border, least), most);
}

/// Reads begin, end and strides from inputs [first, first + 3).
static FailureOr<StridedBox> stridedBox(NodeContext &c, ArrayRef<AffineExpr> dims, unsigned first) {
  GraphBuilder &b = c.b;
  auto begin = c.content(first), end = c.content(first + 1);
  auto strides = c.constants(first + 2);
  if (failed(begin) || failed(end) || failed(strides))
    return failure();
  int64_t count = begin->size(), rank = dims.size(), given = 0;
  if (int64_t(end->size()) != count || int64_t(strides->size()) != count)
    return c.error() << "has " << count << " begins, " << end->size() << " ends and " << strides->size()
                     << " strides, expected as many of each";
  auto has = [&](StringRef mask, int64_t i) { return i < 32 && (c.integer(mask) >> i & 1); };
  int64_t ellipsis = count;
  for (int64_t i = 0; i < count; ++i) {
    if (has("ellipsis_mask", i))
      ellipsis = std::min(ellipsis, i);
    else
      given += !has("new_axis_mask", i);
  }
  if (given > rank)
    return c.error() << "has indices for " << given << " dimensions of a tensor of rank " << rank;
  StridedBox box;
  auto whole = [&](int64_t axis) {
    box.offsets.push_back(b.expr(0));
    box.sizes.push_back(dims[axis]);
    box.strides.push_back(1);
    box.shape.push_back(dims[axis]);
  };
  int64_t axis = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (has("ellipsis_mask", i)) {
      for (int64_t left = i == ellipsis ? rank - given : 0; left > 0; --left)
        whole(axis++);
      continue;
    }
    if (has("new_axis_mask", i)) {
      box.shape.push_back(b.expr(1));
      continue;
    }
    AffineExpr extent = dims[axis++], zero = b.expr(0), last = b.scope.sub(extent, b.expr(1));
    int64_t step = (*strides)[i];
    if (has("shrink_axis_mask", i)) {
      AffineExpr index = (*begin)[i];
      index = b.select(b.compare(CompareKind::LT, index, zero), b.scope.add(index, extent), index);
      if (!requireBox(c, index, b.expr(1), extent))
        return failure();
      box.offsets.push_back(index);
      box.sizes.push_back(b.expr(1));
      box.strides.push_back(1);
      continue;
    }
    if (step == 0 || step == INT64_MIN)
      return c.error() << "has stride " << step << " in dimension " << axis - 1;
    bool fromStart = has("begin_mask", i), toEnd = has("end_mask", i), isUp = step > 0;
    AffineExpr least = isUp ? zero : b.expr(-1), most = isUp ? extent : last;
    AffineExpr start = fromStart ? (isUp ? zero : last) : borderOf(b, (*begin)[i], extent, least, most);
    AffineExpr stop = toEnd ? (isUp ? extent : b.expr(-1)) : borderOf(b, (*end)[i], extent, least, most);
    AffineExpr distance = isUp ? b.scope.sub(stop, start) : b.scope.sub(start, stop);
    int64_t width = std::abs(step);
    AffineExpr reach = b.scope.max(b.scope.add(distance, b.expr(width - 1)), zero);
    box.offsets.push_back(isUp ? start : b.scope.max(start, zero));
    box.sizes.push_back(b.scope.floorDiv(reach, b.expr(width)));
    box.strides.push_back(step);
    box.shape.push_back(box.sizes.back());
  }
  while (axis < rank)
    whole(axis++);
  return box;
}

static LogicalResult importStridedSlice(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  auto box = stridedBox(c, c.b.dims(c.input(0)), 1);
  if (failed(box))
    return failure();
  return c.result(c.b.reshape(c.b.slice(c.input(0), box->offsets, box->sizes, box->strides), box->shape));
}

/// A tensor with other elements where the slice was. What stands there now tells which these
/// are: its elements' numbers.
static Value updateStrided(GraphBuilder &b, Value x, const StridedBox &box, Value values) {
  Value numbers = b.reshape(b.iota(b.builder.getI64Type(), {b.count(x)}, 0), b.dims(x));
  Value places = b.slice(numbers, box.offsets, box.sizes, box.strides);
  Value flat = b.reshape(x, {b.count(x)}), updates = b.reshape(b.broadcastTo(values, box.shape), {b.count(places)});
  places = b.reshape(places, {b.count(places), b.expr(1)});
  return b.reshape(b.create<dfg::ScatterNDOp>(dfg::ReduceKind::None, flat, places, updates), b.dims(x));
}

/// Inputs: x, begin, end, strides, values.
static LogicalResult importStridedSliceUpdate(NodeContext &c) {
  if (failed(c.requireRank(0, 0)) || failed(c.requireSameElements({0, 4})))
    return failure();
  auto box = stridedBox(c, c.b.dims(c.input(0)), 1);
  return failed(box) ? failure() : c.result(updateStrided(c.b, c.input(0), *box, c.input(4)));
}

/// The same of a variable.
static LogicalResult importStridedSliceAssign(NodeContext &c) {
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  if (!variable || !c.hasInput(4))
    return failure();
  auto change = [&]() -> LogicalResult {
    Value x = c.read(*variable);
    auto box = stridedBox(c, c.b.dims(x), 1);
    return failed(box) ? failure() : c.assign(*variable, updateStrided(c.b, x, *box, c.input(4)));
  };
  if (failed(c.update(variable, change)))
    return failure();
  return c.entry(0).isReference ? c.result(c.entry(0)) : c.results(ArrayRef<Entry>());
}

/// Zeros of a shape with the gradient where the slice was.
static LogicalResult importStridedSliceGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto shape = c.content(0);
  if (failed(shape) || failed(c.requireRank(4, 0)))
    return failure();
  auto box = stridedBox(c, *shape, 1);
  if (failed(box))
    return failure();
  Value dy = b.reshape(c.input(4), box->sizes);
  SmallVector<int64_t> reversed, between;
  Dims low, high;
  for (auto [i, step] : llvm::enumerate(box->strides)) {
    AffineExpr reach = b.scope.mul(b.scope.sub(box->sizes[i], b.expr(1)), b.expr(std::abs(step)));
    AffineExpr begin = step > 0 ? box->offsets[i] : b.scope.sub(box->offsets[i], reach);
    if (step < 0)
      reversed.push_back(i);
    between.push_back(std::abs(step) - 1);
    // Nothing of an empty slice is anywhere.
    AffineExpr isEmpty = b.compare(CompareKind::EQ, box->sizes[i], b.expr(0));
    low.push_back(b.select(isEmpty, b.expr(0), begin));
    AffineExpr end = b.select(isEmpty, b.expr(0), b.scope.add(begin, b.scope.add(reach, b.expr(1))));
    high.push_back(b.scope.sub((*shape)[i], end));
  }
  if (!reversed.empty())
    dy = b.create<dfg::ReverseOp>(dy, reversed);
  if (llvm::all_of(between, [](int64_t one) { return one == 0; }))
    between.clear();
  return c.result(b.pad(dfg::PadMode::Constant, dy, b.scalarLike(dy, 0), low, high, between));
}

//===----------------------------------------------------------------------===//
// Order and repetition
//===----------------------------------------------------------------------===//

static LogicalResult importReverseV2(NodeContext &c) {
  auto axes = c.axesOf(1);
  if (failed(axes) || failed(c.requireRank(0, 0)))
    return failure();
  return c.result(axes->empty() ? c.input(0) : c.b.create<dfg::ReverseOp>(c.input(0), *axes));
}

/// One flag for each dimension.
static LogicalResult importReverse(NodeContext &c) {
  auto flags = c.constants(1);
  if (failed(flags))
    return failure();
  SmallVector<int64_t> axes;
  for (auto [i, flag] : llvm::enumerate(*flags))
    if (flag)
      axes.push_back(i);
  return c.result(axes.empty() ? c.input(0) : c.b.create<dfg::ReverseOp>(c.input(0), axes));
}

/// Reverses the first elements of each sequence, and leaves the others where they are.
static LogicalResult importReverseSequence(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 2)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  Value x = c.input(0);
  auto time = c.axis(c.integer("seq_dim"), b.rank(x)), batch = c.axis(c.integer("batch_dim"), b.rank(x));
  if (failed(time) || failed(batch))
    return failure();
  Dims dims = b.dims(x), shape(dims.size(), b.expr(1)), perBatch = shape;
  shape[*time] = dims[*time];
  perBatch[*batch] = dims[*batch];
  Term step{b, b.iota(i64, shape, *time)}, length{b, b.reshape(b.cast(c.input(1), i64), perBatch)};
  Value places = select(step < length, length - 1 - step, step);
  return c.result(b.create<dfg::GatherElementsOp>(x, b.broadcastTo(places, dims), *time));
}

static LogicalResult importRoll(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto shifts = c.content(1);
  auto axes = c.constants(2);
  if (failed(shifts) || failed(axes) || failed(c.requireRank(0, 1)))
    return failure();
  if (shifts->size() != axes->size())
    return c.error() << "has " << shifts->size() << " shifts and " << axes->size() << " axes, expected as many";
  Value x = c.input(0);
  Type i64 = b.builder.getI64Type();
  for (auto [shift, given] : llvm::zip(*shifts, *axes)) {
    auto axis = c.axis(given, b.rank(x));
    if (failed(axis))
      return failure();
    Term place{b, b.iota(i64, {b.dim(x, *axis)}, 0)};
    Term from = (place - countLike(place, shift)).apply<dfg::ModOp>(countLike(place, b.dim(x, *axis)));
    x = b.create<dfg::GatherOp>(x, from, *axis);
  }
  return c.result(x);
}

static LogicalResult importTile(NodeContext &c) {
  return c.results(c.onnx("Tile", {c.input(0), c.b.cast(c.input(1), c.b.builder.getI64Type())}));
}

void registerPartOps(OpRegistry &ops) {
  ops.add("Concat", importConcat<false>);
  ops.add("ConcatV2", importConcat<true>);
  ops.add("Pack", importPack);
  ops.add("ParallelConcat", importParallelConcat);
  ops.add("Reverse", importReverse);
  ops.add("ReverseSequence", importReverseSequence);
  ops.add("ReverseV2", importReverseV2);
  ops.add("Roll", importRoll);
  ops.add("Slice", importSlice);
  ops.add("Split", importSplit);
  ops.add("SplitV", importSplitV);
  ops.add("StridedSlice", importStridedSlice);
  ops.add("StridedSliceGrad", importStridedSliceGrad);
  for (StringRef name : {"ResourceStridedSliceAssign", "StridedSliceAssign"})
    ops.add(name, importStridedSliceAssign).effect().references();
  ops.add("TensorStridedSliceUpdate", importStridedSliceUpdate);
  ops.add("Tile", importTile);
  ops.add("Unpack", importUnpack);
}

} // namespace tfc::tf
