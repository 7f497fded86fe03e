// Small integer tensors as lists of symbolic numbers.
#include "Evaluate.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

AffineExpr GraphBuilder::select(AffineExpr condition, AffineExpr x, AffineExpr y) {
  if (x == y)
    return x;
  if (auto constant = number(condition))
    return *constant ? x : y;
  Value isTrue = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, index(condition), index(expr(0)));
  return scope.index(Value(arith::SelectOp::create(builder, loc, isTrue, index(x), index(y))));
}

AffineExpr GraphBuilder::compare(dfg::CompareKind kind, AffineExpr x, AffineExpr y) {
  using dfg::CompareKind;
  auto cx = number(x), cy = number(y);
  auto known = [&](bool holds) { return expr(holds); };
  bool huge = (cx && (*cx > INT32_MAX || *cx < INT32_MIN)) || (cy && (*cy > INT32_MAX || *cy < INT32_MIN));
  if (cx && cy) {
    switch (kind) {
    case CompareKind::EQ: return known(*cx == *cy);
    case CompareKind::NE: return known(*cx != *cy);
    case CompareKind::LT: return known(*cx < *cy);
    case CompareKind::LE: return known(*cx <= *cy);
    case CompareKind::GT: return known(*cx > *cy);
    case CompareKind::GE: return known(*cx >= *cy);
    }
  }
  if (!huge) {
    // What signs tell: an extent is never -1.
    AffineExpr above = scope.sub(x, y), below = scope.sub(y, x), one = expr(1);
    bool equal = above == expr(0);
    bool greater = scope.isNonNegative(scope.sub(above, one)), less = scope.isNonNegative(scope.sub(below, one));
    bool notLess = greater || scope.isNonNegative(above), notGreater = less || scope.isNonNegative(below);
    if (equal || greater || less) {
      switch (kind) {
      case CompareKind::EQ: return known(equal);
      case CompareKind::NE: return known(!equal);
      case CompareKind::LT: return known(less);
      case CompareKind::LE: return known(!greater);
      case CompareKind::GT: return known(greater);
      case CompareKind::GE: return known(!less);
      }
    }
    if (notLess && (kind == CompareKind::GE || kind == CompareKind::LT))
      return known(kind == CompareKind::GE);
    if (notGreater && (kind == CompareKind::LE || kind == CompareKind::GT))
      return known(kind == CompareKind::LE);
  }
  static constexpr arith::CmpIPredicate predicates[] = {arith::CmpIPredicate::eq,  arith::CmpIPredicate::ne,
                                                        arith::CmpIPredicate::slt, arith::CmpIPredicate::sle,
                                                        arith::CmpIPredicate::sgt, arith::CmpIPredicate::sge};
  Value holds = arith::CmpIOp::create(builder, loc, predicates[int(kind)], index(x), index(y));
  return scope.index(Value(arith::SelectOp::create(builder, loc, holds, index(expr(1)), index(expr(0)))));
}

AffineExpr GraphBuilder::quotient(ArrayRef<AffineExpr> factors, ArrayRef<AffineExpr> divisors) {
  // Equal factors cancel, so that reshapes keep the names of extents.
  Dims left(factors), right;
  for (AffineExpr divisor : divisors) {
    if (number(divisor) == 1)
      continue;
    auto it = llvm::find(left, divisor);
    if (it == left.end())
      right.push_back(divisor);
    else
      left.erase(it);
  }
  AffineExpr product = scope.product(left), divisor = scope.product(right);
  auto constant = number(divisor);
  if (constant && *constant > 0)
    return scope.floorDiv(product, divisor);
  if (constant)
    return expr(0);
  return scope.floorDiv(product, scope.max(divisor, expr(1)));
}

//===----------------------------------------------------------------------===//
// Asking and telling
//===----------------------------------------------------------------------===//

std::optional<Dims> GraphBuilder::knownContent(Value x) {
  if (!x || !isFollowed(x.getType()) || !isa<IntegerType>(elementType(x)))
    return std::nullopt;
  Operation *op = x.getDefiningOp();
  if (auto constant = dyn_cast_or_null<dfg::ConstantOp>(op)) {
    auto dense = dyn_cast<DenseIntElementsAttr>(constant.getValue());
    if (!dense)
      return std::nullopt;
    bool isBoolean = elementType(x).isInteger(1);
    Dims content;
    for (const llvm::APInt &value : dense.getValues<llvm::APInt>())
      content.push_back(expr(isBoolean ? value.getZExtValue() : value.getSExtValue()));
    return content;
  }
  if (auto indices = dyn_cast_or_null<dfg::IndexTensorOp>(op))
    return scope.indices(indices.getStaticValues(), indices.getValues());
  if (auto reshape = dyn_cast_or_null<dfg::ReshapeOp>(op))
    return knownContent(reshape.getX());
  return std::nullopt;
}

FailureOr<Dims> GraphBuilder::content(Value x) {
  if (!x)
    return failure();
  if (auto known = knownContent(x))
    return *known;
  auto type = dyn_cast<RankedTensorType>(x.getType());
  if (!type || !type.hasStaticShape() || type.getNumElements() > kMostContent || !type.getElementType().isInteger())
    return failure();
  Dims &read = readContent[x];
  // What an inner region has read is not there outside of it.
  bool usable = llvm::all_of(read, [&](AffineExpr expr) { return dominatesInsertion(index(expr)); });
  if (!read.empty() && usable)
    return read;
  read.clear();
  forEachIndex(type.getShape(), [&](ArrayRef<int64_t> index) {
    Value item = dfg::ItemOp::create(builder, loc, builder.getIndexType(), x, index);
    read.push_back(scope.index(item));
  });
  return read;
}

/// Converts the elements of a small constant.
template <class T> static std::optional<SmallVector<T>> numbersOf(Value x) {
  // A reshape keeps the elements in order.
  while (auto reshape = x ? x.getDefiningOp<dfg::ReshapeOp>() : dfg::ReshapeOp())
    x = reshape.getX();
  auto constant = x ? x.getDefiningOp<dfg::ConstantOp>() : dfg::ConstantOp();
  auto dense = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  if (!dense || dense.getNumElements() > GraphBuilder::kMostContent)
    return std::nullopt;
  Type type = dense.getElementType();
  SmallVector<T> result;
  if (isa<FloatType>(type)) {
    for (llvm::APFloat value : dense.getValues<llvm::APFloat>()) {
      bool losesInfo;
      value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
      result.push_back(T(value.convertToDouble()));
    }
  } else if (isa<IntegerType>(type)) {
    bool isUnsigned = type.isUnsignedInteger() || type.isInteger(1);
    for (const llvm::APInt &value : dense.getValues<llvm::APInt>())
      result.push_back(isUnsigned ? T(value.getZExtValue()) : T(value.getSExtValue()));
  } else {
    return std::nullopt;
  }
  return result;
}

std::optional<SmallVector<int64_t>> GraphBuilder::constantIntegers(Value x) { return numbersOf<int64_t>(x); }
std::optional<SmallVector<double>> GraphBuilder::constantNumbers(Value x) { return numbersOf<double>(x); }

Value GraphBuilder::fromContent(ArrayRef<AffineExpr> content, ArrayRef<int64_t> shape, Type elementType) {
  if (!isa<IntegerType>(elementType)) {
    emitError(loc) << "makes sizes or indices of " << elementType << ", expected integers";
    return {};
  }
  auto type = RankedTensorType::get(shape, elementType);
  if (llvm::all_of(content, [](AffineExpr expr) { return number(expr).has_value(); })) {
    SmallVector<llvm::APInt> values;
    for (AffineExpr expr : content)
      values.push_back(llvm::APInt(64, *number(expr)).trunc(elementType.getIntOrFloatBitWidth()));
    return constant(DenseElementsAttr::get(type, values));
  }
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  split(content, statics, dynamics);
  if (type.getRank() <= 1)
    return dfg::IndexTensorOp::create(builder, loc, type, dynamics, statics);
  auto flat = RankedTensorType::get({int64_t(content.size())}, elementType);
  Value vector = dfg::IndexTensorOp::create(builder, loc, flat, dynamics, statics);
  return dfg::ReshapeOp::create(builder, loc, type, vector, ValueRange(), shape);
}

} // namespace tfc
