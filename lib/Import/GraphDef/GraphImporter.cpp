// Steps and nodes.
#include "GraphImporter.h"

#include "TensorData.h"
#include "tfc-rt/base.h"
#include "tfc/Import/Common/DimNames.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace tfc::tf {

const Entry *Scope::lookup(const Edge &edge) const {
  for (const Scope *scope = this; scope; scope = scope->outer)
    if (auto it = scope->values.find(edge); it != scope->values.end())
      return &it->second;
  return nullptr;
}

bool Scope::isUnusable(int node) const {
  for (const Scope *scope = this; scope; scope = scope->outer)
    if (scope->unusable.contains(node))
      return true;
  return false;
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

OwningOpRef<ModuleOp> GraphImporter::run(ArrayRef<StepRequest> given) {
  Location loc = b.loc;
  int64_t inFile = def.node_size();
  for (const auto &function : def.library().function()) {
    functions[function.signature().name()] = &function;
    inFile += function.node_def_size();
  }
  auto graph = Graph::ofGraph(def, [&](const Twine &what) { malformed() << what; });
  if (failed(graph) || failed(readGivenShapes(options.inputShapes, inputShapes, [&] { return malformed(); })))
    return {};
  SmallVector<StepRequest> steps(given);
  if (steps.empty())
    steps.push_back(wholeGraph(*graph));
  if (!isProbe)
    learnHeldTypes(steps);

  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  b.builder.setInsertionPointToEnd(module->getBody());
  auto graphOp = dfg::GraphOp::create(b.builder, loc, "model");
  graphBlock = &graphOp.getBody().emplaceBlock();
  llvm::StringSet<> names;
  for (const StepRequest &step : steps)
    symbols.insert(step.name);
  for (const StepRequest &step : steps) {
    b.builder.setInsertionPointToEnd(graphBlock);
    b.loc = loc;
    if (!names.insert(step.name).second) {
      malformed() << "step '" << step.name << "' is asked for twice";
      return {};
    }
    limitNodes(inFile);
    b.forget();
    if (isProbe)
      attempt([&] { return importStep(*graph, step); });
    else if (failed(importStep(*graph, step)))
      return {};
  }
  b.loc = loc;
  importQueueRunners(*graph, inFile);
  if (failure != ImportFailure::None)
    return {};
  b.loc = loc;
  if (failed(fillTables(*graph, graphOp)))
    return {};
  b.loc = loc;
  if (!checkpoint.empty() && failed(initializeVariables(*graph, graphOp)))
    return {};
  // Imports that were tried in vain leave declarations behind.
  for (auto local : llvm::make_early_inc_range(graphOp.getBody().getOps<dfg::LocalOp>()))
    if (SymbolTable::symbolKnownUseEmpty(local, graphOp))
      local.erase();
  return module;
}

FailureOr<Schedule> GraphImporter::scheduleOf(const Graph &graph, ArrayRef<Edge> fetches, ArrayRef<int> targets,
                                              const llvm::DenseSet<Edge> &feeds,
                                              llvm::DenseMap<Edge, SmallVector<Literal>> *conditions) {
  auto result = schedule(graph, {fetches, targets, &feeds, conditions}, [&](const Node &node, const Twine &what) {
    malformed(NameLoc::get(StringAttr::get(context, node.name())))
        << "node '" << node.name() << "' (" << node.op() << "): " << what;
  });
  if (succeeded(result))
    formTasks(*result, graph, feeds, [&](const Node &node) { return mayWait(graph, node); });
  return result;
}

Type GraphImporter::typeOfEdge(const Graph &graph, const Edge &edge) {
  // What the edge would carry if it was not fed.
  auto probe = dfg::StepOp::create(b.builder, b.loc, "probe", b.builder.getFunctionType({}, {}));
  Type type;
  attempt([&]() -> LogicalResult {
    OpBuilder::InsertionGuard guard(b.builder);
    b.builder.setInsertionPointToEnd(&probe.getBody().front());
    auto order = scheduleOf(graph, edge, {}, {});
    if (failed(order))
      return mlir::failure();
    Scope scope;
    Body body{graph, &scope, edge};
    if (failed(walk(*order, body)))
      return mlir::failure();
    const Entry *entry = valueOf(edge, body);
    if (entry && entry->value)
      type = entry->value.getType();
    return success();
  });
  b.discard(probe);
  return type;
}

/// A list among a node's attributes; an empty one where there is none.
static const tensorflow::AttrValue::ListValue &listOf(const Node &node, const char *name) {
  auto it = node.def->attr().find(name);
  return it == node.def->attr().end() ? tensorflow::AttrValue::ListValue::default_instance() : it->second.list();
}

/// What nodes say of their outputs that cannot be imported, such as those of tf.data and of
/// Python functions; null and nothing where they do not.
static Type declaredElement(MLIRContext *context, const Node &node, int port) {
  for (const char *name : {"output_types", "Tout"})
    if (port < listOf(node, name).type_size())
      return elementTypeOf(context, listOf(node, name).type(port));
  return {};
}
static std::optional<SmallVector<int64_t>> declaredShape(const Node &node, int port) {
  for (const char *name : {"output_shapes", "_output_shapes"})
    if (port < listOf(node, name).shape_size())
      return dimsOf(listOf(node, name).shape(port));
  return std::nullopt;
}

Type GraphImporter::feedType(const Graph &graph, const Edge &edge, StringRef text, SmallVectorImpl<Attribute> &dims) {
  const Node &node = graph[edge.node];
  std::optional<SmallVector<int64_t>> shape;
  Type element;
  bool isPlaceholder = node.op().starts_with("Placeholder");
  if (isPlaceholder && edge.port != 0) {
    malformed() << "input '" << text << "' feeds an output of node '" << node.name() << "' (" << node.op()
                << ") that it does not have";
    return {};
  }
  if (isPlaceholder) {
    auto attribute = [&](const char *name) {
      auto it = node.def->attr().find(name);
      return it == node.def->attr().end() ? tensorflow::AttrValue::default_instance() : it->second;
    };
    element = elementTypeOf(context, attribute("dtype").type());
    if (!element) {
      unsupported() << "input '" << text << "' has elements of " << nameOf(attribute("dtype").type())
                    << ", expected numbers or strings";
      return {};
    }
    if (auto declared = attribute("shape"); declared.value_case() == tensorflow::AttrValue::kShape)
      shape = dimsOf(declared.shape());
  } else if (auto type = dyn_cast_or_null<RankedTensorType>(typeOfEdge(graph, edge))) {
    element = type.getElementType();
    shape = SmallVector<int64_t>(type.getRank(), ShapedType::kDynamic);
  } else if (Type declared = declaredElement(context, node, edge.port)) {
    element = declared;
    shape = declaredShape(node, edge.port);
  } else {
    unsupported() << "input '" << text << "' feeds node '" << node.name() << "' (" << node.op()
                  << "), whose type is not known";
    return {};
  }
  auto given = inputShapes.find(text);
  if (given == inputShapes.end())
    given = inputShapes.find(node.name());
  // Graphs of old writers say an empty shape where they know none.
  bool isUnknown = !shape || (shape->empty() && isPlaceholder && given != inputShapes.end());
  if (given != inputShapes.end()) {
    if (!isUnknown && shape->size() != given->second.size()) {
      malformed() << "input '" << text << "' has rank " << shape->size() << " and is given a shape of rank "
                  << given->second.size();
      return {};
    }
    shape.emplace();
    for (const GivenDim &dim : given->second)
      shape->push_back(dim.extent);
  } else if (!shape) {
    unsupported() << "input '" << text << "' has no shape in the graph, expected one given as an option (input-shape '"
                  << text << "=...')";
    return {};
  }
  if (shape->size() > TFC_MAX_RANK || dfg::isTooLarge(*shape)) {
    malformed() << "input '" << text << "' has an impossible shape, expected at most " << TFC_MAX_RANK
                << " dimensions and 2^40 elements";
    return {};
  }
  for (auto [i, extent] : llvm::enumerate(*shape)) {
    if (!ShapedType::isDynamic(extent)) {
      dims.push_back(b.builder.getI64IntegerAttr(extent));
      continue;
    }
    std::string name = given == inputShapes.end() ? "" : given->second[i].name;
    dims.push_back(b.builder.getStringAttr(name.empty() ? (text + "." + Twine(i)).str() : name));
  }
  return RankedTensorType::get(*shape, element);
}

LogicalResult GraphImporter::importStep(const Graph &graph, const StepRequest &request) {
  Location loc = b.loc;
  bool isComplete = true;
  auto find = [&](const std::string &text, StringRef what) {
    Edge edge = graph.findEdge(text);
    isComplete &= edge.node >= 0;
    if (edge.node < 0)
      malformed() << "step '" << request.name << "' " << what << " '" << text << "', which is no node of the graph";
    return edge;
  };
  SmallVector<Edge> feeds, fetches;
  SmallVector<int> targets;
  for (const auto &feed : request.feeds)
    feeds.push_back(find(feed.edge, "feeds"));
  for (const auto &fetch : request.fetches)
    fetches.push_back(find(fetch.edge, "fetches"));
  for (const std::string &target : request.targets)
    targets.push_back(find(target, "has target").node);
  if (!isComplete)
    return mlir::failure();
  llvm::DenseSet<Edge> fed;
  SmallVector<Type> types;
  SmallVector<ArrayAttr> dims;
  for (auto [feed, port] : llvm::zip_equal(feeds, request.feeds)) {
    if (!fed.insert(feed).second)
      return malformed() << "step '" << request.name << "' feeds '" << port.edge << "' twice";
    SmallVector<Attribute> names;
    Type type = feedType(graph, feed, port.name, names);
    if (!type)
      return mlir::failure();
    types.push_back(type);
    dims.push_back(b.builder.getArrayAttr(names));
  }
  llvm::DenseMap<Edge, SmallVector<Literal>> conditions;
  auto order = scheduleOf(graph, fetches, targets, fed, &conditions);
  if (failed(order))
    return mlir::failure();

  auto step = dfg::StepOp::create(b.builder, loc, request.name, b.builder.getFunctionType(types, {}));
  b.builder.setInsertionPointToEnd(&step.getBody().front());
  Scope scope;
  Body body{graph, &scope, fetches};
  for (auto [i, feed] : llvm::enumerate(feeds)) {
    auto name = StringAttr::get(context, request.feeds[i].name);
    step.setArgAttr(i, "dfg.edge", name);
    step.setArgAttr(i, "dfg.dims", dims[i]);
    step.getArgument(i).setLoc(NameLoc::get(name));
    scope.values[feed] = {step.getArgument(i)};
  }
  if (failed(walk(*order, body)))
    return mlir::failure();
  SmallVector<Entry> results;
  for (const Edge &fetch : fetches) {
    for (const auto &[predicate, value] : conditions.lookup(fetch))
      if (failed(requirePredicate(predicate, value, fetch, body)))
        return mlir::failure();
    const Entry *entry = valueOf(fetch, body);
    if (!entry)
      return mlir::failure();
    results.push_back(*entry);
    if (entry->isReference)
      results.back() = {NodeContext(*this, body, graph[fetch.node]).read(*entry->resource)};
  }
  b.loc = loc;
  if (failure != ImportFailure::None)
    return success(); // go on, to report what other steps lack
  if (failed(finishStep(step, results, request)))
    return mlir::failure();
  eraseDead(step.getBody());
  return success();
}

LogicalResult GraphImporter::requirePredicate(const Edge &predicate, int value, const Edge &fetch, Body &body) {
  const Entry *entry = valueOf(predicate, body);
  if (!entry)
    return mlir::failure();
  if (!entry->value || entry->isUnusable)
    return success(); // reported
  Value holds = entry->value;
  if (!value)
    holds = b.create<dfg::NotOp>(holds);
  dfg::AssertOp::create(b.builder, b.loc, holds,
                        "fetches '" + body.graph[fetch.node].name().str() + "', whose branch was not taken");
  return success();
}

LogicalResult GraphImporter::finishStep(Operation *op, ArrayRef<Entry> fetches, const StepRequest &request) {
  auto step = cast<dfg::StepOp>(op);
  SmallVector<Value> values;
  for (auto [entry, port] : llvm::zip_equal(fetches, request.fetches)) {
    if (!entry.value)
      return unsupported() << "step '" << request.name << "' fetches '" << port.edge << "', which is no tensor";
    values.push_back(entry.value);
  }
  dfg::ReturnOp::create(b.builder, b.loc, values);
  step.setFunctionType(b.builder.getFunctionType(step.getFunctionType().getInputs(), TypeRange(ValueRange(values))));
  DimNames names(b);
  for (BlockArgument argument : step.getArguments())
    names.add(argument, step.getArgAttrOfType<ArrayAttr>(argument.getArgNumber(), "dfg.dims"));
  for (auto [i, port] : llvm::enumerate(request.fetches)) {
    step.setResultAttr(i, "dfg.edge", b.builder.getStringAttr(port.name));
    if (isa<RankedTensorType>(values[i].getType()))
      step.setResultAttr(i, "dfg.dims", names.of(values[i], port.name));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::walk(const Schedule &schedule, Body &body) {
  for (const ScheduleItem &item : schedule) {
    LogicalResult result = item.choice  ? importChoice(*item.choice, body)
                           : item.loop  ? importLoop(*item.loop, body)
                           : item.tasks ? importTasks(*item.tasks, body)
                                        : importNode(item.node, body);
    if (failed(result))
      return mlir::failure();
  }
  return success();
}

/// Whether a node hands its input on.
static bool isAlias(const Node &node) { return isSwitch(node) || isEnter(node) || isExit(node); }

const Entry *GraphImporter::valueOf(const Edge &edge, Body &body) {
  static const Entry unusable{{}, nullptr, true};
  if (const Entry *entry = body.scope->lookup(edge))
    return entry;
  if (body.scope->isUnusable(edge.node))
    return &unusable;
  // Depth first, without recursion: graphs may be deep.
  SmallVector<int> path = {edge.node};
  while (!path.empty()) {
    int node = path.back();
    const Node &it = body.graph[node];
    const auto *op = OpRegistry::get().lookup(it.op());
    if (isMerge(it) || isNextIteration(it) || it.op() == "_Arg" || (op && op->hasEffect) ||
        body.scope->lookup({node, edge.port}) || llvm::is_contained(ArrayRef(path).drop_back(), node)) {
      malformed(NameLoc::get(StringAttr::get(context, it.name())))
          << "node '" << it.name() << "' (" << it.op() << "): "
          << (body.scope->lookup({node, 0}) ? "has no output " + std::to_string(edge.port)
                                            : "is used where it does not run");
      return nullptr;
    }
    int missing = -1;
    for (auto [i, input] : llvm::enumerate(it.inputs))
      if (!(i == 1 && isSwitch(it)) && !body.scope->lookup(input) && !body.scope->isUnusable(input.node)) {
        missing = input.node;
        break;
      }
    if (missing >= 0) {
      path.push_back(missing);
      continue;
    }
    path.pop_back();
    if (failed(importNode(node, body)))
      return nullptr;
    if (!path.empty() && body.scope->isUnusable(node))
      continue;
  }
  if (const Entry *entry = body.scope->lookup(edge))
    return entry;
  if (body.scope->isUnusable(edge.node))
    return &unusable;
  const Node &node = body.graph[edge.node];
  malformed(NameLoc::get(StringAttr::get(context, node.name())))
      << "node '" << node.name() << "' (" << node.op() << "): has no output " << edge.port;
  return nullptr;
}

LogicalResult GraphImporter::importSingleMerge(int number, Body &body) {
  for (auto [i, input] : llvm::enumerate(body.graph[number].inputs))
    if (const Entry *entry = body.scope->lookup(input)) {
      Entry copy = *entry;
      body.scope->values[{number, 0}] = copy;
      body.scope->values[{number, 1}] = {b.scalar(b.builder.getI32Type(), i)};
      return success();
    }
  const Node &node = body.graph[number];
  if (llvm::none_of(node.inputs, [&](const Edge &input) { return body.scope->isUnusable(input.node); }))
    return malformed(locationOf(node.name()))
           << "node '" << node.name() << "' (" << node.op() << "): joins nothing that runs";
  body.scope->unusable.insert(number);
  return success();
}

LogicalResult GraphImporter::importNode(int number, Body &body) {
  if (failed(countNode()))
    return mlir::failure();
  const Node &node = body.graph[number];
  if (body.scope->lookup({number, 0}))
    return success(); // fed, an argument, or made on demand
  if (isMerge(node))
    return importSingleMerge(number, body);
  NodeContext c(*this, body, node);
  llvm::SaveAndRestore outer(b.loc, b.loc);
  b.loc = locationOf(node.name());

  bool usable = true;
  const auto *op = OpRegistry::get().lookup(node.op());
  bool takesReferences = op && op->takesReferences;
  size_t inputCount = isAlias(node) ? 1 : node.inputs.size();
  for (const Edge &input : ArrayRef(node.inputs).take_front(inputCount)) {
    const Entry *entry = valueOf(input, body);
    if (!entry)
      return mlir::failure();
    usable &= !entry->isUnusable;
    c.entries.push_back(*entry);
    if (entry->isReference && !isAlias(node) && !takesReferences)
      c.entries.back() = {c.read(*entry->resource)};
    c.inputs.push_back(c.entries.back().value);
  }
  if (isAlias(node)) {
    if (c.entries.empty())
      return c.error() << "has no input";
    if (usable)
      c.outputs.assign(isSwitch(node) ? 2 : 1, c.entries.front());
  } else {
    if (!op && !findFunction(node.op())) {
      reportUnknownOp(c);
      usable = false;
    }
    usable = usable && succeeded(importOp(c, op));
  }
  if (!usable)
    body.scope->unusable.insert(number);
  for (auto [port, entry] : llvm::enumerate(usable ? ArrayRef<Entry>(c.outputs) : ArrayRef<Entry>()))
    body.scope->values.try_emplace(Edge{number, int(port)}, entry);
  return success(failure != ImportFailure::Malformed);
}

LogicalResult GraphImporter::importOp(NodeContext &c, const OpRegistry::Op *op) {
  return importAs(c.prefix(), [&]() -> LogicalResult {
    if (op)
      return op->importer(c);
    tensorflow::NameAttrList function;
    function.set_name(c.op().str());
    *function.mutable_attr() = c.node.def->attr();
    auto results = call(function, c.entries, c);
    return failed(results) ? mlir::failure() : c.results(*results);
  });
}

void GraphImporter::reportUnknownOp(NodeContext &c) {
  if (isUnreported(c.node.def))
    c.unsupported() << "is an operator that is not supported";
  else
    fail(ImportFailure::Unsupported);
}

} // namespace tfc::tf
