// A graph file in, an object file out.
#include "tfc/Pipelines/Compiler.h"

#include "Dfg/Dfg.h"
#include "LineTables.h"
#include "StageClock.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "tfc/Import/GraphDef/ImportGraphDef.h"
#include "tfc/Import/ONNX/ImportONNX.h"
#include "tfc/InitAll.h"
#include "tfc/Pipelines/Pipelines.h"
#include "tfc/Support/Location.h"
#include "tfc/Support/OutputFiles.h"
#include "tfc/Support/Progress.h"
#include "tfc/Target/Object/Link.h"
#include "tfc/Target/Object/Object.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace tfc {
namespace {

/// One compilation: holds what the stages share.
class Compilation {
public:
  Compilation(const CompileOptions &options, llvm::raw_ostream &errors)
      : options(options), errors(errors), clock(options.timing ? &errors : nullptr), progress(options.progress),
        context(std::in_place, registry(), MLIRContext::Threading::DISABLED) {
    context->getDiagEngine().registerHandler([this](Diagnostic &diagnostic) { report(diagnostic); });
  }

  CompileResult run() {
    auto parsed = parseCpus(options.targetCPU);
    if (!parsed)
      return fail(llvm::toString(parsed.takeError()));
    cpus = std::move(*parsed);
    auto named = sanitizerNamed(options.sanitize);
    if (!named)
      return fail("unknown sanitizer '" + options.sanitize + "', expected address or thread");
    sanitizer = *named;
    if (cpus.size() > 1 && !options.stopAfter.empty())
      return fail("--stop-after takes one target CPU, found '" + options.targetCPU + "'");
    if (llvm::sys::path::extension(options.output) == "" && options.stopAfter.empty() && !options.check)
      return fail("output '" + options.output + "' has no extension, expected .o, .a or .so");
    if (!import())
      return unsupported ? CompileResult::Unsupported : CompileResult::Failure;
    if (options.check) {
      progress.yield();
      errors << "every node of '" << options.input << "' is supported\n";
      return CompileResult::Success;
    }
    if (options.debugInfo && !write(base() + ".dfg", [&](llvm::raw_ostream &os) {
          locateAtLines(*module, llvm::sys::path::filename(base() + ".dfg"), os);
        }))
      return CompileResult::Failure;
    bool lowered = runStages(*module, cpus[0], /*forAllCpus=*/true);
    for (size_t i = 0; i < cpus.size() && lowered && !stopped; ++i) {
      OwningOpRef<ModuleOp> own = i + 1 < cpus.size() ? module->clone() : module.release();
      lowered = runStages(*own, cpus[i], /*forAllCpus=*/false) && (stopped || translate(*own, cpus[i]));
    }
    if (!lowered)
      return unsupported ? CompileResult::Unsupported : CompileResult::Failure;
    if (!stopped && !emit())
      return CompileResult::Failure;
    return finish();
  }

private:
  static const DialectRegistry &registry() {
    static DialectRegistry registry = [] {
      DialectRegistry all;
      registerAllDialects(all);
      return all;
    }();
    return registry;
  }

  void report(Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Note || diagnostic.getSeverity() == DiagnosticSeverity::Remark)
      return;
    progress.yield();
    std::string text = diagnostic.str();
    if (StringRef(text).contains("unsupported"))
      unsupported = true;
    std::string node = nodeName(diagnostic.getLocation());
    errors << (diagnostic.getSeverity() == DiagnosticSeverity::Error ? "error: " : "warning: ");
    if (!node.empty() && !StringRef(text).contains(node))
      errors << "node '" << node << "': ";
    errors << text << '\n';
  }

  CompileResult fail(const Twine &message) {
    progress.yield();
    errors << "error: " << message << '\n';
    return CompileResult::Failure;
  }

  void begin(StringRef stage) {
    progress.yield(); // the clock may print
    clock.start(stage);
    progress.start(stage);
  }

  bool import() {
    begin("import");
    if (StringRef(options.input).ends_with(".mlir")) {
      module = parseSourceFile<ModuleOp>(options.input, &*context);
    } else if (StringRef(options.input).ends_with(".onnx")) {
      ImportFailure why;
      auto imported = importOnnx(&*context, options.input, {options.inputShapes, options.outputs}, &why);
      unsupported = why == ImportFailure::Unsupported;
      if (succeeded(imported))
        module = std::move(*imported);
    } else if (isGraphDefPath(options.input)) {
      ImportFailure why;
      auto imported = importGraphDef(&*context, options.input, {options.inputShapes, options.steps}, &why);
      unsupported = why == ImportFailure::Unsupported;
      if (succeeded(imported))
        module = std::move(*imported);
    } else {
      fail("'" + options.input + "' is of an unknown format, expected .onnx, .pb, .pbtxt, .meta, the folder of a "
                                 "SavedModel, or .mlir");
    }
    return bool(module);
  }

  /// Runs the stages that are the same for all CPUs, or those that are not.
  bool runStages(ModuleOp module, const CpuSet &cpu, bool forAllCpus) {
    for (const Stage &stage : stages()) {
      if (stopped || stage.forAllCpus != forAllCpus)
        continue;
      if (StringRef(stage.name) == "host" && !readSignature(module))
        return false;
      if (!runStage(stage, module, cpu))
        return false;
      stopped = options.stopAfter == stage.name;
    }
    return true;
  }

  bool runStage(const Stage &stage, ModuleOp module, const CpuSet &cpu) {
    begin(stage.name);
    PassManager pm(&*context);
    pm.enableVerifier(options.verifyEach);
    stage.build(pm, PipelineSettings{cpu.name, options.winograd});
    if (failed(pm.run(module)))
      return false;
    auto print = [&](llvm::raw_ostream &os) { module.print(os); };
    if (options.stopAfter == stage.name)
      return write(options.output, print);
    if (llvm::is_contained(options.dumpAfter, stage.name))
      return write(base() + "." + stage.name + (stage.forAllCpus || cpus.size() == 1 ? "" : "." + cpu.name) + ".mlir",
                   print);
    return true;
  }

  std::string base() const {
    SmallString<128> path(options.output);
    llvm::sys::path::replace_extension(path, "");
    return path.str().str();
  }

  bool readSignature(ModuleOp module) {
    auto graphs = module.getOps<dfg::GraphOp>();
    if (graphs.empty()) {
      fail("'" + options.input + "' holds no dfg.graph");
      return false;
    }
    std::string name = options.name.empty() ? llvm::sys::path::filename(base()).str() : options.name;
    auto read = signatureOf(*graphs.begin(), cIdentifier(name));
    if (failed(read))
      return false;
    // The compilations differ in the memory that they plan with.
    for (auto [step, earlier] : llvm::zip(read->steps, signature.steps)) {
      step.arenaSize = std::max(step.arenaSize, earlier.arenaSize);
      step.slots = std::max(step.slots, earlier.slots);
    }
    signature = std::move(*read);
    for (const CpuSet &cpu : cpus)
      signature.cpus.push_back(cpu.name);
    return true;
  }

  /// Takes one compilation to LLVM IR.
  bool translate(ModuleOp module, const CpuSet &cpu) {
    begin("translate");
    if (options.debugInfo && failed(addLineTables(module)))
      return false;
    if (!code)
      code.emplace(signature.prefix);
    return succeeded(code->add(module, cpu, /*isOnly=*/cpus.size() == 1, /*nameNodes=*/options.debugInfo));
  }

  bool emit() {
    // LLVM IR has weights of its own by now.
    context.reset();
    begin("object");
    StringRef extension = llvm::sys::path::extension(options.output);
    if (!options.weights.empty()) {
      std::string weights = code->moveWeightsOut(signature, llvm::sys::path::filename(options.weights).str());
      if (!write(options.weights, [&](llvm::raw_ostream &os) { os << weights; }))
        return false;
    }
    code->placeLargeData(options.largeDataThreshold);
    auto target = createTargetMachine(cpus[0]);
    if (!target) {
      fail(llvm::toString(target.takeError()));
      return false;
    }
    code->addDescriptors(signature, /*exportQuery=*/extension == ".so");
    code->optimize(**target, sanitizer);
    if (extension == ".ll")
      return write(options.output, [&](llvm::raw_ostream &os) { code->print(os); });
    llvm::SmallVector<char, 0> object;
    llvm::raw_svector_ostream stream(object);
    if (auto error = code->emitObject(**target, stream, extension == ".s")) {
      fail(llvm::toString(std::move(error)));
      return false;
    }
    StringRef bytes(object.data(), object.size());
    if (extension == ".so" || extension == ".a") {
      begin("link");
      auto linked = extension == ".so" ? linkShared(bytes, signature, files) : archive(bytes, options.output);
      if (!linked) {
        fail(llvm::toString(linked.takeError()));
        return false;
      }
      if (!write(options.output, [&](llvm::raw_ostream &os) { os << *linked; }))
        return false;
    } else if (!write(options.output, [&](llvm::raw_ostream &os) { os << bytes; })) {
      return false;
    }
    return write(base() + ".h", [&](llvm::raw_ostream &os) { os << headerOf(signature); }) &&
           write(base() + ".json", [&](llvm::raw_ostream &os) { os << manifestOf(signature); });
  }

  bool write(const std::string &path, llvm::function_ref<void(llvm::raw_ostream &)> content) {
    if (auto error = files.write(path, content)) {
      fail(llvm::toString(std::move(error)));
      return false;
    }
    return true;
  }

  /// Gives all files their names.
  CompileResult finish() {
    if (!options.depfile.empty() &&
        !write(options.depfile, [&](llvm::raw_ostream &os) { os << options.output << ": " << options.input << '\n'; }))
      return CompileResult::Failure;
    if (auto error = files.commit())
      return fail(llvm::toString(std::move(error)));
    return CompileResult::Success;
  }

  const CompileOptions &options;
  llvm::raw_ostream &errors;
  StageClock clock;
  Progress progress;
  std::optional<MLIRContext> context; // until all is in LLVM IR
  OwningOpRef<ModuleOp> module;
  std::vector<CpuSet> cpus;
  Sanitizer sanitizer = Sanitizer::None;
  ModelSignature signature;
  std::optional<ModelCode> code;
  OutputFiles files;
  bool unsupported = false;
  bool stopped = false; // behind the stage of --stop-after
};

} // namespace

CompileResult compile(const CompileOptions &options, llvm::raw_ostream &errors) {
  return Compilation(options, errors).run();
}

} // namespace tfc
