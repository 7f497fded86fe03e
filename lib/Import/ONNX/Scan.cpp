// Scan: a loop over slices of its inputs.
#include "tfc/Import/Common/Loops.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {
namespace {

/// The attributes of a scan, filled up and checked.
struct ScanForm {
  const onnx::GraphProto *body;
  unsigned states, inputs, outputs;
  SmallVector<int64_t> inputAxes, outputAxes; // of outputs: may count from the back
  SmallVector<int64_t> inputReversed, outputReversed;
};

} // namespace

/// One slice of a tensor along an axis, without it.
static Value sliceAt(GraphBuilder &b, Value x, int64_t axis, AffineExpr position) {
  return b.squeeze(b.sliceAxis(x, axis, position, b.expr(1)), {axis});
}

/// Runs a scan of `length` iterations. Gives final states and stacked outputs, these along
/// their first axis and in the order of iterations.
static FailureOr<LoopResults> runScan(NodeContext &c, const ScanForm &form, ValueRange states, ValueRange inputs,
                                      AffineExpr length) {
  GraphBuilder &b = c.b;
  LoopSource source;
  llvm::append_range(source.initial, states);
  source.tripCount = length;
  source.body = [&](AffineExpr i, Value, ValueRange values) -> FailureOr<LoopIteration> {
    SmallVector<Value> arguments = llvm::to_vector(values);
    for (auto [k, input] : llvm::enumerate(inputs)) {
      AffineExpr position = form.inputReversed[k] ? b.scope.sub(b.scope.sub(length, b.expr(1)), i) : i;
      arguments.push_back(sliceAt(b, input, form.inputAxes[k], position));
    }
    auto results = c.inlineGraph(*form.body, arguments);
    if (failed(results))
      return failure();
    if (results->size() != form.states + form.outputs)
      return c.error() << "has a body of " << results->size() << " outputs, expected " << form.states + form.outputs;
    LoopIteration iteration;
    ArrayRef<Value> all = *results;
    iteration.next.assign(all.begin(), all.begin() + form.states);
    iteration.collected.assign(all.begin() + form.states, all.end());
    return iteration;
  };
  return importLoop(c, source);
}

/// A stacked output as the node gives it: in its direction, along its axis.
static Value arrangeOutput(NodeContext &c, const ScanForm &form, unsigned k, Value stacked) {
  GraphBuilder &b = c.b;
  auto axis = c.axis(form.outputAxes[k], b.rank(stacked));
  if (failed(axis))
    return {};
  if (form.outputReversed[k])
    stacked = b.create<dfg::ReverseOp>(stacked, ArrayRef<int64_t>{0});
  if (*axis == 0)
    return stacked;
  SmallVector<int64_t> permutation;
  for (int64_t d = 1; d < b.rank(stacked); ++d)
    permutation.push_back(d);
  permutation.insert(permutation.begin() + *axis, 0);
  return b.transpose(stacked, permutation);
}

/// Reads what both forms of Scan have in common; `given` are states and inputs.
static FailureOr<ScanForm> readForm(NodeContext &c, ArrayRef<Value> given) {
  ScanForm form;
  form.body = c.graph("body");
  form.inputs = c.integer("num_scan_inputs");
  if (!form.body)
    return c.error() << "has no body";
  if (form.inputs < 1 || form.inputs > given.size())
    return c.error() << "has " << form.inputs << " scan inputs, expected 1 to " << given.size();
  form.states = given.size() - form.inputs;
  if (c.outputCount() < form.states)
    return c.error() << "has " << c.outputCount() << " outputs, expected at least " << form.states;
  form.outputs = c.outputCount() - form.states;
  for (Value value : given)
    if (!value || !isa<RankedTensorType>(value.getType()))
      return c.error() << "has a state or scan input that is no tensor";
  return form;
}

static FailureOr<SmallVector<int64_t>> perInput(NodeContext &c, StringRef name, unsigned count) {
  SmallVector<int64_t> values = c.integers(name, SmallVector<int64_t>(count, 0));
  if (values.size() != count)
    return c.error() << "has attribute '" << name << "' of " << values.size() << " numbers, expected " << count;
  return values;
}

static LogicalResult importScan(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto form = readForm(c, c.allInputs());
  if (failed(form))
    return failure();
  auto axes = perInput(c, "scan_input_axes", form->inputs);
  auto reversed = perInput(c, "scan_input_directions", form->inputs);
  auto outputAxes = perInput(c, "scan_output_axes", form->outputs);
  auto outputReversed = perInput(c, "scan_output_directions", form->outputs);
  if (failed(axes) || failed(reversed) || failed(outputAxes) || failed(outputReversed))
    return failure();
  ArrayRef<Value> states = c.allInputs().take_front(form->states), inputs = c.allInputs().drop_front(form->states);
  for (auto [input, axis] : llvm::zip_equal(inputs, *axes)) {
    auto checked = c.axis(axis, b.rank(input));
    if (failed(checked))
      return failure();
    form->inputAxes.push_back(*checked);
  }
  form->inputReversed = *reversed;
  form->outputAxes = *outputAxes;
  form->outputReversed = *outputReversed;
  auto results = runScan(c, *form, states, inputs, b.dim(inputs[0], form->inputAxes[0]));
  if (failed(results))
    return failure();
  for (auto [k, stacked] : llvm::enumerate(results->stacked))
    results->values.push_back(arrangeOutput(c, *form, k, stacked));
  return c.results(results->values);
}

/// Opset 8: everything has a batch dimension in front, whose entries may be of different
/// lengths; shorter ones are filled up with zeros.
static LogicalResult importBatchedScan(NodeContext &c) {
  GraphBuilder &b = c.b;
  Value lengths = c.input(0);
  ArrayRef<Value> given = c.allInputs().drop_front(std::min(1u, c.inputCount()));
  auto form = readForm(c, given);
  if (failed(form))
    return failure();
  auto reversed = perInput(c, "directions", form->inputs);
  if (failed(reversed))
    return failure();
  form->inputReversed = *reversed;
  form->inputAxes.assign(form->inputs, 0);
  form->outputAxes.assign(form->outputs, 0);
  form->outputReversed.assign(form->outputs, 0);
  for (auto [k, value] : llvm::enumerate(given))
    if (b.rank(value) < (k < form->states ? 1 : 2))
      return c.error() << "has a state or scan input of rank " << b.rank(value) << ", expected batch and sequence";
  AffineExpr batch = b.dim(given[0], 0), longest = b.dim(given[form->states], 1);

  LoopSource source;
  source.tripCount = batch;
  source.body = [&](AffineExpr i, Value, ValueRange) -> FailureOr<LoopIteration> {
    SmallVector<Value> entries;
    for (Value value : given)
      entries.push_back(sliceAt(b, value, 0, i));
    AffineExpr length = longest;
    if (lengths) {
      auto content = b.content(sliceAt(b, lengths, 0, i));
      if (failed(content))
        return failure();
      length = content->front();
    }
    ArrayRef<Value> all = entries;
    auto results = runScan(c, *form, all.take_front(form->states), all.drop_front(form->states), length);
    if (failed(results))
      return failure();
    LoopIteration iteration;
    iteration.collected = results->values;
    for (Value stacked : results->stacked) {
      if (lengths) {
        GraphBuilder::Dims low(b.rank(stacked), b.expr(0)), high = low;
        high[0] = b.scope.sub(longest, b.dim(stacked, 0));
        stacked = b.pad(dfg::PadMode::Constant, stacked, b.scalarLike(stacked, 0), low, high);
      }
      iteration.collected.push_back(stacked);
    }
    return iteration;
  };
  auto results = importLoop(c, source);
  return failed(results) ? failure() : c.results(results->stacked);
}

void registerScanOps(OpRegistry &ops) {
  ops.add("Scan", importBatchedScan, 8, 8);
  ops.add("Scan", importScan, 9);
}

} // namespace tfc
