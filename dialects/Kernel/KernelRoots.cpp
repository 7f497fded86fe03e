// Shapes of the ops that have emitters of their own.
#include "Kernel/Kernel.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;

namespace tfc::kernel {

static SmallVector<AffineExpr> permuted(ArrayRef<AffineExpr> dims, std::optional<ArrayRef<int64_t>> permutation) {
  if (!permutation)
    return llvm::to_vector(dims);
  SmallVector<AffineExpr> result;
  for (int64_t i : *permutation)
    result.push_back(dims[i]);
  return result;
}

/// Strides, dilations and extents of windows: one of each for height and width.
static bool areSteps(ArrayRef<int64_t> steps) {
  return steps.size() == 2 && llvm::all_of(steps, [](int64_t step) { return step > 0; });
}

/// What products of two types of elements give; null if they have no emitter.
static Type productType(Type a, Type b) {
  if (a.isInteger(8))
    return b.isInteger(32) ? b : Type();
  const bool isFloat = a.isF32() || a.isF64() || a.isF16() || a.isBF16();
  return isFloat && (b == a || (a.isF32() && b.isInteger(8))) ? a : Type();
}

LogicalResult MatmulOp::inferShapes(dfg::DimScope &scope, SmallVectorImpl<dfg::TensorInfo> &results) {
  RankedTensorType typeA = dfg::tensorType(getA()), typeB = dfg::tensorType(getB());
  int64_t rank = typeA.getRank();
  for (auto permutation : {getPermutationA(), getPermutationB(), getPermutationY()})
    if (permutation && (int64_t(permutation->size()) != rank || !isPermutationVector(*permutation)))
      return emitOpError() << "has permutation [" << *permutation << "], expected one of rank " << rank;
  Type element = productType(typeA.getElementType(), typeB.getElementType());
  if (!element || rank < 2 || typeB.getRank() != (getColumns() ? 3 : rank))
    return emitOpError() << "multiplies " << typeA << " by " << typeB
                         << ", expected matrices of floats, or of bytes by words of them";
  SmallVector<AffineExpr> a = permuted(llvm::to_vector(scope.dims(getA())), getPermutationA());
  SmallVector<AffineExpr> b = permuted(llvm::to_vector(scope.dims(getB())), getPermutationB());
  AffineExpr inner = a.back(), other = getColumns() ? b[1] : b[rank - 2];
  if (typeA.getElementType().isInteger(8)) // words of four bytes
    inner = scope.floorDiv(scope.add(inner, scope.constant(3)), scope.constant(4));
  if (isa<AffineConstantExpr>(inner) && isa<AffineConstantExpr>(other) && inner != other)
    return emitOpError() << "multiplies " << typeA << " by " << typeB << ", expected inner dimensions that agree";
  a.back() = getColumns() ? scope.constant(*getColumns()) : b.back();
  results.push_back({element, permuted(a, getPermutationY())});
  return success();
}

LogicalResult SoftmaxOp::inferShapes(dfg::DimScope &scope, SmallVectorImpl<dfg::TensorInfo> &results) {
  RankedTensorType type = dfg::tensorType(getX());
  if (type.getRank() < 1 || !type.getElementType().isF32())
    return emitOpError() << "normalizes " << type << ", expected rows of f32";
  results.push_back({type.getElementType(), llvm::to_vector(scope.dims(getX()))});
  return success();
}

LogicalResult LayerNormOp::inferShapes(dfg::DimScope &scope, SmallVectorImpl<dfg::TensorInfo> &results) {
  RankedTensorType type = dfg::tensorType(getX());
  if (type.getRank() < 1 || !type.getElementType().isF32() || dfg::tensorType(getScale()).getRank() != 1)
    return emitOpError() << "normalizes " << type << " with scale " << getScale().getType() << ", expected rows of f32";
  results.push_back({type.getElementType(), llvm::to_vector(scope.dims(getX()))});
  return success();
}

bool ConvOp::isColumn() {
  RankedTensorType x = dfg::tensorType(getX()), w = dfg::tensorType(getW()), y = dfg::tensorType(getY());
  return !getWinograd() && x.getRank() == 4 && !getChannelsFirst() && x.getDimSize(2) == 1 && y.getDimSize(2) == 1 && w.getDimSize(2) == 1;
}

/// The spatial dimensions of images, channels last, as windows slide over them; `kernel` is (height, width).
template <class Op>
static void slide(Op op, dfg::DimScope &scope, ArrayRef<int64_t> kernel, MutableArrayRef<AffineExpr> spatial) {
  for (auto [d, dim] : llvm::enumerate(spatial)) {
    size_t i = d + 2 - spatial.size(); // 0 is height, 1 width
    int64_t span = (kernel[i] - 1) * op.getDilations()[i] + 1;
    int64_t room = op.getPads()[2 * i] + op.getPads()[2 * i + 1] - span + op.getStrides()[i];
    AffineExpr extent = scope.floorDiv(scope.add(dim, scope.constant(room)), scope.constant(op.getStrides()[i]));
    dim = scope.max(extent, scope.constant(0));
  }
}

LogicalResult PoolOp::inferShapes(dfg::DimScope &scope, SmallVectorImpl<dfg::TensorInfo> &results) {
  SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(getX()));
  Type element = dfg::tensorType(getX()).getElementType();
  if ((dims.size() != 3 && dims.size() != 4) || !isa<FloatType>(element))
    return emitOpError() << "reduces windows of " << getX().getType() << ", expected images of floats";
  if (!areSteps(getWindow()) || !areSteps(getStrides()) || !areSteps(getDilations()) || getPads().size() != 4)
    return emitOpError() << "has windows, strides, dilations or pads that do not fit height and width";
  slide(*this, scope, getWindow(), MutableArrayRef(dims).drop_front().drop_back());
  results.push_back({element, dims});
  return success();
}

LogicalResult ConvOp::inferShapes(dfg::DimScope &scope, SmallVectorImpl<dfg::TensorInfo> &results) {
  SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(getX()));
  if (getChannelsFirst() && dims.size() > 2)
    std::rotate(dims.begin() + 1, dims.begin() + 2, dims.end());
  RankedTensorType w = dfg::tensorType(getW());
  size_t spatial = dims.size() - 2;
  if ((spatial != 1 && spatial != 2) || w.getRank() != (getDepthwise() ? 4 : 5))
    return emitOpError() << "convolves " << getX().getType() << " with " << w << ", expected images and packed filters";
  if (!areSteps(getStrides()) || !areSteps(getDilations()) || getPads().size() != 4)
    return emitOpError() << "has strides, dilations or pads that do not fit height and width";
  Type element = productType(dfg::tensorType(getX()).getElementType(), w.getElementType());
  if (!element)
    return emitOpError() << "convolves " << getX().getType() << " with " << w
                         << ", expected floats of one type, or bytes and words of them";
  const int64_t winograd[] = {3, 3};
  slide(*this, scope, getWinograd() ? ArrayRef(winograd) : w.getShape().slice(1, 2),
        MutableArrayRef(dims).drop_front().drop_back());
  dims.back() = scope.constant(getChannels());
  results.push_back({element, dims});
  return success();
}

} // namespace tfc::kernel
