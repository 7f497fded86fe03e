// Queue runners of a MetaGraph: their ops become steps that threads of the application run.
#include "GraphImporter.h"

#include "tfc-rt/base.h"

using namespace mlir;

namespace tfc::tf {

bool GraphImporter::importQueueRunner(const Graph &graph, const tensorflow::QueueRunnerDef &runner, int64_t inFile) {
  Location loc = b.loc;
  SmallVector<Operation *> made;
  auto import = [&](const Twine &suffix, const std::string &target) -> FailureOr<FlatSymbolRefAttr> {
    StepRequest request;
    request.name = runner.queue_name() + suffix.str();
    for (int i = 1; symbols.contains(request.name); ++i)
      request.name = runner.queue_name() + suffix.str() + "_" + std::to_string(i);
    request.targets.push_back(target);
    b.builder.setInsertionPointToEnd(graphBlock);
    b.loc = loc;
    limitNodes(inFile);
    b.forget();
    Operation *last = graphBlock->empty() ? nullptr : &graphBlock->back();
    LogicalResult result = importStep(graph, request);
    if (&graphBlock->back() != last && isa<dfg::StepOp>(graphBlock->back()))
      made.push_back(&graphBlock->back());
    if (failed(result) || failure != ImportFailure::None)
      return mlir::failure();
    symbols.insert(request.name);
    return FlatSymbolRefAttr::get(context, request.name);
  };
  auto tried = attempt([&]() -> LogicalResult {
    SmallVector<Attribute> enqueue;
    for (auto [i, op] : llvm::enumerate(runner.enqueue_op_name())) {
      auto step = import("/enqueue_" + Twine(i), op);
      if (failed(step))
        return mlir::failure();
      enqueue.push_back(*step);
    }
    FlatSymbolRefAttr close, cancel;
    for (auto [op, suffix, symbol] : {std::tuple(&runner.close_op_name(), "/close", &close),
                                      std::tuple(&runner.cancel_op_name(), "/cancel", &cancel)}) {
      if (op->empty())
        continue;
      auto step = import(suffix, *op);
      if (failed(step))
        return mlir::failure();
      *symbol = *step;
    }
    SmallVector<int64_t> closed(runner.queue_closed_exception_types().begin(),
                                runner.queue_closed_exception_types().end());
    if (closed.empty())
      closed.push_back(TFC_STATUS_OUT_OF_RANGE);
    b.builder.setInsertionPointToEnd(graphBlock);
    dfg::QueueRunnerOp::create(b.builder, loc, b.builder.getStringAttr(runner.queue_name()),
                               b.builder.getArrayAttr(enqueue), close, cancel, b.builder.getDenseI64ArrayAttr(closed));
    return success();
  });
  b.loc = loc;
  if (tried.isFine)
    return true;
  for (Operation *step : llvm::reverse(made))
    b.discard(step);
  if (!isProbe)
    emitWarning(loc) << "the runner of queue '" << runner.queue_name() << "' is left out: " << tried.error;
  return false;
}

void GraphImporter::importQueueRunners(const Graph &graph, int64_t inFile) {
  SmallVector<const tensorflow::QueueRunnerDef *> left;
  for (const tensorflow::QueueRunnerDef &runner : queueRunners)
    left.push_back(&runner);
  /// Whether a step uses the queue.
  auto isUsed = [&](const tensorflow::QueueRunnerDef *runner) {
    int node = graph.find(runner->queue_name());
    if (node < 0)
      return false;
    auto attribute = graph[node].def->attr().find("shared_name");
    bool isShared = attribute != graph[node].def->attr().end() && !attribute->second.s().empty();
    std::string name = isShared ? attribute->second.s() : runner->queue_name();
    return resources.count({int(Resource::Kind::Queue), name}) > 0;
  };
  // What one runner takes out of a queue, another puts in.
  for (bool found = true; found;) {
    found = false;
    for (const tensorflow::QueueRunnerDef *&runner : left)
      if (runner && isUsed(runner)) {
        importQueueRunner(graph, *runner, inFile);
        runner = nullptr;
        found = true;
      }
    llvm::erase(left, nullptr);
  }
}

} // namespace tfc::tf
