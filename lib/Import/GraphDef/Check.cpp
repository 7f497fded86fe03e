// Operators that look at values: assertions, prints, and tensors as text.
#include "Indices.h"
#include "Text.h"
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc::tf {

/// A template of so many tensors, each in brackets.
static std::string places(StringRef beginning, unsigned count) {
  std::string pattern = beginning.str();
  for (unsigned i = 0; i < count; ++i)
    pattern += i ? " [{}]" : "[{}]";
  return pattern;
}

/// Text with values in the places of {}.
static Value format(NodeContext &c, StringRef pattern, ValueRange values, int64_t summarize) {
  return c.b.create<dfg::StringFormatOp>(text(c, pattern), text(c, "{}"), values, whichHoldStrings(values), summarize);
}

/// Tells of the strings among the data; numbers are not printed, as graphs would have to keep them.
static LogicalResult importAssert(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Value condition = scalarCondition(c, c.input(0));
  if (!condition)
    return failure();
  if (auto known = b.constantIntegers(condition); known && known->front())
    return c.results(ArrayRef<Entry>());
  std::string message = "node '" + c.name().str() + "': assertion failed:";
  SmallVector<Value> data;
  for (unsigned i = 1; i < c.inputCount(); ++i) {
    if (auto known = c.knownStrings(i)) {
      for (StringRef part : known.getValues<StringRef>())
        message += (" [" + part + "]").str();
    } else if (holdsStrings(c.input(i))) {
      data.push_back(c.input(i));
      message += " [{}]";
    }
  }
  if (data.empty()) {
    dfg::AssertOp::create(b.builder, b.loc, condition, message);
    return c.results(ArrayRef<Entry>());
  }
  auto chosen = c.choose(condition, [&](int branch) -> FailureOr<SmallVector<Entry>> {
    Value what = branch == 1 ? format(c, message, data, c.integer("summarize", 3)) : Value();
    if (branch == 1 && !what)
      return failure();
    if (what)
      dfg::FailOp::create(b.builder, b.loc, what);
    return SmallVector<Entry>();
  });
  return succeeded(chosen) ? c.results(ArrayRef<Entry>()) : failure();
}

static LogicalResult importCheckNumerics(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  Term x{c.b, c.input(0)};
  // Only of finite numbers is the difference with themselves no NaN.
  requireAll(c, equal(x - x, 0.0), (c.string("message") + " : Tensor had NaN or Inf values").str());
  return c.result(x);
}

/// Hands its input on; the data goes to the application's log, every time.
static LogicalResult importPrint(NodeContext &c) {
  auto data = c.allInputs().drop_front();
  if (llvm::any_of(data, [](Value value) { return !value || !isa<RankedTensorType>(value.getType()); }))
    return c.unsupported() << "prints what is no tensor";
  Value what = format(c, places(c.string("message"), data.size()), data, c.integer("summarize", 3));
  if (!what)
    return failure();
  dfg::PrintOp::create(c.b.builder, c.b.loc, what, /*severity=*/0);
  return c.result(c.entry(0));
}

static LogicalResult importPrintV2(NodeContext &c) {
  Value what = scalarText(c, 0);
  if (!what)
    return failure();
  StringRef stream = c.string("output_stream");
  dfg::PrintOp::create(c.b.builder, c.b.loc, what, stream.contains("error") ? 2 : stream.contains("warning") ? 1 : 0);
  return c.results(ArrayRef<Entry>());
}

static LogicalResult importFormat(NodeContext &c) {
  if (llvm::any_of(c.allInputs(), [](Value value) { return !value || !isa<RankedTensorType>(value.getType()); }))
    return c.unsupported() << "formats what is no tensor";
  return c.result(c.b.create<dfg::StringFormatOp>(text(c, c.string("template", "%s")),
                                                  text(c, c.string("placeholder", "%s")), ValueRange(c.allInputs()),
                                                  whichHoldStrings(c.allInputs()), c.integer("summarize", 3)));
}

void registerCheckOps(OpRegistry &ops) {
  ops.add("Assert", importAssert).effect();
  ops.add("CheckNumerics", importCheckNumerics);
  ops.add("CheckNumericsV2", importCheckNumerics);
  ops.add("Print", importPrint).effect();
  ops.add("PrintV2", importPrintV2).effect();
  ops.add("StringFormat", importFormat);
}

} // namespace tfc::tf
