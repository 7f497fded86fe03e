// Quantized operators of ONNX Runtime (com.microsoft): layers on dequantized numbers, and
// the LSTM that quantizes what it multiplies.
#include "Quantization.h"
#include "Recurrent.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

static constexpr StringLiteral kDomain = "com.microsoft";

//===----------------------------------------------------------------------===//
// Layers on dequantized numbers
//===----------------------------------------------------------------------===//

/// Quantizes a result with the scale and zero point in inputs i and i + 1, in the element
/// type of the node's quantized inputs.
static LogicalResult quantizedResult(NodeContext &c, Term y, unsigned i, Type element) {
  if (failed(c.requireRank(i, 0, 1)))
    return failure();
  GraphBuilder &b = c.b;
  return c.result(quantize(y, b.reshape(c.input(i), {}), b.reshape(c.input(i + 1), {}), element));
}

template <Term (*combine)(Term, Term)> static LogicalResult importQLinearBinary(NodeContext &c) {
  Quantized x = readScalarQuantized(c, 0), y = readScalarQuantized(c, 3);
  if (!x.value || !y.value || failed(c.requireSameElements({0, 3})))
    return failure();
  return quantizedResult(c, combine(dequantize(c.b, x), dequantize(c.b, y)), 6, c.b.elementType(x.value));
}
static Term sumOf(Term x, Term y) { return x + y; }
static Term productOf(Term x, Term y) { return x * y; }

static LogicalResult importQLinearUnary(NodeContext &c, llvm::function_ref<Term(Term)> apply) {
  Quantized x = readScalarQuantized(c, 0);
  if (!x.value)
    return failure();
  return quantizedResult(c, apply(dequantize(c.b, x)), 3, c.b.elementType(x.value));
}

static LogicalResult importQLinearSigmoid(NodeContext &c) { return importQLinearUnary(c, sigmoid); }

static LogicalResult importQLinearLeakyRelu(NodeContext &c) {
  double alpha = c.number("alpha", 0.01);
  return importQLinearUnary(c, [&](Term x) { return select(x < 0, x * alpha, x); });
}

static LogicalResult importQLinearGlobalAveragePool(NodeContext &c) {
  if (failed(c.requireRank(0, 3)))
    return failure();
  int64_t first = c.integer("channels_last") ? 1 : 2, spatial = c.b.rank(c.input(0)) - 2;
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq(first, first + spatial));
  return importQLinearUnary(c, [&](Term x) { return mean(x, axes); });
}

/// Inputs: the result's scale and zero point, then tensor, scale and zero point of each part.
static LogicalResult importQLinearConcat(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (c.inputCount() < 5 || c.inputCount() % 3 != 2)
    return c.error() << "has " << c.inputCount() << " inputs, expected two and three for each part";
  auto axis = c.axis(c.integer("axis"), b.rank(c.input(2)));
  if (failed(axis))
    return failure();
  SmallVector<Value> parts;
  for (unsigned i = 2; i < c.inputCount(); i += 3) {
    Quantized part = readScalarQuantized(c, i);
    if (!part.value || failed(c.requireSameElements({2, i})))
      return failure();
    parts.push_back(dequantize(b, part));
  }
  return quantizedResult(c, {b, b.concat(parts, *axis)}, 0, b.elementType(c.input(2)));
}

//===----------------------------------------------------------------------===//
// LSTM
//===----------------------------------------------------------------------===//

namespace {

/// Weights are bytes [K, 4 * hidden], quantized as a whole or per column; what they are
/// multiplied by is quantized as a whole each time.
class DynamicQuantizeLSTM : public LongShortTermMemory {
public:
  using LongShortTermMemory::LongShortTermMemory;

protected:
  AffineExpr hiddenSize() override { return b.dim(c.input(2), 1); }

  Value multiply(unsigned i, Value x) override {
    unsigned scale = i == 1 ? 8 : 10;
    Quantized left = quantizeDynamically({b, x});
    Term product(b, multiplyIntegers(b, left.value, left.zeroPoint, own(i), own(scale + 1)));
    return product.cast(b.elementType(x)) * (Term(b, left.scale) * Term(b, own(scale)));
  }
};

} // namespace

static LogicalResult importDynamicQuantizeLSTM(NodeContext &c) {
  for (unsigned i : {8, 9, 10, 11})
    if (failed(c.requireRank(i, 1, 2)))
      return failure();
  return DynamicQuantizeLSTM(c).run();
}

void registerMicrosoftQuantizedOps(OpRegistry &ops) {
  auto add = [&](StringRef name, OpRegistry::Importer importer) {
    ops.add(name, std::move(importer), 1, INT64_MAX, kDomain);
  };
  add("DynamicQuantizeLSTM", importDynamicQuantizeLSTM);
  add("QLinearAdd", importQLinearBinary<sumOf>);
  add("QLinearConcat", importQLinearConcat);
  add("QLinearGlobalAveragePool", importQLinearGlobalAveragePool);
  add("QLinearLeakyRelu", importQLinearLeakyRelu);
  add("QLinearMul", importQLinearBinary<productOf>);
  add("QLinearSigmoid", importQLinearSigmoid);
}

} // namespace tfc
