// Products of matrices, and biases.
#include "OpRegistry.h"
#include "tfc/Import/Common/Windows.h"

using namespace mlir;

namespace tfc::tf {

/// Transposes that the attributes ask for; adjoints of real matrices are transposes.
static LogicalResult importProduct(NodeContext &c, StringRef transposeA, StringRef transposeB) {
  if (failed(c.requireRank(0, 2)) || failed(c.requireRank(1, 2)) || failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(c.b.create<dfg::MatmulOp>(c.input(0), c.input(1), c.boolean(transposeA), c.boolean(transposeB)));
}

static LogicalResult importMatMul(NodeContext &c) { return importProduct(c, "transpose_a", "transpose_b"); }
static LogicalResult importBatchMatMul(NodeContext &c) { return importProduct(c, "adj_x", "adj_y"); }

static LogicalResult importEinsum(NodeContext &c) {
  return c.results(c.onnx("Einsum", c.allInputs(), {{"equation", c.string("equation")}}));
}

/// Of vectors in the last dimension.
static LogicalResult importCross(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 1)) || failed(c.requireSameElements({0, 1})))
    return failure();
  int64_t last = b.rank(c.input(0)) - 1;
  auto part = [&](unsigned input, int64_t i) {
    return Term(b, b.sliceAxis(c.input(input), last, b.expr(i % 3), b.expr(1)));
  };
  SmallVector<Value> parts;
  for (int64_t i = 0; i < 3; ++i)
    parts.push_back(part(0, i + 1) * part(1, i + 2) - part(0, i + 2) * part(1, i + 1));
  return c.result(b.concat(parts, last));
}

/// The axis of the channels.
static int64_t channelAxis(NodeContext &c, int64_t rank) {
  return c.string("data_format").starts_with("NC") ? 1 : rank - 1;
}

static LogicalResult importBiasAdd(NodeContext &c) {
  if (failed(c.requireRank(0, 2)) || failed(c.requireRank(1, 1, 1)) || failed(c.requireSameElements({0, 1})))
    return failure();
  int64_t rank = c.b.rank(c.input(0));
  Value bias = c.input(1);
  if (channelAxis(c, rank) != rank - 1)
    bias = channelwise(c.b, bias, rank);
  return c.result(c.b.create<dfg::AddOp>(c.input(0), bias));
}

static LogicalResult importBiasAddGrad(NodeContext &c) {
  if (failed(c.requireRank(0, 2)))
    return failure();
  int64_t rank = c.b.rank(c.input(0));
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  axes.erase(axes.begin() + channelAxis(c, rank));
  return c.result(c.b.reduce(dfg::ReduceKind::Sum, c.input(0), axes, /*keepDims=*/false));
}

void registerProductOps(OpRegistry &ops) {
  for (StringRef name : {"MatMul", "SparseMatMul"})
    ops.add(name, importMatMul);
  for (StringRef name : {"BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"})
    ops.add(name, importBatchMatMul);
  ops.add("Cross", importCross);
  ops.add("Einsum", importEinsum);
  for (StringRef name : {"BiasAdd", "BiasAddV1"})
    ops.add(name, importBiasAdd);
  ops.add("BiasAddGrad", importBiasAddGrad);
}

} // namespace tfc::tf
