// Choices of boxes by score, one after the other, where each lowers the scores of those that
// it overlaps with. (Suppression by a threshold alone is an op: Boxes.cpp.)
#include "Boxes.h"
#include "OpRegistry.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;
using dfg::ReduceKind;

constexpr double kTaken = -HUGE_VAL;

/// Overlap of boxes over their union, broadcast; 0 where either is empty.
static Term overlapOf(const Boxes &first, const Boxes &second) {
  auto size = [](const Boxes &x, int64_t axis) { return abs(x.high(axis) - x.low(axis)); };
  auto shared = [&](int64_t axis) {
    auto least = [&](const Boxes &x) { return min(x.low(axis), x.high(axis)); };
    auto most = [&](const Boxes &x) { return max(x.low(axis), x.high(axis)); };
    return max(min(most(first), most(second)) - max(least(first), least(second)), 0);
  };
  Term both = shared(0) * shared(1), one = size(first, 0) * size(first, 1), other = size(second, 0) * size(second, 1);
  return select((one > 0) & (other > 0), both / (one + other - both), both.number(0));
}

namespace {
/// The greatest number of the last dimension, and where it stands; both keep the dimension.
struct Best {
  Term score, place;

  explicit Best(Term scores)
      : score(scores.builder(), scores.builder().reduce(ReduceKind::Max, scores, {last(scores)})),
        place(scores.builder(),
              scores.builder().createAs<dfg::ArgReduceOp>(scores.builder().builder.getI64Type(), ReduceKind::Max,
                                                          scores, last(scores), /*keep_dims=*/true, false)) {}
  /// Those of the elements that are the best.
  Term isHere(Term scores) const {
    GraphBuilder &b = scores.builder();
    Dims line(b.rank(scores), b.expr(1));
    line.back() = b.dim(scores, -1);
    return equal(Term(b, b.iota(b.builder.getI64Type(), line, b.rank(scores) - 1)), place);
  }

private:
  static int64_t last(Term scores) { return scores.builder().rank(scores) - 1; }
};
} // namespace

/// Takes boxes while the best score [n] exceeds a limit; `lowered` gives the scores after a
/// box was taken. Gives places and the scores at that time.
static FailureOr<std::pair<Value, Value>> takeGreedily(NodeContext &c, Term scores, AffineExpr most, Term limit,
                                                       llvm::function_ref<Term(Term place, Term scores)> lowered) {
  GraphBuilder &b = c.b;
  LoopSource loop;
  loop.initial = {scores};
  loop.tripCount = most;
  loop.test = [&](ValueRange now) -> FailureOr<Value> {
    return b.compare(dfg::CompareKind::GT, b.reduce(ReduceKind::Max, now.front(), {0}, /*keepDims=*/false), limit);
  };
  loop.body = [&](AffineExpr, Value, ValueRange now) -> FailureOr<LoopIteration> {
    Term own{b, now.front()};
    Best best(own);
    Term next = lowered(best.place, own);
    LoopIteration iteration;
    iteration.next = {select(best.isHere(own), own.number(kTaken), next)};
    iteration.collected = {best.place, best.score};
    return iteration;
  };
  auto results = importLoop(c, loop);
  if (failed(results))
    return failure();
  return std::pair(b.squeeze(results->stacked[0], {1}), b.squeeze(results->stacked[1], {1}));
}

static Term scalar(NodeContext &c, unsigned i) {
  return {c.b, c.b.reshape(c.b.cast(c.input(i), c.b.builder.getF32Type()), {})};
}

/// Inputs: overlaps [n, n], scores [n], the most that are taken, thresholds of overlap and score.
static LogicalResult importWithOverlaps(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto most = c.content(2);
  if (failed(c.requireRank(0, 2, 2)) || failed(c.requireRank(1, 1, 1)) || failed(most))
    return failure();
  Term threshold = scalar(c, 3);
  auto taken = takeGreedily(c, {b, c.input(1)}, most->front(), scalar(c, 4), [&](Term place, Term scores) {
    Term row{b, b.squeeze(b.create<dfg::GatherOp>(c.input(0), place, int64_t(0)), {0})};
    return select(row > threshold, scores.number(kTaken), scores);
  });
  return failed(taken) ? failure() : c.result(b.cast(taken->first, b.builder.getI32Type()));
}

LogicalResult importSoftSuppression(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f32 = b.builder.getF32Type();
  auto most = c.content(2);
  if (failed(most))
    return failure();
  Value boxes = b.cast(c.input(0), f32);
  Term threshold = scalar(c, 3), sigma = scalar(c, 5);
  Boxes all(b, boxes);
  auto taken = takeGreedily(c, {b, b.cast(c.input(1), f32)}, most->front(), scalar(c, 4), [&](Term place, Term scores) {
    Term overlap = overlapOf(Boxes(b, b.create<dfg::GatherOp>(boxes, place, int64_t(0))), all);
    Term weight = exp(square(overlap) * (-0.5 / sigma));
    return select(overlap > threshold, scores.number(kTaken), scores * weight);
  });
  if (failed(taken))
    return failure();
  AffineExpr count = b.dim(taken->first, 0);
  AffineExpr missing = c.boolean("pad_to_max_output_size") ? b.scope.sub(most->front(), count) : b.expr(0);
  auto padded = [&](Value x) { return b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, 0), {b.expr(0)}, {missing}); };
  Type i32 = b.builder.getI32Type();
  return c.results({padded(b.cast(taken->first, i32)), padded(b.cast(taken->second, b.elementType(c.input(1)))),
                    b.fromContent(count, {}, i32)});
}

/// Inputs: boxes [batch, n, classes or 1, 4], scores [batch, n, classes], the most of a class
/// and of all, thresholds of overlap and score. All classes take at once.
static LogicalResult importCombined(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type(), f32 = b.builder.getF32Type();
  auto perClass = c.content(2), total = c.content(3);
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(1, 3, 3)) || failed(perClass) || failed(total))
    return failure();
  Value boxes = b.transpose(c.input(0), {0, 2, 1, 3}); // [batch, classes or 1, n, 4]
  Term scores{b, b.transpose(c.input(1), {0, 2, 1})}, threshold = scalar(c, 4), limit = scalar(c, 5);
  scores = select(scores > limit, scores, scores.number(kTaken));
  Dims dims = b.dims(scores), wide = dims;
  wide.push_back(b.expr(4));
  boxes = b.broadcastTo(boxes, wide);
  AffineExpr most = b.scope.min(perClass->front(), dims[2]);
  Boxes all(b, boxes);
  auto boxesAt = [&](Term places) { // [batch, classes, k] of the third dimension
    Dims tuples = b.dims(places);
    tuples.push_back(b.expr(4));
    return b.create<dfg::GatherElementsOp>(boxes, b.broadcastTo(b.unsqueeze(places, {3}), tuples), int64_t(2));
  };
  LoopSource loop;
  loop.initial = {scores};
  loop.tripCount = most;
  loop.body = [&](AffineExpr, Value, ValueRange now) -> FailureOr<LoopIteration> {
    Term own{b, now.front()};
    Best best(own);
    Term overlap = overlapOf(Boxes(b, boxesAt(best.place)), all);
    Term isGone = best.isHere(own).apply<dfg::OrOp>(overlap > threshold);
    LoopIteration iteration;
    iteration.next = {select(isGone, own.number(kTaken), own)};
    iteration.collected = {best.place, best.score};
    return iteration;
  };
  auto results = importLoop(c, loop);
  if (failed(results))
    return failure();
  // [k, batch, classes, 1] as [batch, classes, k].
  auto ofClasses = [&](Value x) { return b.transpose(b.squeeze(x, {3}), {1, 2, 0}); };
  Term places{b, ofClasses(results->stacked[0])}, found{b, ofClasses(results->stacked[1])};
  AffineExpr candidates = b.scope.mul(dims[1], most);
  auto flat = [&](Value x) { return b.reshape(x, {dims[0], candidates}); };
  auto order = b.createMany<dfg::ArgsortOp>({i64, f32}, flat(found), int64_t(1), /*descending=*/true);
  if (!order)
    return failure();
  AffineExpr wanted = total->front();
  if (c.boolean("pad_per_class"))
    wanted = b.scope.min(wanted, b.scope.mul(perClass->front(), dims[1]));
  AffineExpr taken = b.scope.min(wanted, candidates), missing = b.scope.sub(wanted, taken);
  Value first = b.sliceAxis(order.getIndices(), 1, b.expr(0), taken);
  auto chosen = [&](Value x) { return Term(b, b.create<dfg::GatherElementsOp>(flat(x), first, int64_t(1))); };
  Term score = chosen(found), isThere = score > kTaken;
  Term classes{b, b.broadcastTo(b.iota(f32, {b.expr(1), dims[1], b.expr(1)}, 1), b.dims(places))};
  auto padded = [&](Term x) {
    Dims low(b.rank(x), b.expr(0)), high = low;
    high[1] = missing;
    Value holds = b.rank(x) == 3 ? b.unsqueeze(isThere, {2}) : Value(isThere);
    return b.pad(dfg::PadMode::Constant, b.select(holds, x, x.number(0)), b.scalarLike(x, 0), low, high);
  };
  Value corners = b.reshape(boxesAt(places), {dims[0], candidates, b.expr(4)});
  Dims tuples{dims[0], taken, b.expr(4)};
  Term own{b, b.create<dfg::GatherElementsOp>(corners, b.broadcastTo(b.unsqueeze(first, {2}), tuples), int64_t(1))};
  if (c.boolean("clip_boxes", true))
    own = clamp(own, 0, 1);
  Value count = b.reduce(ReduceKind::Sum, isThere.cast(b.builder.getI32Type()), {1}, /*keepDims=*/false);
  return c.results({padded(own), padded(score), padded(chosen(classes)), count});
}

void registerSuppressionOps(OpRegistry &ops) {
  ops.add("CombinedNonMaxSuppression", importCombined);
  ops.add("NonMaxSuppressionWithOverlaps", importWithOverlaps);
}

} // namespace tfc::tf
