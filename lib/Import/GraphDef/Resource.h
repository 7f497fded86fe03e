// What handles and references of a graph stand for. All are known at compile time: a handle
// is never data.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_RESOURCE_H
#define TFC_LIB_IMPORT_GRAPHDEF_RESOURCE_H

#include <map>
#include <string>

#include "Dfg/Dfg.h"

namespace tfc::tf {

struct Resource {
  enum class Kind { Variable, TensorArray, Stack, Queue, Stage, Accumulator, SparseAccumulator, Cell, Table };
  Kind kind;
  std::string name;             // in the user's graph
  mlir::Operation *declaration; // in the dfg.graph
  mlir::Type elementType;       // of variables, arrays and stacks
  /// Of a variable: its type. Of an array or stack: the least type that holds what was put
  /// in so far; null: nothing was.
  mlir::RankedTensorType type = {};
  /// Of an array: elements may differ in shape; it may grow; what is put in is added to
  /// what is there.
  bool mayVary = false, mayGrow = false, accumulates = false;
  /// Of an array: it is made anew in every iteration of a loop.
  bool isInLoop = false;
  /// Of an array: those that hold its gradients, by source.
  std::map<std::string, Resource *> gradients = {};
  /// Of a stack: the resource whose handle was pushed, if any.
  const Resource *pushed = nullptr;

  /// Of an accumulator: the variable with its time step; whether gradients are summed, not
  /// averaged.
  const Resource *step = nullptr;
  bool sums = false;

  llvm::StringRef symbol() const { return mlir::SymbolTable::getSymbolName(declaration).getValue(); }
};

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_RESOURCE_H
