// Single operators as nodes of no graph.
#include "tfc/Import/ONNX/OnnxOps.h"

#include "ModelImporter.h"

using namespace mlir;

namespace tfc {

static void setAttribute(onnx::NodeProto &node, const OnnxAttribute &attribute) {
  using Proto = onnx::AttributeProto;
  Proto &proto = *node.add_attribute();
  proto.set_name(attribute.name.str());
  if (auto *integer = std::get_if<int64_t>(&attribute.value)) {
    proto.set_type(Proto::INT);
    proto.set_i(*integer);
  } else if (auto *number = std::get_if<double>(&attribute.value)) {
    proto.set_type(Proto::FLOAT);
    proto.set_f(*number);
  } else if (auto *text = std::get_if<StringRef>(&attribute.value)) {
    proto.set_type(Proto::STRING);
    proto.set_s(text->str());
  } else {
    proto.set_type(Proto::INTS);
    for (int64_t one : std::get<SmallVector<int64_t>>(attribute.value))
      proto.add_ints(one);
  }
}

SmallVector<Value> importOnnxOp(OpContext &c, StringRef name, StringRef op, ArrayRef<Value> inputs,
                                ArrayRef<OnnxAttribute> attributes, unsigned outputs) {
  onnx::ModelProto model;
  OnnxImportOptions options;
  ModelImporter importer(c.b, model, /*folder=*/"", options);
  ImportFrame frame;
  onnx::NodeProto node;
  node.set_name(name.str());
  node.set_op_type(op.str());
  for (auto [i, input] : llvm::enumerate(inputs)) {
    std::string edge = input ? "input" + std::to_string(i) : "";
    node.add_input(edge);
    if (input)
      frame.values[edge] = {input};
  }
  for (unsigned i = 0; i < outputs; ++i)
    node.add_output("output" + std::to_string(i));
  for (const OnnxAttribute &attribute : attributes)
    setAttribute(node, attribute);
  importer.importSingle(node, frame);
  c.fail(importer.failure);
  SmallVector<Value> results;
  for (const std::string &output : node.output()) {
    const ImportFrame::Named *named = frame.lookup(output);
    results.push_back(named ? named->value : Value());
  }
  return results;
}

} // namespace tfc
