// Fused operators that ONNX Runtime's optimizer leaves in models (com.microsoft).
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Products and activations
//===----------------------------------------------------------------------===//

static LogicalResult importFusedMatMul(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Value operands[] = {c.input(0), c.input(1)};
  bool isTransposed[] = {c.integer("transA") != 0, c.integer("transB") != 0};
  const StringRef batchNames[] = {"transBatchA", "transBatchB"};
  for (int i : {0, 1}) {
    int64_t rank = b.rank(operands[i]);
    isTransposed[i] &= rank > 1;
    if (!c.integer(batchNames[i]) || rank < 3)
      continue;
    // The first dimension moves behind the batch.
    SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(1, rank - 1));
    permutation.append({0, rank - 1});
    operands[i] = b.transpose(operands[i], permutation);
  }
  Term product(b, b.create<dfg::MatmulOp>(operands[0], operands[1], isTransposed[0], isTransposed[1]));
  double alpha = c.number("alpha", 1);
  return c.result(alpha == 1 ? product : product * alpha);
}

static Term gelu(Term x) { return x * 0.5 * (erf(x * M_SQRT1_2) + 1); }

static LogicalResult importGelu(NodeContext &c) { return c.result(gelu({c.b, c.input(0)})); }

static LogicalResult importBiasGelu(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(gelu(Term(c.b, c.input(0)) + Term(c.b, c.input(1))));
}

static LogicalResult importFastGelu(NodeContext &c) {
  Term x(c.b, c.input(0));
  if (c.hasInput(1))
    x = x + Term(c.b, c.input(1));
  Term inner = x * (square(x) * 0.035677408136300125 + 0.7978845608028654);
  return c.result(x * 0.5 * (tanh(inner) + 1));
}

static LogicalResult importQuickGelu(NodeContext &c) {
  Term x(c.b, c.input(0));
  return c.result(x * sigmoid(x * c.number("alpha", 1.702)));
}

//===----------------------------------------------------------------------===//
// Normalization
//===----------------------------------------------------------------------===//

/// Adds the skipped input, and a bias if there is one, then normalizes; the simplified
/// form keeps the mean (root mean square) and has no shift.
static LogicalResult importSkipLayerNorm(NodeContext &c, bool isSimplified) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1, 2})))
    return failure();
  if (c.wantsOutput(1) || c.wantsOutput(2))
    return c.unsupported() << "has its mean or deviation read, expected only the normalized tensor and the sum";
  Value beta = isSimplified ? Value() : c.input(3), bias = c.input(isSimplified ? 3 : 4);
  Term sum = Term(b, c.input(0)) + Term(b, c.input(1));
  if (bias)
    sum = sum + Term(b, bias);
  llvm::APFloat epsilon(c.number("epsilon", 1e-12));
  Value y = b.create<dfg::LayerNormOp>(Value(sum), c.input(2), OptionalOperand{beta}, epsilon, isSimplified);
  return c.results({y, Value(), Value(), sum});
}

void registerMicrosoftOps(OpRegistry &ops) {
  auto add = [&](StringRef name, OpRegistry::Importer importer) {
    ops.add(name, std::move(importer), 1, INT64_MAX, "com.microsoft");
  };
  add("BiasGelu", importBiasGelu);
  add("FastGelu", importFastGelu);
  add("FusedMatMul", importFusedMatMul);
  add("Gelu", importGelu);
  add("QuickGelu", importQuickGelu);
  add("SkipLayerNormalization", [](NodeContext &c) { return importSkipLayerNorm(c, false); });
  add("SkipSimplifiedLayerNormalization", [](NodeContext &c) { return importSkipLayerNorm(c, true); });
}

} // namespace tfc
