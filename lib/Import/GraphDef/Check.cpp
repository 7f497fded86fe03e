// Operators that look at values: assertions and prints.
#include "Indices.h"
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc::tf {

/// The message is made of the strings among the data: numbers are not printed.
static LogicalResult importAssert(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  Value condition = scalarCondition(c, c.input(0));
  if (!condition)
    return failure();
  std::string message = "node '" + c.name().str() + "': assertion failed:";
  for (unsigned i = 1; i < c.inputCount(); ++i)
    if (const auto *strings = c.entry(i).strings)
      for (const std::string &text : strings->string_val())
        message += " [" + text + "]";
  if (auto known = c.b.constantIntegers(condition); !known || !known->front())
    dfg::AssertOp::create(c.b.builder, c.b.loc, condition, message);
  return c.results(ArrayRef<Entry>());
}

static LogicalResult importCheckNumerics(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  Term x{c.b, c.input(0)};
  // Only of finite numbers is the difference with themselves no NaN.
  requireAll(c, equal(x - x, 0.0), (c.string("message") + " : Tensor had NaN or Inf values").str());
  return c.result(x);
}

/// Hands its input on; what it would print goes nowhere.
static LogicalResult importPrint(NodeContext &c) {
  return c.inputCount() ? c.result(c.entry(0)) : c.results(ArrayRef<Entry>());
}
static LogicalResult importPrintV2(NodeContext &c) { return c.results(ArrayRef<Entry>()); }

void registerCheckOps(OpRegistry &ops) {
  ops.add("Assert", importAssert).effect();
  ops.add("CheckNumerics", importCheckNumerics);
  ops.add("CheckNumericsV2", importCheckNumerics);
  ops.add("Print", importPrint);
  ops.add("PrintV2", importPrintV2).effect();
}

} // namespace tfc::tf
