// Shapes as data, and ops that move elements.
#include "OpRegistry.h"

using namespace mlir;

namespace tfc::tf {

static LogicalResult importShape(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  Type type = c.hasAttribute("out_type") ? c.elementType("out_type") : c.b.builder.getI32Type();
  GraphBuilder::Dims dims = c.b.dims(c.input(0));
  return type ? c.result(c.b.fromContent(dims, {int64_t(dims.size())}, type)) : failure();
}

static LogicalResult importReshape(NodeContext &c) {
  return c.results(c.onnx("Reshape", {c.input(0), c.b.cast(c.input(1), c.b.builder.getI64Type())}, {{"allowzero", int64_t(1)}}));
}

void registerArrayOps(OpRegistry &ops) {
  ops.add("Shape", importShape);
  ops.add("Reshape", importReshape);
}

} // namespace tfc::tf
