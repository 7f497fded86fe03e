// Translation to LLVM IR, optimization and machine code.
#include "tfc/Target/Object/Object.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "tfc-rt/model.h"

using namespace mlir;

namespace tfc {

llvm::Expected<std::unique_ptr<llvm::TargetMachine>> createTargetMachine(const TargetOptions &options) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::Triple triple("x86_64-unknown-linux-gnu");
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return llvm::createStringError(error);
  std::string cpu = options.cpu;
  llvm::SubtargetFeatures features;
  if (cpu == "native") {
    cpu = llvm::sys::getHostCPUName().str();
    for (const auto &feature : llvm::sys::getHostCPUFeatures())
      features.AddFeature(feature.first(), feature.second);
  } else {
    std::unique_ptr<llvm::MCSubtargetInfo> probe(target->createMCSubtargetInfo(triple, "", ""));
    if (!probe->isCPUStringValid(cpu))
      return llvm::createStringError("unknown target CPU '" + cpu + "', expected a name such as x86-64-v3 or native");
  }
  return std::unique_ptr<llvm::TargetMachine>(
      target->createTargetMachine(triple, cpu, features.getString(), llvm::TargetOptions(), llvm::Reloc::PIC_,
                                  /*CodeModel=*/std::nullopt, llvm::CodeGenOptLevel::Default));
}

/// The TFC_CPU_* groups that code for the machine may use.
static uint64_t cpuFeaturesOf(llvm::TargetMachine &machine) {
  static constexpr std::pair<uint64_t, const char *> groups[] = {
      {TFC_CPU_X86_64_V2, "+sse4.2,+popcnt"}, {TFC_CPU_X86_64_V3, "+avx2,+fma,+f16c,+bmi2"},
      {TFC_CPU_X86_64_V4, "+avx512f,+avx512bw,+avx512cd,+avx512dq,+avx512vl"},
      {TFC_CPU_AVX512_VNNI, "+avx512vnni"},   {TFC_CPU_AVX512_BF16, "+avx512bf16"},
      {TFC_CPU_AVX512_FP16, "+avx512fp16"},   {TFC_CPU_AVX_VNNI, "+avxvnni"}};
  uint64_t result = 0;
  for (auto [group, features] : groups)
    if (machine.getMCSubtargetInfo()->checkFeatures(features))
      result |= group;
  return result;
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", machine.getTargetCPU());
    function.addFnAttr("target-features", machine.getTargetFeatureString());
    // Kernels run long enough to pay for full-width vectors.
    function.addFnAttr("prefer-vector-width", "512");
  }
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager sccs;
  llvm::ModuleAnalysisManager modules;
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = true;
  tuning.SLPVectorization = true;
  tuning.LoopUnrolling = true;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(sccs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, sccs, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(module, modules);
}

FailureOr<std::unique_ptr<llvm::Module>> translateToLLVM(ModuleOp module, llvm::LLVMContext &context,
                                                         const ModelSignature &signature,
                                                         llvm::TargetMachine &machine, bool exportQuery) {
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  auto translated = translateModuleToLLVMIR(module, context, signature.prefix);
  if (!translated)
    return module.emitError("cannot be translated to LLVM IR");
  translated->setTargetTriple(machine.getTargetTriple());
  translated->setDataLayout(machine.createDataLayout());
  translated->setPICLevel(llvm::PICLevel::BigPIC);
  for (llvm::Function &function : *translated)
    if (!function.isDeclaration()) {
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
      function.setDoesNotThrow();
    }
  addDescriptors(*translated, signature, cpuFeaturesOf(machine), exportQuery);
  optimize(*translated, machine);
  return translated;
}

llvm::Error emitObject(llvm::Module &module, llvm::TargetMachine &machine, llvm::raw_pwrite_stream &os, bool assembly) {
  llvm::legacy::PassManager passes;
  auto type = assembly ? llvm::CodeGenFileType::AssemblyFile : llvm::CodeGenFileType::ObjectFile;
  if (machine.addPassesToEmitFile(passes, os, nullptr, type))
    return llvm::createStringError("the target cannot emit an object file");
  passes.run(module);
  return llvm::Error::success();
}

} // namespace tfc
