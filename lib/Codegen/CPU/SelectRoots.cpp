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

  void select(dfg::ConvOp op) {}

  void replace(Operation *op, Operation *root) {
    op->replaceAllUsesWith(root);
    op->erase();
  }
};

} // namespace
} // namespace tfc
