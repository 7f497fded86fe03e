// Activation functions, and the gradients that TensorFlow has as operators.
//
// Gradients are functions of what their forward operator was given (x) or gave (y), and of
// the gradient dy; in which order a node has them is in the table at the end.
#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

/// An importer of a function of input 0. It computes in f32 at least and rounds once.
template <Term (*function)(NodeContext &, Term)> static LogicalResult activation(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  return c.result(function(c, widened({c.b, c.input(0)})).cast(c.b.elementType(c.input(0))));
}

/// The same of two inputs, x or y, and dy.
template <Term (*function)(NodeContext &, Term, Term), int gradient> static LogicalResult gradientOf(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  auto wide = [&](unsigned i) { return widened({c.b, c.input(i)}); };
  return c.result(function(c, wide(1 - gradient), wide(gradient)).cast(c.b.elementType(c.input(0))));
}

//===----------------------------------------------------------------------===//
// Rectifiers
//===----------------------------------------------------------------------===//

constexpr double kSeluScale = 1.0507009873554804934, kSeluAlpha = 1.7580993408473768599;

static LogicalResult importRelu(NodeContext &c) { return c.result(max(Term(c.b, c.input(0)), 0)); }
static LogicalResult importRelu6(NodeContext &c) { return c.result(clamp(Term(c.b, c.input(0)), 0, 6)); }
static Term leakyRelu(NodeContext &c, Term x) { return select(x > 0, x, x * c.number("alpha", 0.2)); }
static Term elu(NodeContext &, Term x) { return select(x < 0, expm1(x), x); }
static Term selu(NodeContext &, Term x) { return select(x < 0, expm1(x) * kSeluAlpha, x * kSeluScale); }

static Term reluGrad(NodeContext &, Term x, Term dy) { return select(x > 0, dy, dy.number(0)); }
static Term relu6Grad(NodeContext &, Term x, Term dy) { return select((x > 0) & (x < 6), dy, dy.number(0)); }
static Term leakyReluGrad(NodeContext &c, Term x, Term dy) { return select(x > 0, dy, dy * c.number("alpha", 0.2)); }
static Term eluGrad(NodeContext &, Term y, Term dy) { return select(y < 0, (y + 1) * dy, dy); }
static Term seluGrad(NodeContext &, Term y, Term dy) { return select(y < 0, (y + kSeluAlpha) * dy, dy * kSeluScale); }

//===----------------------------------------------------------------------===//
// Smooth ones
//===----------------------------------------------------------------------===//

static Term sigmoid(NodeContext &, Term x) { return tfc::sigmoid(x); }
static Term tanh(NodeContext &, Term x) { return tfc::tanh(x); }
/// log(1 + exp(x)), finite for every x.
static Term softplus(NodeContext &, Term x) { return max(x, 0) + log1p(exp(-abs(x))); }
static Term softsign(NodeContext &, Term x) { return x / (abs(x) + 1); }

static Term sigmoidGrad(NodeContext &, Term y, Term dy) { return dy * y * (1 - y); }
static Term tanhGrad(NodeContext &, Term y, Term dy) { return dy * (1 - y * y); }
static Term softplusGrad(NodeContext &, Term x, Term dy) { return dy * tfc::sigmoid(x); }
static Term softsignGrad(NodeContext &, Term x, Term dy) { return dy / square(abs(x) + 1); }

//===----------------------------------------------------------------------===//
// Powers, whose gradients go by y
//===----------------------------------------------------------------------===//

static Term reciprocalGrad(NodeContext &, Term y, Term dy) { return -dy * y * y; }
static Term sqrtGrad(NodeContext &, Term y, Term dy) { return dy * 0.5 / y; }
static Term rsqrtGrad(NodeContext &, Term y, Term dy) { return dy * -0.5 * y * y * y; }

void registerActivationOps(OpRegistry &ops) {
  ops.add("Elu", activation<elu>);
  ops.add("LeakyRelu", activation<leakyRelu>);
  ops.add("Relu", importRelu);
  ops.add("Relu6", importRelu6);
  ops.add("Selu", activation<selu>);
  ops.add("Sigmoid", activation<sigmoid>);
  ops.add("Softplus", activation<softplus>);
  ops.add("Softsign", activation<softsign>);
  ops.add("Tanh", activation<tanh>);
  // dy is input 0 ...
  ops.add("EluGrad", gradientOf<eluGrad, 0>);
  ops.add("LeakyReluGrad", gradientOf<leakyReluGrad, 0>);
  ops.add("Relu6Grad", gradientOf<relu6Grad, 0>);
  ops.add("ReluGrad", gradientOf<reluGrad, 0>);
  ops.add("SeluGrad", gradientOf<seluGrad, 0>);
  ops.add("SoftplusGrad", gradientOf<softplusGrad, 0>);
  ops.add("SoftsignGrad", gradientOf<softsignGrad, 0>);
  // ... or input 1.
  ops.add("InvGrad", gradientOf<reciprocalGrad, 1>);
  ops.add("ReciprocalGrad", gradientOf<reciprocalGrad, 1>);
  ops.add("RsqrtGrad", gradientOf<rsqrtGrad, 1>);
  ops.add("SigmoidGrad", gradientOf<sigmoidGrad, 1>);
  ops.add("SqrtGrad", gradientOf<sqrtGrad, 1>);
  ops.add("TanhGrad", gradientOf<tanhGrad, 1>);
}

} // namespace tfc::tf
