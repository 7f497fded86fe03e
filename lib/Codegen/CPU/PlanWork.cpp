// Says how kernels are cut into work units.
#include "tfc/Codegen/CPU/Emit/Convolution.h"
#include "tfc/Codegen/CPU/Emit/Matmul.h"
#include "tfc/Codegen/CPU/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_PLANWORK
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

/// The number of rows that a product takes its leading dimensions for; dynamic if one is.
int64_t rowCount(RankedTensorType type, int64_t firstDim) {
  int64_t rows = 1;
  for (int64_t extent : type.getShape().drop_back().drop_front(firstDim)) {
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
      kernel.walk([&](kernel::ConvOp op) {
        RankedTensorType w = dfg::tensorType(op.getW()), y = dfg::tensorType(op.getY());
        cpu::ConvolutionSizes sizes{op.getDepthwise() ? 1 : w.getDimSize(3), y.getShape().back(), w.getDimSize(1),
                                    w.getDimSize(2), y.getDimSize(y.getRank() - 2)};
        auto plan = op.getDepthwise() ? cpu::ConvolutionPlan::getDepthwise(*target, sizes)
                                      : cpu::ConvolutionPlan::get(*target, sizes);
        // Lines of all images; a convolution along one dimension has a line an image.
        set(kernel, 0, y.getRank() - 2, plan.units(&getContext()));
      });
      kernel.walk([&](kernel::MatmulOp op) {
        RankedTensorType type = dfg::tensorType(op.getY());
        int64_t batch = op.getColumns() ? 0 : type.getRank() - 2;
        auto plan = cpu::MatmulPlan::get(*target, rowCount(type, batch), type.getShape().back(),
                                         dfg::tensorType(op.getA()).getShape().back());
        set(kernel, batch, type.getRank() - 1 - batch, plan.units(&getContext()));
      });
    });
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
