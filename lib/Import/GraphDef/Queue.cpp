// Queues.
#include "OpRegistry.h"
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
      return c.unsupported() << "has component " << i << " that is no tensor of numbers";
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

template <bool many> static LogicalResult importEnqueue(NodeContext &c) {
  dfg::QueueOp queue = queueOf(c);
  if (!queue)
    return failure();
  auto values = c.allInputs().drop_front();
  for (auto [i, value] : llvm::enumerate(values))
    if (!value || !isa<RankedTensorType>(value.getType()))
      return c.unsupported() << "puts component " << i << ", which is no tensor of numbers, into a queue";
  if (values.size() != queue.getComponents().size())
    return c.error() << "puts " << values.size() << " components into a queue of " << queue.getComponents().size();
  for (auto [i, value, component] : llvm::enumerate(values, queue.getComponents())) {
    auto given = cast<RankedTensorType>(value.getType());
    auto expected = cast<TensorType>(cast<TypeAttr>(component).getValue());
    if (given.getElementType() != expected.getElementType() ||
        (expected.hasRank() && given.getRank() != expected.getRank() + many))
      return c.error() << "puts " << given << " into component " << i << " of a queue, expected " << expected
                       << (many ? " behind a first dimension" : "");
  }
  dfg::EnqueueOp::create(c.b.builder, c.b.loc, queue.getSymName(), values, many);
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
  SmallVector<Type> types;
  for (auto [i, component] : llvm::enumerate(queue.getComponents())) {
    auto type = dyn_cast<RankedTensorType>(cast<TypeAttr>(component).getValue());
    if (!type)
      return c.unsupported() << "takes component " << i << " out of queue '" << queue.getSymName()
                             << "', which does not say its shape";
    SmallVector<int64_t> shape;
    if (many)
      shape.push_back(upTo ? ShapedType::kDynamic : b.number(count).value_or(ShapedType::kDynamic));
    llvm::append_range(shape, type.getShape());
    types.push_back(RankedTensorType::get(shape, type.getElementType()));
  }
  auto op = dfg::DequeueOp::create(b.builder, b.loc, types, queue.getSymName(), many ? b.index(count) : Value(), upTo);
  return c.results(op.getValues());
}

static LogicalResult importSize(NodeContext &c) {
  dfg::QueueOp queue = queueOf(c);
  if (!queue)
    return failure();
  GraphBuilder &b = c.b;
  Value size = dfg::QueueSizeOp::create(b.builder, b.loc, b.builder.getIndexType(), queue.getSymName());
  return c.result(b.fromContent(b.scope.index(size), {}, b.builder.getI32Type()));
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

void registerQueueOps(OpRegistry &ops) {
  auto both = [&](StringRef name, OpRegistry::Importer importer, bool hasEffect) {
    for (const char *version : {"", "V2"})
      ops.add((name + version).str(), importer).hasEffect = hasEffect;
  };
  both("FIFOQueue", importQueue<dfg::QueueKind::FIFO>, false);
  both("RandomShuffleQueue", importQueue<dfg::QueueKind::RandomShuffle>, false);
  both("PaddingFIFOQueue", importQueue<dfg::QueueKind::PaddingFIFO>, false);
  both("PriorityQueue", importQueue<dfg::QueueKind::Priority>, false);
  both("QueueEnqueue", importEnqueue<false>, true);
  both("QueueEnqueueMany", importEnqueue<true>, true);
  both("QueueDequeue", importDequeue<false, false>, true);
  both("QueueDequeueMany", importDequeue<true, false>, true);
  both("QueueDequeueUpTo", importDequeue<true, true>, true);
  both("QueueSize", importSize, true);
  both("QueueIsClosed", importIsClosed, true);
  both("QueueClose", importClose, true);
}

} // namespace tfc::tf
