// Incomplete gamma and beta functions: series and continued fractions that go on until every
// element has converged.
#include "OpRegistry.h"
#include "Special.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc::tf {

using Terms = SmallVector<Term, 8>;

/// Iterates `next`, whose first value is the size of the last change relative to the result,
/// until no change matters; fails after an error. Values have one shape.
static FailureOr<Terms> iterate(NodeContext &c, Terms values, llvm::function_ref<Terms(Term i, const Terms &)> next) {
  constexpr int64_t kMostIterations = 10'000;
  constexpr double kPrecision = 1e-15;
  GraphBuilder &b = c.b;
  LoopSource loop;
  loop.initial = llvm::to_vector(llvm::map_range(values, [](Term x) { return Value(x); }));
  loop.tripCount = b.expr(kMostIterations);
  auto terms = [&](ValueRange range) {
    Terms result;
    for (Value value : range)
      result.push_back({b, value});
    return result;
  };
  loop.test = [&](ValueRange now) -> FailureOr<Value> {
    Value isOpen = Term(b, now.front()) > kPrecision;
    return b.reduce(dfg::ReduceKind::Max, isOpen, llvm::to_vector(llvm::seq<int64_t>(0, b.rank(isOpen))), false);
  };
  loop.body = [&](AffineExpr i, Value, ValueRange now) -> FailureOr<LoopIteration> {
    LoopIteration iteration;
    for (Term x : next(countLike(values.front(), i), terms(now)))
      iteration.next.push_back(x);
    return iteration;
  };
  if (llvm::is_contained(loop.initial, Value()))
    return failure();
  auto results = importLoop(c, loop);
  return failed(results) ? FailureOr<Terms>(failure()) : terms(results->values);
}

//===----------------------------------------------------------------------===//
// Gamma
//===----------------------------------------------------------------------===//

/// x^a exp(-x) / gamma(a + 1).
static Term gammaScale(Term a, Term x) { return exp(a * log(x) - x - lgamma(a + 1.0)); }

/// The lower function and its derivative by a, from their series.
static FailureOr<std::pair<Term, Term>> gammaSeries(NodeContext &c, Term a, Term x) {
  Term one = a * 0.0 + 1.0, zero = a * 0.0;
  auto sums = iterate(c, {one, one, zero, one, zero}, [&](Term i, const Terms &v) -> Terms {
    Term place = a + i + 1.0, factor = x / place;
    Term slope = (v[2] - v[1] / place) * factor, part = v[1] * factor;
    Term sum = v[3] + part, slopes = v[4] + slope;
    Term change = max(abs(part), abs(slope)) / (sum + abs(slopes));
    return {change, part, slope, sum, slopes};
  });
  if (failed(sums))
    return failure();
  Term scale = gammaScale(a, x), sum = (*sums)[3], slopes = (*sums)[4];
  Term slope = scale * ((log(x) - digamma(a + 1.0)) * sum + slopes);
  Term isZero = equal(x, 0.0);
  return std::pair(select(isZero, zero, scale * sum), select(isZero, zero, slope));
}

/// The upper function where x is at least a + 1, by Lentz' algorithm.
static FailureOr<Term> gammaFraction(NodeContext &c, Term a, Term x) {
  constexpr double kTiny = 1e-300;
  Term b0 = x + 1.0 - a, zero = b0 * 0.0;
  Term d0 = 1.0 / b0;
  auto values = iterate(c, {zero + 1.0, zero + 1 / kTiny, d0, d0}, [&](Term i, const Terms &v) -> Terms {
    Term n = i + 1.0, an = -n * (n - a), bn = b0 + n * 2.0;
    auto nonZero = [&](Term y) { return select(abs(y) < kTiny, y.number(kTiny), y); };
    Term d = 1.0 / nonZero(an * v[2] + bn), next = nonZero(bn + an / v[1]), change = d * next;
    return {abs(change - 1.0), next, d, v[3] * change};
  });
  if (failed(values))
    return failure();
  return exp(a * log(x) - x - lgamma(a)) * (*values)[3];
}

enum class GammaPart { Lower, Upper, LowerSlope };

template <GammaPart part> static LogicalResult importGamma(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Type element = b.elementType(c.input(0)), f64 = b.builder.getF64Type();
  Term a = Term(b, c.input(0)).cast(f64), x = Term(b, c.input(1)).cast(f64);
  // One shape for all that the loops carry.
  Term zero = a * 0.0 + x * 0.0;
  a = a + zero;
  x = x + zero;
  auto lower = gammaSeries(c, a, x);
  if (failed(lower))
    return failure();
  if (part == GammaPart::LowerSlope)
    return c.result(lower->second.cast(element));
  Term isFar = x > a + 1.0;
  // Elements of the other side are given something harmless.
  auto upper = gammaFraction(c, a, select(isFar, x, a + 2.0));
  if (failed(upper))
    return failure();
  Term y =
      part == GammaPart::Upper ? select(isFar, *upper, 1.0 - lower->first) : select(isFar, 1.0 - *upper, lower->first);
  return c.result(y.cast(element));
}

//===----------------------------------------------------------------------===//
// Beta
//===----------------------------------------------------------------------===//

/// The continued fraction (Numerical Recipes, 3rd edition, 6.4) of the side that converges
/// fast, by Lentz' algorithm.
static LogicalResult importBetainc(NodeContext &c) {
  constexpr double kTiny = 1e-300;
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1, 2})))
    return failure();
  Type element = b.elementType(c.input(0)), f64 = b.builder.getF64Type();
  auto operand = [&](unsigned i) { return Term(b, c.input(i)).cast(f64); };
  Term zero = operand(0) * 0.0 + operand(1) * 0.0 + operand(2) * 0.0;
  Term p = operand(0) + zero, q = operand(1) + zero, x = operand(2) + zero;
  Term scale = exp(lgamma(p + q) - lgamma(p) - lgamma(q) + p * log(x) + q * log1p(-x));
  Term isMirrored = x > (p + 1.0) / (p + q + 2.0);
  Term a = select(isMirrored, q, p), other = select(isMirrored, p, q), z = select(isMirrored, 1.0 - x, x);
  auto nonZero = [&](Term y) { return select(abs(y) < kTiny, y.number(kTiny), y); };
  Term d0 = 1.0 / nonZero(1.0 - (a + other) * z / (a + 1.0));
  auto values = iterate(c, {zero + 1.0, zero + 1.0, d0, d0}, [&](Term i, const Terms &v) -> Terms {
    Term m = i + 1.0, place = a + m * 2.0;
    Term even = m * (other - m) * z / ((place - 1.0) * place);
    Term odd = -(a + m) * (a + other + m) * z / (place * (place + 1.0));
    Term d = 1.0 / nonZero(even * v[2] + 1.0), next = nonZero(even / v[1] + 1.0), result = v[3] * d * next;
    d = 1.0 / nonZero(odd * d + 1.0);
    next = nonZero(odd / next + 1.0);
    Term change = d * next;
    return {abs(change - 1.0), next, d, result * change};
  });
  if (failed(values))
    return failure();
  Term y = scale * (*values)[3] / a;
  y = select(isMirrored, 1.0 - y, y);
  y = select(x <= 0.0, zero, select(x >= 1.0, zero + 1.0, y));
  return c.result(y.cast(element));
}

void registerIncompleteOps(OpRegistry &ops) {
  ops.add("Betainc", importBetainc);
  ops.add("Igamma", importGamma<GammaPart::Lower>);
  ops.add("IgammaGradA", importGamma<GammaPart::LowerSlope>);
  ops.add("Igammac", importGamma<GammaPart::Upper>);
}

} // namespace tfc::tf
