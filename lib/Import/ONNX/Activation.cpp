// Activation functions, in terms of elementwise arithmetic.
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

/// An importer of a function of input 0. It computes in f32 at least and rounds once.
template <Term (*function)(NodeContext &, Term)> static LogicalResult activation(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  return c.result(function(c, widened({c.b, c.input(0)})).cast(c.b.elementType(c.input(0))));
}

//===----------------------------------------------------------------------===//
// Rectifiers
//===----------------------------------------------------------------------===//

static LogicalResult importRelu(NodeContext &c) { return c.result(max(Term(c.b, c.input(0)), 0)); }

static Term leakyRelu(NodeContext &c, Term x) { return select(x < 0, x * c.number("alpha", 0.01), x); }

static LogicalResult importPRelu(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Value slope = c.input(1);
  // Before opset 7 a vector of slopes belongs to the channels.
  if (c.version < 7 && b.rank(slope) == 1 && b.rank(c.input(0)) > 2 && b.number(b.dim(slope, 0)) != 1) {
    GraphBuilder::Dims sizes = b.dims(slope);
    sizes.append(b.rank(c.input(0)) - 2, b.expr(1));
    slope = b.reshape(slope, sizes);
  }
  Term x{b, c.input(0)};
  return c.result(select(x < 0, x * Term(b, slope), x));
}

static Term elu(NodeContext &c, Term x) { return select(x < 0, expm1(x) * c.number("alpha", 1), x); }

static Term selu(NodeContext &c, Term x) {
  Term below = expm1(x) * c.number("alpha", 1.67326319217681884765625);
  return select(x > 0, x, below) * c.number("gamma", 1.05070102214813232421875);
}

static Term celu(NodeContext &c, Term x) {
  double alpha = c.number("alpha", 1);
  return max(x, 0) + min(expm1(x / alpha) * alpha, 0);
}

static Term thresholdedRelu(NodeContext &c, Term x) { return select(x > c.number("alpha", 1), x, x.number(0)); }

static LogicalResult importShrink(NodeContext &c) {
  double lambda = c.number("lambd", 0.5), bias = c.number("bias");
  Term x{c.b, c.input(0)};
  return c.result(select(x < -lambda, x + bias, select(x > lambda, x - bias, x.number(0))));
}

//===----------------------------------------------------------------------===//
// Smooth ones
//===----------------------------------------------------------------------===//

/// log(1 + exp(x)), finite for every x.
static Term softplus(NodeContext &, Term x) { return max(x, 0) + log1p(exp(-abs(x))); }

static Term softsign(NodeContext &, Term x) { return x / (abs(x) + 1); }

static Term mish(NodeContext &c, Term x) { return x * tanh(softplus(c, x)); }

static Term swish(NodeContext &c, Term x) { return x * sigmoid(x * c.number("alpha", 1)); }

static Term hardSigmoid(NodeContext &c, Term x) {
  return clamp(x * c.number("alpha", 0.2) + c.number("beta", 0.5), 0, 1);
}

static Term hardSwish(NodeContext &, Term x) { return x * clamp(x * (1.0 / 6) + 0.5, 0, 1); }

static Term gelu(NodeContext &c, Term x) {
  StringRef approximate = c.string("approximate", "none");
  if (approximate == "none")
    return x * 0.5 * (erf(x * 0.70710678118654752440) + 1);
  if (approximate == "tanh")
    return x * 0.5 * (tanh((x + x * x * x * 0.044715) * 0.79788456080286535588) + 1);
  c.error() << "has approximate '" << approximate << "', expected none or tanh";
  return {c.b, Value()};
}

static LogicalResult importSwiGLU(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Term gate = widened({c.b, c.input(0)}), linear = widened({c.b, c.input(1)});
  return c.result((swish(c, gate) * linear).cast(c.b.elementType(c.input(0))));
}

void registerActivationOps(OpRegistry &ops) {
  ops.add("Celu", activation<celu>);
  ops.add("Elu", activation<elu>);
  ops.add("Gelu", activation<gelu>);
  ops.add("HardSigmoid", activation<hardSigmoid>);
  ops.add("HardSwish", activation<hardSwish>);
  ops.add("LeakyRelu", activation<leakyRelu>);
  ops.add("Mish", activation<mish>);
  ops.add("PRelu", importPRelu);
  ops.add("Relu", importRelu);
  ops.add("Selu", activation<selu>);
  ops.add("Shrink", importShrink);
  ops.add("Softplus", activation<softplus>);
  ops.add("Softsign", activation<softsign>);
  ops.add("SwiGLU", importSwiGLU);
  ops.add("Swish", activation<swish>);
  ops.add("ThresholdedRelu", activation<thresholdedRelu>);
}

} // namespace tfc
