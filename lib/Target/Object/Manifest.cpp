// The JSON manifest of a model.
#include <functional>

#include "fmt/format.h"
#include "tfc-rt/base.h"
#include "tfc/Target/Object/Signature.h"
#include "llvm/Support/JSON.h"

namespace tfc {

/// A name of the user's graph, which may be any bytes.
static std::string text(const std::string &name) { return llvm::json::fixUTF8(name); }

std::string manifestOf(const ModelSignature &model) {
  std::string result;
  llvm::raw_string_ostream os(result);
  llvm::json::OStream json(os, 2);
  std::function<void(const PortSignature &, const StepSignature &)> type = [&](const PortSignature &port,
                                                                               const StepSignature &step) {
    json.attribute("dtype", port.dtype);
    if (!port.element.empty())
      json.attributeObject("element", [&] { type(port.element[0], step); });
    else if (port.rank >= 0)
      json.attributeArray("shape", [&] {
        for (int64_t dim : port.dims) {
          if (dim >= 0)
            json.value(dim);
          else if (dim == INT64_MIN || step.symbols[-1 - dim].empty())
            json.value("?");
          else
            json.value(text(step.symbols[-1 - dim]));
        }
      });
  };
  auto ports = [&](llvm::StringRef key, const std::vector<PortSignature> &list, const StepSignature &step) {
    json.attributeArray(key, [&] {
      for (const PortSignature &port : list)
        json.object([&] {
          json.attribute("name", text(port.name));
          json.attribute("identifier", port.identifier);
          type(port, step);
        });
    });
  };
  json.object([&] {
    json.attribute("prefix", model.prefix);
    json.attribute("abi_version", TFC_ABI_VERSION);
    json.attributeArray("target_cpus", [&] {
      for (const std::string &cpu : model.cpus)
        json.value(cpu);
    });
    json.attribute("kernels", model.kernels);
    if (model.weights)
      json.attributeObject("weights", [&] {
        json.attribute("file", model.weights->file);
        json.attribute("size", model.weights->size);
        // JSON numbers do not hold 64 bits everywhere.
        json.attribute("checksum", fmt::format("{:016x}", model.weights->checksum));
      });
    json.attributeArray("steps", [&] {
      for (const StepSignature &step : model.steps)
        json.object([&] {
          json.attribute("name", text(step.name));
          json.attribute("identifier", step.identifier);
          json.attribute("arena_size", step.arenaSize);
          json.attribute("live_bytes", step.liveBytes);
          json.attribute("dispatches", step.dispatches);
          ports("inputs", step.inputs, step);
          ports("outputs", step.outputs, step);
        });
    });
  });
  os << '\n';
  return result;
}

} // namespace tfc
