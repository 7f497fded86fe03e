// Probabilities of classes, and losses.
#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc::tf {

static LogicalResult importSoftmax(NodeContext &c) {
  if (failed(c.requireRank(0, 1)))
    return failure();
  return c.result(c.b.create<dfg::SoftmaxOp>(c.input(0), c.b.rank(c.input(0)) - 1));
}

static LogicalResult importLogSoftmax(NodeContext &c) {
  return c.results(c.onnx("LogSoftmax", {c.input(0)}, {{"axis", int64_t(-1)}}));
}

static LogicalResult importL2Loss(NodeContext &c) {
  Term x = widened({c.b, c.input(0)});
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, c.b.rank(x)));
  Term total{c.b, c.b.reduce(dfg::ReduceKind::Sum, square(x), all, /*keepDims=*/false)};
  return c.result((total * 0.5).cast(c.b.elementType(c.input(0))));
}

namespace {
/// Scores [batch, classes] as log-probabilities and probabilities.
struct Scores {
  Term logarithms, probabilities;

  explicit Scores(Term x) : Scores(x - Term(x.builder(), x.builder().reduce(dfg::ReduceKind::Max, x, {1})), 0) {}

private:
  Scores(Term shifted, int) : Scores(shifted, exp(shifted)) {}
  Scores(Term shifted, Term powers) : Scores(shifted, powers, sum(powers, {1})) {}
  Scores(Term shifted, Term powers, Term total) : logarithms(shifted - log(total)), probabilities(powers / total) {}
};
} // namespace

static LogicalResult importSoftmaxCrossEntropy(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})) || failed(c.requireRank(0, 2, 2)) || failed(c.requireRank(1, 2, 2)))
    return failure();
  Type element = b.elementType(c.input(0));
  Term labels = widened({b, c.input(1)});
  // Either may have one row for all.
  GraphBuilder::Dims sizes = b.dims(c.input(0));
  for (auto [i, size] : llvm::enumerate(sizes))
    if (b.number(size) == 1)
      size = b.dim(labels, i);
  Scores scores(widened({b, b.broadcastTo(c.input(0), sizes)}));
  // What has no share costs nothing, even where its probability is 0.
  Term costs = select(equal(labels, 0), labels.number(0), -labels * scores.logarithms);
  Term loss{b, b.reduce(dfg::ReduceKind::Sum, costs, {1}, /*keepDims=*/false)};
  return c.results({loss.cast(element), (scores.probabilities - labels).cast(element)});
}

static LogicalResult importSparseSoftmaxCrossEntropy(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 2, 2)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  Type element = b.elementType(c.input(0)), i64 = b.builder.getI64Type();
  Scores scores(widened({b, c.input(0)}));
  Term label{b, b.cast(c.input(1), i64)};
  if (!scores.logarithms || !label)
    return failure();
  AffineExpr classes = b.dim(c.input(0), 1);
  Value isKnown = b.reduce(dfg::ReduceKind::Min, (label >= 0) & (label < countLike(label, classes)), {0},
                           /*keepDims=*/false);
  if (!isKnown)
    return failure();
  dfg::AssertOp::create(b.builder, b.loc, isKnown, "received a label value which is outside the valid range");
  Value column = b.unsqueeze(label, {1});
  Term taken{b, b.squeeze(b.create<dfg::GatherElementsOp>(scores.logarithms, column, int64_t(1)), {1})};
  Term isLabel = equal(Term(b, column), Term(b, b.iota(i64, {b.expr(1), classes}, 1)));
  Term backprop = scores.probabilities - isLabel.cast(b.elementType(scores.probabilities));
  return c.results({(-taken).cast(element), backprop.cast(element)});
}

void registerLossOps(OpRegistry &ops) {
  ops.add("L2Loss", importL2Loss);
  ops.add("LogSoftmax", importLogSoftmax);
  ops.add("Softmax", importSoftmax);
  ops.add("SoftmaxCrossEntropyWithLogits", importSoftmaxCrossEntropy);
  ops.add("SparseSoftmaxCrossEntropyWithLogits", importSparseSoftmaxCrossEntropy);
}

} // namespace tfc::tf
