// What tfc-run does with a model, step by step.
#ifndef TFC_TOOLS_RUN_SESSION_H
#define TFC_TOOLS_RUN_SESSION_H

#include "Options.h"
#include "Value.h"

namespace tfc::run {

/// Runs one step of a model on arrays and keeps inputs and outputs.
class Session {
public:
  /// With `inner`, the outputs are all tensors of a graph, of which a reference holds some.
  Session(Model &model, const tfc_step_t &step, const Options &options, bool inner = false)
      : model(model), step(step), options(options), inner(inner) {}

  /// Reads the step's inputs from the archive --inputs names.
  Result readInputs();
  /// Runs the step once; outputs are the context's.
  Result run();
  /// Runs the step --repeat times into buffers of its own and prints the times.
  Result time();
  Result writeOutputs() const;
  /// Whether the archive --compare names holds any of the outputs.
  Expected<bool> hasReference() const;
  /// Compares outputs with the archive --compare names and prints what it found, in
  /// the order of the step. Returns whether all agree.
  Expected<bool> compare() const;

private:
  Model &model;
  const tfc_step_t &step;
  const Options &options;
  const bool inner;
  std::vector<Value> values; // of the inputs
  std::vector<tfc_tensor_t> inputs, outputs;
  std::vector<std::vector<uint8_t>> buffers; // of timed runs' outputs
};

/// Prints steps, ports and memory of a model.
void printModel(const tfc_model_t &model);

/// The whole tool: returns the exit status and prints errors.
int runTool(const std::vector<std::string> &arguments);

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_SESSION_H
