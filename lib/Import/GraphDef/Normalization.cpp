// Normalization by statistics of a batch, and by neighbouring channels.
#include "Images.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Batch
//===----------------------------------------------------------------------===//

namespace {
/// A node over images whose channels lie along one axis; parameters are vectors of them.
class Batch {
public:
  Batch(NodeContext &c, unsigned images)
      : c(c), b(c.b), rank(b.rank(c.input(images))), channel(c.string("data_format").starts_with("NC") ? 1 : rank - 1),
        wide(wideType(b.elementType(c.input(images)))) {
    for (int64_t i = 0; i < rank; ++i)
      if (i != channel)
        axes.push_back(i);
  }

  Term images(unsigned i) const { return {b, b.cast(c.input(i), wide)}; }
  /// A vector, to meet the images.
  Term parameter(unsigned i) const { return along(b.cast(c.input(i), wide)); }
  /// A statistic with extents of 1 as a vector, of the element type of an input or f32.
  Value vector(Term statistic, std::optional<unsigned> like = {}) const {
    Type element = like ? b.elementType(c.input(*like)) : b.builder.getF32Type();
    return b.cast(b.reshape(statistic, b.dim(statistic, channel)), element);
  }
  Term along(Value vector) const { return {b, channel == 1 ? channelwise(b, vector, rank) : vector}; }
  /// How many elements a channel has.
  Term count(Term like) const {
    Dims extents;
    for (int64_t axis : axes)
      extents.push_back(b.dim(like, axis));
    return countLike(like, b.scope.product(extents));
  }
  Term scaleOf(Term variance) const { return (variance + c.number("epsilon", 1e-4)).apply<dfg::RsqrtOp>(); }

  NodeContext &c;
  GraphBuilder &b;
  int64_t rank, channel;
  Type wide;
  SmallVector<int64_t> axes;
};
} // namespace

static LogicalResult importFusedBatchNorm(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 4, 5)))
    return failure();
  for (unsigned i : {1, 2, 3, 4})
    if (failed(c.requireRank(i, 1, 1)))
      return failure();
  Batch batch(c, 0);
  Type element = b.elementType(c.input(0));
  Term x = batch.images(0), scale = batch.parameter(1), offset = batch.parameter(2);
  SmallVector<Value> results;
  if (c.boolean("is_training", true)) {
    Term mean = tfc::mean(x, batch.axes), deviation = x - mean, variance = tfc::mean(square(deviation), batch.axes);
    Term count = batch.count(x), unbiased = variance * (count / max(count - 1, 1));
    results.push_back((deviation * batch.scaleOf(variance) * scale + offset).cast(element));
    double factor = c.number("exponential_avg_factor", 1);
    auto running = [&](unsigned i, Term statistic) {
      Term now{b, batch.vector(statistic)};
      return factor == 1 ? now : Term(b, c.input(i)) * (1 - factor) + now * factor;
    };
    results.append({running(3, mean), running(4, unbiased), batch.vector(mean), batch.vector(variance)});
  } else {
    Term factor = batch.scaleOf(batch.parameter(4)) * scale;
    results.push_back((x * factor + (offset - batch.parameter(3) * factor)).cast(element));
    results.append({c.input(3), c.input(4), c.input(3), c.input(4)});
  }
  if (c.op() == "FusedBatchNormV3")
    results.push_back(b.scalar(b.builder.getF32Type(), 0));
  return c.results(results);
}

/// Inputs: dy, x, the scale, and the mean and variance that the forward node kept.
static LogicalResult importFusedBatchNormGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 4, 5)) || failed(c.requireSameElements({0, 1})))
    return failure();
  Batch batch(c, 0);
  Term dy = batch.images(0), x = batch.images(1), scale = batch.parameter(2);
  Term inverse = batch.scaleOf(batch.parameter(4)), deviation = x - batch.parameter(3);
  Term sumOfDy = sum(dy, batch.axes), sumOfProducts = sum(dy * deviation, batch.axes);
  Term dx = dy * inverse * scale;
  if (c.boolean("is_training", true)) {
    Term count = batch.count(x);
    dx = (dy - sumOfDy / count - deviation * square(inverse) * (sumOfProducts / count)) * inverse * scale;
  }
  Term dScale{b, batch.vector(sumOfProducts)};
  Value zero = b.scalar(b.builder.getF32Type(), 0);
  Term flatInverse =
      (Term(b, b.cast(c.input(4), b.elementType(dScale))) + c.number("epsilon", 1e-4)).apply<dfg::RsqrtOp>();
  return c.results({dx.cast(b.elementType(c.input(1))), (dScale * flatInverse).cast(b.elementType(c.input(2))),
                    batch.vector(sumOfDy, 2), zero, zero});
}

/// Its forerunner: t, mean, variance, beta, gamma.
static LogicalResult importBatchNorm(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1, 2, 3, 4})))
    return failure();
  Term x{c.b, c.input(0)}, mean{c.b, c.input(1)}, variance{c.b, c.input(2)}, beta{c.b, c.input(3)};
  Term factor = (variance + c.number("variance_epsilon")).apply<dfg::RsqrtOp>();
  if (c.boolean("scale_after_normalization"))
    factor = factor * Term(c.b, c.input(4));
  return c.result((x - mean) * factor + beta);
}

//===----------------------------------------------------------------------===//
// Neighbouring channels
//===----------------------------------------------------------------------===//

namespace {
/// Local response normalization over the last axis: x * energy^-beta.
class Neighbourhood {
public:
  explicit Neighbourhood(NodeContext &c)
      : c(c), b(c.b), alpha(c.number("alpha", 1)), beta(c.number("beta", 0.5)), radius(c.integer("depth_radius", 5)) {}

  LogicalResult check() {
    if (radius < 0 || radius > INT32_MAX / 2)
      return c.error() << "has depth_radius " << radius << ", expected a number from 0 to 2^30";
    return success();
  }
  /// Sums over neighbours in the last dimension.
  Term sums(Term x) const {
    if (!x)
      return x;
    Dims sizes = b.dims(x);
    AffineExpr rows = b.scope.product(ArrayRef(sizes).drop_back());
    Value flat = b.reshape(x, {rows, b.expr(1), sizes.back()});
    SmallVector<int64_t> one{1};
    Value y = b.create<dfg::PoolOp>(dfg::ReduceKind::Sum, flat, ArrayRef<int64_t>{2 * radius + 1}, one,
                                    ArrayRef<int64_t>{radius, radius}, one, /*channels_last=*/false);
    return {b, b.reshape(y, sizes)};
  }
  Term energy(Term x) const { return sums(square(x)) * alpha + c.number("bias", 1); }

  NodeContext &c;
  GraphBuilder &b;
  double alpha, beta;
  int64_t radius;
};
} // namespace

static LogicalResult importLRN(NodeContext &c) {
  Neighbourhood near(c);
  if (failed(c.requireRank(0, 4, 4)) || failed(near.check()))
    return failure();
  Term x = widened({c.b, c.input(0)});
  return c.result((x * pow(near.energy(x), -near.beta)).cast(c.b.elementType(c.input(0))));
}

/// Inputs: dy, x, y.
static LogicalResult importLRNGrad(NodeContext &c) {
  Neighbourhood near(c);
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireSameElements({0, 1, 2})) || failed(near.check()))
    return failure();
  auto wide = [&](unsigned i) { return widened({c.b, c.input(i)}); };
  Term dy = wide(0), x = wide(1), y = wide(2), energy = near.energy(x);
  Term dx = dy * pow(energy, -near.beta) - x * near.sums(dy * y / energy) * (2 * near.alpha * near.beta);
  return c.result(dx.cast(c.b.elementType(c.input(0))));
}

void registerNormalizationOps(OpRegistry &ops) {
  ops.add("BatchNormWithGlobalNormalization", importBatchNorm);
  for (StringRef name : {"FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"})
    ops.add(name, importFusedBatchNorm);
  for (StringRef name : {"FusedBatchNormGrad", "FusedBatchNormGradV2", "FusedBatchNormGradV3"})
    ops.add(name, importFusedBatchNormGrad);
  ops.add("LRN", importLRN);
  ops.add("LRNGrad", importLRNGrad);
}

} // namespace tfc::tf
