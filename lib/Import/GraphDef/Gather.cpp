// Elements and slices at positions that data tells, and updates of those.
#include "Indices.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::ReduceKind;

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

static LogicalResult importGather(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)) || failed(c.requireRank(1, 0)))
    return failure();
  Value x = c.input(0), indices = c.input(1);
  int64_t rank = b.rank(x), indexRank = b.rank(indices);
  FailureOr<int64_t> axis = 0;
  if (c.hasInput(2) && failed(axis = c.constant(2)))
    return failure();
  auto batch = c.axis(c.integer("batch_dims"), indexRank + 1);
  if (failed(batch) || failed(axis = c.axis(*axis, rank)))
    return failure();
  if (*batch > *axis)
    return c.error() << "has batch_dims " << *batch << " behind axis " << *axis;
  return c.result(gather(c, x, indices, *axis, *batch));
}

Value gather(NodeContext &c, Value x, Value indices, int64_t axis, int64_t batch) {
  GraphBuilder &b = c.b;
  int64_t rank = b.rank(x), indexRank = b.rank(indices);
  requireIndices(c, indices, b.dim(x, axis));
  if (batch == 0)
    return b.create<dfg::GatherOp>(x, indices, axis);
  // The axis moves in front of the dimensions that lie between it and the batch, and these
  // then go back in front of the indices'.
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  order.erase(order.begin() + axis);
  order.insert(order.begin() + batch, axis);
  Value tuples = b.unsqueeze(indices, {indexRank});
  Value y = b.create<dfg::GatherNDOp>(b.transpose(x, order), tuples, batch);
  order = llvm::to_vector(llvm::seq<int64_t>(0, b.rank(y)));
  std::rotate(order.begin() + batch, order.begin() + indexRank, order.begin() + indexRank + (axis - batch));
  return b.transpose(y, order);
}

Value gatherTuples(NodeContext &c, Value x, Value indices) {
  if (!requireIndexTuples(c, indices, c.b.dims(x)))
    return {};
  return c.b.create<dfg::GatherNDOp>(x, indices, int64_t(0));
}

static LogicalResult importGatherNd(NodeContext &c) {
  if (failed(c.requireRank(0, 0)) || failed(c.requireRank(1, 1)))
    return failure();
  return c.result(gatherTuples(c, c.input(0), c.input(1)));
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

static LogicalResult scatter(NodeContext &c, ReduceKind kind, Value x, Value indices, Value updates) {
  if (!x || !updates)
    return failure();
  if (!requireIndexTuples(c, indices, c.b.dims(x)))
    return failure();
  return c.result(c.b.create<dfg::ScatterNDOp>(kind, x, indices, updates));
}

static LogicalResult importScatterNd(NodeContext &c) {
  auto sizes = c.content(2);
  if (failed(sizes) || failed(c.requireRank(0, 1)) || failed(c.requireRank(1, 0)))
    return failure();
  return scatter(c, ReduceKind::Sum, c.b.filled(c.b.elementType(c.input(1)), *sizes, 0), c.input(0), c.input(1));
}

template <ReduceKind kind, bool negates = false> static LogicalResult importTensorScatter(NodeContext &c) {
  if (failed(c.requireSameElements({0, 2})) || failed(c.requireRank(1, 1)))
    return failure();
  Value updates = negates ? c.b.create<dfg::NegOp>(c.input(2)) : c.input(2);
  return scatter(c, kind, c.input(0), c.input(1), updates);
}

/// Rows at the positions of a vector.
template <ReduceKind kind, bool negates = false> static LogicalResult importInplace(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 2})) || failed(c.requireRank(0, 1)) || failed(c.requireRank(1, 0, 1)))
    return failure();
  Value places = b.reshape(c.input(1), {b.count(c.input(1)), b.expr(1)});
  Value rows = negates ? b.create<dfg::NegOp>(c.input(2)) : c.input(2);
  if (b.rank(c.input(1)) == 0)
    rows = b.unsqueeze(rows, {0});
  return scatter(c, kind, c.input(0), places, rows);
}

//===----------------------------------------------------------------------===//
// Partitions
//===----------------------------------------------------------------------===//

static LogicalResult importDynamicPartition(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(1, 0)) || failed(c.requireRank(0, b.rank(c.input(1)))))
    return failure();
  auto count = c.outputCount("num_partitions", 1);
  if (failed(count))
    return failure();
  int64_t lead = b.rank(c.input(1));
  requireIndices(c, c.input(1), b.expr(*count));
  Value data = lead == 1 ? c.input(0)
                         : b.flatten(lead ? c.input(0) : b.unsqueeze(c.input(0), {0}), 0, std::max<int64_t>(lead, 1));
  Value partitions = b.reshape(c.input(1), {b.count(c.input(1))});
  SmallVector<Value> results;
  for (int64_t i = 0; i < *count; ++i) {
    Value isHere = b.compare(dfg::CompareKind::EQ, partitions, b.scalarLike(partitions, i));
    Value places = b.squeeze(b.create<dfg::NonZeroOp>(isHere), {0});
    results.push_back(b.create<dfg::GatherOp>(data, places, int64_t(0)));
  }
  return c.results(results);
}

/// A stitch of shapes stays a list of numbers; null where they are none.
static Value stitchedContent(NodeContext &c, unsigned count) {
  GraphBuilder &b = c.b;
  SmallVector<std::pair<int64_t, AffineExpr>> elements;
  int64_t size = 0;
  for (unsigned i = 0; i < count; ++i) {
    auto places = b.constantIntegers(c.input(i));
    auto values = b.knownContent(c.input(count + i));
    if (!places || !values || places->size() != values->size())
      return {};
    for (auto [place, value] : llvm::zip(*places, *values)) {
      if (place < 0 || place >= GraphBuilder::kMostContent)
        return {};
      elements.push_back({place, value});
      size = std::max(size, place + 1);
    }
  }
  Dims content(size, b.expr(0));
  for (auto [place, value] : elements)
    content[place] = value;
  return b.fromContent(content, {size}, b.elementType(c.input(count)));
}

/// Indices, then as many tensors of data.
static LogicalResult importDynamicStitch(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  unsigned count = c.inputCount() / 2;
  if (count == 0 || c.inputCount() % 2)
    return c.error() << "has " << c.inputCount() << " inputs, expected pairs";
  for (unsigned i = 0; i < count; ++i)
    if (failed(c.requireRank(i, 0)) || failed(c.requireRank(count + i, b.rank(c.input(i)))) ||
        failed(c.requireSameElements({count, count + i})))
      return failure();
  if (Value known = stitchedContent(c, count))
    return c.result(known);
  SmallVector<Value> places, rows;
  AffineExpr size = b.expr(0);
  bool isKnown = true;
  for (unsigned i = 0; i < count; ++i) {
    Value index = c.input(i), data = c.input(count + i);
    Dims rest(ArrayRef(b.dims(data)).drop_front(b.rank(index)));
    rest.insert(rest.begin(), b.count(index));
    if (auto constants = b.constantIntegers(index))
      for (int64_t place : *constants)
        size = b.scope.max(size, b.expr(place + 1));
    else
      isKnown = false;
    places.push_back(b.reshape(b.cast(index, i64), {b.count(index)}));
    rows.push_back(b.reshape(data, rest));
  }
  Value index = b.concat(places, 0), data = b.concat(rows, 0);
  if (!index || !data)
    return failure();
  if (!isKnown) {
    // The least number is the greatest of none.
    Term last{b, b.reduce(ReduceKind::Max, index, {0}, /*keepDims=*/false)};
    auto content = b.content(max(last, -1.0) + 1);
    if (failed(content))
      return failure();
    size = b.scope.max(content->front(), b.expr(0));
  }
  Dims sizes = b.dims(data);
  sizes.front() = size;
  requireIndices(c, index, size);
  Value zeros = b.filled(b.elementType(data), sizes, 0);
  return c.result(b.create<dfg::ScatterNDOp>(ReduceKind::None, zeros, b.unsqueeze(index, {1}), data));
}

void registerGatherOps(OpRegistry &ops) {
  ops.add("DynamicPartition", importDynamicPartition);
  ops.add("DynamicStitch", importDynamicStitch);
  ops.add("Gather", importGather);
  ops.add("GatherNd", importGatherNd);
  ops.add("GatherV2", importGather);
  ops.add("InplaceAdd", importInplace<ReduceKind::Sum>);
  ops.add("InplaceSub", importInplace<ReduceKind::Sum, true>);
  ops.add("InplaceUpdate", importInplace<ReduceKind::None>);
  ops.add("ParallelDynamicStitch", importDynamicStitch);
  ops.add("ScatterNd", importScatterNd);
  ops.add("ScatterNdNonAliasingAdd", importTensorScatter<ReduceKind::Sum>);
  ops.add("TensorScatterAdd", importTensorScatter<ReduceKind::Sum>);
  ops.add("TensorScatterMax", importTensorScatter<ReduceKind::Max>);
  ops.add("TensorScatterMin", importTensorScatter<ReduceKind::Min>);
  ops.add("TensorScatterSub", importTensorScatter<ReduceKind::Sum, true>);
  ops.add("TensorScatterUpdate", importTensorScatter<ReduceKind::None>);
}

} // namespace tfc::tf
