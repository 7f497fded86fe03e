// Debug information of -g: lines of a text of the graph.
#ifndef TFC_LIB_PIPELINES_LINETABLES_H
#define TFC_LIB_PIPELINES_LINETABLES_H

#include "mlir/IR/BuiltinOps.h"

namespace tfc {

/// Writes the graph as text, one op a line with the name of its node, and makes that line of
/// `fileName` the place of the op. Names of nodes stay.
void locateAtLines(mlir::ModuleOp module, llvm::StringRef fileName, llvm::raw_ostream &os);

/// Gives the functions of a module in the LLVM dialect line tables: an instruction belongs to the
/// first line that its location names. Fails after an error on the module.
llvm::LogicalResult addLineTables(mlir::ModuleOp module);

} // namespace tfc

#endif // TFC_LIB_PIPELINES_LINETABLES_H
