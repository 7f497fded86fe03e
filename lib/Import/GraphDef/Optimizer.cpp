// Updates of variables by optimizers.
//
// One importer for each algorithm serves the op on references (ApplyMomentum), the one on
// handles (ResourceApplyMomentum) and the sparse ones, whose gradient stands for some rows:
// these are gathered first and put back last. The formulas are those that the reference of
// tf.raw_ops gives.
#include "Indices.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc::tf {
namespace {

/// Arithmetic on tensors of one element type.
class Formula {
public:
  explicit Formula(GraphBuilder &b) : b(b) {}
  Value add(Value x, Value y) { return b.create<dfg::AddOp>(x, y); }
  Value sub(Value x, Value y) { return b.create<dfg::SubOp>(x, y); }
  Value mul(Value x, Value y) { return b.create<dfg::MulOp>(x, y); }
  Value div(Value x, Value y) { return b.create<dfg::DivOp>(x, y); }
  Value max(Value x, Value y) { return b.create<dfg::MaxOp>(x, y); }
  Value square(Value x) { return mul(x, x); }
  Value sqrt(Value x) { return b.create<dfg::SqrtOp>(x); }
  Value rsqrt(Value x) { return div(b.scalarLike(x, 1), sqrt(x)); }
  Value abs(Value x) { return b.create<dfg::AbsOp>(x); }
  Value sign(Value x) { return b.create<dfg::SignOp>(x); }
  Value pow(Value x, Value y) { return b.create<dfg::PowOp>(x, y); }
  Value oneMinus(Value x) { return sub(b.scalarLike(x, 1), x); }
  /// a * x + (1 - a) * y
  Value mix(Value a, Value x, Value y) { return add(mul(a, x), mul(oneMinus(a), y)); }
  Value zero(Value x) { return b.scalarLike(x, 0); }

  GraphBuilder &b;
};

/// New values of the variables, in the order of the op's inputs, from the old ones.
using Algorithm = SmallVector<Value> (*)(Formula &f, NodeContext &c, ArrayRef<Value> state, Value gradient,
                                         ArrayRef<Value> settings);

/// Whether no number occurs twice in a vector, by what makes it.
bool isDistinct(Value rows) {
  Operation *op = rows.getDefiningOp();
  while (op && isa<dfg::CastOp, dfg::ReshapeOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return isa_and_nonnull<dfg::UniqueOp>(op);
}

/// The variables with some rows updated; empty after an error. A row that occurs more than
/// once is updated as often, in order.
SmallVector<Value> changeRows(Formula &f, NodeContext &c, Algorithm algorithm, ArrayRef<Value> old, Value gradient,
                              Value rows, ArrayRef<Value> settings) {
  GraphBuilder &b = c.b;
  auto change = [&](ValueRange whole, Value slices, Value at) {
    SmallVector<Value> state, results;
    for (Value value : whole)
      state.push_back(c.onnx("Gather", {value, at}).front());
    SmallVector<Value> next = algorithm(f, c, state, slices, settings);
    for (auto [value, slice] : llvm::zip_equal(whole, next))
      results.push_back(c.onnx("ScatterND", {value, b.unsqueeze(at, {1}), slice}).front());
    return results;
  };
  if (isDistinct(rows))
    return change(old, gradient, rows);
  LoopSource source;
  source.initial.assign(old.begin(), old.end());
  source.tripCount = b.dim(rows, 0);
  source.body = [&](AffineExpr i, Value, ValueRange values) -> FailureOr<LoopIteration> {
    LoopIteration iteration;
    iteration.next = change(values, b.sliceAxis(gradient, 0, i, b.expr(1)), b.sliceAxis(rows, 0, i, b.expr(1)));
    return iteration;
  };
  auto results = importLoop(c, source);
  return failed(results) ? SmallVector<Value>() : results->values;
}

/// An op that takes as many references or handles, then `before` settings, the gradient, with
/// `sparse` its rows, and the other settings.
LogicalResult importApply(NodeContext &c, Algorithm algorithm, unsigned variableCount, unsigned before, bool sparse) {
  GraphBuilder &b = c.b;
  Formula f(b);
  SmallVector<const Resource *> variables;
  for (unsigned i = 0; i < variableCount; ++i) {
    variables.push_back(c.resource(i, Resource::Kind::Variable));
    if (!variables.back())
      return failure();
  }
  unsigned gradientAt = variableCount + before;
  if (c.inputCount() <= gradientAt + sparse)
    return c.error() << "has " << c.inputCount() << " inputs, expected more";
  SmallVector<Value> settings;
  for (unsigned i = variableCount; i < c.inputCount(); ++i)
    if (i != gradientAt && !(sparse && i == gradientAt + 1))
      settings.push_back(c.input(i));
  auto change = [&]() -> LogicalResult {
    SmallVector<Value> old;
    for (const Resource *variable : variables)
      old.push_back(c.read(*variable));
    Value gradient = c.input(gradientAt);
    if (!sparse) {
      SmallVector<Value> next = algorithm(f, c, old, gradient, settings);
      for (auto [variable, value] : llvm::zip(variables, next))
        if (failed(c.assign(*variable, value)))
          return failure();
      return success();
    }
    if (failed(c.requireRank(gradientAt + 1, 1, 1)))
      return failure();
    Value rows = b.cast(c.input(gradientAt + 1), b.builder.getI64Type());
    requireIndices(c, rows, b.dim(old.front(), 0));
    SmallVector<Value> next = changeRows(f, c, algorithm, old, gradient, rows, settings);
    if (next.empty())
      return failure();
    for (auto [variable, value] : llvm::zip(variables, next))
      if (failed(c.assign(*variable, value)))
        return failure();
    return success();
  };
  if (failed(c.update(variables, change)))
    return failure();
  return c.entry(0).isReference ? c.result(c.entry(0)) : c.results(ArrayRef<Entry>());
}

//===----------------------------------------------------------------------===//
// Algorithms: settings in the order of the op's inputs
//===----------------------------------------------------------------------===//

SmallVector<Value> gradientDescent(Formula &f, NodeContext &, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  return {f.sub(s[0], f.mul(in[0], g))};
}

/// lr, momentum
SmallVector<Value> momentum(Formula &f, NodeContext &c, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value accumulated = f.add(f.mul(s[1], in[1]), g);
  Value step = c.boolean("use_nesterov") ? f.add(f.mul(g, in[0]), f.mul(f.mul(accumulated, in[1]), in[0]))
                                         : f.mul(accumulated, in[0]);
  return {f.sub(s[0], step), accumulated};
}

/// lr, momentum; the step itself is accumulated
SmallVector<Value> kerasMomentum(Formula &f, NodeContext &c, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value accumulated = f.sub(f.mul(s[1], in[1]), f.mul(in[0], g));
  Value step = c.boolean("use_nesterov") ? f.sub(f.mul(accumulated, in[1]), f.mul(in[0], g)) : accumulated;
  return {f.add(s[0], step), accumulated};
}

/// beta1_power, beta2_power, lr, beta1, beta2, epsilon
SmallVector<Value> adam(Formula &f, NodeContext &c, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value rate = f.div(f.mul(in[2], f.sqrt(f.oneMinus(in[1]))), f.oneMinus(in[0]));
  Value m = f.add(s[1], f.mul(f.sub(g, s[1]), f.oneMinus(in[3])));
  Value v = f.add(s[2], f.mul(f.sub(f.square(g), s[2]), f.oneMinus(in[4])));
  Value direction = c.boolean("use_nesterov") ? f.mix(in[3], m, g) : m;
  return {f.sub(s[0], f.div(f.mul(direction, rate), f.add(f.sqrt(v), in[5]))), m, v};
}

/// beta1_power, lr, beta1, beta2, epsilon
SmallVector<Value> adaMax(Formula &f, NodeContext &, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value m = f.add(s[1], f.mul(f.sub(g, s[1]), f.oneMinus(in[2])));
  Value v = f.max(f.mul(in[3], s[2]), f.abs(g));
  return {f.sub(s[0], f.mul(f.div(in[1], f.oneMinus(in[0])), f.div(m, f.add(v, in[4])))), m, v};
}

/// lr
SmallVector<Value> adagrad(Formula &f, NodeContext &c, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value sum = c.boolean("update_slots", true) ? f.add(s[1], f.square(g)) : s[1];
  return {f.sub(s[0], f.mul(f.mul(g, in[0]), f.rsqrt(sum))), sum};
}

/// lr, epsilon
SmallVector<Value> adagradV2(Formula &f, NodeContext &c, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value sum = c.boolean("update_slots", true) ? f.add(s[1], f.square(g)) : s[1];
  return {f.sub(s[0], f.div(f.mul(g, in[0]), f.add(f.sqrt(sum), in[1]))), sum};
}

/// x shrunk by `by` towards 0, divided by `scale`.
Value shrink(Formula &f, Value x, Value by, Value scale) {
  return f.div(f.mul(f.sign(x), f.max(f.sub(f.abs(x), by), f.zero(x))), scale);
}

/// lr, l1, l2, global step
SmallVector<Value> adagradDA(Formula &f, NodeContext &, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value sum = f.add(s[1], g), squares = f.add(s[2], f.square(g));
  Value steps = f.b.cast(in[3], f.b.elementType(g));
  Value denominator = f.add(f.mul(f.mul(in[2], steps), in[0]), f.sqrt(squares));
  Value step = shrink(f, sum, f.mul(in[1], steps), denominator);
  return {f.b.create<dfg::NegOp>(f.mul(in[0], step)), sum, squares};
}

/// lr, rho, epsilon
SmallVector<Value> adadelta(Formula &f, NodeContext &, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value sum = f.mix(in[1], s[1], f.square(g));
  Value step = f.mul(f.mul(f.sqrt(f.add(s[2], in[2])), f.rsqrt(f.add(sum, in[2]))), g);
  return {f.sub(s[0], f.mul(step, in[0])), sum, f.mix(in[1], s[2], f.square(step))};
}

/// lr, rho, momentum, epsilon
SmallVector<Value> rmsProp(Formula &f, NodeContext &, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value ms = f.add(s[1], f.mul(f.sub(f.square(g), s[1]), f.oneMinus(in[1])));
  Value mom = f.add(f.mul(s[2], in[2]), f.mul(f.mul(g, in[0]), f.rsqrt(f.add(ms, in[3]))));
  return {f.sub(s[0], mom), ms, mom};
}

/// var, mg, ms, mom; lr, rho, momentum, epsilon
SmallVector<Value> centeredRmsProp(Formula &f, NodeContext &, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value ms = f.add(s[2], f.mul(f.sub(f.square(g), s[2]), f.oneMinus(in[1])));
  Value mg = f.add(s[1], f.mul(f.sub(g, s[1]), f.oneMinus(in[1])));
  Value denominator = f.add(f.sub(ms, f.square(mg)), in[3]);
  Value mom = f.add(f.mul(s[3], in[2]), f.mul(f.mul(g, in[0]), f.rsqrt(denominator)));
  return {f.sub(s[0], mom), mg, ms, mom};
}

/// alpha, l1, l2
SmallVector<Value> proximalGradientDescent(Formula &f, NodeContext &, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value moved = f.sub(s[0], f.mul(g, in[0]));
  return {shrink(f, moved, f.mul(in[0], in[1]), f.add(f.b.scalarLike(moved, 1), f.mul(in[2], in[0])))};
}

/// lr, l1, l2
SmallVector<Value> proximalAdagrad(Formula &f, NodeContext &, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value sum = f.add(s[1], f.square(g)), rate = f.mul(in[0], f.rsqrt(sum));
  Value moved = f.sub(s[0], f.mul(g, rate));
  return {shrink(f, moved, f.mul(rate, in[1]), f.add(f.b.scalarLike(moved, 1), f.mul(in[2], rate))), sum};
}

SmallVector<Value> ftrlWith(Formula &f, NodeContext &c, ArrayRef<Value> s, Value g, Value lr, Value l1, Value l2,
                            Value shrinkage, Value power) {
  Value shrunk = shrinkage ? f.add(g, f.mul(f.add(shrinkage, shrinkage), s[0])) : g;
  Value sum = f.add(s[1], f.square(g));
  auto negativePower = [&](Value x) { return f.pow(x, f.b.create<dfg::NegOp>(power)); };
  Value before = negativePower(s[1]), after = negativePower(sum);
  bool multiplies = c.boolean("multiply_linear_by_lr");
  Value linear, quadratic, bound, twice = f.add(l2, l2);
  if (multiplies) {
    linear = f.add(s[2], f.sub(f.mul(shrunk, lr), f.mul(f.sub(after, before), s[0])));
    quadratic = f.add(after, f.mul(twice, lr));
    bound = f.mul(l1, lr);
  } else {
    linear = f.add(s[2], f.sub(shrunk, f.mul(f.div(f.sub(after, before), lr), s[0])));
    quadratic = f.add(f.div(after, lr), twice);
    bound = l1;
  }
  Value var = shrink(f, f.b.create<dfg::NegOp>(linear), bound, quadratic);
  return {var, sum, linear};
}

/// lr, l1, l2, lr_power
SmallVector<Value> ftrl(Formula &f, NodeContext &c, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  return ftrlWith(f, c, s, g, in[0], in[1], in[2], {}, in[3]);
}
/// lr, l1, l2, l2_shrinkage, lr_power
SmallVector<Value> ftrlV2(Formula &f, NodeContext &c, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  return ftrlWith(f, c, s, g, in[0], in[1], in[2], in[3], in[4]);
}

/// lr, alpha, sign_decay, beta
SmallVector<Value> addSign(Formula &f, NodeContext &, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value m = f.mix(in[3], s[1], g);
  Value factor = f.add(in[1], f.mul(in[2], f.mul(f.sign(g), f.sign(m))));
  return {f.sub(s[0], f.mul(f.mul(in[0], factor), g)), m};
}

/// lr, logbase, sign_decay, beta
SmallVector<Value> powerSign(Formula &f, NodeContext &, ArrayRef<Value> s, Value g, ArrayRef<Value> in) {
  Value m = f.mix(in[3], s[1], g);
  Value factor = f.b.create<dfg::ExpOp>(f.mul(f.mul(in[1], in[2]), f.mul(f.sign(g), f.sign(m))));
  return {f.sub(s[0], f.mul(f.mul(in[0], factor), g)), m};
}

} // namespace

void registerOptimizerOps(OpRegistry &ops) {
  /// `before` counts the settings before the gradient, `sparseBefore` those of the sparse op.
  auto add = [&](StringRef name, Algorithm algorithm, unsigned variables, unsigned before, int sparseBefore) {
    for (const char *prefix : {"Apply", "ResourceApply"})
      ops.add((prefix + name).str(),
              [=](NodeContext &c) { return importApply(c, algorithm, variables, before, /*sparse=*/false); })
          .effect()
          .references();
    if (sparseBefore >= 0)
      for (const char *prefix : {"SparseApply", "ResourceSparseApply"})
        ops.add((prefix + name).str(),
                [=](NodeContext &c) { return importApply(c, algorithm, variables, sparseBefore, /*sparse=*/true); })
            .effect()
            .references();
  };
  add("GradientDescent", gradientDescent, 1, 1, -1);
  add("Momentum", momentum, 2, 1, 1);
  add("KerasMomentum", kerasMomentum, 2, 1, 1);
  add("Adam", adam, 3, 6, -1);
  add("AdaMax", adaMax, 3, 5, -1);
  add("Adagrad", adagrad, 2, 1, 1);
  add("AdagradV2", adagradV2, 2, 2, 2);
  add("AdagradDA", adagradDA, 3, 0, 0);
  add("Adadelta", adadelta, 3, 3, 3);
  add("RMSProp", rmsProp, 3, 4, 4);
  add("CenteredRMSProp", centeredRmsProp, 4, 4, 4);
  add("ProximalGradientDescent", proximalGradientDescent, 1, 3, 3);
  add("ProximalAdagrad", proximalAdagrad, 2, 3, 3);
  add("Ftrl", ftrl, 3, 0, 0);
  add("FtrlV2", ftrlV2, 3, 0, 0);
  add("AddSign", addSign, 2, 4, -1);
  add("PowerSign", powerSign, 2, 4, -1);
}

} // namespace tfc::tf
