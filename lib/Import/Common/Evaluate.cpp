// Evaluation of ops on small tensors whose elements are known.
#include "Evaluate.h"

#include <cmath>

#include "llvm/ADT/TypeSwitch.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace tfc {

bool isFollowed(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape() || tensor.getNumElements() > GraphBuilder::kMostContent)
    return false;
  Type element = tensor.getElementType();
  return element.isSignlessInteger(64) || element.isSignlessInteger(32) || element.isSignlessInteger(1) ||
         element.isF32() || element.isF64();
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

namespace {
/// An element: an integer that is an expression, or a constant float; neither where it is
/// not known.
struct Element {
  AffineExpr integer;
  std::optional<double> number;
  explicit operator bool() const { return integer || number; }
};

/// Integer arithmetic of tensor elements on expressions. A null result is not known.
class Integers {
public:
  explicit Integers(GraphBuilder &b) : b(b), scope(b.scope) {}

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
        .Default([](Operation *) { return AffineExpr(); });
  }

  AffineExpr cast(AffineExpr x, Type from, Type to) {
    if (to.isInteger(1) && !from.isInteger(1))
      return b.compare(dfg::CompareKind::NE, x, b.expr(0));
    if (to.isInteger(32))
      if (auto constant = b.number(x))
        return b.expr(int32_t(*constant));
    return x;
  }

private:
  /// `and`, `or` of booleans are min, max; of numbers they are bit operations.
  static bool isLogic(Operation *op) {
    auto type = llvm::cast<RankedTensorType>(op->getResult(0).getType());
    return !isa<dfg::AndOp, dfg::OrOp>(op) || type.getElementType().isInteger(1);
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
      return scope.sub(x, scope.mul(scope.floorDiv(x, y), y));
    return b.indexOp<arith::RemSIOp>(x, y);
  }

  GraphBuilder &b;
  dfg::DimScope &scope;
};

/// Float arithmetic, rounded to the element type by the caller: in f64 the operations
/// below are exact enough for that to be the right f32.
std::optional<double> floatUnary(Operation *op, double x) {
  return TypeSwitch<Operation *, std::optional<double>>(op)
      .Case<dfg::NegOp>([&](auto) { return -x; })
      .Case<dfg::AbsOp>([&](auto) { return std::abs(x); })
      .Case<dfg::FloorOp>([&](auto) { return std::floor(x); })
      .Case<dfg::CeilOp>([&](auto) { return std::ceil(x); })
      .Case<dfg::TruncOp>([&](auto) { return std::trunc(x); })
      .Case<dfg::RoundOp>([&](auto) { return std::nearbyint(x); })
      .Case<dfg::SqrtOp>([&](auto) { return std::sqrt(x); })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<double> floatBinary(Operation *op, double x, double y) {
  return TypeSwitch<Operation *, std::optional<double>>(op)
      .Case<dfg::AddOp>([&](auto) { return x + y; })
      .Case<dfg::SubOp>([&](auto) { return x - y; })
      .Case<dfg::MulOp>([&](auto) { return x * y; })
      .Case<dfg::DivOp>([&](auto) { return x / y; })
      .Case<dfg::MaxOp>([&](auto) { return std::isnan(x) || x > y ? x : y; })
      .Case<dfg::MinOp>([&](auto) { return std::isnan(x) || x < y ? x : y; })
      .Default([](Operation *) { return std::nullopt; });
}

/// All arithmetic on elements of one op.
class Arithmetic {
public:
  Arithmetic(GraphBuilder &b, Operation *op) : b(b), op(op), integers(b) {}

  Element unary(Element x) {
    if (isa<dfg::CastOp>(op))
      return cast(x);
    if (x.integer)
      return {integers.unary(op, x.integer), {}};
    return x.number ? Element{{}, floatUnary(op, *x.number)} : Element();
  }
  Element binary(Element x, Element y) {
    if (x.integer && y.integer)
      return {integers.binary(op, x.integer, y.integer), {}};
    return x.number && y.number ? Element{{}, floatBinary(op, *x.number, *y.number)} : Element();
  }
  Element select(Element condition, Element x, Element y) {
    if (auto constant = b.number(condition.integer))
      return *constant ? x : y;
    return x.integer && y.integer ? Element{b.select(condition.integer, x.integer, y.integer), {}} : Element();
  }

private:
  Element cast(Element x) {
    Type to = b.elementType(op->getResult(0)), from = b.elementType(op->getOperand(0));
    if (x.integer && isa<IntegerType>(to))
      return {integers.cast(x.integer, from, to), {}};
    if (x.integer) {
      auto constant = b.number(x.integer);
      return constant ? Element{{}, double(*constant)} : Element();
    }
    if (isa<FloatType>(to))
      return x;
    // Numbers that no integer holds are left to the step.
    bool fits = x.number && std::abs(*x.number) < double(INT32_MAX);
    if (!fits)
      return {};
    return {b.expr(to.isInteger(1) ? *x.number != 0 : int64_t(*x.number)), {}};
  }

  GraphBuilder &b;
  Operation *op;
  Integers integers;
};

/// Row-major position of an index, aligned at the last dimension; dimensions of extent 1
/// broadcast.
int64_t positionOf(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  int64_t position = 0;
  for (auto [i, extent] : llvm::zip(index.take_back(shape.size()), shape))
    position = position * extent + (extent == 1 ? 0 : i);
  return position;
}

} // namespace

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

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// The elements of a small tensor; nothing where they are not known.
static std::optional<SmallVector<Element>> elementsOf(GraphBuilder &b, Value x) {
  SmallVector<Element> elements;
  if (isa<FloatType>(b.elementType(x))) {
    auto numbers = b.constantNumbers(x);
    if (!numbers)
      return std::nullopt;
    for (double number : *numbers)
      elements.push_back({{}, number});
    return elements;
  }
  auto content = b.knownContent(x);
  if (!content)
    return std::nullopt;
  for (AffineExpr expr : *content)
    elements.push_back({expr, {}});
  return elements;
}

static bool isUnaryOp(Operation *op) {
  return isa<dfg::NegOp, dfg::NotOp, dfg::AbsOp, dfg::CastOp, dfg::FloorOp, dfg::CeilOp, dfg::TruncOp, dfg::RoundOp,
             dfg::SqrtOp>(op);
}
static bool isBinaryOp(Operation *op) {
  return isa<dfg::AddOp, dfg::SubOp, dfg::MulOp, dfg::DivOp, dfg::RemOp, dfg::ModOp, dfg::MaxOp, dfg::MinOp, dfg::AndOp,
             dfg::OrOp, dfg::CompareOp>(op);
}
static bool isStructureOp(Operation *op) {
  return isa<dfg::SelectOp, dfg::ReshapeOp, dfg::ConcatOp, dfg::SliceOp, dfg::GatherOp, dfg::TransposeOp, dfg::BroadcastToOp,
             dfg::ReduceOp, dfg::ReverseOp, dfg::IotaOp>(op);
}

Value GraphBuilder::evaluate(Operation *op) {
  if (op->getNumResults() != 1 || !isFollowed(op->getResult(0).getType()) ||
      !(isUnaryOp(op) || isBinaryOp(op) || isStructureOp(op)))
    return {};
  SmallVector<SmallVector<Element>> operands;
  SmallVector<SmallVector<int64_t>> shapes;
  for (Value operand : op->getOperands()) {
    // Sizes and offsets that only run time tells are index operands.
    if (!isFollowed(operand.getType()))
      return {};
    auto elements = elementsOf(*this, operand);
    if (!elements)
      return {};
    operands.push_back(std::move(*elements));
    shapes.push_back(shape(operand));
  }

  Arithmetic arithmetic(*this, op);
  SmallVector<int64_t> result = shape(op->getResult(0));
  SmallVector<Element> content;
  using Index = ArrayRef<int64_t>;
  auto at = [&](unsigned operand, Index index) { return operands[operand][positionOf(index, shapes[operand])]; };
  auto each = [&](llvm::function_ref<Element(Index)> element) {
    forEachIndex(result, [&](Index index) { content.push_back(element(index)); });
  };

  if (isUnaryOp(op))
    each([&](Index index) { return arithmetic.unary(at(0, index)); });
  else if (isBinaryOp(op))
    each([&](Index index) { return arithmetic.binary(at(0, index), at(1, index)); });
  else if (isa<dfg::SelectOp>(op))
    each([&](Index index) { return arithmetic.select(at(0, index), at(1, index), at(2, index)); });
  else if (isa<dfg::BroadcastToOp>(op))
    each([&](Index index) { return at(0, index); });
  else if (isa<dfg::ReshapeOp>(op))
    content = operands[0];
  else if (auto iota = dyn_cast<dfg::IotaOp>(op)) {
    if (!isa<IntegerType>(elementType(iota)))
      return {};
    each([&](Index index) { return Element{expr(index[iota.getAxis()]), {}}; });
  } else if (auto concat = dyn_cast<dfg::ConcatOp>(op))
    each([&](Index index) {
      SmallVector<int64_t> inside(index);
      int64_t &i = inside[concat.getAxis()];
      unsigned operand = 0;
      for (; i >= shapes[operand][concat.getAxis()]; ++operand)
        i -= shapes[operand][concat.getAxis()];
      return at(operand, inside);
    });
  else if (auto slice = dyn_cast<dfg::SliceOp>(op))
    each([&](Index index) {
      SmallVector<int64_t> from;
      for (auto [i, offset, stride] : llvm::zip(index, slice.getStaticOffsets(), slice.getStrides()))
        from.push_back(offset + i * stride);
      return at(0, from);
    });
  else if (auto gather = dyn_cast<dfg::GatherOp>(op)) {
    int64_t axis = gather.getAxis(), extent = shapes[0][axis], rank = shapes[1].size();
    each([&](Index index) {
      auto place = number(at(1, index.slice(axis, rank)).integer);
      if (!place || *place < -extent || *place >= extent)
        return Element();
      SmallVector<int64_t> from(index.take_front(axis));
      from.push_back(*place < 0 ? *place + extent : *place);
      from.append(index.begin() + axis + rank, index.end());
      return at(0, from);
    });
  } else if (auto transpose = dyn_cast<dfg::TransposeOp>(op))
    each([&](Index index) {
      SmallVector<int64_t> from(index.size());
      for (auto [i, source] : llvm::enumerate(transpose.getPermutation()))
        from[source] = index[i];
      return at(0, from);
    });
  else if (auto reverse = dyn_cast<dfg::ReverseOp>(op))
    each([&](Index index) {
      SmallVector<int64_t> from(index);
      for (int64_t axis : reverse.getAxes())
        from[axis] = result[axis] - 1 - from[axis];
      return at(0, from);
    });
  else if (auto reduce = dyn_cast<dfg::ReduceOp>(op)) {
    // Of vectors of integers: what becomes of shapes.
    if (shapes[0].size() != 1 || operands[0].empty() || !operands[0][0].integer || elementType(reduce).isInteger(1))
      return {};
    AffineExpr value = operands[0][0].integer;
    for (const Element &next : ArrayRef(operands[0]).drop_front())
      switch (reduce.getKind()) {
      case dfg::ReduceKind::Sum: value = scope.add(value, next.integer); break;
      case dfg::ReduceKind::Prod: value = scope.mul(value, next.integer); break;
      case dfg::ReduceKind::Max: value = scope.max(value, next.integer); break;
      case dfg::ReduceKind::Min: value = scope.min(value, next.integer); break;
      case dfg::ReduceKind::None: return {};
      }
    content.push_back({value, {}});
  }
  if (!llvm::all_of(content, [](const Element &element) { return bool(element); }))
    return {};

  Type element = elementType(op->getResult(0));
  if (isa<IntegerType>(element)) {
    Dims exprs;
    for (const Element &one : content)
      exprs.push_back(one.integer);
    return fromContent(exprs, result, element);
  }
  SmallVector<double> numbers;
  for (const Element &one : content)
    numbers.push_back(*one.number);
  return fromNumbers(numbers, result, element);
}

} // namespace tfc
