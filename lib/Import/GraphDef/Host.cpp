// What only a Python process can run: errors that say what to feed instead.
#include "OpRegistry.h"

using namespace mlir;

namespace tfc::tf {

static LogicalResult importHost(NodeContext &c, StringRef what) {
  std::string edges = c.usedOutputs();
  auto error = c.unsupported() << what;
  if (!edges.empty())
    error << ": feed " << edges << " instead";
  return error;
}

static LogicalResult importPython(NodeContext &c) { return importHost(c, "calls Python, which no object holds"); }
static LogicalResult importElements(NodeContext &c) {
  return importHost(c, "takes elements from a pipeline of tf.data, which no object holds");
}
static LogicalResult importStart(NodeContext &c) {
  return c.unsupported() << "starts a pipeline of tf.data, which no object holds: leave it out, and feed what the step "
                            "takes from the pipeline";
}

/// A part of a pipeline: who takes elements from it reports that.
static LogicalResult importPipeline(NodeContext &c) { return c.result(Entry()); }

void registerHostOps(OpRegistry &ops) {
  for (StringRef name : {"EagerPyFunc", "PyFunc", "PyFuncStateless"})
    ops.add(name, importPython).effect();
  for (StringRef name : {"DatasetToSingleElement", "IteratorGetNext", "IteratorGetNextAsOptional",
                         "IteratorGetNextSync", "MultiDeviceIteratorGetNextFromShard", "ReduceDataset"})
    ops.add(name, importElements).effect();
  for (StringRef name : {"InitializeTableFromDataset", "MakeIterator", "MultiDeviceIteratorInit"})
    ops.add(name, importStart).effect();
  for (StringRef name :
       {"AnonymousIterator", "AnonymousIteratorV2", "AnonymousIteratorV3", "Iterator", "IteratorFromStringHandle",
        "IteratorFromStringHandleV2", "IteratorToStringHandle", "IteratorV2", "MultiDeviceIterator", "OneShotIterator"})
    ops.add(name, importPipeline);
  // Of these there are too many to list.
  ops.add(OpRegistry::kDatasets, importPipeline);
}

} // namespace tfc::tf
