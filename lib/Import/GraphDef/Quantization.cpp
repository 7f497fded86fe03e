// Rounding to what fewer bits can tell, in floats.
#include <cfloat>

#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

//===----------------------------------------------------------------------===//
// Ranges that are moved so that 0 is a step
//===----------------------------------------------------------------------===//

namespace {
/// The steps between two numbers, or vectors over the last dimension of x.
struct Steps {
  Term low, high, size, isEmpty;

  static Steps of(NodeContext &c, Term low, Term high) {
    double first = c.boolean("narrow_range") ? 1 : 0, last = std::ldexp(1.0, int(c.integer("num_bits", 8))) - 1;
    Term size = (high - low) / (last - first), zero = clamp(first - low / size, first, last);
    // Halves go up: none is below 0.
    zero = floor(zero + 0.5);
    return {(first - zero) * size, (last - zero) * size, size, equal(low, 0) & equal(high, 0)};
  }
  Term isBelow(Term x) const { return x < low; }
  Term isAbove(Term x) const { return x > high; }
  Term isWithin(Term x) const { return (x >= low) & (x <= high); }
};
} // namespace

static LogicalResult checkBits(NodeContext &c) {
  int64_t bits = c.integer("num_bits", 8);
  if (bits < 2 || bits > 16)
    return c.error() << "has num_bits " << bits << ", expected a number from 2 to 16";
  return success();
}

static LogicalResult quantized(NodeContext &c, Term x, const Steps &steps) {
  Term kept = min(max(x, steps.low), steps.high);
  Term y = floor((kept - steps.low) / steps.size + 0.5) * steps.size + steps.low;
  return c.result(select(steps.isEmpty, x.number(0), y));
}

/// Limits that attributes tell.
static Steps stepsOfAttributes(NodeContext &c, Term like) {
  return Steps::of(c, like.number(c.number("min", -6)), like.number(c.number("max", 6)));
}

static LogicalResult importFakeQuantArgs(NodeContext &c) {
  if (failed(checkBits(c)) || failed(c.requireRank(0, 0)))
    return failure();
  Term x{c.b, c.input(0)};
  return quantized(c, x, stepsOfAttributes(c, x));
}

/// Inputs: dy, x.
static LogicalResult importFakeQuantArgsGrad(NodeContext &c) {
  if (failed(checkBits(c)) || failed(c.requireSameElements({0, 1})))
    return failure();
  Term dy{c.b, c.input(0)}, x{c.b, c.input(1)};
  return c.result(select(stepsOfAttributes(c, x).isWithin(x), dy, dy.number(0)));
}

/// Inputs: x, its least and greatest number, of all or of each channel.
static LogicalResult importFakeQuantVars(NodeContext &c) {
  if (failed(checkBits(c)) || failed(c.requireSameElements({0, 1, 2})))
    return failure();
  return quantized(c, {c.b, c.input(0)}, Steps::of(c, {c.b, c.input(1)}, {c.b, c.input(2)}));
}

/// Inputs: dy, x and the limits.
static LogicalResult importFakeQuantVarsGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(checkBits(c)) || failed(c.requireSameElements({0, 1, 2, 3})))
    return failure();
  Term dy{b, c.input(0)}, x{b, c.input(1)}, zero = dy.number(0);
  Steps steps = Steps::of(c, {b, c.input(2)}, {b, c.input(3)});
  // A limit takes the gradients of what lies beyond it.
  int64_t shared = b.rank(x) - b.rank(c.input(2));
  auto of = [&](Term where) {
    return b.reduce(dfg::ReduceKind::Sum, select(where, dy, zero), llvm::to_vector(llvm::seq<int64_t>(0, shared)),
                    /*keepDims=*/false);
  };
  return c.results({select(steps.isWithin(x), dy, zero), of(steps.isBelow(x)), of(steps.isAbove(x))});
}

//===----------------------------------------------------------------------===//
// Ranges around 0
//===----------------------------------------------------------------------===//

/// Inputs: x and its limits, which count if the node says so; the number of bits may be
/// another one.
static LogicalResult importQuantizeAndDequantize(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  if (c.integer("axis", -1) != -1)
    return c.unsupported() << "has axis " << c.integer("axis") << ", expected -1";
  FailureOr<int64_t> bits = c.hasInput(3) ? c.constant(3) : FailureOr<int64_t>(c.integer("num_bits", 8));
  if (failed(bits))
    return failure();
  if (*bits < 1 || *bits > 32)
    return c.error() << "has " << *bits << " bits, expected a number from 1 to 32";
  bool isSigned = c.boolean("signed_input", true), isGiven = c.boolean("range_given", c.hasInput(3));
  double last = std::ldexp(1.0, int(*bits) - isSigned) - 1;
  double first = isSigned ? -last - (c.boolean("narrow_range") ? 0 : 1) : 0;
  Term x{b, c.input(0)};
  auto limit = [&](unsigned i, dfg::ReduceKind kind) {
    if (isGiven)
      return Term(b, b.reshape(c.input(i), {}));
    return Term(b, b.reduce(kind, x, llvm::to_vector(llvm::seq<int64_t>(0, b.rank(x))), /*keepDims=*/false));
  };
  Term low = limit(1, dfg::ReduceKind::Min), high = limit(2, dfg::ReduceKind::Max), most = low.number(FLT_MAX);
  Term lowScale = first == 0 ? most : select(low < 0, first / low, most),
       highScale = select(high > 0, last / high, most);
  Term isLow = lowScale < highScale, scale = select(isLow, lowScale, highScale);
  Term inverse = first == 0 ? high / last : select(isLow, low / first, high / last);
  Term kept = isGiven ? min(max(x, inverse * first), inverse * last) : x;
  Term steps = kept * scale;
  Term rounded = c.string("round_mode", "HALF_TO_EVEN") == "HALF_UP" ? floor(steps + 0.5) : round(steps);
  return c.result(rounded * inverse);
}

void registerQuantizationOps(OpRegistry &ops) {
  ops.add("FakeQuantWithMinMaxArgs", importFakeQuantArgs);
  ops.add("FakeQuantWithMinMaxArgsGradient", importFakeQuantArgsGrad);
  for (StringRef name : {"FakeQuantWithMinMaxVars", "FakeQuantWithMinMaxVarsPerChannel"})
    ops.add(name, importFakeQuantVars);
  for (StringRef name : {"FakeQuantWithMinMaxVarsGradient", "FakeQuantWithMinMaxVarsPerChannelGradient"})
    ops.add(name, importFakeQuantVarsGrad);
  for (StringRef name : {"QuantizeAndDequantizeV2", "QuantizeAndDequantizeV3", "QuantizeAndDequantizeV4"})
    ops.add(name, importQuantizeAndDequantize);
}

} // namespace tfc::tf
