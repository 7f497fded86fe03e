// Conditional accumulators: gradients of many workers become one.
//
// An accumulator is a queue of gradients without limit and a variable for its time step.
// Taking waits for as many gradients as are required, and takes all that have come by then.
#include "Accumulators.h"
#include "TensorData.h"
#include "tfc/Import/Common/Branches.h"

using namespace mlir;

namespace tfc::tf {

LogicalResult declareAccumulator(NodeContext &c, Resource::Kind kind, dfg::QueueKind queue, RankedTensorType type,
                                 TypeRange components) {
  std::string name = c.sharedName();
  StringRef reduction = c.string("reduction_type", "MEAN");
  if (reduction != "MEAN" && reduction != "SUM")
    return c.error() << "has reduction '" << reduction << "', expected MEAN or SUM";
  auto *made = c.resource(kind, name, [&](OpBuilder &builder, StringRef symbol) {
    return dfg::QueueOp::create(builder, c.b.loc, symbol, queue, /*capacity=*/-1, 0, 0,
                                builder.getTypeArrayAttr(llvm::to_vector(components)));
  });
  made->type = type;
  made->elementType = type.getElementType();
  made->sums = reduction == "SUM";
  auto *step = c.resource(Resource::Kind::Variable, name + "/global_step", [&](OpBuilder &builder, StringRef symbol) {
    auto scalar = RankedTensorType::get({}, builder.getI64Type());
    return dfg::VariableOp::create(builder, c.b.loc, symbol, builder.getStringAttr(name + "/global_step"), scalar,
                                   DenseElementsAttr::get(scalar, int64_t(0)));
  });
  step->type = RankedTensorType::get({}, c.b.builder.getI64Type());
  step->elementType = c.b.builder.getI64Type();
  made->step = step;
  Entry entry;
  entry.resource = made;
  return c.result(entry);
}

static LogicalResult importAccumulator(NodeContext &c) {
  Type element = c.elementType("dtype");
  auto shape = c.shape("shape");
  if (!element)
    return failure();
  if (!shape)
    return c.unsupported() << "accumulates tensors of unknown rank, expected a shape";
  auto type = RankedTensorType::get(*shape, element);
  return declareAccumulator(c, Resource::Kind::Accumulator, dfg::QueueKind::FIFO, type, type);
}

static Value sizeOf(NodeContext &c, const Resource &accumulator) {
  return dfg::QueueSizeOp::create(c.b.builder, c.b.loc, c.b.builder.getIndexType(), accumulator.symbol());
}

LogicalResult applyToAccumulator(NodeContext &c, const Resource &accumulator, Value step, ArrayRef<Value> gradient) {
  GraphBuilder &b = c.b;
  Value isNew = b.compare(dfg::CompareKind::GE, step, c.read(*accumulator.step));
  if (!isNew || llvm::is_contained(gradient, Value()))
    return failure();
  auto branches = importBranches(c, isNew, [&](int i) -> FailureOr<SmallVector<Value>> {
    if (i == 0)
      dfg::EnqueueOp::create(b.builder, b.loc, accumulator.symbol(), gradient, /*many=*/false);
    return SmallVector<Value>();
  });
  return failed(branches) ? failure() : c.results(ArrayRef<Entry>());
}

static LogicalResult importApply(NodeContext &c) {
  const Resource *accumulator = c.resource(0, Resource::Kind::Accumulator);
  if (!accumulator || failed(c.requireRank(1, 0, 0)) || failed(c.requireRank(2, 0)))
    return failure();
  if (!dfg::joinTypes(c.input(2).getType(), accumulator->type))
    return c.error() << "applies " << c.input(2).getType() << ", expected " << accumulator->type;
  return applyToAccumulator(c, *accumulator, c.input(1), c.input(2));
}

FailureOr<TakenGradients> takeFromAccumulator(NodeContext &c, const Resource &accumulator, TypeRange stacked) {
  GraphBuilder &b = c.b;
  auto required = c.content(1);
  if (failed(required))
    return failure();
  auto take = [&](Value count) -> SmallVector<Value> {
    return dfg::DequeueOp::create(b.builder, b.loc, stacked, accumulator.symbol(), count, /*up_to=*/false).getValues();
  };
  TakenGradients taken;
  taken.required = take(b.index(required->front()));
  Value rest = sizeOf(c, accumulator);
  taken.others = take(rest);
  taken.count = b.scope.add(required->front(), b.scope.index(rest));
  auto advance = [&] {
    Value old = c.read(*accumulator.step);
    return c.assign(*accumulator.step, b.create<dfg::AddOp>(old, b.scalarLike(old, 1)));
  };
  if (failed(c.update(accumulator.step, advance)))
    return failure();
  return taken;
}

static LogicalResult importTake(NodeContext &c) {
  GraphBuilder &b = c.b;
  const Resource *accumulator = c.resource(0, Resource::Kind::Accumulator);
  if (!accumulator)
    return failure();
  SmallVector<int64_t> shape{ShapedType::kDynamic};
  llvm::append_range(shape, accumulator->type.getShape());
  auto taken = takeFromAccumulator(c, *accumulator, RankedTensorType::get(shape, accumulator->elementType));
  if (failed(taken))
    return failure();
  auto sum = [&](ArrayRef<Value> values) {
    return b.reduce(dfg::ReduceKind::Sum, values.front(), {0}, /*keepDims=*/false);
  };
  Value result = b.create<dfg::AddOp>(sum(taken->required), sum(taken->others));
  if (!accumulator->sums) {
    Value number = b.fromContent(taken->count, {}, b.builder.getI64Type());
    result = b.create<dfg::DivOp>(result, b.cast(number, accumulator->elementType));
  }
  return c.result(result);
}

/// An accumulator of either kind; null after an error.
static const Resource *anyAccumulator(NodeContext &c) {
  bool isSparse = c.entry(0).resource && c.entry(0).resource->kind == Resource::Kind::SparseAccumulator;
  return c.resource(0, isSparse ? Resource::Kind::SparseAccumulator : Resource::Kind::Accumulator);
}

static LogicalResult importSetStep(NodeContext &c) {
  const Resource *accumulator = anyAccumulator(c);
  return accumulator && succeeded(c.assign(*accumulator->step, c.input(1))) ? c.results(ArrayRef<Entry>()) : failure();
}

static LogicalResult importCount(NodeContext &c) {
  const Resource *accumulator = anyAccumulator(c);
  if (!accumulator)
    return failure();
  return c.result(c.b.fromContent(c.b.scope.index(sizeOf(c, *accumulator)), {}, c.b.builder.getI32Type()));
}

void registerAccumulatorOps(OpRegistry &ops) {
  for (std::string prefix : {"", "Resource"}) {
    ops.add(prefix + "ConditionalAccumulator", importAccumulator);
    ops.add(prefix + "AccumulatorApplyGradient", importApply).effect();
    ops.add(prefix + "AccumulatorTakeGradient", importTake).waits();
    ops.add(prefix + "AccumulatorSetGlobalStep", importSetStep).effect();
    ops.add(prefix + "AccumulatorNumAccumulated", importCount).effect();
  }
}

} // namespace tfc::tf
