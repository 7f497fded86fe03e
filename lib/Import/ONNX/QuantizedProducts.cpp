// Matrix products and convolutions of quantized tensors, exact in i32.
#include "Quantization.h"
#include "Windows.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

Value perRow(GraphBuilder &b, Value parameter) {
  bool isVector = parameter && b.rank(parameter) == 1 && b.number(b.dim(parameter, 0)) != 1;
  return isVector ? b.unsqueeze(parameter, int64_t(1)) : parameter;
}

// The products of the bytes themselves are summed up; what the zero points add follows
// from the sums of rows and columns.
Value multiplyIntegers(GraphBuilder &b, Value x, Value xZero, Value y, Value yZero) {
  if (!x || !y)
    return {};
  bool isRow = b.rank(x) == 1, isColumn = b.rank(y) == 1;
  if (isRow)
    x = b.unsqueeze(x, int64_t(0));
  if (isColumn)
    y = b.unsqueeze(y, int64_t(1));
  auto widen = [&](Value value) { return Term(b, value).cast(b.builder.getI32Type()); };
  auto sumAlong = [&](Value value, int64_t fromLast) {
    return sum(widen(value), b.rank(value) - fromLast);
  };
  Term product(b, b.create<dfg::MatmulOp>(x, y));
  if (!isZero(yZero))
    product = product - sumAlong(x, 1) * widen(yZero);
  if (!isZero(xZero)) {
    Term columns = sumAlong(y, 2);
    if (!isZero(yZero))
      columns = columns - countLike(columns, b.dim(x, -1)) * widen(yZero);
    product = product - columns * widen(perRow(b, xZero));
  }
  Value result = product;
  if (isColumn)
    result = b.squeeze(result, b.rank(result) - 1);
  if (isRow)
    result = b.squeeze(result, b.rank(result) - (isColumn ? 1 : 2));
  return result;
}

static LogicalResult importMatMulInteger(NodeContext &c) {
  for (unsigned i : {0, 1})
    if (failed(c.requireRank(i, 1)))
      return failure();
  return c.result(multiplyIntegers(c.b, c.input(0), c.input(2), c.input(1), c.input(3)));
}

static LogicalResult importQLinearMatMul(NodeContext &c) {
  GraphBuilder &b = c.b;
  for (unsigned i : {0, 3})
    if (failed(c.requireRank(i, 1)))
      return failure();
  for (unsigned i : {1, 4, 6, 7})
    if (failed(c.requireRank(i, 0)))
      return failure();
  Type f32 = b.builder.getF32Type();
  auto scale = [&](Value value) { return Term(b, value).cast(f32); };
  Term product(b, multiplyIntegers(b, c.input(0), c.input(2), c.input(3), c.input(5)));
  Term factor = scale(perRow(b, c.input(1))) * scale(c.input(4)) / scale(perRow(b, c.input(6)));
  Value zeroPoint = perRow(b, c.input(7));
  return c.result(quantizeQuotient(product.cast(f32) * factor, zeroPoint, b.elementType(zeroPoint)));
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// The convolution of input 0 with weights, in i32. The zero point of x is a scalar, that
/// of the weights a scalar or one per output channel.
static FailureOr<Term> convolveIntegers(NodeContext &c, Value xZero, unsigned weightsIndex, Value weightsZero) {
  GraphBuilder &b = c.b;
  Value x = c.input(0), weights = c.input(weightsIndex);
  if (failed(c.requireRank(0, 3)) || failed(c.requireRank(weightsIndex, b.rank(x), b.rank(x))))
    return failure();
  auto windows = readWindows(c, ArrayRef(b.dims(weights)).drop_front(2));
  if (failed(windows))
    return failure();
  int64_t groups = c.integer("group", 1), rank = b.rank(x);
  auto convolve = [&](ArrayRef<int64_t> pads) {
    return Term(b, b.create<dfg::ConvOp>(x, weights, windows->strides, pads, windows->dilations, groups));
  };
  auto widen = [&](Value value) { return Term(b, value).cast(b.builder.getI32Type()); };
  xZero = b.reshape(xZero, {});
  if (!isZero(weightsZero)) {
    x = isZero(xZero) ? widen(x) : widen(x) - widen(xZero);
    if (b.rank(weightsZero) == 1 && b.number(b.dim(weightsZero, 0)) == 1)
      weightsZero = b.reshape(weightsZero, {});
    if (b.rank(weightsZero) == 1) {
      Dims sizes(rank, b.expr(1));
      sizes[0] = b.dim(weightsZero, 0);
      weightsZero = b.reshape(weightsZero, sizes);
    }
    weights = widen(weights) - widen(weightsZero);
    SmallVector<int64_t> pads = windows->pad(b, x, 0);
    return convolve(pads);
  }
  if (isZero(xZero)) {
    SmallVector<int64_t> pads = windows->pad(b, x, 0);
    return convolve(pads);
  }
  // Beyond the border lies the zero point, so that its share is the same for every window.
  Dims low{b.expr(0), b.expr(0)}, high = low;
  llvm::append_range(low, windows->low);
  llvm::append_range(high, windows->high);
  x = b.pad(dfg::PadMode::Constant, x, xZero, low, high);
  SmallVector<int64_t> inner = llvm::to_vector(llvm::seq<int64_t>(1, rank));
  Term share = Term(b, b.reduce(dfg::ReduceKind::Sum, widen(weights), inner, /*keepDims=*/false)) * widen(xZero);
  return convolve(SmallVector<int64_t>(2 * (rank - 2), 0)) - Term(b, channelwise(b, share, rank));
}

static LogicalResult importConvInteger(NodeContext &c) {
  auto y = convolveIntegers(c, c.input(2), 1, c.input(3));
  return failed(y) ? failure() : c.result(*y);
}

static LogicalResult importQLinearConv(NodeContext &c) {
  GraphBuilder &b = c.b;
  for (unsigned i : {1, 4, 6, 7})
    if (failed(c.requireRank(i, 0, 1)))
      return failure();
  auto product = convolveIntegers(c, c.input(2), 3, c.input(5));
  if (failed(product))
    return failure();
  int64_t rank = b.rank(c.input(0));
  auto perChannel = [&](Value value) -> Term {
    return {b, b.rank(value) == 1 ? channelwise(b, value, rank) : value};
  };
  if (c.hasInput(8))
    product = *product + perChannel(c.input(8));
  Type f32 = b.builder.getF32Type();
  Term factor = Term(b, b.reshape(c.input(1), {})) * perChannel(c.input(4)) / Term(b, b.reshape(c.input(6), {}));
  Value zeroPoint = b.reshape(c.input(7), {});
  return c.result(quantizeQuotient(product->cast(f32) * factor, zeroPoint, b.elementType(zeroPoint)));
}

//===----------------------------------------------------------------------===//
// Products that quantize their left side (com.microsoft)
//===----------------------------------------------------------------------===//

/// A bias of the columns, if there is one.
static Value addBias(GraphBuilder &b, Term product, Value bias) { return bias ? product + Term(b, bias) : product; }

static LogicalResult importDynamicQuantizeMatMul(NodeContext &c) {
  GraphBuilder &b = c.b;
  for (unsigned i : {0, 1})
    if (failed(c.requireRank(i, 2)))
      return failure();
  Quantized x = quantizeDynamically({b, c.input(0)});
  Term product(b, multiplyIntegers(b, x.value, x.zeroPoint, c.input(1), c.input(3)));
  Term scaled = product.cast(b.builder.getF32Type()) * (Term(b, x.scale) * Term(b, c.input(2)));
  return c.result(addBias(b, scaled, c.input(4)));
}

static LogicalResult importMatMulIntegerToFloat(NodeContext &c) {
  GraphBuilder &b = c.b;
  for (unsigned i : {0, 1})
    if (failed(c.requireRank(i, 2)))
      return failure();
  Term product(b, multiplyIntegers(b, c.input(0), c.input(4), c.input(1), c.input(5)));
  Term scales = Term(b, perRow(b, c.input(2))) * Term(b, c.input(3));
  return c.result(addBias(b, product.cast(b.elementType(scales)) * scales, c.input(6)));
}

void registerQuantizedProductOps(OpRegistry &ops) {
  ops.add("ConvInteger", importConvInteger, 10);
  ops.add("MatMulInteger", importMatMulInteger, 10);
  ops.add("QLinearConv", importQLinearConv, 10);
  ops.add("QLinearMatMul", importQLinearMatMul, 10);
  ops.add("DynamicQuantizeMatMul", importDynamicQuantizeMatMul, 1, INT64_MAX, "com.microsoft");
  ops.add("MatMulIntegerToFloat", importMatMulIntegerToFloat, 1, INT64_MAX, "com.microsoft");
}

} // namespace tfc
