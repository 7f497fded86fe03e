// Flags are a table from name to what their value does.
#include "Options.h"

#include <charconv>
#include <functional>
#include <map>

using namespace tfc::run;

const char *const tfc::run::usage = R"(usage: tfc-run MODEL [options]

Runs a step of a compiled model on arrays from an .npz file. MODEL is a shared object that
tfc-compile made, or a graph (.onnx, .mlir), which tfc-compile compiles first.

  --inputs FILE.npz    arrays by input name; elements of a list NAME are NAME.0, NAME.1, ... or
                       one array NAME along its first axis; an optional may be left out
  --outputs FILE.npz   write the outputs, named as inputs are
  --compare FILE.npz   compare the outputs with these arrays; of a graph whose outputs differ, also
                       all other tensors that the file holds by their names in the graph, in the
                       graph's order: the first that diverges is named last
  --rtol R             elements agree where |got - want| <= A + R * |want| (default: 1e-3)
  --atol A             (default: 1e-4)
  --run N              use the arrays named rN:NAME, as recordings of several runs have them
  --step NAME          the step to run (default: the first)
  --repeat N           run N more times and print median, least, 90th and 99th percentile of the time
  --threads N          threads of the instance, the caller included (default: 1)
  --weights FILE       the weights file of a model compiled with --weights (default: the name
                       recorded in the model, in the current folder)
  --compile-flag FLAG  give tfc-compile a flag, such as --target-cpu=native; may be repeated
  --list               print steps, inputs and outputs, and run nothing
  --help               print this

Examples:
  tfc-run model.so --inputs in.npz --outputs out.npz
  tfc-run model.onnx --inputs in.npz --compare ref.npz --rtol 1e-2
  tfc-run model.so --inputs in.npz --repeat 100 --threads 2

Exit status: 0 success, 1 outputs differ from the reference, 2 anything else.
)";

template <typename T> static Result parseNumber(const std::string &text, T least, T &target) {
  auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), target);
  if (error != std::errc() || stop != text.data() + text.size() || !(target >= least))
    return Failure{"'" + text + "' is not a number of at least " + std::to_string(least)};
  return Done();
}

Expected<Options> tfc::run::parseOptions(const std::vector<std::string> &arguments) {
  Options options;
  using Action = std::function<Result(const std::string &)>;
  auto text = [](std::string &target) -> Action {
    return [&target](const std::string &value) -> Result {
      target = value;
      return Done();
    };
  };
  auto number = [](auto least, auto &target) -> Action {
    return [least, &target](const std::string &value) { return parseNumber(value, least, target); };
  };
  const std::map<std::string, Action> flags = {
      {"--inputs", text(options.inputs)},
      {"--compare", text(options.reference)},
      {"--outputs", text(options.outputs)},
      {"--step", text(options.step)},
      {"--weights", text(options.settings.weights)},
      {"--compile-flag",
       [&](const std::string &value) -> Result {
         options.compileFlags.push_back(value);
         return Done();
       }},
      {"--run", [&](const std::string &value) { return parseNumber<int64_t>(value, 0, options.run.emplace()); }},
      {"--repeat", number(int64_t(1), options.repeat)},
      {"--threads", number(int32_t(1), options.settings.threads)},
      {"--rtol", number(0.0, options.tolerance.relative)},
      {"--atol", number(0.0, options.tolerance.absolute)},
  };
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string &argument = arguments[i];
    if (argument == "--help" || argument == "-h") {
      options.help = true;
    } else if (argument == "--list") {
      options.list = true;
    } else if (argument.substr(0, 1) != "-") {
      if (!options.model.empty())
        return Failure{"more than one model: '" + options.model + "' and '" + argument + "'"};
      options.model = argument;
    } else {
      size_t equals = argument.find('=');
      std::string name = argument.substr(0, equals);
      auto flag = flags.find(name);
      if (flag == flags.end())
        return Failure{"unknown option '" + name + "'; --help lists them"};
      if (equals == std::string::npos && i + 1 == arguments.size())
        return Failure{name + " needs a value"};
      if (Result result = flag->second(equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1));
          !result)
        return result.takeFailure().about(name);
    }
  }
  if (options.model.empty() && !options.help)
    return Failure{"no model given; --help tells how"};
  return options;
}
