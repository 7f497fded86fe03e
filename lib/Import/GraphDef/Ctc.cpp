// Connectionist temporal classification (Graves and others, 2006): the cost of labels whose
// places in a sequence nobody knows, its gradient, and the labels of the likeliest sequence.
#include "Sparse.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::ReduceKind;

constexpr double kNever = -HUGE_VAL;

/// log(exp(x) + exp(y)).
static Term logSum(Term x, Term y) {
  Term most = max(x, y), least = min(x, y);
  return select(equal(least, kNever), most, most + log1p(exp(least - most)));
}

/// Elements of the last dimension moved by a number of places; what comes in is `fill`.
static Term moved(Term x, int64_t by, double fill) {
  GraphBuilder &b = x.builder();
  Dims low(b.rank(x), b.expr(0)), high = low;
  if (!x)
    return x;
  low.back() = b.expr(by);
  high.back() = b.expr(-by);
  return {b, b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, fill), low, high)};
}

namespace {
/// The states of labels with blanks around them, [batch, states] for 2 labels + 1 states.
struct States {
  Term symbols; // what each state emits
  Term skips;   // whether it may follow the last but one
  Term ends;    // 0 for the states that a sequence may end in, never for the others

  static States of(Term labels, Term counts, AffineExpr blank) {
    GraphBuilder &b = labels.builder();
    Type f32 = b.builder.getF32Type();
    Dims dims = b.dims(labels), one{dims[0], b.expr(1)};
    Term blanks{b, b.broadcastTo(countLike(labels, blank), dims)};
    Value pairs = b.reshape(b.concat({b.unsqueeze(blanks, {2}), b.unsqueeze(labels, {2})}, 2),
                            {dims[0], b.scope.mul(dims[1], b.expr(2))});
    Term symbols{b, b.concat({pairs, b.broadcastTo(countLike(labels, blank), one)}, 1)};
    Term isLabel = symbols.compare(dfg::CompareKind::NE, countLike(labels, blank));
    Term differs = symbols.compare(dfg::CompareKind::NE, moved(symbols, 2, -1));
    Term state{b, b.iota(b.elementType(labels), {b.expr(1), b.dim(symbols, 1)}, 1)};
    Term last = Term(b, b.unsqueeze(counts, {1})) * 2.0;
    Term isEnd = equal(state, last).apply<dfg::OrOp>(equal(state, last - 1.0));
    return {symbols, isLabel & differs, select(isEnd, Term(b, b.scalar(f32, 0)), Term(b, b.scalar(f32, kNever)))};
  }
  Term after(Term before) const {
    Term skipped = moved(before, 2, kNever);
    return logSum(logSum(before, moved(before, 1, kNever)), select(skips, skipped, skipped.number(kNever)));
  }
  Term before(Term after) const {
    Term skipped = select(skips, after, after.number(kNever));
    return logSum(logSum(after, moved(after, -1, kNever)), moved(skipped, -2, kNever));
  }
};
} // namespace

/// Inputs: scores [time, batch, classes], the last class being blank; places [n, 2] and values of
/// labels; lengths of the sequences.
static LogicalResult importCtcLoss(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f32 = b.builder.getF32Type(), i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 3, 3)) || failed(c.requireRank(1, 2, 2)) || failed(c.requireRank(2, 1, 1)) ||
      failed(c.requireRank(3, 1, 1)))
    return failure();
  if (c.boolean("preprocess_collapse_repeated") || !c.boolean("ctc_merge_repeated", true))
    return c.unsupported() << "treats repeated labels in a way of its own, expected the defaults";
  Dims dims = b.dims(c.input(0));
  AffineExpr time = dims[0], batch = dims[1], blank = b.scope.sub(dims[2], b.expr(1));
  Sparse given{b, c.input(1), c.input(2), Dims{batch, b.expr(0)}};
  Term most{b, b.reduce(ReduceKind::Max, given.along(1), {0}, /*keepDims=*/false)};
  auto width = b.content(max(most, -1.0) + 1.0);
  if (failed(width))
    return failure();
  Value none = b.broadcastTo(countLike(Term(b, b.scalar(i64, 0)), blank), {batch, width->front()});
  Term labels{b, b.create<dfg::ScatterNDOp>(ReduceKind::None, none, given.positions, b.cast(given.values, i64))};
  Term counts{b, addRows(b, b.filled(i64, given.count(), 1), given.along(0), batch)};
  States states = States::of(labels, counts, blank);
  Value logarithms = b.cast(c.input(0), f32);
  SmallVector<Value> normalized = c.onnx("LogSoftmax", {logarithms}, {{"axis", int64_t(-1)}});
  if (normalized.empty() || !normalized.front())
    return failure();
  logarithms = normalized.front();
  Term lengths{b, b.unsqueeze(b.cast(c.input(3), i64), {1})};
  auto scoresAt = [&](AffineExpr t) { return b.squeeze(b.sliceAxis(logarithms, 0, t, b.expr(1)), {0}); };
  auto emitted = [&](Value scores) {
    return Term(b, b.create<dfg::GatherElementsOp>(scores, states.symbols, int64_t(1)));
  };

  // Forward: the probability of all ways into each state.
  Term first{b, b.iota(i64, b.dims(states.symbols), 1)};
  Term start = select(equal(first, 0.0), Term(b, b.scalar(f32, 0)), Term(b, b.scalar(f32, kNever)));
  LoopSource forward;
  forward.initial = {start};
  forward.tripCount = time;
  forward.body = [&](AffineExpr t, Value, ValueRange now) -> FailureOr<LoopIteration> {
    Term before{b, now.front()}, isRunning = countLike(lengths, t) < lengths;
    Term next = select(isRunning, states.after(before) + emitted(scoresAt(t)), before);
    LoopIteration iteration;
    iteration.next = {next};
    iteration.collected = {next};
    return iteration;
  };
  auto ways = importLoop(c, forward);
  if (failed(ways))
    return failure();
  Term ends = Term(b, ways->values.front()) + states.ends;
  Term most2{b, b.reduce(ReduceKind::Max, ends, {1})};
  Term probability = most2 + log(sum(exp(ends - most2), {1}));

  // Backward: of all ways out of it; from both, how probable each symbol is at a time.
  LoopSource backward;
  backward.initial = {states.ends};
  backward.tripCount = time;
  backward.body = [&](AffineExpr i, Value, ValueRange now) -> FailureOr<LoopIteration> {
    AffineExpr t = b.scope.sub(b.scope.sub(time, b.expr(1)), i);
    Term at = countLike(lengths, t), isLast = equal(at, lengths - 1.0), isRunning = at < lengths, next{b, now.front()};
    Value scores = scoresAt(t);
    Term out = select(isLast, states.ends, states.before(next));
    Term into{b, b.squeeze(b.sliceAxis(ways->stacked.front(), 0, t, b.expr(1)), {0})};
    Term share = exp(into + out - probability);
    Value zeros = b.filled(f32, {batch, dims[2]}, 0);
    Term symbols{b, b.create<dfg::ScatterElementsOp>(ReduceKind::Sum, zeros, states.symbols, share, int64_t(1))};
    Term gradient = exp(Term(b, scores)) - symbols;
    LoopIteration iteration;
    iteration.next = {select(isRunning, out + emitted(scores), next)};
    iteration.collected = {select(isRunning, gradient, gradient.number(0))};
    return iteration;
  };
  auto gradients = importLoop(c, backward);
  if (failed(gradients))
    return failure();
  Type element = b.elementType(c.input(0));
  Value gradient = b.create<dfg::ReverseOp>(gradients->stacked.front(), ArrayRef<int64_t>{0});
  return c.results({(-Term(b, b.squeeze(probability, {1}))).cast(element), b.cast(b.reshape(gradient, dims), element)});
}

/// Inputs: scores [time, batch, classes] and lengths. The best class of each time, without blanks
/// and repetitions; and for each sequence what the scores of these add up to, negated.
static LogicalResult importGreedyDecoder(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 3, 3)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  Value scores = b.transpose(c.input(0), {1, 0, 2});
  Dims dims = b.dims(scores);
  int64_t index = c.integer("blank_index", -1);
  Term best{b, b.createAs<dfg::ArgReduceOp>(i64, ReduceKind::Max, scores, int64_t(2), /*keep_dims=*/false, false)};
  Term time{b, b.iota(i64, {b.expr(1), dims[1]}, 1)}, lengths{b, b.unsqueeze(b.cast(c.input(1), i64), {1})};
  Term blank = countLike(best, index < 0 ? b.scope.add(dims[2], b.expr(index)) : b.expr(index));
  Term isRunning = time < lengths, isKept = isRunning & best.compare(dfg::CompareKind::NE, blank);
  if (c.boolean("merge_repeated"))
    isKept = isKept & best.compare(dfg::CompareKind::NE, moved(best, 1, -1));
  Term place{b, b.create<dfg::CumulativeOp>(ReduceKind::Sum, isKept.cast(i64), int64_t(1), /*exclusive=*/true, false)};
  Value kept = b.transpose(b.create<dfg::NonZeroOp>(isKept), {1, 0});
  auto ofKept = [&](Value x) { return b.create<dfg::GatherNDOp>(x, kept, int64_t(0)); };
  Value rows = b.sliceAxis(kept, 1, b.expr(0), b.expr(1));
  Term counts{b, b.reduce(ReduceKind::Sum, isKept.cast(i64), {1}, /*keepDims=*/false)};
  Term longest{b, b.reduce(ReduceKind::Max, counts, {0})};
  Value shape = b.concat({b.fromContent(dims[0], {1}, i64), max(longest, 0.0)}, 0);
  Term most{b, b.reduce(ReduceKind::Max, scores, {2}, /*keepDims=*/false)};
  Value total = b.reduce(ReduceKind::Sum, select(isRunning, -most, most.number(0)), {1});
  return c.results({b.concat({rows, b.unsqueeze(ofKept(place), {1})}, 1), ofKept(best), shape, total});
}

void registerCtcOps(OpRegistry &ops) {
  ops.add("CTCGreedyDecoder", importGreedyDecoder);
  ops.add("CTCLoss", importCtcLoss);
}

} // namespace tfc::tf
