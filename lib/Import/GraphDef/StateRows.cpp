// Rows of variables: gathered, and updated by position.
#include "Indices.h"

using namespace mlir;

namespace tfc::tf {

static Value positions(NodeContext &c, unsigned i) { return c.b.cast(c.input(i), c.b.builder.getI64Type()); }

static LogicalResult importGather(NodeContext &c) {
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  if (!variable || !c.hasInput(1))
    return failure();
  auto batch = c.axis(c.integer("batch_dims"), c.b.rank(c.input(1)) + 1);
  if (failed(batch))
    return failure();
  Value x = c.read(*variable);
  if (c.b.rank(x) <= *batch)
    return c.error() << "gathers from " << x.getType() << ", expected a rank of more than " << *batch;
  return c.result(gather(c, x, positions(c, 1), *batch, *batch));
}

static LogicalResult importGatherNd(NodeContext &c) {
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  if (!variable || !c.hasInput(1))
    return failure();
  return c.result(gatherTuples(c, c.read(*variable), positions(c, 1)));
}

/// What becomes of an element: put in its place, or combined with it.
enum class Update { Put, Add, Sub, Mul, Div, Min, Max };

static LogicalResult importScatter(NodeContext &c, Update update, bool nd) {
  GraphBuilder &b = c.b;
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  if (!variable || !c.hasInput(1) || !c.hasInput(2))
    return failure();
  if (update == Update::Div && !isa<FloatType>(variable->elementType))
    return c.unsupported() << "divides " << variable->elementType << ", expected floats";
  auto change = [&] {
    Value at = positions(c, 1), values = c.input(2), old = c.read(*variable);
    if (!nd) {
      // One value may stand for all of them.
      GraphBuilder::Dims dims = b.dims(at);
      llvm::append_range(dims, llvm::drop_begin(b.dims(old)));
      values = b.broadcastTo(values, dims);
      at = b.unsqueeze(at, {b.rank(at)});
    }
    if (!requireIndexTuples(c, at, b.dims(old)))
      return LogicalResult(failure());
    StringRef reduction = "none";
    switch (update) {
    case Update::Put: break;
    case Update::Sub: values = b.create<dfg::NegOp>(values); [[fallthrough]];
    case Update::Add: reduction = "add"; break;
    case Update::Div: values = b.create<dfg::DivOp>(b.scalarLike(values, 1), values); [[fallthrough]];
    case Update::Mul: reduction = "mul"; break;
    case Update::Min: reduction = "min"; break;
    case Update::Max: reduction = "max"; break;
    }
    return c.assign(*variable, c.onnx("ScatterND", {old, at, values}, {{"reduction", reduction}}).front());
  };
  if (failed(c.update(variable, change)))
    return failure();
  return c.entry(0).isReference ? c.result(c.entry(0)) : c.results(ArrayRef<Entry>());
}

void registerStateRowOps(OpRegistry &ops) {
  ops.add("ResourceGather", importGather).effect();
  ops.add("ResourceGatherNd", importGatherNd).effect();
  const std::pair<StringRef, Update> updates[] = {{"Update", Update::Put}, {"Add", Update::Add}, {"Sub", Update::Sub},
                                                  {"Mul", Update::Mul},    {"Div", Update::Div}, {"Min", Update::Min},
                                                  {"Max", Update::Max}};
  for (auto [name, update] : updates)
    for (const char *kind : {"Scatter", "ResourceScatter", "ScatterNd", "ResourceScatterNd"}) {
      bool nd = StringRef(kind).ends_with("Nd");
      ops.add((kind + name).str(), [update = update, nd](NodeContext &c) { return importScatter(c, update, nd); })
          .effect()
          .references();
    }
}

} // namespace tfc::tf
