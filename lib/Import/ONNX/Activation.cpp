// Activation functions, in terms of elementwise arithmetic.
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

namespace {
/// Arithmetic on one operand's element type, as formulas are written.
struct Formula {
  explicit Formula(NodeContext &c) : b(c.b), x(c.input(0)) {}
  Value number(double value) { return b.scalarLike(x, value); }
  Value add(Value a, Value y) { return b.create<dfg::AddOp>(a, y); }
  Value sub(Value a, Value y) { return b.create<dfg::SubOp>(a, y); }
  Value mul(Value a, Value y) { return b.create<dfg::MulOp>(a, y); }
  Value max(Value a, double y) { return b.create<dfg::MaxOp>(a, number(y)); }
  Value min(Value a, double y) { return b.create<dfg::MinOp>(a, number(y)); }
  Value isBelow(Value a, double y) { return b.compare(dfg::CompareKind::LT, a, number(y)); }
  Value isAbove(Value a, double y) { return b.compare(dfg::CompareKind::GT, a, number(y)); }
  /// log(1 + exp(a)), finite for every a.
  Value softplus(Value a) {
    Value tail = b.create<dfg::ExpOp>(b.create<dfg::NegOp>(b.create<dfg::AbsOp>(a)));
    return add(max(a, 0), b.create<dfg::Log1pOp>(tail));
  }
  Value hardSigmoid(double alpha, double beta) { return min(max(add(mul(x, number(alpha)), number(beta)), 0), 1); }

  GraphBuilder &b;
  Value x;
};
} // namespace

static LogicalResult importRelu(NodeContext &c) {
  Formula f(c);
  return c.result(f.max(f.x, 0));
}

static LogicalResult importLeakyRelu(NodeContext &c) {
  Formula f(c);
  return c.result(c.b.select(f.isBelow(f.x, 0), f.mul(f.x, f.number(c.number("alpha", 0.01))), f.x));
}

static LogicalResult importPRelu(NodeContext &c) {
  Formula f(c);
  Value slope = c.input(1);
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  // Before opset 7 a vector of slopes belongs to the channels.
  if (c.version < 7 && c.b.rank(slope) == 1 && c.b.rank(f.x) > 2 && c.b.number(c.b.dim(slope, 0)) != 1) {
    GraphBuilder::Dims sizes = c.b.dims(slope);
    sizes.append(c.b.rank(f.x) - 2, c.b.expr(1));
    slope = c.b.reshape(slope, sizes);
  }
  return c.result(c.b.select(f.isBelow(f.x, 0), f.mul(f.x, slope), f.x));
}

static LogicalResult importElu(NodeContext &c) {
  Formula f(c);
  Value below = f.mul(c.b.create<dfg::Expm1Op>(f.x), f.number(c.number("alpha", 1)));
  return c.result(c.b.select(f.isBelow(f.x, 0), below, f.x));
}

static LogicalResult importSelu(NodeContext &c) {
  Formula f(c);
  Value below = f.mul(c.b.create<dfg::Expm1Op>(f.x), f.number(c.number("alpha", 1.67326319217681884765625)));
  Value scaled = c.b.select(f.isAbove(f.x, 0), f.x, below);
  return c.result(f.mul(scaled, f.number(c.number("gamma", 1.05070102214813232421875))));
}

static LogicalResult importCelu(NodeContext &c) {
  Formula f(c);
  Value alpha = f.number(c.number("alpha", 1));
  Value below = f.mul(c.b.create<dfg::Expm1Op>(c.b.create<dfg::DivOp>(f.x, alpha)), alpha);
  return c.result(f.add(f.max(f.x, 0), f.min(below, 0)));
}

static LogicalResult importGelu(NodeContext &c) {
  Formula f(c);
  StringRef approximate = c.string("approximate", "none");
  Value inner;
  if (approximate == "none") {
    inner = c.b.create<dfg::ErfOp>(f.mul(f.x, f.number(0.70710678118654752440)));
  } else if (approximate == "tanh") {
    Value cube = f.mul(f.mul(f.x, f.x), f.x);
    Value sum = f.add(f.x, f.mul(cube, f.number(0.044715)));
    inner = c.b.create<dfg::TanhOp>(f.mul(sum, f.number(0.79788456080286535588)));
  } else {
    return c.error() << "has approximate '" << approximate << "', expected none or tanh";
  }
  return c.result(f.mul(f.mul(f.x, f.number(0.5)), f.add(inner, f.number(1))));
}

static LogicalResult importHardSigmoid(NodeContext &c) {
  return c.result(Formula(c).hardSigmoid(c.number("alpha", 0.2), c.number("beta", 0.5)));
}

static LogicalResult importHardSwish(NodeContext &c) {
  Formula f(c);
  return c.result(f.mul(f.x, f.hardSigmoid(1.0 / 6, 0.5)));
}

static LogicalResult importMish(NodeContext &c) {
  Formula f(c);
  return c.result(f.mul(f.x, c.b.create<dfg::TanhOp>(f.softplus(f.x))));
}

static LogicalResult importShrink(NodeContext &c) {
  Formula f(c);
  double lambda = c.number("lambd", 0.5);
  Value bias = f.number(c.number("bias"));
  Value above = c.b.select(f.isAbove(f.x, lambda), f.sub(f.x, bias), f.number(0));
  return c.result(c.b.select(f.isBelow(f.x, -lambda), f.add(f.x, bias), above));
}

static LogicalResult importSoftplus(NodeContext &c) {
  Formula f(c);
  return c.result(f.softplus(f.x));
}

static LogicalResult importSoftsign(NodeContext &c) {
  Formula f(c);
  return c.result(c.b.create<dfg::DivOp>(f.x, f.add(c.b.create<dfg::AbsOp>(f.x), f.number(1))));
}

static Value swish(NodeContext &c) {
  Formula f(c);
  return f.mul(f.x, c.b.create<dfg::SigmoidOp>(f.mul(f.x, f.number(c.number("alpha", 1)))));
}

static LogicalResult importSwish(NodeContext &c) { return c.result(swish(c)); }

static LogicalResult importSwiGLU(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(c.b.create<dfg::MulOp>(swish(c), c.input(1)));
}

static LogicalResult importThresholdedRelu(NodeContext &c) {
  Formula f(c);
  return c.result(c.b.select(f.isAbove(f.x, c.number("alpha", 1)), f.x, f.number(0)));
}

void registerActivationOps(OpRegistry &ops) {
  ops.add("Celu", importCelu);
  ops.add("Elu", importElu);
  ops.add("Gelu", importGelu);
  ops.add("HardSigmoid", importHardSigmoid);
  ops.add("HardSwish", importHardSwish);
  ops.add("LeakyRelu", importLeakyRelu);
  ops.add("Mish", importMish);
  ops.add("PRelu", importPRelu);
  ops.add("Relu", importRelu);
  ops.add("Selu", importSelu);
  ops.add("Shrink", importShrink);
  ops.add("Softplus", importSoftplus);
  ops.add("Softsign", importSoftsign);
  ops.add("SwiGLU", importSwiGLU);
  ops.add("Swish", importSwish);
  ops.add("ThresholdedRelu", importThresholdedRelu);
}

} // namespace tfc
