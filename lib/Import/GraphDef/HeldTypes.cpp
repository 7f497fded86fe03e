// What queues hold whose shapes the graph does not say.
//
// Such a graph is imported until it is known, with all that is missing reported to nobody:
// an element that is taken out may be what another queue is given.
#include "GraphImporter.h"

using namespace mlir;

namespace tfc::tf {

SmallVector<RankedTensorType> &NodeContext::heldTypes(StringRef queue) { return importer.heldTypes[queue.str()]; }

static bool isWithoutShapes(const tensorflow::NodeDef &node) {
  StringRef op = node.op();
  if (op == "Unstage" || op == "StagePeek")
    return true;
  auto shapes = node.attr().find("shapes");
  return op.contains("Queue") && node.attr().contains("component_types") && node.attr().contains("capacity") &&
         (shapes == node.attr().end() || shapes->second.list().shape_size() == 0);
}

void GraphImporter::learnHeldTypes(ArrayRef<StepRequest> steps) {
  bool isNeeded = llvm::any_of(def.node(), isWithoutShapes);
  for (const auto &function : def.library().function())
    isNeeded |= llvm::any_of(function.node_def(), isWithoutShapes);
  // Each time at least one more queue is known, or nothing is.
  constexpr int kMostTimes = 8;
  for (int i = 0; isNeeded && i < kMostTimes; ++i) {
    OwningOpRef<ModuleOp> draft;
    GraphBuilder builder(context);
    builder.loc = b.loc;
    GraphImporter probe(builder, def, options);
    probe.heldTypes = heldTypes;
    probe.queueRunners = queueRunners;
    probe.isProbe = true;
    {
      ScopedDiagnosticHandler handler(context, [](Diagnostic &) { return success(); });
      draft = probe.run(steps);
    }
    if (probe.heldTypes == heldTypes)
      return;
    heldTypes = std::move(probe.heldTypes);
  }
}

} // namespace tfc::tf
