// What a client runs of a graph: feeds, fetches and targets.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_STEPS_H
#define TFC_LIB_IMPORT_GRAPHDEF_STEPS_H

#include <string>
#include <vector>

#include "Graph.h"
#include "mlir/IR/Diagnostics.h"

namespace tfc::tf {

struct StepRequest {
  /// An edge and what callers know it as.
  struct Port {
    std::string edge; // "x:0"
    std::string name; // "x:0", or the key of a signature
  };
  std::string name;
  std::vector<Port> feeds, fetches;
  std::vector<std::string> targets;
};

/// Reads an option of the form "NAME: feeds=EDGE,EDGE fetches=EDGE targets=NODE".
mlir::FailureOr<StepRequest> readStep(llvm::StringRef text, llvm::function_ref<mlir::InFlightDiagnostic()> bad);

/// The step of a graph that nobody says more about: every placeholder is fed, every edge
/// that no node uses is fetched.
StepRequest wholeGraph(const Graph &graph);

/// One step for each signature, by name.
std::vector<StepRequest> stepsOfSignatures(const tensorflow::MetaGraphDef &graph);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_STEPS_H
