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

void DimScope::inferOp(Operation *op) {
  if (isa<IfOp, CaseOp>(op))
    return inferBranches(op);
  if (auto loop = dyn_cast<WhileOp>(op))
    return inferLoop(loop);
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
    expr = simplifyAffineExpr(expr, 0, symbols.size());
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

AffineExpr DimScope::add(AffineExpr a, AffineExpr b) { return simplifyAffineExpr(a + b, 0, symbols.size()); }
AffineExpr DimScope::sub(AffineExpr a, AffineExpr b) { return simplifyAffineExpr(a - b, 0, symbols.size()); }

AffineExpr DimScope::mul(AffineExpr a, AffineExpr b) {
  if (asConstant(a) || asConstant(b))
    return simplifyAffineExpr(a * b, 0, symbols.size());
  if (precedes(b, a))
    std::swap(a, b);
  return intern(Kind::Mul, a, b);
}

AffineExpr DimScope::floorDiv(AffineExpr a, AffineExpr b) {
  auto c = asConstant(b);
  if (c && *c > 0)
    return simplifyAffineExpr(a.floorDiv(b), 0, symbols.size());
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
      scale *= *c;
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

Value DimScope::materialize(OpBuilder &builder, Location loc, AffineExpr expr, const IRMapping *mapping) {
  auto mapped = [&](Value value) { return mapping ? mapping->lookupOrDefault(value) : value; };
  auto binary = [&](AffineExpr a, AffineExpr b) {
    return std::make_pair(materialize(builder, loc, a, mapping), materialize(builder, loc, b, mapping));
  };
  auto emit = [&](Kind kind, AffineExpr x, AffineExpr y) -> Value {
    auto [a, b] = binary(x, y);
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
  };
  switch (expr.getKind()) {
  case AffineExprKind::Constant:
    return arith::ConstantIndexOp::create(builder, loc, cast<AffineConstantExpr>(expr).getValue());
  case AffineExprKind::SymbolId: {
    Symbol symbol = symbols[cast<AffineSymbolExpr>(expr).getPosition()];
    if (symbol.kind == Kind::Index)
      return mapped(symbol.value);
    if (symbol.kind == Kind::Dim)
      return tensor::DimOp::create(builder, loc, mapped(symbol.value), symbol.position);
    return emit(symbol.kind, symbol.a, symbol.b);
  }
  case AffineExprKind::DimId: break;
  default: break;
  }
  auto node = cast<AffineBinaryOpExpr>(expr);
  switch (expr.getKind()) {
  case AffineExprKind::Add: return emit(Kind::Add, node.getLHS(), node.getRHS());
  case AffineExprKind::Mul: return emit(Kind::Mul, node.getLHS(), node.getRHS());
  case AffineExprKind::FloorDiv: return emit(Kind::FloorDiv, node.getLHS(), node.getRHS());
  case AffineExprKind::CeilDiv: return emit(Kind::CeilDiv, node.getLHS(), node.getRHS());
  case AffineExprKind::Mod: return emit(Kind::Mod, node.getLHS(), node.getRHS());
  default: llvm_unreachable("dimensions are expressions over symbols");
  }
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

LogicalResult setInferredTypes(Operation *op, DimScope &scope) {
  SmallVector<TensorInfo> infos;
  if (failed(cast<InferShapes>(op).inferShapes(scope, infos)))
    return failure();
  for (auto [result, info] : llvm::zip_equal(op->getResults(), infos)) {
    for (auto [i, dim] : llvm::enumerate(info.dims))
      if (auto c = dim ? asConstant(dim) : std::nullopt; c && *c < 0)
        return op->emitOpError() << "dimension " << i << " of its result is " << *c << ", expected at least 0";
    result.setType(typeOf(info));
    scope.set(result, info.dims);
  }
  return success();
}

LogicalResult detail::verifyInferredShapes(Operation *op) {
  DimScope scope(op->getContext(), /*typesOnly=*/true);
  SmallVector<TensorInfo> infos;
  if (failed(cast<InferShapes>(op).inferShapes(scope, infos)))
    return failure();
  if (infos.size() != op->getNumResults())
    return op->emitOpError() << "has " << op->getNumResults() << " results, expected " << infos.size();
  for (auto [result, info] : llvm::zip(op->getResults(), infos)) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    RankedTensorType expected = typeOf(info);
    bool fits = type && type.getElementType() == info.elementType && type.getRank() == expected.getRank();
    for (int64_t i = 0; fits && i < type.getRank(); ++i)
      fits = type.isDynamicDim(i) || expected.isDynamicDim(i) || type.getDimSize(i) == expected.getDimSize(i);
    if (!fits)
      return op->emitOpError() << "has result type " << result.getType() << ", expected " << expected;
  }
  return success();
}

} // namespace tfc::dfg
