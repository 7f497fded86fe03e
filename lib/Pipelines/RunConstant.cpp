// Runs graphs that have no inputs, while compiling: their objects are loaded by ORC and call the runtime that is linked
// into the compiler.
#include "RunConstant.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "tfc-rt/model.h"
#include "tfc/InitAll.h"
#include "tfc/Pipelines/Pipelines.h"
#include "tfc/Target/Object/Object.h"

using namespace mlir;

namespace tfc {

static llvm::Error failure(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

/// The object of the module, whose descriptor is `constants_model`.
static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> compileObject(StringRef bytecode) {
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  // What cannot be folded stays in the graph; if it is wrong, the stages that follow say so.
  context.getDiagEngine().registerHandler([](Diagnostic &) {});
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(bytecode, &context);
  if (!module)
    return failure("the graph cannot be read back");
  auto cpu = parseCpu("x86-64-v3");
  if (!cpu)
    return cpu.takeError();
  auto machine = createTargetMachine(*cpu);
  if (!machine)
    return machine.takeError();
  ModelSignature signature;
  for (const Stage &stage : stages()) {
    if (stage.forAllCpus)
      continue;
    if (StringRef(stage.name) == "host") {
      auto read = signatureOf(*module->getOps<dfg::GraphOp>().begin(), "constants");
      if (failed(read))
        return failure("the graph has no signature");
      signature = std::move(*read);
    }
    PassManager pm(&context);
    stage.build(pm, PipelineSettings{cpu->name});
    if (failed(pm.run(*module)))
      return failure("the graph does not compile");
  }
  signature.cpus.push_back(cpu->name);
  ModelCode code(signature.prefix);
  if (failed(code.add(*module, *cpu, /*isOnly=*/true, /*nameNodes=*/false)))
    return failure("the graph does not compile");
  code.addDescriptors(signature, /*exportQuery=*/false);
  code.optimize(**machine);
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  if (auto error = code.emitObject(**machine, stream))
    return error;
  return llvm::MemoryBuffer::getMemBufferCopy(StringRef(object.data(), object.size()), "constants");
}

namespace {
/// An open instance and its context.
struct Session {
  tfc_instance_t *instance = nullptr;
  tfc_context_t *context = nullptr;

  tfc_status_t open(const tfc_model_t *model) {
    tfc_options_t options = {};
    options.abi_version = TFC_ABI_VERSION;
    options.thread_count = 1;
    if (tfc_status_t status = tfc_instance_open(model, &options, &instance))
      return status;
    return tfc_context_create(instance, &context);
  }
  ~Session() {
    if (context)
      tfc_context_destroy(context);
    tfc_instance_close(instance);
  }
};
} // namespace

llvm::Expected<std::vector<std::string>> runConstantStep(StringRef bytecode) {
  auto object = compileObject(bytecode);
  if (!object)
    return object.takeError();
  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      (*jit)->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  (*jit)->getMainJITDylib().addGenerator(std::move(*process));
  if (auto error = (*jit)->addObjectFile(std::move(*object)))
    return error;
  auto symbol = (*jit)->lookup("constants_model");
  if (!symbol)
    return symbol.takeError();

  const auto *model = symbol->toPtr<const tfc_model_t *>();
  const tfc_step_t &step = model->steps[0];
  Session session;
  if (session.open(model) != TFC_STATUS_OK)
    return failure("the graph cannot be opened on this machine");
  std::vector<tfc_tensor_t> outputs(step.output_count);
  if (tfc_step_run(session.context, &step, nullptr, outputs.data()) != TFC_STATUS_OK)
    return failure(tfc_context_message(session.context));
  std::vector<std::string> results;
  for (const tfc_tensor_t &output : outputs)
    results.emplace_back(static_cast<const char *>(output.data), output.size);
  return results;
}

} // namespace tfc
