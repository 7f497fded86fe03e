// AddressSanitizer and ThreadSanitizer on emitted code.
#include "tfc/Target/Object/Sanitize.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Instrumentation/AddressSanitizer.h"
#include "llvm/Transforms/Instrumentation/ThreadSanitizer.h"

namespace tfc {

namespace {
/// ThreadSanitizer passes over accesses of more than 16 bytes, which is what vector code
/// consists of: they become calls on ranges.
struct RangesForThreads : llvm::PassInfoMixin<RangesForThreads> {
  llvm::PreservedAnalyses run(llvm::Function &function, llvm::FunctionAnalysisManager &) {
    llvm::Module &module = *function.getParent();
    const llvm::DataLayout &layout = module.getDataLayout();
    llvm::IRBuilder<> builder(module.getContext());
    for (llvm::Instruction &instruction : llvm::instructions(function)) {
      const llvm::Value *pointer = llvm::getLoadStorePointerOperand(&instruction);
      if (!pointer || llvm::isa<llvm::AllocaInst>(pointer->stripInBoundsOffsets()))
        continue;
      uint64_t size = layout.getTypeStoreSize(llvm::getLoadStoreType(&instruction)).getFixedValue();
      if (size <= 16)
        continue;
      builder.SetInsertPoint(&instruction);
      auto callee = module.getOrInsertFunction(llvm::isa<llvm::LoadInst>(instruction) ? "__tsan_read_range"
                                                                                      : "__tsan_write_range",
                                               builder.getVoidTy(), builder.getPtrTy(), builder.getInt64Ty());
      builder.CreateCall(callee, {const_cast<llvm::Value *>(pointer), builder.getInt64(size)});
    }
    return llvm::PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }
};
} // namespace

std::optional<Sanitizer> sanitizerNamed(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<Sanitizer>>(name)
      .Case("", Sanitizer::None)
      .Case("address", Sanitizer::Address)
      .Case("thread", Sanitizer::Thread)
      .Default(std::nullopt);
}

void instrument(llvm::Module &module, llvm::PassBuilder &builder, Sanitizer sanitizer) {
  if (sanitizer == Sanitizer::None)
    return;
  bool isAddress = sanitizer == Sanitizer::Address;
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      function.addFnAttr(isAddress ? llvm::Attribute::SanitizeAddress : llvm::Attribute::SanitizeThread);
  // Last, so that what is checked are the accesses that are left to be made.
  builder.registerOptimizerLastEPCallback(
      [isAddress](llvm::ModulePassManager &passes, llvm::OptimizationLevel, llvm::ThinOrFullLTOPhase) {
        if (isAddress) {
          llvm::AddressSanitizerOptions options;
          // Calls, because inline checks split blocks, and the code generator converts bf16
          // values that live across blocks by functions that libgcc lacks.
          options.InstrumentationWithCallsThreshold = 0;
          passes.addPass(llvm::AddressSanitizerPass(options));
          return;
        }
        passes.addPass(llvm::ModuleThreadSanitizerPass());
        llvm::FunctionPassManager each;
        each.addPass(RangesForThreads());
        each.addPass(llvm::ThreadSanitizerPass());
        passes.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(each)));
      });
}

} // namespace tfc
