// Tasks: which nodes may wait, and values that tasks make for each other.
#include "GraphImporter.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace tfc::tf {

//===----------------------------------------------------------------------===//
// What may wait
//===----------------------------------------------------------------------===//

bool GraphImporter::mayWait(StringRef function) {
  auto [it, isNew] = waitingFunctions.try_emplace(function, false);
  const tensorflow::FunctionDef *def = isNew ? findFunction(function) : nullptr;
  if (!def)
    return it->second;
  bool waits = llvm::any_of(def->node_def(), [&](const tensorflow::NodeDef &node) { return mayWait(node); });
  return waitingFunctions[function] = waits;
}

bool GraphImporter::mayWait(const tensorflow::NodeDef &node) {
  if (const auto *op = OpRegistry::get().lookup(node.op()); op && op->mayWait)
    return true;
  if (mayWait(node.op()))
    return true;
  return llvm::any_of(node.attr(), [&](const auto &attribute) {
    const tensorflow::AttrValue &value = attribute.second;
    return (value.has_func() && mayWait(value.func().name())) ||
           llvm::any_of(value.list().func(), [&](const auto &function) { return mayWait(function.name()); });
  });
}

bool GraphImporter::mayWait(const Graph &graph, const Node &node) {
  if (!mayWait(*node.def))
    return false;
  // Into a queue without limit everybody gets at once.
  if (!(node.op().starts_with("QueueEnqueue") || node.op().starts_with("QueueClose")) || node.inputs.empty())
    return true;
  const Node &queue = graph[node.inputs.front().node];
  auto capacity = queue.def->attr().find("capacity");
  return !queue.op().contains("Queue") || (capacity != queue.def->attr().end() && capacity->second.i() >= 0);
}

//===----------------------------------------------------------------------===//
// Values of tasks
//===----------------------------------------------------------------------===//

namespace {

/// A value on its way out of a task: a local that holds it, or how it is made anew.
struct Cell {
  Edge edge;
  Entry entry; // as it is, where nothing is to be done
  Type type;   // of the value
  StringRef local;
  TypedAttr constant;
};

/// Edges of nodes of tasks that others than nodes of the same task use.
class Crossing {
public:
  Crossing(const Tasks &tasks, const Body &body) {
    for (auto [i, task] : llvm::enumerate(tasks.tasks))
      for (const ScheduleItem &item : task)
        forEachNode(item, [&, i = i](int node) { taskOf[node] = i; });
    const Graph &graph = body.graph;
    for (int node = 0; node < graph.size(); ++node) {
      int user = taskNumber(node);
      for (const Edge &input : graph[node].inputs)
        if (int maker = taskNumber(input.node); maker >= 0 && maker != user)
          edges.insert(input);
      // A predicate is looked for behind what hands it on.
      if (isSwitch(graph[node]) && graph[node].inputs.size() == 2)
        for (Edge edge = graph[node].inputs[1]; edges.insert(edge).second && !graph[edge.node].inputs.empty();)
          edge = graph[edge.node].inputs.front();
    }
    edges.insert(body.results.begin(), body.results.end());
  }

  bool contains(const Edge &edge) const { return edges.contains(edge); }

private:
  int taskNumber(int node) const {
    auto it = taskOf.find(node);
    return it == taskOf.end() ? -1 : it->second;
  }
  llvm::DenseMap<int, int> taskOf;
  llvm::DenseSet<Edge> edges;
};

} // namespace

LogicalResult GraphImporter::importTasks(const Tasks &tasks, Body &body) {
  Scope *outer = body.scope;
  Crossing crossing(tasks, body);
  SmallVector<SmallVector<Cell>> made(tasks.tasks.size());
  auto op = dfg::TasksOp::create(b.builder, b.loc, tasks.dependencies, tasks.tasks.size());

  /// What a task made, where the insertion point is.
  auto receive = [&](ArrayRef<Cell> cells, Scope &scope) {
    for (const Cell &cell : cells) {
      Entry entry = cell.entry;
      if (cell.constant) {
        entry = {dfg::ConstantOp::create(b.builder, b.loc, cast<ElementsAttr>(cell.constant))};
      } else if (!cell.local.empty()) {
        auto local = cast<dfg::LocalOp>(SymbolTable::lookupSymbolIn(graphBlock->getParentOp(), cell.local));
        Value list = dfg::PeekOp::create(b.builder, b.loc, local.getType(), cell.local);
        entry = {list};
        if (list.getType() != cell.type)
          entry = {dfg::ListAtOp::create(b.builder, b.loc, cell.type, list, b.index(b.expr(0)))};
      }
      scope.values[cell.edge] = entry;
    }
  };
  auto send = [&](const Edge &edge, const Entry &entry, Region &region) {
    Cell cell{edge, entry, {}, {}, {}};
    Value value = entry.value;
    if (!value || !region.isAncestor(value.getParentRegion()))
      return cell;
    cell.type = value.getType();
    if (auto constant = value.getDefiningOp<dfg::ConstantOp>()) {
      cell.constant = cast<TypedAttr>(Attribute(constant.getValue()));
      return cell;
    }
    Type held = cell.type;
    if (auto tensor = dyn_cast<RankedTensorType>(held)) {
      held = dfg::ListType::get(context, UnrankedTensorType::get(tensor.getElementType()));
      value = dfg::ListMakeOp::create(b.builder, b.loc, held, value);
    }
    const Node &node = body.graph[edge.node];
    Resource *local = resource(Resource::Kind::Cell, node.name() + "#" + Twine(nextLocal()),
                               [&](OpBuilder &builder, StringRef symbol) -> Operation * {
                                 return dfg::LocalOp::create(builder, b.loc, symbol, cast<dfg::ListType>(held));
                               });
    cell.local = local->symbol();
    dfg::PutOp::create(b.builder, b.loc, cell.local, value);
    return cell;
  };

  for (auto [i, task] : llvm::enumerate(tasks.tasks)) {
    Region &region = op.getTasks()[i];
    OpBuilder::InsertionGuard guard(b.builder);
    b.builder.setInsertionPointToEnd(&region.emplaceBlock());
    Scope scope;
    scope.outer = outer;
    for (size_t k = 0; k < tasks.dependencies.size(); k += 2)
      if (tasks.dependencies[k + 1] == int64_t(i))
        receive(made[tasks.dependencies[k]], scope);
    llvm::DenseMap<Edge, Entry> given = scope.values;
    llvm::SaveAndRestore restore(body.scope, &scope);
    if (failed(walk(task, body)))
      return mlir::failure();
    SmallVector<std::pair<Edge, Entry>> values;
    for (auto &[edge, entry] : scope.values)
      if (crossing.contains(edge) && !given.contains(edge))
        values.push_back({edge, entry});
    llvm::sort(values, [](const auto &a, const auto &b) { return a.first < b.first; });
    for (auto &[edge, entry] : values)
      made[i].push_back(send(edge, entry, region));
    dfg::YieldOp::create(b.builder, b.loc, ValueRange());
    outer->unusable.insert(scope.unusable.begin(), scope.unusable.end());
  }
  for (ArrayRef<Cell> cells : made)
    receive(cells, *outer);
  return success();
}

} // namespace tfc::tf
