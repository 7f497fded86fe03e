// Shapes of the ops that have emitters of their own.
#include "Kernel/Kernel.h"

using namespace mlir;

namespace tfc::kernel {

LogicalResult MatmulOp::inferShapes(dfg::DimScope &scope, SmallVectorImpl<dfg::TensorInfo> &results) {
  SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(getA()));
  RankedTensorType a = dfg::tensorType(getA()), b = dfg::tensorType(getB());
  if (!a.getElementType().isF32() || !b.getElementType().isF32() || a.getRank() < 2 ||
      b.getRank() != (getColumns() ? 3 : a.getRank()))
    return emitOpError() << "multiplies " << a << " by " << b << ", expected matrices of f32";
  int64_t inner = a.getShape().back(), other = getColumns() ? b.getDimSize(1) : b.getDimSize(b.getRank() - 2);
  if (!ShapedType::isDynamic(inner) && !ShapedType::isDynamic(other) && inner != other)
    return emitOpError() << "multiplies " << a << " by " << b << ", expected inner dimensions that agree";
  dims.back() = getColumns() ? scope.constant(*getColumns()) : scope.dims(getB()).back();
  results.push_back({a.getElementType(), dims});
  return success();
}

LogicalResult ConvOp::inferShapes(dfg::DimScope &scope, SmallVectorImpl<dfg::TensorInfo> &results) {
  SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(getX()));
  RankedTensorType w = dfg::tensorType(getW());
  size_t spatial = dims.size() - 2;
  if ((spatial != 1 && spatial != 2) || w.getRank() != (getDepthwise() ? 4 : 5) || getStrides().size() != 2 ||
      getPads().size() != 4 || getDilations().size() != 2)
    return emitOpError() << "convolves " << getX().getType() << " with " << w << ", expected images and packed filters";
  for (size_t d = 1; d <= spatial; ++d) {
    size_t i = d + 1 - spatial; // 0 is height, 1 width
    int64_t span = (w.getDimSize(1 + i) - 1) * getDilations()[i] + 1;
    int64_t room = getPads()[2 * i] + getPads()[2 * i + 1] - span + getStrides()[i];
    AffineExpr extent = scope.floorDiv(scope.add(dims[d], scope.constant(room)), scope.constant(getStrides()[i]));
    dims[d] = scope.max(extent, scope.constant(0));
  }
  dims.back() = scope.constant(getChannels());
  results.push_back({dfg::tensorType(getX()).getElementType(), dims});
  return success();
}

} // namespace tfc::kernel
