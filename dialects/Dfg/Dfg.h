// The `dfg` dialect: a deferred dataflow graph of tensors.
#ifndef DFG_DFG_H
#define DFG_DFG_H

#include "Dfg/DimScope.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

#include "Dfg/DfgDialect.h.inc"
#include "Dfg/DfgEnums.h.inc"

namespace tfc {
class LinalgLowering;
}

#include "Dfg/DfgInterfaces.h.inc"

#define GET_TYPEDEF_CLASSES
#include "Dfg/DfgTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "Dfg/DfgAttrs.h.inc"

#define GET_OP_CLASSES
#include "Dfg/DfgOps.h.inc"

namespace tfc::dfg {
/// Shape of a value that is known to be a ranked tensor.
inline mlir::RankedTensorType tensorType(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType());
}
/// Whether a value of type `from` may stand where `to` is declared: the same, or with
/// more static extents; in lists also of a known rank where any may be.
bool flowsInto(mlir::Type from, mlir::Type to);
/// The least type that both flow into, an optional also taking what it may hold; null if
/// there is none.
mlir::Type joinTypes(mlir::Type a, mlir::Type b);
/// A type after tfc-lower-strings: handles (i64) in place of strings, in lists and optionals, too.
mlir::Type withHandles(mlir::Type type);
/// Refuses a tensor that holds neither strings nor handles; `what` names it.
llvm::LogicalResult checkStrings(mlir::Operation *op, mlir::Value value, llvm::StringRef what);
/// Refuses a position that no integer of `tensor` can have.
llvm::LogicalResult verifyItem(mlir::Operation *op, mlir::Value tensor, llvm::ArrayRef<int64_t> position);
/// Refuses values that are not what the function around `op` declares as its results.
llvm::LogicalResult verifyReturn(mlir::Operation *op, mlir::ValueRange values);
} // namespace tfc::dfg

#endif // DFG_DFG_H
