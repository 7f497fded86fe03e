// Symbolic dimensions: inference, simplification, materialization.
#include "Dfg/DimScope.h"

#include "Dfg/Dfg.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace tfc::dfg {

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

AffineExpr DimScope::intern(Kind kind, Value value, unsigned position) {
  // The low bits of the second key hold the position: a value's dimension.
  auto key = std::make_tuple(int(kind), (const void *)value.getAsOpaquePointer(), (const void *)uintptr_t(position));
  auto [it, isNew] = interned.try_emplace(key, symbols.size());
  if (isNew)
    symbols.push_back({kind, value, position, {}, {}});
  return getAffineSymbolExpr(it->second, context);
}

AffineExpr DimScope::intern(Kind kind, AffineExpr a, AffineExpr b) {
  auto key = std::make_tuple(int(kind), a.getAsOpaquePointer(), b.getAsOpaquePointer());
  auto [it, isNew] = interned.try_emplace(key, symbols.size());
  if (isNew)
    symbols.push_back({kind, {}, 0, a, b});
  return getAffineSymbolExpr(it->second, context);
}

AffineExpr DimScope::symbol(Value tensor, unsigned i) { return intern(Kind::Dim, tensor, i); }

void DimScope::set(Value tensor, ArrayRef<AffineExpr> dims) {
  SmallVector<AffineExpr> copy(dims);
  for (auto [i, dim] : llvm::enumerate(copy))
    if (!dim)
      dim = symbol(tensor, i);
  known[tensor] = std::move(copy);
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

static std::optional<int64_t> asConstant(AffineExpr expr) {
  if (auto c = dyn_cast<AffineConstantExpr>(expr))
    return c.getValue();
  return std::nullopt;
}

/// A total order that does not depend on addresses, so that compilation is repeatable.
static bool precedes(AffineExpr a, AffineExpr b) {
  if (a.getKind() != b.getKind())
    return a.getKind() < b.getKind();
  if (auto x = dyn_cast<AffineBinaryOpExpr>(a)) {
    auto y = cast<AffineBinaryOpExpr>(b);
    return x.getLHS() == y.getLHS() ? precedes(x.getRHS(), y.getRHS()) : precedes(x.getLHS(), y.getLHS());
  }
  if (auto x = dyn_cast<AffineSymbolExpr>(a))
    return x.getPosition() < cast<AffineSymbolExpr>(b).getPosition();
  if (auto x = dyn_cast<AffineConstantExpr>(a))
    return x.getValue() < cast<AffineConstantExpr>(b).getValue();
  return false;
}

/// `simplifyAffineExpr` in time that depends on the expression, not on how many symbols the
/// scope has: those that are used get the first numbers meanwhile, in the same order.
static AffineExpr simplify(AffineExpr expr) {
  SmallVector<AffineExpr> used;
  expr.walk([&](AffineExpr part) {
    if (isa<AffineSymbolExpr>(part) && !llvm::is_contained(used, part))
      used.push_back(part);
  });
  llvm::sort(used, precedes);
  llvm::DenseMap<AffineExpr, AffineExpr> numbers;
  for (auto [i, symbol] : llvm::enumerate(used))
    numbers[symbol] = getAffineSymbolExpr(i, expr.getContext());
  return simplifyAffineExpr(expr.replace(numbers), 0, used.size()).replaceSymbols(used);
}

//===----------------------------------------------------------------------===//
// Inference
//===----------------------------------------------------------------------===//

void DimScope::argumentDims(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<AffineExpr> dims;
  ArrayAttr names;
  if (auto argument = dyn_cast<BlockArgument>(tensor))
    if (auto function = dyn_cast<FunctionOpInterface>(argument.getOwner()->getParentOp()))
      if (argument.getOwner()->isEntryBlock())
        names = function.getArgAttrOfType<ArrayAttr>(argument.getArgNumber(), "dfg.dims");
  for (int64_t i = 0; i < type.getRank(); ++i) {
    if (!type.isDynamicDim(i)) {
      dims.push_back(constant(type.getDimSize(i)));
      continue;
    }
    AffineExpr dim;
    if (names && i < int64_t(names.size()))
      if (auto name = dyn_cast<StringAttr>(names[i])) {
        AffineExpr &entry = named[name.getValue()];
        if (!entry)
          entry = symbol(tensor, i);
        dim = entry;
      }
    dims.push_back(dim ? dim : symbol(tensor, i));
  }
  known[tensor] = std::move(dims);
}

/// Tensors out of a list that is another tensor's parts of extent 1.
static void inferPiece(DimScope &scope, ListAtOp at) {
  auto split = at.getList().getDefiningOp<ListSplitOp>();
  auto type = dyn_cast<RankedTensorType>(at.getY().getType());
  if (!split || split.getSizes() || !type)
    return;
  SmallVector<AffineExpr> pieces = llvm::to_vector(scope.dims(split.getX()));
  if (split.getKeepAxis())
    pieces[split.getAxis()] = scope.constant(1);
  else
    pieces.erase(pieces.begin() + split.getAxis());
  if (type.getRank() != int64_t(pieces.size()))
    return;
  for (int64_t i = 0; i < type.getRank(); ++i)
    if (!type.isDynamicDim(i))
      pieces[i] = scope.constant(type.getDimSize(i));
  scope.set(at.getY(), pieces);
}

void DimScope::inferOp(Operation *op) {
  if (isa<IfOp, CaseOp>(op))
    return inferBranches(op);
  if (auto loop = dyn_cast<WhileOp>(op))
    return inferLoop(loop);
  if (auto at = dyn_cast<ListAtOp>(op))
    return inferPiece(*this, at);
  auto inferable = dyn_cast<InferShapes>(op);
  if (!inferable)
    return;
  SmallVector<TensorInfo> infos;
  if (failed(inferable.inferShapes(*this, infos)) || infos.size() != op->getNumResults())
    return;
  for (auto [result, info] : llvm::zip(op->getResults(), infos)) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type)
      continue;
    // A static extent of the declared type says more than an expression.
    if (type.getRank() == int64_t(info.dims.size()))
      for (int64_t i = 0; i < type.getRank(); ++i)
        if (!type.isDynamicDim(i))
          info.dims[i] = constant(type.getDimSize(i));
    set(result, info.dims);
  }
}

ArrayRef<AffineExpr> DimScope::dims(Value tensor) {
  auto it = known.find(tensor);
  if (it != known.end())
    return it->second;
  if (!typesOnly) {
    if (Operation *op = tensor.getDefiningOp())
      inferOp(op);
    else if (auto loop = dyn_cast_or_null<WhileOp>(tensor.getParentBlock()->getParentOp()))
      inferLoop(loop);
  }
  if (!known.contains(tensor))
    argumentDims(tensor);
  return known[tensor];
}

AffineExpr DimScope::index(OpFoldResult folded) {
  if (auto attribute = dyn_cast<Attribute>(folded))
    return constant(cast<IntegerAttr>(attribute).getInt());
  Value value = cast<Value>(folded);
  auto it = knownIndices.find(value);
  if (it != knownIndices.end())
    return it->second;
  AffineExpr expr;
  Operation *op = value.getDefiningOp();
  if (auto c = dyn_cast_or_null<arith::ConstantIndexOp>(op)) {
    expr = constant(c.value());
  } else if (typesOnly || !op) {
  } else if (auto dimOp = dyn_cast<tensor::DimOp>(op)) {
    if (auto position = dimOp.getConstantIndex())
      expr = dim(dimOp.getSource(), *position);
  } else if (auto apply = dyn_cast<affine::AffineApplyOp>(op)) {
    SmallVector<AffineExpr> operands;
    for (Value operand : apply.getMapOperands())
      operands.push_back(index(operand));
    AffineMap map = apply.getAffineMap();
    ArrayRef<AffineExpr> all = operands;
    expr = map.getResult(0).replaceDimsAndSymbols(all.take_front(map.getNumDims()), all.drop_front(map.getNumDims()));
    expr = simplify(expr);
  } else if (op->getNumOperands() == 2 && isa<arith::ArithDialect>(op->getDialect())) {
    auto a = [&] { return index(op->getOperand(0)); };
    auto b = [&] { return index(op->getOperand(1)); };
    if (isa<arith::AddIOp>(op))
      expr = add(a(), b());
    else if (isa<arith::SubIOp>(op))
      expr = sub(a(), b());
    else if (isa<arith::MulIOp>(op))
      expr = mul(a(), b());
    else if (isa<arith::FloorDivSIOp>(op))
      expr = floorDiv(a(), b());
    else if (isa<arith::MaxSIOp>(op))
      expr = max(a(), b());
    else if (isa<arith::MinSIOp>(op))
      expr = min(a(), b());
  }
  if (!expr)
    expr = intern(Kind::Index, value, 0);
  return knownIndices[value] = expr;
}

SmallVector<AffineExpr> DimScope::indices(ArrayRef<int64_t> statics, ValueRange dynamics) {
  SmallVector<AffineExpr> result;
  for (int64_t value : statics) {
    if (ShapedType::isDynamic(value)) {
      result.push_back(index(dynamics.front()));
      dynamics = dynamics.drop_front();
    } else {
      result.push_back(constant(value));
    }
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Sums and products of numbers that 64 bits do not hold are the number next to them: no
/// tensor has such an extent, which whoever makes it reports.
static int64_t saturatedSum(int64_t a, int64_t b) {
  int64_t sum;
  return llvm::AddOverflow(a, b, sum) ? (a < 0 ? INT64_MIN : INT64_MAX) : sum;
}
static int64_t saturatedProduct(int64_t a, int64_t b) {
  int64_t product;
  return llvm::MulOverflow(a, b, product) ? ((a < 0) != (b < 0) ? INT64_MIN : INT64_MAX) : product;
}

AffineExpr DimScope::limited(AffineExpr expr, Kind kind, AffineExpr a, AffineExpr b) {
  // Affine expressions are trees: terms that share parts would double and double.
  constexpr int kMostNodes = 64;
  AffineExpr simple = simplify(expr);
  int count = 0;
  simple.walk([&](AffineExpr) { ++count; });
  return count <= kMostNodes ? simple : intern(kind, a, b);
}

AffineExpr DimScope::add(AffineExpr a, AffineExpr b) {
  if (auto x = asConstant(a), y = asConstant(b); x && y)
    return constant(saturatedSum(*x, *y));
  return limited(a + b, Kind::Add, a, b);
}

AffineExpr DimScope::sub(AffineExpr a, AffineExpr b) {
  if (a == b)
    return constant(0);
  return add(a, mul(b, constant(-1)));
}

AffineExpr DimScope::mul(AffineExpr a, AffineExpr b) {
  if (auto x = asConstant(a), y = asConstant(b); x && y)
    return constant(saturatedProduct(*x, *y));
  if (asConstant(a) || asConstant(b))
    return limited(a * b, Kind::Mul, a, b);
  if (precedes(b, a))
    std::swap(a, b);
  return intern(Kind::Mul, a, b);
}

AffineExpr DimScope::floorDiv(AffineExpr a, AffineExpr b) {
  auto c = asConstant(b);
  if (c && *c > 0)
    return limited(a.floorDiv(b), Kind::FloorDiv, a, b);
  if (a == b)
    return constant(1);
  // (x * y) / y, as reshapes with -1 give it.
  if (auto s = dyn_cast<AffineSymbolExpr>(a)) {
    const Symbol &product = symbols[s.getPosition()];
    if (product.kind == Kind::Mul && product.a == b)
      return product.b;
    if (product.kind == Kind::Mul && product.b == b)
      return product.a;
  }
  return intern(Kind::FloorDiv, a, b);
}

AffineExpr DimScope::max(AffineExpr a, AffineExpr b) {
  if (isNonNegative(sub(a, b)))
    return a;
  if (isNonNegative(sub(b, a)))
    return b;
  return intern(Kind::Max, a, b);
}

AffineExpr DimScope::min(AffineExpr a, AffineExpr b) {
  if (isNonNegative(sub(b, a)))
    return a;
  if (isNonNegative(sub(a, b)))
    return b;
  return intern(Kind::Min, a, b);
}

AffineExpr DimScope::broadcast(AffineExpr a, AffineExpr b) {
  auto ca = asConstant(a), cb = asConstant(b);
  if (a == b || cb == 1)
    return a;
  if (ca == 1)
    return b;
  if (ca && cb)
    return {};
  if (ca)
    return a;
  if (cb)
    return b;
  return intern(Kind::Broadcast, a, b);
}

AffineExpr DimScope::product(ArrayRef<AffineExpr> factors) {
  // Constants first, so that products that differ in order stay equal.
  AffineExpr result = constant(1);
  int64_t scale = 1;
  SmallVector<AffineExpr> rest;
  for (AffineExpr factor : factors) {
    if (auto c = asConstant(factor))
      scale = saturatedProduct(scale, *c);
    else
      rest.push_back(factor);
  }
  for (AffineExpr factor : rest)
    result = mul(result, factor);
  return mul(result, constant(scale));
}

bool DimScope::isNonNegative(AffineExpr expr) {
  if (auto c = asConstant(expr))
    return *c >= 0;
  // Symbols share what they are made of, and never change.
  auto it = nonNegative.find(expr);
  if (it != nonNegative.end())
    return it->second;
  bool result = testNonNegative(expr);
  nonNegative[expr] = result;
  return result;
}

bool DimScope::testNonNegative(AffineExpr expr) {
  if (auto s = dyn_cast<AffineSymbolExpr>(expr)) {
    const Symbol symbol = symbols[s.getPosition()];
    switch (symbol.kind) {
    case Kind::Dim: return true;
    case Kind::Index: return false;
    case Kind::Max: return isNonNegative(symbol.a) || isNonNegative(symbol.b);
    default: return isNonNegative(symbol.a) && isNonNegative(symbol.b);
    }
  }
  auto node = dyn_cast<AffineBinaryOpExpr>(expr);
  return node && isNonNegative(node.getLHS()) && isNonNegative(node.getRHS());
}

FailureOr<SmallVector<AffineExpr>> DimScope::broadcast(ArrayRef<ArrayRef<AffineExpr>> shapes) {
  size_t rank = 0;
  for (auto shape : shapes)
    rank = std::max(rank, shape.size());
  SmallVector<AffineExpr> result(rank, constant(1));
  for (auto shape : shapes)
    for (size_t i = 0; i < shape.size(); ++i) {
      AffineExpr &dim = result[rank - shape.size() + i];
      dim = broadcast(dim, shape[i]);
      if (!dim)
        return failure();
    }
  return result;
}

//===----------------------------------------------------------------------===//
// Materialization
//===----------------------------------------------------------------------===//

/// Emits one expression; each part of it once, however often it appears.
class DimScope::Materializer {
public:
  Materializer(DimScope &scope, OpBuilder &builder, Location loc, const IRMapping *mapping,
               llvm::function_ref<Value(AffineExpr)> reuse)
      : scope(scope), builder(builder), loc(loc), mapping(mapping), reuse(reuse) {}

  Value get(AffineExpr expr) {
    if (auto it = made.find(expr); it != made.end())
      return it->second;
    Value value = reuse ? reuse(expr) : Value();
    if (!value)
      value = make(expr);
    return made[expr] = value;
  }

private:
  Value mapped(Value value) { return mapping ? mapping->lookupOrDefault(value) : value; }

  Value make(AffineExpr expr) {
    if (auto c = asConstant(expr))
      return arith::ConstantIndexOp::create(builder, loc, *c);
    if (auto id = dyn_cast<AffineSymbolExpr>(expr)) {
      Symbol symbol = scope.symbols[id.getPosition()];
      if (symbol.kind == Kind::Index)
        return mapped(symbol.value);
      if (symbol.kind == Kind::Dim)
        return tensor::DimOp::create(builder, loc, mapped(symbol.value), symbol.position);
      return make(symbol.kind, symbol.a, symbol.b);
    }
    auto node = cast<AffineBinaryOpExpr>(expr);
    switch (expr.getKind()) {
    case AffineExprKind::Add: return make(Kind::Add, node.getLHS(), node.getRHS());
    case AffineExprKind::Mul: return make(Kind::Mul, node.getLHS(), node.getRHS());
    case AffineExprKind::FloorDiv: return make(Kind::FloorDiv, node.getLHS(), node.getRHS());
    case AffineExprKind::CeilDiv: return make(Kind::CeilDiv, node.getLHS(), node.getRHS());
    case AffineExprKind::Mod: return make(Kind::Mod, node.getLHS(), node.getRHS());
    default: llvm_unreachable("dimensions are expressions over symbols");
    }
  }

  Value make(Kind kind, AffineExpr x, AffineExpr y) {
    Value a = get(x), b = get(y);
    switch (kind) {
    case Kind::Add: return arith::AddIOp::create(builder, loc, a, b);
    case Kind::Mul: return arith::MulIOp::create(builder, loc, a, b);
    case Kind::FloorDiv: return arith::FloorDivSIOp::create(builder, loc, a, b);
    case Kind::CeilDiv: return arith::CeilDivSIOp::create(builder, loc, a, b);
    case Kind::Max: return arith::MaxSIOp::create(builder, loc, a, b);
    case Kind::Min: return arith::MinSIOp::create(builder, loc, a, b);
    case Kind::Mod: {
      Value quotient = arith::FloorDivSIOp::create(builder, loc, a, b);
      return arith::SubIOp::create(builder, loc, a, arith::MulIOp::create(builder, loc, quotient, b));
    }
    case Kind::Broadcast: {
      Value one = arith::ConstantIndexOp::create(builder, loc, 1);
      Value isOne = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, a, one);
      return arith::SelectOp::create(builder, loc, isOne, b, a);
    }
    case Kind::Dim:
    case Kind::Index: break;
    }
    llvm_unreachable("not a binary symbol");
  }

  DimScope &scope;
  OpBuilder &builder;
  Location loc;
  const IRMapping *mapping;
  llvm::function_ref<Value(AffineExpr)> reuse;
  llvm::DenseMap<AffineExpr, Value> made;
};

Value DimScope::materialize(OpBuilder &builder, Location loc, AffineExpr expr, const IRMapping *mapping,
                            llvm::function_ref<Value(AffineExpr)> reuse) {
  return Materializer(*this, builder, loc, mapping, reuse).get(expr);
}

OpFoldResult DimScope::fold(OpBuilder &builder, Location loc, AffineExpr expr, const IRMapping *mapping) {
  if (auto c = asConstant(expr))
    return builder.getIndexAttr(*c);
  return materialize(builder, loc, expr, mapping);
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

RankedTensorType typeOf(const TensorInfo &info) {
  SmallVector<int64_t> shape;
  for (AffineExpr dim : info.dims) {
    auto c = dim ? asConstant(dim) : std::nullopt;
    // A negative extent is reported by whoever checks it; a type cannot hold it.
    shape.push_back(c && *c >= 0 ? *c : ShapedType::kDynamic);
  }
  return RankedTensorType::get(shape, info.elementType);
}

bool isTooLarge(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  return llvm::any_of(shape, [&](int64_t extent) {
    return extent > 0 && (llvm::MulOverflow(count, extent, count) || count > kMostElements);
  });
}

/// Strings and complex numbers are for ops that move elements, and for those of the runtime,
/// which check for themselves.
static LogicalResult checkElements(Operation *op, TypeRange types) {
  auto isMove = [](auto scatter) { return scatter && scatter.getKind() == ReduceKind::None; };
  if (isa<ConstantOp, ReshapeOp, BroadcastToOp, TransposeOp, ConcatOp, SliceOp, UpdateSliceOp, PadOp, ReverseOp,
          GatherOp, GatherElementsOp, GatherNDOp, SelectOp, RuntimeOperation>(op) ||
      isMove(dyn_cast<ScatterElementsOp>(op)) || isMove(dyn_cast<ScatterNDOp>(op)))
    return success();
  for (Type type : types)
    if (auto tensor = dyn_cast<TensorType>(type); tensor && isa<StringType, ComplexType>(tensor.getElementType()))
      return op->emitOpError() << "works on " << type << ", expected "
                               << (isa<StringType>(tensor.getElementType()) ? "numbers" : "real numbers");
  return success();
}

LogicalResult setInferredTypes(Operation *op, DimScope &scope) {
  SmallVector<TensorInfo> infos;
  if (failed(checkElements(op, op->getOperandTypes())))
    return failure();
  if (failed(cast<InferShapes>(op).inferShapes(scope, infos)))
    return failure();
  for (auto [result, info] : llvm::zip_equal(op->getResults(), infos)) {
    for (auto [i, dim] : llvm::enumerate(info.dims))
      if (auto c = dim ? asConstant(dim) : std::nullopt; c && *c < 0)
        return op->emitOpError() << "dimension " << i << " of its result is " << *c << ", expected at least 0";
    RankedTensorType type = typeOf(info);
    if (type.getRank() > kMostRank)
      return op->emitOpError() << "has a result of rank " << type.getRank() << ", expected at most " << kMostRank;
    if (isTooLarge(type.getShape()))
      return op->emitOpError() << "has a result of type " << type << ", expected at most 2^40 elements";
    result.setType(type);
    scope.set(result, info.dims);
  }
  return success();
}

LogicalResult detail::verifyInferredShapes(Operation *op) {
  if (failed(checkElements(op, op->getOperandTypes())) || failed(checkElements(op, op->getResultTypes())))
    return failure();
  DimScope scope(op->getContext(), /*typesOnly=*/true);
  SmallVector<TensorInfo> infos;
  if (failed(cast<InferShapes>(op).inferShapes(scope, infos)))
    return failure();
  if (infos.size() != op->getNumResults())
    return op->emitOpError() << "has " << op->getNumResults() << " results, expected " << infos.size();
  for (auto [result, info] : llvm::zip(op->getResults(), infos)) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    RankedTensorType expected = typeOf(info);
    bool sameElements =
        type && (type.getElementType() == info.elementType || type.getElementType() == withHandles(info.elementType));
    bool fits = sameElements && type.getRank() == expected.getRank();
    for (int64_t i = 0; fits && i < type.getRank(); ++i)
      fits = type.isDynamicDim(i) || expected.isDynamicDim(i) || type.getDimSize(i) == expected.getDimSize(i);
    if (!fits)
      return op->emitOpError() << "has result type " << result.getType() << ", expected " << expected;
  }
  return success();
}

} // namespace tfc::dfg
