// From an ONNX file to `dfg`.
#ifndef TFC_IMPORT_ONNX_IMPORTONNX_H
#define TFC_IMPORT_ONNX_IMPORTONNX_H

#include <string>
#include <vector>

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tfc/Import/Common/OpContext.h"

namespace tfc {

struct OnnxImportOptions {
  /// Shapes that replace declared ones: "x=?x3x224x224". `?` leaves an extent open, under
  /// the model's own name where it has one; a name makes extents equal.
  std::vector<std::string> inputShapes;
  /// If not empty, the edges that become results instead of the model's own, by the name
  /// of the edge or of the node that makes them (then all its outputs). "*" stands for all
  /// edges of the graph, in its order.
  std::vector<std::string> outputs;
};

/// Reads the model at `path` into a module that holds one `dfg.graph` with one
/// `dfg.step @main`. Arguments and results carry `dfg.edge`, the ONNX name, and
/// `dfg.dims`. Errors go to the context's diagnostic engine as `node 'NAME' (OpType): ...`,
/// located at a NameLoc of the node; `why`, if set, tells what kind they were.
/// Large constants are resources that live as long as the context; files of external
/// data are mapped, and must not change meanwhile.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> importOnnx(mlir::MLIRContext *context, llvm::StringRef path,
                                                              const OnnxImportOptions &options = {},
                                                              ImportFailure *why = nullptr);

/// The same for a model in memory. It has no folder, so tensors with external data are errors.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> importOnnxFromMemory(mlir::MLIRContext *context,
                                                                        llvm::StringRef bytes,
                                                                        const OnnxImportOptions &options = {},
                                                                        ImportFailure *why = nullptr);

} // namespace tfc

#endif // TFC_IMPORT_ONNX_IMPORTONNX_H
