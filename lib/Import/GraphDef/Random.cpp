// Random tensors, bit for bit those of TensorFlow's CPU kernels: Philox 4x32-10 (Salmon and
// others, 2011) on a counter that names four (of wide numbers: two) elements.
//
// Stateless operators take key and counter as data. The others keep a counter in the
// instance, so that each run goes on where the one before has ended; with equal seeds, two
// instances give the same numbers.
#include "Random.h"

#include "GraphImporter.h"
#include "LibraryMath.h"
#include "Resource.h"
#include "tfc/Import/Common/Loops.h"

#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::ReduceKind;

//===----------------------------------------------------------------------===//
// Philox
//===----------------------------------------------------------------------===//

Type wordType(GraphBuilder &b) { return IntegerType::get(b.builder.getContext(), 64, IntegerType::Unsigned); }
Term word(GraphBuilder &b, uint64_t value) {
  auto type = RankedTensorType::get({}, wordType(b));
  return {b, b.constant(DenseElementsAttr::get(type, APInt(64, value)))};
}
static Term bitAnd(Term x, uint64_t mask) { return x & word(x.builder(), mask); }
static Term bitXor(Term x, Term y) { return x.apply<dfg::XorOp>(y); }
static Term bitOr(Term x, Term y) { return x.apply<dfg::OrOp>(y); }
static Term shiftLeft(Term x, int amount) { return x.apply<dfg::ShlOp>(x.number(amount)); }
static Term shiftRight(Term x, int amount) { return x.apply<dfg::ShrOp>(x.number(amount)); }
static Term lowHalf(Term x) { return bitAnd(x, 0xffffffff); }
static Term highHalf(Term x) { return shiftRight(x, 32); }

static Words philox(Words counter, Term key0, Term key1) {
  for (int round = 0; round < 10; ++round) {
    Term first = counter[0] * double(0xD2511F53), second = counter[2] * double(0xCD9E8D57);
    counter = {bitXor(bitXor(highHalf(second), counter[1]), key0), lowHalf(second),
               bitXor(bitXor(highHalf(first), counter[3]), key1), lowHalf(first)};
    key0 = lowHalf(key0 + double(0x9E3779B9));
    key1 = lowHalf(key1 + double(0xBB67AE85));
  }
  return counter;
}

Words Source::at(Term skip) const {
  Term low = counter + skip, high = counterHigh + (low < skip).cast(wordType(key.builder()));
  return philox({lowHalf(low), highHalf(low), lowHalf(high), highHalf(high)}, lowHalf(key), highHalf(key));
}

/// What TensorFlow makes of the seed of a stateless operator.
static Source scramble(Term seed0, Term seed1) {
  GraphBuilder &b = seed0.builder();
  Words mixed = philox({lowHalf(seed0), highHalf(seed0), lowHalf(seed1), highHalf(seed1)}, word(b, 0x3ec8f720),
                       word(b, 0x02461e29));
  return {bitOr(mixed[0], shiftLeft(mixed[1], 32)), word(b, 0), bitOr(mixed[2], shiftLeft(mixed[3], 32))};
}

//===----------------------------------------------------------------------===//
// Distributions
//===----------------------------------------------------------------------===//

Words uniforms(const Words &words, Type element) {
  Type i64 = IntegerType::get(element.getContext(), 64);
  auto fraction = [&](Term bits, int count) { return bits.cast(i64).cast(element) * std::ldexp(1.0, -count); };
  Words result;
  if (element.isF64()) {
    for (int i : {0, 2})
      result.push_back(fraction(bitOr(shiftLeft(bitAnd(words[i], 0xfffff), 32), words[i + 1]), 52));
    return result;
  }
  int bits = cast<FloatType>(element).getFPMantissaWidth() - 1;
  for (Term word : words)
    result.push_back(fraction(bitAnd(word, (uint64_t(1) << bits) - 1), bits));
  return result;
}

/// Box and Muller's transformation.
Words normals(const Words &words, Type element) {
  Type wide = wideType(element), f64 = Float64Type::get(element.getContext());
  Words u = uniforms(words, wide), result;
  for (size_t i = 0; i < u.size(); i += 2) {
    Term least = max(u[i], 1e-7), angle = (u[i + 1].cast(f64) * (2 * llvm::numbers::pi)).cast(wide);
    Term radius = sqrt((wide.isF32() ? libraryLog(least) : log(least)) * -2.0);
    SinCos y = wide.isF32() ? librarySinCos(angle) : SinCos{angle.apply<dfg::SinOp>(), cos(angle)};
    result.append({y.sin * radius, y.cos * radius});
  }
  return result;
}

/// The parts, one after the other in a new last dimension.
static Term interleave(const Words &parts) {
  GraphBuilder &b = parts.front().builder();
  SmallVector<Value> columns;
  for (Term part : parts)
    columns.push_back(b.unsqueeze(part, {b.rank(part)}));
  return {b, b.concat(columns, b.rank(parts.front()))};
}

/// Fills a shape with the numbers of groups; each is made of the group's number.
static Term fill(GraphBuilder &b, ArrayRef<AffineExpr> sizes, int64_t perGroup,
                 llvm::function_ref<Words(Term group)> make) {
  AffineExpr count = b.scope.product(sizes), width = b.expr(perGroup);
  AffineExpr groups = b.scope.floorDiv(b.scope.add(count, b.expr(perGroup - 1)), width);
  Term parts = interleave(make({b, b.iota(wordType(b), {groups}, 0)}));
  return {b, b.reshape(b.sliceAxis(b.flatten(parts, 0, 2), 0, b.expr(0), count), sizes)};
}

static int64_t groupSize(Type element) { return element.getIntOrFloatBitWidth() == 64 ? 2 : 4; }

Term uniform(const Source &source, Type element, ArrayRef<AffineExpr> sizes) {
  return fill(source.key.builder(), sizes, groupSize(element),
              [&](Term group) { return uniforms(source.at(group), element); });
}

Term normal(const Source &source, Type element, ArrayRef<AffineExpr> sizes) {
  return fill(source.key.builder(), sizes, groupSize(element),
              [&](Term group) { return normals(source.at(group), element); })
      .cast(element);
}

/// The first of each group's own sequence.
Term truncatedNormal(const Source &source, Type element, ArrayRef<AffineExpr> sizes) {
  GraphBuilder &b = source.key.builder();
  int64_t size = groupSize(element);
  // Each number has 64 counters for itself. That fewer than a quarter of 16 tries are inside
  // happens to one of 10^14 groups.
  int64_t tryCount = 16 / size;
  Type i64 = b.builder.getI64Type();
  return fill(b, sizes, size,
              [&](Term group) {
                Words tries;
                for (int64_t i = 0; i < tryCount; ++i)
                  tries.append(normals(source.at(group * (64.0 * size) + double(i)), element));
                Term all = interleave(tries), isInside = abs(all) < 2.0;
                Term number{b,
                            b.create<dfg::CumulativeOp>(ReduceKind::Sum, isInside.cast(i64), int64_t(1), false, false)};
                Words result;
                for (int64_t i = 0; i < size; ++i) {
                  Term isChosen = isInside & equal(number, double(i + 1));
                  Term chosen = select(isChosen, all, all.number(0));
                  result.push_back({b, b.reduce(ReduceKind::Sum, chosen, {1}, /*keepDims=*/false)});
                }
                return result;
              })
      .cast(element);
}

Term integers(const Source &source, Type element, ArrayRef<AffineExpr> sizes) {
  int64_t size = groupSize(element);
  return fill(source.key.builder(), sizes, size, [&](Term group) {
    Words words = source.at(group);
    return size == 4 ? words
                     : Words{bitOr(words[0], shiftLeft(words[1], 32)), bitOr(words[2], shiftLeft(words[3], 32))};
  });
}

Term integersBetween(const Source &source, Value low, Value high, ArrayRef<AffineExpr> sizes) {
  GraphBuilder &b = source.key.builder();
  Type element = b.elementType(low);
  Term span = Term(b, b.create<dfg::SubOp>(high, low)).cast(wordType(b));
  return integers(source, element, sizes).apply<dfg::RemOp>(span).cast(element) + Term(b, low);
}

//===----------------------------------------------------------------------===//
// Stateless operators
//===----------------------------------------------------------------------===//

Term wordAt(GraphBuilder &b, Value vector, int64_t i) {
  return {b, b.cast(b.squeeze(b.sliceAxis(vector, 0, b.expr(i), b.expr(1)), {0}), wordType(b))};
}

FailureOr<Source> seededSource(NodeContext &c, unsigned first) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(first, 1, 1)))
    return failure();
  // Seeds of 32 bits keep their sign.
  Value seed = b.cast(c.input(first), b.builder.getI64Type());
  return scramble(wordAt(b, seed, 0), wordAt(b, seed, 1));
}

FailureOr<Source> countedSource(NodeContext &c, unsigned first) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(first, 1, 1)) || failed(c.requireRank(first + 1, 1, 1)))
    return failure();
  auto algorithm = c.constant(first + 2);
  if (failed(algorithm))
    return failure();
  if (*algorithm != 1 && *algorithm != 3)
    return c.unsupported() << "has algorithm " << *algorithm << ", expected 1 (Philox) or 3 (any)";
  return Source{wordAt(b, c.input(first), 0), wordAt(b, c.input(first + 1), 0), wordAt(b, c.input(first + 1), 1)};
}

static FailureOr<Source> statelessSource(NodeContext &c) {
  return c.op().ends_with("V2") ? countedSource(c, 1) : seededSource(c, 1);
}

template <Distribution make> static LogicalResult importStateless(NodeContext &c) {
  auto sizes = c.content(0);
  Type element = c.elementType("dtype");
  auto source = statelessSource(c);
  if (failed(sizes) || !element || failed(source))
    return failure();
  if (make != integers && !isa<FloatType>(element))
    return c.error() << "makes numbers of " << element << ", expected floats";
  return c.result(make(*source, element, *sizes).cast(element));
}

static LogicalResult importStatelessInt(NodeContext &c) {
  auto sizes = c.content(0);
  bool isV2 = c.op().ends_with("V2");
  auto source = statelessSource(c);
  unsigned limits = isV2 ? 4 : 2;
  if (failed(sizes) || failed(source) || failed(c.requireSameElements({limits, limits + 1})))
    return failure();
  return c.result(integersBetween(*source, c.input(limits), c.input(limits + 1), *sizes));
}

static LogicalResult importKeyCounter(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1, 1)))
    return failure();
  Value seed = b.cast(c.input(0), b.builder.getI64Type());
  Source source = scramble(wordAt(b, seed, 0), wordAt(b, seed, 1));
  Value counter = b.concat({b.unsqueeze(source.counter, {0}), b.unsqueeze(source.counterHigh, {0})}, 0);
  SmallVector<Value> results{b.unsqueeze(source.key, {0}), counter};
  if (c.op().ends_with("Alg"))
    results.push_back(b.scalar(b.builder.getI32Type(), 1));
  return c.results(results);
}

static LogicalResult importAlgorithm(NodeContext &c) { return c.result(c.b.scalar(c.b.builder.getI32Type(), 1)); }

//===----------------------------------------------------------------------===//
// Operators with a counter in the instance
//===----------------------------------------------------------------------===//

FailureOr<Source> nextSource(NodeContext &c, AffineExpr count) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  uint64_t seed = c.integer("seed"), seed2 = c.integer("seed2");
  if (!seed && !seed2)
    seed = llvm::xxh3_64bits(c.name());
  std::string name = c.name().str() + "/counter";
  auto type = RankedTensorType::get({}, i64);
  Resource *counter = c.resource(Resource::Kind::Variable, name, [&](OpBuilder &builder, StringRef symbol) {
    return dfg::VariableOp::create(builder, b.loc, symbol, builder.getStringAttr(name), type,
                                   ElementsAttr(DenseElementsAttr::get(type, APInt(64, 0))));
  });
  counter->type = type;
  counter->elementType = i64;
  Value now;
  // TensorFlow reserves 256 numbers for each that it gives.
  LogicalResult updated = c.update(counter, [&] {
    Term before{b, c.read(*counter)};
    now = before;
    return c.assign(*counter, before + countLike(before, count) * 64.0);
  });
  if (failed(updated))
    return failure();
  return Source{word(b, seed), Term(b, now).cast(wordType(b)), word(b, seed2)};
}

template <Distribution make> static LogicalResult importStateful(NodeContext &c) {
  auto sizes = c.content(0);
  Type element = c.elementType("dtype");
  if (failed(sizes) || !element)
    return failure();
  if (!isa<FloatType>(element))
    return c.error() << "makes numbers of " << element << ", expected floats";
  auto source = nextSource(c, c.b.scope.product(*sizes));
  return failed(source) ? failure() : c.result(make(*source, element, *sizes));
}

static LogicalResult importUniformInt(NodeContext &c) {
  auto sizes = c.content(0);
  if (failed(sizes) || failed(c.requireSameElements({1, 2})))
    return failure();
  auto source = nextSource(c, c.b.scope.product(*sizes));
  return failed(source) ? failure() : c.result(integersBetween(*source, c.input(1), c.input(2), *sizes));
}

/// Rows in the order of random numbers.
static LogicalResult importShuffle(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  if (b.rank(c.input(0)) == 0)
    return c.result(c.input(0));
  Type i64 = b.builder.getI64Type();
  AffineExpr count = b.dim(c.input(0), 0);
  auto source = nextSource(c, count);
  if (failed(source))
    return failure();
  auto sorted = b.createMany<dfg::ArgsortOp>({i64, i64}, integers(*source, i64, count).cast(i64), int64_t(0), false);
  return sorted ? c.result(b.create<dfg::GatherOp>(c.input(0), sorted.getIndices(), int64_t(0))) : failure();
}

/// Inputs: logarithms of probabilities [batch, classes], how many samples, and (stateless) a seed.
/// The class in whose share of the sum a random number lies.
template <bool isStateless> static LogicalResult importMultinomial(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto samples = c.content(1);
  Type f64 = b.builder.getF64Type(), i64 = b.builder.getI64Type();
  Type type = c.hasAttribute("output_dtype") ? c.elementType("output_dtype") : i64;
  if (failed(samples) || !type || failed(c.requireRank(0, 2, 2)))
    return failure();
  Term scores{b, b.cast(c.input(0), f64)};
  Term shares = exp(scores - Term(b, b.reduce(ReduceKind::Max, scores, {1})));
  Term border{b, b.create<dfg::CumulativeOp>(ReduceKind::Sum, shares, int64_t(1), false, false)};
  AffineExpr rows = b.dim(shares, 0);
  auto source = isStateless ? seededSource(c, 2) : nextSource(c, b.scope.mul(rows, samples->front()));
  if (failed(source))
    return failure();
  Term draw = uniform(*source, f64, {rows, samples->front()}) * sum(shares, {1});
  Term isBelow = Term(b, b.unsqueeze(border, {1})) <= Term(b, b.unsqueeze(draw, {2}));
  return c.result(b.cast(b.reduce(ReduceKind::Sum, isBelow.cast(i64), {2}, /*keepDims=*/false), type));
}

/// How many of a sequence of exponential waiting times fit into `rate`. These are not
/// TensorFlow's numbers, but of the same distribution.
static LogicalResult importPoisson(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f32 = b.builder.getF32Type(), element = c.elementType("dtype");
  auto sizes = c.content(0);
  if (failed(sizes) || !element || failed(c.requireRank(1, 0)))
    return failure();
  Term rate = Term(b, c.input(1)).cast(f32);
  sizes->append(b.dims(rate));
  AffineExpr count = b.scope.product(*sizes);
  auto source = nextSource(c, count);
  if (failed(source))
    return failure();
  Value zeros = b.broadcastTo(b.scalar(f32, 0), *sizes);
  LoopSource loop;
  loop.initial = {zeros, zeros};
  loop.test = [&](ValueRange values) -> FailureOr<Value> {
    Value isOpen = b.compare(dfg::CompareKind::LT, values[0], rate);
    auto axes = llvm::to_vector(llvm::seq<int64_t>(0, b.rank(isOpen)));
    return b.reduce(ReduceKind::Max, isOpen, axes, /*keepDims=*/false);
  };
  loop.body = [&](AffineExpr i, Value, ValueRange values) -> FailureOr<LoopIteration> {
    Term time{b, values[0]}, events{b, values[1]};
    // Each iteration has numbers of its own.
    Source own = *source;
    own.counter = own.counter + countLike(own.counter, b.scope.mul(i, count));
    time = time - log(1.0 - uniform(own, f32, *sizes));
    LoopIteration iteration;
    iteration.next = {time, events + (time < rate).cast(f32)};
    return iteration;
  };
  auto results = importLoop(c, loop);
  return failed(results) ? failure() : c.result(b.cast(results->values[1], element));
}

void registerRandomOps(OpRegistry &ops) {
  for (StringRef version : {"", "V2"}) {
    ops.add(("StatelessRandomNormal" + version).str(), importStateless<normal>);
    ops.add(("StatelessRandomUniform" + version).str(), importStateless<uniform>);
    ops.add(("StatelessRandomUniformFullInt" + version).str(), importStateless<integers>);
    ops.add(("StatelessRandomUniformInt" + version).str(), importStatelessInt);
    ops.add(("StatelessTruncatedNormal" + version).str(), importStateless<truncatedNormal>);
  }
  ops.add("StatelessRandomGetAlg", importAlgorithm);
  ops.add("StatelessRandomGetKeyCounter", importKeyCounter);
  ops.add("StatelessRandomGetKeyCounterAlg", importKeyCounter);

  ops.add("Multinomial", importMultinomial</*isStateless=*/false>).effect();
  ops.add("StatelessMultinomial", importMultinomial</*isStateless=*/true>);
  ops.add("RandomPoisson", importPoisson).effect();
  ops.add("RandomPoissonV2", importPoisson).effect();
  ops.add("RandomShuffle", importShuffle).effect();
  ops.add("RandomStandardNormal", importStateful<normal>).effect();
  ops.add("RandomUniform", importStateful<uniform>).effect();
  ops.add("RandomUniformInt", importUniformInt).effect();
  ops.add("TruncatedNormal", importStateful<truncatedNormal>).effect();
}

} // namespace tfc::tf
