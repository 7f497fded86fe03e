// Where windows over images lie, and transposed convolutions.
#include "tfc/Import/Common/Windows.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

AffineExpr Windows::span(GraphBuilder &b, unsigned i) const {
  return b.scope.add(b.scope.mul(b.scope.sub(kernel[i], b.expr(1)), b.expr(dilations[i])), b.expr(1));
}

void Windows::addSamePadding(GraphBuilder &b, AffineExpr extent, bool isUpper) {
  dfg::DimScope &scope = b.scope;
  unsigned i = low.size();
  AffineExpr stride = b.expr(strides[i]), last = scope.floorDiv(scope.sub(extent, b.expr(1)), stride);
  AffineExpr total = scope.sub(scope.add(scope.mul(last, stride), span(b, i)), extent);
  total = scope.max(total, b.expr(0));
  AffineExpr half = scope.floorDiv(total, b.expr(2)), rest = scope.sub(total, half);
  low.push_back(isUpper ? half : rest);
  high.push_back(isUpper ? rest : half);
}

SmallVector<int64_t> Windows::pad(GraphBuilder &b, Value &x, double fill) const {
  SmallVector<int64_t> pads;
  bool isStatic = true;
  for (unsigned i = 0; i < count(); ++i) {
    auto before = b.number(low[i]), after = b.number(high[i]);
    isStatic &= before && after;
    // Room for a window that begins inside and ends outside.
    int64_t extra = overhangs ? strides[i] - 1 : 0;
    pads.append({before.value_or(0), after.value_or(0) + extra});
  }
  if (isStatic)
    return pads;
  Dims before{b.expr(0), b.expr(0)}, after{b.expr(0), b.expr(0)};
  for (unsigned i = 0; i < count(); ++i) {
    before.push_back(low[i]);
    after.push_back(high[i]);
  }
  x = b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, fill), before, after);
  for (unsigned i = 0; i < count(); ++i) {
    pads[2 * i] = 0;
    pads[2 * i + 1] = overhangs ? strides[i] - 1 : 0;
  }
  return pads;
}

Value Windows::cut(GraphBuilder &b, Value x, Value y) const {
  dfg::DimScope &scope = b.scope;
  for (unsigned i = 0; overhangs && i < count(); ++i) {
    // Most paddings leave no room for such a window.
    auto after = b.number(high[i]), covered = b.number(span(b, i));
    if (after && covered && *after <= *covered - strides[i])
      continue;
    AffineExpr inside = scope.add(b.dim(x, 2 + i), scope.add(low[i], b.expr(strides[i] - 1)));
    AffineExpr most = scope.floorDiv(inside, b.expr(strides[i]));
    y = b.sliceAxis(y, 2 + i, b.expr(0), scope.min(b.dim(y, 2 + i), most));
  }
  return y;
}

Value channelwise(GraphBuilder &b, Value vector, int64_t rank) {
  if (rank < 2)
    return vector;
  Dims sizes{b.expr(1), b.count(vector)};
  sizes.append(rank - 2, b.expr(1));
  return b.reshape(vector, sizes);
}

//===----------------------------------------------------------------------===//
// Transposed convolutions
//===----------------------------------------------------------------------===//

/// Weights [C, M/groups, kernel...] as those of the convolution that goes the other way:
/// [M, C/groups, kernel...] with the kernel reversed.
static Value transposedWeights(GraphBuilder &b, Value w, int64_t groups) {
  int64_t rank = b.rank(w);
  Dims all = b.dims(w), kernel(all.begin() + 2, all.end());
  AffineExpr group = b.expr(groups), inner = b.scope.floorDiv(all[0], group);
  auto with = [&](std::initializer_list<AffineExpr> leading) {
    Dims sizes(leading);
    sizes.append(kernel);
    return sizes;
  };
  SmallVector<int64_t> permutation{0, 2, 1}, spatial;
  for (int64_t i = 3; i <= rank; ++i)
    permutation.push_back(i);
  for (int64_t i = 2; i < rank; ++i)
    spatial.push_back(i);
  w = b.transpose(b.reshape(w, with({group, inner, all[1]})), permutation);
  w = b.reshape(w, with({b.scope.mul(group, all[1]), inner}));
  return b.create<dfg::ReverseOp>(w, spatial);
}

Value convolveTransposed(GraphBuilder &b, Value x, Value w, ArrayRef<int64_t> strides, ArrayRef<int64_t> dilations,
                         int64_t groups, ArrayRef<AffineExpr> cutLow, ArrayRef<AffineExpr> cutHigh) {
  if (!x || !w)
    return {};
  dfg::DimScope &scope = b.scope;
  unsigned count = strides.size();
  // A convolution of the input with zeros between its elements and as far around as
  // windows reach.
  Dims low{b.expr(0), b.expr(0)}, high = low;
  SmallVector<int64_t> between{0, 0}, pads;
  bool isPlain = true;
  for (unsigned i = 0; i < count; ++i) {
    AffineExpr reach = scope.mul(scope.sub(b.dim(w, 2 + i), b.expr(1)), b.expr(dilations[i]));
    low.push_back(scope.sub(reach, cutLow[i]));
    high.push_back(scope.sub(reach, cutHigh[i]));
    between.push_back(strides[i] - 1);
    auto before = b.number(low.back()), after = b.number(high.back());
    isPlain &= between.back() == 0 && before.value_or(-1) >= 0 && after.value_or(-1) >= 0;
    pads.append({before.value_or(0), after.value_or(0)});
  }
  if (!isPlain) {
    x = b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, 0), low, high, between);
    pads.assign(2 * count, 0);
  }
  SmallVector<int64_t> ones(count, 1);
  return b.create<dfg::ConvOp>(x, transposedWeights(b, w, groups), ones, pads, dilations, groups,
                               /*channels_last=*/false);
}

} // namespace tfc
