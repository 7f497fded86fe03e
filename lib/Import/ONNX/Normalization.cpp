// Normalizations by statistics of batches, instances, groups, layers and neighbours.
#include "Windows.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

static SmallVector<int64_t> axisRange(int64_t first, int64_t last) {
  return llvm::to_vector(llvm::seq<int64_t>(first, std::max(first, last)));
}

/// The widest of the element types of some inputs; f32 at least.
static Type widestType(NodeContext &c, ArrayRef<unsigned> inputs) {
  Type widest = wideType(c.b.elementType(c.input(inputs.front())));
  for (unsigned i : inputs) {
    Type own = wideType(c.b.elementType(c.input(i)));
    if (own.getIntOrFloatBitWidth() > widest.getIntOrFloatBitWidth())
      widest = own;
  }
  return widest;
}

static LogicalResult requireFloats(NodeContext &c, ArrayRef<unsigned> inputs) {
  for (unsigned i : inputs) {
    if (failed(c.requireRank(i, 0)))
      return failure();
    if (!isa<FloatType>(c.b.elementType(c.input(i))))
      return c.error() << "has input " << i << " of type " << c.input(i).getType() << ", expected floats";
  }
  return success();
}

/// x as deviation from its mean along axes, and 1 / sqrt(variance + epsilon).
namespace {
struct Statistics {
  Term mean, deviation, variance, scale;

  Statistics(Term x, ArrayRef<int64_t> axes, double epsilon)
      : mean(tfc::mean(x, axes)), deviation(x - mean), variance(tfc::mean(square(deviation), axes)),
        scale((variance + epsilon).apply<dfg::RsqrtOp>()) {}
  Term normalized() const { return deviation * scale; }
};
} // namespace

//===----------------------------------------------------------------------===//
// Batch
//===----------------------------------------------------------------------===//

/// Whether statistics come from this batch: for the versions that do not say so, models
/// that ask for them mean it.
static bool isTraining(NodeContext &c) {
  if (c.version >= 14)
    return c.integer("training_mode");
  if (c.version < 7)
    return !c.integer("is_test");
  return c.wantsOutput(1) || c.wantsOutput(2) || c.wantsOutput(3) || c.wantsOutput(4);
}

static LogicalResult importBatchNormalization(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(requireFloats(c, {0, 1, 2, 3, 4})) || failed(c.requireRank(0, 1)))
    return failure();
  int64_t rank = b.rank(c.input(0));
  double epsilon = c.number("epsilon", 1e-5), momentum = c.number("momentum", 0.9);
  bool isSpatial = c.version >= 9 || c.integer("spatial", 1);
  Type element = b.elementType(c.input(0)), wide = widestType(c, {0, 1, 2, 3, 4});
  Term x{b, b.cast(c.input(0), wide)};
  // Parameters are vectors over the channels, or hold one number per feature.
  auto parameter = [&](unsigned i) {
    Value value = b.cast(c.input(i), wide);
    return Term(b, isSpatial ? channelwise(b, value, rank) : value);
  };
  Term scale = parameter(1), shift = parameter(2), mean = parameter(3), variance = parameter(4);
  if (!isTraining(c)) {
    Term factor = scale / sqrt(variance + epsilon);
    return c.result((x * factor + (shift - mean * factor)).cast(element));
  }

  SmallVector<int64_t> axes{0};
  if (isSpatial)
    axes.append(axisRange(2, rank));
  Statistics batch(x, axes, epsilon);
  Value y = (batch.normalized() * scale + shift).cast(element);
  auto stored = [&](Term statistic, unsigned like) -> Value {
    return b.cast(b.reshape(statistic, b.dims(c.input(like))), b.elementType(c.input(like)));
  };
  auto running = [&](Term old, Term current) { return old * momentum + current * (1 - momentum); };
  Value newMean = stored(running(mean, batch.mean), 3), newVariance = stored(running(variance, batch.variance), 4);
  if (c.version >= 14)
    return c.results({y, newMean, newVariance});
  return c.results({y, newMean, newVariance, stored(batch.mean, 3), stored(batch.variance, 4)});
}

//===----------------------------------------------------------------------===//
// Instances and groups
//===----------------------------------------------------------------------===//

static LogicalResult importInstanceNormalization(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 3)) || failed(requireFloats(c, {0, 1, 2})))
    return failure();
  int64_t rank = b.rank(c.input(0));
  Type element = b.elementType(c.input(0)), wide = wideType(element);
  auto parameter = [&](unsigned i) { return Term(b, channelwise(b, b.cast(c.input(i), wide), rank)); };
  Statistics instance({b, b.cast(c.input(0), wide)}, axisRange(2, rank), c.number("epsilon", 1e-5));
  return c.result((instance.normalized() * parameter(1) + parameter(2)).cast(element));
}

static LogicalResult importGroupNormalization(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 3)) || failed(requireFloats(c, {0, 1, 2})))
    return failure();
  int64_t rank = b.rank(c.input(0)), groups = c.integer("num_groups");
  auto channels = b.number(b.dim(c.input(0), 1));
  if (groups < 1 || (channels && *channels % groups != 0))
    return c.error() << "has num_groups " << groups << ", expected a divisor of the number of channels";
  Type element = b.elementType(c.input(0)), wide = wideType(element);
  Value x = b.cast(c.input(0), wide);
  Dims sizes = b.dims(x);
  AffineExpr rest = b.scope.floorDiv(b.scope.product(ArrayRef(sizes).drop_front()), b.expr(groups));
  Statistics group({b, b.reshape(x, {sizes[0], b.expr(groups), rest})}, {2}, c.number("epsilon", 1e-5));
  auto parameter = [&](unsigned i, int64_t ownRank) {
    return Term(b, channelwise(b, b.cast(c.input(i), wide), ownRank));
  };
  // Scale and bias belonged to groups before they belonged to channels.
  if (c.version < 21) {
    Value y = group.normalized() * parameter(1, 3) + parameter(2, 3);
    return c.result(b.cast(b.reshape(y, sizes), element));
  }
  Term normalized{b, b.reshape(group.normalized(), sizes)};
  return c.result((normalized * parameter(1, rank) + parameter(2, rank)).cast(element));
}

static LogicalResult importMeanVarianceNormalization(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)))
    return failure();
  auto axes = c.axes(c.integers("axes", {0, 2, 3}), b.rank(c.input(0)));
  if (failed(axes))
    return failure();
  Term x = widened({b, c.input(0)}), deviation = x - mean(x, *axes);
  Term y = deviation / (sqrt(mean(square(deviation), *axes)) + 1e-9);
  return c.result(y.cast(b.elementType(c.input(0))));
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// A scale or bias for the dimensions from `axis` on, which become one; null where it also
/// differs along others.
static Value layerParameter(GraphBuilder &b, Value parameter, Value x, int64_t axis) {
  Dims sizes = b.dims(x), own = b.dims(parameter), normalized(sizes.begin() + axis, sizes.end());
  while (own.size() > normalized.size() && b.number(own.front()) == 1)
    own.erase(own.begin());
  if (own.size() > normalized.size())
    return {};
  return b.flatten(b.broadcastTo(b.reshape(parameter, own), normalized), 0, normalized.size());
}

static LogicalResult importLayer(NodeContext &c, bool rms) {
  GraphBuilder &b = c.b;
  bool hasBias = !rms && c.hasInput(2);
  SmallVector<unsigned> inputs{0, 1};
  if (hasBias)
    inputs.push_back(2);
  if (failed(c.requireRank(0, 1)) || failed(requireFloats(c, inputs)))
    return failure();
  int64_t rank = b.rank(c.input(0));
  auto axis = c.axis(c.integer("axis", -1), rank);
  if (failed(axis))
    return failure();
  double epsilon = c.number("epsilon", 1e-5);
  // Inputs of one type stay as they are: the op itself computes in f32 at least.
  Type result = b.elementType(c.input(1)), element = b.elementType(c.input(0));
  if (element != result)
    element = widestType(c, inputs);
  Value x = b.cast(c.input(0), element), scale = b.cast(c.input(1), element);
  Value bias = hasBias ? b.cast(c.input(2), element) : Value();

  Dims sizes = b.dims(x), rows(sizes.begin(), sizes.begin() + *axis);
  rows.push_back(b.scope.product(ArrayRef(sizes).drop_front(*axis)));
  Value layerScale = layerParameter(b, scale, x, *axis),
        layerBias = hasBias ? layerParameter(b, bias, x, *axis) : Value();
  bool isApart = !layerScale || (hasBias && !layerBias);
  if (isApart) {
    layerScale = b.filled(element, rows.back(), 1);
    layerBias = {};
  }
  Value y = b.create<dfg::LayerNormOp>(b.reshape(x, rows), layerScale, OptionalOperand{layerBias},
                                       b.builder.getF64FloatAttr(epsilon), rms ? b.builder.getUnitAttr() : UnitAttr());
  y = b.reshape(y, sizes);
  if (isApart) {
    y = b.create<dfg::MulOp>(y, scale);
    y = hasBias ? b.create<dfg::AddOp>(y, bias) : y;
  }
  y = b.cast(y, result);
  if (!c.wantsOutput(1) && !c.wantsOutput(2))
    return c.result(y);

  Type stash = c.elementType("stash_type", /*float*/ 1);
  if (!stash)
    return failure();
  Statistics layer(widened({b, x}), axisRange(*axis, rank), epsilon);
  return c.results({y, layer.mean.cast(stash), layer.scale.cast(stash)});
}

static LogicalResult importLayerNormalization(NodeContext &c) { return importLayer(c, /*rms=*/false); }
static LogicalResult importRMSNormalization(NodeContext &c) { return importLayer(c, /*rms=*/true); }

//===----------------------------------------------------------------------===//
// Norms and neighbours
//===----------------------------------------------------------------------===//

static LogicalResult importLpNormalization(NodeContext &c) {
  GraphBuilder &b = c.b;
  int64_t p = c.integer("p", 2);
  if (p != 1 && p != 2)
    return c.error() << "has p " << p << ", expected 1 or 2";
  if (failed(c.requireRank(0, 1)))
    return failure();
  auto axis = c.axis(c.integer("axis", -1), b.rank(c.input(0)));
  if (failed(axis))
    return failure();
  Term x = widened({b, c.input(0)});
  Term norm = p == 1 ? sum(abs(x), *axis) : sqrt(sum(square(x), *axis));
  // Zeros stay zeros.
  Term y = x / select(equal(norm, 0), norm.number(1), norm);
  return c.result(y.cast(b.elementType(c.input(0))));
}

/// Divides by a power of the sum of squares over neighbouring channels.
static LogicalResult importLRN(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 3)))
    return failure();
  int64_t size = c.integer("size");
  if (size < 1 || size > INT32_MAX)
    return c.error() << "has size " << size << ", expected a positive number below 2^31";
  int64_t before = (size - 1) / 2;
  Term x = widened({b, c.input(0)});
  if (!x)
    return failure();
  Dims sizes = b.dims(x);
  AffineExpr plane = b.scope.product(ArrayRef(sizes).drop_front(2));
  Value squares = b.reshape(square(x), {sizes[0], b.expr(1), sizes[1], plane});
  Value sums = b.create<dfg::PoolOp>(dfg::ReduceKind::Sum, squares, ArrayRef<int64_t>{size, 1}, ArrayRef<int64_t>{1, 1},
                                     ArrayRef<int64_t>{before, size - 1 - before, 0, 0}, ArrayRef<int64_t>{1, 1},
                                     /*channels_last=*/false);
  Term energy = Term(b, b.reshape(sums, sizes)) * (c.number("alpha", 1e-4) / size) + c.number("bias", 1);
  return c.result((x / pow(energy, c.number("beta", 0.75))).cast(b.elementType(c.input(0))));
}

void registerNormalizationOps(OpRegistry &ops) {
  ops.add("BatchNormalization", importBatchNormalization, 6);
  ops.add("GroupNormalization", importGroupNormalization);
  ops.add("InstanceNormalization", importInstanceNormalization);
  ops.add("LayerNormalization", importLayerNormalization);
  ops.add("LpNormalization", importLpNormalization);
  ops.add("LRN", importLRN);
  ops.add("MeanVarianceNormalization", importMeanVarianceNormalization);
  ops.add("RMSNormalization", importRMSNormalization);
}

} // namespace tfc
