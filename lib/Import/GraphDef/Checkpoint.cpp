// Saving and restoring as parts of steps.
#include "GraphImporter.h"
#include "TensorData.h"
#include "Text.h"

using namespace mlir;

namespace tfc::tf {

/// A vector of strings, of an input of any shape; null after an error.
static Value textVector(NodeContext &c, unsigned input) {
  if (failed(requireStrings(c, input)))
    return {};
  return c.b.reshape(c.input(input), {c.b.count(c.input(input))});
}

//===----------------------------------------------------------------------===//
// Saving
//===----------------------------------------------------------------------===//

/// Path, names, perhaps parts, then the tensors.
template <bool hasSlices> static LogicalResult importSave(NodeContext &c) {
  GraphBuilder &b = c.b;
  constexpr unsigned first = hasSlices ? 3 : 2;
  if (c.inputCount() < first)
    return c.error() << "has " << c.inputCount() << " inputs, expected at least " << first;
  Value path = scalarText(c, 0), names = textVector(c, 1);
  Value slices = hasSlices ? textVector(c, 2) : names ? b.broadcastTo(text(c, ""), b.dims(names)) : Value();
  if (!path || !names || !slices)
    return failure();
  auto tensors = c.allInputs().drop_front(first);
  for (auto [i, tensor] : llvm::enumerate(tensors))
    if (!tensor || !isa<RankedTensorType>(tensor.getType()))
      return c.unsupported() << "saves input " << i + first << ", which is no tensor";
  dfg::SaveTensorsOp::create(b.builder, b.loc, path, names, slices, tensors, whichHoldStrings(tensors));
  return c.results(ArrayRef<Entry>());
}

static LogicalResult importMerge(NodeContext &c) {
  Value paths = textVector(c, 0), path = scalarText(c, 1);
  if (!paths || !path)
    return failure();
  dfg::MergeCheckpointsOp::create(c.b.builder, c.b.loc, paths, path, c.boolean("delete_old_dirs", true),
                                  c.boolean("allow_missing_files"));
  return c.results(ArrayRef<Entry>());
}

/// "NAME-00000-of-00002", or of all shards "NAME-?????-of-00002".
template <bool isOne> static LogicalResult importShardedName(NodeContext &c) {
  GraphBuilder &b = c.b;
  constexpr unsigned countInput = isOne ? 2 : 1;
  Value base = scalarText(c, 0);
  auto digits = [&](unsigned input) -> Value {
    if (failed(c.requireRank(input, 0, 0)))
      return {};
    return b.createAs<dfg::StringFromNumberOp>(dfg::StringType::get(b.builder.getContext()), c.input(input),
                                               int64_t(-1), int64_t(5), "f", "0");
  };
  Value shard = isOne ? digits(1) : text(c, "?????"), count = digits(countInput);
  if (!base || !shard || !count)
    return failure();
  return c.result(join(c, text(c, ""), {base, text(c, "-"), shard, text(c, "-of-"), count}));
}

//===----------------------------------------------------------------------===//
// Restoring
//===----------------------------------------------------------------------===//

NodeContext::Destination NodeContext::destination(int port) {
  const Graph &graph = body.graph;
  SmallVector<Edge> edges{{graph.find(name()), port}};
  Destination found;
  for (size_t i = 0; i < edges.size(); ++i)
    for (int user = 0; user < graph.size(); ++user) {
      const Node &node = graph[user];
      auto at = llvm::find(node.inputs, edges[i]);
      if (at == node.inputs.end())
        continue;
      if (node.op() == "Identity" && !llvm::is_contained(edges, Edge{user, 0}))
        edges.push_back({user, 0});
      found.isReshaped |= node.op() == "Reshape";
      bool assigns = (node.op() == "Assign" || node.op() == "AssignVariableOp") && at - node.inputs.begin() == 1;
      if (!assigns)
        continue;
      Edge variable = node.inputs[0];
      for (int steps = 0; steps < graph.size() && graph[variable.node].op() == "Identity"; ++steps)
        variable = graph[variable.node].inputs.front();
      // Handles and references cost nothing to make.
      StringRef op = graph[variable.node].op();
      if (op != "VarHandleOp" && op != "VariableV2" && op != "Variable" && op != "_Arg")
        continue;
      const Entry *entry = importer.valueOf(variable, body);
      if (entry && entry->resource && entry->resource->type)
        return {entry->resource->type};
    }
  return found;
}

/// A result for each element type, null ones being unknown.
static LogicalResult restore(NodeContext &c, Value path, Value names, Value slices, ArrayRef<Type> elements) {
  GraphBuilder &b = c.b;
  SmallVector<Type> types;
  SmallVector<int64_t> strings, flat;
  for (auto [i, element] : llvm::enumerate(elements)) {
    auto destination = c.destination(i);
    if (!element || (!destination.type && !destination.isReshaped))
      return c.unsupported()
             << "restores tensor " << i
             << (element ? ", whose rank nothing in the graph tells, expected that it is assigned to a variable"
                         : ", whose element type is not supported");
    SmallVector<int64_t> shape{ShapedType::kDynamic};
    if (destination.type)
      shape = llvm::to_vector(destination.type.getShape());
    types.push_back(RankedTensorType::get(shape, element));
    strings.push_back(isString(element));
    flat.push_back(!destination.type);
  }
  if (!path || !names || !slices)
    return failure();
  auto op = dfg::RestoreTensorsOp::create(b.builder, b.loc, types, path, names, slices, strings, flat);
  return c.results(op.getTensors());
}

static LogicalResult importRestoreV2(NodeContext &c) {
  return restore(c, scalarText(c, 0), textVector(c, 1), textVector(c, 2), c.elementTypes("dtypes"));
}

/// One tensor by its name, and perhaps a part of it.
template <bool hasSlice> static LogicalResult importRestore(NodeContext &c) {
  Value names = textVector(c, 1);
  return restore(c, scalarText(c, 0), names, hasSlice ? textVector(c, 2) : constantStrings(c.b, {1}, {StringRef()}),
                 c.elementType("dt"));
}

void registerCheckpointOps(OpRegistry &ops) {
  ops.add("MergeV2Checkpoints", importMerge).effect();
  ops.add("Restore", importRestore<false>).effect();
  ops.add("RestoreSlice", importRestore<true>).effect();
  ops.add("RestoreV2", importRestoreV2).effect();
  ops.add("Save", importSave<false>).effect();
  ops.add("SaveSlices", importSave<true>).effect();
  ops.add("SaveV2", importSave<true>).effect();
  ops.add("ShardedFilename", importShardedName<true>);
  ops.add("ShardedFilespec", importShardedName<false>);
}

} // namespace tfc::tf
