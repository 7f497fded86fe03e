// Small integer tensors as lists of symbolic numbers.
#include "tfc/Import/Common/GraphBuilder.h"

#include "llvm/ADT/TypeSwitch.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

/// Whether the elements of a tensor type can be content: signless integers and booleans.
static bool isFollowed(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape() || tensor.getNumElements() > GraphBuilder::kMostContent)
    return false;
  Type element = tensor.getElementType();
  return element.isSignlessInteger(64) || element.isSignlessInteger(32) || element.isSignlessInteger(1);
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

namespace {
/// Arithmetic of tensor elements on expressions. A null result is not known.
class Numbers {
public:
  explicit Numbers(GraphBuilder &b) : b(b), scope(b.scope) {}

  AffineExpr binary(Operation *op, AffineExpr x, AffineExpr y) {
    return TypeSwitch<Operation *, AffineExpr>(op)
        .Case<dfg::AddOp>([&](auto) { return overflows(op, x, y) ? AffineExpr() : scope.add(x, y); })
        .Case<dfg::SubOp>([&](auto) { return overflows(op, x, y) ? AffineExpr() : scope.sub(x, y); })
        .Case<dfg::MulOp>([&](auto) { return overflows(op, x, y) ? AffineExpr() : scope.mul(x, y); })
        .Case<dfg::DivOp>([&](auto) { return divide(x, y); })
        .Case<dfg::RemOp, dfg::ModOp>([&](auto) { return remainder(x, y, isa<dfg::ModOp>(op)); })
        .Case<dfg::MaxOp, dfg::OrOp>([&](auto) { return isLogic(op) ? extreme(x, y, true) : AffineExpr(); })
        .Case<dfg::MinOp, dfg::AndOp>([&](auto) { return isLogic(op) ? extreme(x, y, false) : AffineExpr(); })
        .Case<dfg::CompareOp>([&](dfg::CompareOp compare) { return b.compare(compare.getKind(), x, y); })
        .Default([](Operation *) { return AffineExpr(); });
  }

  AffineExpr unary(Operation *op, AffineExpr x) {
    return TypeSwitch<Operation *, AffineExpr>(op)
        .Case<dfg::NegOp>([&](auto) { return limited(x) ? scope.sub(b.expr(0), x) : AffineExpr(); })
        .Case<dfg::NotOp>([&](dfg::NotOp op) {
          return b.elementType(op.getX()).isInteger(1) ? scope.sub(b.expr(1), x) : AffineExpr();
        })
        .Case<dfg::AbsOp>([&](auto) { return limited(x) ? scope.max(x, scope.sub(b.expr(0), x)) : AffineExpr(); })
        .Case<dfg::CastOp>([&](dfg::CastOp op) { return cast(x, b.elementType(op.getX()), b.elementType(op.getY())); })
        .Default([](Operation *) { return AffineExpr(); });
  }

private:
  /// `and`, `or` of booleans are min, max; of numbers they are bit operations.
  static bool isLogic(Operation *op) {
    return !isa<dfg::AndOp, dfg::OrOp>(op) || llvm::cast<RankedTensorType>(op->getResult(0).getType()).getElementType().isInteger(1);
  }

  AffineExpr extreme(AffineExpr x, AffineExpr y, bool greatest) {
    return greatest ? scope.max(x, y) : scope.min(x, y);
  }

  bool limited(AffineExpr x) {
    auto constant = b.number(x);
    return !constant || *constant != INT64_MIN;
  }

  static bool overflows(Operation *op, AffineExpr x, AffineExpr y) {
    auto cx = GraphBuilder::number(x), cy = GraphBuilder::number(y);
    int64_t result;
    if (!cx || !cy)
      return false;
    if (isa<dfg::AddOp>(op))
      return llvm::AddOverflow(*cx, *cy, result);
    if (isa<dfg::SubOp>(op))
      return llvm::SubOverflow(*cx, *cy, result);
    return llvm::MulOverflow(*cx, *cy, result);
  }

  /// Towards zero; 0 where the divisor is 0.
  AffineExpr divide(AffineExpr x, AffineExpr y) {
    auto cx = b.number(x), cy = b.number(y);
    if (cx && cy)
      return *cy == 0 ? b.expr(0) : *cy == -1 && *cx == INT64_MIN ? AffineExpr() : b.expr(*cx / *cy);
    if (cy == 0)
      return b.expr(0);
    if (cy && *cy > 0 && scope.isNonNegative(x))
      return scope.floorDiv(x, y);
    // A divisor known only at run time may be 0, which index arithmetic would trap on.
    return cy && *cy > 0 ? b.indexOp<arith::DivSIOp>(x, y) : AffineExpr();
  }

  AffineExpr remainder(AffineExpr x, AffineExpr y, bool floor) {
    auto cx = b.number(x), cy = b.number(y);
    if (!cy || *cy <= 0)
      return {};
    if (cx) {
      int64_t rest = *cx % *cy;
      return b.expr(floor && rest < 0 ? rest + *cy : rest);
    }
    if (floor || scope.isNonNegative(x))
      return simplifyAffineExpr(x % y, 0, 0);
    return b.indexOp<arith::RemSIOp>(x, y);
  }

  AffineExpr cast(AffineExpr x, Type from, Type to) {
    if (to.isInteger(1) && !from.isInteger(1))
      return b.compare(dfg::CompareKind::NE, x, b.expr(0));
    if (to.isInteger(32))
      if (auto constant = b.number(x))
        return b.expr(int32_t(*constant));
    return x;
  }

  GraphBuilder &b;
  dfg::DimScope &scope;
};

} // namespace

AffineExpr GraphBuilder::select(AffineExpr condition, AffineExpr x, AffineExpr y) {
  if (x == y)
    return x;
  if (auto constant = number(condition))
    return *constant ? x : y;
  Value isTrue = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, index(condition),
                                       index(expr(0)));
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
  return scope.index(
      Value(arith::SelectOp::create(builder, loc, holds, index(expr(1)), index(expr(0)))));
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
// Positions
//===----------------------------------------------------------------------===//

namespace {
/// Calls `each` with every index of a shape in row-major order.
void forEachIndex(ArrayRef<int64_t> shape, llvm::function_ref<void(ArrayRef<int64_t>)> each) {
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t count = ShapedType::getNumElements(shape); count > 0; --count) {
    each(index);
    for (int64_t i = shape.size() - 1; i >= 0; --i) {
      if (++index[i] < shape[i])
        break;
      index[i] = 0;
    }
  }
}

/// Row-major position of an index, aligned at the last dimension; dimensions of extent 1
/// broadcast.
int64_t positionOf(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  int64_t position = 0;
  for (auto [i, extent] : llvm::zip(index.take_back(shape.size()), shape))
    position = position * extent + (extent == 1 ? 0 : i);
  return position;
}

} // namespace

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

std::optional<Dims> GraphBuilder::evaluate(Operation *op) {
  if (op->getNumResults() != 1 || !isFollowed(op->getResult(0).getType()) ||
      !isa<dfg::AddOp, dfg::SubOp, dfg::MulOp, dfg::DivOp, dfg::RemOp, dfg::ModOp, dfg::MaxOp, dfg::MinOp, dfg::AndOp,
           dfg::OrOp, dfg::CompareOp, dfg::NegOp, dfg::NotOp, dfg::AbsOp, dfg::CastOp, dfg::SelectOp, dfg::ConcatOp,
           dfg::SliceOp, dfg::GatherOp, dfg::TransposeOp, dfg::BroadcastToOp, dfg::ReduceOp, dfg::ReverseOp,
           dfg::IotaOp>(op))
    return std::nullopt;
  SmallVector<Dims> operands;
  SmallVector<SmallVector<int64_t>> shapes;
  for (Value operand : op->getOperands()) {
    if (!isa<RankedTensorType>(operand.getType()))
      return std::nullopt; // a size or offset known only at run time
    auto content = knownContent(operand);
    if (!content)
      return std::nullopt;
    operands.push_back(std::move(*content));
    shapes.push_back(shape(operand));
  }

  Numbers numbers(*this);
  SmallVector<int64_t> result = shape(op->getResult(0));
  Dims content;
  auto operandAt = [&](unsigned operand, ArrayRef<int64_t> index) {
    return operands[operand][positionOf(index, shapes[operand])];
  };
  auto each = [&](llvm::function_ref<AffineExpr(ArrayRef<int64_t>)> element) -> std::optional<Dims> {
    forEachIndex(result, [&](ArrayRef<int64_t> index) { content.push_back(element(index)); });
    if (llvm::is_contained(content, AffineExpr()))
      return std::nullopt;
    return content;
  };

  return TypeSwitch<Operation *, std::optional<Dims>>(op)
      .Case<dfg::NegOp, dfg::NotOp, dfg::AbsOp, dfg::CastOp>(
          [&](auto) { return each([&](auto index) { return numbers.unary(op, operandAt(0, index)); }); })
      .Case<dfg::SelectOp>([&](auto) {
        return each([&](auto index) {
          return select(operandAt(0, index), operandAt(1, index), operandAt(2, index));
        });
      })
      .Case<dfg::ConcatOp>([&](dfg::ConcatOp concat) {
        return each([&](ArrayRef<int64_t> index) {
          SmallVector<int64_t> inside(index);
          int64_t &i = inside[concat.getAxis()];
          unsigned operand = 0;
          for (; i >= shapes[operand][concat.getAxis()]; ++operand)
            i -= shapes[operand][concat.getAxis()];
          return operandAt(operand, inside);
        });
      })
      .Case<dfg::SliceOp>([&](dfg::SliceOp slice) {
        return each([&](ArrayRef<int64_t> index) {
          SmallVector<int64_t> from;
          for (auto [i, offset, stride] : llvm::zip(index, slice.getStaticOffsets(), slice.getStrides()))
            from.push_back(offset + i * stride);
          return operandAt(0, from);
        });
      })
      .Case<dfg::GatherOp>([&](dfg::GatherOp gather) {
        int64_t axis = gather.getAxis(), extent = shapes[0][axis], rank = shapes[1].size();
        return each([&](ArrayRef<int64_t> index) {
          auto at = number(operandAt(1, index.slice(axis, rank)));
          if (!at || *at < -extent || *at >= extent)
            return AffineExpr();
          SmallVector<int64_t> from(index.take_front(axis));
          from.push_back(*at < 0 ? *at + extent : *at);
          from.append(index.begin() + axis + rank, index.end());
          return operandAt(0, from);
        });
      })
      .Case<dfg::TransposeOp>([&](dfg::TransposeOp transpose) {
        return each([&](ArrayRef<int64_t> index) {
          SmallVector<int64_t> from(index.size());
          for (auto [i, source] : llvm::enumerate(transpose.getPermutation()))
            from[source] = index[i];
          return operandAt(0, from);
        });
      })
      .Case<dfg::BroadcastToOp>([&](auto) { return each([&](auto index) { return operandAt(0, index); }); })
      .Case<dfg::ReverseOp>([&](dfg::ReverseOp reverse) {
        return each([&](ArrayRef<int64_t> index) {
          SmallVector<int64_t> from(index);
          for (int64_t axis : reverse.getAxes())
            from[axis] = result[axis] - 1 - from[axis];
          return operandAt(0, from);
        });
      })
      .Case<dfg::IotaOp>([&](dfg::IotaOp iota) {
        return each([&](ArrayRef<int64_t> index) { return expr(index[iota.getAxis()]); });
      })
      .Case<dfg::ReduceOp>([&](dfg::ReduceOp reduce) -> std::optional<Dims> {
        // Of one dimension: what becomes of shapes.
        if (shapes[0].size() != 1 || operands[0].empty() || elementType(reduce.getX()).isInteger(1))
          return std::nullopt;
        AffineExpr value = operands[0][0];
        for (AffineExpr next : ArrayRef(operands[0]).drop_front())
          switch (reduce.getKind()) {
          case dfg::ReduceKind::Sum: value = scope.add(value, next); break;
          case dfg::ReduceKind::Prod: value = scope.mul(value, next); break;
          case dfg::ReduceKind::Max: value = scope.max(value, next); break;
          case dfg::ReduceKind::Min: value = scope.min(value, next); break;
          case dfg::ReduceKind::None: return std::nullopt;
          }
        return Dims{value};
      })
      .Default([&](Operation *) {
        return each([&](auto index) { return numbers.binary(op, operandAt(0, index), operandAt(1, index)); });
      });
}

//===----------------------------------------------------------------------===//
// Asking and telling
//===----------------------------------------------------------------------===//

std::optional<Dims> GraphBuilder::knownContent(Value x) {
  if (!x || !isFollowed(x.getType()))
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
