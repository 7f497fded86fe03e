// Layouts and windows as nodes say them.
#include "Images.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

SmallVector<int64_t> toChannelsFirst(int64_t rank) {
  SmallVector<int64_t> permutation{0, rank - 1};
  for (int64_t i = 1; i < rank - 1; ++i)
    permutation.push_back(i);
  return permutation;
}

SmallVector<int64_t> toChannelsLast(int64_t rank) {
  SmallVector<int64_t> permutation{0};
  for (int64_t i = 2; i < rank; ++i)
    permutation.push_back(i);
  permutation.push_back(1);
  return permutation;
}

FailureOr<Dims> readSizes(NodeContext &c, unsigned i, int64_t count) {
  if (failed(c.requireRank(i, 1, 1)))
    return failure();
  if (auto given = c.b.number(c.b.dim(c.input(i), 0)); given && *given != count)
    return c.error() << "has " << *given << " sizes, expected " << count;
  return c.b.content(c.b.reshape(c.input(i), c.b.expr(count)));
}

FailureOr<Images> Images::of(NodeContext &c, int64_t rank) {
  StringRef last = rank == 5 ? "NDHWC" : "NHWC", first = rank == 5 ? "NCDHW" : "NCHW";
  StringRef format = c.string("data_format", last);
  if (format != last && format != first)
    return c.unsupported() << "has data_format '" << format << "', expected " << last << " or " << first;
  return Images(c, rank, format == last);
}

Value Images::read(Value x) const { return isLast ? c->b.transpose(x, toChannelsFirst(rank)) : x; }
Value Images::write(Value y) const { return isLast ? c->b.transpose(y, toChannelsLast(rank)) : y; }

Dims Images::read(ArrayRef<AffineExpr> sizes) const {
  Dims result(sizes);
  if (isLast)
    std::rotate(result.begin() + 1, result.end() - 1, result.end());
  return result;
}

FailureOr<SmallVector<int64_t>> Images::steps(ArrayRef<int64_t> all, StringRef what) const {
  if (int64_t(all.size()) != rank || llvm::any_of(all, [](int64_t step) { return step < 1 || step > INT32_MAX; }))
    return c->error() << "has " << what << " [" << all << "], expected " << rank << " positive numbers below 2^31";
  SmallVector<int64_t> spatial(all.slice(firstSpatial(), count()));
  if (all.front() != 1 || all[isLast ? rank - 1 : 1] != 1)
    return c->unsupported() << "has " << what << " [" << all << "], expected 1 for batch and channels";
  return spatial;
}

FailureOr<SmallVector<int64_t>> Images::steps(StringRef attribute) const {
  SmallVector<int64_t> all = c->integers(attribute);
  return steps(all.empty() ? SmallVector<int64_t>(rank, 1) : all, attribute);
}

FailureOr<Windows> Images::windows(ArrayRef<AffineExpr> kernel, ArrayRef<AffineExpr> sizes,
                                   std::optional<SmallVector<int64_t>> given) const {
  GraphBuilder &b = c->b;
  if (int64_t(sizes.size()) != rank || kernel.size() != count())
    return c->error() << "has windows over " << kernel.size() << " dimensions of images of rank " << sizes.size();
  FailureOr<SmallVector<int64_t>> strides = given ? FailureOr<SmallVector<int64_t>>(*given) : steps("strides"),
                                  dilations = steps("dilations");
  if (failed(strides) || failed(dilations))
    return failure();
  StringRef padding = c->string("padding");
  SmallVector<int64_t> pads = c->integers("explicit_paddings");
  if (padding != "SAME" && padding != "VALID" && padding != "EXPLICIT")
    return c->error() << "has padding '" << padding << "', expected SAME, VALID or EXPLICIT";
  if (padding == "EXPLICIT" &&
      (int64_t(pads.size()) != 2 * rank || llvm::any_of(pads, [](int64_t pad) { return pad < 0 || pad > INT32_MAX; })))
    return c->error() << "has explicit_paddings [" << pads << "], expected " << 2 * rank << " numbers from 0 to 2^31";
  Windows windows{Dims(kernel), *strides, *dilations, {}, {}};
  for (unsigned i = 0; i < count(); ++i) {
    if (padding == "SAME") {
      windows.addSamePadding(b, sizes[2 + i]);
      continue;
    }
    unsigned at = 2 * (firstSpatial() + i);
    windows.low.push_back(b.expr(padding == "VALID" ? 0 : pads[at]));
    windows.high.push_back(b.expr(padding == "VALID" ? 0 : pads[at + 1]));
  }
  return windows;
}

} // namespace tfc::tf
