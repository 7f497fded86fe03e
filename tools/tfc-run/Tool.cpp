// The order of work, what is printed of a model, and how errors become exit statuses.
#include "DType.h"
#include "Session.h"
#include "Source.h"

#include <algorithm>
#include <cstdio>
#include <set>

using namespace tfc::run;

static constexpr int exitDiffers = 1, exitFailure = 2;

static std::string formatType(const tfc_step_t &step, const tfc_port_t &port) {
  if (port.element)
    return std::string(port.dtype == TFC_DTYPE_LIST ? "list" : "optional") + "<" + formatType(step, *port.element) +
           ">";
  if (port.rank < 0)
    return dtypeName(port.dtype) + "[...]";
  std::string text = dtypeName(port.dtype) + "[";
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

static std::string formatPort(const tfc_step_t &step, const tfc_port_t &port) {
  return std::string(port.name) + ": " + formatType(step, port);
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

/// Whether a reference holds tensors that are no outputs of the step, by name.
static bool hasInner(const Options &options, const tfc_step_t &step) {
  Expected<NpzReader> archive = NpzReader::open(options.reference);
  std::set<std::string> outputs;
  for (int32_t i = 0; i < step.output_count; ++i)
    outputs.insert(options.key(step.outputs[i].name));
  std::vector<std::string> names = archive ? archive->names() : std::vector<std::string>();
  return std::any_of(names.begin(), names.end(), [&](const std::string &name) { return !outputs.count(name); });
}

/// Compares all tensors of the graph that the reference holds, in the graph's order; returns
/// whether they agree.
static Expected<bool> compareInner(const Options &options) {
  std::vector<std::string> flags = options.compileFlags;
  flags.push_back("--output=*");
  Expected<CompiledGraph> compiled = CompiledGraph::compile(options.model, flags);
  if (!compiled)
    return compiled.takeFailure();
  Expected<Model> model = Model::open(compiled->path(), options.settings);
  if (!model)
    return model.takeFailure();
  Expected<const tfc_step_t *> step = model->findStep(options.step);
  if (!step)
    return step.takeFailure().about(options.model);
  Session session(*model, **step, options, /*inner=*/true);
  if (Result result = session.readInputs(); !result)
    return result.takeFailure();
  if (Result result = session.run(); !result)
    return result.takeFailure();
  std::printf("tensors of the graph, each computed as an output:\n");
  return session.compare();
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
  Expected<bool> isHeld = session.hasReference();
  if (!isHeld)
    return isHeld;
  if (isGraph(options.model) && !*isHeld)
    return compareInner(options);
  Expected<bool> agrees = session.compare();
  if (!agrees || *agrees || !hasInner(options, **step))
    return agrees;
  if (!isGraph(options.model)) {
    std::printf("the reference holds inner tensors: give the graph instead of %s to see where they diverge\n",
                options.model.c_str());
    return agrees;
  }
  Expected<bool> innerAgree = compareInner(options);
  if (!innerAgree)
    return innerAgree;
  if (*innerAgree)
    std::printf("all of them agree: the outputs differ by how nodes are computed together\n");
  return false;
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
  CompiledGraph compiled;
  if (isGraph(options->model)) {
    Expected<CompiledGraph> made = CompiledGraph::compile(options->model, options->compileFlags);
    if (!made)
      return fail(made.takeFailure());
    compiled = std::move(*made);
  }
  Expected<Model> model = Model::open(isGraph(options->model) ? compiled.path() : options->model, options->settings);
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
