// RNN, GRU and LSTM: one matrix product for the inputs of all steps, then a loop over time.
#include "Recurrent.h"

#include "TimeLoop.h"

using namespace mlir;

namespace tfc {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

namespace {
/// A function that gates may use, with the parameters that it takes and their defaults.
struct FunctionKind {
  StringLiteral name;
  Term (*apply)(Term x, const GateFunction &f);
  std::optional<double> alpha = {}, beta = {};
};
} // namespace

static const FunctionKind kFunctions[] = {
    {"sigmoid", [](Term x, const GateFunction &) { return sigmoid(x); }},
    {"tanh", [](Term x, const GateFunction &) { return tanh(x); }},
    {"relu", [](Term x, const GateFunction &) { return max(x, 0); }},
    {"softsign", [](Term x, const GateFunction &) { return x / (abs(x) + 1); }},
    {"softplus", [](Term x, const GateFunction &) { return max(x, 0) + log1p(exp(-abs(x))); }},
    {"affine", [](Term x, const GateFunction &f) { return x * f.alpha + f.beta; }, 1, 0},
    {"leakyrelu", [](Term x, const GateFunction &f) { return select(x < 0, x * f.alpha, x); }, 0.01},
    {"thresholdedrelu", [](Term x, const GateFunction &f) { return select(x >= f.alpha, x, x.number(0)); }, 1},
    {"scaledtanh", [](Term x, const GateFunction &f) { return tanh(x * f.beta) * f.alpha; }, 1, 1},
    {"hardsigmoid", [](Term x, const GateFunction &f) { return clamp(x * f.alpha + f.beta, 0, 1); }, 0.2, 0.5},
    {"elu", [](Term x, const GateFunction &f) { return select(x < 0, expm1(x) * f.alpha, x); }, 1},
};

static const FunctionKind *findFunction(StringRef name) {
  return llvm::find_if(kFunctions, [&](const FunctionKind &kind) { return kind.name == name; });
}

Term GateFunction::operator()(Term x) const { return findFunction(name)->apply(x, *this); }

LogicalResult RecurrentLayer::readFunctions() {
  SmallVector<StringRef> names = c.strings("activations");
  if (names.empty())
    for (int64_t i = 0; i < directions; ++i)
      llvm::append_range(names, functions);
  if (names.size() != functions.size() * directions)
    return c.error() << "has " << names.size() << " activations, expected " << functions.size() * directions;
  // Each function takes the next number of the lists of the parameters that it has.
  SmallVector<double> alphas = c.numbers("activation_alpha"), betas = c.numbers("activation_beta");
  auto take = [](SmallVectorImpl<double> &numbers, std::optional<double> otherwise) {
    if (!otherwise || numbers.empty())
      return otherwise.value_or(0);
    double first = numbers.front();
    numbers.erase(numbers.begin());
    return first;
  };
  for (StringRef name : names) {
    const FunctionKind *kind = findFunction(name.lower());
    if (kind == std::end(kFunctions))
      return c.error() << "has activation '" << name << "', which is none of those of recurrent layers";
    activations.push_back({kind->name.str(), take(alphas, kind->alpha), take(betas, kind->beta)});
  }
  return success();
}

Term RecurrentLayer::activate(unsigned i, Term x) { return activations[direction * functions.size() + i](x); }

Term RecurrentLayer::activateGate(unsigned i, Term x) {
  double limit = c.number("clip");
  return activate(i, limit > 0 ? clamp(x, -limit, limit) : x);
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

Value RecurrentLayer::bias(unsigned half) {
  if (!c.hasInput(3))
    return {};
  AffineExpr size = b.scope.mul(hidden, b.expr(gates));
  return b.sliceAxis(own(3), 0, b.scope.mul(size, b.expr(half)), size);
}

Term RecurrentLayer::columns(Value x, int64_t first, int64_t count) {
  AffineExpr offset = b.scope.mul(hidden, b.expr(first)), size = b.scope.mul(hidden, b.expr(count));
  return {b, b.sliceAxis(x, b.rank(x) - 1, offset, size)};
}

Value RecurrentLayer::multiply(unsigned i, Value x) {
  return b.create<dfg::MatmulOp>(x, own(i), /*transpose_a=*/false, /*transpose_b=*/true);
}

LogicalResult RecurrentLayer::read() {
  for (unsigned i : {0, 1, 2})
    if (failed(c.requireRank(i, 3, 3)))
      return failure();
  if (c.hasInput(3) && failed(c.requireRank(3, 2, 2)))
    return failure();
  StringRef where = c.string("direction", "forward");
  if (where != "forward" && where != "reverse" && where != "bidirectional")
    return c.error() << "has direction '" << where << "', expected forward, reverse or bidirectional";
  isReversed = where == "reverse";
  directions = where == "bidirectional" ? 2 : 1;
  for (unsigned i : {1, 2, 3})
    if (auto found = c.hasInput(i) ? b.number(b.dim(c.input(i), 0)) : std::nullopt; found && *found != directions)
      return c.error() << "has weights of " << *found << " directions, expected " << directions;
  isBatchFirst = c.integer("layout");
  x = isBatchFirst ? b.transpose(c.input(0), {1, 0, 2}) : c.input(0);
  // The size of a batch may be known from its initial states only.
  for (unsigned i = 5; i < 5 + states; ++i) {
    auto known = c.hasInput(i) ? b.number(b.dim(c.input(i), isBatchFirst ? 0 : 1)) : std::nullopt;
    if (known && !b.number(b.dim(x, 1)))
      x = b.reshape(x, {b.dim(x, 0), b.expr(*known), b.dim(x, 2)});
  }
  hidden = hiddenSize();
  if (c.hasInput(4)) {
    if (failed(c.requireRank(4, 1, 1)))
      return failure();
    lengths = b.unsqueeze(b.cast(c.input(4), b.builder.getI64Type()), int64_t(1));
  }
  return readFunctions();
}

SmallVector<Value> RecurrentLayer::runDirection() {
  Type element = b.elementType(x);
  TimeLoop loop;
  loop.count = b.dim(x, 0);
  loop.isReversed = isReversed != (direction == 1);
  Dims stateSizes{b.dim(x, 1), hidden};
  loop.collected = {{element, stateSizes}};
  for (unsigned i = 0; i < states; ++i) {
    Value initial = c.input(5 + i);
    if (initial && isBatchFirst)
      initial = b.transpose(initial, {1, 0, 2});
    initial = initial ? partAt(b, initial, b.expr(direction)) : b.filled(element, stateSizes, 0);
    loop.states.push_back(b.reshape(initial, stateSizes));
  }

  // What every step reads is made once, before the loop.
  parts.assign(c.inputCount(), {});
  for (unsigned i = 1; i < c.inputCount(); ++i)
    if (c.hasInput(i) && (i <= 3 || i >= 7))
      parts[i] = partAt(b, c.input(i), b.expr(direction));
  prepare();
  // The products of all inputs at once, biases included.
  Term inputs(b, multiply(1, x));
  if (c.hasInput(3)) {
    Term biases(b, bias(0));
    inputs = inputs + (addsRecurrentBias() ? biases : biases + Term(b, bias(1)));
  }
  auto body = [&](AffineExpr time, States values) -> SmallVector<Value> {
    SmallVector<Value> before(values.begin(), values.end());
    step({b, partAt(b, inputs, time)}, values);
    Value output = values[0];
    if (lengths) {
      // Beyond a sequence's end its states stay and its output is zero.
      Term now(b, b.fromContent(time, {}, b.builder.getI64Type()));
      Value isInside = now < Term(b, lengths);
      for (auto [value, old] : llvm::zip_equal(values, before))
        value = b.select(isInside, value, old);
      output = b.select(isInside, output, b.scalarLike(output, 0));
    }
    return {output};
  };
  SmallVector<Value> outputs = loop.build(b, body);
  SmallVector<Value> results = loop.states;
  llvm::append_range(results, outputs);
  return results;
}

LogicalResult RecurrentLayer::run() {
  if (failed(read()))
    return failure();
  // Every result of every direction, stacked along a new dimension of directions.
  SmallVector<SmallVector<Value>> parts(1 + states);
  for (direction = 0; direction < directions; ++direction) {
    SmallVector<Value> built = runDirection();
    for (unsigned i = 0; i < states; ++i)
      parts[1 + i].push_back(b.unsqueeze(built[i], int64_t(0)));
    parts[0].push_back(b.unsqueeze(built[states], int64_t(1)));
  }
  SmallVector<Value> results{b.concat(parts[0], 1)};
  for (unsigned i = 0; i < states; ++i)
    results.push_back(b.concat(parts[1 + i], 0));
  if (isBatchFirst) {
    results[0] = b.transpose(results[0], {2, 0, 1, 3});
    for (Value &state : MutableArrayRef(results).drop_front())
      state = b.transpose(state, {1, 0, 2});
  }
  return c.results(results);
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

namespace {

class SimpleRecurrent : public RecurrentLayer {
public:
  explicit SimpleRecurrent(NodeContext &c) : RecurrentLayer(c, 1, 1, kDefaults) {}

protected:
  static constexpr StringRef kDefaults[] = {"Tanh"};

  void step(Term input, States states) override {
    states[0] = activateGate(0, input + Term(b, multiply(2, states[0])));
  }
};

/// Gates: update, reset, hidden.
class GatedRecurrent : public RecurrentLayer {
public:
  explicit GatedRecurrent(NodeContext &c)
      : RecurrentLayer(c, 3, 1, kDefaults), resetsLate(c.integer("linear_before_reset")) {}

protected:
  static constexpr StringRef kDefaults[] = {"Sigmoid", "Tanh"};

  bool addsRecurrentBias() override { return resetsLate; }

  void prepare() override {
    if (resetsLate) {
      biases = bias(1);
      return;
    }
    AffineExpr size = hiddenSize(), both = b.scope.mul(size, b.expr(2));
    gateWeights = b.sliceAxis(own(2), 0, b.expr(0), both);
    candidateWeights = b.sliceAxis(own(2), 0, both, size);
  }

  void step(Term input, States states) override {
    Term old(b, states[0]);
    if (resetsLate) {
      Term recurrent(b, multiply(2, old));
      if (biases)
        recurrent = recurrent + Term(b, biases);
      Term update = activateGate(0, columns(input, 0) + columns(recurrent, 0));
      Term reset = activateGate(0, columns(input, 1) + columns(recurrent, 1));
      Term candidate = activateGate(1, columns(input, 2) + reset * columns(recurrent, 2));
      states[0] = (1 - update) * candidate + update * old;
      return;
    }
    Term both = activateGate(0, columns(input, 0, 2) + product(old, gateWeights));
    Term update = columns(both, 0), reset = columns(both, 1);
    Term candidate = activateGate(1, columns(input, 2) + product(reset * old, candidateWeights));
    states[0] = (1 - update) * candidate + update * old;
  }

private:
  Term product(Value x, Value weights) {
    return {b, b.create<dfg::MatmulOp>(x, weights, /*transpose_a=*/false, /*transpose_b=*/true)};
  }

  /// Whether the reset gate acts on the recurrent product rather than on the state.
  const bool resetsLate;
  Value biases, gateWeights, candidateWeights;
};

} // namespace

static constexpr StringRef kMemoryDefaults[] = {"Sigmoid", "Tanh", "Tanh"};

LongShortTermMemory::LongShortTermMemory(NodeContext &c) : RecurrentLayer(c, 4, 2, kMemoryDefaults) {}

// Gates: input, output, forget, cell. Peepholes: input, output, forget.
void LongShortTermMemory::prepare() {
  for (int64_t i = 0; i < 3; ++i)
    peepholes[i] = own(7) ? columns(own(7), i) : Value();
}

void LongShortTermMemory::step(Term input, States states) {
  Term gates = input + Term(b, multiply(2, states[0])), cell(b, states[1]);
  auto gate = [&](int64_t i, Term seen) {
    Term x = columns(gates, i);
    return activateGate(0, peepholes[i] ? x + Term(b, peepholes[i]) * seen : x);
  };
  Term in = gate(0, cell);
  Term forget = c.integer("input_forget") ? 1 - in : gate(2, cell);
  Term next = forget * cell + in * activateGate(1, columns(gates, 3));
  states[0] = gate(1, next) * activate(2, next);
  states[1] = next;
}

template <class Layer> static LogicalResult importLayer(NodeContext &c) { return Layer(c).run(); }

void registerRecurrentOps(OpRegistry &ops) {
  ops.add("GRU", importLayer<GatedRecurrent>);
  ops.add("LSTM", importLayer<LongShortTermMemory>);
  ops.add("RNN", importLayer<SimpleRecurrent>);
}

} // namespace tfc
