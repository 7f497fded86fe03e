// Chooses the ops that emitters of their own generate, and packs their weights.
#include "Weights.h"
#include "tfc/Codegen/CPU/Emit/Convolution.h"
#include "tfc/Codegen/CPU/Emit/Packing.h"
#include "tfc/Codegen/CPU/Emit/Winograd.h"
#include "tfc/Codegen/CPU/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_SELECTROOTS
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

struct SelectRoots : impl::SelectRootsBase<SelectRoots> {
  using Base::Base;

  void runOnOperation() override {
    // Extents of equal names are equal within one step only.
    for (Operation &function : getOperation().getBody().front())
      runOnFunction(&function);
  }

  void runOnFunction(Operation *function) {
    dfg::DimScope dims(&getContext());
    scope = &dims;
    superseded.clear();
    SmallVector<Operation *> ops;
    function->walk<WalkOrder::PreOrder>([&](Operation *op) {
      ops.push_back(op);
      // Dimensions in order, so that inference never recurses far.
      for (Value result : op->getResults())
        if (isa<RankedTensorType>(result.getType()))
          dims.dims(result);
    });
    for (Operation *op : ops) {
      if (auto reduce = dyn_cast<dfg::ReduceOp>(op))
        foldSum(reduce);
      else if (auto matmul = dyn_cast<dfg::MatmulOp>(op))
        select(matmul);
      else if (auto conv = dyn_cast<dfg::ConvOp>(op))
        select(conv);
      else if (auto pool = dyn_cast<dfg::PoolOp>(op))
        select(pool);
      else if (auto softmax = dyn_cast<dfg::SoftmaxOp>(op))
        select(softmax);
      else if (auto norm = dyn_cast<dfg::LayerNormOp>(op))
        select(norm);
    }
    for (Operation *op : superseded)
      op->erase();
    // Weights that have been packed, what was done to them, and transposes that nobody reads any more.
    llvm::DenseSet<Operation *> erased(superseded.begin(), superseded.end());
    for (Operation *op : llvm::reverse(ops))
      if (!erased.contains(op) && isa<dfg::ConstantOp, dfg::TransposeOp, dfg::CastOp, dfg::MulOp>(op) &&
          op->use_empty())
        op->erase();
  }

  /// Sums over constant bytes, as zero points ask for, are known.
  void foldSum(dfg::ReduceOp op) {
    auto cast = op.getX().getDefiningOp<dfg::CastOp>();
    if (op.getKind() != dfg::ReduceKind::Sum || !cast || !isPackable(cast.getX()) ||
        !dfg::tensorType(cast.getX()).getElementType().isInteger(8) ||
        !dfg::tensorType(op.getY()).getElementType().isInteger(32))
      return;
    OpBuilder builder(op);
    RankedTensorType type = op.getType();
    Value sums = blobConstant(builder, op.getLoc(), type.getShape(), type.getElementType(),
                              sumsOfBytes(cast.getX(), llvm::to_vector(op.getAxes())));
    op->getResult(0).replaceAllUsesWith(sums);
    superseded.push_back(op);
  }

  /// Operands of bytes, one unsigned and one signed, and what is to be added to what they give.
  struct MixedBytes {
    Value left;
    /// i32, one for each column; null for none.
    Value correction;
  };

  /// Emitters multiply unsigned by signed bytes. Others are moved by 128 on the left side: to unsigned ones where the
  /// right side is signed, and the other way round. `axes` are those of the weights that are summed over.
  MixedBytes mixSigns(OpBuilder &builder, Location loc, Value left, Value weights, ArrayRef<int64_t> axes) {
    RankedTensorType type = dfg::tensorType(left);
    const bool isUnsigned = type.getElementType().isUnsignedInteger();
    if (isUnsigned != dfg::tensorType(weights).getElementType().isUnsignedInteger())
      return {left, {}};
    std::vector<int32_t> sums = sumsOfBytes(weights, axes);
    for (int32_t &sum : sums)
      sum *= isUnsigned ? 128 : -128;
    Type other = isUnsigned ? builder.getI8Type() : builder.getIntegerType(8, /*isSigned=*/false);
    left = dfg::BitcastOp::create(builder, loc, type.clone(other), left);
    auto highest = DenseElementsAttr::get(RankedTensorType::get({}, other), APInt(8, 0x80));
    Value number = dfg::ConstantOp::create(builder, loc, cast<ElementsAttr>(highest));
    left = dfg::XorOp::create(builder, loc, left.getType(), left, number);
    int64_t columns = sums.size();
    return {left, blobConstant(builder, loc, columns, builder.getI32Type(), sums)};
  }

  static bool isByteType(Type element) { return element.isInteger(8); }

  void select(dfg::MatmulOp op) {
    RankedTensorType a = dfg::tensorType(op.getA()), b = dfg::tensorType(op.getB());
    Type element = a.getElementType();
    const bool areBytes = isByteType(element) && isByteType(b.getElementType());
    if ((!areBytes && !isFloat(element)) || a.getRank() < 2 || b.getRank() < 2)
      return;
    if (!op.getTransposeA() && b.getRank() == 2 &&
        (isPackable(op.getB()) || dequantized(op.getB(), op.getTransposeB() ? 0 : 1)))
      return selectPacked(op);
    if (areBytes || a.getRank() != b.getRank() || op.getType().getElementType() != element)
      return;
    // Equal batch dimensions only: a broadcast one is left to the general path.
    for (int64_t i = 0; i + 2 < a.getRank(); ++i)
      if (scope->dim(op.getA(), i) != scope->dim(op.getB(), i))
        return;
    OpBuilder builder(op);
    // Operands and result are read and written in whatever order they lie.
    auto order = [&](bool isTransposed) {
      SmallVector<int64_t> order = identity(a.getRank());
      if (isTransposed)
        std::swap(order[order.size() - 1], order[order.size() - 2]);
      return order;
    };
    auto [left, orderA] = throughTransposes(op.getA(), order(op.getTransposeA()));
    auto [right, orderB] = throughTransposes(op.getB(), order(op.getTransposeB()));
    auto attribute = [&](ArrayRef<int64_t> order) {
      return ArrayRef(identity(order.size())) == order ? DenseI64ArrayAttr() : builder.getDenseI64ArrayAttr(order);
    };
    Operation *replaced = op;
    DenseI64ArrayAttr orderY;
    auto user = op->hasOneUse() ? dyn_cast<dfg::TransposeOp>(*op->user_begin()) : dfg::TransposeOp();
    if (user && user.getPermutation().back() == a.getRank() - 1) {
      orderY = builder.getDenseI64ArrayAttr(user.getPermutation());
      replaced = user;
    }
    auto root = kernel::MatmulOp::create(builder, op.getLoc(), replaced->getResult(0).getType(), left, right,
                                         IntegerAttr(), attribute(orderA), attribute(orderB), orderY);
    if (replaced != op) {
      replaced->replaceAllUsesWith(root);
      superseded.push_back(replaced);
      superseded.push_back(op);
      return;
    }
    replace(op, root);
  }

  static bool isFloat(Type element) {
    return element.isF32() || element.isF64() || element.isF16() || element.isBF16();
  }

  /// Bytes that stand for weights of f32, and the factors of each column or filter (null: 1).
  struct Dequantized {
    Value bytes, scales;
    explicit operator bool() const { return static_cast<bool>(bytes); }
  };

  /// Takes `scales * cast(bytes)` apart, where scales differ along dimension `along` at most. Bytes stay so in memory:
  /// a kernel reads a quarter of what it would of f32.
  static Dequantized dequantized(Value weights, int64_t along) {
    RankedTensorType type = dfg::tensorType(weights);
    Value bytes = weights, scales;
    if (auto product = weights.getDefiningOp<dfg::MulOp>()) {
      bytes = product.getA(), scales = product.getB();
      if (!bytes.getDefiningOp<dfg::CastOp>())
        std::swap(bytes, scales);
      const int64_t count = dfg::tensorType(scales).getNumElements(),
                    dim = along - type.getRank() + dfg::tensorType(scales).getRank();
      if (!isPackable(scales) || (count != 1 && (dim < 0 || dfg::tensorType(scales).getDimSize(dim) != count)))
        return {};
    }
    auto cast = bytes.getDefiningOp<dfg::CastOp>();
    if (!cast || !type.getElementType().isF32() || !isPackable(cast.getX()) ||
        !isByteType(dfg::tensorType(cast.getX()).getElementType()) || cast.getType().getShape() != type.getShape())
      return {};
    return {cast.getX(), scales};
  }

  /// A product or convolution, whose columns come last, times their scales.
  static Value scaled(OpBuilder &builder, Value result, Value scales) {
    if (!scales)
      return result;
    const int64_t count = dfg::tensorType(scales).getNumElements();
    Value factors = blobConstant(builder, result.getLoc(), count, builder.getF32Type(), numbersOf<float>(scales));
    return dfg::MulOp::create(builder, result.getLoc(), result.getType(), result, factors);
  }

  void selectPacked(dfg::MatmulOp op) {
    OpBuilder builder(op);
    Location loc = op.getLoc();
    RankedTensorType a = dfg::tensorType(op.getA()), b = dfg::tensorType(op.getB());
    const bool transposed = op.getTransposeB(), areBytes = isByteType(a.getElementType());
    const int64_t k = b.getDimSize(transposed ? 1 : 0), n = b.getDimSize(transposed ? 0 : 1);
    if (areBytes && (k < cpu::kWordBytes || !op.getType().getElementType().isInteger(32)))
      return;
    Value weights = op.getB(), scales;
    if (!isPackable(weights)) {
      Dequantized taken = dequantized(weights, transposed ? 0 : 1);
      weights = taken.bytes, scales = taken.scales;
      if (!a.getElementType().isF32())
        return;
    } else if (!areBytes && b.getElementType() != a.getElementType()) {
      return;
    }
    auto pack = [&](const auto &numbers) { return cpu::packMatmulWeights(numbers, k, n, transposed); };
    if (areBytes) {
      auto [left, correction] = mixSigns(builder, loc, op.getA(), weights, {transposed ? 1 : 0});
      Value words = byteWords(builder, loc, {cpu::panelCount(n), k}, pack(numbersOf<int8_t>(weights)));
      return replace(op, plus(builder, packedMatmul(builder, loc, op.getType(), left, words, n), correction));
    }
    Value panels = rearranged(builder, weights, {cpu::panelCount(n), k, cpu::kPanel}, pack);
    Value product = packedMatmul(builder, loc, op.getType(), op.getA(), panels, n);
    replace(op, scaled(builder, product, scales));
  }

  static Value packedMatmul(OpBuilder &builder, Location loc, Type type, Value a, Value panels, int64_t columns) {
    return kernel::MatmulOp::create(builder, loc, type, a, panels, builder.getI64IntegerAttr(columns),
                                    DenseI64ArrayAttr(), DenseI64ArrayAttr(), DenseI64ArrayAttr());
  }

  static Value plus(OpBuilder &builder, Value x, Value summand) {
    return summand ? Value(dfg::AddOp::create(builder, x.getLoc(), x.getType(), x, summand)) : x;
  }

  /// Panels of bytes, whose shape but for the columns is given, as words.
  static Value byteWords(OpBuilder &builder, Location loc, SmallVector<int64_t> shape,
                         const std::vector<int8_t> &panels) {
    std::vector<int32_t> words = cpu::packByteWords(panels, shape.back());
    shape.back() = llvm::divideCeil(shape.back(), cpu::kWordBytes);
    shape.push_back(cpu::kPanel);
    return blobConstant(builder, loc, shape, builder.getI32Type(), words);
  }

  static SmallVector<int64_t> identity(int64_t rank) { return llvm::to_vector(llvm::seq<int64_t>(rank)); }

  /// The value behind the transposes that make an operand, and the order of its dimensions
  /// that gives the operand's, further reordered by `order`.
  static std::pair<Value, SmallVector<int64_t>> throughTransposes(Value operand, SmallVector<int64_t> order) {
    while (auto transpose = operand.getDefiningOp<dfg::TransposeOp>()) {
      for (int64_t &i : order)
        i = transpose.getPermutation()[i];
      operand = transpose.getX();
    }
    return {operand, order};
  }

  void select(dfg::SoftmaxOp op) {
    RankedTensorType type = dfg::tensorType(op.getX());
    if (!type.getElementType().isF32() || int64_t(op.getAxis()) != type.getRank() - 1)
      return;
    OpBuilder builder(op);
    replace(op, kernel::SoftmaxOp::create(builder, op.getLoc(), op.getType(), op.getX()));
  }

  void select(dfg::LayerNormOp op) {
    if (!dfg::tensorType(op.getX()).getElementType().isF32())
      return;
    OpBuilder builder(op);
    replace(op, kernel::LayerNormOp::create(builder, op.getLoc(), op.getType(), op.getX(), op.getScale(), op.getBias(),
                                            op.getEpsilonAttr(), op.getRmsAttr()));
  }

  /// Convolutions run on images whose channels come last; transposes around them are left
  /// to cancel.
  void select(dfg::ConvOp op) {
    RankedTensorType x = dfg::tensorType(op.getX()), w = dfg::tensorType(op.getW());
    const int64_t spatial = op.getStrides().size(), channels = x.getDimSize(1), outputs = w.getDimSize(0),
                  groups = op.getGroups();
    Type element = x.getElementType();
    const bool areBytes = isByteType(element) && isByteType(w.getElementType());
    const Dequantized taken = isPackable(op.getW()) ? Dequantized{op.getW(), {}} : dequantized(op.getW(), 0);
    Value filters = taken.bytes;
    // Others, those that are trained, are packed when the step runs.
    const bool isKnown = static_cast<bool>(filters);
    if (!isKnown && groups == 1 && w.hasStaticShape() && outputs % cpu::kPanel == 0 && isFloat(element))
      filters = op.getW();
    if (op.getChannelsLast() || !filters || spatial < 1 || spatial > 2 || ShapedType::isDynamic(channels))
      return;
    if (areBytes ? !op.getType().getElementType().isInteger(32)
                 : !isFloat(element) || w.getElementType() != element || op.getType().getElementType() != element)
      return;
    const bool depthwise = groups > 1 && groups == channels && outputs == channels;
    const int64_t height = spatial == 2 ? w.getDimSize(2) : 1, width = w.getShape().back();
    const int64_t inputs = channels / groups;
    // Bytes come in words.
    if (depthwise ? isByteType(dfg::tensorType(filters).getElementType()) || width > 32
                  : areBytes && groups > 1 && inputs < cpu::kWordBytes)
      return;
    OpBuilder builder(op);
    Location loc = op.getLoc();
    auto isAll = [](ArrayRef<int64_t> values, int64_t number) {
      return llvm::all_of(values, [&](int64_t value) { return value == number; });
    };
    const bool isProduct =
        groups == 1 && height == 1 && width == 1 && isAll(op.getStrides(), 1) && isAll(op.getPads(), 0);
    // So few channels are read where they lie.
    const bool inPlace =
        !isProduct && groups == 1 && channels <= cpu::kFewChannels && !areBytes && !op.getX().getDefiningOp();
    Value correction, source = op.getX();
    SmallVector<int64_t> pads(op.getPads());
    if (areBytes) {
      SmallVector<int64_t> summed = llvm::to_vector(llvm::seq<int64_t>(1, spatial + 2));
      MixedBytes mixed = mixSigns(builder, loc, source, filters, summed);
      source = mixed.left, correction = mixed.correction;
      if (correction && !isAll(pads, 0)) {
        // Beyond the border, too, lie bytes that were moved.
        source = padded(builder, loc, source, pads, 0, /*number=*/0x80);
        pads.assign(pads.size(), 0);
      }
      if (inputs < cpu::kWordBytes)
        source = padded(builder, loc, source, SmallVector<int64_t>(pads.size()), cpu::kWordBytes - inputs, 0);
    }
    Value images = source;
    if (!inPlace)
      images = channelsLast(builder, loc, source);
    auto type = permuted(op.getType(), toChannelsLast(spatial));
    Value result;
    if (isProduct) {
      // One pixel sees one pixel: a product over all of them.
      auto pack = [&](const auto &numbers) {
        return cpu::packMatmulWeights(numbers, inputs, outputs, /*transposed=*/true);
      };
      Value weights =
          !isKnown   ? packedByStep(builder, loc, filters, {cpu::panelCount(outputs), inputs, cpu::kPanel})
          : areBytes ? byteWords(builder, loc, {cpu::panelCount(outputs), inputs}, pack(numbersOf<int8_t>(filters)))
                     : rearranged(builder, filters, {cpu::panelCount(outputs), inputs, cpu::kPanel}, pack);
      result = packedMatmul(builder, loc, type, images, weights, outputs);
    } else {
      const bool isWinograd = winograd && isKnown && !taken.scales && element.isF32() && filters == op.getW() &&
                              spatial == 2 && groups == 1 && height == 3 && width == 3 && isAll(op.getStrides(), 1) &&
                              isAll(op.getDilations(), 1) && !inPlace &&
                              cpu::WinogradSizes::of(dfg::tensorType(images), type).pays();
      Value weights =
          !isKnown ? packedByStep(builder, loc, filters, {cpu::panelCount(outputs), height, width, inputs, cpu::kPanel})
          : isWinograd ? winogradWeights(builder, filters)
                       : convolutionWeights(builder, filters, depthwise ? 0 : groups, areBytes, height, width);
      result = kernel::ConvOp::create(
          builder, loc, type, images, weights, builder.getI64IntegerAttr(outputs),
          withHeight(builder, spatial, op.getStrides(), {1}), withHeight(builder, spatial, pads, {0, 0}),
          withHeight(builder, spatial, op.getDilations(), {1}), builder.getI64IntegerAttr(depthwise ? 1 : groups),
          depthwise ? builder.getUnitAttr() : UnitAttr(), inPlace ? builder.getUnitAttr() : UnitAttr(),
          isWinograd ? builder.getUnitAttr() : UnitAttr());
    }
    result = scaled(builder, plus(builder, result, correction), taken.scales);
    replace(op, channelsFirst(builder, op.getType(), result));
  }

  /// Windows of images whose channels come last; of few channels, vectors would be nearly empty.
  void select(dfg::PoolOp op) {
    RankedTensorType x = dfg::tensorType(op.getX());
    const int64_t spatial = op.getStrides().size(), channels = x.getDimSize(op.getChannelsLast() ? spatial + 1 : 1);
    const bool hasEmitter = op.getKind() == dfg::ReduceKind::Max || op.getKind() == dfg::ReduceKind::Sum;
    if (!hasEmitter || !isFloat(x.getElementType()) || spatial < 1 || spatial > 2 || ShapedType::isDynamic(channels) ||
        channels < cpu::kPanel / 2)
      return;
    OpBuilder builder(op);
    Location loc = op.getLoc();
    const bool isLast = op.getChannelsLast();
    Value images = isLast ? op.getX() : channelsLast(builder, loc, op.getX());
    Type type = isLast ? op.getType() : permuted(op.getType(), toChannelsLast(spatial));
    Value result = kernel::PoolOp::create(builder, loc, type, images, withHeight(builder, spatial, op.getWindow(), {1}),
                                          withHeight(builder, spatial, op.getStrides(), {1}),
                                          withHeight(builder, spatial, op.getPads(), {0, 0}),
                                          withHeight(builder, spatial, op.getDilations(), {1}),
                                          op.getKind() == dfg::ReduceKind::Sum ? builder.getUnitAttr() : UnitAttr());
    replace(op, isLast ? result : channelsFirst(builder, op.getType(), result));
  }

  static SmallVector<int64_t> toChannelsLast(int64_t spatial) {
    SmallVector<int64_t> order{0};
    llvm::append_range(order, llvm::seq<int64_t>(2, spatial + 2));
    order.push_back(1);
    return order;
  }

  static Value channelsLast(OpBuilder &builder, Location loc, Value images) {
    RankedTensorType type = dfg::tensorType(images);
    const SmallVector<int64_t> order = toChannelsLast(type.getRank() - 2);
    return dfg::TransposeOp::create(builder, loc, permuted(type, order), images, order);
  }

  static Value channelsFirst(OpBuilder &builder, Type type, Value images) {
    const int64_t rank = dfg::tensorType(images).getRank();
    SmallVector<int64_t> order{0, rank - 1};
    llvm::append_range(order, llvm::seq<int64_t>(1, rank - 1));
    return dfg::TransposeOp::create(builder, images.getLoc(), type, images, order);
  }

  /// Numbers of height and width: a line of pixels has one of height 1.
  static DenseI64ArrayAttr withHeight(OpBuilder &builder, int64_t spatial, ArrayRef<int64_t> values,
                                      ArrayRef<int64_t> ofHeight) {
    SmallVector<int64_t> all;
    if (spatial == 1)
      llvm::append_range(all, ofHeight);
    llvm::append_range(all, values);
    return builder.getDenseI64ArrayAttr(all);
  }

  static RankedTensorType permuted(RankedTensorType type, ArrayRef<int64_t> order) {
    SmallVector<int64_t> shape;
    for (int64_t i : order)
      shape.push_back(type.getDimSize(i));
    return type.clone(shape);
  }

  /// Filters as the emitters read them, one group of them after the other, each for itself without groups; as words of
  /// bytes, if they are multiplied as such.
  static Value convolutionWeights(OpBuilder &builder, Value filters, int64_t groups, bool asWords, int64_t height,
                                  int64_t width) {
    RankedTensorType w = dfg::tensorType(filters);
    const int64_t outputs = w.getDimSize(0), inputs = w.getDimSize(1);
    if (groups == 0)
      return rearranged(
          builder, filters, {cpu::panelCount(outputs), height, width, cpu::kPanel},
          [&](const auto &numbers) { return cpu::packDepthwiseWeights(numbers, outputs, height, width); });
    const int64_t perGroup = outputs / groups;
    auto pack = [&](const auto &numbers) {
      auto all = numbers;
      all.clear();
      for (auto from = numbers.begin(), to = from; from != numbers.end(); from = to) {
        to = from + perGroup * inputs * height * width;
        auto packed = cpu::packConvolutionWeights(decltype(all)(from, to), perGroup, inputs, height, width);
        all.insert(all.end(), packed.begin(), packed.end());
      }
      return all;
    };
    SmallVector<int64_t> shape{groups * cpu::panelCount(perGroup), height, width, inputs};
    if (asWords)
      return byteWords(builder, filters.getLoc(), shape, pack(numbersOf<int8_t>(filters)));
    shape.push_back(cpu::kPanel);
    return rearranged(builder, filters, shape, pack);
  }

  /// Filters that no constant tells, as many as fill their panels, in the same layout of this shape.
  static Value packedByStep(OpBuilder &builder, Location loc, Value filters, ArrayRef<int64_t> shape) {
    RankedTensorType w = dfg::tensorType(filters);
    const bool isLine = w.getRank() == 3;
    const SmallVector<int64_t> panels{w.getDimSize(0) / cpu::kPanel, cpu::kPanel, w.getDimSize(1),
                                      isLine ? 1 : w.getDimSize(2), w.getShape().back()},
        order{0, 3, 4, 2, 1};
    auto reshape = [&](Value x, ArrayRef<int64_t> to) {
      return dfg::ReshapeOp::create(builder, loc, w.clone(to), x, ValueRange(), to).getResult();
    };
    Value split = reshape(filters, panels);
    return reshape(dfg::TransposeOp::create(builder, loc, permuted(dfg::tensorType(split), order), split, order),
                   shape);
  }

  static Value winogradWeights(OpBuilder &builder, Value filters) {
    RankedTensorType w = dfg::tensorType(filters);
    const int64_t outputs = w.getDimSize(0), inputs = w.getDimSize(1);
    return blobConstant(builder, filters.getLoc(), {6, 6, cpu::panelCount(outputs), inputs, cpu::kPanel},
                        w.getElementType(), cpu::packWinogradWeights(numbersOf<float>(filters), outputs, inputs));
  }

  /// Channels-first images of bytes with borders (low and high of each dimension) and, behind theirs, further channels.
  static Value padded(OpBuilder &builder, Location loc, Value images, ArrayRef<int64_t> borders, int64_t channels,
                      int number) {
    RankedTensorType type = dfg::tensorType(images);
    auto fill = DenseElementsAttr::get(RankedTensorType::get({}, type.getElementType()), APInt(8, number));
    Value value = dfg::ConstantOp::create(builder, loc, cast<ElementsAttr>(fill));
    SmallVector<int64_t> low{0, 0}, high{0, channels}, shape(type.getShape());
    for (size_t i = 0; i < borders.size(); i += 2) {
      low.push_back(borders[i]);
      high.push_back(borders[i + 1]);
    }
    for (auto [i, extent] : llvm::enumerate(shape))
      if (!ShapedType::isDynamic(extent))
        extent += low[i] + high[i];
    return dfg::PadOp::create(builder, loc, type.clone(shape), dfg::PadMode::Constant, images, value, ValueRange(),
                              ValueRange(), low, high, DenseI64ArrayAttr());
  }

  void replace(Operation *op, Value result) {
    op->getResult(0).replaceAllUsesWith(result);
    superseded.push_back(op);
  }

  /// Replaced ops, erased in the end: no user before what it uses.
  SmallVector<Operation *> superseded;
  dfg::DimScope *scope = nullptr;
};

} // namespace
} // namespace tfc
