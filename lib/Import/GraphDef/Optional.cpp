// Values that may be absent: what gradients of choices keep of branches that did not run.
#include "OpRegistry.h"

using namespace mlir;

namespace tfc::tf {

static Value makeOptional(NodeContext &c, Type held, Value value) {
  GraphBuilder &b = c.b;
  return dfg::OptionalMakeOp::create(b.builder, b.loc, dfg::OptionalType::get(b.builder.getContext(), held), value);
}

static LogicalResult importFromValue(NodeContext &c) {
  if (c.inputCount() != 1 || !c.hasInput(0))
    return c.unsupported() << "makes an optional of " << c.inputCount() << " values, expected one tensor or list";
  if (isa<dfg::OptionalType>(c.input(0).getType()))
    return c.unsupported() << "makes an optional of an optional";
  return c.result(makeOptional(c, c.input(0).getType(), c.input(0)));
}

static LogicalResult importNone(NodeContext &c) { return c.result(makeOptional(c, c.b.builder.getNoneType(), {})); }

static FailureOr<dfg::OptionalType> optionalInput(NodeContext &c) {
  auto type = c.hasInput(0) ? dyn_cast<dfg::OptionalType>(c.input(0).getType()) : dfg::OptionalType();
  if (!type)
    return c.unsupported() << "has an input which is no optional known at compile time";
  return type;
}

static LogicalResult importGetValue(NodeContext &c) {
  auto type = optionalInput(c);
  if (failed(type))
    return failure();
  if (isa<NoneType>(type->getElementType()))
    return c.unsupported() << "takes the value of an optional that never holds one";
  return c.result(dfg::OptionalGetOp::create(c.b.builder, c.b.loc, type->getElementType(), c.input(0)).getResult());
}

static LogicalResult importHasValue(NodeContext &c) {
  if (failed(optionalInput(c)))
    return failure();
  GraphBuilder &b = c.b;
  Value has = dfg::OptionalHasOp::create(b.builder, b.loc, b.builder.getIndexType(), c.input(0));
  return c.result(b.fromContent(b.scope.index(has), {}, b.builder.getI1Type()));
}

void registerOptionalOps(OpRegistry &ops) {
  ops.add("OptionalFromValue", importFromValue);
  ops.add("OptionalGetValue", importGetValue);
  ops.add("OptionalHasValue", importHasValue);
  ops.add("OptionalNone", importNone);
}

} // namespace tfc::tf
