// Translation to LLVM IR, optimization and machine code.
#include "tfc/Target/Object/Object.h"

#include "Rt/Rt.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "tfc/Support/Location.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Passes/PassBuilder.h"

using namespace mlir;

namespace tfc {

/// Lets equal constants of several compilations be one.
static void shareConstants(llvm::Module &module) {
  llvm::DenseMap<llvm::Constant *, llvm::GlobalVariable *> known;
  for (llvm::GlobalVariable &global : llvm::make_early_inc_range(module.globals())) {
    if (!global.isConstant() || !global.hasLocalLinkage() || !global.hasInitializer())
      continue;
    auto [it, isNew] = known.try_emplace(global.getInitializer(), &global);
    if (isNew)
      continue;
    it->second->setAlignment(std::max(it->second->getAlign().valueOrOne(), global.getAlign().valueOrOne()));
    global.replaceAllUsesWith(it->second);
    global.eraseFromParent();
  }
}

/// Debuggers and profilers are told the symbol's name, which has that of the node.
static void nameScope(llvm::DISubprogram &scope, StringRef name) {
  constexpr unsigned nameOperand = 2, linkageNameOperand = 3;
  scope.replaceOperandWith(nameOperand, llvm::MDString::get(scope.getContext(), name));
  scope.replaceOperandWith(linkageNameOperand, nullptr);
}

LogicalResult ModelCode::add(ModuleOp source, const CpuSet &cpu, bool isOnly, bool nameNodes) {
  registerBuiltinDialectTranslation(*source.getContext());
  registerLLVMDialectTranslation(*source.getContext());
  auto translated = translateModuleToLLVMIR(source, context, prefix);
  if (!translated)
    return source.emitError("cannot be translated to LLVM IR");
  llvm::StringMap<std::string> nodes;
  if (nameNodes)
    for (auto function : source.getOps<LLVM::LLVMFuncOp>())
      if (std::string node = nodeName(function.getLoc()); function.isPrivate() && !node.empty())
        nodes[function.getName()] = "_" + cIdentifier(node);
  for (llvm::Function &function : *translated) {
    if (function.isDeclaration())
      continue;
    function.setName(prefix + "_" + function.getName() + nodes.lookup(function.getName()) +
                     (isOnly ? "" : "." + cpu.name));
    if (llvm::DISubprogram *scope = function.getSubprogram())
      nameScope(*scope, function.getName());
    function.setDoesNotThrow();
    function.addFnAttr("target-cpu", cpu.level);
    function.addFnAttr("target-features", cpu.features);
    function.addFnAttr("tune-cpu", cpu.tuning);
    // Kernels run long enough to pay for full-width vectors.
    function.addFnAttr("prefer-vector-width", "512");
  }
  cpus.push_back(cpu);
  if (!module)
    module = std::move(translated);
  else if (llvm::Linker::linkModules(*module, std::move(translated)))
    return source.emitError("cannot be linked with the code for another CPU");
  else
    shareConstants(*module);
  // Not before: the linker leaves out what is internal and not called yet.
  for (llvm::Function &function : *module)
    if (!function.isDeclaration())
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
  return success();
}

llvm::Function *ModelCode::compiled(StringRef step, StringRef part, const CpuSet &cpu) {
  return module->getFunction((prefix + "_" + step + "_" + part + (cpus.size() == 1 ? "" : "." + cpu.name)).str());
}

bool ModelCode::takesScratch(StringRef step) {
  return llvm::any_of(
      cpus, [&](const CpuSet &cpu) { return compiled(step, "entry", cpu)->hasFnAttribute(rt::kTakesScratch); });
}

llvm::Function *ModelCode::dispatched(StringRef step, StringRef part) {
  if (cpus.size() == 1)
    return compiled(step, part, cpus[0]);
  auto *entry = llvm::Function::Create(compiled(step, part, cpus[0])->getFunctionType(),
                                       llvm::GlobalValue::InternalLinkage, prefix + "_" + step + "_" + part, *module);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", entry));
  llvm::Type *i64 = builder.getInt64Ty();
  auto query = module->getOrInsertFunction("tfc_context_cpu_features", i64, builder.getPtrTy());
  llvm::Value *features = builder.CreateCall(query, entry->getArg(0));
  llvm::SmallVector<llvm::Value *> arguments(llvm::make_pointer_range(entry->args()));
  for (const CpuSet &cpu : llvm::reverse(cpus)) {
    llvm::BasicBlock *next = nullptr;
    if (&cpu != &cpus.front()) {
      auto *run = llvm::BasicBlock::Create(context, "", entry);
      next = llvm::BasicBlock::Create(context, "", entry);
      llvm::Value *groups = builder.getInt64(cpu.groups);
      builder.CreateCondBr(builder.CreateICmpEQ(builder.CreateAnd(features, groups), groups), run, next);
      builder.SetInsertPoint(run);
    }
    llvm::CallInst *call = builder.CreateCall(compiled(step, part, cpu), arguments);
    call->setIsNoInline();
    call->setTailCall();
    builder.CreateRet(call);
    if (next)
      builder.SetInsertPoint(next);
  }
  return entry;
}

void ModelCode::optimize(llvm::TargetMachine &machine, Sanitizer sanitizer) {
  module->setTargetTriple(machine.getTargetTriple());
  module->setDataLayout(machine.createDataLayout());
  module->setPICLevel(llvm::PICLevel::BigPIC);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager sccs;
  llvm::ModuleAnalysisManager modules;
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = true;
  tuning.SLPVectorization = true;
  tuning.LoopUnrolling = true;
  llvm::PassBuilder builder(&machine, tuning);
  instrument(*module, builder, sanitizer);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(sccs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, sccs, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(*module, modules);
}

llvm::Error ModelCode::emitObject(llvm::TargetMachine &machine, llvm::raw_pwrite_stream &os, bool assembly) {
  llvm::legacy::PassManager passes;
  auto type = assembly ? llvm::CodeGenFileType::AssemblyFile : llvm::CodeGenFileType::ObjectFile;
  if (machine.addPassesToEmitFile(passes, os, nullptr, type))
    return llvm::createStringError("the target cannot emit an object file");
  passes.run(*module);
  return llvm::Error::success();
}

} // namespace tfc
