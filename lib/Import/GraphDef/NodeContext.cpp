// What importers of single operators ask about their node.
#include <set>

#include "GraphImporter.h"
#include "TensorData.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace tfc::tf {

using tensorflow::AttrValue;

NodeContext::NodeContext(GraphImporter &importer, Body &body, const Node &node)
    : OpContext(importer), importer(importer), body(body), node(node) {}

std::string NodeContext::prefix() const { return ("node '" + node.name() + "' (" + node.op() + "): ").str(); }
std::string NodeContext::inputName(unsigned i) const { return node.def->input(i); }

Value NodeContext::input(unsigned i) {
  if (i < inputs.size() && !inputs[i] && entries[i].isReference)
    inputs[i] = read(*entries[i].resource);
  return OpContext::input(i);
}

DenseStringElementsAttr NodeContext::knownStrings(unsigned i) {
  Value value = i < entries.size() ? entries[i].value : Value();
  auto constant = value ? value.getDefiningOp<dfg::ConstantOp>() : dfg::ConstantOp();
  return constant ? dyn_cast<DenseStringElementsAttr>(constant.getValue()) : DenseStringElementsAttr();
}

FailureOr<StringRef> NodeContext::constantString(unsigned i) {
  auto strings = knownStrings(i);
  if (strings && strings.getNumElements() == 1)
    return *strings.getValues<StringRef>().begin();
  return unsupported() << "has input " << i << " that is no string known at compile time, expected a constant";
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const AttrValue *NodeContext::attribute(StringRef name) const {
  auto it = node.def->attr().find(name.str());
  if (it == node.def->attr().end())
    return nullptr;
  if (it->second.value_case() != AttrValue::kPlaceholder || !body.attributes)
    return &it->second;
  auto given = body.attributes->find(it->second.placeholder());
  return given == body.attributes->end() ? nullptr : &given->second;
}

int64_t NodeContext::integer(StringRef name, int64_t otherwise) const {
  const AttrValue *found = attribute(name);
  return found && found->value_case() == AttrValue::kI ? found->i() : otherwise;
}
bool NodeContext::boolean(StringRef name, bool otherwise) const {
  const AttrValue *found = attribute(name);
  return found && found->value_case() == AttrValue::kB ? found->b() : otherwise;
}
double NodeContext::number(StringRef name, double otherwise) const {
  const AttrValue *found = attribute(name);
  return found && found->value_case() == AttrValue::kF ? found->f() : otherwise;
}
StringRef NodeContext::string(StringRef name, StringRef otherwise) const {
  const AttrValue *found = attribute(name);
  return found && found->value_case() == AttrValue::kS ? StringRef(found->s()) : otherwise;
}
SmallVector<int64_t> NodeContext::integers(StringRef name) const {
  const AttrValue *found = attribute(name);
  return found ? SmallVector<int64_t>(found->list().i().begin(), found->list().i().end()) : SmallVector<int64_t>();
}
SmallVector<StringRef> NodeContext::strings(StringRef name) const {
  const AttrValue *found = attribute(name);
  return found ? SmallVector<StringRef>(found->list().s().begin(), found->list().s().end()) : SmallVector<StringRef>();
}
tensorflow::DataType NodeContext::dataType(StringRef name) const {
  const AttrValue *found = attribute(name);
  return found ? found->type() : tensorflow::DT_INVALID;
}

Type NodeContext::elementType(StringRef name) {
  Type element = elementTypeOf(b.builder.getContext(), dataType(name));
  if (!element)
    unsupported() << "has attribute '" << name << "' of type " << nameOf(dataType(name))
                  << ", expected numbers or strings";
  return element;
}

SmallVector<Type> NodeContext::elementTypes(StringRef name) {
  SmallVector<Type> types;
  if (const AttrValue *found = attribute(name))
    for (int type : found->list().type())
      types.push_back(elementTypeOf(b.builder.getContext(), type));
  return types;
}

std::optional<SmallVector<int64_t>> NodeContext::shape(StringRef name) const {
  const AttrValue *found = attribute(name);
  return found && found->value_case() == AttrValue::kShape ? dimsOf(found->shape()) : std::nullopt;
}

FailureOr<ElementsAttr> NodeContext::tensor(const tensorflow::TensorProto &tensor) {
  return readTensor(b.builder.getContext(), tensor, importer.repeatedBytes, [&](StringRef what) { error() << what; });
}

FailureOr<int64_t> NodeContext::outputCount(StringRef name, int64_t otherwise) {
  constexpr int64_t kMost = 1 << 16;
  int64_t count = integer(name, otherwise);
  if (count < 0 || count > kMost)
    return error() << "has " << count << " outputs, expected at most " << kMost;
  return count;
}

//===----------------------------------------------------------------------===//
// Checked numbers
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<int64_t>> NodeContext::constants(unsigned i) {
  if (!hasInput(i))
    return error() << "has no tensor as input " << i;
  if (auto values = b.constantIntegers(input(i)))
    return *values;
  // Shapes that are known travel as content.
  if (auto content = b.knownContent(input(i))) {
    SmallVector<int64_t> numbers;
    for (AffineExpr expr : *content)
      if (auto number = b.number(expr))
        numbers.push_back(*number);
    if (numbers.size() == content->size())
      return numbers;
  }
  return unsupported() << "has input '" << inputName(i) << "' that only run time tells, expected a constant";
}

FailureOr<int64_t> NodeContext::constant(unsigned i) {
  auto values = constants(i);
  if (failed(values))
    return failure();
  if (values->size() != 1)
    return error() << "has " << values->size() << " numbers as input " << i << ", expected one";
  return values->front();
}

Value NodeContext::index(unsigned i) {
  auto numbers = content(i);
  if (failed(numbers))
    return {};
  if (numbers->size() == 1)
    return b.index(numbers->front());
  error() << "has " << numbers->size() << " numbers as input " << i << ", expected one";
  return {};
}

FailureOr<SmallVector<int64_t>> NodeContext::axesOf(unsigned i, unsigned of) {
  auto values = constants(i);
  if (failed(values))
    return failure();
  return axes(*values, b.rank(input(of)));
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

LogicalResult NodeContext::results(ValueRange values) {
  outputs.clear();
  for (Value value : values) {
    if (!value)
      return failure();
    outputs.push_back({value});
  }
  return success();
}

LogicalResult NodeContext::result(const Entry &entry) { return results(ArrayRef<Entry>(entry)); }

LogicalResult NodeContext::results(ArrayRef<Entry> entries) {
  outputs.assign(entries.begin(), entries.end());
  return success();
}

FailureOr<SmallVector<Value>> NodeContext::importWith(ArrayRef<Value> given,
                                                      llvm::function_ref<LogicalResult(NodeContext &)> importer) {
  llvm::SaveAndRestore ownInputs(inputs, SmallVector<Value>(given));
  llvm::SaveAndRestore ownEntries(entries, llvm::map_to_vector(given, [](Value value) { return Entry{value}; }));
  if (failed(importer(*this)))
    return failure();
  return llvm::map_to_vector(std::exchange(outputs, {}), [](const Entry &entry) { return entry.value; });
}

FailureOr<SmallVector<Entry>> NodeContext::call(StringRef attributeName, ArrayRef<Entry> arguments) {
  const AttrValue *found = attribute(attributeName);
  if (!found || found->value_case() != AttrValue::kFunc)
    return error() << "has no function as attribute '" << attributeName << "'";
  return importer.call(found->func(), arguments, *this);
}

FailureOr<SmallVector<Entry>> NodeContext::callListed(StringRef attributeName, int i, ArrayRef<Entry> arguments) {
  const AttrValue *found = attribute(attributeName);
  if (!found || i >= found->list().func_size())
    return error() << "has no function " << i << " in attribute '" << attributeName << "'";
  return importer.call(found->list().func(i), arguments, *this);
}

std::string NodeContext::usedOutputs() const {
  std::set<int> ports;
  int self = body.graph.find(node.name());
  for (int i = 0; i < body.graph.size() && !importer.isInFunction(); ++i)
    for (const Edge &input : body.graph[i].inputs)
      if (input.node == self)
        ports.insert(input.port);
  std::string text;
  for (int port : ports)
    text += (text.empty() ? "'" : ", '") + (node.name() + ":" + Twine(port)).str() + "'";
  return text;
}

} // namespace tfc::tf
