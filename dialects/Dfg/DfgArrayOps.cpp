// Shapes and verifiers of array ops.
#include "Dfg/Dfg.h"

using namespace mlir;

namespace tfc::dfg {

static Type elementOf(Value value) { return tensorType(value).getElementType(); }

/// Checks that an axis attribute lies in [0, rank).
static LogicalResult checkAxis(Operation *op, int64_t axis, int64_t rank) {
  if (axis < 0 || axis >= rank)
    return op->emitOpError() << "has axis " << axis << ", expected one of [0, " << rank << ")";
  return success();
}

static LogicalResult checkIndices(Operation *op, Value indices) {
  if (!elementOf(indices).isIntOrIndex())
    return op->emitOpError() << "has indices " << indices.getType() << ", expected integers";
  return success();
}

LogicalResult ConstantOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto type = cast<RankedTensorType>(getValue().getType());
  SmallVector<AffineExpr> dims;
  for (int64_t extent : type.getShape())
    dims.push_back(scope.constant(extent));
  results.push_back({type.getElementType(), dims});
  return success();
}

LogicalResult verifyItem(Operation *op, Value tensor, ArrayRef<int64_t> position) {
  RankedTensorType type = tensorType(tensor);
  if (!type.getElementType().isInteger() || int64_t(position.size()) != type.getRank())
    return op->emitOpError() << "reads position of rank " << position.size() << " of " << type
                             << ", expected integers of that rank";
  for (auto [place, extent] : llvm::zip(position, type.getShape()))
    if (place < 0 || (!ShapedType::isDynamic(extent) && place >= extent))
      return op->emitOpError() << "reads position " << place << " of " << type;
  return success();
}

LogicalResult ItemOp::verify() { return verifyItem(*this, getX(), getPosition()); }

LogicalResult IndexTensorOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  RankedTensorType type = tensorType(getY());
  int64_t count = getStaticValues().size();
  if (type.getRank() > 1 || !type.getElementType().isInteger() || (type.getRank() == 0 && count != 1))
    return emitOpError() << "makes " << type << " of " << count << " values, expected a vector of integers";
  SmallVector<AffineExpr> dims;
  if (type.getRank() == 1)
    dims.push_back(scope.constant(count));
  results.push_back({type.getElementType(), dims});
  return success();
}

LogicalResult IotaOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto dims = scope.indices(getStaticSizes(), getSizes());
  if (failed(checkAxis(*this, getAxis(), dims.size())))
    return failure();
  results.push_back({elementOf(getY()), dims});
  return success();
}

LogicalResult ReshapeOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto dims = scope.indices(getStaticSizes(), getSizes());
  auto from = dyn_cast<AffineConstantExpr>(scope.product(scope.dims(getX())));
  auto to = dyn_cast<AffineConstantExpr>(scope.product(dims));
  if (from && to && from != to)
    return emitOpError() << "reshapes " << from.getValue() << " elements of " << getX().getType() << " into "
                         << to.getValue();
  results.push_back({elementOf(getX()), dims});
  return success();
}

LogicalResult BroadcastToOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  auto dims = scope.indices(getStaticSizes(), getSizes());
  SmallVector<AffineExpr> from = llvm::to_vector(scope.dims(getX()));
  bool fits = from.size() <= dims.size();
  for (size_t i = 0; fits && i < from.size(); ++i) {
    auto source = dyn_cast<AffineConstantExpr>(from[i]);
    auto target = dyn_cast<AffineConstantExpr>(dims[dims.size() - from.size() + i]);
    fits = !source || !target || source.getValue() == 1 || source == target;
  }
  if (!fits)
    return emitOpError() << "cannot broadcast " << getX().getType() << " to the sizes given";
  results.push_back({elementOf(getX()), dims});
  return success();
}

LogicalResult TransposeOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  SmallVector<AffineExpr> from = llvm::to_vector(scope.dims(getX())), dims;
  SmallVector<bool> seen(from.size());
  for (int64_t i : getPermutation()) {
    if (i < 0 || i >= int64_t(from.size()) || seen[i])
      return emitOpError() << "has permutation [" << getPermutation() << "], expected one of rank " << from.size();
    seen[i] = true;
    dims.push_back(from[i]);
  }
  if (dims.size() != from.size())
    return emitOpError() << "has permutation [" << getPermutation() << "], expected one of rank " << from.size();
  results.push_back({elementOf(getX()), dims});
  return success();
}

LogicalResult ConcatOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  if (getInputs().empty())
    return emitOpError() << "has no operand, expected at least one";
  SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(getInputs()[0]));
  int64_t axis = getAxis();
  if (failed(checkAxis(*this, axis, dims.size())))
    return failure();
  for (Value input : getInputs().drop_front()) {
    SmallVector<AffineExpr> other = llvm::to_vector(scope.dims(input));
    bool fits = other.size() == dims.size() && elementOf(input) == elementOf(getInputs()[0]);
    for (size_t i = 0; fits && i < dims.size(); ++i) {
      if (int64_t(i) == axis)
        continue;
      fits = !isa<AffineConstantExpr>(dims[i]) || !isa<AffineConstantExpr>(other[i]) || dims[i] == other[i];
      if (isa<AffineConstantExpr>(other[i]))
        dims[i] = other[i];
    }
    if (!fits)
      return emitOpError() << "joins " << getInputs()[0].getType() << " and " << input.getType() << " along axis "
                           << axis;
    dims[axis] = scope.add(dims[axis], other[axis]);
  }
  results.push_back({elementOf(getInputs()[0]), dims});
  return success();
}

LogicalResult SliceOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  RankedTensorType type = tensorType(getX());
  size_t rank = type.getRank();
  if (getStaticOffsets().size() != rank || getStaticSizes().size() != rank || getStrides().size() != rank)
    return emitOpError() << "has offsets, sizes or strides of another rank than " << type;
  for (size_t i = 0; i < rank; ++i) {
    int64_t offset = getStaticOffsets()[i], size = getStaticSizes()[i], extent = type.getDimSize(i);
    int64_t stride = getStrides()[i];
    if (stride == 0)
      return emitOpError() << "has stride 0 in dimension " << i;
    if (ShapedType::isDynamic(offset) || ShapedType::isDynamic(size) || size == 0)
      continue;
    int64_t last = offset + (size - 1) * stride;
    if (size < 0 || offset < 0 || last < 0 ||
        (!ShapedType::isDynamic(extent) && std::max(offset, last) >= extent))
      return emitOpError() << "takes positions " << offset << " to " << last << " of dimension " << i
                           << " of extent " << extent;
  }
  results.push_back({type.getElementType(), scope.indices(getStaticSizes(), getSizes())});
  return success();
}

LogicalResult UpdateSliceOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  RankedTensorType type = tensorType(getX()), update = tensorType(getUpdate());
  if (update.getElementType() != type.getElementType() || update.getRank() != type.getRank())
    return emitOpError() << "replaces a box of " << type << " by " << update
                         << ", expected equal element types and ranks";
  if (int64_t(getStaticOffsets().size()) != type.getRank())
    return emitOpError() << "has " << getStaticOffsets().size() << " offsets, expected " << type.getRank();
  for (int64_t i = 0; i < type.getRank(); ++i) {
    int64_t offset = getStaticOffsets()[i], size = update.getDimSize(i), extent = type.getDimSize(i);
    if (ShapedType::isDynamic(size))
      continue;
    int64_t begin = ShapedType::isDynamic(offset) ? 0 : offset;
    if (begin < 0 || (!ShapedType::isDynamic(extent) && begin + size > extent))
      return emitOpError() << "replaces positions " << begin << " to " << begin + size - 1 << " of dimension " << i
                           << " of extent " << extent;
  }
  results.push_back({type.getElementType(), llvm::to_vector(scope.dims(getX()))});
  return success();
}

LogicalResult PadOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(getX()));
  auto low = scope.indices(getStaticLow(), getLow()), high = scope.indices(getStaticHigh(), getHigh());
  ArrayRef<int64_t> interior = getInterior().value_or(ArrayRef<int64_t>());
  if (low.size() != dims.size() || high.size() != dims.size() || (getInterior() && interior.size() != dims.size()))
    return emitOpError() << "pads " << low.size() << " dimensions of " << getX().getType();
  if (getInterior() && getMode() != PadMode::Constant)
    return emitOpError() << "has interior padding, expected mode constant";
  for (size_t i = 0; i < dims.size(); ++i) {
    if (getInterior() && interior[i] != 0) {
      // n elements have n - 1 gaps; none has none.
      AffineExpr grown = scope.add(scope.mul(dims[i], scope.constant(1 + interior[i])), scope.constant(-interior[i]));
      dims[i] = scope.max(grown, scope.constant(0));
    }
    dims[i] = scope.add(dims[i], scope.add(low[i], high[i]));
  }
  results.push_back({elementOf(getX()), dims});
  return success();
}

LogicalResult ReverseOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  for (int64_t axis : getAxes())
    if (failed(checkAxis(*this, axis, tensorType(getX()).getRank())))
      return failure();
  results.push_back({elementOf(getX()), llvm::to_vector(scope.dims(getX()))});
  return success();
}

//===----------------------------------------------------------------------===//
// Indexing by data
//===----------------------------------------------------------------------===//

LogicalResult GatherOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  SmallVector<AffineExpr> x = llvm::to_vector(scope.dims(getX())), indices = llvm::to_vector(scope.dims(getIndices()));
  int64_t axis = getAxis();
  if (failed(checkAxis(*this, axis, x.size())) || failed(checkIndices(*this, getIndices())))
    return failure();
  SmallVector<AffineExpr> dims(x.begin(), x.begin() + axis);
  dims.append(indices);
  dims.append(x.begin() + axis + 1, x.end());
  results.push_back({elementOf(getX()), dims});
  return success();
}

LogicalResult GatherElementsOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  if (failed(checkAxis(*this, getAxis(), tensorType(getX()).getRank())) || failed(checkIndices(*this, getIndices())))
    return failure();
  if (tensorType(getX()).getRank() != tensorType(getIndices()).getRank())
    return emitOpError() << "has indices " << getIndices().getType() << ", expected the rank of "
                         << getX().getType();
  results.push_back({elementOf(getX()), llvm::to_vector(scope.dims(getIndices()))});
  return success();
}

LogicalResult GatherNDOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  SmallVector<AffineExpr> x = llvm::to_vector(scope.dims(getX())), indices = llvm::to_vector(scope.dims(getIndices()));
  int64_t batch = getBatchDims();
  if (failed(checkIndices(*this, getIndices())))
    return failure();
  auto tuple = indices.empty() ? AffineConstantExpr() : dyn_cast<AffineConstantExpr>(indices.back());
  if (!tuple || batch < 0 || batch >= int64_t(indices.size()) || batch + tuple.getValue() > int64_t(x.size()))
    return emitOpError() << "has indices " << getIndices().getType() << " into " << getX().getType()
                         << ", expected a last dimension of at most the rank left by " << batch
                         << " batch dimensions";
  SmallVector<AffineExpr> dims(indices.begin(), indices.end() - 1);
  dims.append(x.begin() + batch + tuple.getValue(), x.end());
  results.push_back({elementOf(getX()), dims});
  return success();
}

LogicalResult ResampleOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(getX()));
  SmallVector<AffineExpr> indices = llvm::to_vector(scope.dims(getIndices()));
  if (failed(checkAxis(*this, getAxis(), dims.size())) || failed(checkIndices(*this, getIndices())))
    return failure();
  auto element = dyn_cast<FloatType>(elementOf(getX()));
  Type sum = element && element.getWidth() < 32 ? Float32Type::get(getContext()) : Type(element);
  if (!element || elementOf(getWeights()) != sum)
    return emitOpError() << "weighs " << getX().getType() << " by " << getWeights().getType()
                         << ", expected floats of at least f32";
  SmallVector<AffineExpr> weights = llvm::to_vector(scope.dims(getWeights()));
  if (indices.size() != 2 || weights.size() != 2 || !scope.broadcast(indices[0], weights[0]) ||
      !scope.broadcast(indices[1], weights[1]))
    return emitOpError() << "has indices " << getIndices().getType() << " and weights " << getWeights().getType()
                         << ", expected equal shapes of rank 2";
  dims[getAxis()] = indices[0];
  results.push_back({element, dims});
  return success();
}

LogicalResult ScatterElementsOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  if (failed(checkAxis(*this, getAxis(), tensorType(getX()).getRank())) || failed(checkIndices(*this, getIndices())))
    return failure();
  if (elementOf(getX()) != elementOf(getUpdates()) ||
      tensorType(getIndices()).getRank() != tensorType(getUpdates()).getRank() ||
      tensorType(getIndices()).getRank() != tensorType(getX()).getRank())
    return emitOpError() << "has updates " << getUpdates().getType() << " at " << getIndices().getType() << " of "
                         << getX().getType() << ", expected equal ranks and elements";
  results.push_back({elementOf(getX()), llvm::to_vector(scope.dims(getX()))});
  return success();
}

LogicalResult ScatterNDOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  RankedTensorType indices = tensorType(getIndices()), x = tensorType(getX()), updates = tensorType(getUpdates());
  if (failed(checkIndices(*this, getIndices())))
    return failure();
  int64_t tuple = indices.getRank() ? indices.getShape().back() : ShapedType::kDynamic;
  if (ShapedType::isDynamic(tuple) || tuple > x.getRank() || x.getElementType() != updates.getElementType() ||
      updates.getRank() != indices.getRank() - 1 + x.getRank() - tuple)
    return emitOpError() << "has updates " << updates << " at " << indices << " of " << x
                         << ", expected one slice per index tuple";
  results.push_back({x.getElementType(), llvm::to_vector(scope.dims(getX()))});
  return success();
}

LogicalResult CumulativeOp::inferShapes(DimScope &scope, SmallVectorImpl<TensorInfo> &results) {
  if (failed(checkAxis(*this, getAxis(), tensorType(getX()).getRank())))
    return failure();
  results.push_back({elementOf(getX()), llvm::to_vector(scope.dims(getX()))});
  return success();
}

} // namespace tfc::dfg
