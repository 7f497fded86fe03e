// From TensorFlow's GraphDef and SavedModel to `dfg`.
#ifndef TFC_IMPORT_GRAPHDEF_IMPORTGRAPHDEF_H
#define TFC_IMPORT_GRAPHDEF_IMPORTGRAPHDEF_H

#include <string>
#include <vector>

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tfc/Import/Common/OpContext.h"

namespace tfc {

struct GraphDefImportOptions {
  /// Shapes that replace those of placeholders and of other edges fed: "x:0=?x784".
  std::vector<std::string> inputShapes;
  /// What to run, as "NAME: feeds=EDGE,EDGE fetches=EDGE targets=NODE". Any edge can be fed
  /// or fetched. If empty: the signatures of a SavedModel; of a graph, one step `main` that
  /// is fed every placeholder and fetches every edge that nothing uses.
  std::vector<std::string> steps;
};

/// Whether a path is one that `importGraphDef` reads: a .pb or .pbtxt file, or a folder
/// that holds a SavedModel.
bool isGraphDefPath(llvm::StringRef path);

/// Reads the graph at `path` (binary or text GraphDef, MetaGraphDef, or SavedModel) into a
/// module that holds one `dfg.graph` with a `dfg.step` for each step. Arguments and results
/// carry `dfg.edge`, the edge's name, and `dfg.dims`. Errors go to the context's diagnostic
/// engine as `node 'NAME' (Op): ...`; `why`, if set, tells what kind they were.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> importGraphDef(mlir::MLIRContext *context, llvm::StringRef path,
                                                                  const GraphDefImportOptions &options = {},
                                                                  ImportFailure *why = nullptr);

/// The same for the bytes of a binary GraphDef or MetaGraphDef.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> importGraphDefFromMemory(mlir::MLIRContext *context,
                                                                            llvm::StringRef bytes,
                                                                            const GraphDefImportOptions &options = {},
                                                                            ImportFailure *why = nullptr);

} // namespace tfc

#endif // TFC_IMPORT_GRAPHDEF_IMPORTGRAPHDEF_H
