// Chooses the ops that emitters of their own generate, and packs their weights.
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "tfc/Codegen/CPU/Emit/Convolution.h"
#include "tfc/Codegen/CPU/Emit/Packing.h"
#include "tfc/Codegen/CPU/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_SELECTROOTS
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

/// The numbers of a constant of f32; empty if the value is none.
std::vector<float> numbersOf(Value value) {
  auto constant = value.getDefiningOp<dfg::ConstantOp>();
  if (!constant || !constant.getType().getElementType().isF32())
    return {};
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue())) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || blob->getData().size() != size_t(constant.getType().getNumElements()) * sizeof(float))
      return {};
    std::vector<float> numbers(constant.getType().getNumElements());
    std::memcpy(numbers.data(), blob->getData().data(), blob->getData().size());
    return numbers;
  }
  if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue()))
    return {dense.value_begin<float>(), dense.value_end<float>()};
  return {};
}

struct SelectRoots : impl::SelectRootsBase<SelectRoots> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops) {
      if (auto matmul = dyn_cast<dfg::MatmulOp>(op))
        select(matmul);
      else if (auto conv = dyn_cast<dfg::ConvOp>(op))
        select(conv);
      else if (auto softmax = dyn_cast<dfg::SoftmaxOp>(op))
        select(softmax);
      else if (auto norm = dyn_cast<dfg::LayerNormOp>(op))
        select(norm);
    }
    for (Operation *op : superseded)
      op->erase();
    // Weights that have been packed, and transposes that nobody reads any more.
    for (Operation *op : llvm::reverse(ops))
      if (!llvm::is_contained(superseded, op) && isa<dfg::ConstantOp, dfg::TransposeOp>(op) && op->use_empty())
        op->erase();
  }

  Value constant(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape, ArrayRef<float> numbers) {
    auto type = RankedTensorType::get(shape, builder.getF32Type());
    auto blob = HeapAsmResourceBlob::allocateAndCopyInferAlign(numbers);
    auto value = DenseResourceElementsAttr::get(type, "packed", std::move(blob));
    return dfg::ConstantOp::create(builder, loc, cast<ElementsAttr>(value));
  }

  void select(dfg::MatmulOp op) {
    RankedTensorType a = dfg::tensorType(op.getA()), b = dfg::tensorType(op.getB());
    if (!a.getElementType().isF32() || a.getRank() < 2 || b.getRank() < 2 || op.getTransposeA())
      return;
    OpBuilder builder(op);
    if (std::vector<float> numbers = numbersOf(op.getB()); !numbers.empty() && b.getRank() == 2) {
      bool transposed = op.getTransposeB();
      int64_t k = b.getDimSize(transposed ? 1 : 0), n = b.getDimSize(transposed ? 0 : 1);
      std::vector<float> packed = cpu::packMatmulWeights(numbers, k, n, transposed);
      Value weights = constant(builder, op.getLoc(), {cpu::panelCount(n), k, cpu::kPanel}, packed);
      return replace(op, kernel::MatmulOp::create(builder, op.getLoc(), op.getType(), op.getA(), weights,
                                                  builder.getI64IntegerAttr(n), DenseI64ArrayAttr(), DenseI64ArrayAttr(),
                                                  DenseI64ArrayAttr()));
    }
    if (a.getRank() != b.getRank())
      return;
    // Equal batch dimensions only: a broadcast one is left to the general path.
    for (int64_t i = 0; i + 2 < a.getRank(); ++i)
      if (a.isDynamicDim(i) || a.getDimSize(i) != b.getDimSize(i))
        return;
    // Operands and result are read and written in whatever order they lie.
    SmallVector<int64_t> toB = identity(a.getRank());
    if (op.getTransposeB())
      std::swap(toB[toB.size() - 1], toB[toB.size() - 2]);
    auto [left, orderA] = throughTransposes(op.getA(), identity(a.getRank()));
    auto [right, orderB] = throughTransposes(op.getB(), toB);
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
    int64_t spatial = op.getStrides().size(), channels = x.getDimSize(1), outputs = w.getDimSize(0);
    std::vector<float> numbers = numbersOf(op.getW());
    if (op.getChannelsLast() || !x.getElementType().isF32() || numbers.empty() || spatial < 1 || spatial > 2 ||
        ShapedType::isDynamic(channels))
      return;
    bool depthwise = op.getGroups() > 1 && op.getGroups() == channels && outputs == channels;
    int64_t height = spatial == 2 ? w.getDimSize(2) : 1, width = w.getShape().back();
    if ((op.getGroups() != 1 && !depthwise) || (depthwise && width > 32))
      return;
    OpBuilder builder(op);
    Location loc = op.getLoc();
    SmallVector<int64_t> toLast{0}, toFirst{0, spatial + 1};
    for (int64_t i = 0; i < spatial; ++i) {
      toLast.push_back(2 + i);
      toFirst.push_back(1 + i);
    }
    toLast.push_back(1);
    auto permuted = [](RankedTensorType type, ArrayRef<int64_t> order) {
      SmallVector<int64_t> shape;
      for (int64_t i : order)
        shape.push_back(type.getDimSize(i));
      return type.clone(shape);
    };
    Value images = dfg::TransposeOp::create(builder, loc, permuted(x, toLast), op.getX(), toLast);
    auto type = permuted(op.getType(), toLast);
    auto isAll = [](ArrayRef<int64_t> values, int64_t number) {
      return llvm::all_of(values, [&](int64_t value) { return value == number; });
    };
    Operation *root;
    if (!depthwise && height == 1 && width == 1 && isAll(op.getStrides(), 1) && isAll(op.getPads(), 0)) {
      // One pixel sees one pixel: a product over all of them.
      Value weights = constant(builder, loc, {cpu::panelCount(outputs), channels, cpu::kPanel},
                               cpu::packMatmulWeights(numbers, channels, outputs, /*transposed=*/true));
      root = kernel::MatmulOp::create(builder, loc, type, images, weights, builder.getI64IntegerAttr(outputs),
                                      DenseI64ArrayAttr(), DenseI64ArrayAttr(), DenseI64ArrayAttr());
    } else {
      Value weights = depthwise
                          ? constant(builder, loc, {cpu::panelCount(outputs), height, width, cpu::kPanel},
                                     cpu::packDepthwiseWeights(numbers, channels, height, width))
                          : constant(builder, loc, {cpu::panelCount(outputs), height, width, channels, cpu::kPanel},
                                     cpu::packConvolutionWeights(numbers, outputs, channels, height, width));
      // Height comes first; a line of pixels has one of 1.
      auto withHeight = [&](ArrayRef<int64_t> values, ArrayRef<int64_t> ofHeight) {
        SmallVector<int64_t> all;
        if (spatial == 1)
          llvm::append_range(all, ofHeight);
        llvm::append_range(all, values);
        return builder.getDenseI64ArrayAttr(all);
      };
      // So few channels are read where they lie.
      bool inPlace = !depthwise && channels <= cpu::kFewChannels && !op.getX().getDefiningOp();
      root = kernel::ConvOp::create(builder, loc, type, inPlace ? op.getX() : images, weights, builder.getI64IntegerAttr(outputs),
                                    withHeight(op.getStrides(), {1}), withHeight(op.getPads(), {0, 0}),
                                    withHeight(op.getDilations(), {1}), depthwise ? builder.getUnitAttr() : UnitAttr(),
                                    inPlace ? builder.getUnitAttr() : UnitAttr());
    }
    Value back = dfg::TransposeOp::create(builder, loc, op.getType(), root->getResult(0), toFirst);
    op.replaceAllUsesWith(back);
    superseded.push_back(op);
  }

  void replace(Operation *op, Operation *root) {
    op->replaceAllUsesWith(root);
    superseded.push_back(op);
  }

  /// Replaced ops, erased in the end: no user before what it uses.
  SmallVector<Operation *> superseded;
};

} // namespace
} // namespace tfc
