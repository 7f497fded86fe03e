// A graph file in, an object file out.
#include "tfc/Pipelines/Compiler.h"

#include "Dfg/Dfg.h"
#include "StageClock.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "tfc/Import/ONNX/ImportONNX.h"
#include "tfc/InitAll.h"
#include "tfc/Pipelines/Pipelines.h"
#include "tfc/Support/Location.h"
#include "tfc/Support/OutputFiles.h"
#include "tfc/Target/Object/Link.h"
#include "tfc/Target/Object/Object.h"

using namespace mlir;

namespace tfc {
namespace {

/// One compilation: holds what the stages share.
class Compilation {
public:
  Compilation(const CompileOptions &options, llvm::raw_ostream &errors)
      : options(options), errors(errors), clock(options.timing ? &errors : nullptr),
        context(registry(), MLIRContext::Threading::DISABLED) {
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) { report(diagnostic); });
  }

  CompileResult run() {
    auto machine = createTargetMachine({options.targetCPU, false});
    if (!machine)
      return fail(llvm::toString(machine.takeError()));
    target = std::move(*machine);
    settings.cpu = target->getTargetCPU().str();
    if (llvm::sys::path::extension(options.output) == "" && options.stopAfter.empty() && !options.check)
      return fail("output '" + options.output + "' has no extension, expected .o, .a or .so");
    if (!import())
      return unsupported ? CompileResult::Unsupported : CompileResult::Failure;
    if (options.check) {
      errors << "every node of '" << options.input << "' is supported\n";
      return CompileResult::Success;
    }
    for (const Stage &stage : stages()) {
      if (StringRef(stage.name) == "host" && !readSignature())
        return unsupported ? CompileResult::Unsupported : CompileResult::Failure;
      if (!runStage(stage))
        return unsupported ? CompileResult::Unsupported : CompileResult::Failure;
      if (options.stopAfter == stage.name)
        return finish();
    }
    if (!emit())
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
    errors << "error: " << message << '\n';
    return CompileResult::Failure;
  }

  bool import() {
    clock.start("import");
    if (StringRef(options.input).ends_with(".mlir")) {
      module = parseSourceFile<ModuleOp>(options.input, &context);
    } else if (StringRef(options.input).ends_with(".onnx")) {
      ImportFailure why;
      auto imported = importOnnx(&context, options.input, {options.inputShapes, options.outputs}, &why);
      unsupported = why == ImportFailure::Unsupported;
      if (succeeded(imported))
        module = std::move(*imported);
    } else {
      fail("'" + options.input + "' is of an unknown format, expected .onnx or .mlir");
    }
    return bool(module);
  }

  bool runStage(const Stage &stage) {
    clock.start(stage.name);
    PassManager pm(&context);
    pm.enableVerifier(options.verifyEach);
    stage.build(pm, settings);
    if (failed(pm.run(*module)))
      return false;
    if (options.stopAfter == stage.name)
      return write(options.output, [&](llvm::raw_ostream &os) { module->print(os); });
    if (llvm::is_contained(options.dumpAfter, stage.name))
      return write(base() + "." + stage.name + ".mlir", [&](llvm::raw_ostream &os) { module->print(os); });
    return true;
  }

  std::string base() const {
    SmallString<128> path(options.output);
    llvm::sys::path::replace_extension(path, "");
    return path.str().str();
  }

  bool readSignature() {
    auto graphs = module->getOps<dfg::GraphOp>();
    if (graphs.empty()) {
      fail("'" + options.input + "' holds no dfg.graph");
      return false;
    }
    std::string name = options.name.empty() ? llvm::sys::path::filename(base()).str() : options.name;
    auto read = signatureOf(*graphs.begin(), cIdentifier(name));
    if (failed(read))
      return false;
    signature = std::move(*read);
    return true;
  }

  bool emit() {
    clock.start("object");
    StringRef extension = llvm::sys::path::extension(options.output);
    llvm::LLVMContext llvmContext;
    auto translated = translateToLLVM(*module, llvmContext, signature, *target, extension == ".so");
    if (failed(translated))
      return false;
    if (extension == ".ll")
      return write(options.output, [&](llvm::raw_ostream &os) { (*translated)->print(os, nullptr); });
    llvm::SmallVector<char, 0> object;
    llvm::raw_svector_ostream stream(object);
    if (auto error = emitObject(**translated, *target, stream, extension == ".s")) {
      fail(llvm::toString(std::move(error)));
      return false;
    }
    StringRef bytes(object.data(), object.size());
    if (extension == ".so" || extension == ".a") {
      clock.start("link");
      auto linked = extension == ".so" ? linkShared(bytes, files) : archive(bytes, options.output);
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
    if (!options.depfile.empty() && !write(options.depfile, [&](llvm::raw_ostream &os) {
          os << options.output << ": " << options.input << '\n';
        }))
      return CompileResult::Failure;
    if (auto error = files.commit())
      return fail(llvm::toString(std::move(error)));
    return CompileResult::Success;
  }

  const CompileOptions &options;
  llvm::raw_ostream &errors;
  StageClock clock;
  PipelineSettings settings;
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<llvm::TargetMachine> target;
  ModelSignature signature;
  OutputFiles files;
  bool unsupported = false;
};

} // namespace

CompileResult compile(const CompileOptions &options, llvm::raw_ostream &errors) {
  return Compilation(options, errors).run();
}

} // namespace tfc
