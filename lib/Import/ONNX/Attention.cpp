// Scaled dot-product attention and what models put around it: rotary embeddings, updates
// of key and value caches.
#include "Attention.h"

#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Heads
//===----------------------------------------------------------------------===//

Value splitHeads(NodeContext &c, Value x, int64_t heads) {
  if (!x)
    return {};
  if (auto hidden = c.b.number(c.b.dim(x, 2)); hidden && *hidden % heads != 0) {
    c.error() << "has an input of " << *hidden << " columns, expected a multiple of its " << heads << " heads";
    return {};
  }
  Dims sizes = c.b.dims(x);
  sizes.back() = c.b.scope.floorDiv(sizes.back(), c.b.expr(heads));
  sizes.insert(sizes.begin() + 2, c.b.expr(heads));
  return c.b.transpose(c.b.reshape(x, sizes), {0, 2, 1, 3});
}

Value joinHeads(GraphBuilder &b, Value x) { return b.flatten(b.transpose(x, {0, 2, 1, 3}), 2, 4); }

Value multiplyHeads(GraphBuilder &b, Value x, Value y) {
  Dims xs = b.dims(x), ys = b.dims(y);
  if (!x || !y || xs[1] == ys[1])
    return b.create<dfg::MatmulOp>(x, y);
  Dims grouped = xs, result = xs;
  grouped[1] = ys[1];
  grouped[2] = b.scope.mul(b.scope.floorDiv(xs[1], ys[1]), xs[2]);
  result[3] = ys[3];
  return b.reshape(b.create<dfg::MatmulOp>(b.reshape(x, grouped), y), result);
}

LogicalResult checkHeads(NodeContext &c, AffineExpr queryHeads, AffineExpr keyHeads) {
  auto many = c.b.number(queryHeads), few = c.b.number(keyHeads);
  if (many && few && (*few < 1 || *many % *few != 0))
    return c.error() << "has " << *many << " query heads, expected a multiple of its " << *few << " key heads";
  return success();
}

Value scaledScores(NodeContext &c, Value query, Value key) {
  GraphBuilder &b = c.b;
  Term q(b, query), k(b, key);
  Type element = b.elementType(query);
  // Narrow floats are scaled by the square root on both sides, so that none overflows.
  bool isNarrow = wideType(element) != element;
  Dims sizes = b.dims(query);
  auto headSize = sizes.empty() ? std::nullopt : b.number(sizes.back());
  if (c.hasAttribute("scale") || headSize) {
    double scale = c.hasAttribute("scale") ? c.number("scale") : 1 / std::sqrt(double(*headSize));
    if (isNarrow)
      k = k * std::sqrt(scale);
    q = q * (isNarrow ? std::sqrt(scale) : scale);
  } else if (query) {
    Term size = countLike(widened(q), sizes.back());
    q = (widened(q) / sqrt(size)).cast(element);
  }
  return multiplyHeads(b, q, b.transpose(k, {0, 1, 3, 2}));
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

namespace {

class Attention {
public:
  explicit Attention(NodeContext &c) : c(c), b(c.b) {}

  LogicalResult run() {
    if (failed(readInputs()))
      return failure();
    Value presentKey = key, presentValue = value;
    Term raw(b, scaledScores(c, query, key)), scores = raw;
    if (double cap = c.number("softcap"); cap > 0)
      scores = tanh(scores / cap) * cap;
    Value capped = scores, masked = scores;
    Term bias(b, additiveMask());
    if (bias)
      masked = scores = scores + bias;

    Type element = b.elementType(query);
    if (c.hasAttribute("softmax_precision"))
      scores = scores.cast(c.elementType("softmax_precision", 1));
    Term weights(b, b.create<dfg::SoftmaxOp>(scores, 3));
    // Rows without any key are zero, where softmax gives NaN.
    if (bias && mayHideRows) {
      Term most(b, b.reduce(dfg::ReduceKind::Max, bias, b.rank(bias) - 1));
      weights = select(equal(most, -INFINITY), weights.number(0), weights);
    }
    weights = weights.cast(element);
    Value result = multiplyHeads(b, weights, value);

    Value shown[] = {raw, capped, masked, weights};
    int64_t mode = c.integer("qk_matmul_output_mode");
    if (mode < 0 || mode > 3)
      return c.error() << "has qk_matmul_output_mode " << mode << ", expected 0 to 3";
    return c.results({isFlat ? joinHeads(b, result) : result, presentKey, presentValue, shown[mode]});
  }

private:
  LogicalResult readInputs() {
    if (failed(c.requireRank(0, 3, 4)) || failed(c.requireSameElements({0, 1})))
      return failure();
    isFlat = b.rank(c.input(0)) == 3;
    for (unsigned i : {1, 2})
      if (failed(c.requireRank(i, isFlat ? 3 : 4, isFlat ? 3 : 4)))
        return failure();
    query = c.input(0), key = c.input(1), value = c.input(2);
    if (isFlat) {
      int64_t queryHeads = c.integer("q_num_heads"), keyHeads = c.integer("kv_num_heads");
      if (queryHeads < 1 || keyHeads < 1)
        return c.error() << "has q_num_heads " << queryHeads << " and kv_num_heads " << keyHeads
                         << ", expected at least 1 for inputs of rank 3";
      query = splitHeads(c, query, queryHeads);
      key = splitHeads(c, key, keyHeads);
      value = splitHeads(c, value, keyHeads);
    }
    if (failed(checkHeads(c, b.dim(query, 1), b.dim(key, 1))))
      return failure();
    if (c.hasInput(4) != c.hasInput(5))
      return c.error() << "has one of past_key and past_value, expected both or none";
    offset = b.expr(0);
    if (c.hasInput(4)) {
      if (failed(c.requireRank(4, 4, 4)) || failed(c.requireRank(5, 4, 4)))
        return failure();
      offset = b.dim(c.input(4), 2);
      key = b.concat({c.input(4), key}, 2);
      value = b.concat({c.input(5), value}, 2);
    }
    if (c.hasInput(6) && failed(c.requireRank(6, 1, 1)))
      return failure();
    return success(query && key && value);
  }

  /// What is added to the scores: the float mask, and minus infinity where a key is
  /// hidden from a query. Null if nothing is.
  Value additiveMask() {
    Value mask = paddedMask();
    bool isBoolean = mask && b.elementType(mask).isInteger(1);
    mayHideRows = bool(mask);
    Value visible = isBoolean ? mask : Value();
    auto require = [&](Value condition) { visible = visible ? b.create<dfg::AndOp>(visible, condition) : condition; };

    // Lengths of the sequences of the batch as [batch, 1, 1, 1].
    Value lengths = c.input(6);
    if (lengths)
      lengths = b.unsqueeze(b.cast(lengths, b.builder.getI64Type()), {1, 2, 3});
    int64_t left = c.integer("left_window_size", -1), right = c.integer("right_window_size", -1);
    bool isCausal = c.integer("is_causal");
    if (isCausal || left >= 0 || right >= 0) {
      Term ahead(b, distance(lengths)); // of the key, seen from the query
      if (isCausal)
        right = right < 0 ? 0 : std::min<int64_t>(right, 0);
      if (right >= 0)
        require(ahead <= double(right));
      if (left >= 0)
        require(ahead >= double(-left));
      mayHideRows |= left >= 0 || right > 0 || bool(lengths);
    }
    if (lengths) {
      require(b.compare(dfg::CompareKind::LT, positions(b.dim(key, 2), 3), lengths));
      mayHideRows = true;
    }
    if (!visible)
      return mask;
    Value shown = mask && !isBoolean ? mask : b.scalarLike(query, 0);
    return b.select(visible, shown, b.scalarLike(query, -INFINITY));
  }

  /// The mask may name fewer keys than there are: the others are hidden.
  Value paddedMask() {
    Value mask = c.input(3);
    if (!mask || b.rank(mask) == 0)
      return mask;
    AffineExpr missing = b.scope.sub(b.dim(key, 2), b.dim(mask, -1));
    if (b.number(missing) == 0)
      return mask;
    Dims low(b.rank(mask), b.expr(0)), high = low;
    high.back() = missing;
    bool isBoolean = b.elementType(mask).isInteger(1);
    return b.pad(dfg::PadMode::Constant, mask, b.scalarLike(mask, isBoolean ? 0 : -INFINITY), low, high);
  }

  /// 0, 1, 2, ... along an axis of a tensor of rank 4 whose other extents are 1.
  Value positions(AffineExpr count, int64_t axis) {
    Dims sizes(4, b.expr(1));
    sizes[axis] = count;
    return b.iota(b.builder.getI64Type(), sizes, axis);
  }

  /// Position of each key minus that of each query. Queries follow the keys that were
  /// there before: the past ones, or those that `lengths` count beyond the queries.
  Value distance(Value lengths) {
    Term queries(b, positions(b.dim(query, 2), 2)), keys(b, positions(b.dim(key, 2), 3));
    Type i64 = b.builder.getI64Type();
    Term before(b, b.fromContent(offset, {}, i64));
    if (lengths && !c.hasInput(4))
      before = Term(b, lengths) - Term(b, b.fromContent(b.dim(query, 2), {}, i64));
    return keys - (queries + before);
  }

  NodeContext &c;
  GraphBuilder &b;
  bool isFlat = false;
  Value query, key, value; // [batch, heads, sequence, head size]
  /// Number of past keys.
  AffineExpr offset;
  /// Whether some query may see no key at all.
  bool mayHideRows = false;
};

} // namespace

static LogicalResult importAttention(NodeContext &c) { return Attention(c).run(); }

/// Scores and probabilities pass through subgraphs of the model.
static LogicalResult importFlexAttention(NodeContext &c) {
  GraphBuilder &b = c.b;
  for (unsigned i : {0, 1, 2})
    if (failed(c.requireRank(i, 4, 4)))
      return failure();
  if (failed(c.requireSameElements({0, 1, 2})))
    return failure();
  Value query = c.input(0), key = c.input(1), value = c.input(2);
  if (failed(checkHeads(c, b.dim(query, 1), b.dim(key, 1))))
    return failure();
  Type element = b.elementType(query), computed = wideType(element);
  if (c.hasAttribute("softmax_precision"))
    computed = c.elementType("softmax_precision", 1);
  auto modified = [&](StringRef name, Value x) -> Value {
    if (!c.hasAttribute(name) || !x)
      return x;
    const onnx::GraphProto *graph = c.graph(name);
    auto results = graph ? c.inlineGraph(*graph, x) : FailureOr<SmallVector<Value>>();
    if (failed(results))
      return {};
    if (results->size() == 1)
      return results->front();
    c.error() << "has a " << name << " with " << results->size() << " outputs, expected 1";
    return {};
  };
  Value scores = b.cast(scaledScores(c, query, key), computed);
  Value weights = b.create<dfg::SoftmaxOp>(modified("score_mod", scores), 3);
  Value result = multiplyHeads(b, modified("prob_mod", weights), b.cast(value, computed));
  return c.result(b.cast(result, element));
}

//===----------------------------------------------------------------------===//
// Rotary embeddings
//===----------------------------------------------------------------------===//

static LogicalResult importRotaryEmbedding(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireRank(0, 3, 4)) || failed(c.requireSameElements({0, 1, 2})))
    return failure();
  Value x = c.input(0);
  Dims given = b.dims(x);
  // The heads stand before the sequence in rank 4 and behind it in rank 3.
  bool isFlat = b.rank(x) == 3;
  if (isFlat) {
    int64_t heads = c.integer("num_heads");
    if (heads < 1)
      return c.error() << "has num_heads " << heads << ", expected at least 1 for an input of rank 3";
    x = b.reshape(x, {given[0], given[1], b.expr(heads), b.scope.floorDiv(given[2], b.expr(heads))});
  }
  // Cosines and sines of [batch, sequence, half].
  auto angles = [&](unsigned i) -> FailureOr<Term> {
    bool isTable = c.hasInput(3);
    if (failed(c.requireRank(i, isTable ? 2 : 3, isTable ? 2 : 3)))
      return failure();
    Value table = isTable ? b.create<dfg::GatherOp>(c.input(i), c.input(3), 0) : c.input(i);
    return Term(b, b.unsqueeze(table, isFlat ? 2 : 1));
  };
  auto cosines = angles(1), sines = angles(2);
  if (failed(cosines) || failed(sines))
    return failure();

  AffineExpr size = b.dim(x, 3), rotated = size;
  if (int64_t partial = c.integer("rotary_embedding_dim"))
    rotated = b.expr(partial);
  AffineExpr half = b.scope.floorDiv(rotated, b.expr(2)), zero = b.expr(0);
  bool isInterleaved = c.integer("interleaved");
  auto part = [&](int64_t i) {
    Dims offsets(4, zero), sizes = b.dims(x);
    offsets[3] = isInterleaved ? b.expr(i) : i ? half : zero;
    sizes[3] = half;
    return Term(b, b.slice(x, offsets, sizes, {1, 1, 1, isInterleaved ? 2 : 1}));
  };
  Term first = part(0), second = part(1);
  Value real = *cosines * first - *sines * second;
  Value imaginary = *sines * first + *cosines * second;
  SmallVector<Value> parts{real, imaginary};
  if (isInterleaved) {
    Value pairs = b.concat({b.unsqueeze(real, 4), b.unsqueeze(imaginary, 4)}, 4);
    parts = {b.flatten(pairs, 3, 5)};
  }
  if (rotated != size)
    parts.push_back(b.sliceAxis(x, 3, rotated, b.scope.sub(size, rotated)));
  return c.result(b.reshape(b.concat(parts, 3), given));
}

//===----------------------------------------------------------------------===//
// Caches
//===----------------------------------------------------------------------===//

static LogicalResult importTensorScatter(NodeContext &c) {
  GraphBuilder &b = c.b;
  if (failed(c.requireSameElements({0, 1})))
    return failure();
  Value cache = c.input(0), update = c.input(1);
  int64_t rank = b.rank(cache);
  auto axis = c.axis(c.integer("axis", -2), rank);
  if (failed(axis))
    return failure();
  StringRef mode = c.string("mode", "linear");
  if (*axis == 0 || (mode != "linear" && mode != "circular"))
    return c.error() << "has axis " << *axis << " and mode '" << mode
                     << "', expected an axis other than 0 and mode linear or circular";
  Type i64 = b.builder.getI64Type();
  Dims along(rank, b.expr(1)), perBatch = along;
  along[*axis] = b.dim(update, *axis);
  Term positions(b, b.iota(i64, along, *axis));
  if (c.hasInput(2)) {
    perBatch[0] = b.dim(c.input(2), 0);
    positions = positions + Term(b, b.reshape(c.input(2), perBatch));
  }
  if (mode == "circular") {
    Term length(b, b.fromContent(b.dim(cache, *axis), {}, i64));
    positions = positions.apply<dfg::ModOp>(length);
  }
  Value indices = b.broadcastTo(positions, b.dims(update));
  return c.result(b.create<dfg::ScatterElementsOp>(dfg::ReduceKind::None, cache, indices, update, *axis));
}

void registerAttentionOps(OpRegistry &ops) {
  ops.add("Attention", importAttention, 23);
  ops.add("FlexAttention", importFlexAttention, 1, INT64_MAX, "ai.onnx.preview");
  ops.add("RotaryEmbedding", importRotaryEmbedding, 23);
  ops.add("TensorScatter", importTensorScatter, 24);
}

} // namespace tfc
