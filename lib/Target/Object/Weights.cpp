// Weights files: the constants of steps, one after the other.
#include "tfc-rt/model.h"
#include "tfc/Target/Object/Object.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"

namespace tfc {

/// A cache line, and the widest vector.
static constexpr uint64_t kAlignment = 64;
static_assert(sizeof(tfc_weights_header_t) == kAlignment);

std::string ModelCode::moveWeightsOut(ModelSignature &signature, std::string name) {
  // Only entries have a context to ask for the file; what kernels read themselves stays inside.
  llvm::DenseMap<llvm::Function *, llvm::Value *> bases;
  for (const StepSignature &step : signature.steps)
    for (const CpuSet &cpu : cpus)
      bases[compiled(step.name, "entry", cpu)] = nullptr;
  llvm::IRBuilder<> builder(context);
  auto query = module->getOrInsertFunction("tfc_weights_base", builder.getPtrTy(), builder.getPtrTy());
  auto baseIn = [&](llvm::Function *entry) {
    llvm::Value *&base = bases[entry];
    if (!base) {
      builder.SetInsertPoint(entry->getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
      base = builder.CreateCall(query, entry->getArg(0));
    }
    return base;
  };

  std::string content;
  for (llvm::GlobalVariable &global : llvm::make_early_inc_range(module->globals())) {
    auto *data = global.hasInitializer() ? llvm::dyn_cast<llvm::ConstantDataArray>(global.getInitializer()) : nullptr;
    if (!data || !global.isConstant() || !global.hasLocalLinkage() || data->getRawDataValues().size() < kLeastWeight ||
        !llvm::all_of(global.users(), [&](llvm::User *user) {
          auto *instruction = llvm::dyn_cast<llvm::Instruction>(user);
          return instruction && bases.contains(instruction->getFunction());
        }))
      continue;
    content.resize(llvm::alignTo(content.size(), kAlignment));
    uint64_t offset = sizeof(tfc_weights_header_t) + content.size();
    content += data->getRawDataValues();
    llvm::DenseMap<llvm::Function *, llvm::Value *> addresses;
    for (llvm::Use &use : llvm::make_early_inc_range(global.uses())) {
      llvm::Function *entry = llvm::cast<llvm::Instruction>(use.getUser())->getFunction();
      llvm::Value *&address = addresses[entry];
      if (!address) {
        auto *base = llvm::cast<llvm::Instruction>(baseIn(entry));
        builder.SetInsertPoint(base->getNextNode());
        address = builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), base, offset);
      }
      use.set(address);
    }
    global.eraseFromParent();
  }

  tfc_weights_header_t header = {};
  llvm::copy(llvm::StringRef(TFC_WEIGHTS_MAGIC), header.magic);
  header.size = sizeof(header) + content.size();
  header.checksum = tfc_checksum(content.data(), content.size());
  signature.weights = {std::move(name), header.size, header.checksum};
  return std::string(reinterpret_cast<const char *>(&header), sizeof(header)) + content;
}

} // namespace tfc
