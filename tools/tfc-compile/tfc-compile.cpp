// Command line of the compiler.
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "tfc/Pipelines/Compiler.h"
#include <memory>

namespace cl = llvm::cl;

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // The options of the LLVM library itself, --stop-after among them, are not ours.
  cl::ResetCommandLineParser();
  cl::OptionCategory category("tfc-compile options");
  tfc::CompileOptions options;
  std::vector<std::unique_ptr<cl::Option>> declared;
  auto text = [&](llvm::StringRef name, std::string &value, llvm::StringRef help, llvm::StringRef what) {
    declared.push_back(std::make_unique<cl::opt<std::string, true>>(name, cl::desc(help), cl::value_desc(what),
                                                                    cl::location(value), cl::cat(category)));
  };
  auto list = [&](llvm::StringRef name, std::vector<std::string> &values, llvm::StringRef help, llvm::StringRef what) {
    declared.push_back(std::make_unique<cl::list<std::string, std::vector<std::string>>>(
        name, cl::desc(help), cl::value_desc(what), cl::location(values), cl::cat(category)));
  };
  auto flag = [&](llvm::StringRef name, bool &value, llvm::StringRef help) {
    declared.push_back(
        std::make_unique<cl::opt<bool, true>>(name, cl::desc(help), cl::location(value), cl::cat(category)));
  };
  cl::opt<std::string, true> input(cl::Positional, cl::Required,
                                   cl::desc("MODEL.onnx, GRAPH.pb, SAVED_MODEL_FOLDER or MODEL.mlir"),
                                   cl::location(options.input), cl::cat(category));
  text("o", options.output,
       "object (.o), archive (.a), shared object (.so), assembly (.s) or LLVM IR (.ll); a header "
       "(.h) and a manifest (.json) are written beside it",
       "FILE");
  text("name", options.name, "prefix of the model's symbols (default: the stem of the output)", "NAME");
  text("target-cpu", options.targetCPU,
       "CPU to generate code for, as clang's -march takes it, with +FEATURE for more, or "
       "native (default: x86-64-v3); of several, separated by commas, the one that "
       "needs the least first, opening the model picks the last that the machine has",
       "CPU");
  text("weights", options.weights, "write the weights to a file of their own, which opening the model maps read-only", "FILE");
  cl::opt<uint64_t, true> largeDataThreshold(
      "large-data-threshold", cl::value_desc("BYTES"), cl::location(options.largeDataThreshold), cl::cat(category),
      cl::desc("embedded weights of more bytes in total go to the large-data section, without which a program holds no "
               "more than 2 GB (default: 1 GiB)"));
  list("input-shape", options.inputShapes, "shape of an input: NAME=1x3x?xW, where ? is any extent and equal names are equal extents "
                                                    "(default: as the model says); may be repeated", "SHAPE");
  list("output", options.outputs,
       "node or edge to return instead of the model's outputs, or * for all edges of the graph; "
       "may be repeated",
       "NAME");
  list("step", options.steps,
       "what to run of a TensorFlow graph: 'NAME: feeds=EDGE,EDGE fetches=EDGE targets=NODE'; any edge can be fed or "
       "fetched; may be repeated (default: the signatures of a SavedModel; of a graph, one step that is fed every "
       "placeholder and fetches what no node uses)",
       "STEP");
  text("depfile", options.depfile, "write what the output depends on, for make and ninja", "FILE");
  text("stop-after", options.stopAfter, "stop behind a stage (simplify, dispatch, plan, host, kernels, llvm) and write "
                                        "its MLIR to the output", "STAGE");
  list("dump-after", options.dumpAfter, "write the MLIR behind a stage beside the output; may be repeated", "STAGE");
  flag("winograd", options.winograd,
       "run convolutions of 3x3 with stride 1 in f32 by Winograd's F(4x4,3x3) where that pays: faster, errors of up to "
       "1e-5 of the largest result, four times the memory for their weights");
  flag("g", options.debugInfo, "write line tables, and the graph that they point into (.dfg) beside the output");
  flag("check", options.check, "only report every unsupported node");
  flag("timing", options.timing, "print time and memory of each stage");
  flag("verify-each", options.verifyEach, "verify the IR behind every pass");
  text("sanitize", options.sanitize,
       "instrument the emitted code: address or thread; the program is then linked with "
       "clang's -fsanitize= of the same name",
       "NAME");
  cl::HideUnrelatedOptions(category);
  cl::extrahelp examples("\nExamples:\n"
                         "  tfc-compile net.onnx -o net.o\n"
                         "  tfc-compile net.onnx -o net.so --target-cpu=x86-64-v3,x86-64-v4\n"
                         "  tfc-compile net.onnx -o net.a --input-shape x=?x3x224x224 --weights=net.bin\n"
                         "  tfc-compile net.onnx --check\n"
                         "  tfc-compile graph.pb -o graph.o --step 'train: feeds=x:0,y:0 fetches=loss:0 targets=train_op'\n\n"
                         "Exit status: 0 done, 1 failed, 2 wrong usage, 3 the model uses what is not supported. Files\n"
                         "appear whole under their names, or not at all.\n");
  if (!cl::ParseCommandLineOptions(argc, argv,
                                   "compiles a dataflow graph to an object file that C and C++ programs link\n",
                                   &llvm::errs()))
    return int(tfc::CompileResult::Usage);
  options.progress = true;
  if (options.output.empty() && !options.check) {
    llvm::errs() << "error: no output, expected -o FILE\n";
    return int(tfc::CompileResult::Usage);
  }
  return int(tfc::compile(options, llvm::errs()));
}
