// Random tensors. The generator is Philox 4x32-10 (`dfg.random_bits`) with the element's
// position as its counter, so no state is kept and order does not matter.
#include "Random.h"

#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

Random::Random(NodeContext &c) : b(c.b), key(llvm::xxh3_64bits(c.name())) {
  // The seed is a float in most operators, an integer in Dropout.
  if (c.hasAttribute("seed"))
    key = c.op() == "Dropout" ? uint64_t(c.integer("seed")) : llvm::bit_cast<uint64_t>(c.number("seed"));
}

/// One of several independent numbers of each element.
Term Random::bits(ArrayRef<AffineExpr> sizes, uint64_t stream) const {
  Type ui64 = IntegerType::get(b.builder.getContext(), 64, IntegerType::Unsigned);
  auto word = [&](uint64_t value) {
    return b.constant(DenseElementsAttr::get(RankedTensorType::get({}, ui64), APInt(64, value)));
  };
  Value counter = b.reshape(b.iota(ui64, {b.scope.product(sizes)}, 0), sizes);
  return {b, b.create<dfg::RandomBitsOp>(counter, word(key + stream))};
}

/// The upper bits of a number as a float of [0, 1).
Term Random::unit(Type element, Term bits) const {
  int kept = element.isF64() ? 53 : 24;
  Term upper{b, b.create<dfg::ShrOp>(bits, bits.number(64 - kept))};
  return upper.cast(b.builder.getI64Type()).cast(element) * std::ldexp(1.0, -kept);
}

Term Random::uniform(Type element, ArrayRef<AffineExpr> sizes) const { return unit(element, bits(sizes, 0)); }

/// Box and Muller's transformation; 1 - u is never 0.
Term Random::normal(Type element, ArrayRef<AffineExpr> sizes) const {
  Term radius = sqrt(log(1 - unit(element, bits(sizes, 0))) * -2);
  return radius * cos(unit(element, bits(sizes, 1)) * (2 * llvm::numbers::pi));
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

static Value makeUniform(NodeContext &c, Type wide, ArrayRef<AffineExpr> sizes) {
  double low = c.number("low", 0), high = c.number("high", 1);
  return Random(c).uniform(wide, sizes) * (high - low) + low;
}

static Value makeNormal(NodeContext &c, Type wide, ArrayRef<AffineExpr> sizes) {
  return Random(c).normal(wide, sizes) * c.number("scale", 1) + c.number("mean", 0);
}

/// The sizes and type are attributes, or (`like`) those of the input.
template <auto make, bool like> static LogicalResult importRandom(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (like && failed(c.requireRank(0, 0)))
    return failure();
  Type element = like && !c.hasAttribute("dtype") ? b.elementType(c.input(0)) : c.elementType("dtype", /*float*/ 1);
  if (!element)
    return failure();
  if (!isa<FloatType>(element))
    return c.error() << "makes numbers of " << element << ", expected floats";
  SmallVector<int64_t> shape = c.integers("shape");
  if (llvm::any_of(shape, [](int64_t extent) { return extent < 0; }))
    return c.error() << "has shape [" << shape << "], expected extents of at least 0";
  return c.result(b.cast(make(c, wideType(element), like ? b.dims(c.input(0)) : b.exprs(shape)), element));
}

static LogicalResult importBernoulli(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Term x = widened({b, c.input(0)});
  Type element = c.hasAttribute("dtype") ? c.elementType("dtype", 0) : b.elementType(c.input(0));
  if (!element || !isa<FloatType>(b.elementType(x)))
    return element ? c.error() << "has probabilities of " << x.builder().elementType(x) << ", expected floats"
                   : failure();
  return c.result((Random(c).uniform(b.elementType(x), b.dims(x)) < x).cast(element));
}

/// Draws classes with given logarithms of their (not normalized) probabilities: the class
/// in whose share of the sum a random number lies.
static LogicalResult importMultinomial(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 2, 2)))
    return failure();
  Type f32 = b.builder.getF32Type(), element = c.elementType("dtype", /*int32*/ 6);
  int64_t samples = c.integer("sample_size", 1);
  if (!element)
    return failure();
  if (samples < 0 || !isa<IntegerType>(element))
    return c.error() << "draws " << samples << " samples of " << element << ", expected integers, at least 0 of them";
  Term x = Term(b, c.input(0)).cast(f32);
  Term shares{b, b.create<dfg::SoftmaxOp>(x, int64_t(1))};
  Term border{b, b.create<dfg::CumulativeOp>(dfg::ReduceKind::Sum, shares, int64_t(1), false, false)};
  Dims dims = b.dims(x);
  AffineExpr last = b.scope.sub(dims[1], b.expr(1));
  Term draw = Random(c).uniform(f32, {dims[0], b.expr(samples), b.expr(1)});
  Term isBelow = Term(b, b.unsqueeze(b.sliceAxis(border, 1, b.expr(0), last), {1})) <= draw;
  return c.result(b.cast(b.reduce(dfg::ReduceKind::Sum, isBelow.cast(element), {2}, /*keepDims=*/false), element));
}

/// What is kept is scaled up, so that the sum stays the same on average.
static LogicalResult importDropout(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 0)))
    return failure();
  Value data = c.input(0);
  Type element = b.elementType(data);
  // The mask says what is kept; before opset 10 it has the type of the data.
  Type maskType = c.version < 10 ? element : b.builder.getI1Type();
  // From opset 7 to 11 there is no training; before, a node says whether it is over.
  bool mayTrain = c.version < 7 ? !c.integer("is_test") : c.hasInput(2);
  auto known = c.version >= 12 && mayTrain ? b.constantIntegers(c.input(2)) : std::nullopt;
  if (!mayTrain || (known && known->size() == 1 && known->front() == 0))
    return c.results({data, c.wantsOutput(1) ? b.filled(maskType, b.dims(data), 1) : Value()});
  if (!isa<FloatType>(element))
    return c.error() << "drops elements of " << data.getType() << ", expected floats";
  Term x = widened({b, data}), ratio = x.number(c.number("ratio", 0.5));
  if (c.hasInput(1))
    ratio = Term(b, b.reshape(c.input(1), {})).cast(b.elementType(x));
  Term isKept = Random(c).uniform(b.elementType(x), b.dims(x)) >= ratio;
  if (c.version >= 12) {
    Value trains = b.reshape(c.input(2), {});
    isKept = {b, b.create<dfg::OrOp>(isKept, b.create<dfg::NotOp>(trains))};
    ratio = select({b, trains}, ratio, ratio.number(0));
  }
  Term y = select(isKept, x / (1 - ratio), x.number(0));
  return c.results({y.cast(element), isKept.cast(maskType)});
}

void registerRandomOps(OpRegistry &ops) {
  ops.add("Bernoulli", importBernoulli);
  ops.add("Dropout", importDropout);
  ops.add("Multinomial", importMultinomial);
  ops.add("RandomNormal", importRandom<makeNormal, false>);
  ops.add("RandomNormalLike", importRandom<makeNormal, true>);
  ops.add("RandomUniform", importRandom<makeUniform, false>);
  ops.add("RandomUniformLike", importRandom<makeUniform, true>);
}

} // namespace tfc
