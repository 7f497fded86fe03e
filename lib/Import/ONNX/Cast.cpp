// Conversions of element types.
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

static LogicalResult castTo(NodeContext &c, Type element) {
  if (!element || failed(c.requireRank(0, 0)))
    return failure();
  Value x = c.input(0);
  if (c.b.elementType(x) == element)
    return c.result(x);
  if (isa<ComplexType>(element) || isa<ComplexType>(c.b.elementType(x)))
    return c.unsupported() << "converts " << c.b.elementType(x) << " to " << element << ", expected real numbers";
  // How f8E8M0 rounds: up, down or nearest.
  StringRef mode = c.string("round_mode", "up");
  StringAttr round;
  if (isa<Float8E8M0FNUType>(element)) {
    if (mode != "up" && mode != "down" && mode != "nearest")
      return c.error() << "has round_mode '" << mode << "', expected up, down or nearest";
    round = c.b.builder.getStringAttr(mode);
  }
  return c.result(c.b.createAs<dfg::CastOp>(element, x, c.integer("saturate", 1) != 0, round));
}

static LogicalResult importCast(NodeContext &c) { return castTo(c, c.elementType("to", 0)); }

static LogicalResult importCastLike(NodeContext &c) {
  if (failed(c.requireRank(1, 0)))
    return failure();
  return castTo(c, c.b.elementType(c.input(1)));
}

static LogicalResult importBitCast(NodeContext &c) {
  Type element = c.elementType("to", 0);
  if (!element || failed(c.requireRank(0, 0)))
    return failure();
  // A boolean is a byte of 0 or 1.
  Value x = c.input(0);
  if (c.b.elementType(x).isInteger(1))
    x = c.b.cast(x, c.b.builder.getIntegerType(8, /*isSigned=*/false));
  if (!element.isInteger(1))
    return c.result(c.b.elementType(x) == element ? x : c.b.createAs<dfg::BitcastOp>(element, x));
  if (c.b.elementType(x).getIntOrFloatBitWidth() != 8)
    return c.error() << "reinterprets " << c.b.elementType(x) << " as booleans, expected elements of 8 bits";
  return c.result(c.b.cast(c.b.createAs<dfg::BitcastOp>(c.b.builder.getI8Type(), x), element));
}

void registerCastOps(OpRegistry &ops) {
  ops.add("BitCast", importBitCast);
  ops.add("Cast", importCast, 6);
  ops.add("CastLike", importCastLike);
}

} // namespace tfc
