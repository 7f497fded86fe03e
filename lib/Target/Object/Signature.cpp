// Reads the signature of a model off its graph.
#include "tfc/Target/Object/Signature.h"

#include "Kernel/Kernel.h"
#include "tfc-rt/model.h"
#include "tfc/Support/DType.h"
#include "tfc/Support/StoredBytes.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace tfc {

std::string cIdentifier(StringRef name) {
  static const llvm::StringSet<> keywords = {
      "alignas", "alignof",  "and",      "asm",       "auto",     "bool",      "break",     "case",     "catch",
      "char",    "class",    "const",    "constexpr", "continue", "default",   "delete",    "do",       "double",
      "else",    "enum",     "explicit", "export",    "extern",   "false",     "float",     "for",      "friend",
      "goto",    "if",       "inline",   "int",       "long",     "mutable",   "namespace", "new",      "noexcept",
      "not",     "nullptr",  "operator", "or",        "private",  "protected", "public",    "register", "restrict",
      "return",  "short",    "signed",   "sizeof",    "static",   "struct",    "switch",    "template", "this",
      "throw",   "true",     "try",      "typedef",   "typename", "union",     "unsigned",  "using",    "virtual",
      "void",    "volatile", "while",    "xor"};
  std::string result;
  for (char c : name)
    result += llvm::isAlnum(c) ? c : '_';
  if (result.empty() || llvm::isDigit(result[0]))
    result.insert(0, "_");
  if (keywords.contains(result))
    result += '_';
  return result;
}

/// The edge's name of an argument or result; a number where the graph gives none.
static std::string edgeName(ArrayAttr attributes, unsigned i, StringRef fallback) {
  if (attributes && i < attributes.size())
    if (auto name = cast<DictionaryAttr>(attributes[i]).getAs<StringAttr>("dfg.edge"))
      return name.str();
  return (fallback + Twine(i)).str();
}

static ArrayAttr dimNames(ArrayAttr attributes, unsigned i) {
  if (attributes && i < attributes.size())
    return cast<DictionaryAttr>(attributes[i]).getAs<ArrayAttr>("dfg.dims");
  return {};
}

static std::string uniqueIdentifier(StringRef name, llvm::StringSet<> &taken) {
  std::string base = cIdentifier(name), result = base;
  for (unsigned i = 2; !taken.insert(result).second; ++i)
    result = base + "_" + std::to_string(i);
  return result;
}

namespace {
/// Numbers the dimension symbols of one step: equal names are equal symbols.
struct Symbols {
  std::vector<std::string> &names;

  int64_t of(ArrayAttr dims, unsigned i, bool isInput) {
    auto name = dims && i < dims.size() ? dyn_cast<StringAttr>(dims[i]) : StringAttr();
    if (!name || name.empty())
      return isInput ? add("") : TFC_DIM_DYNAMIC;
    for (auto [s, known] : llvm::enumerate(names))
      if (known == name.getValue())
        return -1 - int64_t(s);
    return isInput ? add(name.str()) : TFC_DIM_DYNAMIC;
  }
  int64_t add(std::string name) {
    names.push_back(std::move(name));
    return -int64_t(names.size());
  }
};
} // namespace

/// Fills in what a type tells of a port; false if it does not fit the C ABI.
static bool describeType(Type type, ArrayAttr dims, bool isInput, Symbols &symbols, PortSignature &port) {
  auto describeHeld = [&](int32_t dtype, Type held) {
    port.dtype = dtype;
    return describeType(held, {}, /*isInput=*/false, symbols, port.element.emplace_back());
  };
  if (auto list = dyn_cast<dfg::ListType>(type)) {
    // Of a list that holds nothing, the element type alone is known.
    Type held = list.getElementType();
    if (isa<dfg::ListType, dfg::OptionalType, NoneType>(held))
      return false;
    return describeHeld(TFC_DTYPE_LIST, isa<TensorType>(held) ? held : UnrankedTensorType::get(held));
  }
  if (auto optional = dyn_cast<dfg::OptionalType>(type))
    return !isa<NoneType>(optional.getElementType()) && describeHeld(TFC_DTYPE_OPTIONAL, optional.getElementType());
  auto shaped = dyn_cast<TensorType>(type);
  port.dtype = shaped ? dtypeCode(shaped.getElementType()) : 0;
  auto tensor = dyn_cast<RankedTensorType>(type);
  port.rank = tensor ? tensor.getRank() : -1;
  if (port.dtype == 0 || port.rank > TFC_MAX_RANK)
    return false;
  for (int32_t d = 0; d < port.rank; ++d)
    port.dims.push_back(tensor.isDynamicDim(d) ? symbols.of(dims, d, isInput) : tensor.getDimSize(d));
  return true;
}

static LogicalResult addPorts(dfg::StepOp step, TypeRange types, ArrayAttr attributes, bool areInputs, Symbols &symbols,
                              std::vector<PortSignature> &ports) {
  llvm::StringSet<> taken;
  for (auto [i, type] : llvm::enumerate(types)) {
    PortSignature port;
    port.name = edgeName(attributes, i, areInputs ? "input" : "output");
    port.identifier = uniqueIdentifier(port.name, taken);
    if (!describeType(type, dimNames(attributes, i), areInputs, symbols, port))
      return step.emitError() << (areInputs ? "input '" : "output '") << port.name << "' has type " << type
                              << ", expected tensors of rank at most " << TFC_MAX_RANK
                              << ": unsupported at the boundary of a step";
    ports.push_back(std::move(port));
  }
  return success();
}

static LogicalResult addTables(dfg::GraphOp graph, ModelSignature &model) {
  for (auto table : graph.getBody().getOps<dfg::TableOp>()) {
    TableSignature &signature = model.tables.emplace_back();
    signature.name = table.getName().str();
    signature.isStatic = table.getIsStatic();
    std::vector<std::string> none;
    Symbols symbols{none};
    if (!describeType(table.getKey(), {}, /*isInput=*/false, symbols, signature.key) ||
        !describeType(table.getValue(), {}, /*isInput=*/false, symbols, signature.value))
      return table.emitError() << "table '" << signature.name << "' maps " << table.getKey() << " to "
                               << table.getValue() << ": unsupported";
    if (!table.getKeys())
      continue;
    auto keys = storedBytes(table, *table.getKeys()), values = storedBytes(table, *table.getValues());
    if (failed(keys) || failed(values))
      return failure();
    signature.keys = std::move(*keys);
    signature.values = std::move(*values);
    signature.count = cast<RankedTensorType>(table.getKeys()->getType()).getDimSize(0);
  }
  return success();
}

static void addQueueRunners(dfg::GraphOp graph, ModelSignature &model) {
  auto numberOf = [&](FlatSymbolRefAttr step) -> int32_t {
    auto found =
        llvm::find_if(model.steps, [&](const StepSignature &it) { return step && it.name == step.getValue(); });
    return found == model.steps.end() ? -1 : found - model.steps.begin();
  };
  for (auto runner : graph.getBody().getOps<dfg::QueueRunnerOp>()) {
    QueueRunnerSignature signature;
    signature.name = runner.getName().str();
    for (auto step : runner.getEnqueue().getAsRange<FlatSymbolRefAttr>())
      signature.enqueue.push_back(numberOf(step));
    signature.close = numberOf(runner.getCloseAttr());
    signature.cancel = numberOf(runner.getCancelAttr());
    for (int64_t status : runner.getClosed())
      if (status > 0 && status < 32)
        signature.closed |= uint32_t(1) << status;
    model.queueRunners.push_back(std::move(signature));
  }
}

static LogicalResult addState(dfg::GraphOp graph, ModelSignature &model) {
  for (auto variable : graph.getBody().getOps<dfg::VariableOp>()) {
    auto type = cast<RankedTensorType>(variable.getType());
    VariableSignature signature;
    signature.name = variable.getName().str();
    signature.dtype = dtypeCode(type.getElementType());
    if (signature.dtype == 0 || type.getRank() > TFC_MAX_RANK)
      return variable.emitError() << "variable '" << signature.name << "' has type " << type
                                  << ", expected a rank of at most " << TFC_MAX_RANK << ": unsupported";
    for (int64_t extent : type.getShape())
      signature.dims.push_back(ShapedType::isDynamic(extent) ? TFC_DIM_DYNAMIC : extent);
    if (auto value = variable.getValue()) {
      auto bytes = storedBytes(variable, *value);
      if (failed(bytes))
        return failure();
      signature.value = std::move(*bytes);
    }
    model.variables.push_back(std::move(signature));
  }
  for (auto queue : graph.getBody().getOps<dfg::QueueOp>()) {
    QueueSignature signature;
    signature.name = queue.getSymName().str();
    signature.kind = int32_t(queue.getKind());
    signature.capacity = queue.getCapacity();
    signature.minAfter = queue.getMinAfter();
    signature.seed = queue.getSeed();
    std::vector<std::string> none;
    Symbols symbols{none};
    for (Attribute component : queue.getComponents())
      if (!describeType(cast<TypeAttr>(component).getValue(), {}, /*isInput=*/false, symbols,
                        signature.components.emplace_back()))
        return queue.emitError() << "queue '" << signature.name << "' has component " << component << ": unsupported";
    model.queues.push_back(std::move(signature));
  }
  if (failed(addTables(graph, model)))
    return failure();
  model.locals = llvm::range_size(graph.getBody().getOps<dfg::LocalOp>());
  return success();
}

FailureOr<ModelSignature> signatureOf(dfg::GraphOp graph, StringRef prefix) {
  ModelSignature model;
  model.prefix = prefix.str();
  for (auto step : graph.getBody().getOps<dfg::StepOp>()) {
    StepSignature signature;
    signature.name = step.getName().str();
    Symbols symbols{signature.symbols};
    if (failed(addPorts(step, step.getArgumentTypes(), step.getArgAttrsAttr(), true, symbols, signature.inputs)) ||
        failed(addPorts(step, step.getResultTypes(), step.getResAttrsAttr(), false, symbols, signature.outputs)))
      return failure();
    if (auto size = step->getAttrOfType<IntegerAttr>("kernel.arena_size"))
      signature.arenaSize = size.getInt();
    signature.slots = kernel::slotCount(step);
    if (auto size = step->getAttrOfType<IntegerAttr>("kernel.live_bytes"))
      signature.liveBytes = size.getInt();
    step.walk([&](kernel::DispatchOp) { ++signature.dispatches; });
    model.steps.push_back(std::move(signature));
  }
  if (failed(addState(graph, model)))
    return failure();
  addQueueRunners(graph, model);
  model.kernels = llvm::count_if(graph.getBody().getOps<kernel::FuncOp>(), [](kernel::FuncOp) { return true; });
  nameSteps(model);
  if (model.steps.empty())
    return graph.emitError() << "has no step, expected at least one";
  return model;
}

} // namespace tfc
