// Says how kernels are cut into work units.
#include "tfc/Codegen/CPU/Emit/Convolution.h"
#include "tfc/Codegen/CPU/Emit/Matmul.h"
#include "tfc/Codegen/CPU/Emit/Rows.h"
#include "tfc/Codegen/CPU/Emit/Winograd.h"
#include "tfc/Codegen/CPU/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_PLANWORK
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

/// The number of rows that a product takes its leading dimensions for; dynamic if one is.
int64_t rowCount(RankedTensorType type) {
  int64_t rows = 1;
  for (int64_t extent : type.getShape().drop_back()) {
    if (ShapedType::isDynamic(extent))
      return ShapedType::kDynamic;
    rows *= extent;
  }
  return rows;
}

struct PlanWork : impl::PlanWorkBase<PlanWork> {
  using Base::Base;

  void runOnOperation() override {
    auto target = cpu::CpuTarget::get(cpu);
    if (!target) {
      getOperation().emitError() << "unknown target CPU '" << cpu << "'";
      return signalPassFailure();
    }
    getOperation().walk([&](kernel::FuncOp kernel) {
      bool hasRoot = kernel.walk([](kernel::Root) { return WalkResult::interrupt(); }).wasInterrupted();
      if (!hasRoot)
        planRows(kernel, *target);
      kernel.walk([&](kernel::ConvOp op) {
        RankedTensorType x = dfg::tensorType(op.getX()), w = dfg::tensorType(op.getW()), y = dfg::tensorType(op.getY());
        if (op.getWinograd()) {
          auto plan = cpu::WinogradPlan::get(*target, cpu::WinogradSizes::of(x, y));
          return set(kernel, 0, 2, plan.units(&getContext()));
        }
        const int64_t groups = op.getGroups(), channels = x.getDimSize(op.getChannelsFirst() ? 1 : x.getRank() - 1);
        cpu::ConvolutionSizes sizes{op.getDepthwise() ? 1 : channels / groups,
                                    y.getShape().back() / groups,
                                    w.getDimSize(1),
                                    w.getDimSize(2),
                                    y.getDimSize(y.getRank() - 2),
                                    x.getElementType()};
        if (op.isColumn()) {
          std::swap(sizes.kernelHeight, sizes.kernelWidth);
          sizes.outputWidth = y.getDimSize(1);
        }
        auto plan = op.getDepthwise() ? cpu::ConvolutionPlan::getDepthwise(*target, sizes)
                                      : cpu::ConvolutionPlan::get(*target, sizes);
        AffineMap units = plan.units(&getContext());
        if (groups > 1) {
          // As many as one group has, for each of them.
          AffineExpr one = units.getResult(1).replace(getAffineDimExpr(1, &getContext()),
                                                      getAffineConstantExpr(sizes.outputs, &getContext()));
          units = AffineMap::get(2, 0, {units.getResult(0), one * groups}, &getContext());
        }
        // Lines of all images; a convolution along one dimension has a line an image.
        set(kernel, 0, op.isColumn() ? 1 : y.getRank() - 2, units);
      });
      kernel.walk([&](kernel::PoolOp op) {
        RankedTensorType y = dfg::tensorType(op.getY());
        cpu::ConvolutionSizes sizes{1,
                                    y.getShape().back(),
                                    op.getWindow()[0],
                                    op.getWindow()[1],
                                    y.getDimSize(y.getRank() - 2),
                                    y.getElementType()};
        set(kernel, 0, y.getRank() - 2, cpu::ConvolutionPlan::getDepthwise(*target, sizes).units(&getContext()));
      });
      kernel.walk([&](kernel::MatmulOp op) {
        auto orderOr = [](std::optional<ArrayRef<int64_t>> order, int64_t i) { return order ? (*order)[i] : i; };
        RankedTensorType a = dfg::tensorType(op.getA()), y = dfg::tensorType(op.getY());
        int64_t rank = y.getRank(), k = a.getDimSize(orderOr(op.getPermutationA(), rank - 1));
        if (op.getColumns()) {
          auto plan = cpu::MatmulPlan::get(*target, rowCount(y), y.getShape().back(), k, a.getElementType());
          return set(kernel, 0, rank - 1, plan.units(&getContext()));
        }
        auto plan = cpu::MatmulPlan::get(*target, a.getDimSize(orderOr(op.getPermutationA(), rank - 2)),
                                         y.getShape().back(), k, a.getElementType());
        set(kernel, rank - 2, 1, plan.units(&getContext()));
        // Where the result is written in another order, say which of its dimensions are what.
        if (op.getPermutationY())
          kernel->setAttr("kernel.order", op.getPermutationYAttr());
      });
      kernel.walk([&](Operation *op) {
        if (!isa<kernel::SoftmaxOp, kernel::LayerNormOp>(op))
          return;
        RankedTensorType y = dfg::tensorType(op->getResult(0));
        set(kernel, 0, y.getRank() - 1, cpu::RowPlan::get(y.getShape().back()).units(&getContext()));
      });
    });
  }

  /// Kernels of the general path: positions along the outermost dimension of the result that
  /// has more than one, as many as make about 8,000 elements of what is read and written.
  void planRows(kernel::FuncOp kernel, const cpu::CpuTarget &target) {
    constexpr int64_t kElements = 8192, kUnknownExtent = 64;
    // What is updated in place is more than what is written, unless every element is.
    bool isUpdate = llvm::any_of(llvm::seq(kernel.getNumArguments()),
                                 [&](unsigned i) { return kernel.getArgAttr(i, "kernel.destination"); });
    bool isPointwise = llvm::all_of(kernel.getBody().front(), [](Operation &op) {
      return isa<dfg::Pointwise, dfg::ConstantOp, kernel::ReturnOp>(op);
    });
    if (kernel.getResultTypes().size() != 1 || (isUpdate && !isPointwise))
      return;
    auto type = cast<RankedTensorType>(kernel.getResultTypes()[0]);
    if (type.getRank() == 0)
      return;
    auto guess = [](int64_t extent) {
      return ShapedType::isDynamic(extent) ? kUnknownExtent : std::max<int64_t>(extent, 1);
    };
    int64_t split = 0, most = 1;
    while (split + 1 < type.getRank() && type.getDimSize(split) == 1)
      ++split;
    SmallVector<Type> types = llvm::to_vector(kernel.getArgumentTypes());
    types.push_back(type);
    for (Type each : types) {
      int64_t count = 1;
      if (auto tensor = dyn_cast<RankedTensorType>(each))
        for (int64_t extent : tensor.getShape())
          count *= guess(extent);
      most = std::max(most, count);
    }
    int64_t grain = std::max<int64_t>(1, kElements * guess(type.getDimSize(split)) / most);
    // Transposes move square tiles of vectors.
    if (isa<dfg::TransposeOp>(kernel.getBody().front().front()))
      grain = llvm::alignTo(grain, target.lanes());
    Builder b(&getContext());
    kernel->setAttr("kernel.grain", b.getI64IntegerAttr(grain));
    kernel->setAttr("kernel.split", b.getI64IntegerAttr(split));
    AffineExpr rows, columns, one = b.getAffineConstantExpr(1);
    bindDims(&getContext(), rows, columns);
    if (split == type.getRank() - 1)
      set(kernel, 0, 0, AffineMap::get(2, 0, {one, columns.ceilDiv(grain)}, &getContext()));
    else
      set(kernel, 0, split + 1, AffineMap::get(2, 0, {rows.ceilDiv(grain), one}, &getContext()));
  }

  void set(kernel::FuncOp kernel, int64_t batchDims, int64_t rowDims, AffineMap units) {
    Builder b(&getContext());
    kernel->setAttr("kernel.batch_dims", b.getI64IntegerAttr(batchDims));
    kernel->setAttr("kernel.row_dims", b.getI64IntegerAttr(rowDims));
    kernel->setAttr("kernel.units", AffineMapAttr::get(units));
  }
};

} // namespace
} // namespace tfc
