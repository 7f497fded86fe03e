// Distributions that numbers are drawn from until one fits, and generators that are variables.
#include "Random.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::ReduceKind;

/// How many counters TensorFlow sets aside for each element.
constexpr double kPerElement = 256;

static Value any(GraphBuilder &b, Value holds) {
  return b.reduce(ReduceKind::Max, holds, llvm::to_vector(llvm::seq<int64_t>(0, b.rank(holds))), /*keepDims=*/false);
}

//===----------------------------------------------------------------------===//
// Gamma
//===----------------------------------------------------------------------===//

/// Numbers [samples..., alpha...] of the gamma distribution (Marsaglia and Tsang, 2000), bit for
/// bit TensorFlow's. Every element has counters of its own, those of an alpha's samples in a row;
/// the two numbers that one gives are used last first. What has been drawn but not yet used
/// waits in the loop's values.
static FailureOr<Value> gammaNumbers(NodeContext &c, const Source &source, Value shapes, ArrayRef<AffineExpr> samples) {
  GraphBuilder &b = c.b;
  Type f64 = b.builder.getF64Type(), i64 = b.builder.getI64Type();
  Dims sizes(samples);
  sizes.append(b.dims(shapes));
  Term alpha{b, b.broadcastTo(b.cast(shapes, f64), sizes)};
  Term isSmall = alpha < 1.0, d = alpha + select(isSmall, alpha.number(2.0 / 3), alpha.number(-1.0 / 3));
  Term scale = 1.0 / 3 / sqrt(d);
  AffineExpr perAlpha = b.scope.product(samples);
  Term alphaNumber{b, b.iota(wordType(b), {b.expr(1), b.count(shapes)}, 1)};
  Term sampleNumber{b, b.iota(wordType(b), {perAlpha, b.expr(1)}, 0)};
  Term element{b, b.reshape(alphaNumber * countLike(alphaNumber, perAlpha) + sampleNumber, sizes)};
  Term start = element * kPerElement;
  Term zero = alpha * 0.0, none = zero.cast(i64);
  // Values: done, result, counters used, normals left and the other one, uniforms likewise.
  enum { Done, Result, Used, NormalsLeft, Normal, UniformsLeft, Uniform };
  LoopSource loop;
  loop.initial = {none, zero, none, none, zero, none, zero};
  loop.test = [&](ValueRange now) -> FailureOr<Value> { return any(b, equal(Term(b, now[Done]), 0.0)); };
  loop.body = [&](AffineExpr, Value, ValueRange values) -> FailureOr<LoopIteration> {
    SmallVector<Term> now;
    for (Value value : values)
      now.push_back({b, value});
    auto draw = [&](int left, int kept, Words (*make)(const Words &, Type), Term isWanted) {
      Term isEmpty = equal(now[left], 0.0);
      Words fresh = make(source.at(start + now[Used].cast(wordType(b))), f64);
      Term number = select(isEmpty, fresh[1], now[kept]);
      Term takes = isEmpty & isWanted;
      now[Used] = now[Used] + takes.cast(i64);
      now[kept] = select(takes, fresh[0], now[kept]);
      now[left] = select(isWanted, 1.0 - now[left], now[left]);
      return number;
    };
    Term isOpen = equal(now[Done], 0.0);
    Term x = draw(NormalsLeft, Normal, normals, isOpen), v = scale * x + 1.0;
    Term isPositive = isOpen & (v > 0.0);
    v = v * v * v;
    Term u = draw(UniformsLeft, Uniform, uniforms, isPositive), xx = square(x);
    Term logarithm = log(select(isPositive, v, v.number(1)));
    Term isFine = (u < 1.0 - square(xx) * 0.0331).apply<dfg::OrOp>(log(u) < xx * 0.5 + d * (1.0 - v + logarithm));
    Term isTaken = isPositive & isFine;
    Term boost = draw(UniformsLeft, Uniform, uniforms, isTaken & isSmall);
    Term result = d * v * select(isSmall, boost.apply<dfg::PowOp>(1.0 / alpha), d.number(1));
    now[Result] = select(isTaken, result, now[Result]);
    now[Done] = now[Done] + isTaken.cast(i64);
    LoopIteration iteration;
    for (Term value : now)
      iteration.next.push_back(value);
    return iteration;
  };
  auto results = importLoop(c, loop);
  if (failed(results))
    return failure();
  return results->values[Result];
}

/// Inputs: how many samples, and the parameters.
static LogicalResult importRandomGamma(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto samples = c.content(0);
  if (failed(samples) || failed(c.requireRank(1, 0)))
    return failure();
  auto source = nextSource(c, b.scope.mul(b.scope.product(*samples), b.count(c.input(1))));
  if (failed(source))
    return failure();
  auto numbers = gammaNumbers(c, *source, c.input(1), *samples);
  return failed(numbers) ? failure() : c.result(b.cast(*numbers, b.elementType(c.input(1))));
}

/// Inputs: the whole shape, a seed (or key, counter, algorithm), and parameters for the last
/// dimensions.
static LogicalResult importStatelessGamma(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto sizes = c.content(0);
  bool isV3 = c.op().ends_with("V3");
  unsigned alpha = isV3 ? 4 : 2;
  auto source = isV3 ? countedSource(c, 1) : seededSource(c, 1);
  if (failed(sizes) || failed(source) || failed(c.requireRank(alpha, 0)))
    return failure();
  int64_t rank = b.rank(c.input(alpha));
  if (rank > int64_t(sizes->size()))
    return c.error() << "has parameters " << c.input(alpha).getType() << " for a shape of rank " << sizes->size();
  auto numbers = gammaNumbers(c, *source, c.input(alpha), ArrayRef(*sizes).drop_back(rank));
  return failed(numbers) ? failure() : c.result(b.cast(*numbers, b.elementType(c.input(alpha))));
}

//===----------------------------------------------------------------------===//
// Limited normal numbers
//===----------------------------------------------------------------------===//

/// Inputs: the shape, means, deviations, limits, each one or a number for each row. These are
/// not TensorFlow's numbers, but of the same distribution.
static LogicalResult importParameterizedTruncatedNormal(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto sizes = c.content(0);
  if (failed(sizes) || failed(c.requireSameElements({1, 2, 3, 4})))
    return failure();
  auto source = nextSource(c, b.scope.product(*sizes));
  if (failed(source) || sizes->empty())
    return failure();
  Type f64 = b.builder.getF64Type();
  auto parameter = [&](unsigned i) {
    Dims perRow(sizes->size(), b.expr(1));
    perRow.front() = b.count(c.input(i));
    return Term(b, b.broadcastTo(b.reshape(b.cast(c.input(i), f64), perRow), *sizes));
  };
  Term mean = parameter(1), deviation = parameter(2);
  // Limits may come in either order.
  Term one = (parameter(3) - mean) / deviation, other = (parameter(4) - mean) / deviation;
  Term low = min(one, other), high = max(one, other);
  // A uniform number between the limits is kept as often as the density there says, relative to
  // the greatest between them.
  Term nearest = select((low <= 0.0) & (high >= 0.0), low * 0.0, min(abs(low), abs(high)));
  low = max(low, -9.0 - nearest);
  high = min(high, nearest + 9.0);
  AffineExpr count = b.scope.product(*sizes);
  LoopSource loop;
  loop.initial = {(low * 0.0).cast(b.builder.getI64Type()), low};
  loop.test = [&](ValueRange now) -> FailureOr<Value> { return any(b, equal(Term(b, now[0]), 0.0)); };
  loop.body = [&](AffineExpr i, Value, ValueRange now) -> FailureOr<LoopIteration> {
    Source own = *source;
    own.counter = own.counter + countLike(own.counter, b.scope.mul(i, b.scope.mul(count, b.expr(2))));
    Term x = low + uniform(own, f64, *sizes) * (high - low);
    own.counter = own.counter + countLike(own.counter, count);
    Term isFine = uniform(own, f64, *sizes) <= exp((square(nearest) - square(x)) * 0.5);
    Term done{b, now[0]}, isTaken = isFine & equal(done, 0.0);
    LoopIteration iteration;
    iteration.next = {done + isTaken.cast(b.elementType(done)), select(isTaken, x, Term(b, now[1]))};
    return iteration;
  };
  auto results = importLoop(c, loop);
  if (failed(results))
    return failure();
  return c.result((Term(b, results->values[1]) * deviation + mean).cast(b.elementType(c.input(1))));
}

//===----------------------------------------------------------------------===//
// Generators
//===----------------------------------------------------------------------===//

/// Takes a generator's state, a variable of counter (two words) and key, and moves it on by what
/// `count` elements use.
static FailureOr<Value> takeState(NodeContext &c, llvm::function_ref<Term(Term like)> count) {
  GraphBuilder &b = c.b;
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  auto algorithm = c.constant(1);
  if (!variable || failed(algorithm))
    return failure();
  if (*algorithm != 1)
    return c.unsupported() << "has algorithm " << *algorithm << ", expected 1 (Philox)";
  Value state;
  auto change = [&]() -> LogicalResult {
    state = c.read(*variable);
    Term low = wordAt(b, state, 0), high = wordAt(b, state, 1), skip = count(low) * kPerElement, next = low + skip;
    high = high + (next < skip).cast(wordType(b));
    Type i64 = b.builder.getI64Type();
    auto one = [&](Term x) { return b.unsqueeze(x.cast(i64), {0}); };
    return c.assign(*variable, b.concat({one(next), one(high), one(wordAt(b, state, 2))}, 0));
  };
  if (failed(c.update(variable, change)))
    return failure();
  return state;
}

/// Inputs: the generator, the algorithm, how many elements are skipped. Gives the state before.
template <bool gives> static LogicalResult importSkip(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(2, 0, 0)))
    return failure();
  auto state = takeState(c, [&](Term) { return Term(b, b.cast(c.input(2), wordType(b))); });
  if (failed(state))
    return failure();
  return gives ? c.result(*state) : c.results(ArrayRef<Entry>());
}

/// Inputs: the generator, the algorithm, the shape, and what `make` asks for.
static LogicalResult importFromGenerator(NodeContext &c,
                                         llvm::function_ref<Value(const Source &, ArrayRef<AffineExpr>)> make) {
  auto sizes = c.content(2);
  if (failed(sizes))
    return failure();
  auto state = takeState(c, [&](Term like) { return countLike(like, c.b.scope.product(*sizes)); });
  if (failed(state))
    return failure();
  Source source{wordAt(c.b, *state, 2), wordAt(c.b, *state, 0), wordAt(c.b, *state, 1)};
  return c.result(make(source, *sizes));
}

template <Distribution distribution> static LogicalResult importGenerated(NodeContext &c) {
  Type element = c.elementType("dtype");
  if (!element)
    return failure();
  return importFromGenerator(c, [&](const Source &source, ArrayRef<AffineExpr> sizes) {
    return distribution(source, element, sizes).cast(element);
  });
}

static LogicalResult importGeneratedInt(NodeContext &c) {
  if (failed(c.requireSameElements({3, 4})))
    return failure();
  return importFromGenerator(c, [&](const Source &source, ArrayRef<AffineExpr> sizes) {
    return integersBetween(source, c.input(3), c.input(4), sizes);
  });
}

void registerDrawnRandomOps(OpRegistry &ops) {
  ops.add("ParameterizedTruncatedNormal", importParameterizedTruncatedNormal).effect();
  ops.add("RandomGamma", importRandomGamma).effect();
  ops.add("StatelessRandomGammaV2", importStatelessGamma);
  ops.add("StatelessRandomGammaV3", importStatelessGamma);

  ops.add("RngReadAndSkip", importSkip<true>).effect();
  ops.add("RngSkip", importSkip<false>).effect();
  for (StringRef name : {"StatefulStandardNormal", "StatefulStandardNormalV2"})
    ops.add(name, importGenerated<normal>).effect();
  ops.add("StatefulTruncatedNormal", importGenerated<truncatedNormal>).effect();
  ops.add("StatefulUniform", importGenerated<uniform>).effect();
  ops.add("StatefulUniformFullInt", importGenerated<integers>).effect();
  ops.add("StatefulUniformInt", importGeneratedInt).effect();
}

} // namespace tfc::tf
