// What importers of single operators ask about their node.
#include "ModelImporter.h"
#include "tfc/Support/DType.h"

using namespace mlir;

namespace tfc {

NodeContext::NodeContext(ModelImporter &importer, ImportFrame &frame, const onnx::NodeProto &node, int64_t version)
    : OpContext(importer), version(version), importer(importer), frame(frame), node(node), nodeName(node.name()) {
  for (const std::string &output : node.output())
    if (nodeName.empty())
      nodeName = output;
}

StringRef NodeContext::op() const { return node.op_type(); }
std::string NodeContext::inputName(unsigned i) const { return node.input(i); }
unsigned NodeContext::outputCount() const { return node.output_size(); }
bool NodeContext::wantsOutput(unsigned i) const { return int(i) < node.output_size() && !node.output(i).empty(); }

std::string NodeContext::prefix() const { return "node '" + nodeName + "' (" + node.op_type() + "): "; }

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const onnx::AttributeProto *NodeContext::attribute(StringRef name) const {
  for (const onnx::AttributeProto &attribute : node.attribute())
    if (attribute.name() == name)
      return attribute.ref_attr_name().empty() ? &attribute : frame.attributes.lookup(attribute.ref_attr_name());
  return nullptr;
}

const onnx::AttributeProto *NodeContext::attribute(StringRef name, int type, StringRef what) {
  const onnx::AttributeProto *found = attribute(name);
  // Models of IR version 1 leave the type out.
  if (!found || found->type() == type || !found->has_type())
    return found;
  error() << "has attribute '" << name << "' of kind " << int(found->type()) << ", expected " << what;
  return nullptr;
}

using Proto = onnx::AttributeProto;

int64_t NodeContext::integer(StringRef name, int64_t otherwise) {
  const Proto *found = attribute(name, Proto::INT, "an integer");
  return found ? found->i() : otherwise;
}
double NodeContext::number(StringRef name, double otherwise) {
  const Proto *found = attribute(name, Proto::FLOAT, "a float");
  return found ? found->f() : otherwise;
}
StringRef NodeContext::string(StringRef name, StringRef otherwise) {
  const Proto *found = attribute(name, Proto::STRING, "a string");
  return found ? StringRef(found->s()) : otherwise;
}
SmallVector<int64_t> NodeContext::integers(StringRef name, ArrayRef<int64_t> otherwise) {
  const Proto *found = attribute(name, Proto::INTS, "integers");
  return found ? SmallVector<int64_t>(found->ints().begin(), found->ints().end()) : SmallVector<int64_t>(otherwise);
}
SmallVector<double> NodeContext::numbers(StringRef name, ArrayRef<double> otherwise) {
  const Proto *found = attribute(name, Proto::FLOATS, "floats");
  return found ? SmallVector<double>(found->floats().begin(), found->floats().end()) : SmallVector<double>(otherwise);
}
SmallVector<StringRef> NodeContext::strings(StringRef name) {
  const Proto *found = attribute(name, Proto::STRINGS, "strings");
  return found ? SmallVector<StringRef>(found->strings().begin(), found->strings().end()) : SmallVector<StringRef>();
}

/// A tensor of an attribute as a constant.
template <class Tensor> static Value constantOf(NodeContext &c, TensorReader &reader, StringRef name, Tensor &tensor) {
  auto what = [&](InFlightDiagnostic diagnostic) {
    diagnostic << "attribute '" << name << "' ";
    return diagnostic;
  };
  auto malformed = [&] { return what(c.error()); };
  auto unsupported = [&] { return what(c.unsupported()); };
  TensorReader::Errors errors{malformed, unsupported};
  FailureOr<ElementsAttr> value = failure();
  if constexpr (std::is_same_v<Tensor, onnx::TensorProto>)
    value = reader.read(tensor, /*mayTake=*/false, errors);
  else
    value = reader.read(tensor, errors);
  return succeeded(value) ? c.b.constant(*value) : Value();
}

Value NodeContext::tensor(StringRef name) {
  const Proto *found = attribute(name, Proto::TENSOR, "a tensor");
  // Reading without taking leaves the tensor as it is.
  return found ? constantOf(*this, importer.tensorReader(), name, const_cast<onnx::TensorProto &>(found->t()))
               : Value();
}
Value NodeContext::sparseTensor(StringRef name) {
  const Proto *found = attribute(name, Proto::SPARSE_TENSOR, "a sparse tensor");
  return found ? constantOf(*this, importer.tensorReader(), name, found->sparse_tensor()) : Value();
}
const onnx::GraphProto *NodeContext::graph(StringRef name) {
  const Proto *found = attribute(name, Proto::GRAPH, "a graph");
  return found ? &found->g() : nullptr;
}
const onnx::TypeProto *NodeContext::type(StringRef name) {
  const Proto *found = attribute(name, Proto::TYPE_PROTO, "a type");
  return found ? &found->tp() : nullptr;
}

Type NodeContext::elementType(StringRef name, int64_t otherwise) {
  int64_t dtype = integer(name, otherwise);
  Type element = dtype == int32_t(dtype) ? elementTypeOf(b.builder.getContext(), dtype) : Type();
  if (!element)
    error() << "has attribute '" << name << "' " << dtype << ", expected a data type of 1 to 26";
  return element;
}

//===----------------------------------------------------------------------===//
// Checked numbers
//===----------------------------------------------------------------------===//

FailureOr<std::optional<SmallVector<int64_t>>> NodeContext::constants(unsigned i, StringRef name) {
  using Result = std::optional<SmallVector<int64_t>>;
  if (!hasInput(i))
    return hasAttribute(name) ? Result(integers(name)) : Result();
  auto values = b.constantIntegers(input(i));
  if (!values)
    return unsupported() << "has input '" << node.input(i) << "' that only run time tells, expected a constant";
  return Result(std::move(values));
}

//===----------------------------------------------------------------------===//
// Results and subgraphs
//===----------------------------------------------------------------------===//

LogicalResult NodeContext::results(ValueRange values) {
  for (unsigned i = 0; i < outputCount(); ++i) {
    if (!wantsOutput(i))
      continue;
    if (i >= values.size())
      return error() << "has " << outputCount() << " outputs, expected at most " << values.size();
    if (!values[i])
      return failure();
    outputs[i] = values[i];
  }
  return success();
}

FailureOr<SmallVector<Value>> NodeContext::inlineGraph(const onnx::GraphProto &graph, ValueRange arguments) {
  return importer.inlineGraph(graph, arguments, frame, *this);
}

LogicalResult NodeContext::fork(Value condition, const onnx::GraphProto &thenBranch,
                                const onnx::GraphProto &elseBranch) {
  frame.fork = {&node, condition, {&thenBranch, &elseBranch}};
  return success();
}

Type NodeContext::convertType(const onnx::TypeProto &type) {
  auto malformed = [&] { return error(); };
  auto missing = [&] { return unsupported(); };
  return importer.convertType(type, malformed, missing);
}

Type NodeContext::heldType(const onnx::TypeProto &type) {
  auto malformed = [&] { return error(); };
  auto missing = [&] { return unsupported(); };
  return importer.heldType(type, malformed, missing);
}

/// Declared types; null where there is none or no shape.
template <class Infos> static SmallVector<Type> typesOf(NodeContext &c, const Infos &infos) {
  SmallVector<Type> types;
  for (const onnx::ValueInfoProto &info : infos) {
    bool isDeclared = info.type().value_case() != onnx::TypeProto::VALUE_NOT_SET &&
                      (!info.type().has_tensor_type() || info.type().tensor_type().has_shape());
    types.push_back(isDeclared ? c.convertType(info.type()) : Type());
  }
  return types;
}

SmallVector<Type> NodeContext::inputTypes(const onnx::GraphProto &graph) { return typesOf(*this, graph.input()); }
SmallVector<Type> NodeContext::outputTypes(const onnx::GraphProto &graph) { return typesOf(*this, graph.output()); }

} // namespace tfc
