// Optional values.
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

static LogicalResult importOptional(NodeContext &c) {
  GraphBuilder &b = c.b;
  Value value = c.input(0);
  Type held = value ? value.getType() : Type();
  if (const onnx::TypeProto *type = c.type("type"); type && !value)
    held = c.heldType(*type);
  else if (!value)
    return c.error() << "has neither an input nor a type";
  if (!held)
    return failure();
  if (isa<dfg::OptionalType>(held))
    return c.error() << "makes an optional of " << held << ", expected a tensor or sequence";
  return c.result(dfg::OptionalMakeOp::create(b.builder, b.loc, dfg::OptionalType::get(b.builder.getContext(), held), value));
}

static LogicalResult importHasElement(NodeContext &c) {
  GraphBuilder &b = c.b;
  AffineExpr has = b.expr(c.hasInput(0));
  if (c.hasInput(0) && isa<dfg::OptionalType>(c.input(0).getType())) {
    auto make = c.input(0).getDefiningOp<dfg::OptionalMakeOp>();
    has = make ? b.expr(make.getValue() ? 1 : 0)
               : b.scope.index(Value(dfg::OptionalHasOp::create(b.builder, b.loc, b.builder.getIndexType(), c.input(0))));
  }
  return c.result(b.fromContent(has, {}, b.builder.getI1Type()));
}

static LogicalResult importGetElement(NodeContext &c) {
  GraphBuilder &b = c.b;
  Value value = c.input(0);
  if (!value)
    return c.error() << "has no input";
  auto optional = dyn_cast<dfg::OptionalType>(value.getType());
  if (!optional)
    return c.result(value);
  if (auto make = value.getDefiningOp<dfg::OptionalMakeOp>(); make && make.getValue())
    return c.result(make.getValue());
  Type held = optional.getElementType();
  if (isa<UnrankedTensorType>(held))
    return c.unsupported() << "has an input of type " << optional << ", expected one whose rank is known";
  return c.result(dfg::OptionalGetOp::create(b.builder, b.loc, held, value));
}

void registerOptionalOps(OpRegistry &ops) {
  ops.add("Optional", importOptional, 15);
  ops.add("OptionalGetElement", importGetElement, 15);
  ops.add("OptionalHasElement", importHasElement, 15);
}

} // namespace tfc
