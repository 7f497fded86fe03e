// Queues and staging areas.
#include "Queues.h"
#include "TensorData.h"

using namespace mlir;

namespace tfc::tf {

template <dfg::QueueKind kind> static LogicalResult importQueue(NodeContext &c) {
  std::string name = c.sharedName();
  SmallVector<Attribute> components;
  // The priority is a component of its own, before those that the node lists.
  if (kind == dfg::QueueKind::Priority)
    components.push_back(TypeAttr::get(RankedTensorType::get({}, c.b.builder.getI64Type())));
  const auto *shapes = c.attribute("shapes");
  for (auto [i, element] : llvm::enumerate(c.elementTypes("component_types"))) {
    if (!element)
      return c.unsupported() << "has component " << i << " that is no tensor";
    std::optional<SmallVector<int64_t>> shape;
    if (shapes && int(i) < shapes->list().shape_size())
      shape = dimsOf(shapes->list().shape(i));
    Type type = shape ? Type(RankedTensorType::get(*shape, element)) : Type(UnrankedTensorType::get(element));
    components.push_back(TypeAttr::get(type));
  }
  Entry entry;
  entry.resource = c.resource(Resource::Kind::Queue, name, [&](OpBuilder &builder, StringRef symbol) {
    return dfg::QueueOp::create(builder, c.b.loc, symbol, kind, c.integer("capacity", -1),
                                c.integer("min_after_dequeue"), c.integer("seed") + c.integer("seed2"),
                                builder.getArrayAttr(components));
  });
  return c.result(entry);
}

static dfg::QueueOp queueOf(NodeContext &c) {
  const Resource *queue = c.resource(0, Resource::Kind::Queue);
  return queue ? cast<dfg::QueueOp>(queue->declaration) : dfg::QueueOp();
}

LogicalResult enqueue(NodeContext &c, dfg::QueueOp queue, ValueRange values, bool many) {
  for (auto [i, value] : llvm::enumerate(values))
    if (!value || !isa<RankedTensorType>(value.getType()))
      return c.unsupported() << "puts component " << i << ", which is no tensor, into a queue";
  if (values.size() != queue.getComponents().size())
    return c.error() << "puts " << values.size() << " components into a queue of " << queue.getComponents().size();
  SmallVector<RankedTensorType> &held = c.heldTypes(queue.getSymName());
  held.resize(values.size());
  for (auto [i, value, component] : llvm::enumerate(values, queue.getComponents())) {
    auto given = cast<RankedTensorType>(value.getType());
    auto expected = cast<TensorType>(cast<TypeAttr>(component).getValue());
    if (given.getElementType() != expected.getElementType() || given.getRank() < many ||
        (expected.hasRank() && given.getRank() != expected.getRank() + many))
      return c.error() << "puts " << given << " into component " << i << " of a queue, expected " << expected
                       << (many ? " behind a first dimension" : "");
    auto one = RankedTensorType::get(given.getShape().drop_front(many), given.getElementType());
    Type joined = held[i] ? dfg::joinTypes(held[i], one) : Type(one);
    if (!joined && !expected.hasRank())
      return c.unsupported() << "puts " << one << " into component " << i << " of a queue that holds " << held[i]
                             << ", expected one rank";
    held[i] = cast_or_null<RankedTensorType>(joined);
  }
  dfg::EnqueueOp::create(c.b.builder, c.b.loc, queue.getSymName(), values, many);
  return success();
}

FailureOr<SmallVector<RankedTensorType>> elementTypes(NodeContext &c, dfg::QueueOp queue) {
  SmallVector<RankedTensorType> &held = c.heldTypes(queue.getSymName());
  SmallVector<RankedTensorType> types;
  for (auto [i, component] : llvm::enumerate(queue.getComponents())) {
    auto type = dyn_cast<RankedTensorType>(cast<TypeAttr>(component).getValue());
    if (!type && i < held.size())
      type = held[i];
    if (!type)
      return c.unsupported() << "takes component " << i << " out of queue '" << queue.getSymName()
                             << "', which does not say its shape, and no step puts one in";
    types.push_back(type);
  }
  return types;
}

template <bool many> static LogicalResult importEnqueue(NodeContext &c) {
  dfg::QueueOp queue = queueOf(c);
  if (!queue || failed(enqueue(c, queue, c.allInputs().drop_front(), many)))
    return failure();
  return c.results(ArrayRef<Entry>());
}

/// One element, or with `many` as many as input 1 says.
template <bool many, bool upTo> static LogicalResult importDequeue(NodeContext &c) {
  dfg::QueueOp queue = queueOf(c);
  if (!queue)
    return failure();
  GraphBuilder &b = c.b;
  AffineExpr count;
  if (many) {
    auto content = c.content(1);
    if (failed(content))
      return failure();
    if (content->size() != 1)
      return c.error() << "wants " << content->size() << " numbers of elements, expected one";
    count = content->front();
  }
  auto elements = elementTypes(c, queue);
  if (failed(elements))
    return failure();
  SmallVector<Type> types;
  for (RankedTensorType type : *elements) {
    SmallVector<int64_t> shape;
    if (many)
      shape.push_back(upTo ? ShapedType::kDynamic : b.number(count).value_or(ShapedType::kDynamic));
    llvm::append_range(shape, type.getShape());
    types.push_back(RankedTensorType::get(shape, type.getElementType()));
  }
  auto op = dfg::DequeueOp::create(b.builder, b.loc, types, queue.getSymName(), many ? b.index(count) : Value(), upTo);
  return c.results(op.getValues());
}

static LogicalResult giveSize(NodeContext &c, dfg::QueueOp queue) {
  GraphBuilder &b = c.b;
  Value size = dfg::QueueSizeOp::create(b.builder, b.loc, b.builder.getIndexType(), queue.getSymName());
  return c.result(b.fromContent(b.scope.index(size), {}, b.builder.getI32Type()));
}

static LogicalResult importSize(NodeContext &c) {
  dfg::QueueOp queue = queueOf(c);
  return queue ? giveSize(c, queue) : failure();
}

static LogicalResult importIsClosed(NodeContext &c) {
  dfg::QueueOp queue = queueOf(c);
  if (!queue)
    return failure();
  GraphBuilder &b = c.b;
  Value closed = dfg::QueueIsClosedOp::create(b.builder, b.loc, b.builder.getIndexType(), queue.getSymName());
  return c.result(b.fromContent(b.scope.index(closed), {}, b.builder.getI1Type()));
}

static LogicalResult importClose(NodeContext &c) {
  dfg::QueueOp queue = queueOf(c);
  if (!queue)
    return failure();
  dfg::QueueCloseOp::create(c.b.builder, c.b.loc, queue.getSymName(), c.boolean("cancel_pending_enqueues"));
  return c.results(ArrayRef<Entry>());
}

//===----------------------------------------------------------------------===//
// Staging areas
//===----------------------------------------------------------------------===//

/// A staging area is named by its nodes, without a handle: a FIFO queue of any shapes.
static dfg::QueueOp stageOf(NodeContext &c) {
  if (c.integer("memory_limit") > 0) {
    c.unsupported() << "limits the bytes of a staging area, expected a limit of elements";
    return {};
  }
  SmallVector<Attribute> components;
  for (auto [i, element] : llvm::enumerate(c.elementTypes("dtypes"))) {
    if (!element) {
      c.unsupported() << "has component " << i << " that is no tensor of numbers";
      return {};
    }
    components.push_back(TypeAttr::get(UnrankedTensorType::get(element)));
  }
  Resource *area = c.resource(Resource::Kind::Stage, c.sharedName(), [&](OpBuilder &builder, StringRef symbol) {
    int64_t capacity = c.integer("capacity");
    return dfg::QueueOp::create(builder, c.b.loc, symbol, dfg::QueueKind::FIFO, capacity > 0 ? capacity : -1, 0, 0,
                                builder.getArrayAttr(components));
  });
  auto queue = cast<dfg::QueueOp>(area->declaration);
  if (queue.getComponents() != c.b.builder.getArrayAttr(components)) {
    c.error() << "has other components than those of staging area '" << area->name << "'";
    return {};
  }
  return queue;
}

static LogicalResult importStage(NodeContext &c) {
  dfg::QueueOp area = stageOf(c);
  return area && succeeded(enqueue(c, area, c.allInputs(), /*many=*/false)) ? c.results(ArrayRef<Entry>()) : failure();
}

/// Takes an element out, or looks at the one at a position.
template <bool peeks> static LogicalResult importUnstage(NodeContext &c) {
  dfg::QueueOp area = stageOf(c);
  if (!area)
    return failure();
  auto elements = elementTypes(c, area);
  Value position = peeks ? c.index(0) : Value();
  if (failed(elements) || (peeks && !position))
    return failure();
  SmallVector<Type> types(elements->begin(), elements->end());
  OpBuilder &builder = c.b.builder;
  if (peeks)
    return c.results(dfg::QueuePeekOp::create(builder, c.b.loc, types, area.getSymName(), position).getValues());
  return c.results(dfg::DequeueOp::create(builder, c.b.loc, types, area.getSymName(), Value(), false).getValues());
}

static LogicalResult importStageSize(NodeContext &c) {
  dfg::QueueOp area = stageOf(c);
  return area ? giveSize(c, area) : failure();
}

static LogicalResult importStageClear(NodeContext &c) {
  dfg::QueueOp area = stageOf(c);
  if (!area)
    return failure();
  dfg::QueueClearOp::create(c.b.builder, c.b.loc, area.getSymName());
  return c.results(ArrayRef<Entry>());
}

void registerQueueOps(OpRegistry &ops) {
  auto both = [&](StringRef name, OpRegistry::Importer importer, bool hasEffect, bool mayWait = false) {
    for (const char *version : {"", "V2"}) {
      OpRegistry::Op &op = ops.add((name + version).str(), importer);
      op.hasEffect = hasEffect;
      op.mayWait = mayWait;
    }
  };
  both("FIFOQueue", importQueue<dfg::QueueKind::FIFO>, false);
  both("RandomShuffleQueue", importQueue<dfg::QueueKind::RandomShuffle>, false);
  both("PaddingFIFOQueue", importQueue<dfg::QueueKind::PaddingFIFO>, false);
  both("PriorityQueue", importQueue<dfg::QueueKind::Priority>, false);
  both("QueueEnqueue", importEnqueue<false>, true, /*mayWait=*/true);
  both("QueueEnqueueMany", importEnqueue<true>, true, /*mayWait=*/true);
  both("QueueDequeue", importDequeue<false, false>, true, /*mayWait=*/true);
  both("QueueDequeueMany", importDequeue<true, false>, true, /*mayWait=*/true);
  both("QueueDequeueUpTo", importDequeue<true, true>, true, /*mayWait=*/true);
  both("QueueSize", importSize, true);
  both("QueueIsClosed", importIsClosed, true);
  // Closing is behind the enqueues that wait.
  both("QueueClose", importClose, true, /*mayWait=*/true);
  ops.add("Stage", importStage).waits();
  ops.add("Unstage", importUnstage<false>).waits();
  ops.add("StagePeek", importUnstage<true>).waits();
  ops.add("StageSize", importStageSize).effect();
  ops.add("StageClear", importStageClear).effect();
}

} // namespace tfc::tf
