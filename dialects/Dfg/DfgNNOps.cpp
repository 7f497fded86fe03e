// Shapes and verifiers of contractions, convolutions, pooling and reductions.
#include "Dfg/Dfg.h"

using namespace mlir;

namespace tfc::dfg {

static Type elementOf(Value value) { return tensorType(value).getElementType(); }

LogicalResult MatmulOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  SmallVector<AffineExpr> a = llvm::to_vector(scope.dims(getA())), b = llvm::to_vector(scope.dims(getB()));
  auto mismatch = [&] {
    return emitOpError() << "multiplies " << getA().getType() << " by " << getB().getType()
                         << ", expected inner dimensions that agree";
  };
  if (a.empty() || b.empty() || elementOf(getA()).isInteger(1))
    return mismatch();
  bool rowVector = a.size() == 1, columnVector = b.size() == 1;
  if ((rowVector && getTransposeA()) || (columnVector && getTransposeB()))
    return emitOpError() << "transposes an operand of rank 1";
  if (rowVector)
    a.insert(a.begin(), scope.constant(1));
  if (columnVector)
    b.push_back(scope.constant(1));
  if (getTransposeA())
    std::swap(a[a.size() - 1], a[a.size() - 2]);
  if (getTransposeB())
    std::swap(b[b.size() - 1], b[b.size() - 2]);
  AffineExpr inner = a.back(), other = b[b.size() - 2];
  if (isa<AffineConstantExpr>(inner) && isa<AffineConstantExpr>(other) && inner != other)
    return mismatch();
  auto dims = scope.broadcast({ArrayRef(a).drop_back(2), ArrayRef(b).drop_back(2)});
  if (failed(dims))
    return mismatch();
  if (!rowVector)
    dims->push_back(a[a.size() - 2]);
  if (!columnVector)
    dims->push_back(b.back());
  Type element = elementOf(getA());
  if (element.isInteger(8))
    element = IntegerType::get(getContext(), 32);
  results.push_back({element, *dims});
  return success();
}

/// Output extent of a window that slides over a padded dimension.
static AffineExpr slide(DimScope &scope, AffineExpr extent, AffineExpr window, int64_t stride, int64_t pad,
                        int64_t dilation) {
  AffineExpr span = scope.mul(scope.add(window, scope.constant(-1)), scope.constant(dilation));
  AffineExpr room = scope.add(scope.sub(extent, span), scope.constant(pad - 1 + stride));
  return scope.max(scope.floorDiv(room, scope.constant(stride)), scope.constant(0));
}

LogicalResult ConvOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  SmallVector<AffineExpr> x = llvm::to_vector(scope.dims(getX())), w = llvm::to_vector(scope.dims(getW()));
  size_t spatial = getStrides().size();
  bool last = getChannelsLast();
  if (x.size() != spatial + 2 || w.size() != spatial + 2 || getPads().size() != 2 * spatial ||
      getDilations().size() != spatial)
    return emitOpError() << "convolves " << getX().getType() << " with " << getW().getType() << " over " << spatial
                         << " spatial dimensions";
  for (size_t i = 0; i < spatial; ++i)
    if (getStrides()[i] < 1 || getDilations()[i] < 1)
      return emitOpError() << "has stride " << getStrides()[i] << " and dilation " << getDilations()[i]
                           << ", expected at least 1";
  AffineExpr channels = x[last ? spatial + 1 : 1], perGroup = w[last ? spatial : 1], out = w[last ? spatial + 1 : 0];
  auto c = dyn_cast<AffineConstantExpr>(channels);
  auto g = dyn_cast<AffineConstantExpr>(perGroup);
  auto o = dyn_cast<AffineConstantExpr>(out);
  int64_t groups = getGroups();
  if (groups < 1 || (c && g && c.getValue() != g.getValue() * groups) || (o && o.getValue() % groups != 0))
    return emitOpError() << "convolves " << getX().getType() << " with " << getW().getType() << " in " << groups
                         << " groups, expected channels that agree";
  SmallVector<AffineExpr> dims{x[0]};
  if (!last)
    dims.push_back(out);
  for (size_t i = 0; i < spatial; ++i)
    dims.push_back(slide(scope, x[(last ? 1 : 2) + i], w[(last ? 0 : 2) + i], getStrides()[i],
                         getPads()[2 * i] + getPads()[2 * i + 1], getDilations()[i]));
  if (last)
    dims.push_back(out);
  Type element = elementOf(getX());
  if (element.isInteger(8))
    element = IntegerType::get(getContext(), 32);
  results.push_back({element, dims});
  return success();
}

LogicalResult PoolOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(getX()));
  size_t spatial = getWindow().size(), first = getChannelsLast() ? 1 : 2;
  if (dims.size() != spatial + 2 || getStrides().size() != spatial || getPads().size() != 2 * spatial ||
      getDilations().size() != spatial)
    return emitOpError() << "pools " << getX().getType() << " over " << spatial << " spatial dimensions";
  for (size_t i = 0; i < spatial; ++i) {
    if (getStrides()[i] < 1 || getDilations()[i] < 1 || getWindow()[i] < 1)
      return emitOpError() << "has window " << getWindow()[i] << ", stride " << getStrides()[i] << " and dilation "
                           << getDilations()[i] << ", expected at least 1";
    dims[first + i] = slide(scope, dims[first + i], scope.constant(getWindow()[i]), getStrides()[i],
                            getPads()[2 * i] + getPads()[2 * i + 1], getDilations()[i]);
  }
  results.push_back({elementOf(getX()), dims});
  return success();
}

LogicalResult ReduceOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  SmallVector<AffineExpr> x = llvm::to_vector(scope.dims(getX())), dims;
  SmallVector<bool> reduced(x.size());
  for (int64_t axis : getAxes()) {
    if (axis < 0 || axis >= int64_t(x.size()) || reduced[axis])
      return emitOpError() << "has axes [" << getAxes() << "], expected distinct ones of [0, " << x.size() << ")";
    reduced[axis] = true;
  }
  for (size_t i = 0; i < x.size(); ++i) {
    if (!reduced[i])
      dims.push_back(x[i]);
    else if (getKeepDims())
      dims.push_back(scope.constant(1));
  }
  results.push_back({elementOf(getX()), dims});
  return success();
}

LogicalResult ArgReduceOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(getX()));
  int64_t axis = getAxis();
  if (axis < 0 || axis >= int64_t(dims.size()))
    return emitOpError() << "has axis " << axis << ", expected one of [0, " << dims.size() << ")";
  if (getKeepDims())
    dims[axis] = scope.constant(1);
  else
    dims.erase(dims.begin() + axis);
  results.push_back({elementOf(getY()), dims});
  return success();
}

static LogicalResult checkFloats(Operation *op, Value x) {
  if (isa<FloatType>(elementOf(x)))
    return success();
  return op->emitOpError() << "works on " << x.getType() << ", expected floats";
}

LogicalResult SoftmaxOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  if (failed(checkFloats(*this, getX())))
    return failure();
  int64_t rank = tensorType(getX()).getRank(), axis = getAxis();
  if (axis < 0 || axis >= rank)
    return emitOpError() << "has axis " << axis << ", expected one of [0, " << rank << ")";
  results.push_back({elementOf(getX()), llvm::to_vector(scope.dims(getX()))});
  return success();
}

LogicalResult LayerNormOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  if (failed(checkFloats(*this, getX())))
    return failure();
  if (tensorType(getX()).getRank() < 1 || tensorType(getScale()).getRank() != 1 ||
      (getBias() && tensorType(getBias()).getRank() != 1))
    return emitOpError() << "normalizes " << getX().getType() << " with scale " << getScale().getType()
                         << ", expected a scale and bias of rank 1";
  results.push_back({elementOf(getX()), llvm::to_vector(scope.dims(getX()))});
  return success();
}

} // namespace tfc::dfg
