// Conditional accumulators: gradients of many workers become one.
//
// An accumulator is a queue of gradients without limit and a variable for its time step.
// Taking waits for as many gradients as are required, and takes all that have come by then.
#include "OpRegistry.h"
#include "TensorData.h"
#include "tfc/Import/Common/Branches.h"

using namespace mlir;

namespace tfc::tf {

static LogicalResult importAccumulator(NodeContext &c) {
  std::string name = c.sharedName();
  Type element = c.elementType("dtype");
  auto shape = c.shape("shape");
  if (!element)
    return failure();
  if (!shape)
    return c.unsupported() << "accumulates tensors of unknown rank, expected a shape";
  StringRef reduction = c.string("reduction_type", "MEAN");
  if (reduction != "MEAN" && reduction != "SUM")
    return c.error() << "has reduction '" << reduction << "', expected MEAN or SUM";
  auto type = RankedTensorType::get(*shape, element);
  auto *made = c.resource(Resource::Kind::Accumulator, name, [&](OpBuilder &builder, StringRef symbol) {
    return dfg::QueueOp::create(builder, c.b.loc, symbol, dfg::QueueKind::FIFO, /*capacity=*/-1, 0, 0,
                                builder.getArrayAttr(TypeAttr::get(type)));
  });
  made->type = type;
  made->elementType = element;
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

static Value sizeOf(NodeContext &c, const Resource &accumulator) {
  return dfg::QueueSizeOp::create(c.b.builder, c.b.loc, c.b.builder.getIndexType(), accumulator.symbol());
}

/// A gradient of an earlier time step comes too late and is dropped.
static LogicalResult importApply(NodeContext &c) {
  GraphBuilder &b = c.b;
  const Resource *accumulator = c.resource(0, Resource::Kind::Accumulator);
  if (!accumulator || failed(c.requireRank(1, 0, 0)) || failed(c.requireRank(2, 0)))
    return failure();
  if (!dfg::joinTypes(c.input(2).getType(), accumulator->type))
    return c.error() << "applies " << c.input(2).getType() << ", expected " << accumulator->type;
  Value isNew = b.compare(dfg::CompareKind::GE, c.input(1), c.read(*accumulator->step));
  if (!isNew)
    return failure();
  auto branches = importBranches(c, isNew, [&](int i) -> FailureOr<SmallVector<Value>> {
    if (i == 0)
      dfg::EnqueueOp::create(b.builder, b.loc, accumulator->symbol(), c.input(2), /*many=*/false);
    return SmallVector<Value>();
  });
  return failed(branches) ? failure() : c.results(ArrayRef<Entry>());
}

static LogicalResult importTake(NodeContext &c) {
  GraphBuilder &b = c.b;
  const Resource *accumulator = c.resource(0, Resource::Kind::Accumulator);
  auto required = c.content(1);
  if (!accumulator || failed(required))
    return failure();
  SmallVector<int64_t> shape{ShapedType::kDynamic};
  llvm::append_range(shape, accumulator->type.getShape());
  Type stacked = RankedTensorType::get(shape, accumulator->elementType);
  auto take = [&](Value count) {
    return dfg::DequeueOp::create(b.builder, b.loc, stacked, accumulator->symbol(), count, /*up_to=*/false)
        .getResult(0);
  };
  Value first = take(b.index(required->front()));
  Value rest = sizeOf(c, *accumulator), others = take(rest);
  auto sum = [&](Value values) { return b.reduce(dfg::ReduceKind::Sum, values, {0}, /*keepDims=*/false); };
  Value result = b.create<dfg::AddOp>(sum(first), sum(others));
  if (!accumulator->sums) {
    AffineExpr count = b.scope.add(required->front(), b.scope.index(rest));
    Value number = b.fromContent(count, {}, b.builder.getI64Type());
    result = b.create<dfg::DivOp>(result, b.cast(number, accumulator->elementType));
  }
  auto advance = [&] {
    Value old = c.read(*accumulator->step);
    return c.assign(*accumulator->step, b.create<dfg::AddOp>(old, b.scalarLike(old, 1)));
  };
  return succeeded(c.update(accumulator->step, advance)) ? c.result(result) : failure();
}

static LogicalResult importSetStep(NodeContext &c) {
  const Resource *accumulator = c.resource(0, Resource::Kind::Accumulator);
  return accumulator && succeeded(c.assign(*accumulator->step, c.input(1))) ? c.results(ArrayRef<Entry>()) : failure();
}

static LogicalResult importCount(NodeContext &c) {
  const Resource *accumulator = c.resource(0, Resource::Kind::Accumulator);
  if (!accumulator)
    return failure();
  return c.result(c.b.fromContent(c.b.scope.index(sizeOf(c, *accumulator)), {}, c.b.builder.getI32Type()));
}

void registerAccumulatorOps(OpRegistry &ops) {
  auto both = [&](const char *prefix, const char *name, OpRegistry::Importer importer, bool hasEffect) {
    ops.add((llvm::Twine(prefix) + name).str(), importer).hasEffect = hasEffect;
    ops.add((llvm::Twine("Resource") + prefix + name).str(), importer).hasEffect = hasEffect;
  };
  both("Conditional", "Accumulator", importAccumulator, false);
  both("Accumulator", "ApplyGradient", importApply, true);
  both("Accumulator", "TakeGradient", importTake, true);
  both("Accumulator", "SetGlobalStep", importSetStep, true);
  both("Accumulator", "NumAccumulated", importCount, true);
}

} // namespace tfc::tf
