// Regions of images, resampled to one size.
#include "Interpolation.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

namespace {
/// Samples of all regions along one dimension: neighbours over [regions, bins, samples * 2],
/// and how many samples a bin of each region has, [regions].
struct RegionSamples {
  Neighbours neighbours;
  Term count, isSample; // [regions], [regions, 1, samples * 2]
};

class Regions {
public:
  Regions(NodeContext &c) : c(c), b(c.b), rois(widened({b, c.input(1)})) {}

  /// Null positions after an error.
  RegionSamples along(unsigned axis, int64_t bins, AffineExpr extent) const {
    bool halfPixel = c.version >= 16 && c.string("coordinate_transformation_mode", "half_pixel") == "half_pixel";
    double scale = c.number("spatial_scale", 1), offset = halfPixel ? 0.5 : 0;
    Term begin = column(1 - axis) * scale - offset, end = column(3 - axis) * scale - offset, size = end - begin;
    if (!halfPixel)
      size = max(size, 1);
    Term bin = size / double(bins);
    int64_t ratio = c.integer("sampling_ratio");
    Term count = ratio > 0 ? bin - bin + double(ratio) : max(ceil(bin), 0);
    auto most = ratio > 0 ? b.expr(ratio) : mostOf(count);
    // Over [regions, bins, samples].
    auto perRegion = [&](Term x) { return Term(b, b.unsqueeze(x, {1, 2})); };
    Term start = perRegion(begin) + positions(b.expr(bins), 1) * perRegion(bin), sample = positions(most, 2);
    Term x = start + (sample + 0.5) * perRegion(bin) / perRegion(count), size1 = countLike(x, extent);
    Term isSample = sample < perRegion(count), counts = isSample & (x >= -1) & (x <= size1);
    Neighbours own = Sampling{"linear", "border", true}.neighbours(x, extent);
    Term weights = select(Term(b, b.unsqueeze(counts, {3})), own.weights, own.weights.number(0));
    auto flat = [&](Term y) { return Term(b, b.flatten(y, 2, 4)); };
    Term both{b, b.broadcastTo(b.unsqueeze(isSample, {3}), twice(isSample))};
    return {{flat(own.positions), flat(weights)}, count, flat(both)};
  }

private:
  Term column(int64_t i) const { return {b, b.squeeze(b.sliceAxis(rois, 1, b.expr(i), b.expr(1)), {1})}; }
  Term positions(AffineExpr count, int64_t axis) const {
    Dims shape(3, b.expr(1));
    shape[axis] = count;
    return {b, b.iota(b.elementType(rois), shape, axis)};
  }
  Dims twice(Value x) const {
    Dims shape = b.dims(x);
    shape.push_back(b.expr(2));
    return shape;
  }
  /// The greatest number, which the step reads; of no numbers 0.
  AffineExpr mostOf(Term count) const {
    Value most = max(Term(b, b.reduce(dfg::ReduceKind::Max, count, {0}, /*keepDims=*/false)), 0);
    auto content = b.content(b.cast(most, b.builder.getI64Type()));
    return succeeded(content) ? content->front() : b.expr(0);
  }

  NodeContext &c;
  GraphBuilder &b;
  Value rois;
};
} // namespace

static LogicalResult importRoiAlign(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(1, 2, 2)) || failed(c.requireRank(2, 1, 1)) ||
      failed(c.requireSameElements({0, 1})))
    return failure();
  StringRef mode = c.string("mode", "avg");
  int64_t height = c.integer("output_height", 1), width = c.integer("output_width", 1);
  if (failed(requireOneOf(c, "mode", mode, {"avg", "max"})))
    return failure();
  if (height < 1 || width < 1 || c.integer("sampling_ratio") < 0)
    return c.error() << "has output_height " << height << ", output_width " << width << " and sampling_ratio "
                     << c.integer("sampling_ratio") << ", expected positive extents and a ratio of at least 0";
  Value x = c.input(0);
  Dims dims = b.dims(x);
  Regions regions(c);
  RegionSamples rows = regions.along(0, height, dims[2]), columns = regions.along(1, width, dims[3]);
  // Over [regions, rows, columns, terms].
  auto ofRows = [&](Term t) { return Term(b, b.unsqueeze(t, {2})); };
  auto ofColumns = [&](Term t) { return Term(b, b.unsqueeze(t, {1})); };
  Neighbours all = cross({ofRows(rows.neighbours.positions), ofRows(rows.neighbours.weights)},
                         {ofColumns(columns.neighbours.positions), ofColumns(columns.neighbours.weights)}, dims[3]);
  Term image{b, b.unsqueeze(b.cast(c.input(2), b.builder.getI64Type()), {1, 2})};
  if (!all.positions || !all.weights)
    return failure();
  if (mode == "avg") {
    Term count = max(rows.count * columns.count, 1);
    all.weights = all.weights / Term(b, b.unsqueeze(count, {1, 2, 3}));
    return c.result(channelsSecond(b, sampleImages(b, x, image, all)));
  }
  // The maximum of the weighted neighbours themselves, not of what is interpolated.
  Term start = image * countLike(image, b.scope.mul(dims[2], dims[3]));
  Value places = Term(b, b.unsqueeze(start, {3})) + all.positions;
  Term neighbours{b, b.create<dfg::GatherOp>(pixels(b, x), places, int64_t(0))};
  auto perChannel = [&](Term t) { return Term(b, b.unsqueeze(t, {4})); };
  Term weighted = widened(neighbours) * perChannel(all.weights);
  int64_t rank = 4;
  Term isSample{b, b.flatten(Term(b, b.unsqueeze(ofRows(rows.isSample), {rank})) &
                                 Term(b, b.unsqueeze(ofColumns(columns.isSample), {rank - 1})),
                             rank - 1, rank + 1)};
  weighted = select(perChannel(isSample), weighted, weighted.number(-HUGE_VAL));
  Term most{b, b.reduce(dfg::ReduceKind::Max, weighted, {3}, /*keepDims=*/false)};
  most = select(equal(most, -HUGE_VAL), most.number(0), most);
  return c.result(channelsSecond(b, most.cast(b.elementType(x))));
}

void registerRegionOps(OpRegistry &ops) { ops.add("RoiAlign", importRoiAlign); }

} // namespace tfc
