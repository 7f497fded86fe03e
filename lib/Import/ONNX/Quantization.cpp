// Conversions between numbers and their quantized forms.
#include "Quantization.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Scales and zero points
//===----------------------------------------------------------------------===//

Value alignParameter(NodeContext &c, Value parameter, Value x) {
  GraphBuilder &b = c.b;
  if (!parameter || !x || b.rank(parameter) == 0)
    return parameter;
  int64_t rank = b.rank(x), block = c.integer("block_size");
  if (block > 0 && b.rank(parameter) == rank) {
    auto axis = c.axis(c.integer("axis", 1), rank);
    if (failed(axis))
      return {};
    Dims sizes = b.dims(parameter);
    sizes.insert(sizes.begin() + *axis + 1, b.expr(block));
    Value repeated = b.broadcastTo(b.unsqueeze(parameter, *axis + 1), sizes);
    return b.sliceAxis(b.flatten(repeated, *axis, *axis + 2), *axis, b.expr(0), b.dim(x, *axis));
  }
  if (block != 0 || b.rank(parameter) != 1) {
    c.error() << "has a scale or zero point of type " << parameter.getType() << " and block_size " << block
              << ", expected a scalar, a vector or blocks along one axis";
    return {};
  }
  if (b.number(b.dim(parameter, 0)) == 1)
    return b.reshape(parameter, {});
  if (rank == 1)
    return parameter;
  auto axis = c.axis(c.integer("axis", 1), rank);
  if (failed(axis))
    return {};
  Dims sizes(rank, b.expr(1));
  sizes[*axis] = b.dim(parameter, 0);
  return b.reshape(parameter, sizes);
}

Quantized readQuantized(NodeContext &c, unsigned i) {
  Value x = c.input(i);
  if (failed(c.requireRank(i, 0)) || failed(c.requireRank(i + 1, 0)))
    return {};
  return {x, alignParameter(c, c.input(i + 1), x), alignParameter(c, c.input(i + 2), x)};
}

Quantized readScalarQuantized(NodeContext &c, unsigned i) {
  if (failed(c.requireRank(i, 0)) || failed(c.requireRank(i + 1, 0, 1)))
    return {};
  return {c.input(i), c.b.reshape(c.input(i + 1), {}), c.b.reshape(c.input(i + 2), {})};
}

bool isZero(Value zeroPoint) {
  if (!zeroPoint)
    return true;
  auto constant = zeroPoint.getDefiningOp<dfg::ConstantOp>();
  if (!constant || !constant.getType().getElementType().isInteger())
    return false;
  if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue()))
    return llvm::all_of(dense.getValues<APInt>(), [](const APInt &number) { return number.isZero(); });
  auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue());
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  return blob && llvm::all_of(blob->getData(), [](char byte) { return byte == 0; });
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

Term dequantize(GraphBuilder &b, const Quantized &x) {
  Type f32 = b.builder.getF32Type();
  Term value = Term(b, x.value).cast(f32);
  if (!isZero(x.zeroPoint))
    value = value - Term(b, x.zeroPoint).cast(f32);
  return value * Term(b, x.scale).cast(f32);
}

Value quantizeQuotient(Term quotient, Value zeroPoint, Type element, bool saturate) {
  GraphBuilder &b = quotient.builder();
  auto integer = dyn_cast<IntegerType>(element);
  Term x = integer ? round(widened(quotient)) : quotient;
  if (zeroPoint && !isZero(zeroPoint))
    x = x + Term(b, zeroPoint).cast(b.elementType(x));
  if (!integer)
    return b.createAs<dfg::CastOp>(element, x, saturate, StringAttr());
  double range = std::exp2(integer.getWidth()), low = integer.isUnsigned() ? 0 : -range / 2;
  return clamp(x, low, low + range - 1).cast(element);
}

Value quantize(Term x, Value scale, Value zeroPoint, Type element) {
  GraphBuilder &b = x.builder();
  return quantizeQuotient(x / Term(b, scale).cast(b.elementType(x)), zeroPoint, element);
}

Quantized quantizeDynamically(Term x) {
  GraphBuilder &b = x.builder();
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, b.rank(x)));
  auto extreme = [&](dfg::ReduceKind kind) { return Term(b, b.reduce(kind, x, all, /*keepDims=*/false)); };
  Term least = min(extreme(dfg::ReduceKind::Min), 0), most = max(extreme(dfg::ReduceKind::Max), 0);
  Term range = most - least;
  Term scale = select(equal(range, 0), range.number(1), range / 255);
  Type byte = b.builder.getIntegerType(8, /*isSigned=*/false);
  Value zeroPoint = quantizeQuotient(-least / scale, {}, byte);
  return {quantize(x, scale, zeroPoint, byte), scale, zeroPoint};
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

static LogicalResult importQuantizeLinear(NodeContext &c) {
  GraphBuilder &b = c.b;
  Quantized x = readQuantized(c, 0);
  Type element = b.builder.getIntegerType(8, /*isSigned=*/false);
  if (x.zeroPoint)
    element = b.elementType(x.zeroPoint);
  if (c.integer("output_dtype")) {
    Type wanted = c.elementType("output_dtype", 0);
    if (wanted && x.zeroPoint && wanted != element)
      return c.error() << "has output_dtype " << wanted << " and a zero point of " << element << ", expected equal ones";
    element = wanted;
  }
  if (!element || !x.value || !x.scale)
    return failure();
  Type precision = b.elementType(x.scale);
  if (c.integer("precision"))
    precision = c.elementType("precision", 0);
  else if (precision.isInteger())
    precision = b.builder.getF64Type();
  else if (isa<Float8E8M0FNUType>(precision))
    precision = b.builder.getF32Type();
  if (!precision)
    return failure();
  Term quotient = Term(b, x.value).cast(precision) / Term(b, x.scale).cast(precision);
  return c.result(quantizeQuotient(quotient, x.zeroPoint, element, c.integer("saturate", 1)));
}

static LogicalResult importDequantizeLinear(NodeContext &c) {
  GraphBuilder &b = c.b;
  Quantized x = readQuantized(c, 0);
  if (!x.value || !x.scale)
    return failure();
  if (x.zeroPoint && failed(c.requireSameElements({0, 2})))
    return failure();
  Type element = b.elementType(x.scale);
  if (c.integer("output_dtype"))
    element = c.elementType("output_dtype", 0);
  if (!element)
    return failure();
  return c.result(dequantize(b, x).cast(element));
}

static LogicalResult importDynamicQuantizeLinear(NodeContext &c) {
  Quantized y = quantizeDynamically({c.b, c.input(0)});
  return c.results({y.value, y.scale, y.zeroPoint});
}

void registerQuantizationOps(OpRegistry &ops) {
  ops.add("DequantizeLinear", importDequantizeLinear, 10);
  ops.add("DynamicQuantizeLinear", importDynamicQuantizeLinear, 11);
  ops.add("QuantizeLinear", importQuantizeLinear, 10);
}

} // namespace tfc
