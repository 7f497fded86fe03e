// Derivatives of elementwise mathematics, as formulas of operands and result.
#include "Derivatives.h"

using namespace mlir;

namespace tfc {

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

/// dy/dx by x and y.
using Slope = Term (*)(Term x, Term y);

template <class Op, Slope slope> static LogicalResult unary(Op op, Gradients &g) {
  g.add(op.getX(), g.ofResult(op) * slope(g.term(op.getX()), g.term(op.getY())));
  return success();
}

template <class Op> static LogicalResult flat(Op, Gradients &) { return success(); }

static Term rsqrt(Term x) { return x.apply<dfg::RsqrtOp>(); }

static Term ofAbs(Term x, Term) { return x.apply<dfg::SignOp>(); }
static Term ofNeg(Term x, Term) { return x.number(-1); }
static Term ofExp(Term, Term y) { return y; }
static Term ofExpm1(Term, Term y) { return y + 1; }
static Term ofLog(Term x, Term) { return 1 / x; }
static Term ofLog1p(Term x, Term) { return 1 / (x + 1); }
static Term ofSqrt(Term, Term y) { return 0.5 / y; }
static Term ofRsqrt(Term x, Term y) { return y / x * -0.5; }
static Term ofSin(Term x, Term) { return cos(x); }
static Term ofCos(Term x, Term) { return -x.apply<dfg::SinOp>(); }
static Term ofTan(Term, Term y) { return square(y) + 1; }
static Term ofAsin(Term x, Term) { return rsqrt(1 - square(x)); }
static Term ofAcos(Term x, Term) { return -rsqrt(1 - square(x)); }
static Term ofAtan(Term x, Term) { return 1 / (square(x) + 1); }
static Term ofSinh(Term x, Term) { return x.apply<dfg::CoshOp>(); }
static Term ofCosh(Term x, Term) { return x.apply<dfg::SinhOp>(); }
static Term ofTanh(Term, Term y) { return 1 - square(y); }
static Term ofAsinh(Term x, Term) { return rsqrt(square(x) + 1); }
static Term ofAcosh(Term, Term y) { return 1 / y.apply<dfg::SinhOp>(); }
static Term ofAtanh(Term x, Term) { return 1 / (1 - square(x)); }
static Term ofErf(Term x, Term) { return exp(-square(x)) * M_2_SQRTPI; }
static Term ofSigmoid(Term, Term y) { return y * (1 - y); }

//===----------------------------------------------------------------------===//
// Two operands and more
//===----------------------------------------------------------------------===//

/// The shares of both operands by these, the result and its gradient.
using Share = Term (*)(Term a, Term b, Term y, Term dy);

template <class Op, Share first, Share second> static LogicalResult binary(Op op, Gradients &g) {
  Term a = g.term(op.getA()), b = g.term(op.getB()), y = g.term(op.getY()), dy = g.ofResult(op);
  if (g.isAsked(a))
    g.add(a, first(a, b, y, dy));
  if (g.isAsked(b))
    g.add(b, second(a, b, y, dy));
  return success();
}

static Term where(Term condition, Term dy) { return select(condition, dy, dy.number(0)); }
static Term notOf(Term x) { return x.apply<dfg::NotOp>(); }

static Term same(Term, Term, Term, Term dy) { return dy; }
static Term negative(Term, Term, Term, Term dy) { return -dy; }
static Term timesB(Term, Term b, Term, Term dy) { return dy * b; }
static Term timesA(Term a, Term, Term, Term dy) { return dy * a; }
static Term overB(Term, Term b, Term, Term dy) { return dy / b; }
static Term ofDivisor(Term, Term b, Term y, Term dy) { return -(dy * y / b); }
// Where both are equal the first takes it all.
static Term ofGreaterA(Term a, Term b, Term, Term dy) { return where(a >= b, dy); }
static Term ofGreaterB(Term a, Term b, Term, Term dy) { return where(notOf(a >= b), dy); }
static Term ofLesserA(Term a, Term b, Term, Term dy) { return where(a <= b, dy); }
static Term ofLesserB(Term a, Term b, Term, Term dy) { return where(notOf(a <= b), dy); }
static Term ofBase(Term a, Term b, Term, Term dy) { return dy * b * a.apply<dfg::PowOp>(b - 1); }
static Term ofExponent(Term a, Term, Term y, Term dy) {
  Term isPositive = a > 0;
  return where(isPositive, dy * y * log(select(isPositive, a, a.number(1))));
}
static Term ofOpposite(Term a, Term b, Term, Term dy) { return dy * b / (square(a) + square(b)); }
static Term ofAdjacent(Term a, Term b, Term, Term dy) { return -(dy * a / (square(a) + square(b))); }
static Term ofModulus(Term a, Term b, Term, Term dy) { return -(dy * floor(a / b)); }
static Term ofRemainder(Term a, Term b, Term, Term dy) { return -(dy * (a / b).apply<dfg::TruncOp>()); }

static LogicalResult selectRule(dfg::SelectOp op, Gradients &g) {
  Term condition = g.term(op.getCondition()), dy = g.ofResult(op);
  g.add(op.getA(), where(condition, dy));
  g.add(op.getB(), where(notOf(condition), dy));
  return success();
}

static LogicalResult castRule(dfg::CastOp op, Gradients &g) {
  g.add(op.getX(), g.ofResult(op));
  return success();
}

//===----------------------------------------------------------------------===//
// Products, softmax
//===----------------------------------------------------------------------===//

static LogicalResult matmulRule(dfg::MatmulOp op, Gradients &g) {
  GraphBuilder &b = g.b;
  Value x = op.getA(), y = op.getB();
  if (b.rank(x) < 2 || b.rank(y) < 2)
    return op.emitError() << "has no derivative for operands of rank " << b.rank(x) << " and " << b.rank(y);
  Value dz = g.ofResult(op);
  bool tx = op.getTransposeA(), ty = op.getTransposeB();
  auto product = [&](Value u, Value v, bool tu, bool tv) { return b.create<dfg::MatmulOp>(u, v, tu, tv); };
  if (g.isAsked(x))
    g.add(x, tx ? product(y, dz, ty, true) : product(dz, y, false, !ty));
  if (g.isAsked(y))
    g.add(y, ty ? product(dz, x, true, tx) : product(x, dz, !tx, false));
  return success();
}

static LogicalResult softmaxRule(dfg::SoftmaxOp op, Gradients &g) {
  Term y = g.term(op.getY()), dy = g.ofResult(op);
  int64_t rank = g.b.rank(y), axis = op.getAxis() < 0 ? op.getAxis() + rank : op.getAxis();
  g.add(op.getX(), (dy - sum(dy * y, {axis})) * y);
  return success();
}

template <class Op, Slope slope> static void attach(MLIRContext &context) {
  attachDerivative<Op, unary<Op, slope>>(context);
}
template <class Op, Share first, Share second> static void attach(MLIRContext &context) {
  attachDerivative<Op, binary<Op, first, second>>(context);
}

void attachMathDerivatives(MLIRContext &context) {
  attach<dfg::AbsOp, ofAbs>(context);
  attach<dfg::AcosOp, ofAcos>(context);
  attach<dfg::AcoshOp, ofAcosh>(context);
  attach<dfg::AsinOp, ofAsin>(context);
  attach<dfg::AsinhOp, ofAsinh>(context);
  attach<dfg::AtanOp, ofAtan>(context);
  attach<dfg::AtanhOp, ofAtanh>(context);
  attach<dfg::CosOp, ofCos>(context);
  attach<dfg::CoshOp, ofCosh>(context);
  attach<dfg::ErfOp, ofErf>(context);
  attach<dfg::ExpOp, ofExp>(context);
  attach<dfg::Expm1Op, ofExpm1>(context);
  attach<dfg::Log1pOp, ofLog1p>(context);
  attach<dfg::LogOp, ofLog>(context);
  attach<dfg::NegOp, ofNeg>(context);
  attach<dfg::RsqrtOp, ofRsqrt>(context);
  attach<dfg::SigmoidOp, ofSigmoid>(context);
  attach<dfg::SinOp, ofSin>(context);
  attach<dfg::SinhOp, ofSinh>(context);
  attach<dfg::SqrtOp, ofSqrt>(context);
  attach<dfg::TanOp, ofTan>(context);
  attach<dfg::TanhOp, ofTanh>(context);
  attachDerivative<dfg::CeilOp, flat<dfg::CeilOp>>(context);
  attachDerivative<dfg::FloorOp, flat<dfg::FloorOp>>(context);
  attachDerivative<dfg::RoundOp, flat<dfg::RoundOp>>(context);
  attachDerivative<dfg::SignOp, flat<dfg::SignOp>>(context);
  attachDerivative<dfg::TruncOp, flat<dfg::TruncOp>>(context);

  attach<dfg::AddOp, same, same>(context);
  attach<dfg::Atan2Op, ofOpposite, ofAdjacent>(context);
  attach<dfg::DivOp, overB, ofDivisor>(context);
  attach<dfg::MaxOp, ofGreaterA, ofGreaterB>(context);
  attach<dfg::MinOp, ofLesserA, ofLesserB>(context);
  attach<dfg::ModOp, same, ofModulus>(context);
  attach<dfg::MulOp, timesB, timesA>(context);
  attach<dfg::PowOp, ofBase, ofExponent>(context);
  attach<dfg::RemOp, same, ofRemainder>(context);
  attach<dfg::SubOp, same, negative>(context);

  attachDerivative<dfg::CastOp, castRule>(context);
  attachDerivative<dfg::MatmulOp, matmulRule>(context);
  attachDerivative<dfg::SelectOp, selectRule>(context);
  attachDerivative<dfg::SoftmaxOp, softmaxRule>(context);
}

} // namespace tfc
