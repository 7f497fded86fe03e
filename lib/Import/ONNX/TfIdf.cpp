// TfIdfVectorizer: how often given n-grams occur.
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

namespace {

/// Every step between elements is spelled out.
constexpr int64_t kMostSkipped = 1000;

/// The n-grams of a node. Those of n elements stand one after the other in the pool from
/// `starts[n - 1]` on; gram g of all counts in column `columns[g]`.
struct Grams {
  SmallVector<int64_t> pool, starts, columns;
  int64_t least, most, mostSkipped;

  static FailureOr<Grams> read(NodeContext &c) {
    if (c.hasAttribute("pool_strings"))
      return c.unsupported() << "has n-grams of strings, expected integers";
    Grams grams{c.integers("pool_int64s"),       c.integers("ngram_counts"),      c.integers("ngram_indexes"),
                c.integer("min_gram_length", 1), c.integer("max_gram_length", 1), c.integer("max_skip_count")};
    if (grams.least < 1 || grams.most < grams.least || grams.mostSkipped < 0 || grams.mostSkipped > kMostSkipped)
      return c.error() << "has min_gram_length " << grams.least << ", max_gram_length " << grams.most
                       << " and max_skip_count " << grams.mostSkipped
                       << ", expected at least 1, no less than that, and 0 to " << kMostSkipped;
    if (grams.columns.empty() ||
        llvm::any_of(grams.columns, [](int64_t column) { return column < 0 || column > INT32_MAX; }))
      return c.error() << "has ngram_indexes [" << grams.columns << "], expected indices below 2^31";
    grams.most = std::min<int64_t>(grams.most, grams.starts.size());
    int64_t all = 0, before = 0;
    for (int64_t n = 1; n <= int64_t(grams.starts.size()); ++n) {
      int64_t start = grams.starts[n - 1];
      if (start < before || start > int64_t(grams.pool.size()))
        return c.error() << "has ngram_counts [" << grams.starts << "], expected ascending positions in the pool of "
                         << grams.pool.size();
      before = start;
      all += grams.count(n);
    }
    if (all > int64_t(grams.columns.size()))
      return c.error() << "has " << all << " n-grams and " << grams.columns.size() << " ngram_indexes";
    return grams;
  }

  int64_t end(int64_t n) const { return n < int64_t(starts.size()) ? starts[n] : int64_t(pool.size()); }
  int64_t count(int64_t n) const { return n <= int64_t(starts.size()) ? (end(n) - starts[n - 1]) / n : 0; }

  /// Element k of all grams of n.
  SmallVector<int64_t> elements(int64_t n, int64_t k) const {
    SmallVector<int64_t> result;
    for (int64_t g = 0; g < count(n); ++g)
      result.push_back(pool[starts[n - 1] + g * n + k]);
    return result;
  }
};

} // namespace

/// How often each gram of n elements occurs in the rows of x [rows, extent] with `step` from
/// element to element: f32 [rows, grams].
static Term occurrences(GraphBuilder &b, Value x, const Grams &grams, int64_t n, int64_t step) {
  AffineExpr extent = b.dim(x, 1), span = b.expr((n - 1) * step);
  AffineExpr places = b.scope.max(b.scope.sub(extent, span), b.expr(0));
  std::optional<Term> isThere;
  for (int64_t k = 0; k < n; ++k) {
    // Behind the end of a row that is too short there is nothing to read.
    AffineExpr offset = b.scope.min(b.expr(k * step), b.scope.sub(extent, places));
    Term element{b, b.unsqueeze(b.sliceAxis(x, 1, offset, places), {2})};
    Term same = equal(element, Term(b, b.integers(grams.elements(n, k), b.elementType(x))));
    isThere = isThere ? *isThere & same : same;
  }
  return {b, b.reduce(dfg::ReduceKind::Sum, isThere->cast(b.builder.getF32Type()), {1}, /*keepDims=*/false)};
}

static LogicalResult importTfIdf(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f32 = b.builder.getF32Type(), i64 = b.builder.getI64Type();
  auto grams = Grams::read(c);
  if (failed(c.requireRank(0, 0, 2)) || failed(grams))
    return failure();
  StringRef mode = c.string("mode");
  if (mode != "TF" && mode != "IDF" && mode != "TFIDF")
    return c.error() << "has mode '" << mode << "', expected TF, IDF or TFIDF";
  int64_t rank = b.rank(c.input(0)), columns = *llvm::max_element(grams->columns) + 1;
  AffineExpr rows = rank == 2 ? b.dim(c.input(0), 0) : b.expr(1);
  AffineExpr extent = rank == 0 ? b.expr(1) : b.dim(c.input(0), rank - 1);
  Value x = b.cast(b.reshape(c.input(0), {rows, extent}), i64);
  Value counts = b.filled(f32, {rows, b.expr(columns)}, 0);
  int64_t first = 0;
  for (int64_t n = 1; n <= grams->most; first += grams->count(n++)) {
    if (n < grams->least || grams->count(n) == 0)
      continue;
    Term sum = occurrences(b, x, *grams, n, 1);
    // Single elements are no farther apart than before.
    for (int64_t step = 2; n > 1 && step <= grams->mostSkipped + 1; ++step)
      sum = sum + occurrences(b, x, *grams, n, step);
    Value places = b.integers(ArrayRef(grams->columns).slice(first, grams->count(n)));
    counts = b.create<dfg::ScatterElementsOp>(dfg::ReduceKind::Sum, counts, b.broadcastTo(places, b.dims(sum)), sum,
                                              int64_t(1));
  }
  Term y{b, counts};
  if (mode == "IDF")
    y = (y > 0).cast(f32);
  if (SmallVector<double> weights = c.numbers("weights"); mode != "TF" && !weights.empty()) {
    if (int64_t(weights.size()) != columns)
      return c.error() << "has " << weights.size() << " weights, expected " << columns;
    y = y * Term(b, b.fromNumbers(weights, columns, f32));
  }
  return c.result(rank == 2 ? Value(y) : b.squeeze(y, {0}));
}

void registerTfIdfOps(OpRegistry &ops) { ops.add("TfIdfVectorizer", importTfIdf); }

} // namespace tfc
