// Between graph files and the text of `dfg`.
#include "Dfg/Dfg.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "tfc/Import/GraphDef/ImportGraphDef.h"
#include "tfc/Import/ONNX/ImportONNX.h"

namespace cl = llvm::cl;

static cl::OptionCategory category("tfc-translate options");
static cl::opt<std::string> input(cl::Positional, cl::desc("<file>"), cl::Required, cl::cat(category));
static cl::opt<std::string> output("o", cl::desc("Where the text goes (default: -, standard output)"),
                                   cl::value_desc("file"), cl::init("-"), cl::cat(category));
static cl::opt<bool> isOnnx("import-onnx", cl::desc("The file is an ONNX model (default: dfg text, which is checked)"),
                            cl::cat(category));
static cl::opt<bool> isGraphDef("import-graphdef",
                                cl::desc("The file is a TensorFlow graph (.pb, .pbtxt) or the folder of a SavedModel"),
                                cl::cat(category));
static cl::list<std::string> steps("step", cl::value_desc("STEP"), cl::cat(category),
                                   cl::desc("What to run of a TensorFlow graph: 'NAME: feeds=EDGE,EDGE fetches=EDGE "
                                            "targets=NODE'; may be repeated"));
static cl::list<std::string> inputShapes("input-shape", cl::value_desc("NAME=1x?x224"), cl::cat(category),
                                         cl::desc("Shape of an input of the model, where ? is any extent; may be repeated"));
static cl::list<std::string>
    outputs("output", cl::value_desc("NAME"), cl::cat(category),
            cl::desc("Node or edge to return instead of the model's outputs, or * for all edges; may be repeated"));
static cl::opt<int64_t> elide("elide-constants-above", cl::value_desc("N"), cl::init(-1), cl::cat(category),
                              cl::desc("Leave out the data of constants with more than N elements (default: of none)"));
static cl::opt<bool> locations("locations", cl::desc("Print the names of the file's nodes as locations"),
                               cl::cat(category));

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::extrahelp more("\nExamples:\n"
                     "  tfc-translate --import-onnx net.onnx --elide-constants-above=16\n"
                     "  tfc-translate --import-graphdef graph.pb --step 'main: feeds=x:0 fetches=y:0'\n"
                     "  tfc-translate net.mlir -o canonical.mlir\n\n"
                     "Exit status: 0 done, 1 failed, 2 wrong usage, 3 the model uses what is not supported.\n");
  if (!cl::ParseCommandLineOptions(argc, argv, "tfc-translate: graph files to dfg text\n", &llvm::errs()))
    return 2;
  mlir::MLIRContext context;
  context.loadDialect<tfc::dfg::DfgDialect, mlir::arith::ArithDialect, mlir::tensor::TensorDialect>();
  mlir::ScopedDiagnosticHandler handler(&context, [](mlir::Diagnostic &diagnostic) {
    llvm::errs() << (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error ? "error: " : "warning: ") << diagnostic
                 << '\n';
    return mlir::success();
  });
  mlir::OwningOpRef<mlir::ModuleOp> module;
  if (isOnnx || isGraphDef) {
    tfc::ImportFailure why;
    auto imported = isOnnx ? tfc::importOnnx(&context, input, {inputShapes, outputs}, &why)
                           : tfc::importGraphDef(&context, input, {inputShapes, steps}, &why);
    if (failed(imported))
      return why == tfc::ImportFailure::Unsupported ? 3 : 1;
    module = std::move(*imported);
  } else {
    module = mlir::parseSourceFile<mlir::ModuleOp>(input, &context);
    if (!module)
      return 1;
  }
  std::string message;
  auto file = mlir::openOutputFile(output, &message);
  if (!file) {
    llvm::errs() << "error: " << message << '\n';
    return 1;
  }
  mlir::OpPrintingFlags flags;
  if (elide >= 0)
    flags.elideLargeElementsAttrs(elide).elideLargeResourceString(elide);
  if (locations)
    flags.enableDebugInfo();
  module->print(file->os(), flags);
  file->keep();
}
