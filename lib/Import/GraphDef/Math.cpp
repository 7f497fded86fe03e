// Elementwise arithmetic, comparisons, logic and bits.
#include "Indices.h"
#include "TensorList.h"
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/Common/Strings.h"

using namespace mlir;

namespace tfc::tf {

using dfg::CompareKind;

static bool isInteger(NodeContext &c, unsigned i) { return isa<IntegerType>(c.b.elementType(c.input(i))); }

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

template <class Op> static LogicalResult importUnary(NodeContext &c) { return c.result(c.b.create<Op>(c.input(0))); }

using UnaryFormula = Term (*)(Term);
template <UnaryFormula formula> static LogicalResult importFormula(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  return c.result(formula({c.b, c.input(0)}));
}

static Term reciprocal(Term x) { return 1 / x; }
static Term isInfinite(Term x) { return {x.builder(), x.builder().create<dfg::IsInfOp>(x, true, true)}; }
/// Only of finite numbers is the difference with themselves no NaN.
static Term isFinite(Term x) { return equal(x - x, 0.0); }

/// Integers are whole already.
template <class Op> static LogicalResult importRounding(NodeContext &c) {
  return isInteger(c, 0) ? c.result(c.input(0)) : importUnary<Op>(c);
}

//===----------------------------------------------------------------------===//
// Two operands
//===----------------------------------------------------------------------===//

template <class Op> static LogicalResult importBinary(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(c.b.create<Op>(c.input(0), c.input(1)));
}

template <CompareKind kind> static LogicalResult importCompare(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(compareElements(c.b, kind, c.input(0), c.input(1)));
}

using BinaryFormula = Term (*)(Term, Term);
template <BinaryFormula formula> static LogicalResult importFormula(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(formula({c.b, c.input(0)}, {c.b, c.input(1)}));
}

static Term unlessZero(Term zero, Term y) { return select(equal(zero, 0.0), y.number(0), y); }
static Term xlogy(Term x, Term y) { return unlessZero(x, x * log(y)); }
static Term xlog1py(Term x, Term y) { return unlessZero(x, x * log1p(y)); }
static Term xdivy(Term x, Term y) { return unlessZero(x, x / y); }
static Term divNoNan(Term x, Term y) { return unlessZero(y, x / y); }
static Term mulNoNan(Term x, Term y) { return unlessZero(y, x * y); }
static Term squaredDifference(Term x, Term y) { return square(x - y); }

/// What TensorFlow's division reports: an integer divisor of 0.
static void requireNonZero(NodeContext &c, Value divisor) {
  GraphBuilder &b = c.b;
  if (auto content = b.knownContent(divisor); content && llvm::all_of(*content, [&](AffineExpr expr) {
                                                return b.number(expr).value_or(0) != 0 ||
                                                       b.scope.isNonNegative(b.scope.sub(expr, b.expr(1)));
                                              }))
    return;
  if (auto constants = b.constantIntegers(divisor); constants && !llvm::is_contained(*constants, 0))
    return;
  requireAll(c, b.compare(CompareKind::NE, divisor, b.scalarLike(divisor, 0)), "integer division by zero");
}

template <class Op> static LogicalResult importDivision(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  if (isInteger(c, 1))
    requireNonZero(c, c.input(1));
  return importBinary<Op>(c);
}

/// The quotients of shapes, rounded down; null where they are no shapes.
static Value floorDivOfShapes(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto x = b.knownContent(c.input(0)), y = b.knownContent(c.input(1));
  if (!x || !y || (y->size() != 1 && x->size() != y->size()) || (b.rank(c.input(1)) > b.rank(c.input(0))))
    return {};
  GraphBuilder::Dims quotients;
  for (auto [i, dividend] : llvm::enumerate(*x)) {
    AffineExpr divisor = (*y)[y->size() == 1 ? 0 : i];
    if (!b.scope.isNonNegative(b.scope.sub(divisor, b.expr(1))))
      return {};
    quotients.push_back(dividend == divisor ? b.expr(1) : b.scope.floorDiv(dividend, divisor));
  }
  return b.fromContent(quotients, b.shape(c.input(0)), b.elementType(c.input(0)));
}

static LogicalResult importFloorDiv(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Term x{c.b, c.input(0)}, y{c.b, c.input(1)};
  if (!isInteger(c, 0))
    return c.result(floor(x / y));
  if (Value known = floorDivOfShapes(c))
    return c.result(known);
  requireNonZero(c, y);
  Term quotient = x / y;
  if (cast<IntegerType>(c.b.elementType(x)).isUnsigned())
    return c.result(quotient);
  // Rounded towards zero, it is one too great where something is left and the signs differ.
  Term rest = x - quotient * y;
  Term isAbove = (rest < 0.0).apply<dfg::XorOp>(y < 0.0) & rest.compare(CompareKind::NE, rest.number(0));
  return c.result(quotient - isAbove.cast(c.b.elementType(x)));
}

/// Amounts beyond the width act as the greatest inside.
template <class Op> static LogicalResult importShift(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  auto type = dyn_cast<IntegerType>(c.b.elementType(c.input(0)));
  if (!type)
    return c.error() << "shifts " << c.input(0).getType() << ", expected integers";
  return c.result(c.b.create<Op>(c.input(0), clamp({c.b, c.input(1)}, 0, type.getWidth() - 1)));
}

static LogicalResult importApproximateEqual(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(abs(Term(c.b, c.input(0)) - Term(c.b, c.input(1))) < c.number("tolerance", 1e-5));
}

/// Powers of integers wrap around at their own width.
static LogicalResult importPow(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Type element = c.b.elementType(c.input(0)), wide = isInteger(c, 0) ? c.b.builder.getI64Type() : element;
  auto operand = [&](unsigned i) { return c.b.cast(c.input(i), wide); };
  return c.result(c.b.cast(c.b.create<dfg::PowOp>(operand(0), operand(1)), element));
}

/// Integers of the same width as the numbers.
static IntegerType bitsOf(Type type, bool isSigned = false) {
  return IntegerType::get(type.getContext(), type.getIntOrFloatBitWidth(),
                          isSigned ? IntegerType::Signless : IntegerType::Unsigned);
}

/// The float behind x in the direction of y. As bits, floats of one sign are in order.
static LogicalResult importNextAfter(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Type element = b.elementType(c.input(0));
  if (!isa<FloatType>(element))
    return c.error() << "has " << c.input(0).getType() << ", expected floats";
  Term x{b, c.input(0)}, y{b, c.input(1)};
  auto ofBits = [&](Term bits) { return Term(b, b.createAs<dfg::BitcastOp>(element, bits)); };
  Term bits{b, b.createAs<dfg::BitcastOp>(bitsOf(element, /*isSigned=*/true), x)}, one = bits.number(1);
  Term isAway{b, b.create<dfg::NotOp>((x < y).apply<dfg::XorOp>(x > 0.0))};
  Term next = ofBits(select(isAway, bits + one, bits - one)), least = ofBits(one);
  next = select(equal(x, 0.0), select(y > 0.0, least, -least), next);
  Term isOrdered = equal(x, x) & equal(y, y);
  return c.result(select(isOrdered, select(equal(x, y), y, next), x + y));
}

/// Counts in ever wider fields.
static LogicalResult importPopulationCount(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Type element = b.elementType(c.input(0)), word = IntegerType::get(element.getContext(), 64, IntegerType::Unsigned);
  if (!isa<IntegerType>(element))
    return c.error() << "has " << c.input(0).getType() << ", expected integers";
  Term x{b, c.input(0)};
  if (bitsOf(element) != element)
    x = {b, b.createAs<dfg::BitcastOp>(bitsOf(element), x)};
  x = x.cast(word);
  for (auto [shift, mask] : {std::pair<int, uint64_t>{1, 0x5555555555555555},
                             {2, 0x3333333333333333},
                             {4, 0x0f0f0f0f0f0f0f0f},
                             {8, 0x00ff00ff00ff00ff},
                             {16, 0x0000ffff0000ffff},
                             {32, 0x00000000ffffffff}}) {
    Term fields{b, b.constant(DenseElementsAttr::get(RankedTensorType::get({}, word), APInt(64, mask)))};
    x = (x & fields) + (x.apply<dfg::ShrOp>(x.number(shift)) & fields);
  }
  return c.result(x.cast(IntegerType::get(element.getContext(), 8, IntegerType::Unsigned)));
}

//===----------------------------------------------------------------------===//
// More operands
//===----------------------------------------------------------------------===//

static LogicalResult importAddN(NodeContext &c) {
  Value sum = c.input(0);
  for (unsigned i = 1; i < c.inputCount(); ++i) {
    if (sum && c.hasInput(i) && isa<dfg::ListType>(sum.getType()) && isa<dfg::ListType>(c.input(i).getType())) {
      if (!(sum = addLists(c, sum, c.input(i))))
        return failure();
      continue;
    }
    if (failed(c.requireSameElements({0, i})))
      return failure();
    sum = c.b.create<dfg::AddOp>(sum, c.input(i));
  }
  return c.result(sum);
}

static LogicalResult importClipByValue(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1, 2})))
    return failure();
  Value raised = c.b.create<dfg::MaxOp>(c.input(0), c.input(1));
  return c.result(c.b.create<dfg::MinOp>(raised, c.input(2)));
}

/// A condition that is a vector chooses among rows, unless (version 2) it broadcasts.
template <bool broadcasts> static LogicalResult importSelect(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)) || failed(c.requireSameElements({1, 2})))
    return failure();
  Value condition = c.input(0);
  if (!broadcasts && b.rank(condition) == 1 && b.rank(c.input(1)) > 1) {
    GraphBuilder::Dims sizes(b.rank(c.input(1)), b.expr(1));
    sizes.front() = b.dim(condition, 0);
    condition = b.reshape(condition, sizes);
  }
  return c.result(b.select(condition, c.input(1), c.input(2)));
}

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

static LogicalResult importCast(NodeContext &c) {
  Type element = c.elementType("DstT");
  if (!element || failed(c.requireRank(0, 0)))
    return failure();
  if (isa<ComplexType>(element) != isa<ComplexType>(c.b.elementType(c.input(0))))
    return c.unsupported() << "converts " << c.b.elementType(c.input(0)) << " to " << element
                           << ", expected real numbers";
  // Rounding towards zero drops the bits that bf16 lacks.
  if (c.boolean("Truncate") && element.isBF16() && c.b.elementType(c.input(0)).isF32()) {
    Type bits = bitsOf(c.b.builder.getF32Type());
    Term kept = Term(c.b, c.b.createAs<dfg::BitcastOp>(bits, c.input(0)));
    kept = kept & kept.number(0xffff0000);
    return c.result(c.b.cast(c.b.createAs<dfg::BitcastOp>(c.b.builder.getF32Type(), kept), element));
  }
  return c.result(c.b.cast(c.input(0), element));
}

/// Elements of another width join, or are split along, a last dimension; the first of them
/// are the low bits.
static LogicalResult importBitcast(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type element = c.elementType("type");
  if (!element || failed(c.requireRank(0, 0)))
    return failure();
  Value x = c.input(0);
  Type from = b.elementType(x);
  if (!from.isIntOrFloat() || !element.isIntOrFloat() || from.isInteger(1) || element.isInteger(1))
    return c.unsupported() << "reinterprets " << from << " as " << element << ", expected numbers";
  auto recast = [&](Value value, Type type) {
    return b.elementType(value) == type ? value : b.createAs<dfg::BitcastOp>(type, value);
  };
  IntegerType narrow = bitsOf(from), wide = bitsOf(element);
  int64_t ratio = int64_t(wide.getWidth()) / narrow.getWidth();
  if (narrow == wide)
    return c.result(recast(x, element));
  x = recast(x, narrow);
  if (narrow.getWidth() < wide.getWidth()) {
    if (b.rank(x) == 0 || b.number(b.dim(x, -1)).value_or(ratio) != ratio)
      return c.error() << "joins " << x.getType() << " to " << element << ", expected a last dimension of " << ratio;
    int64_t last = b.rank(x) - 1;
    Value joined;
    for (int64_t i = 0; i < ratio; ++i) {
      Term part = Term(b, b.squeeze(b.sliceAxis(x, last, b.expr(i), b.expr(1)), {last})).cast(wide);
      part = part.apply<dfg::ShlOp>(part.number(i * narrow.getWidth()));
      joined = joined ? b.create<dfg::OrOp>(joined, part) : Value(part);
    }
    return c.result(recast(joined, element));
  }
  ratio = narrow.getWidth() / wide.getWidth();
  GraphBuilder::Dims sizes(b.rank(x) + 1, b.expr(1));
  sizes.back() = b.expr(ratio);
  Term amount = Term(b, b.iota(narrow, sizes, b.rank(x))) * double(wide.getWidth());
  Term parts = Term(b, b.unsqueeze(x, {b.rank(x)})).apply<dfg::ShrOp>(amount);
  return c.result(recast(parts.cast(wide), element));
}

void registerMathOps(OpRegistry &ops) {
  ops.add("Abs", importUnary<dfg::AbsOp>);
  ops.add("Acos", importUnary<dfg::AcosOp>);
  ops.add("Acosh", importUnary<dfg::AcoshOp>);
  ops.add("Asin", importUnary<dfg::AsinOp>);
  ops.add("Asinh", importUnary<dfg::AsinhOp>);
  ops.add("Atan", importUnary<dfg::AtanOp>);
  ops.add("Atanh", importUnary<dfg::AtanhOp>);
  ops.add("Ceil", importRounding<dfg::CeilOp>);
  ops.add("Cos", importUnary<dfg::CosOp>);
  ops.add("Cosh", importUnary<dfg::CoshOp>);
  ops.add("Erf", importUnary<dfg::ErfOp>);
  ops.add("Exp", importUnary<dfg::ExpOp>);
  ops.add("Expm1", importUnary<dfg::Expm1Op>);
  ops.add("Floor", importRounding<dfg::FloorOp>);
  ops.add("Inv", importFormula<reciprocal>);
  ops.add("Invert", importUnary<dfg::NotOp>);
  ops.add("IsFinite", importFormula<isFinite>);
  ops.add("IsInf", importFormula<isInfinite>);
  ops.add("IsNan", importUnary<dfg::IsNanOp>);
  ops.add("Log", importUnary<dfg::LogOp>);
  ops.add("Log1p", importUnary<dfg::Log1pOp>);
  ops.add("LogicalNot", importUnary<dfg::NotOp>);
  ops.add("Neg", importUnary<dfg::NegOp>);
  ops.add("Reciprocal", importFormula<reciprocal>);
  ops.add("Rint", importRounding<dfg::RoundOp>);
  ops.add("Round", importRounding<dfg::RoundOp>);
  ops.add("Rsqrt", importUnary<dfg::RsqrtOp>);
  ops.add("Sign", importUnary<dfg::SignOp>);
  ops.add("Sin", importUnary<dfg::SinOp>);
  ops.add("Sinh", importUnary<dfg::SinhOp>);
  ops.add("Sqrt", importUnary<dfg::SqrtOp>);
  ops.add("Square", importFormula<square>);
  ops.add("Tan", importUnary<dfg::TanOp>);

  ops.add("Add", importBinary<dfg::AddOp>);
  ops.add("AddV2", importBinary<dfg::AddOp>);
  ops.add("Atan2", importBinary<dfg::Atan2Op>);
  ops.add("Div", importDivision<dfg::DivOp>);
  ops.add("DivNoNan", importFormula<divNoNan>);
  ops.add("FloorDiv", importFloorDiv);
  ops.add("FloorMod", importDivision<dfg::ModOp>);
  ops.add("Maximum", importBinary<dfg::MaxOp>);
  ops.add("Minimum", importBinary<dfg::MinOp>);
  ops.add("Mod", importDivision<dfg::RemOp>);
  ops.add("Mul", importBinary<dfg::MulOp>);
  ops.add("MulNoNan", importFormula<mulNoNan>);
  ops.add("NextAfter", importNextAfter);
  ops.add("PopulationCount", importPopulationCount);
  ops.add("Pow", importPow);
  ops.add("RealDiv", importBinary<dfg::DivOp>);
  ops.add("SquaredDifference", importFormula<squaredDifference>);
  ops.add("Sub", importBinary<dfg::SubOp>);
  ops.add("TruncateDiv", importDivision<dfg::DivOp>);
  ops.add("TruncateMod", importDivision<dfg::RemOp>);
  ops.add("Xdivy", importFormula<xdivy>);
  ops.add("Xlog1py", importFormula<xlog1py>);
  ops.add("Xlogy", importFormula<xlogy>);

  ops.add("ApproximateEqual", importApproximateEqual);
  ops.add("Equal", importCompare<CompareKind::EQ>);
  ops.add("Greater", importCompare<CompareKind::GT>);
  ops.add("GreaterEqual", importCompare<CompareKind::GE>);
  ops.add("Less", importCompare<CompareKind::LT>);
  ops.add("LessEqual", importCompare<CompareKind::LE>);
  ops.add("NotEqual", importCompare<CompareKind::NE>);

  for (StringRef name : {"BitwiseAnd", "LogicalAnd"})
    ops.add(name, importBinary<dfg::AndOp>);
  for (StringRef name : {"BitwiseOr", "LogicalOr"})
    ops.add(name, importBinary<dfg::OrOp>);
  ops.add("BitwiseXor", importBinary<dfg::XorOp>);
  ops.add("LeftShift", importShift<dfg::ShlOp>);
  ops.add("RightShift", importShift<dfg::ShrOp>);

  ops.add("AccumulateNV2", importAddN);
  ops.add("AddN", importAddN);
  ops.add("ClipByValue", importClipByValue);
  ops.add("Select", importSelect<false>);
  ops.add("SelectV2", importSelect<true>);

  ops.add("Bitcast", importBitcast);
  ops.add("Cast", importCast);
}

} // namespace tfc::tf
