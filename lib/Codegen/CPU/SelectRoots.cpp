// Chooses the ops that emitters of their own generate, and packs their weights.
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
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
    getOperation().walk([&](Operation *op) {
      if (auto matmul = dyn_cast<dfg::MatmulOp>(op))
        select(matmul);
      else if (auto conv = dyn_cast<dfg::ConvOp>(op))
        select(conv);
    });
    getOperation().walk([](dfg::ConstantOp op) {
      if (op->use_empty())
        op->erase();
    });
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
                                                  builder.getI64IntegerAttr(n)));
    }
    // Equal batch dimensions only: a broadcast one is left to the general path.
    if (op.getTransposeB() || a.getRank() != b.getRank())
      return;
    for (int64_t i = 0; i + 2 < a.getRank(); ++i)
      if (a.isDynamicDim(i) || a.getDimSize(i) != b.getDimSize(i))
        return;
    replace(op, kernel::MatmulOp::create(builder, op.getLoc(), op.getType(), op.getA(), op.getB(), IntegerAttr()));
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
      root = kernel::MatmulOp::create(builder, loc, type, images, weights, builder.getI64IntegerAttr(outputs));
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
      root = kernel::ConvOp::create(builder, loc, type, images, weights, builder.getI64IntegerAttr(outputs),
                                    withHeight(op.getStrides(), {1}), withHeight(op.getPads(), {0, 0}),
                                    withHeight(op.getDilations(), {1}), depthwise ? builder.getUnitAttr() : UnitAttr());
    }
    Value back = dfg::TransposeOp::create(builder, loc, op.getType(), root->getResult(0), toFirst);
    op.replaceAllUsesWith(back);
    op.erase();
  }

  void replace(Operation *op, Operation *root) {
    op->replaceAllUsesWith(root);
    op->erase();
  }
};

} // namespace
} // namespace tfc
