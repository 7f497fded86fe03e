// Kernels that find one of their arguments in the memory that their result goes to.
#ifndef TFC_SCHEDULE_INPLACEKERNELS_H
#define TFC_SCHEDULE_INPLACEKERNELS_H

#include "Kernel/Kernel.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace tfc {

/// Makes such kernels from those of a graph, one for each kernel and argument.
class InPlaceKernels {
public:
  explicit InPlaceKernels(dfg::GraphOp graph) : graph(graph), symbols(graph) {}

  kernel::FuncOp lookup(kernel::DispatchOp dispatch) { return symbols.lookup<kernel::FuncOp>(dispatch.getKernel()); }

  /// Has a dispatch of one result write it to the memory of argument `updated`.
  void replaceDestination(kernel::DispatchOp dispatch, unsigned updated) {
    kernel::FuncOp kernel = lookup(dispatch), &own = made[{kernel, updated}];
    if (!own) {
      own = kernel.clone();
      own.setName((kernel.getName() + "_in_place").str());
      own.setArgAttr(updated, "kernel.destination", mlir::UnitAttr::get(graph.getContext()));
      symbols.insert(own);
    }
    dispatch.setKernel(own.getName());
    mlir::Value destination = dispatch.getDestinations()[0];
    dispatch.getDestinationsMutable()[0].assign(dispatch.getInputs()[updated]);
    while (mlir::Operation *op = destination.getDefiningOp()) {
      if (!op->use_empty() || !mlir::isa<kernel::EmptyOp, kernel::ViewOp>(op))
        break;
      destination = mlir::isa<kernel::ViewOp>(op) ? op->getOperand(0) : mlir::Value();
      op->erase();
      if (!destination)
        break;
    }
  }

  /// Erases the kernels that nothing dispatches any more.
  void eraseUnused() {
    llvm::SmallSetVector<mlir::Operation *, 4> replaced;
    for (auto &[key, own] : made)
      replaced.insert(key.first);
    for (mlir::Operation *kernel : replaced)
      if (mlir::SymbolTable::symbolKnownUseEmpty(kernel, graph))
        kernel->erase();
  }

private:
  dfg::GraphOp graph;
  mlir::SymbolTable symbols;
  llvm::MapVector<std::pair<mlir::Operation *, unsigned>, kernel::FuncOp> made;
};

} // namespace tfc

#endif // TFC_SCHEDULE_INPLACEKERNELS_H
