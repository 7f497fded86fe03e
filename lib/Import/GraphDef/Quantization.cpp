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

/// Inputs: x and its limits, which count if the node says so, of all or of each slice along
/// an axis; the number of bits may be another one.
static LogicalResult importQuantizeAndDequantize(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  FailureOr<int64_t> bits = c.hasInput(3) ? c.constant(3) : FailureOr<int64_t>(c.integer("num_bits", 8));
  FailureOr<int64_t> axis = c.integer("axis", -1);
  if (failed(bits) || (*axis != -1 && failed(axis = c.axis(*axis, b.rank(c.input(0))))))
    return failure();
  if (*bits < 1 || *bits > 32)
    return c.error() << "has " << *bits << " bits, expected a number from 1 to 32";
  bool isSigned = c.boolean("signed_input", true), isGiven = c.boolean("range_given", c.hasInput(3));
  double last = std::ldexp(1.0, int(*bits) - isSigned) - 1;
  double first = isSigned ? -last - (c.boolean("narrow_range") ? 0 : 1) : 0;
  Term x{b, c.input(0)};
  // Limits meet x: with extents of 1, or as one number.
  GraphBuilder::Dims sizes;
  SmallVector<int64_t> shared = llvm::to_vector(llvm::seq<int64_t>(0, b.rank(x)));
  if (*axis != -1) {
    sizes.assign(b.rank(x), b.expr(1));
    sizes[*axis] = b.dim(x, *axis);
    shared.erase(shared.begin() + *axis);
  }
  auto limit = [&](unsigned i, dfg::ReduceKind kind, const char *name) {
    if (!isGiven)
      return Term(b, b.reshape(b.reduce(kind, x, shared), sizes));
    return c.hasInput(i) ? Term(b, b.reshape(c.input(i), sizes)) : x.number(c.number(name));
  };
  Term low = limit(1, dfg::ReduceKind::Min, "input_min"), high = limit(2, dfg::ReduceKind::Max, "input_max");
  Term most = low.number(FLT_MAX);
  Term lowScale = first == 0 ? most : select(low < 0, first / low, most),
       highScale = select(high > 0, last / high, most);
  Term isLow = lowScale < highScale, scale = select(isLow, lowScale, highScale);
  Term inverse = first == 0 ? high / last : select(isLow, low / first, high / last);
  Term kept = isGiven ? min(max(x, inverse * first), inverse * last) : x;
  Term steps = kept * scale;
  Term rounded = c.string("round_mode", "HALF_TO_EVEN") == "HALF_UP" ? floor(steps + 0.5) : round(steps);
  return c.result(rounded * inverse);
}

/// Inputs: dy, x and its limits, which have no gradients.
static LogicalResult importQuantizeAndDequantizeGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1, 2, 3})))
    return failure();
  Term dy{b, c.input(0)}, x{b, c.input(1)};
  GraphBuilder::Dims sizes;
  if (int64_t axis = c.integer("axis", -1); axis >= 0 && axis < b.rank(x)) {
    sizes.assign(b.rank(x), b.expr(1));
    sizes[axis] = b.dim(x, axis);
  }
  auto limit = [&](unsigned i) { return Term(b, b.reshape(c.input(i), sizes)); };
  auto zeros = [&](unsigned i) { return b.filled(b.elementType(dy), b.dims(c.input(i)), 0); };
  return c.results({select((x >= limit(2)) & (x <= limit(3)), dy, dy.number(0)), zeros(2), zeros(3)});
}

//===----------------------------------------------------------------------===//
// Integers for floats
//===----------------------------------------------------------------------===//

/// Halves go away from 0.
static Term roundAway(Term x) { return x.apply<dfg::SignOp>() * floor(abs(x) + 0.5); }

namespace {
/// The integers that stand for floats.
struct Integers {
  double least, greatest, count;

  static FailureOr<Integers> of(NodeContext &c, Type type) {
    auto integer = dyn_cast_or_null<IntegerType>(type);
    if (!integer || integer.getWidth() > 32)
      return c.unsupported() << "has integers " << type << ", expected at most 32 bits";
    double count = std::ldexp(1.0, int(integer.getWidth())), least = integer.isUnsigned() ? 0 : -count / 2;
    return Integers{least, least + count - 1, count};
  }
};
} // namespace

/// A mode's numbers, along an axis of x or for all.
static Term along(NodeContext &c, unsigned i, Term x, Type element) {
  GraphBuilder &b = c.b;
  GraphBuilder::Dims sizes;
  if (int64_t axis = c.integer("axis", -1); axis >= 0 && axis < b.rank(x)) {
    sizes.assign(b.rank(x), b.expr(1));
    sizes[axis] = b.dim(x, axis);
  }
  return Term(b, b.reshape(b.cast(c.input(i), element), sizes));
}

/// Inputs: x and the range that the integers shall cover; the one that they do cover is given.
static LogicalResult importQuantize(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type type = c.elementType("T"), f32 = b.builder.getF32Type();
  auto integers = Integers::of(c, type);
  if (failed(integers) || failed(c.requireRank(0, 0)))
    return failure();
  StringRef mode = c.string("mode", "MIN_COMBINED");
  Term x{b, b.cast(c.input(0), f32)}, low = along(c, 1, x, f32), high = along(c, 2, x, f32);
  auto limitOf = [&](Term limit, unsigned i) { return b.reshape(limit, b.dims(c.input(i))); };
  // Limits too close to each other are moved apart.
  Term gap = max(max(abs(low), abs(high)), 1) * c.number("ensure_minimum_range", 0.01);
  high = max(max(high, low + gap), 0);
  low = min(low, 0);
  Term y = x;
  if (mode == "MIN_COMBINED") {
    bool isSigned = integers->least < 0;
    Term steps = (min(max(x, low), high) - low) * ((integers->count - 1) / (high - low));
    y = isSigned ? roundAway(steps - integers->count / 2) : floor(steps + 0.5);
  } else if (mode == "MIN_FIRST") {
    Term scale = (integers->count - 1) / (high - low);
    y = roundAway(x * scale) - roundAway(low * scale) + integers->least;
  } else if (mode == "SCALED") {
    double least = integers->least + (c.boolean("narrow_range") ? 1 : 0);
    Term most = low.number(FLT_MAX);
    Term lowScale = least == 0 ? most : select(low < 0, least / low, most);
    Term highScale = select(high > 0, integers->greatest / high, most), scale = min(lowScale, highScale);
    low = least / scale;
    high = integers->greatest / scale;
    Term steps = min(max(x, low), high) * scale;
    y = c.string("round_mode") == "HALF_TO_EVEN" ? round(steps) : roundAway(steps);
  } else {
    return c.error() << "has mode '" << mode << "', expected MIN_COMBINED, MIN_FIRST or SCALED";
  }
  y = clamp(y.cast(b.builder.getF64Type()), integers->least, integers->greatest);
  return c.results({y.cast(type), limitOf(low, 1), limitOf(high, 2)});
}

/// The way back.
static LogicalResult importDequantize(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f32 = b.builder.getF32Type(), result = c.hasAttribute("dtype") ? c.elementType("dtype") : f32;
  if (!result || failed(c.requireRank(0, 0)))
    return failure();
  auto integers = Integers::of(c, b.elementType(c.input(0)));
  if (failed(integers))
    return failure();
  StringRef mode = c.string("mode", "MIN_COMBINED");
  Term x{b, b.cast(c.input(0), f32)}, low = along(c, 1, x, f32), high = along(c, 2, x, f32);
  if (mode == "SCALED") {
    double least = integers->least + (c.boolean("narrow_range") ? 1 : 0);
    Term scale = least == 0 ? high / integers->greatest : max(low / least, high / integers->greatest);
    return c.result((x * scale).cast(result));
  }
  if (mode != "MIN_COMBINED" && mode != "MIN_FIRST")
    return c.error() << "has mode '" << mode << "', expected MIN_COMBINED, MIN_FIRST or SCALED";
  Term step = (high - low) / (integers->count - 1);
  if (mode == "MIN_COMBINED")
    return c.result(((x + (integers->least < 0 ? integers->count / 2 : 0)) * step + low).cast(result));
  // The lowest number is a whole number of steps.
  Term first = select(equal(low, high), low, roundAway(low / step) * step);
  return c.result((first + (x - integers->least) * step).cast(result));
}

void registerQuantizationOps(OpRegistry &ops) {
  ops.add("FakeQuantWithMinMaxArgs", importFakeQuantArgs);
  ops.add("FakeQuantWithMinMaxArgsGradient", importFakeQuantArgsGrad);
  for (StringRef name : {"FakeQuantWithMinMaxVars", "FakeQuantWithMinMaxVarsPerChannel"})
    ops.add(name, importFakeQuantVars);
  for (StringRef name : {"FakeQuantWithMinMaxVarsGradient", "FakeQuantWithMinMaxVarsPerChannelGradient"})
    ops.add(name, importFakeQuantVarsGrad);
  ops.add("Dequantize", importDequantize);
  ops.add("QuantizeAndDequantizeV4Grad", importQuantizeAndDequantizeGrad);
  ops.add("QuantizeV2", importQuantize);
  for (StringRef name :
       {"QuantizeAndDequantize", "QuantizeAndDequantizeV2", "QuantizeAndDequantizeV3", "QuantizeAndDequantizeV4"})
    ops.add(name, importQuantizeAndDequantize);
}

} // namespace tfc::tf
