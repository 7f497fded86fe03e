// Steps as options and signatures describe them.
#include "Steps.h"

#include <map>

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace tfc::tf {

FailureOr<StepRequest> readStep(StringRef text, llvm::function_ref<InFlightDiagnostic()> bad) {
  auto unreadable = [&] {
    return bad() << "the step '" << text
                 << "' cannot be read, expected a form like 'train: feeds=x:0,y:0 fetches=loss:0 targets=train_op'";
  };
  auto [name, rest] = text.split(": ");
  if (rest.empty() && name.consume_back(":"))
    rest = " ";
  StepRequest step;
  step.name = name.trim().str();
  if (step.name.empty() || rest.empty())
    return unreadable();
  SmallVector<StringRef> parts;
  rest.split(parts, ' ', -1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    auto [key, list] = part.split('=');
    SmallVector<StringRef> names;
    list.split(names, ',', -1, /*KeepEmpty=*/false);
    for (StringRef one : names) {
      if (key == "feeds")
        step.feeds.push_back({one.str(), one.str()});
      else if (key == "fetches")
        step.fetches.push_back({one.str(), one.str()});
      else if (key == "targets")
        step.targets.push_back(one.str());
      else
        return unreadable();
    }
  }
  return step;
}

StepRequest wholeGraph(const Graph &graph) {
  StepRequest step;
  step.name = "main";
  llvm::DenseSet<int> used;
  for (int i = 0; i < graph.size(); ++i) {
    for (const Edge &input : graph[i].inputs)
      used.insert(input.node);
    used.insert(graph[i].controls.begin(), graph[i].controls.end());
  }
  for (int i = 0; i < graph.size(); ++i) {
    std::string edge = (graph[i].name() + ":0").str();
    StringRef op = graph[i].op();
    if (op == "Placeholder" || op == "PlaceholderV2")
      step.feeds.push_back({edge, edge});
    else if (!used.contains(i) && op != "NoOp" && op != "Const" && op != "Assert")
      step.fetches.push_back({edge, edge});
  }
  return step;
}

std::vector<StepRequest> stepsOfSignatures(const tensorflow::MetaGraphDef &graph) {
  std::vector<StepRequest> steps;
  std::map<std::string, const tensorflow::SignatureDef *> byName;
  for (const auto &[name, signature] : graph.signature_def())
    byName[name] = &signature;
  for (const auto &[name, signature] : byName) {
    // Those of a SavedModel's own (`__saved_model_init_op`) name ops without results.
    if (name.rfind("__saved_model_", 0) == 0)
      continue;
    StepRequest step;
    step.name = name;
    auto ports = [](const auto &infos, std::vector<StepRequest::Port> &result) {
      for (const auto &[key, info] : infos)
        result.push_back({info.name(), key});
      llvm::sort(result, [](const auto &a, const auto &b) { return a.name < b.name; });
    };
    ports(signature->inputs(), step.feeds);
    ports(signature->outputs(), step.fetches);
    steps.push_back(std::move(step));
  }
  return steps;
}

} // namespace tfc::tf
