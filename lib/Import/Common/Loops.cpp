// Finds the types of loops and builds dfg.while.
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc {

Value coerce(GraphBuilder &b, Value value, Type type) {
  if (!isa<dfg::OptionalType>(type) || isa<dfg::OptionalType>(value.getType()))
    return value;
  return dfg::OptionalMakeOp::create(b.builder, b.loc, type, value);
}

Value scalarCondition(OpContext &c, Value value) {
  auto type = value ? dyn_cast<RankedTensorType>(value.getType()) : RankedTensorType();
  if (!type || !type.getElementType().isInteger(1)) {
    c.error() << "has no condition of booleans";
    return {};
  }
  return c.b.reshape(value, {});
}

namespace {

/// A value that iterations pass on, as far as it is known.
struct Variable {
  Type type;
  /// Of a tensor; null: changes or unknown.
  GraphBuilder::Dims dims;
};

class LoopImport {
public:
  LoopImport(OpContext &c, const LoopSource &source) : c(c), b(c.b), source(source) {}

  FailureOr<LoopResults> run() {
    for (Value value : source.initial)
      variables.push_back({value.getType(), b.dims(value)});
    for (bool guesses = true;;) {
      start();
      bool fits = false;
      auto import = [&] {
        auto iteration = importBody();
        if (failed(iteration))
          return failure();
        last = std::move(*iteration);
        auto widened = widen();
        fits = succeeded(widened) && !*widened;
        return LogicalResult(widened);
      };
      // An error may come of a guess: it counts when nothing is guessed any more.
      bool imported = guesses ? c.attempt(import) : succeeded(import());
      if (imported && fits)
        return finish();
      b.builder.setInsertionPointAfter(probe);
      b.discard(probe);
      if (!imported && !guesses)
        return failure();
      if (!imported) {
        guesses = false;
        llvm::for_each(variables, open);
      }
    }
  }

private:
  static void open(Variable &variable) {
    variable.dims.assign(variable.dims.size(), AffineExpr());
    if (auto type = dyn_cast<RankedTensorType>(variable.type))
      variable.type =
          RankedTensorType::get(SmallVector<int64_t>(type.getRank(), ShapedType::kDynamic), type.getElementType());
  }

  /// A loop without types, whose regions take iteration number, condition and variables.
  void start() {
    probe = dfg::WhileOp::create(b.builder, b.loc, TypeRange(), ValueRange());
    auto scalar = [&](Type element) { return RankedTensorType::get({}, element); };
    SmallVector<Type> types = {scalar(b.builder.getI64Type()), scalar(b.builder.getI1Type())};
    for (const Variable &variable : variables)
      types.push_back(variable.type);
    SmallVector<Location> locations(types.size(), b.loc);
    OpBuilder::InsertionGuard guard(b.builder);
    for (Region *region : {&probe.getCondition(), &probe.getBody()}) {
      Block *block = b.builder.createBlock(region, {}, types, locations);
      for (auto [variable, argument] : llvm::zip(variables, block->getArguments().drop_front(2)))
        if (isa<RankedTensorType>(variable.type))
          b.scope.set(argument, variable.dims);
    }
  }

  Block &body() { return probe.getBody().front(); }

  FailureOr<LoopIteration> importBody() {
    OpBuilder::InsertionGuard guard(b.builder);
    b.builder.setInsertionPointToEnd(&body());
    i = b.content(body().getArgument(0))->front();
    auto iteration = source.body(i, body().getArgument(1), body().getArguments().drop_front(2));
    if (failed(iteration))
      return failure();
    if (iteration->next.size() != variables.size())
      return c.error() << "has a body that gives " << iteration->next.size() << " values, expected "
                       << variables.size();
    if (source.test && failed(importTest()))
      return failure();
    return iteration;
  }

  LogicalResult importTest() {
    OpBuilder::InsertionGuard guard(b.builder);
    Block &block = probe.getCondition().front();
    b.builder.setInsertionPointToEnd(&block);
    auto imported = source.test(block.getArguments().drop_front(2));
    if (failed(imported) || !(test = scalarCondition(c, *imported)))
      return failure();
    return success();
  }

  /// Makes the variables what they are next as well; true if that changed them.
  FailureOr<bool> widen() {
    bool changed = false;
    for (auto [k, pair] : llvm::enumerate(llvm::zip_equal(variables, last.next))) {
      auto &[variable, next] = pair;
      Type type = dfg::joinTypes(variable.type, next.getType());
      if (!type)
        return c.unsupported() << "has a body that makes " << next.getType() << " of variable " << k << ", a "
                               << variable.type << ", expected one element type and rank";
      changed |= type != variable.type;
      variable.type = type;
      if (!isa<RankedTensorType>(type))
        continue;
      for (auto [dim, other] : llvm::zip_equal(variable.dims, b.dims(next)))
        if (dim && dim != other) {
          dim = {};
          changed = true;
        }
    }
    return changed;
  }

  /// Whether the loop goes on as long as it has iterations left.
  bool alwaysGoesOn() {
    auto isTrue = [&](Value condition) {
      auto known = b.knownContent(condition);
      return known && b.number(known->front()) == 1;
    };
    return (!source.condition || isTrue(source.condition)) &&
           (!last.condition || last.condition == body().getArgument(1) || isTrue(last.condition));
  }

  void finishCondition(bool goesOn) {
    Block &block = probe.getCondition().front();
    b.builder.setInsertionPointToEnd(&block);
    AffineExpr holds = goesOn ? b.expr(1) : b.content(block.getArgument(1))->front();
    // As many iterations as a number can count are no limit.
    if (source.tripCount && b.number(source.tripCount) != INT64_MAX) {
      AffineExpr left = b.compare(dfg::CompareKind::LT, b.content(block.getArgument(0))->front(), source.tripCount);
      holds = goesOn ? left : b.scope.min(left, holds);
    }
    if (test) {
      dfg::YieldOp::create(b.builder, b.loc, test);
      return;
    }
    dfg::YieldOp::create(b.builder, b.loc, b.fromContent(holds, {}, b.builder.getI1Type()));
  }

  LoopResults finish() {
    bool goesOn = alwaysGoesOn();
    Type i64 = b.builder.getI64Type(), i1 = b.builder.getI1Type();
    b.builder.setInsertionPointToEnd(&body());
    SmallVector<Value> nexts = {b.fromContent(b.scope.add(i, b.expr(1)), {}, i64)};
    nexts.push_back(goesOn || !last.condition ? Value(body().getArgument(1)) : last.condition);
    for (auto [variable, next] : llvm::zip_equal(variables, last.next))
      nexts.push_back(coerce(b, next, variable.type));
    SmallVector<GraphBuilder::Dims> collectedDims;
    for (Value value : last.collected) {
      auto type = dfg::ListType::get(b.builder.getContext(), value.getType());
      probe.getCondition().front().addArgument(type, b.loc);
      Value list = body().addArgument(type, b.loc);
      nexts.push_back(dfg::ListInsertOp::create(b.builder, b.loc, type, list, value, Value()));
      collectedDims.push_back(b.dims(value));
    }
    dfg::YieldOp::create(b.builder, b.loc, nexts);
    finishCondition(goesOn);

    b.builder.setInsertionPoint(probe);
    SmallVector<Value> initial = {b.fromContent(b.expr(0), {}, i64)};
    initial.push_back(source.condition && !goesOn ? source.condition : b.fromContent(b.expr(1), {}, i1));
    for (auto [variable, value] : llvm::zip_equal(variables, source.initial))
      initial.push_back(coerce(b, value, variable.type));
    for (Value value : last.collected)
      initial.push_back(dfg::ListMakeOp::create(
          b.builder, b.loc, dfg::ListType::get(b.builder.getContext(), b.elementType(value)), ValueRange()));
    auto loop = dfg::WhileOp::create(b.builder, b.loc, body().getArgumentTypes(), initial);
    loop.getCondition().takeBody(probe.getCondition());
    loop.getBody().takeBody(probe.getBody());
    b.builder.setInsertionPointAfter(probe);
    probe.erase();

    LoopResults results;
    ValueRange outputs = ValueRange(loop.getOutputs()).drop_front(2);
    llvm::append_range(results.values, outputs.take_front(variables.size()));
    llvm::append_range(results.lists, outputs.drop_front(variables.size()));
    for (auto [list, dims] : llvm::zip_equal(results.lists, collectedDims))
      results.stacked.push_back(stack(loop, list, dims, goesOn));
    return results;
  }

  /// A list of tensors of these dimensions as one tensor. What is known of them outside of
  /// the loop holds for no iterations, too.
  Value stack(dfg::WhileOp loop, Value list, GraphBuilder::Dims dims, bool goesOn) {
    SmallVector<int64_t> shape = {ShapedType::kDynamic};
    auto held = cast<RankedTensorType>(cast<dfg::ListType>(list.getType()).getElementType());
    llvm::append_range(shape, held.getShape());
    auto type = RankedTensorType::get(shape, held.getElementType());
    Value stacked = dfg::ListStackOp::create(b.builder, b.loc, type, list, 0);
    for (auto [d, dim] : llvm::enumerate(dims))
      if (!b.scope.isDefinedOutside(dim, loop))
        dim = b.dim(stacked, d + 1);
    bool isCounted = goesOn && !source.test && source.tripCount && b.scope.isNonNegative(source.tripCount);
    dims.insert(dims.begin(), isCounted ? source.tripCount : b.dim(stacked, 0));
    return b.reshape(stacked, dims);
  }

  OpContext &c;
  GraphBuilder &b;
  const LoopSource &source;
  SmallVector<Variable> variables;
  dfg::WhileOp probe;
  AffineExpr i;
  Value test; // of the condition's region
  LoopIteration last;
};

} // namespace

FailureOr<LoopResults> importLoop(OpContext &c, const LoopSource &source) { return LoopImport(c, source).run(); }

} // namespace tfc
