// Tensors that a model spells out or fills.
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

static LogicalResult importConstant(NodeContext &c) {
  Type f32 = c.b.builder.getF32Type(), i64 = c.b.builder.getI64Type();
  if (c.hasAttribute("value"))
    return c.result(c.tensor("value"));
  if (c.hasAttribute("sparse_value"))
    return c.result(c.sparseTensor("sparse_value"));
  if (c.hasAttribute("value_float"))
    return c.result(c.b.scalar(f32, c.number("value_float")));
  if (c.hasAttribute("value_int"))
    return c.result(c.b.fromContent(c.b.expr(c.integer("value_int")), {}, i64));
  if (c.hasAttribute("value_ints"))
    return c.result(c.b.integers(c.integers("value_ints")));
  if (c.hasAttribute("value_floats")) {
    SmallVector<float> values(llvm::map_range(c.numbers("value_floats"), [](double value) { return float(value); }));
    auto type = RankedTensorType::get({int64_t(values.size())}, f32);
    return c.result(c.b.constant(DenseElementsAttr::get(type, ArrayRef<float>(values))));
  }
  auto strings = [&](ArrayRef<int64_t> shape, ArrayRef<StringRef> values) {
    auto type = RankedTensorType::get(shape, dfg::StringType::get(c.b.builder.getContext()));
    return c.result(c.b.constant(cast<ElementsAttr>(DenseStringElementsAttr::get(type, values))));
  };
  if (c.hasAttribute("value_string"))
    return strings({}, c.string("value_string"));
  if (c.hasAttribute("value_strings")) {
    SmallVector<StringRef> values = c.strings("value_strings");
    return strings({int64_t(values.size())}, values);
  }
  return c.error() << "has no value";
}

static LogicalResult importConstantOfShape(NodeContext &c) {
  auto sizes = c.content(0);
  if (failed(sizes))
    return failure();
  Value value = c.hasAttribute("value") ? c.tensor("value") : c.b.scalar(c.b.builder.getF32Type(), 0);
  return c.result(c.b.broadcastTo(c.b.reshape(value, {}), *sizes));
}

void registerConstantOps(OpRegistry &ops) {
  ops.add("Constant", importConstant);
  ops.add("ConstantOfShape", importConstantOfShape, 9);
}

} // namespace tfc
