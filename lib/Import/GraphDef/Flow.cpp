// Choices and loops of values, handles among them.
#include "GraphImporter.h"
#include "tfc/Import/Common/Branches.h"
#include "tfc/Import/Common/Loops.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace tfc::tf {

FailureOr<SmallVector<Entry>> NodeContext::choose(Value condition,
                                                  llvm::function_ref<FailureOr<SmallVector<Entry>>(int)> emit) {
  SmallVector<Entry> branches[2];
  int last = 0; // the branch imported last; of a known condition the only one
  auto values = importBranches(*this, condition, [&](int i) -> FailureOr<SmallVector<Value>> {
    auto results = emit(i);
    if (failed(results))
      return failure();
    branches[i] = *results;
    last = i;
    return llvm::map_to_vector(*results, [](const Entry &entry) { return entry.value; });
  });
  if (failed(values))
    return failure();
  SmallVector<Entry> results = branches[last];
  bool both = branches[0].size() == branches[1].size();
  for (auto [k, value] : llvm::enumerate(*values)) {
    Entry &entry = results[k];
    if (value)
      entry = {value};
    else if (both && (branches[0][k].resource != branches[1][k].resource || branches[1 - last][k].value || entry.value))
      return unsupported() << "chooses between two resources, expected one";
  }
  return results;
}

FailureOr<SmallVector<Entry>>
NodeContext::loop(ArrayRef<Entry> initial, llvm::function_ref<FailureOr<Value>(ArrayRef<Entry>)> test,
                  llvm::function_ref<FailureOr<SmallVector<Entry>>(ArrayRef<Entry>)> next) {
  LoopSource source;
  for (const Entry &entry : initial)
    if (entry.value)
      source.initial.push_back(entry.value);
  // Tensors are what the loop passes on; handles stay what they are.
  auto bind = [&](ValueRange values) {
    SmallVector<Entry> entries(initial);
    for (Entry &entry : entries)
      if (entry.value) {
        entry = {values.front()};
        values = values.drop_front();
      }
    return entries;
  };
  source.test = [&](ValueRange values) { return test(bind(values)); };
  source.body = [&](AffineExpr, Value, ValueRange values) -> FailureOr<LoopIteration> {
    auto results = next(bind(values));
    if (failed(results))
      return failure();
    if (results->size() != initial.size())
      return error() << "has a body of " << results->size() << " results, expected " << initial.size();
    LoopIteration iteration;
    for (auto [entry, result] : llvm::zip_equal(initial, *results)) {
      if (bool(entry.value) != bool(result.value) || entry.resource != result.resource)
        return unsupported() << "has a loop that changes which resource a variable stands for";
      if (result.value)
        iteration.next.push_back(result.value);
    }
    return iteration;
  };
  llvm::SaveAndRestore inLoop(importer.loopDepth, importer.loopDepth + 1);
  auto results = importLoop(*this, source);
  if (failed(results))
    return failure();
  return bind(results->values);
}

} // namespace tfc::tf
