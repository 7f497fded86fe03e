// The table of operators.
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {

static std::string keyOf(StringRef domain, StringRef name) { return (domain + ":" + name).str(); }

void OpRegistry::add(StringRef name, Importer importer, int64_t since, int64_t until, StringRef domain) {
  entries[keyOf(domain, name)].push_back({since, until, std::move(importer)});
}

ArrayRef<OpRegistry::Entry> OpRegistry::lookup(StringRef domain, StringRef name) const {
  auto it = entries.find(keyOf(domain, name));
  return it == entries.end() ? ArrayRef<Entry>() : ArrayRef<Entry>(it->second);
}

const OpRegistry::Entry *OpRegistry::lookup(StringRef domain, StringRef name, int64_t version) const {
  for (const Entry &entry : lookup(domain, name))
    if (entry.since <= version && version <= entry.until)
      return &entry;
  return nullptr;
}

const OpRegistry &OpRegistry::get() {
  static const OpRegistry registry = [] {
    OpRegistry ops;
    registerActivationOps(ops);
    registerAttentionOps(ops);
    registerCastOps(ops);
    registerCol2ImOps(ops);
    registerConstantOps(ops);
    registerContractionOps(ops);
    registerControlFlowOps(ops);
    registerConvolutionOps(ops);
    registerDeformableOps(ops);
    registerEinsumOps(ops);
    registerFillOps(ops);
    registerGridOps(ops);
    registerIndexingOps(ops);
    registerLayoutOps(ops);
    registerLinearAttentionOps(ops);
    registerLogicOps(ops);
    registerLossOps(ops);
    registerMathOps(ops);
    registerMicrosoftOps(ops);
    registerMicrosoftQuantizedOps(ops);
    registerNormalizationOps(ops);
    registerOptionalOps(ops);
    registerOrderOps(ops);
    registerPoolingOps(ops);
    registerQuantizationOps(ops);
    registerQuantizedProductOps(ops);
    registerRandomOps(ops);
    registerRecurrentOps(ops);
    registerReductionOps(ops);
    registerRegionOps(ops);
    registerResizeOps(ops);
    registerScanOps(ops);
    registerSequenceOps(ops);
    registerShapeOps(ops);
    registerSignalOps(ops);
    registerSliceOps(ops);
    registerSoftmaxOps(ops);
    registerTfIdfOps(ops);
    return ops;
  }();
  return registry;
}

} // namespace tfc
