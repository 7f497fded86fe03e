// Sparse conditional accumulators: rows of gradients of many workers, summed where their
// indices agree.
//
// The queue of gradients pads each to the longest when several are taken; a component of
// ones, padded with zeros, tells the rows that were there.
#include "Accumulators.h"
#include "TensorData.h"

using namespace mlir;

namespace tfc::tf {

static LogicalResult importAccumulator(NodeContext &c) {
  Type element = c.elementType("dtype"), i64 = c.b.builder.getI64Type();
  auto shape = c.shape("shape");
  if (!element)
    return failure();
  if (!shape || shape->empty())
    return c.unsupported() << "accumulates rows of unknown rank, expected a shape";
  auto type = RankedTensorType::get(*shape, element);
  SmallVector<int64_t> rows(*shape);
  rows.front() = ShapedType::kDynamic;
  auto indices = RankedTensorType::get({ShapedType::kDynamic}, i64);
  return declareAccumulator(c, Resource::Kind::SparseAccumulator, dfg::QueueKind::PaddingFIFO, type,
                            {indices, RankedTensorType::get(rows, element), indices});
}

static LogicalResult importApply(NodeContext &c) {
  GraphBuilder &b = c.b;
  const Resource *accumulator = c.resource(0, Resource::Kind::SparseAccumulator);
  if (!accumulator || failed(c.requireRank(1, 0, 0)) || failed(c.requireRank(2, 1, 1)) || failed(c.requireRank(3, 1)))
    return failure();
  int64_t rank = accumulator->type.getRank();
  if (b.rank(c.input(3)) != rank || b.elementType(c.input(3)) != accumulator->elementType)
    return c.error() << "applies rows of " << c.input(3).getType() << ", expected some of " << accumulator->type;
  Value ones = b.filled(b.builder.getI64Type(), {b.dim(c.input(2), 0)}, 1);
  return applyToAccumulator(c, *accumulator, c.input(1), {c.input(2), c.input(3), ones});
}

static LogicalResult importTake(NodeContext &c) {
  GraphBuilder &b = c.b;
  const Resource *accumulator = c.resource(0, Resource::Kind::SparseAccumulator);
  if (!accumulator)
    return failure();
  Type i64 = b.builder.getI64Type();
  SmallVector<int64_t> matrix(2, ShapedType::kDynamic), shape(accumulator->type.getRank() + 1, ShapedType::kDynamic);
  llvm::copy(accumulator->type.getShape().drop_front(), shape.begin() + 2);
  auto stacked = RankedTensorType::get(matrix, i64);
  auto taken =
      takeFromAccumulator(c, *accumulator, {stacked, RankedTensorType::get(shape, accumulator->elementType), stacked});
  if (failed(taken))
    return failure();
  // Rows that were there, of all gradients one after the other.
  SmallVector<Value> parts[2];
  for (ArrayRef<Value> gradients : {ArrayRef(taken->required), ArrayRef(taken->others)}) {
    Value there = b.compare(dfg::CompareKind::GT, b.flatten(gradients[2], 0, 2), b.scalar(i64, 0));
    Value places = b.squeeze(b.create<dfg::NonZeroOp>(there), {0});
    for (int i : {0, 1})
      parts[i].push_back(b.create<dfg::GatherOp>(b.flatten(gradients[i], 0, 2), places, int64_t(0)));
  }
  Value indices = b.concat(parts[0], 0), rows = b.concat(parts[1], 0);
  if (!indices || !rows)
    return failure();
  auto unique = b.createMany<dfg::UniqueOp>({i64, i64, i64, i64}, indices, IntegerAttr(), b.builder.getUnitAttr());
  if (!unique)
    return failure();
  GraphBuilder::Dims sizes = b.dims(rows), counts(sizes.size(), b.expr(1));
  sizes.front() = counts.front() = b.dim(unique.getY(), 0);
  Value zeros = b.filled(accumulator->elementType, sizes, 0);
  Value sum = b.create<dfg::ScatterNDOp>(dfg::ReduceKind::Sum, zeros, b.unsqueeze(unique.getInverse(), {1}), rows);
  // A row is averaged over the gradients that have it.
  if (!accumulator->sums)
    sum = b.create<dfg::DivOp>(sum, b.reshape(b.cast(unique.getCounts(), accumulator->elementType), counts));
  SmallVector<int64_t> declared;
  for (int64_t extent : accumulator->type.getShape())
    declared.push_back(ShapedType::isDynamic(extent) ? -1 : extent);
  return c.results(ValueRange{unique.getY(), sum, b.integers(declared, i64)});
}

void registerSparseAccumulatorOps(OpRegistry &ops) {
  ops.add("SparseConditionalAccumulator", importAccumulator);
  ops.add("SparseAccumulatorApplyGradient", importApply).effect();
  ops.add("SparseAccumulatorTakeGradient", importTake).waits();
}

} // namespace tfc::tf
