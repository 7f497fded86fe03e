// Functions of complex numbers as formulas on their parts: principal values.
#include <cmath>

#include "Complex.h"

using namespace mlir;

namespace tfc::tf {

using llvm::numbers::pi;

static Term sin(Term x) { return x.apply<dfg::SinOp>(); }
static Term sinh(Term x) { return x.apply<dfg::SinhOp>(); }
static Term cosh(Term x) { return x.apply<dfg::CoshOp>(); }
static Term angle(Complex x) { return x.im.apply<dfg::Atan2Op>(x.re); }

Term sizeOf(Complex x) {
  Term most = max(abs(x.re), abs(x.im)), least = min(abs(x.re), abs(x.im));
  Term size = most * sqrt(square(least / most) + 1);
  return select(equal(most, 0), most, select(equal(most, HUGE_VAL), most, size));
}

static Complex scaled(Complex x, Term factor) { return {x.re * factor, x.im * factor}; }
static Complex scaled(Complex x, double factor) { return {x.re * factor, x.im * factor}; }
static Complex plus(Complex x, double number) { return {x.re + number, x.im}; }
/// i times x.
static Complex turned(Complex x) { return {-x.im, x.re}; }
static Complex turnedBack(Complex x) { return {x.im, -x.re}; }
static Complex choose(Term condition, Complex x, Complex y) {
  return {select(condition, x.re, y.re), select(condition, x.im, y.im)};
}
static Term isZero(Complex x) { return equal(x.re, 0.0) & equal(x.im, 0.0); }
static Complex numberLike(Complex x, double re) { return {x.re.number(re), x.re.number(0)}; }

//===----------------------------------------------------------------------===//
// Of one number
//===----------------------------------------------------------------------===//

static Complex exp(Complex x) {
  Term size = tfc::exp(x.re);
  return {size * cos(x.im), size * sin(x.im)};
}
static Complex expm1(Complex x) {
  Term half = sin(x.im * 0.5);
  return {tfc::expm1(x.re) * cos(x.im) - square(half) * 2.0, tfc::exp(x.re) * sin(x.im)};
}
static Complex log(Complex x) { return {tfc::log(sizeOf(x)), angle(x)}; }
static Complex log1p(Complex x) { return {tfc::log1p(x.re * (x.re + 2.0) + square(x.im)) * 0.5, angle(plus(x, 1))}; }
static Complex sqrt(Complex x) {
  // The part that does not cancel, and the other from it.
  Term large = tfc::sqrt((sizeOf(x) + abs(x.re)) * 0.5), small = abs(x.im) / (large * 2.0);
  small = select(equal(large, 0.0), large, small);
  Term isRight = x.re >= 0.0, im = select(isRight, small, large);
  return {select(isRight, large, small), select(x.im < 0.0, -im, im)};
}
static Complex reciprocal(Complex x) { return numberLike(x, 1) / x; }
static Complex rsqrt(Complex x) { return reciprocal(sqrt(x)); }
static Complex square(Complex x) { return x * x; }

static Complex sin(Complex x) { return {sin(x.re) * cosh(x.im), cos(x.re) * sinh(x.im)}; }
static Complex cos(Complex x) { return {tfc::cos(x.re) * cosh(x.im), -(sin(x.re) * sinh(x.im))}; }
static Complex sinh(Complex x) { return turnedBack(sin(turned(x))); }
static Complex cosh(Complex x) { return cos(turned(x)); }
static Complex tanh(Complex x) {
  // Beyond this it is 1, and cosh would be out of range.
  Term re = clamp(x.re, -20, 20) * 2.0, im = x.im * 2.0, size = cosh(re) + tfc::cos(im);
  return {sinh(re) / size, sin(im) / size};
}
static Complex tan(Complex x) { return turnedBack(tanh(turned(x))); }
static Complex sigmoid(Complex x) { return reciprocal(plus(exp(-x), 1)); }

static Complex asinh(Complex x) {
  // Of the right half, where nothing cancels.
  Term isLeft = x.re < 0.0;
  Complex y = choose(isLeft, -x, x);
  y = log(y + sqrt(plus(square(y), 1)));
  return choose(isLeft, -y, y);
}
static Complex asin(Complex x) { return turnedBack(asinh(turned(x))); }
static Complex acos(Complex x) { return plus(-asin(x), pi / 2); }
static Complex acosh(Complex x) { return log(x + sqrt(plus(x, 1)) * sqrt(plus(x, -1))); }
static Complex atanh(Complex x) { return scaled(log(plus(x, 1)) - log(plus(-x, 1)), 0.5); }
static Complex atan(Complex x) { return turnedBack(atanh(turned(x))); }

static Complex sign(Complex x) {
  Complex unit = scaled(x, 1.0 / sizeOf(x));
  return choose(isZero(x), x, unit);
}

//===----------------------------------------------------------------------===//
// Of two
//===----------------------------------------------------------------------===//

static Complex multiply(Complex x, Complex y) { return x * y; }
static Complex divide(Complex x, Complex y) { return x / y; }
static Complex unlessZero(Complex zero, Complex y) { return choose(isZero(zero), numberLike(y, 0), y); }
static Complex divNoNan(Complex x, Complex y) { return unlessZero(y, x / y); }
static Complex mulNoNan(Complex x, Complex y) { return unlessZero(y, x * y); }
static Complex xdivy(Complex x, Complex y) { return unlessZero(x, x / y); }
static Complex xlogy(Complex x, Complex y) { return unlessZero(x, x * log(y)); }
static Complex xlog1py(Complex x, Complex y) { return unlessZero(x, x * log1p(y)); }
static Complex squaredDifference(Complex x, Complex y) { return (x - y) * (x - y).conjugate(); }
static Complex pow(Complex x, Complex y) {
  Complex power = exp(y * log(x));
  Term one = isZero(y).cast(power.re.builder().elementType(power.re));
  return choose(isZero(x), {one, one * 0.0}, power);
}

// Gradients by what the function gave and dy. Some take the conjugate themselves; where they
// do not, the graph does.
static Complex reciprocalGrad(Complex y, Complex dy) { return -(dy * square(y.conjugate())); }
static Complex rsqrtGrad(Complex y, Complex dy) { return scaled(dy * square(y.conjugate()) * y.conjugate(), -0.5); }
static Complex sigmoidGrad(Complex y, Complex dy) { return dy * y * plus(-y, 1); }
static Complex sqrtGrad(Complex y, Complex dy) { return scaled(dy, 0.5) / y.conjugate(); }
static Complex tanhGrad(Complex y, Complex dy) { return dy * plus(-(y * y), 1); }

template <Complex (*function)(Complex)> static LogicalResult importOf(NodeContext &c) {
  return c.result(function(Complex::of(c.b, c.input(0))).joined());
}
template <Complex (*function)(Complex, Complex)> static LogicalResult importOfBoth(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(function(Complex::of(c.b, c.input(0)), Complex::of(c.b, c.input(1))).joined());
}
template <bool isEqual> static LogicalResult importCompare(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Complex x = Complex::of(c.b, c.input(0)), y = Complex::of(c.b, c.input(1));
  Term same = equal(x.re, y.re) & equal(x.im, y.im);
  return c.result(isEqual ? same : same.apply<dfg::NotOp>());
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static Complex matmul(Complex x, Complex y, bool transposeX, bool transposeY) {
  GraphBuilder &b = x.re.builder();
  auto product = [&](Term u, Term v) { return Term(b, b.create<dfg::MatmulOp>(u, v, transposeX, transposeY)); };
  return {product(x.re, y.re) - product(x.im, y.im), product(x.re, y.im) + product(x.im, y.re)};
}

static LogicalResult importMatMul(NodeContext &c) {
  if (failed(c.requireRank(0, 2)) || failed(c.requireRank(1, 2)) || failed(c.requireSameElements({0, 1})))
    return failure();
  Complex x = Complex::of(c.b, c.input(0)), y = Complex::of(c.b, c.input(1));
  bool adjointX = c.boolean("adj_x"), adjointY = c.boolean("adj_y");
  x = adjointX ? x.conjugate() : x;
  y = adjointY ? y.conjugate() : y;
  return c.result(matmul(x, y, adjointX || c.boolean("transpose_a"), adjointY || c.boolean("transpose_b")).joined());
}

/// Of one operand both parts are summed by themselves; of two, all pairs of parts.
static LogicalResult importEinsum(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (c.inputCount() > 2)
    return c.unsupported() << "multiplies " << c.inputCount() << " complex tensors, expected at most 2";
  auto einsum = [&](ArrayRef<Value> inputs) {
    SmallVector<Value> results = c.onnx("Einsum", inputs, {{"equation", c.string("equation")}});
    return Term(b, results.empty() ? Value() : results.front());
  };
  Complex x = Complex::of(b, c.input(0));
  if (c.inputCount() == 1)
    return c.result(Complex{einsum({x.re}), einsum({x.im})}.joined());
  Complex y = Complex::of(b, c.input(1));
  return c.result(
      Complex{einsum({x.re, y.re}) - einsum({x.im, y.im}), einsum({x.re, y.im}) + einsum({x.im, y.re})}.joined());
}

void registerComplexMathOps(OpRegistry &ops) {
  addComplex(ops, "Acos", importOf<acos>);
  addComplex(ops, "Acosh", importOf<acosh>);
  addComplex(ops, "Asin", importOf<asin>);
  addComplex(ops, "Asinh", importOf<asinh>);
  addComplex(ops, "Atan", importOf<atan>);
  addComplex(ops, "Atanh", importOf<atanh>);
  addComplex(ops, "Cos", importOf<cos>);
  addComplex(ops, "Cosh", importOf<cosh>);
  addComplex(ops, "Exp", importOf<exp>);
  addComplex(ops, "Expm1", importOf<expm1>);
  addComplex(ops, "Log", importOf<log>);
  addComplex(ops, "Log1p", importOf<log1p>);
  addComplex(ops, "Rsqrt", importOf<rsqrt>);
  addComplex(ops, "Sigmoid", importOf<sigmoid>);
  addComplex(ops, "Sign", importOf<sign>);
  addComplex(ops, "Sin", importOf<sin>);
  addComplex(ops, "Sinh", importOf<sinh>);
  addComplex(ops, "Sqrt", importOf<sqrt>);
  addComplex(ops, "Square", importOf<square>);
  addComplex(ops, "Tan", importOf<tan>);
  addComplex(ops, "Tanh", importOf<tanh>);
  for (StringRef name : {"Inv", "Reciprocal"})
    addComplex(ops, name, importOf<reciprocal>);

  for (StringRef name : {"Div", "RealDiv"})
    addComplex(ops, name, importOfBoth<divide>);
  addComplex(ops, "DivNoNan", importOfBoth<divNoNan>);
  addComplex(ops, "Equal", importCompare<true>);
  addComplex(ops, "Mul", importOfBoth<multiply>);
  addComplex(ops, "MulNoNan", importOfBoth<mulNoNan>);
  addComplex(ops, "NotEqual", importCompare<false>);
  addComplex(ops, "Pow", importOfBoth<pow>);
  addComplex(ops, "SquaredDifference", importOfBoth<squaredDifference>);
  addComplex(ops, "Xdivy", importOfBoth<xdivy>);
  addComplex(ops, "Xlog1py", importOfBoth<xlog1py>);
  addComplex(ops, "Xlogy", importOfBoth<xlogy>);

  for (StringRef name : {"InvGrad", "ReciprocalGrad"})
    addComplex(ops, name, importOfBoth<reciprocalGrad>);
  addComplex(ops, "RsqrtGrad", importOfBoth<rsqrtGrad>);
  addComplex(ops, "SigmoidGrad", importOfBoth<sigmoidGrad>);
  addComplex(ops, "SqrtGrad", importOfBoth<sqrtGrad>);
  addComplex(ops, "TanhGrad", importOfBoth<tanhGrad>);

  for (StringRef name : {"BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "MatMul"})
    addComplex(ops, name, importMatMul);
  addComplex(ops, "Einsum", importEinsum);
}

} // namespace tfc::tf
