// Transposed convolutions as convolutions without the zeros between the elements of their input.
#include "Weights.h"
#include "tfc/Codegen/CPU/Passes.h"
#include "llvm/Support/MathExtras.h"

namespace tfc {
#define GEN_PASS_DEF_SPLITTRANSPOSEDCONVS
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

/// One spatial dimension. With `stride - 1` zeros between the elements of the input and `low` before them, result o
/// reads a tap k only where o + k - low is a multiple of the stride. So results come in phases, o = stride * q + r,
/// each of which reads its own taps: k = stride - 1 - r + stride * j for input q - padding + j, if o counts from
/// `cropped` results before the first.
struct Phases {
  int64_t stride, kernel, cropped, padLow, padHigh;
  /// Whether the phases make no more than the results asked for.
  bool exact;

  static std::optional<Phases> of(int64_t stride, int64_t low, int64_t high, int64_t kernel) {
    Phases phases{};
    phases.stride = stride;
    phases.kernel = llvm::divideCeil(kernel, stride);
    phases.cropped = (stride - 1 - low % stride + stride) % stride;
    phases.padLow = (low + phases.cropped - (stride - 1)) / stride;
    if (low + phases.cropped < stride - 1)
      return std::nullopt;
    // As many positions as hold all results; beyond them, any number may be cropped.
    const int64_t last = llvm::divideCeilSigned(phases.cropped + low + high + 2 - kernel, stride);
    phases.padHigh = std::max<int64_t>(last - 2 - phases.padLow + phases.kernel, 0);
    phases.exact = phases.cropped == 0 &&
                   low + high + 2 - kernel - stride == stride * (phases.padLow + phases.padHigh - phases.kernel + 1);
    return phases;
  }
};

bool isZero(Value value) {
  auto constant = value.getDefiningOp<dfg::ConstantOp>();
  auto splat = constant ? dyn_cast<SplatElementsAttr>(constant.getValue()) : SplatElementsAttr();
  return splat && isa<FloatType>(splat.getElementType()) && splat.getSplatValue<APFloat>().isZero();
}

struct SplitTransposedConvs : impl::SplitTransposedConvsBase<SplitTransposedConvs> {
  void runOnOperation() override {
    // Extents of equal names are equal within one step only.
    for (Operation &function : getOperation().getBody().front())
      runOnFunction(&function);
  }

  void runOnFunction(Operation *function) {
    dfg::DimScope dims(&getContext());
    scope = &dims;
    SmallVector<dfg::ConvOp> convs;
    function->walk<WalkOrder::PreOrder>([&](Operation *op) {
      // Dimensions in order, so that inference never recurses far.
      for (Value result : op->getResults())
        if (isa<RankedTensorType>(result.getType()))
          dims.dims(result);
      if (auto conv = dyn_cast<dfg::ConvOp>(op))
        convs.push_back(conv);
    });
    for (dfg::ConvOp conv : convs)
      split(conv);
    // Not before the end: what is known of extents is known by value.
    for (dfg::ConvOp conv : convs)
      if (conv->use_empty())
        conv.erase();
  }

  void split(dfg::ConvOp op) {
    auto pad = op.getX().getDefiningOp<dfg::PadOp>();
    auto isAll = [](ArrayRef<int64_t> values, int64_t number) {
      return llvm::all_of(values, [&](int64_t value) { return value == number; });
    };
    if (!pad || pad.getMode() != dfg::PadMode::Constant || !pad.getInterior() || isAll(*pad.getInterior(), 0) ||
        !pad.getLow().empty() || !pad.getHigh().empty() || !isZero(pad.getValue()) || op.getChannelsLast() ||
        op.getGroups() != 1 || !isAll(op.getStrides(), 1) || !isAll(op.getDilations(), 1) || !isAll(op.getPads(), 0) ||
        !isPackable(op.getW()))
      return;
    ArrayRef<int64_t> low = pad.getStaticLow(), high = pad.getStaticHigh(), between = *pad.getInterior();
    if (!isAll(low.take_front(2), 0) || !isAll(high.take_front(2), 0) || !isAll(between.take_front(2), 0))
      return;
    SmallVector<Phases> phases;
    RankedTensorType w = dfg::tensorType(op.getW());
    for (int64_t i = 2; i < w.getRank(); ++i) {
      std::optional<Phases> found = Phases::of(between[i] + 1, low[i], high[i], w.getDimSize(i));
      if (!found)
        return;
      phases.push_back(*found);
    }
    OpBuilder builder(op);
    op.replaceAllUsesWith(interleave(builder, op, phases, convolve(builder, op, pad.getX(), phases)));
  }

  /// A convolution whose channels are the phases, each with all channels of the result.
  Value convolve(OpBuilder &builder, dfg::ConvOp op, Value x, ArrayRef<Phases> phases) {
    RankedTensorType w = dfg::tensorType(op.getW()), type = dfg::tensorType(x);
    const size_t spatial = phases.size();
    SmallVector<int64_t> shape(w.getShape()), pads, ones(spatial, 1), result(type.getShape());
    for (auto [i, phase] : llvm::enumerate(phases)) {
      shape[0] *= phase.stride;
      shape[2 + i] = phase.kernel;
      pads.append({phase.padLow, phase.padHigh});
      if (!type.isDynamicDim(2 + i))
        result[2 + i] += phase.padLow + phase.padHigh - phase.kernel + 1;
    }
    result[1] = shape[0];
    auto pack = [&](const auto &numbers) { return phaseWeights(numbers, w.getShape(), phases); };
    Value weights = rearranged(builder, op.getW(), shape, pack);
    return dfg::ConvOp::create(builder, op.getLoc(), type.clone(result), x, weights, ones, pads, ones, 1,
                               /*channels_last=*/false);
  }

  template <class T>
  static std::vector<T> phaseWeights(const std::vector<T> &weights, ArrayRef<int64_t> shape, ArrayRef<Phases> phases) {
    std::vector<T> result;
    const int64_t outputs = shape[0], inputs = shape[1];
    int64_t phaseCount = 1, taps = 1;
    for (const Phases &phase : phases) {
      phaseCount *= phase.stride;
      taps *= phase.kernel;
    }
    for (int64_t number = 0; number < phaseCount; ++number)
      for (int64_t i = 0; i < outputs * inputs; ++i)
        for (int64_t tap = 0; tap < taps; ++tap) {
          int64_t at = 0, step = 1, restOfPhase = number, restOfTap = tap;
          bool exists = true;
          for (size_t d = phases.size(); d-- > 0;) {
            const int64_t stride = phases[d].stride, r = restOfPhase % stride, j = restOfTap % phases[d].kernel;
            const int64_t k = stride - 1 - r + stride * j;
            exists &= k < shape[2 + d];
            at += k * step;
            step *= shape[2 + d];
            restOfPhase /= stride;
            restOfTap /= phases[d].kernel;
          }
          result.push_back(exists ? weights[i * step + at] : T());
        }
    return result;
  }

  /// [N, phases * O, positions...] in the order of results, [N, O, spatial...].
  Value interleave(OpBuilder &builder, dfg::ConvOp op, ArrayRef<Phases> phases, Value y) {
    Location loc = op.getLoc();
    const int64_t spatial = phases.size(), rank = spatial + 2;
    SmallVector<AffineExpr> wanted = llvm::to_vector(scope->dims(op.getY())), dims = llvm::to_vector(scope->dims(y));
    SmallVector<int64_t> last{0}, first{0, rank - 1}, order{0};
    SmallVector<AffineExpr> apart{dims[0]}, whole{dims[0]}, sizes{wanted[0]};
    SmallVector<int64_t> offsets{0};
    for (int64_t i = 0; i < spatial; ++i) {
      AffineExpr stride = scope->constant(phases[i].stride);
      last.push_back(2 + i);
      first.push_back(1 + i);
      order.append({1 + i, 1 + spatial + i});
      apart.push_back(dims[2 + i]);
      whole.push_back(scope->mul(dims[2 + i], stride));
      sizes.push_back(wanted[2 + i]);
      offsets.push_back(phases[i].cropped);
    }
    for (const Phases &phase : phases)
      apart.push_back(scope->constant(phase.stride));
    last.push_back(1);
    order.push_back(1 + 2 * spatial);
    offsets.push_back(0);
    for (SmallVector<AffineExpr> *list : {&apart, &whole, &sizes})
      list->push_back(wanted[1]);

    y = transpose(builder, loc, y, last);
    y = reshape(builder, loc, y, apart);
    y = transpose(builder, loc, y, order);
    y = reshape(builder, loc, y, whole);
    if (!llvm::all_of(phases, [](const Phases &phase) { return phase.exact; })) {
      auto [shape, dynamics] = spell(builder, loc, sizes);
      SmallVector<int64_t> ones(rank, 1);
      y = dfg::SliceOp::create(builder, loc, dfg::tensorType(y).clone(shape), y, ValueRange(), dynamics, offsets, shape,
                               ones);
    }
    return transpose(builder, loc, y, first, op.getType());
  }

  /// Extents, and the values of those that are dynamic.
  std::pair<SmallVector<int64_t>, SmallVector<Value>> spell(OpBuilder &builder, Location loc,
                                                            ArrayRef<AffineExpr> dims) {
    SmallVector<int64_t> shape;
    SmallVector<Value> dynamics;
    for (AffineExpr dim : dims) {
      OpFoldResult size = scope->fold(builder, loc, dim);
      if (auto value = dyn_cast<Value>(size))
        dynamics.push_back(value);
      shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
    }
    return {shape, dynamics};
  }

  Value reshape(OpBuilder &builder, Location loc, Value x, ArrayRef<AffineExpr> dims) {
    auto [shape, dynamics] = spell(builder, loc, dims);
    return dfg::ReshapeOp::create(builder, loc, dfg::tensorType(x).clone(shape), x, dynamics, shape);
  }

  static Value transpose(OpBuilder &builder, Location loc, Value x, ArrayRef<int64_t> order, Type type = {}) {
    SmallVector<int64_t> shape;
    for (int64_t from : order)
      shape.push_back(dfg::tensorType(x).getDimSize(from));
    if (!type)
      type = dfg::tensorType(x).clone(shape);
    return dfg::TransposeOp::create(builder, loc, type, x, order);
  }

  dfg::DimScope *scope = nullptr;
};

} // namespace
} // namespace tfc
