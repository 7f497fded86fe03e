// Losses of classification.
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

Value logSoftmax(GraphBuilder &b, Value scores, int64_t axis);

/// The loss of log-probabilities [N, C, d...] for classes [N, d...] (input 1), with weights
/// per class (input 2), reduced as the node says.
static Value negativeLogLikelihood(NodeContext &c, Value logProbabilities) {
  GraphBuilder &b = c.b;
  int64_t rank = b.rank(logProbabilities);
  if (failed(c.requireRank(1, rank - 1, rank - 1)))
    return {};
  StringRef reduction = c.string("reduction", "mean");
  if (reduction != "none" && reduction != "sum" && reduction != "mean") {
    c.error() << "has reduction '" << reduction << "', expected none, sum or mean";
    return {};
  }
  if (c.hasInput(2) && (failed(c.requireRank(2, 1, 1)) || failed(c.requireSameElements({0, 2}))))
    return {};

  Type element = b.elementType(logProbabilities);
  Term target{b, c.input(1)};
  std::optional<Term> isIgnored, weight;
  if (c.hasAttribute("ignore_index")) {
    // An ignored class need not exist: take one that does, and nothing of it.
    isIgnored = equal(target, c.integer("ignore_index"));
    target = select(*isIgnored, target.number(0), target);
  }
  Value taken = b.create<dfg::GatherElementsOp>(logProbabilities, b.unsqueeze(target, {1}), int64_t(1));
  Term loss = -widened({b, b.squeeze(taken, {1})});
  if (c.hasInput(2))
    weight = widened({b, b.create<dfg::GatherOp>(c.input(2), target, int64_t(0))});
  if (weight)
    loss = loss * *weight;
  if (isIgnored) {
    loss = select(*isIgnored, loss.number(0), loss);
    weight = select(*isIgnored, loss.number(0), weight.value_or(loss.number(1)));
  }
  if (reduction == "none")
    return loss.cast(element);

  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, rank - 1));
  Term total{b, b.reduce(dfg::ReduceKind::Sum, loss, axes, /*keepDims=*/false)};
  if (reduction == "mean")
    total = total / (weight ? Term(b, b.reduce(dfg::ReduceKind::Sum, *weight, axes, /*keepDims=*/false))
                            : countLike(total, b.count(c.input(1))));
  return total.cast(element);
}

static LogicalResult importNegativeLogLikelihoodLoss(NodeContext &c) {
  if (failed(c.requireRank(0, 2)))
    return failure();
  return c.result(negativeLogLikelihood(c, c.input(0)));
}

static LogicalResult importSoftmaxCrossEntropyLoss(NodeContext &c) {
  if (failed(c.requireRank(0, 2)))
    return failure();
  Value logProbabilities = logSoftmax(c.b, c.input(0), 1);
  return c.results({negativeLogLikelihood(c, logProbabilities), logProbabilities});
}

void registerLossOps(OpRegistry &ops) {
  ops.add("NegativeLogLikelihoodLoss", importNegativeLogLikelihoodLoss, 12);
  ops.add("SoftmaxCrossEntropyLoss", importSoftmaxCrossEntropyLoss, 12);
}

} // namespace tfc
