// Matrix products.
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

static LogicalResult importMatMul(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})) || failed(c.requireRank(0, 1)) || failed(c.requireRank(1, 1)))
    return failure();
  return c.result(c.b.create<dfg::MatmulOp>(c.input(0), c.input(1), /*transpose_a=*/false, /*transpose_b=*/false));
}

/// `factor * x`; of integers by whole numbers only.
static Value scaled(NodeContext &c, StringRef factorName, Value x) {
  double factor = c.number(factorName, 1);
  if (factor == 1)
    return x;
  if (isa<IntegerType>(c.b.elementType(x)) && factor != std::trunc(factor)) {
    c.unsupported() << "has " << factorName << ' ' << factor << ", expected a whole number beside integers";
    return {};
  }
  return Term(c.b, x) * factor;
}

static LogicalResult importGemm(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})) || failed(c.requireRank(0, 2, 2)) || failed(c.requireRank(1, 2, 2)))
    return failure();
  bool transposeA = c.integer("transA"), transposeB = c.integer("transB");
  Value y = scaled(c, "alpha", c.b.create<dfg::MatmulOp>(c.input(0), c.input(1), transposeA, transposeB));
  if (!c.hasInput(2) || c.number("beta", 1) == 0)
    return c.result(y);
  if (failed(c.requireSameElements({0, 2})) || failed(c.requireRank(2, 0, 2)))
    return failure();
  return c.result(c.b.create<dfg::AddOp>(y, scaled(c, "beta", c.input(2))));
}

void registerContractionOps(OpRegistry &ops) {
  ops.add("Gemm", importGemm);
  ops.add("MatMul", importMatMul);
}

} // namespace tfc
