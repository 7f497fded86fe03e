// Ops with inferred types, and the array ops that importers need in many forms.
#include "tfc/Import/Common/GraphBuilder.h"

#include "tfc/Import/Common/TensorBytes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace tfc {

//===----------------------------------------------------------------------===//
// Inference
//===----------------------------------------------------------------------===//

RankedTensorType GraphBuilder::placeholder(Type elementType) {
  return RankedTensorType::get({}, elementType ? elementType : builder.getF32Type());
}

bool GraphBuilder::inferTypes(Operation *op) {
  // Ops of lists and optionals are not made by inference.
  for (Value operand : op->getOperands())
    if (!isa<RankedTensorType, IndexType>(operand.getType())) {
      op->emitOpError() << "has an operand of type " << operand.getType() << ", expected a tensor";
      return false;
    }
  return succeeded(dfg::setInferredTypes(op, scope));
}

bool GraphBuilder::hasRank(Value x, int64_t least) {
  if (!x || rank(x) >= least)
    return bool(x);
  emitError(loc) << "has a tensor of rank " << rank(x) << ", expected at least " << least;
  return false;
}

Value GraphBuilder::infer(Operation *op) {
  if (!inferTypes(op))
    return {};
  Value known = evaluate(op);
  return known ? known : op->getResult(0);
}

void GraphBuilder::split(ArrayRef<AffineExpr> exprs, SmallVectorImpl<int64_t> &statics,
                         SmallVectorImpl<Value> &dynamics) {
  for (AffineExpr expr : exprs) {
    auto constant = number(expr);
    // The number that marks a hole cannot stand for itself.
    if (constant && !ShapedType::isDynamic(*constant)) {
      statics.push_back(*constant);
    } else {
      statics.push_back(ShapedType::kDynamic);
      dynamics.push_back(index(expr));
    }
  }
}

bool GraphBuilder::dominatesInsertion(Value value) {
  // Ops are only ever appended, so whatever an enclosing block holds comes before.
  for (Block *block = builder.getInsertionBlock(); block;
       block = block->getParentOp() ? block->getParentOp()->getBlock() : nullptr)
    if (block == value.getParentBlock())
      return true;
  return false;
}

Value GraphBuilder::index(AffineExpr expr) {
  // Ops are only ever appended, so whatever an enclosing block holds comes before.
  auto known = [&](AffineExpr part) {
    for (Block *block = builder.getInsertionBlock(); block;
         block = block->getParentOp() ? block->getParentOp()->getBlock() : nullptr)
      if (Value value = materialized.lookup({part, block}))
        return value;
    return Value();
  };
  if (Value value = known(expr))
    return value;
  return materialized[{expr, builder.getInsertionBlock()}] = scope.materialize(builder, loc, expr, nullptr, known);
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

Value GraphBuilder::cast(Value x, Type type) {
  if (!x || elementType(x) == type)
    return x;
  return createAs<dfg::CastOp>(type, x, /*saturate=*/true, StringAttr());
}

Value GraphBuilder::reduce(dfg::ReduceKind kind, Value x, ArrayRef<int64_t> axes, bool keepDims) {
  if (axes.empty())
    return x;
  return create<dfg::ReduceOp>(kind, x, axes, keepDims);
}

Value GraphBuilder::transpose(Value x, ArrayRef<int64_t> permutation) {
  return create<dfg::TransposeOp>(x, permutation);
}

Value GraphBuilder::concat(ValueRange inputs, int64_t axis) {
  if (inputs.size() == 1)
    return inputs.front();
  return create<dfg::ConcatOp>(inputs, axis);
}

Value GraphBuilder::reshape(Value x, ArrayRef<AffineExpr> sizes) {
  if (!x || dims(x) == sizes)
    return x;
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  split(sizes, statics, dynamics);
  return createAs<dfg::ReshapeOp>(elementType(x), x, dynamics, statics);
}

Value GraphBuilder::broadcastTo(Value x, ArrayRef<AffineExpr> sizes) {
  if (!x || dims(x) == sizes)
    return x;
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  split(sizes, statics, dynamics);
  return createAs<dfg::BroadcastToOp>(elementType(x), x, dynamics, statics);
}

Value GraphBuilder::slice(Value x, ArrayRef<AffineExpr> offsets, ArrayRef<AffineExpr> sizes,
                          ArrayRef<int64_t> strides) {
  if (!x)
    return {};
  SmallVector<int64_t> ones(offsets.size(), 1), staticOffsets, staticSizes;
  if (strides.empty())
    strides = ones;
  SmallVector<Value> dynamicOffsets, dynamicSizes;
  if (dims(x) == sizes && llvm::all_of(strides, [](int64_t stride) { return stride == 1; }))
    return x;
  split(offsets, staticOffsets, dynamicOffsets);
  split(sizes, staticSizes, dynamicSizes);
  return createAs<dfg::SliceOp>(elementType(x), x, dynamicOffsets, dynamicSizes, staticOffsets, staticSizes, strides);
}

Value GraphBuilder::sliceAxis(Value x, int64_t axis, AffineExpr offset, AffineExpr size) {
  if (!hasRank(x, std::max<int64_t>(axis, 0) + 1))
    return {};
  Dims offsets(rank(x), expr(0)), sizes = dims(x);
  offsets[axis] = offset;
  sizes[axis] = size;
  return slice(x, offsets, sizes);
}

Value GraphBuilder::updateSlice(Value x, Value update, ArrayRef<AffineExpr> offsets) {
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  split(offsets, statics, dynamics);
  return create<dfg::UpdateSliceOp>(x, update, ValueRange(dynamics), statics);
}

Value GraphBuilder::pad(dfg::PadMode mode, Value x, Value value, ArrayRef<AffineExpr> low, ArrayRef<AffineExpr> high,
                        ArrayRef<int64_t> interior) {
  SmallVector<int64_t> staticLow, staticHigh;
  SmallVector<Value> dynamicLow, dynamicHigh;
  split(low, staticLow, dynamicLow);
  split(high, staticHigh, dynamicHigh);
  DenseI64ArrayAttr between = interior.empty() ? DenseI64ArrayAttr() : builder.getDenseI64ArrayAttr(interior);
  return create<dfg::PadOp>(dfg::PadModeAttr::get(builder.getContext(), mode), x, value, ValueRange(dynamicLow),
                            ValueRange(dynamicHigh), builder.getDenseI64ArrayAttr(staticLow),
                            builder.getDenseI64ArrayAttr(staticHigh), between);
}

Value GraphBuilder::iota(Type elementType, ArrayRef<AffineExpr> sizes, int64_t axis) {
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  split(sizes, statics, dynamics);
  return createAs<dfg::IotaOp>(elementType, dynamics, statics, axis);
}

Value GraphBuilder::squeeze(Value x, ArrayRef<int64_t> axes) {
  Dims sizes;
  for (auto [i, dim] : llvm::enumerate(dims(x)))
    if (!llvm::is_contained(axes, int64_t(i)))
      sizes.push_back(dim);
  return reshape(x, sizes);
}

Value GraphBuilder::unsqueeze(Value x, ArrayRef<int64_t> axes) {
  Dims sizes = dims(x);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    if (!hasRank(x, axis - int64_t(i)))
      return {};
    sizes.insert(sizes.begin() + axis, expr(1));
  }
  return reshape(x, sizes);
}

Value GraphBuilder::flatten(Value x, int64_t first, int64_t last) {
  if (!hasRank(x, last))
    return {};
  Dims all = dims(x), sizes(all.begin(), all.begin() + first);
  sizes.push_back(scope.product(ArrayRef(all).slice(first, last - first)));
  sizes.append(all.begin() + last, all.end());
  return reshape(x, sizes);
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Value GraphBuilder::constant(ElementsAttr value) { return dfg::ConstantOp::create(builder, loc, value); }

/// Numbers as elements of a type, one for all or one for each; integers saturate, so that a
/// limit such as 1e30 stays one.
static DenseElementsAttr denseOf(RankedTensorType type, ArrayRef<double> numbers) {
  Type element = type.getElementType();
  if (isa<dfg::StringType>(element))
    return cast<DenseElementsAttr>(Attribute(DenseStringElementsAttr::get(type, StringRef())));
  auto rounded = [](Type type, double number) {
    llvm::APFloat value(number);
    bool losesInfo;
    value.convert(cast<FloatType>(type).getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
    return value;
  };
  if (isa<FloatType>(element)) {
    auto values = llvm::map_to_vector(numbers, [&](double number) { return rounded(element, number); });
    return DenseElementsAttr::get(type, values);
  }
  if (auto complex = dyn_cast<ComplexType>(element)) {
    auto values = llvm::map_to_vector(numbers, [&](double number) {
      Type part = complex.getElementType();
      return std::complex<llvm::APFloat>(rounded(part, number), rounded(part, 0));
    });
    return DenseElementsAttr::get(type, ArrayRef<std::complex<llvm::APFloat>>(values));
  }
  auto integer = cast<IntegerType>(element);
  auto values = llvm::map_to_vector(numbers, [&](double number) {
    llvm::APSInt value(integer.getWidth(), integer.isUnsigned() || integer.getWidth() == 1);
    bool isExact;
    llvm::APFloat(number).convertToInteger(value, llvm::APFloat::rmTowardZero, &isExact);
    return llvm::APInt(value);
  });
  return DenseElementsAttr::get(type, values);
}

Value GraphBuilder::scalar(Type elementType, double value) {
  return constant(denseOf(RankedTensorType::get({}, elementType), value));
}

Value GraphBuilder::fromNumbers(ArrayRef<double> numbers, ArrayRef<int64_t> shape, Type elementType) {
  return constant(denseOf(RankedTensorType::get(shape, elementType), numbers));
}

Value GraphBuilder::integers(ArrayRef<int64_t> values, Type elementType) {
  return fromContent(exprs(values), {int64_t(values.size())}, elementType ? elementType : builder.getI64Type());
}

Value GraphBuilder::filled(Type elementType, ArrayRef<AffineExpr> sizes, double value) {
  SmallVector<int64_t> shape;
  for (AffineExpr size : sizes)
    if (auto extent = number(size); extent && *extent >= 0)
      shape.push_back(*extent);
  auto count = elementCount(shape);
  if (shape.size() == sizes.size() && succeeded(count) && *count <= dfg::kMostFolded)
    return constant(denseOf(RankedTensorType::get(shape, elementType), value));
  return broadcastTo(scalar(elementType, value), sizes);
}

//===----------------------------------------------------------------------===//
// What is known of a value
//===----------------------------------------------------------------------===//

int64_t GraphBuilder::rank(Value x) const {
  auto type = x ? dyn_cast<RankedTensorType>(x.getType()) : RankedTensorType();
  return type ? type.getRank() : 0;
}

Type GraphBuilder::elementType(Value x) const {
  auto type = x ? dyn_cast<RankedTensorType>(x.getType()) : RankedTensorType();
  return type ? type.getElementType() : Type(Float32Type::get(builder.getContext()));
}

GraphBuilder::Dims GraphBuilder::dims(Value x) {
  return x && isa<RankedTensorType>(x.getType()) ? Dims(scope.dims(x)) : Dims();
}

AffineExpr GraphBuilder::dim(Value x, int64_t axis) {
  Dims all = dims(x);
  if (axis < 0)
    axis += all.size();
  return axis >= 0 && axis < int64_t(all.size()) ? all[axis] : expr(1);
}

SmallVector<int64_t> GraphBuilder::shape(Value x) const {
  auto type = x ? dyn_cast<RankedTensorType>(x.getType()) : RankedTensorType();
  return type ? SmallVector<int64_t>(type.getShape()) : SmallVector<int64_t>();
}

std::optional<int64_t> GraphBuilder::number(AffineExpr expr) {
  if (auto constant = dyn_cast_or_null<AffineConstantExpr>(expr))
    return constant.getValue();
  return std::nullopt;
}

SmallVector<AffineExpr> GraphBuilder::exprs(ArrayRef<int64_t> values) {
  SmallVector<AffineExpr> result;
  for (int64_t value : values)
    result.push_back(expr(value));
  return result;
}

//===----------------------------------------------------------------------===//
// Cleaning up
//===----------------------------------------------------------------------===//

void GraphBuilder::discard(Operation *op) {
  op->remove();
  // Nothing but the builder may hold on to it, nor it on to anything.
  op->walk([](Operation *inner) { inner->dropAllReferences(); });
  discarded.push_back(op);
}

GraphBuilder::~GraphBuilder() {
  for (Operation *op : discarded)
    op->erase();
}

void eraseDead(Region &region) {
  for (Block &block : region)
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
      if (isOpTriviallyDead(&op)) {
        op.erase();
        continue;
      }
      for (Region &nested : op.getRegions())
        eraseDead(nested);
    }
}

} // namespace tfc
