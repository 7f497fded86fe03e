// Cells of recurrent networks as one operator, and layers of them.
#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

static Value matmul(GraphBuilder &b, Value x, Value y, bool transposeX = false, bool transposeY = false) {
  return b.create<dfg::MatmulOp>(x, y, transposeX, transposeY);
}

/// One of `count` equal parts of the last dimension.
static Term part(GraphBuilder &b, Value x, int64_t i, int64_t count) {
  AffineExpr size = b.scope.floorDiv(b.dim(x, -1), b.expr(count));
  return {b, b.sliceAxis(x, b.rank(x) - 1, b.scope.mul(size, b.expr(i)), size)};
}

static Value joined(GraphBuilder &b, ArrayRef<Value> parts) {
  return llvm::is_contained(parts, Value()) ? Value() : b.concat(parts, b.rank(parts.front()) - 1);
}

static Term sumOfRows(GraphBuilder &b, Value x) {
  return {b, b.reduce(dfg::ReduceKind::Sum, x, {0}, /*keepDims=*/false)};
}

/// Derivatives of the logistic function and the hyperbolic tangent, given what they gave.
static Term sigmoidSlope(Term y) { return y * (1.0 - y); }
static Term tanhSlope(Term y) { return 1.0 - square(y); }

/// Fails unless inputs [0, ranks.size()) have these ranks and one element type.
static LogicalResult requireInputs(NodeContext &c, ArrayRef<int64_t> ranks, unsigned first = 0) {
  for (auto [i, rank] : llvm::enumerate(ranks))
    if (failed(c.requireRank(first + i, rank, rank)) || failed(c.requireSameElements({first, unsigned(first + i)})))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Long short-term memory
//===----------------------------------------------------------------------===//

namespace {
/// Gates, states and what flows back through them; [batch, cells] each.
struct Gates {
  Term i, cs, f, o, ci, co;
};

/// The parameters of a node: w [inputs + cells, 4 cells], peepholes [cells], b [4 cells] are
/// inputs from number `weights` on.
class Lstm {
public:
  Lstm(NodeContext &c, unsigned weights)
      : c(c), b(c.b), weights(weights), hasPeepholes(c.boolean("use_peephole")), isSecond(c.op().ends_with("V2")),
        forgetBias(c.hasAttribute("forget_bias") ? c.number("forget_bias", 1)
                   : isSecond                    ? 0
                                                 : 1),
        clip(c.number("cell_clip", isSecond ? 0 : 3)) {}

  Value weight() const { return c.input(weights); }
  Term peephole(unsigned gate) const { return {b, c.input(weights + 1 + gate)}; } // of i, f, o
  Term bias() const { return {b, c.input(weights + 4)}; }

  /// One step; `sums` [batch, 4 cells] are of the inputs and the bias.
  Gates forward(Term sums, Term before) const {
    Term i = gate(sums, 0), ci = tanh(gate(sums, cellGate())), f = gate(sums, forgetGate()) + forgetBias;
    i = sigmoid(hasPeepholes ? i + before * peephole(0) : i);
    f = sigmoid(hasPeepholes ? f + before * peephole(1) : f);
    Term cs = ci * i + before * f;
    if (clip > 0)
      cs = clamp(cs, -clip, clip);
    Term o = gate(sums, 3);
    o = sigmoid(hasPeepholes ? o + cs * peephole(2) : o);
    return {i, cs, f, o, ci, tanh(cs)};
  }

  /// What flows back through one step.
  struct Gradients {
    Value gates; // [batch, 4 cells]
    Term before; // the state
    Term i, f, o;
  };
  Gradients backward(const Gates &g, Term before, Term dState, Term dOutput) const {
    Term o = sigmoidSlope(g.o) * dOutput * g.co;
    Term cs = tanhSlope(g.co) * dOutput * g.o + dState;
    if (hasPeepholes)
      cs = cs + o * peephole(2);
    Term ci = tanhSlope(g.ci) * cs * g.i, f = sigmoidSlope(g.f) * cs * before, i = sigmoidSlope(g.i) * cs * g.ci;
    Term dBefore = cs * g.f;
    if (hasPeepholes)
      dBefore = dBefore + i * peephole(0) + f * peephole(1);
    return {joined(b, isSecond ? ArrayRef<Value>{i, f, ci, o} : ArrayRef<Value>{i, ci, f, o}), dBefore, i, f, o};
  }
  /// Of the peepholes, from one step.
  SmallVector<Value> peepholeGradients(const Gradients &d, const Gates &g, Term before) const {
    if (!hasPeepholes)
      return {zerosLike(peephole(0)), zerosLike(peephole(1)), zerosLike(peephole(2))};
    return {sumOfRows(b, d.i * before), sumOfRows(b, d.f * before), sumOfRows(b, d.o * g.cs)};
  }
  Value zerosLike(Value x) const { return b.filled(b.elementType(x), b.dims(x), 0); }

  NodeContext &c;
  GraphBuilder &b;
  unsigned weights;
  bool hasPeepholes, isSecond;
  double forgetBias, clip;

private:
  Term gate(Term sums, int64_t i) const { return part(b, sums, i, 4); }
  // The second version puts the forget gate in front of the cell's.
  int64_t cellGate() const { return isSecond ? 2 : 1; }
  int64_t forgetGate() const { return isSecond ? 1 : 2; }
};
} // namespace

/// Inputs: x, cs_prev, h_prev, w, wci, wcf, wco, b.
static LogicalResult importLstmCell(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(requireInputs(c, {2, 2, 2, 2, 1, 1, 1, 1})))
    return failure();
  Lstm cell(c, 3);
  Term sums = Term(b, matmul(b, joined(b, {c.input(0), c.input(2)}), cell.weight())) + cell.bias();
  Gates g = cell.forward(sums, {b, c.input(1)});
  return c.results({g.i, g.cs, g.f, g.o, g.ci, g.co, g.o * g.co});
}

/// The same inputs, then i, cs, f, o, ci, co and the gradients of cs and h.
static LogicalResult importLstmCellGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(requireInputs(c, {2, 2, 2, 2, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2})))
    return failure();
  Lstm cell(c, 3);
  auto term = [&](unsigned i) { return Term(b, c.input(i)); };
  Gates g{term(8), term(9), term(10), term(11), term(12), term(13)};
  auto d = cell.backward(g, term(1), term(14), term(15));
  SmallVector<Value> results{d.before, d.gates};
  results.append(cell.peepholeGradients(d, g, term(1)));
  return c.results(results);
}

namespace {
/// Tensors [time, batch, ...] of a layer that runs for the first `length` steps.
struct Steps {
  GraphBuilder &b;
  AffineExpr length;

  Term at(Value x, AffineExpr time) const {
    return {b, x ? b.squeeze(b.sliceAxis(x, 0, time, b.expr(1)), {0}) : Value()};
  }
  Value used(Value x) const { return b.sliceAxis(x, 0, b.expr(0), length); }
  /// `x` [length, ...] with zeros for the steps that did not run.
  Value padded(Value x, AffineExpr time) const {
    if (!x)
      return {};
    Dims none(b.rank(x), b.expr(0)), missing = none, sizes = b.dims(x);
    missing.front() = b.scope.sub(time, length);
    sizes.front() = time;
    return b.reshape(b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, 0), none, missing), sizes);
  }
  /// Each step's value of the step before, of which the first is given.
  Value before(Value first, Value x) const {
    Value all = b.concat({b.unsqueeze(first, {0}), x}, 0);
    return used(all);
  }
};
} // namespace

/// Inputs: the number of steps, x [time, batch, inputs], cs_prev, h_prev, w, wci, wcf, wco, b.
static LogicalResult importLstmLayer(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto length = c.content(0);
  if (failed(length) || failed(requireInputs(c, {3, 2, 2, 2, 1, 1, 1, 1}, 1)))
    return failure();
  Lstm cell(c, 4);
  Steps steps{b, length->front()};
  AffineExpr time = b.dim(c.input(1), 0), inputs = b.dim(c.input(1), 2), cells = b.dim(c.input(3), 1);
  // The inputs' share of all sums is one product.
  Value own = b.sliceAxis(cell.weight(), 0, b.expr(0), inputs), back = b.sliceAxis(cell.weight(), 0, inputs, cells);
  Value shares = Term(b, matmul(b, steps.used(c.input(1)), own)) + cell.bias();
  LoopSource loop;
  loop.initial = {c.input(2), c.input(3)};
  loop.tripCount = steps.length;
  loop.body = [&](AffineExpr i, Value, ValueRange now) -> FailureOr<LoopIteration> {
    Gates g = cell.forward(steps.at(shares, i) + Term(b, matmul(b, now[1], back)), {b, now[0]});
    LoopIteration iteration;
    iteration.collected = {g.i, g.cs, g.f, g.o, g.ci, g.co, g.o * g.co};
    iteration.next = {g.cs, iteration.collected.back()};
    return iteration;
  };
  auto results = importLoop(c, loop);
  if (failed(results))
    return failure();
  for (Value &y : results->stacked)
    y = steps.padded(y, time);
  return c.results(results->stacked);
}

/// The same inputs, then i, cs, f, o, ci, co, h and the gradients of cs and h.
static LogicalResult importLstmLayerGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto length = c.content(0);
  if (failed(length) || failed(requireInputs(c, {3, 2, 2, 2, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3}, 1)))
    return failure();
  Lstm cell(c, 4);
  cell.isSecond = c.op() == "BlockLSTMGradV2";
  Steps steps{b, length->front()};
  Value x = steps.used(c.input(1));
  AffineExpr time = b.dim(c.input(1), 0), inputs = b.dim(x, 2), cells = b.dim(c.input(3), 1);
  Value states = steps.before(c.input(2), c.input(10)), outputs = steps.before(c.input(3), c.input(15));
  Value own = b.sliceAxis(cell.weight(), 0, b.expr(0), inputs), back = b.sliceAxis(cell.weight(), 0, inputs, cells);
  LoopSource loop;
  loop.initial = {cell.zerosLike(c.input(2)), cell.zerosLike(c.input(3))};
  for (unsigned gate : {0, 1, 2})
    loop.initial.push_back(cell.zerosLike(cell.peephole(gate)));
  loop.tripCount = steps.length;
  loop.body = [&](AffineExpr i, Value, ValueRange now) -> FailureOr<LoopIteration> {
    AffineExpr at = b.scope.sub(b.scope.sub(steps.length, b.expr(1)), i);
    auto step = [&](unsigned input) { return steps.at(c.input(input), at); };
    Gates g{step(9), step(10), step(11), step(12), step(13), step(14)};
    Term before = steps.at(states, at);
    auto d = cell.backward(g, before, step(16) + Term(b, now[0]), step(17) + Term(b, now[1]));
    LoopIteration iteration;
    iteration.next = {d.before, matmul(b, d.gates, back, false, true)};
    for (auto [sum, share] : llvm::zip_equal(now.drop_front(2), cell.peepholeGradients(d, g, before)))
      iteration.next.push_back(Term(b, sum) + Term(b, share));
    iteration.collected = {d.gates};
    return iteration;
  };
  auto results = importLoop(c, loop);
  if (failed(results))
    return failure();
  Value gates = b.create<dfg::ReverseOp>(results->stacked.front(), ArrayRef<int64_t>{0});
  Value dx = steps.padded(matmul(b, gates, own, false, true), time);
  auto rows = [&](Value t) { return b.flatten(t, 0, 2); };
  Value dw = matmul(b, rows(joined(b, {x, outputs})), rows(gates), true);
  SmallVector<Value> all{dx, results->values[0], results->values[1], dw};
  all.append(results->values.begin() + 2, results->values.end());
  all.push_back(sumOfRows(b, rows(gates)));
  return c.results(all);
}

//===----------------------------------------------------------------------===//
// Gated recurrent units
//===----------------------------------------------------------------------===//

/// Inputs: x, h_prev, w_ru [inputs + cells, 2 cells], w_c, b_ru, b_c.
static LogicalResult importGruCell(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(requireInputs(c, {2, 2, 2, 2, 1, 1})))
    return failure();
  Term h{b, c.input(1)};
  Term gates = sigmoid(Term(b, matmul(b, joined(b, {c.input(0), h}), c.input(2))) + Term(b, c.input(4)));
  Term r = part(b, gates, 0, 2), u = part(b, gates, 1, 2);
  Term candidate = tanh(Term(b, matmul(b, joined(b, {c.input(0), h * r}), c.input(3))) + Term(b, c.input(5)));
  return c.results({r, u, candidate, (1.0 - u) * candidate + u * h});
}

/// The same inputs, then r, u, c and the gradient of h.
static LogicalResult importGruCellGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(requireInputs(c, {2, 2, 2, 2, 1, 1, 2, 2, 2, 2})))
    return failure();
  auto term = [&](unsigned i) { return Term(b, c.input(i)); };
  Term h = term(1), r = term(6), u = term(7), candidate = term(8), dh = term(9);
  AffineExpr inputs = b.dim(c.input(0), 1), cells = b.dim(h, 1);
  Term dCandidate = dh * (1.0 - u) * tanhSlope(candidate), dUpdate = dh * (h - candidate) * sigmoidSlope(u);
  Value second = matmul(b, dCandidate, c.input(3), false, true);
  auto ofInputs = [&](Value x) { return Term(b, b.sliceAxis(x, 1, b.expr(0), inputs)); };
  auto ofCells = [&](Value x) { return Term(b, b.sliceAxis(x, 1, inputs, cells)); };
  Term dReset = ofCells(second) * h * sigmoidSlope(r);
  Value gates = joined(b, {dReset, dUpdate});
  Value first = matmul(b, gates, c.input(2), false, true);
  return c.results(
      {ofInputs(first) + ofInputs(second), ofCells(second) * r + dh * u + ofCells(first), dCandidate, gates});
}

void registerRecurrentOps(OpRegistry &ops) {
  for (StringRef name : {"BlockLSTM", "BlockLSTMV2"})
    ops.add(name, importLstmLayer);
  for (StringRef name : {"BlockLSTMGrad", "BlockLSTMGradV2"})
    ops.add(name, importLstmLayerGrad);
  ops.add("GRUBlockCell", importGruCell);
  ops.add("GRUBlockCellGrad", importGruCellGrad);
  ops.add("LSTMBlockCell", importLstmCell);
  ops.add("LSTMBlockCellGrad", importLstmCellGrad);
}

} // namespace tfc::tf
