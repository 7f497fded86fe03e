// Elementwise arithmetic.
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

template <class Op> static LogicalResult importUnary(NodeContext &c) { return c.result(c.b.create<Op>(c.input(0))); }

static LogicalResult importReciprocal(NodeContext &c) {
  return c.result(c.b.create<dfg::DivOp>(c.b.scalarLike(c.input(0), 1), c.input(0)));
}

//===----------------------------------------------------------------------===//
// Two and more operands
//===----------------------------------------------------------------------===//

/// Before opset 7, operand b broadcasts only if `broadcast` says so, and its dimensions
/// stand at `axis` of a, or at the end.
static Value alignOldOperand(NodeContext &c, Value a, Value b) {
  int64_t rank = c.b.rank(a), own = c.b.rank(b), axis = c.integer("axis", rank - own);
  if (c.version >= 7 || !c.integer("broadcast") || !c.hasAttribute("axis"))
    return b;
  if (axis < 0)
    axis += rank;
  if (axis < 0 || axis + own > rank) {
    c.error() << "has axis " << axis << ", expected one of [0, " << rank - own << "]";
    return {};
  }
  GraphBuilder::Dims sizes = c.b.dims(b);
  sizes.append(rank - axis - own, c.b.expr(1));
  return c.b.reshape(b, sizes);
}

template <class Op> static LogicalResult importBinary(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(c.b.create<Op>(c.input(0), alignOldOperand(c, c.input(0), c.input(1))));
}

static LogicalResult importPow(NodeContext &c) {
  if (failed(c.requireRank(0, 0)) || failed(c.requireRank(1, 0)))
    return failure();
  return c.result(c.b.create<dfg::PowOp>(c.input(0), alignOldOperand(c, c.input(0), c.input(1))));
}

static LogicalResult importMod(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  if (c.integer("fmod"))
    return c.result(c.b.create<dfg::RemOp>(c.input(0), c.input(1)));
  return c.result(c.b.create<dfg::ModOp>(c.input(0), c.input(1)));
}

/// An amount that is negative or beyond the width shifts everything out.
static LogicalResult importBitShift(NodeContext &c) {
  GraphBuilder &b = c.b;
  StringRef direction = c.string("direction");
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  if (direction != "LEFT" && direction != "RIGHT")
    return c.error() << "has direction '" << direction << "', expected LEFT or RIGHT";
  Value x = c.input(0), amount = c.input(1);
  auto integer = dyn_cast<IntegerType>(b.elementType(x));
  if (!integer)
    return c.error() << "shifts " << x.getType() << ", expected integers";
  Value zero = b.scalarLike(x, 0), width = b.scalarLike(x, integer.getWidth());
  Value isOut = b.compare(dfg::CompareKind::GE, amount, width);
  if (!integer.isUnsigned())
    isOut = b.create<dfg::OrOp>(isOut, b.compare(dfg::CompareKind::LT, amount, zero));
  Value inside = b.select(isOut, zero, amount);
  if (direction == "LEFT")
    return c.result(b.select(isOut, zero, b.create<dfg::ShlOp>(x, inside)));
  if (integer.isUnsigned())
    return c.result(b.select(isOut, zero, b.create<dfg::ShrOp>(x, inside)));
  // Copies of the sign remain.
  return c.result(b.create<dfg::ShrOp>(x, b.select(isOut, b.scalarLike(x, integer.getWidth() - 1), amount)));
}

/// Any number of operands, combined from the left.
template <class Op> static Value combine(NodeContext &c) {
  Value result = c.input(0);
  for (unsigned i = 1; i < c.inputCount(); ++i) {
    if (failed(c.requireSameElements({0, i})))
      return {};
    result = c.b.create<Op>(result, c.input(i));
  }
  return result;
}

template <class Op> static LogicalResult importVariadic(NodeContext &c) { return c.result(combine<Op>(c)); }

static LogicalResult importMean(NodeContext &c) {
  Value sum = combine<dfg::AddOp>(c);
  return c.result(c.b.create<dfg::DivOp>(sum, c.b.scalarLike(sum, c.inputCount())));
}

/// Limits are attributes before opset 11 and inputs since.
static LogicalResult importClip(NodeContext &c) {
  Value x = c.input(0);
  auto limit = [&](unsigned i, StringRef name) -> Value {
    if (c.version < 11)
      return c.hasAttribute(name) ? c.b.scalarLike(x, c.number(name)) : Value();
    return c.input(i);
  };
  if (failed(c.requireRank(0, 0)))
    return failure();
  for (unsigned i : {1, 2})
    if (c.version >= 11 && c.hasInput(i) && failed(c.requireSameElements({0, i})))
      return failure();
  // Limits that cross give the upper one.
  if (Value least = limit(1, "min"))
    x = c.b.create<dfg::MaxOp>(x, least);
  if (Value most = limit(2, "max"))
    x = c.b.create<dfg::MinOp>(x, most);
  return c.result(x);
}

void registerMathOps(OpRegistry &ops) {
  ops.add("Abs", importUnary<dfg::AbsOp>);
  ops.add("Acos", importUnary<dfg::AcosOp>);
  ops.add("Acosh", importUnary<dfg::AcoshOp>);
  ops.add("Asin", importUnary<dfg::AsinOp>);
  ops.add("Asinh", importUnary<dfg::AsinhOp>);
  ops.add("Atan", importUnary<dfg::AtanOp>);
  ops.add("Atanh", importUnary<dfg::AtanhOp>);
  ops.add("BitwiseNot", importUnary<dfg::NotOp>);
  ops.add("Ceil", importUnary<dfg::CeilOp>);
  ops.add("Cos", importUnary<dfg::CosOp>);
  ops.add("Cosh", importUnary<dfg::CoshOp>);
  ops.add("Erf", importUnary<dfg::ErfOp>);
  ops.add("Exp", importUnary<dfg::ExpOp>);
  ops.add("Floor", importUnary<dfg::FloorOp>);
  ops.add("Log", importUnary<dfg::LogOp>);
  ops.add("Neg", importUnary<dfg::NegOp>);
  ops.add("Reciprocal", importReciprocal);
  ops.add("Round", importUnary<dfg::RoundOp>);
  ops.add("Sigmoid", importUnary<dfg::SigmoidOp>);
  ops.add("Sign", importUnary<dfg::SignOp>);
  ops.add("Sin", importUnary<dfg::SinOp>);
  ops.add("Sinh", importUnary<dfg::SinhOp>);
  ops.add("Sqrt", importUnary<dfg::SqrtOp>);
  ops.add("Tan", importUnary<dfg::TanOp>);
  ops.add("Tanh", importUnary<dfg::TanhOp>);

  ops.add("Add", importBinary<dfg::AddOp>);
  ops.add("BitwiseAnd", importBinary<dfg::AndOp>);
  ops.add("BitwiseOr", importBinary<dfg::OrOp>);
  ops.add("BitwiseXor", importBinary<dfg::XorOp>);
  ops.add("BitShift", importBitShift);
  ops.add("Div", importBinary<dfg::DivOp>);
  ops.add("Mod", importMod);
  ops.add("Mul", importBinary<dfg::MulOp>);
  ops.add("Pow", importPow);
  ops.add("Sub", importBinary<dfg::SubOp>);

  ops.add("Clip", importClip);
  ops.add("Max", importVariadic<dfg::MaxOp>);
  ops.add("Mean", importMean);
  ops.add("Min", importVariadic<dfg::MinOp>);
  ops.add("Sum", importVariadic<dfg::AddOp>);
}

} // namespace tfc
