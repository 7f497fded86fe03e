// Lowering to LLVM with upstream passes, and loading with ORC.
#include "JitKernel.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include <array>
#include <chrono>

using namespace mlir;
using namespace tfc::test;

struct JitKernel::Code {
  std::unique_ptr<llvm::orc::LLJIT> jit;
  void *entry;
};

static void lower(ModuleOp module) {
  PassManager pm(module.getContext());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  if (failed(pm.run(module)))
    llvm::report_fatal_error("the kernel does not lower");
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  module.setDataLayout(machine.createDataLayout());
  module.setTargetTriple(machine.getTargetTriple());
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder passes(&machine);
  passes.registerModuleAnalyses(modules);
  passes.registerCGSCCAnalyses(components);
  passes.registerFunctionAnalyses(functions);
  passes.registerLoopAnalyses(loops);
  passes.crossRegisterProxies(loops, functions, components, modules);
  passes.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(module, modules);
}

static void dumpAssembly(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::SmallString<0> text;
  llvm::raw_svector_ostream stream(text);
  llvm::legacy::PassManager pm;
  machine.addPassesToEmitFile(pm, stream, nullptr, llvm::CodeGenFileType::AssemblyFile);
  auto copy = llvm::CloneModule(module);
  pm.run(*copy);
  llvm::errs() << text;
}

MLIRContext &JitKernel::context() {
  static MLIRContext *context = [] {
    DialectRegistry registry;
    registry.insert<arith::ArithDialect, func::FuncDialect, LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
                    scf::SCFDialect, ub::UBDialect, vector::VectorDialect>();
    registerBuiltinDialectTranslation(registry);
    registerLLVMDialectTranslation(registry);
    auto *context = new MLIRContext(registry, MLIRContext::Threading::DISABLED);
    context->loadAllAvailableDialects();
    return context;
  }();
  return *context;
}

JitKernel::JitKernel(llvm::ArrayRef<Type> arguments, Body body, llvm::StringRef cpu) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  const auto start = std::chrono::steady_clock::now();

  OpBuilder builder(&context());
  Location loc = builder.getUnknownLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  builder.setInsertionPointToStart(module->getBody());
  auto function = func::FuncOp::create(builder, loc, "kernel", builder.getFunctionType(arguments, {}));
  function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(), builder.getUnitAttr());
  builder.setInsertionPointToStart(function.addEntryBlock());
  body(builder, loc, function.getArguments());
  func::ReturnOp::create(builder, loc);
  const bool dump = std::getenv("TFC_DUMP_KERNEL");
  if (dump)
    module->dump();
  lower(*module);

  auto llvmContext = std::make_unique<llvm::LLVMContext>();
  std::unique_ptr<llvm::Module> llvmModule = translateModuleToLLVMIR(*module, *llvmContext);
  auto machine = llvm::cantFail(llvm::orc::JITTargetMachineBuilder::detectHost());
  machine.setCPU(processorName(cpu));
  machine.getFeatures() = llvm::SubtargetFeatures();
  auto targetMachine = llvm::cantFail(machine.createTargetMachine());
  optimize(*llvmModule, *targetMachine);
  if (dump)
    dumpAssembly(*llvmModule, *targetMachine);

  code = std::make_unique<Code>();
  code->jit = llvm::cantFail(llvm::orc::LLJITBuilder().setJITTargetMachineBuilder(machine).create());
  llvm::cantFail(code->jit->addIRModule({std::move(llvmModule), std::move(llvmContext)}));
  code->entry = llvm::cantFail(code->jit->lookup("_mlir_ciface_kernel")).toPtr<void *>();
  compileSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

JitKernel::~JitKernel() = default;

std::function<void()> JitKernel::bind(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<int64_t> integers) const {
  // A descriptor is two pointers, an offset, the sizes, the strides.
  std::vector<std::shared_ptr<std::vector<int64_t>>> descriptors;
  std::array<int64_t, 10> words{};
  size_t count = 0;
  for (const Buffer &buffer : buffers) {
    const auto address = reinterpret_cast<int64_t>(buffer.data);
    auto descriptor = std::make_shared<std::vector<int64_t>>(std::vector<int64_t>{address, address, 0});
    descriptor->insert(descriptor->end(), buffer.sizes.begin(), buffer.sizes.end());
    descriptor->insert(descriptor->end(), buffer.strides.begin(), buffer.strides.end());
    words[count++] = reinterpret_cast<int64_t>(descriptor->data());
    descriptors.push_back(std::move(descriptor));
  }
  for (int64_t integer : integers)
    words[count++] = integer;
  // Pointers and integers travel alike, and a callee ignores arguments that it does not declare.
  using W = int64_t;
  return [words, descriptors, entry = reinterpret_cast<void (*)(W, W, W, W, W, W, W, W, W, W)>(code->entry)] {
    entry(words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7], words[8], words[9]);
  };
}

std::string tfc::test::processorName(llvm::StringRef cpu) {
  return cpu == "native" ? llvm::sys::getHostCPUName().str() : cpu.str();
}

std::vector<std::string> tfc::test::testProcessors() {
  const llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  std::vector<std::string> names;
  if (features.lookup("avx2") && features.lookup("fma"))
    names.push_back("x86-64-v3");
  if (features.lookup("avx512vl") && features.lookup("avx512bw") && features.lookup("avx512dq"))
    names.push_back("x86-64-v4");
  return names;
}

std::vector<std::string> tfc::test::testByteProcessors() {
  std::vector<std::string> names = testProcessors();
  names.insert(names.begin(), "x86-64-v2");
  if (llvm::sys::getHostCPUFeatures().lookup("avx512vnni") && names.back() == "x86-64-v4")
    names.push_back("cascadelake");
  return names;
}

MemRefType tfc::test::floats(llvm::ArrayRef<int64_t> sizes, bool anyStride) {
  OpBuilder builder(&JitKernel::context());
  MemRefLayoutAttrInterface layout;
  if (anyStride)
    layout = StridedLayoutAttr::get(builder.getContext(), ShapedType::kDynamic,
                                    SmallVector<int64_t>(sizes.size(), ShapedType::kDynamic));
  return MemRefType::get(sizes, builder.getF32Type(), layout);
}

std::vector<float> tfc::test::randomFloats(size_t count, uint32_t seed) {
  std::vector<float> values(count);
  uint32_t state = seed * 2654435761u + 1;
  for (float &value : values) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<float>(state >> 8) * 0x1p-24f - 0.5f;
  }
  return values;
}
