// Weights that the small code model cannot reach.
#include "tfc/Target/Object/Object.h"
#include "llvm/IR/Constants.h"

namespace tfc {

void ModelCode::placeLargeData(uint64_t threshold) {
  llvm::SmallVector<llvm::GlobalVariable *> weights;
  uint64_t total = 0;
  for (llvm::GlobalVariable &global : module->globals()) {
    auto *data = global.hasInitializer() ? llvm::dyn_cast<llvm::ConstantDataArray>(global.getInitializer()) : nullptr;
    uint64_t size = data ? data->getRawDataValues().size() : 0;
    total += size;
    if (size >= kLeastWeight && global.hasLocalLinkage())
      weights.push_back(&global);
  }
  if (total > threshold)
    for (llvm::GlobalVariable *global : weights)
      global->setCodeModel(llvm::CodeModel::Large);
}

} // namespace tfc
