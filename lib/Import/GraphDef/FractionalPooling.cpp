// Pools over regions of random extents, which their seed tells at compile time.
#include <cmath>

#include "Images.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

namespace {
/// Philox 4x32-10 (Salmon and others, 2011), as TensorFlow seeds it.
class Philox {
public:
  Philox(uint64_t seed, uint64_t seed2)
      : key{uint32_t(seed), uint32_t(seed >> 32)}, counter{0, 0, uint32_t(seed2), uint32_t(seed2 >> 32)} {}

  /// The next one of a block's four numbers.
  uint32_t next() {
    if (used == 4) {
      block = encrypt();
      used = 0;
      counter[0] += 1;
      counter[1] += counter[0] == 0;
    }
    return block[used++];
  }
  /// Whatever is left of a block is not used.
  void finishBlock() { used = 4; }

private:
  std::array<uint32_t, 4> encrypt() const {
    std::array<uint32_t, 4> x = counter;
    uint32_t first = key[0], second = key[1];
    for (int round = 0; round < 10; ++round) {
      uint64_t a = uint64_t(0xD2511F53) * x[0], b = uint64_t(0xCD9E8D57) * x[2];
      x = {uint32_t(b >> 32) ^ x[1] ^ first, uint32_t(b), uint32_t(a >> 32) ^ x[3] ^ second, uint32_t(a)};
      first += 0x9E3779B9;
      second += 0xBB67AE85;
    }
    return x;
  }

  std::array<uint32_t, 2> key;
  std::array<uint32_t, 4> counter, block{};
  int used = 4;
};
} // namespace

/// Where regions begin, and the end of the last one: extents that differ by one, shuffled,
/// or (Graham, 2015) the whole parts of an arithmetic sequence with a random start.
static SmallVector<int64_t> regionsOf(int64_t from, int64_t to, Philox &random, bool pseudoRandom) {
  SmallVector<int64_t> extents(to, from / to), bounds{0};
  if (from % to != 0 && !pseudoRandom) {
    for (int64_t i = 0; i < from % to; ++i)
      ++extents[i];
    for (int64_t i = 0; i + 1 < to; ++i)
      std::swap(extents[i], extents[i + random.next() % (to - i)]);
    random.next(); // as many numbers are set aside as there are regions
  } else if (from % to != 0) {
    double alpha = double(from) / double(to), k = double(from / to);
    double most = std::min((k + 2) / alpha - 1, (double(from) + 1 - k) / alpha - double(to - 1));
    uint64_t high = random.next() & 0xfffff, low = random.next();
    double start = std::ldexp(double(high << 32 | low), -52) * most;
    for (int64_t i = 0, last = 1; i < to; ++i) {
      int64_t end = i + 1 == to ? from + 1 : int64_t(std::ceil(alpha * (double(i + 1) + start)));
      extents[i] = end - std::exchange(last, end);
    }
  }
  random.finishBlock();
  for (int64_t extent : extents)
    bounds.push_back(bounds.back() + extent);
  return bounds;
}

/// The elements of each region, as a table [regions, elements]: shorter ones repeat their
/// last one.
static Value regionTable(GraphBuilder &b, ArrayRef<int64_t> bounds, int64_t extent, bool overlapping) {
  int64_t longest = 1, count = bounds.size() - 1;
  auto last = [&](int64_t i) { return std::min(overlapping ? bounds[i + 1] : bounds[i + 1] - 1, extent - 1); };
  for (int64_t i = 0; i < count; ++i)
    longest = std::max(longest, last(i) - bounds[i] + 1);
  SmallVector<int64_t> table;
  for (int64_t i = 0; i < count; ++i)
    for (int64_t k = 0; k < longest; ++k)
      table.push_back(std::min(bounds[i] + k, last(i)));
  return b.constant(
      DenseElementsAttr::get(RankedTensorType::get({count, longest}, b.builder.getI64Type()), ArrayRef(table)));
}

/// x [N, H, W, C] as [N, rows, elements, columns, elements, C].
static Value regions(GraphBuilder &b, Value x, Value rows, Value columns) {
  return b.create<dfg::GatherOp>(b.create<dfg::GatherOp>(x, columns, int64_t(2)), rows, int64_t(1));
}

static FailureOr<std::pair<int64_t, int64_t>> knownExtents(NodeContext &c) {
  if (failed(c.requireRank(0, 4, 4)))
    return failure();
  auto height = c.b.number(c.b.dim(c.input(0), 1)), width = c.b.number(c.b.dim(c.input(0), 2));
  if (!height || !width)
    return c.unsupported() << "has images of type " << c.input(0).getType() << ", expected a known height and width";
  return std::pair(*height, *width);
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

/// The bounds of rows and columns for images of these extents.
static FailureOr<SmallVector<SmallVector<int64_t>, 2>> boundsOf(NodeContext &c, std::pair<int64_t, int64_t> extents) {
  const auto *ratios = c.attribute("pooling_ratio");
  if (!ratios || ratios->list().f_size() != 4)
    return c.error() << "has no pooling_ratio of 4 numbers";
  Philox random(c.integer("seed"), c.integer("seed2"));
  SmallVector<SmallVector<int64_t>, 2> bounds;
  for (auto [i, extent] : {std::pair(1, extents.first), std::pair(2, extents.second)}) {
    int64_t count = int64_t(std::floor(float(extent) / ratios->list().f(i)));
    if (count < 1 || count > extent || extent > dfg::kMostFolded)
      return c.error() << "has pooling_ratio " << ratios->list().f(i) << " for an extent of " << extent;
    bounds.push_back(regionsOf(extent, count, random, c.boolean("pseudo_random")));
  }
  return bounds;
}

static LogicalResult importFractionalMaxPool(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto extents = knownExtents(c);
  if (failed(extents))
    return failure();
  auto bounds = boundsOf(c, *extents);
  if (failed(bounds))
    return failure();
  auto table = [&](int i, int64_t extent) { return regionTable(b, (*bounds)[i], extent, c.boolean("overlapping")); };
  Value all = regions(b, c.input(0), table(0, extents->first), table(1, extents->second));
  return c.results({b.reduce(dfg::ReduceKind::Max, all, {2, 4}, /*keepDims=*/false), b.integers((*bounds)[0]),
                    b.integers((*bounds)[1])});
}

/// Inputs: x, y, dy, and the bounds of rows and columns.
static LogicalResult importFractionalMaxPoolGrad(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto extents = knownExtents(c);
  auto rowBounds = c.constants(3), columnBounds = c.constants(4);
  if (failed(extents) || failed(rowBounds) || failed(columnBounds) || failed(c.requireSameElements({0, 2})))
    return failure();
  if (rowBounds->size() < 2 || columnBounds->size() < 2)
    return c.error() << "has no regions";
  bool overlapping = c.boolean("overlapping");
  Type i64 = b.builder.getI64Type();
  Value rows = regionTable(b, *rowBounds, extents->first, overlapping);
  Value columns = regionTable(b, *columnBounds, extents->second, overlapping);
  Value all = b.transpose(regions(b, c.input(0), rows, columns), {0, 1, 3, 5, 2, 4});
  Term element{b, b.createAs<dfg::ArgReduceOp>(i64, dfg::ReduceKind::Max, b.flatten(all, 4, 6), int64_t(4),
                                               /*keep_dims=*/false, /*last=*/false)};
  Dims sizes = b.dims(c.input(0)), own = b.dims(element);
  Term perRow = countLike(element, b.dim(rows, 1)), perColumn = countLike(element, b.dim(columns, 1));
  auto place = [&](Value table, Term region, Term entry, Term longest) {
    return Term(b, b.create<dfg::GatherOp>(b.flatten(table, 0, 2), region * longest + entry, int64_t(0)));
  };
  Term inRow = element / perColumn;
  Term row = place(rows, positionsAlong(b, own[1], 1, 4), inRow, perRow);
  Term column = place(columns, positionsAlong(b, own[2], 2, 4), element - inRow * perColumn, perColumn);
  Term flat = positionsAlong(b, own[0], 0, 4) * countLike(row, sizes[1]) + row;
  flat = (flat * countLike(row, sizes[2]) + column) * countLike(row, sizes[3]) + positionsAlong(b, own[3], 3, 4);
  Value zeros = b.filled(b.elementType(c.input(2)), {b.count(c.input(0))}, 0);
  Value sums = b.create<dfg::ScatterElementsOp>(dfg::ReduceKind::Sum, zeros, b.flatten(flat, 0, 4),
                                                b.flatten(c.input(2), 0, 4), int64_t(0));
  return c.result(b.reshape(sums, sizes));
}

//===----------------------------------------------------------------------===//
// Averages
//===----------------------------------------------------------------------===//

/// The share of each element in each region, [regions, elements].
static Value shares(GraphBuilder &b, ArrayRef<int64_t> bounds, int64_t extent, bool overlapping) {
  int64_t count = bounds.size() - 1;
  SmallVector<double> matrix(count * extent, 0);
  for (int64_t i = 0; i < count; ++i) {
    int64_t end = std::min(bounds[i + 1] + (overlapping ? 1 : 0), extent);
    for (int64_t k = bounds[i]; k < end; ++k)
      matrix[i * extent + k] = 1.0 / double(end - bounds[i]);
  }
  return b.fromNumbers(matrix, {count, extent}, b.builder.getF64Type());
}

/// Images [N, H, W, C] times such matrices, or the transposed ones.
static Value product(NodeContext &c, Value x, Value rows, Value columns, StringRef equation) {
  GraphBuilder &b = c.b;
  Type f64 = b.builder.getF64Type();
  SmallVector<Value> results = c.onnx("Einsum", {rows, b.cast(x, f64), columns}, {{"equation", equation}});
  return results.empty() ? Value() : b.cast(results.front(), b.elementType(x));
}

static LogicalResult importFractionalAvgPool(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto extents = knownExtents(c);
  if (failed(extents))
    return failure();
  auto bounds = boundsOf(c, *extents);
  if (failed(bounds))
    return failure();
  auto matrix = [&](int i, int64_t extent) { return shares(b, (*bounds)[i], extent, c.boolean("overlapping")); };
  Value y = product(c, c.input(0), matrix(0, extents->first), matrix(1, extents->second), "rh,nhwc,qw->nrqc");
  return c.results({y, b.integers((*bounds)[0]), b.integers((*bounds)[1])});
}

/// Inputs: the sizes of x, dy, and the bounds of rows and columns.
static LogicalResult importFractionalAvgPoolGrad(NodeContext &c) {
  auto sizes = c.constants(0), rowBounds = c.constants(2), columnBounds = c.constants(3);
  if (failed(sizes) || failed(rowBounds) || failed(columnBounds) || failed(c.requireRank(1, 4, 4)))
    return failure();
  if (sizes->size() != 4 || rowBounds->size() < 2 || columnBounds->size() < 2)
    return c.error() << "has " << sizes->size() << " sizes, expected 4, and regions";
  auto matrix = [&](ArrayRef<int64_t> bounds, int64_t extent) {
    return shares(c.b, bounds, extent, c.boolean("overlapping"));
  };
  return c.result(
      product(c, c.input(1), matrix(*rowBounds, (*sizes)[1]), matrix(*columnBounds, (*sizes)[2]), "rh,nrqc,qw->nhwc"));
}

void registerFractionalPoolingOps(OpRegistry &ops) {
  ops.add("FractionalAvgPool", importFractionalAvgPool);
  ops.add("FractionalAvgPoolGrad", importFractionalAvgPoolGrad);
  ops.add("FractionalMaxPool", importFractionalMaxPool);
  ops.add("FractionalMaxPoolGrad", importFractionalMaxPoolGrad);
}

} // namespace tfc::tf
