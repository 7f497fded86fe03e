// The command line of tfc-run.
#ifndef TFC_TOOLS_RUN_OPTIONS_H
#define TFC_TOOLS_RUN_OPTIONS_H

#include "Compare.h"
#include "Model.h"

#include <optional>

namespace tfc::run {

struct Options {
  bool help = false;
  bool list = false;
  std::string model, inputs, reference, outputs, step;
  std::optional<int64_t> run; // selects the keys r{run}:{name}
  int64_t repeat = 0;         // timed runs; 0: none
  Tolerance tolerance{1e-3, 1e-4};
  Model::Settings settings;
  std::vector<std::string> compileFlags; // for tfc-compile, where the model is a graph

  /// The key of an array in archives that may hold several runs.
  std::string key(const std::string &name) const { return run ? "r" + std::to_string(*run) + ":" + name : name; }
};

extern const char *const usage;

/// Reads the arguments after the program's name. Both "--flag value" and
/// "--flag=value" are understood.
Expected<Options> parseOptions(const std::vector<std::string> &arguments);

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_OPTIONS_H
