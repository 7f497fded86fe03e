// What ops that use state ask of its declarations.
#ifndef DFG_DECLARATIONS_H
#define DFG_DECLARATIONS_H

#include "Dfg/Dfg.h"

namespace tfc::dfg {

/// The declaration that a symbol of the graph is; reports one that is missing.
template <class Declaration>
Declaration declarationOf(mlir::Operation *op, mlir::FlatSymbolRefAttr symbol, mlir::SymbolTableCollection &symbols) {
  auto found = symbols.lookupNearestSymbolFrom<Declaration>(op, symbol);
  if (!found)
    op->emitOpError() << "uses " << symbol << ", expected a " << Declaration::getOperationName() << " of this graph";
  return found;
}

/// Whether values of a declared type may be of type `given`: strings are handles in steps from some pass on.
inline bool isDeclaredAs(mlir::Type given, mlir::Type declared, llvm::function_ref<bool(mlir::Type, mlir::Type)> fits) {
  return fits(given, declared) || fits(given, withHandles(declared));
}

/// Where a declaration stands among those of its kind in the graph.
template <class Declaration> int64_t numberOf(mlir::Operation *op, llvm::StringRef symbol) {
  int64_t number = 0;
  for (auto declaration : op->getParentOfType<GraphOp>().getBody().getOps<Declaration>()) {
    if (declaration.getSymName() == symbol)
      return number;
    ++number;
  }
  return -1;
}

} // namespace tfc::dfg

#endif // DFG_DECLARATIONS_H
