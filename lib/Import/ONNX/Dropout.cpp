// Dropout.
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

/// Whether a node keeps everything: outside training, or where nothing is to be dropped.
static bool isIdentity(NodeContext &c) {
  // Before opset 12 there is no training but for models that never leave it.
  if (c.version < 12)
    return c.version >= 7 || c.integer("is_test");
  if (!c.hasInput(2))
    return true;
  auto training = c.b.constantIntegers(c.input(2));
  if (training && training->size() == 1 && training->front() == 0)
    return true;
  auto ratio = c.hasInput(1) ? c.b.constantNumbers(c.input(1)) : std::nullopt;
  return ratio && ratio->size() == 1 && ratio->front() == 0;
}

static LogicalResult importDropout(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  if (!isIdentity(c))
    return c.unsupported() << "drops elements at random, expected training_mode or ratio to be a constant 0";
  // The mask says what is kept; before opset 10 it has the type of the data.
  Type maskType = c.version < 10 ? b.elementType(c.input(0)) : b.builder.getI1Type();
  Value mask = c.wantsOutput(1) ? b.filled(maskType, b.dims(c.input(0)), 1) : Value();
  return c.results({c.input(0), mask});
}

void registerDropoutOps(OpRegistry &ops) { ops.add("Dropout", importDropout); }

} // namespace tfc
