// The compiler as a library: a graph file in, an object file out.
#ifndef TFC_PIPELINES_COMPILER_H
#define TFC_PIPELINES_COMPILER_H

#include <string>
#include <vector>

#include "llvm/Support/raw_ostream.h"

namespace tfc {

struct CompileOptions {
  std::string input;               // .onnx, .pb, .pbtxt, .meta, a SavedModel's folder, or .mlir
  std::string output;              // .o, .a or .so; .mlir or .ll with stopAfter
  std::string name;                // prefix of symbols; empty: the stem of the output
  std::string targetCPU = "x86-64-v3"; // one or several, see parseCpus
  std::string weights;                  // file to move the weights to; empty: none
  /// Embedded weights of more bytes go to the large-data section. The other half of the 2 GB
  /// that one program's code and small data may have is the application's.
  uint64_t largeDataThreshold = uint64_t(1) << 30;
  std::vector<std::string> inputShapes; // "x=?x3x224x224"
  std::vector<std::string> outputs;     // nodes or edges to fetch instead of the model's; "*": all edges
  std::vector<std::string> steps;       // of a TensorFlow graph: "train: feeds=x:0 fetches=loss:0 targets=op"
  std::string depfile;
  std::string stopAfter;              // a stage's name
  std::vector<std::string> dumpAfter; // stages; dumped beside the output
  bool winograd = false;              // convolutions of 3x3 in f32: faster, less exact
  bool check = false;                 // only report what is not supported
  bool timing = false;                // time and memory of each stage, to stderr
  bool debugInfo = false;             // line tables that point into the graph's text
  bool verifyEach = false;
  std::string sanitize;  // "address" or "thread": instrument the emitted code
  bool progress = false; // tell a terminal on stderr what takes over a second
};

/// Exit codes of tfc-compile.
enum class CompileResult : int { Success = 0, Failure = 1, Usage = 2, Unsupported = 3 };

/// Compiles one model. Diagnostics go to `errors`. Files appear whole under their names or
/// not at all.
CompileResult compile(const CompileOptions &options, llvm::raw_ostream &errors);

} // namespace tfc

#endif // TFC_PIPELINES_COMPILER_H
