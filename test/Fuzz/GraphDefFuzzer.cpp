// libFuzzer on the importer of GraphDef: each graph as the step that fetches all, and, where
// nodes have plain names, as one that runs all as targets. Checkpoints are out of reach.
#include <cctype>
#include <set>

#include "GraphMutator.h"
#include "ImportCheck.h"
#include "OpRegistry.h"
#include "tfc/Import/GraphDef/ImportGraphDef.h"

using namespace tfc;

/// A step that feeds the placeholders and has every other node that nothing uses as target.
static std::string targetsOf(const tensorflow::GraphDef &graph) {
  auto isPlain = [](const std::string &name) {
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](unsigned char c) { return isalnum(c) || c == '_'; });
  };
  std::set<std::string> used;
  for (const auto &node : graph.node())
    for (const std::string &input : node.input())
      used.insert(input.substr(input[0] == '^').substr(0, input.find(':') - (input[0] == '^')));
  std::string feeds, targets;
  for (const auto &node : graph.node())
    if (isPlain(node.name())) {
      if (node.op() == "Placeholder")
        feeds += "," + node.name();
      else if (!used.count(node.name()))
        targets += "," + node.name();
    }
  return "run: feeds=" + feeds + " targets=" + targets;
}

static bool parse(tensorflow::GraphDef &graph, const uint8_t *data, size_t size) {
  return graph.ParseFromArray(data, size) && graph.node_size() > 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  GraphDefImportOptions options;
  auto run = [&](mlir::MLIRContext *context, ImportFailure *why) {
    return importGraphDefFromMemory(context, {reinterpret_cast<const char *>(data), size}, options, why);
  };
  checkImport(run);
  tensorflow::GraphDef graph;
  if (!parse(graph, data, size))
    return 0;
  options.steps = {targetsOf(graph)};
  checkImport(run);
  return 0;
}

static GraphMutator mutator(unsigned seed) {
  static const std::vector<std::string> operators = [] {
    auto names = sortedNames(tf::OpRegistry::get().names());
    for (const char *name :
         {"Placeholder", "Switch", "RefSwitch", "Merge", "Enter", "RefEnter", "Exit", "NextIteration"})
      names.push_back(name);
    return names;
  }();
  return GraphMutator(seed, operators, LLVMFuzzerMutate);
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed) {
  return mutateAs<tensorflow::GraphDef>(data, size, capacity, seed, parse,
                                        [&](tensorflow::GraphDef &graph) { mutator(seed).mutate(graph); });
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t otherSize,
                                            uint8_t *out, size_t capacity, unsigned seed) {
  tensorflow::GraphDef graph, donor;
  if (!parse(graph, data, size) || !parse(donor, other, otherSize))
    return 0;
  mutator(seed).cross(graph, donor);
  return store(graph, out, capacity);
}
