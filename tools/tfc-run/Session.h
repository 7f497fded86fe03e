// What tfc-run does with a model, step by step.
#ifndef TFC_TOOLS_RUN_SESSION_H
#define TFC_TOOLS_RUN_SESSION_H

#include "Npz.h"
#include "Options.h"

namespace tfc::run {

/// Runs one step of a model on arrays and keeps inputs and outputs.
class Session {
public:
  Session(Model &model, const tfc_step_t &step, const Options &options) : model(model), step(step), options(options) {}

  /// Reads the step's inputs from the archive --inputs names.
  Result readInputs();
  /// Runs the step once; outputs are the context's.
  Result run();
  /// Runs the step --repeat times into buffers of its own and prints the times.
  Result time();
  Result writeOutputs() const;
  /// Compares outputs with the archive --compare names and prints what it found, in
  /// the order of the step. Returns whether all agree.
  Expected<bool> compare() const;

private:
  /// An array for a port in the port's type and rank.
  Expected<Array> readPort(const NpzReader &archive, const tfc_port_t &port) const;

  Model &model;
  const tfc_step_t &step;
  const Options &options;
  std::vector<Array> inputArrays;
  std::vector<tfc_tensor_t> inputs, outputs;
  std::vector<std::vector<uint8_t>> buffers; // of timed runs' outputs
};

/// Prints steps, ports and memory of a model.
void printModel(const tfc_model_t &model);

/// The whole tool: returns the exit status and prints errors.
int runTool(const std::vector<std::string> &arguments);

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_SESSION_H
