// Arrays in, step, arrays out, times and differences on standard output.
#include "Session.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <unistd.h>

using namespace tfc::run;

Result Session::readInputs() {
  if (step.input_count == 0)
    return Done();
  if (options.inputs.empty())
    return Failure{"step '" + std::string(step.name) + "' has inputs; give them with --inputs"};
  Expected<NpzReader> archive = NpzReader::open(options.inputs);
  if (!archive)
    return archive.takeFailure();
  for (int32_t i = 0; i < step.input_count; ++i) {
    const std::string name = step.inputs[i].name;
    Expected<Value> value = readValue(*archive, options.key(name), step.inputs[i]);
    if (!value) {
      Failure failure = value.takeFailure();
      if (!options.run && containsValue(*archive, "r0:" + name))
        failure.reason += "; it holds recorded runs, choose one with --run";
      return failure;
    }
    values.push_back(std::move(*value));
  }
  for (Value &value : values)
    inputs.push_back(value.view());
  return Done();
}

Result Session::run() {
  outputs.assign(step.output_count, tfc_tensor_t{});
  return model.run(step, inputs, outputs);
}

Result Session::time() {
  // The first run has told the sizes. Empty results get a byte: null would ask for
  // the context's memory, which lists always live in.
  for (int32_t i = 0; i < step.output_count; ++i)
    buffers.emplace_back(step.outputs[i].element ? 0 : std::max<uint64_t>(outputs[i].size, 1));
  std::vector<double> microseconds;
  using Clock = std::chrono::steady_clock;
  auto begin = Clock::now(), told = begin;
  bool isTerminal = isatty(STDERR_FILENO), isShown = false;
  for (int64_t i = 0; i < options.repeat; ++i) {
    for (size_t j = 0; j < outputs.size(); ++j) {
      outputs[j].data = buffers[j].empty() ? nullptr : buffers[j].data();
      outputs[j].size = buffers[j].size();
    }
    auto start = Clock::now();
    if (Result result = model.run(step, inputs, outputs); !result)
      return result;
    auto end = Clock::now();
    microseconds.push_back(std::chrono::duration<double, std::micro>(end - start).count());
    if (isTerminal && end - begin > std::chrono::seconds(1) && end - told > std::chrono::milliseconds(200)) {
      std::fprintf(stderr, "\r\033[Krun %lld of %lld", static_cast<long long>(i + 1),
                   static_cast<long long>(options.repeat));
      told = end;
      isShown = true;
    }
  }
  if (isShown)
    std::fputs("\r\033[K", stderr);
  std::sort(microseconds.begin(), microseconds.end());
  auto percentile = [&](size_t percent) { return microseconds[(microseconds.size() - 1) * percent / 100]; };
  std::printf("time: median %.3f us, min %.3f us, p90 %.3f us, p99 %.3f us, %zu runs, %d threads, arena %llu bytes\n",
              microseconds[microseconds.size() / 2], microseconds.front(), percentile(90), percentile(99),
              microseconds.size(), options.settings.threads, static_cast<unsigned long long>(model.arenaSize()));
  return Done();
}

Result Session::writeOutputs() const {
  std::map<std::string, Array> arrays;
  for (int32_t i = 0; i < step.output_count; ++i)
    if (Result result = addValue(arrays, options.key(step.outputs[i].name), outputs[i]); !result)
      return result;
  return writeNpz(options.outputs, arrays);
}

Expected<bool> Session::hasReference() const {
  Expected<NpzReader> archive = NpzReader::open(options.reference);
  if (!archive)
    return archive.takeFailure();
  return std::any_of(step.outputs, step.outputs + step.output_count,
                     [&](const tfc_port_t &port) { return containsValue(*archive, options.key(port.name)); });
}

Expected<bool> Session::compare() const {
  Expected<NpzReader> archive = NpzReader::open(options.reference);
  if (!archive)
    return archive.takeFailure();
  Comparison comparison(options.tolerance);
  for (int32_t i = 0; i < step.output_count; ++i) {
    const tfc_port_t &port = step.outputs[i];
    if (!containsValue(*archive, options.key(port.name))) {
      if (!inner)
        std::printf("%s: no reference\n", port.name);
      continue;
    }
    Expected<Value> want = readValue(*archive, options.key(port.name), port);
    if (!want)
      return want.takeFailure();
    comparison.compare(port.name, outputs[i], *want);
  }
  if (!comparison.count())
    return Failure{options.reference + ": holds no output of step '" + step.name + "', such as '" +
                   (step.output_count ? options.key(step.outputs[0].name) : "") + "'"};
  if (!comparison.agrees())
    std::printf("first diverging %s: %s\n", inner ? "tensor" : "output", comparison.first().c_str());
  return comparison.agrees();
}
