// The order of work, what is printed of a model, and how errors become exit statuses.
#include "DType.h"
#include "Session.h"

#include <cstdio>

using namespace tfc::run;

static constexpr int exitDiffers = 1, exitFailure = 2;

static std::string formatPort(const tfc_step_t &step, const tfc_port_t &port) {
  std::string text = std::string(port.name) + ": " + dtypeName(port.dtype) + "[";
  for (int32_t d = 0; d < port.rank; ++d) {
    int64_t extent = port.dims[d];
    text += d ? ", " : "";
    if (extent == TFC_DIM_DYNAMIC)
      text += "?";
    else
      text += extent < 0 ? step.symbols[-1 - extent] : std::to_string(extent);
  }
  return text + "]";
}

void tfc::run::printModel(const tfc_model_t &model) {
  std::printf("model %s\n", model.name);
  if (model.weights.file)
    std::printf("weights %s, %llu bytes\n", model.weights.file, static_cast<unsigned long long>(model.weights.size));
  for (int32_t i = 0; i < model.step_count; ++i) {
    const tfc_step_t &step = model.steps[i];
    std::printf("step %s, arena %llu bytes\n", step.name, static_cast<unsigned long long>(step.arena_size));
    for (int32_t j = 0; j < step.input_count; ++j)
      std::printf("  input  %s\n", formatPort(step, step.inputs[j]).c_str());
    for (int32_t j = 0; j < step.output_count; ++j)
      std::printf("  output %s\n", formatPort(step, step.outputs[j]).c_str());
  }
}

/// Runs the step as the options say; returns whether the outputs agree with the
/// reference, if there is one.
static Expected<bool> runStep(Model &model, const Options &options) {
  Expected<const tfc_step_t *> step = model.findStep(options.step);
  if (!step)
    return step.takeFailure().about(options.model);
  Session session(model, **step, options);
  if (Result result = session.readInputs(); !result)
    return result.takeFailure();
  if (Result result = session.run(); !result)
    return result.takeFailure();
  if (options.repeat)
    if (Result result = session.time(); !result)
      return result.takeFailure();
  if (!options.outputs.empty())
    if (Result result = session.writeOutputs(); !result)
      return result.takeFailure();
  if (options.reference.empty())
    return true;
  return session.compare();
}

static int fail(const Failure &failure) {
  std::fprintf(stderr, "error: %s\n", failure.reason.c_str());
  return exitFailure;
}

int tfc::run::runTool(const std::vector<std::string> &arguments) {
  Expected<Options> options = parseOptions(arguments);
  if (!options)
    return fail(options.takeFailure());
  if (options->help) {
    std::fputs(usage, stdout);
    return 0;
  }
  Expected<Model> model = Model::open(options->model, options->settings);
  if (!model)
    return fail(model.takeFailure());
  if (options->list) {
    printModel(model->descriptor());
    return 0;
  }
  Expected<bool> agrees = runStep(*model, *options);
  if (!agrees)
    return fail(agrees.takeFailure());
  return *agrees ? 0 : exitDiffers;
}
