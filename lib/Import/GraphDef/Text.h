// What importers of operators on strings share.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_TEXT_H
#define TFC_LIB_IMPORT_GRAPHDEF_TEXT_H

#include "Dfg/DfgText.h"
#include "OpRegistry.h"
#include "tfc/Import/Common/Strings.h"

namespace tfc::tf {

/// Whether a tensor is there and holds strings.
bool holdsStrings(mlir::Value x);
/// 1 for each tensor that holds strings, 0 for others.
llvm::SmallVector<int64_t> whichHoldStrings(mlir::ValueRange values);
/// Fails unless these inputs are strings.
mlir::LogicalResult requireStrings(NodeContext &c, llvm::ArrayRef<unsigned> inputs);
/// A constant string.
mlir::Value text(NodeContext &c, llvm::StringRef value);
/// An input that is one string, as a scalar; null after an error.
mlir::Value scalarText(NodeContext &c, unsigned input);
/// The parts at each position, one after the other, under the shape that they broadcast to.
mlir::Value join(NodeContext &c, mlir::Value separator, llvm::ArrayRef<mlir::Value> parts);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_TEXT_H
