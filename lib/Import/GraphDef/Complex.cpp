// Complex numbers and Fourier transforms.
#include "Complex.h"

#include "Images.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

static bool isComplex(GraphBuilder &b, Value x) { return x && isa<ComplexType>(b.elementType(x)); }

/// The numbers of parts [..., 2] or [..., 1] at one place of the last dimension.
static Term partOf(GraphBuilder &b, Value parts, int64_t i) {
  if (!parts)
    return {b, Value()};
  int64_t last = b.rank(parts) - 1;
  return {b, b.squeeze(b.sliceAxis(parts, last, b.expr(i), b.expr(1)), {last})};
}

Complex Complex::of(GraphBuilder &b, Value x) {
  // What was just joined need not be taken apart.
  auto join = x ? x.getDefiningOp<dfg::ComplexJoinOp>() : dfg::ComplexJoinOp();
  Value parts = join ? join.getX() : b.create<dfg::ComplexPartsOp>(x);
  return {partOf(b, parts, 0), partOf(b, parts, 1)};
}

Complex Complex::ofAny(GraphBuilder &b, Value x) {
  if (isComplex(b, x))
    return of(b, x);
  return {{b, x}, {b, b.filled(b.elementType(x), b.dims(x), 0)}};
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
// Operators that are known for real numbers
//===----------------------------------------------------------------------===//

void addComplex(OpRegistry &ops, StringRef name, OpRegistry::Importer importer) {
  OpRegistry::Importer real = ops.lookup(name)->importer;
  ops.add(name, [=](NodeContext &c) {
    auto isComplexInput = [&](Value x) { return isComplex(c.b, x); };
    auto result = c.dataType("DstT");
    bool makesComplex = result == tensorflow::DT_COMPLEX64 || result == tensorflow::DT_COMPLEX128;
    return makesComplex || llvm::any_of(c.allInputs(), isComplexInput) ? importer(c) : real(c);
  });
}

/// For what only moves or adds numbers: the real operator does it to both parts.
static void addPartwise(OpRegistry &ops, StringRef name) {
  OpRegistry::Importer real = ops.lookup(name)->importer;
  addComplex(ops, name, [=](NodeContext &c) -> LogicalResult {
    SmallVector<Value> parts[2], given(c.allInputs());
    for (int i : {0, 1}) {
      SmallVector<Value> inputs = given;
      for (Value &x : inputs)
        if (isComplex(c.b, x)) {
          Complex both = Complex::of(c.b, x);
          x = i ? both.im : both.re;
        }
      auto results = c.importWith(inputs, real);
      if (failed(results))
        return failure();
      parts[i] = *results;
    }
    SmallVector<Value> joined;
    for (auto [re, im] : llvm::zip_equal(parts[0], parts[1]))
      joined.push_back(Complex{{c.b, re}, {c.b, im}}.joined());
    return c.results(joined);
  });
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

static LogicalResult importConjugateTranspose(NodeContext &c) {
  auto permutation = c.axesOf(1);
  if (failed(permutation))
    return failure();
  Complex x = Complex::of(c.b, c.input(0));
  auto transposed = [&](Term part) { return Term(c.b, c.b.transpose(part, *permutation)); };
  return c.result(Complex{transposed(x.re), transposed(x.im)}.conjugate().joined());
}

static LogicalResult importOnesLike(NodeContext &c) {
  Complex x = Complex::of(c.b, c.input(0));
  auto filled = [&](Term like, double value) {
    return Term(c.b, c.b.filled(c.b.elementType(like), c.b.dims(like), value));
  };
  return c.result(Complex{filled(x.re, 1), filled(x.im, 0)}.joined());
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

  for (StringRef name : {"AccumulateNV2",
                         "Add",
                         "AddN",
                         "AddV2",
                         "BatchToSpace",
                         "BatchToSpaceND",
                         "BiasAdd",
                         "BiasAddGrad",
                         "BroadcastTo",
                         "Concat",
                         "ConcatV2",
                         "Cumsum",
                         "DepthToSpace",
                         "Diag",
                         "DiagPart",
                         "DynamicPartition",
                         "DynamicStitch",
                         "ExpandDims",
                         "Fill",
                         "Gather",
                         "GatherNd",
                         "GatherV2",
                         "MatrixBandPart",
                         "MatrixDiag",
                         "MatrixDiagPart",
                         "MatrixDiagPartV2",
                         "MatrixDiagPartV3",
                         "MatrixDiagV2",
                         "MatrixDiagV3",
                         "MatrixSetDiag",
                         "MatrixSetDiagV2",
                         "MatrixSetDiagV3",
                         "Mean",
                         "MirrorPad",
                         "MirrorPadGrad",
                         "Neg",
                         "OneHot",
                         "Pack",
                         "Pad",
                         "PadV2",
                         "ParallelConcat",
                         "ParallelDynamicStitch",
                         "Reshape",
                         "Reverse",
                         "ReverseSequence",
                         "ReverseV2",
                         "Roll",
                         "ScatterNd",
                         "SegmentMean",
                         "SegmentSum",
                         "Select",
                         "SelectV2",
                         "Slice",
                         "SpaceToBatch",
                         "SpaceToBatchND",
                         "SpaceToDepth",
                         "SparseToDense",
                         "Split",
                         "SplitV",
                         "Squeeze",
                         "StridedSlice",
                         "StridedSliceGrad",
                         "Sub",
                         "Sum",
                         "TensorScatterAdd",
                         "TensorScatterSub",
                         "TensorScatterUpdate",
                         "Tile",
                         "Transpose",
                         "Unpack",
                         "UnsortedSegmentSum",
                         "ZerosLike"})
    addPartwise(ops, name);
  addComplex(ops, "Cast", importCast);
  addComplex(ops, "ConjugateTranspose", importConjugateTranspose);
  addComplex(ops, "OnesLike", importOnesLike);
  registerComplexMathOps(ops);
}

} // namespace tfc::tf
