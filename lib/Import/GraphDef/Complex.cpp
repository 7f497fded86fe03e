// Complex numbers and Fourier transforms.
#include "Complex.h"

#include "Images.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

static bool isComplex(GraphBuilder &b, Value x) { return isa<ComplexType>(b.elementType(x)); }

/// The numbers of parts [..., 2] or [..., 1] at one place of the last dimension.
static Term partOf(GraphBuilder &b, Value parts, int64_t i) {
  if (!parts)
    return {b, Value()};
  int64_t last = b.rank(parts) - 1;
  return {b, b.squeeze(b.sliceAxis(parts, last, b.expr(i), b.expr(1)), {last})};
}

Complex Complex::of(GraphBuilder &b, Value x) {
  Value parts = b.create<dfg::ComplexPartsOp>(x);
  return {partOf(b, parts, 0), partOf(b, parts, 1)};
}

Complex Complex::ofAny(GraphBuilder &b, Value x) {
  if (isComplex(b, x))
    return of(b, x);
  Term re{b, x};
  return {re, re.number(0)};
}

Value Complex::joined() const {
  GraphBuilder &b = re.builder();
  if (!re || !im)
    return {};
  int64_t rank = b.rank(re);
  return b.create<dfg::ComplexJoinOp>(b.concat({b.unsqueeze(re, {rank}), b.unsqueeze(im, {rank})}, rank));
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

/// Importers of functions of a complex input 0, by what they give.
template <Complex (*function)(Complex)> static LogicalResult importComplexOf(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  return c.result(function(Complex::ofAny(c.b, c.input(0))).joined());
}
template <Term (*function)(Complex)> static LogicalResult importRealOf(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  return c.result(function(Complex::ofAny(c.b, c.input(0))));
}

static Term realOf(Complex x) { return x.re; }
static Term imaginaryOf(Complex x) { return x.im; }
static Term angleOf(Complex x) { return x.im.apply<dfg::Atan2Op>(x.re); }
static Complex conjugateOf(Complex x) { return x.conjugate(); }

/// Without overflow where the parts are large.
static Term sizeOf(Complex x) {
  Term most = max(abs(x.re), abs(x.im)), least = min(abs(x.re), abs(x.im));
  Term size = most * sqrt(square(least / most) + 1);
  return select(equal(most, 0), most, select(equal(most, HUGE_VAL), most, size));
}

static LogicalResult importConj(NodeContext &c) {
  if (c.hasInput(0) && !isComplex(c.b, c.input(0)))
    return c.result(c.input(0));
  return importComplexOf<conjugateOf>(c);
}

static LogicalResult importComplex(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Dims first = b.dims(c.input(0)), second = b.dims(c.input(1));
  auto sizes = b.scope.broadcast({first, second});
  if (failed(sizes))
    return c.error() << "has parts of types " << c.input(0).getType() << " and " << c.input(1).getType()
                     << ", which do not broadcast";
  auto part = [&](unsigned i) { return Term(b, b.broadcastTo(c.input(i), *sizes)); };
  return c.result(Complex{part(0), part(1)}.joined());
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static Complex add(Complex x, Complex y) { return x + y; }
static Complex subtract(Complex x, Complex y) { return x - y; }
static Complex multiply(Complex x, Complex y) { return x * y; }
static Complex divide(Complex x, Complex y) { return x / y; }
static Complex negate(Complex x) { return -x; }
static Complex squareOf(Complex x) { return x * x; }

template <Complex (*function)(Complex, Complex)> static LogicalResult importComplexOfBoth(NodeContext &c) {
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  return c.result(function(Complex::of(c.b, c.input(0)), Complex::of(c.b, c.input(1))).joined());
}

/// Sums of parts are parts of sums.
static LogicalResult importSum(NodeContext &c) {
  auto axes = c.axesOf(1);
  if (failed(axes))
    return failure();
  Value parts = c.b.create<dfg::ComplexPartsOp>(c.input(0));
  Value sums = c.b.reduce(dfg::ReduceKind::Sum, parts, *axes, c.boolean("keep_dims"));
  return c.result(c.b.create<dfg::ComplexJoinOp>(sums));
}

/// From real to complex numbers, back, and between widths.
static LogicalResult importCast(NodeContext &c) {
  Type to = c.elementType("DstT");
  if (!to)
    return failure();
  Complex x = Complex::ofAny(c.b, c.input(0));
  auto complex = dyn_cast<ComplexType>(to);
  if (!complex)
    return c.result(x.re.cast(to));
  Type part = complex.getElementType();
  return c.result(Complex{x.re.cast(part), x.im.cast(part)}.joined());
}

/// Where an input or the result is complex, an operator that is known for real numbers is
/// imported otherwise.
static void addComplex(OpRegistry &ops, StringRef name, OpRegistry::Importer importer) {
  OpRegistry::Importer real = ops.lookup(name)->importer;
  ops.add(name, [=](NodeContext &c) {
    auto isComplexInput = [&](Value x) { return x && isComplex(c.b, x); };
    auto result = c.dataType("DstT");
    bool makesComplex = result == tensorflow::DT_COMPLEX64 || result == tensorflow::DT_COMPLEX128;
    return makesComplex || llvm::any_of(c.allInputs(), isComplexInput) ? importer(c) : real(c);
  });
}

//===----------------------------------------------------------------------===//
// Fourier transforms
//===----------------------------------------------------------------------===//

/// Transforms parts [..., 1 or 2] along an axis, cut or padded to `length`.
static Value transform(GraphBuilder &b, Value parts, AffineExpr length, int64_t axis, bool isInverse,
                       bool isOnesided = false) {
  Value count = b.fromContent(length, {}, b.builder.getI64Type());
  return b.create<dfg::DftOp>(parts, count, axis, isInverse, isOnesided);
}

/// Over the last axes, of complex numbers.
template <int count, bool isInverse> static LogicalResult importFFT(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, count)))
    return failure();
  if (!isComplex(b, c.input(0)))
    return c.error() << "has input " << c.input(0).getType() << ", expected complex numbers";
  int64_t rank = b.rank(c.input(0));
  Value parts = b.create<dfg::ComplexPartsOp>(c.input(0));
  for (int64_t axis = rank - count; axis < rank; ++axis)
    parts = transform(b, parts, b.dim(c.input(0), axis), axis, isInverse);
  return c.result(b.create<dfg::ComplexJoinOp>(parts));
}

/// From real numbers to half of a spectrum, whose lengths an input tells.
template <int count> static LogicalResult importRFFT(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto lengths = readSizes(c, 1, count);
  if (failed(c.requireRank(0, count)) || failed(lengths))
    return failure();
  int64_t rank = b.rank(c.input(0));
  Value parts = b.unsqueeze(widened({b, c.input(0)}), {rank});
  parts = transform(b, parts, lengths->back(), rank - 1, /*isInverse=*/false, /*isOnesided=*/true);
  for (int64_t i = 0; i < count - 1; ++i)
    parts = transform(b, parts, (*lengths)[i], rank - count + i, /*isInverse=*/false);
  return c.result(b.create<dfg::ComplexJoinOp>(parts));
}

/// The way back.
template <int count> static LogicalResult importIRFFT(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto lengths = readSizes(c, 1, count);
  if (failed(c.requireRank(0, count)) || failed(lengths))
    return failure();
  int64_t rank = b.rank(c.input(0));
  Value parts = b.create<dfg::ComplexPartsOp>(c.input(0));
  for (int64_t i = 0; i < count - 1; ++i)
    parts = transform(b, parts, (*lengths)[i], rank - count + i, /*isInverse=*/true);
  parts = transform(b, parts, lengths->back(), rank - 1, /*isInverse=*/true, /*isOnesided=*/true);
  return c.result(partOf(b, parts, 0));
}

void registerComplexOps(OpRegistry &ops) {
  ops.add("Angle", importRealOf<angleOf>);
  ops.add("Complex", importComplex);
  ops.add("ComplexAbs", importRealOf<sizeOf>);
  ops.add("Conj", importConj);
  ops.add("FFT", importFFT<1, false>);
  ops.add("FFT2D", importFFT<2, false>);
  ops.add("FFT3D", importFFT<3, false>);
  ops.add("IFFT", importFFT<1, true>);
  ops.add("IFFT2D", importFFT<2, true>);
  ops.add("IFFT3D", importFFT<3, true>);
  ops.add("IRFFT", importIRFFT<1>);
  ops.add("IRFFT2D", importIRFFT<2>);
  ops.add("IRFFT3D", importIRFFT<3>);
  ops.add("Imag", importRealOf<imaginaryOf>);
  ops.add("RFFT", importRFFT<1>);
  ops.add("RFFT2D", importRFFT<2>);
  ops.add("RFFT3D", importRFFT<3>);
  ops.add("Real", importRealOf<realOf>);

  for (StringRef name : {"Add", "AddV2"})
    addComplex(ops, name, importComplexOfBoth<add>);
  for (StringRef name : {"Div", "RealDiv"})
    addComplex(ops, name, importComplexOfBoth<divide>);
  addComplex(ops, "Cast", importCast);
  addComplex(ops, "Mul", importComplexOfBoth<multiply>);
  addComplex(ops, "Neg", importComplexOf<negate>);
  addComplex(ops, "Square", importComplexOf<squareOf>);
  addComplex(ops, "Sub", importComplexOfBoth<subtract>);
  addComplex(ops, "Sum", importSum);
}

} // namespace tfc::tf
