// Models: inputs, initializers, nodes, outputs.
#include "ModelImporter.h"

#include "tfc/Import/Common/DimNames.h"
#include "tfc/Support/DType.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace tfc {

const ImportFrame::Named *ImportFrame::lookup(StringRef name) const {
  for (const ImportFrame *frame = this; frame; frame = frame->outer)
    if (auto it = frame->values.find(name); it != frame->values.end())
      return &it->second;
  return nullptr;
}

static StringAttr nameAttr(MLIRContext *context, StringRef name) { return StringAttr::get(context, name); }

//===----------------------------------------------------------------------===//
// What stands around the graph
//===----------------------------------------------------------------------===//

LogicalResult ModelImporter::readOpsets() {
  for (const auto &import : model.opset_import())
    opsets[canonicalDomain(import.domain())] = import.version();
  auto it = opsets.find("");
  if (it == opsets.end())
    return success(); // a model of other domains only
  if (it->second > OpRegistry::kNewest)
    return unsupported(b.loc) << "the model uses opset " << it->second << ", expected at most " << OpRegistry::kNewest;
  return success();
}

static std::string functionKey(StringRef domain, StringRef name, StringRef overload) {
  std::string key = canonicalDomain(domain).str();
  return key + '\0' + name.str() + '\0' + overload.str();
}

LogicalResult ModelImporter::readFunctions() {
  for (const onnx::FunctionProto &function : model.functions()) {
    if (!functions.try_emplace(functionKey(function.domain(), function.name(), function.overload()), &function).second)
      return malformed() << "the model defines function '" << function.name() << "' of domain '" << function.domain()
                         << "' twice";
    ImportFrame::Opsets &imports = functionOpsets[&function];
    for (const auto &import : function.opset_import())
      imports[canonicalDomain(import.domain())] = import.version();
  }
  return success();
}

const onnx::FunctionProto *ModelImporter::findFunction(const onnx::NodeProto &node) const {
  return functions.lookup(functionKey(node.domain(), node.op_type(), node.overload()));
}

//===----------------------------------------------------------------------===//
// The step
//===----------------------------------------------------------------------===//

static int64_t countNodes(const ModelImporter::Nodes &nodes) {
  int64_t count = nodes.size();
  for (const onnx::NodeProto &node : nodes)
    for (const onnx::AttributeProto &attribute : node.attribute())
      count += countNodes(attribute.g().node());
  return count;
}

OwningOpRef<ModuleOp> ModelImporter::run() {
  Location loc = b.loc;
  if (failed(readOpsets()) || failed(readFunctions()) || failed(readInputShapes()))
    return {};
  onnx::GraphProto &graph = *model.mutable_graph();
  int64_t inFile = countNodes(graph.node());
  for (const onnx::FunctionProto &function : model.functions())
    inFile += countNodes(function.node());
  limitNodes(inFile);
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  b.builder.setInsertionPointToEnd(module->getBody());
  auto graphOp = dfg::GraphOp::create(b.builder, loc, "model");
  b.builder.setInsertionPointToEnd(&graphOp.getBody().emplaceBlock());

  // An initializer gives the input of its name a value (IR version 3 lists it as both).
  llvm::StringSet<> initialized, fed;
  for (const auto &tensor : graph.initializer())
    initialized.insert(tensor.name());
  for (const auto &tensor : graph.sparse_initializer())
    initialized.insert(tensor.values().name());
  SmallVector<const onnx::ValueInfoProto *> inputs;
  SmallVector<Type> types;
  SmallVector<ArrayAttr> dims;
  for (const onnx::ValueInfoProto &input : graph.input()) {
    if (initialized.contains(input.name()))
      continue;
    if (input.name().empty() || !fed.insert(input.name()).second) {
      malformed() << "input '" << input.name() << "' has no name of its own";
      return {};
    }
    SmallVector<Attribute> names;
    Type type = inputType(input, names);
    if (!type)
      return {};
    inputs.push_back(&input);
    types.push_back(type);
    dims.push_back(b.builder.getArrayAttr(names));
  }
  for (const auto &entry : inputShapes)
    if (!fed.contains(entry.first())) {
      malformed() << "the model has no input '" << entry.first() << "' to give a shape to";
      return {};
    }

  auto step = dfg::StepOp::create(b.builder, loc, "main", b.builder.getFunctionType(types, {}));
  b.builder.setInsertionPointToEnd(&step.getBody().front());
  ImportFrame frame;
  frame.opsets = &opsets;
  for (const onnx::ValueInfoProto &output : graph.output())
    frame.outputs.push_back(output.name());
  for (auto [i, input] : llvm::enumerate(inputs)) {
    step.setArgAttr(i, "dfg.edge", nameAttr(context, input->name()));
    if (isa<RankedTensorType>(types[i]))
      step.setArgAttr(i, "dfg.dims", dims[i]);
    step.getArgument(i).setLoc(NameLoc::get(nameAttr(context, input->name())));
    frame.values[input->name()] = {step.getArgument(i)};
  }
  if (failed(importInitializers(graph, frame, /*mayTake=*/true)) || failed(importNodes(graph.node(), frame)) ||
      failure != ImportFailure::None)
    return {};
  b.loc = loc;
  if (failed(finishStep(step, frame)))
    return {};
  eraseDead(step.getBody());
  return module;
}

LogicalResult ModelImporter::finishStep(dfg::StepOp step, const ImportFrame &frame) {
  struct Output {
    StringRef edge;
    const onnx::ValueInfoProto *declared;
  };
  SmallVector<Output> outputs;
  if (options.outputs.empty())
    for (const onnx::ValueInfoProto &output : model.graph().output())
      outputs.push_back({output.name(), &output});
  for (const std::string &name : options.outputs) {
    size_t before = outputs.size();
    for (const onnx::NodeProto &node : model.graph().node())
      if (node.name() == name || name == "*")
        for (const std::string &edge : node.output())
          if (!edge.empty() && (name != "*" || frame.values.contains(edge)))
            outputs.push_back({edge, nullptr});
    if (outputs.size() == before && frame.values.contains(name))
      outputs.push_back({name, nullptr});
    if (outputs.size() == before)
      return malformed() << "the model has no node or edge '" << name << "' to take as an output";
  }

  SmallVector<Value> values;
  for (const Output &output : outputs) {
    const ImportFrame::Named *named = frame.lookup(output.edge);
    if (!named || !named->value)
      return malformed() << "output '" << output.edge << "' is no result of the graph";
    if (auto type = dyn_cast<RankedTensorType>(named->value.getType()); type && output.declared) {
      const auto &tensor = output.declared->type().tensor_type();
      Type declared = elementTypeOf(context, tensor.elem_type());
      if (declared && declared != type.getElementType())
        return malformed() << "output '" << output.edge << "' has elements " << type.getElementType()
                           << ", the model declares " << declared;
    }
    values.push_back(named->value);
  }
  dfg::ReturnOp::create(b.builder, b.loc, values);
  auto type = b.builder.getFunctionType(step.getFunctionType().getInputs(), TypeRange(ValueRange(values)));
  step.setFunctionType(type);
  // Names of results come last: those of the arguments go first.
  DimNames dimNames(b);
  for (BlockArgument argument : step.getArguments())
    if (auto names = step.getArgAttrOfType<ArrayAttr>(argument.getArgNumber(), "dfg.dims"))
      dimNames.add(argument, names);
  for (auto [i, output] : llvm::enumerate(outputs)) {
    step.setResultAttr(i, "dfg.edge", nameAttr(context, output.edge));
    auto declared = [&, declared = output.declared](unsigned d) -> StringRef {
      const auto &shape =
          declared ? declared->type().tensor_type().shape() : onnx::TensorShapeProto::default_instance();
      return int(d) < shape.dim_size() ? StringRef(shape.dim(d).dim_param()) : StringRef();
    };
    if (isa<RankedTensorType>(values[i].getType()))
      step.setResultAttr(i, "dfg.dims", dimNames.of(values[i], output.edge, declared));
  }
  return success();
}

LogicalResult ModelImporter::importInitializers(onnx::GraphProto &graph, ImportFrame &frame, bool mayTake) {
  auto bind = [&](const std::string &name, auto read) -> LogicalResult {
    b.loc = NameLoc::get(nameAttr(context, name));
    auto what = [&](InFlightDiagnostic diagnostic) {
      diagnostic << "initializer '" << name << "' ";
      return diagnostic;
    };
    auto bad = [&] { return what(malformed(b.loc)); };
    auto missing = [&] { return what(unsupported(b.loc)); };
    auto value = read(TensorReader::Errors{bad, missing});
    ImportFrame::Named named{succeeded(value) ? b.constant(*value) : Value(), failed(value)};
    if (!frame.values.try_emplace(name, named).second)
      return malformed(b.loc) << "initializer '" << name << "' is defined twice";
    return success();
  };
  for (onnx::TensorProto &tensor : *graph.mutable_initializer()) {
    std::string name = tensor.name();
    if (failed(bind(name, [&](TensorReader::Errors errors) { return tensors.read(tensor, mayTake, errors); })))
      return mlir::failure();
  }
  for (const onnx::SparseTensorProto &tensor : graph.sparse_initializer()) {
    std::string name = tensor.values().name();
    if (failed(bind(name, [&](TensorReader::Errors errors) { return tensors.read(tensor, errors); })))
      return mlir::failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

LogicalResult ModelImporter::importNodes(const Nodes &nodes, ImportFrame &frame, int first) {
  for (int i = first; i < nodes.size(); ++i) {
    if (failed(countNode()))
      return mlir::failure();
    importNode(nodes[i], frame);
    if (failure == ImportFailure::Malformed)
      return mlir::failure();
    if (frame.fork)
      return importFork(nodes, frame, i + 1);
  }
  return success();
}

void ModelImporter::importSingle(const onnx::NodeProto &node, ImportFrame &frame) {
  opsets[""] = OpRegistry::kNewest;
  frame.opsets = &opsets;
  limitNodes(1);
  importNode(node, frame);
}

void ModelImporter::importNode(const onnx::NodeProto &node, ImportFrame &frame) {
  StringRef domain = canonicalDomain(node.domain());
  int64_t version = 0;
  if (auto it = frame.opsets->find(domain); it != frame.opsets->end())
    version = it->second;
  NodeContext c(*this, frame, node, version);
  Location outer = b.loc;
  b.loc = locationOf(c.name());

  bool usable = true;
  for (const std::string &name : node.input()) {
    static const ImportFrame::Named absent;
    const ImportFrame::Named *named = name.empty() ? &absent : frame.lookup(name);
    if (!named) {
      c.error() << "uses '" << name << "', which no earlier node or input defines";
      return;
    }
    usable &= !named->isUnusable;
    c.inputs.push_back(named->value);
  }
  c.outputs.resize(node.output_size());
  if (!usable)
    reportUnknownOps(node, frame);
  else
    usable = succeeded(importOp(node, c, frame));
  for (auto [name, value] : llvm::zip(node.output(), c.outputs))
    if (!name.empty() && !frame.values.try_emplace(name, ImportFrame::Named{value, !usable}).second)
      c.error() << "defines '" << name << "', which is defined already";
  b.loc = outer;
}

LogicalResult ModelImporter::importOp(const onnx::NodeProto &node, NodeContext &c, ImportFrame &frame) {
  const auto *entry = OpRegistry::get().lookup(canonicalDomain(node.domain()), node.op_type(), c.version);
  if (!entry) {
    if (const onnx::FunctionProto *function = findFunction(node))
      return callFunction(*function, c, frame);
    reportUnknownOps(node, frame);
    return mlir::failure();
  }
  return importAs(c.prefix(), [&] { return entry->importer(c); });
}

LogicalResult ModelImporter::callFunction(const onnx::FunctionProto &function, NodeContext &c, ImportFrame &frame) {
  if (depth >= kDeepest)
    return c.error() << "calls functions " << kDeepest << " deep, expected no recursion";
  if (int(c.inputCount()) > function.input_size() || int(c.outputCount()) > function.output_size())
    return c.error() << "calls a function of " << function.input_size() << " inputs and " << function.output_size()
                     << " outputs with " << c.inputCount() << " and " << c.outputCount();
  ImportFrame body;
  body.opsets = &functionOpsets[&function];
  body.outputs.append(function.output().begin(), function.output().end());
  for (const onnx::AttributeProto &attribute : function.attribute_proto())
    body.attributes[attribute.name()] = &attribute;
  for (const std::string &name : function.attribute())
    if (const onnx::AttributeProto *attribute = c.attribute(name))
      body.attributes[name] = attribute;
  for (const onnx::AttributeProto &declared : function.attribute_proto())
    if (const onnx::AttributeProto *attribute = c.attribute(declared.name()))
      body.attributes[declared.name()] = attribute;
  for (int i = 0; i < function.input_size(); ++i)
    body.values[function.input(i)] = {c.input(i)};
  llvm::SaveAndRestore deeper(depth, depth + 1);
  llvm::SaveAndRestore call(isInCall, true);
  if (failed(importNodes(function.node(), body)) || failure != ImportFailure::None)
    return mlir::failure();
  SmallVector<Value> results;
  for (int i = 0; i < int(c.outputCount()); ++i) {
    const ImportFrame::Named *named = body.lookup(function.output(i));
    if (!named)
      return c.error() << "calls a function that never defines its output '" << function.output(i) << "'";
    results.push_back(named->value);
  }
  return c.results(results);
}

void ModelImporter::reportUnknownOps(const onnx::NodeProto &node, const ImportFrame &frame) {
  StringRef domain = canonicalDomain(node.domain());
  const OpRegistry &registry = OpRegistry::get();
  if (!isUnreported(&node))
    return fail(ImportFailure::Unsupported);
  auto imported = frame.opsets->find(domain);
  int64_t version = imported == frame.opsets->end() ? 0 : imported->second;
  auto entries = registry.lookup(domain, node.op_type());
  if (!registry.lookup(domain, node.op_type(), version) && !findFunction(node)) {
    NodeContext c(*this, const_cast<ImportFrame &>(frame), node, version);
    if (imported == frame.opsets->end())
      c.error() << "is of domain '" << domain << "', which the model does not import";
    else if (entries.empty())
      c.unsupported() << "is an operator" << (domain.empty() ? "" : " of domain '" + domain + "'")
                      << " that is not supported";
    else
      c.unsupported() << "is of opset " << version << ", expected "
                      << (version < entries.front().since ? entries.front().since : entries.back().until)
                      << (version < entries.front().since ? " or newer" : " or older");
  }
  for (const onnx::AttributeProto &attribute : node.attribute())
    if (attribute.has_g())
      for (const onnx::NodeProto &inner : attribute.g().node())
        reportUnknownOps(inner, frame);
}

//===----------------------------------------------------------------------===//
// Subgraphs
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<Value>> ModelImporter::inlineGraph(const onnx::GraphProto &graph, ValueRange arguments,
                                                         const ImportFrame &outer, NodeContext &node) {
  if (int(arguments.size()) != graph.input_size())
    return node.error() << "has a subgraph of " << graph.input_size() << " inputs, expected " << arguments.size();
  if (depth >= kDeepest)
    return node.error() << "has a subgraph that lies " << kDeepest << " deep in others and in functions";
  llvm::SaveAndRestore deeper(depth, depth + 1);
  Location loc = b.loc;
  ImportFrame frame;
  frame.outer = &outer;
  frame.attributes = outer.attributes;
  frame.opsets = outer.opsets;
  for (const onnx::ValueInfoProto &output : graph.output())
    frame.outputs.push_back(output.name());
  for (auto [input, argument] : llvm::zip(graph.input(), arguments))
    frame.values[input.name()] = {argument};
  if (failed(importInitializers(const_cast<onnx::GraphProto &>(graph), frame, /*mayTake=*/false)) ||
      failed(importNodes(graph.node(), frame)))
    return mlir::failure();
  b.loc = loc;
  SmallVector<Value> results;
  for (const onnx::ValueInfoProto &output : graph.output()) {
    const ImportFrame::Named *named = frame.lookup(output.name());
    if (!named)
      return node.error() << "has a subgraph that never defines its output '" << output.name() << "'";
    if (!named->value)
      return mlir::failure();
    results.push_back(named->value);
  }
  return results;
}

} // namespace tfc
