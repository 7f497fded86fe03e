// Layers that keep a state between calls: linear attention and causal convolution.
#include "Attention.h"
#include "TimeLoop.h"
#include "tfc/Import/Common/Formula.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Linear attention
//===----------------------------------------------------------------------===//

/// [batch, time, heads * size] as [time, batch, heads, size], widened.
static Value byTime(NodeContext &c, Value x, int64_t heads) {
  Value split = splitHeads(c, x, heads); // [batch, heads, time, size]
  return widened({c.b, c.b.transpose(split, {2, 0, 1, 3})});
}

/// Each step decays the state [batch, heads, key size, value size], adds the product of
/// its key and (corrected) value, and reads it with its query.
static LogicalResult importLinearAttention(NodeContext &c) {
  GraphBuilder &b = c.b;
  for (unsigned i : {0, 1, 2})
    if (failed(c.requireRank(i, 3, 3)))
      return failure();
  int64_t queryHeads = c.integer("q_num_heads"), heads = c.integer("kv_num_heads");
  if (queryHeads < 1 || heads < 1)
    return c.error() << "has q_num_heads " << queryHeads << " and kv_num_heads " << heads << ", expected at least 1";
  if (failed(checkHeads(c, b.expr(queryHeads), b.expr(heads))))
    return failure();
  StringRef rule = c.string("update_rule", "gated_delta");
  bool isGated = rule.starts_with("gated"), isDelta = rule.ends_with("delta");
  if (rule != "linear" && rule != "gated" && rule != "delta" && rule != "gated_delta")
    return c.error() << "has update_rule '" << rule << "', expected linear, gated, delta or gated_delta";
  if (c.hasInput(4) != isGated || c.hasInput(5) != isDelta)
    return c.error() << "has update_rule '" << rule << "' with" << (c.hasInput(4) ? "" : "out") << " decay and with"
                     << (c.hasInput(5) ? "" : "out") << " beta";

  Value query = byTime(c, c.input(0), queryHeads), key = byTime(c, c.input(1), heads),
        value = byTime(c, c.input(2), heads), decay, beta;
  // Decay is one number per head or per row of the state; beta one per head or for all.
  if (isGated && succeeded(c.requireRank(4, 3, 3)))
    decay = byTime(c, c.input(4), heads);
  if (isDelta && succeeded(c.requireRank(5, 3, 3)))
    beta = byTime(c, c.input(5), b.number(b.dim(c.input(5), 2)) == 1 ? 1 : heads);
  if (!query || !key || !value || (isGated && !decay) || (isDelta && !beta))
    return failure();

  Type element = b.elementType(c.input(0)), stored = c.hasInput(3) ? b.elementType(c.input(3)) : element;
  Dims stateSizes{b.dim(query, 1), b.expr(heads), b.dim(key, 3), b.dim(value, 3)};
  TimeLoop loop;
  loop.count = b.dim(query, 0);
  loop.states = {c.hasInput(3) ? Value(widened({b, c.input(3)})) : b.filled(b.elementType(query), stateSizes, 0)};
  loop.collected = {{b.elementType(query), {b.dim(query, 1), b.expr(queryHeads), b.dim(value, 3)}}};
  auto step = [&](AffineExpr time, MutableArrayRef<Value> states) -> SmallVector<Value> {
    // A row [batch, heads, 1, size] or a column [batch, heads, size, 1] of this step.
    auto row = [&](Value x) { return Term(b, b.unsqueeze(partAt(b, x, time), int64_t(2))); };
    auto column = [&](Value x) { return Term(b, b.unsqueeze(partAt(b, x, time), int64_t(3))); };
    Term state(b, states[0]), added = row(value);
    if (isGated)
      state = state * exp(column(decay));
    if (isDelta)
      added = row(beta) * (added - Term(b, b.create<dfg::MatmulOp>(row(key), state)));
    state = state + column(key) * added;
    states[0] = state;
    return {b.squeeze(multiplyHeads(b, row(query), state), int64_t(2))};
  };
  Term read(b, loop.build(b, step)[0]); // [time, batch, heads, value size]
  double scale = c.number("scale");
  if (scale != 0)
    read = read * scale;
  else
    read = read / sqrt(countLike(read, b.dim(query, 3)));
  Value output = b.flatten(b.transpose(read, {1, 0, 2, 3}), 2, 4);
  return c.results({b.cast(output, element), b.cast(loop.states[0], stored)});
}

//===----------------------------------------------------------------------===//
// Causal convolution
//===----------------------------------------------------------------------===//

/// A depthwise convolution over the past state followed by the input, which leaves the
/// last positions as the next state.
static LogicalResult importCausalConvWithState(NodeContext &c) {
  GraphBuilder &b = c.b;
  StringRef activation = c.string("activation", "none");
  if (failed(c.requireRank(0, 3, 3)) || failed(c.requireRank(1, 3, 3)) || failed(c.requireSameElements({0, 1})))
    return failure();
  if (activation != "none" && activation != "silu" && activation != "swish")
    return c.error() << "has activation '" << activation << "', expected none, silu or swish";
  Value x = c.input(0), weights = c.input(1);
  auto channels = b.number(b.dim(weights, 0));
  if (!channels)
    return c.unsupported() << "has weights of type " << weights.getType() << ", expected a static shape";
  AffineExpr kept = b.scope.sub(b.dim(weights, 2), b.expr(1));
  Value past = c.input(3);
  if (!past)
    past = b.filled(b.elementType(x), {b.dim(x, 0), b.dim(x, 1), kept}, 0);
  Value all = b.concat({past, x}, 2);
  SmallVector<int64_t> ones{1}, pads{0, 0};
  Term y(b, b.create<dfg::ConvOp>(all, weights, ones, pads, ones, *channels));
  if (c.hasInput(2))
    y = y + Term(b, b.unsqueeze(c.input(2), int64_t(1)));
  if (activation != "none")
    y = y * sigmoid(y);
  return c.results({y, b.sliceAxis(all, 2, b.scope.sub(b.dim(all, 2), kept), kept)});
}

void registerLinearAttentionOps(OpRegistry &ops) {
  ops.add("CausalConvWithState", importCausalConvWithState, 27);
  ops.add("LinearAttention", importLinearAttention, 27);
}

} // namespace tfc
