// Strings in importers.
#ifndef TFC_IMPORT_COMMON_STRINGS_H
#define TFC_IMPORT_COMMON_STRINGS_H

#include "tfc/Import/Common/GraphBuilder.h"

namespace tfc {

inline bool isString(mlir::Type element) { return llvm::isa<dfg::StringType>(element); }
/// A constant of strings; one stands for all.
mlir::Value constantStrings(GraphBuilder &b, llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<llvm::StringRef> strings);
/// The values under the shape that they broadcast to, as operations on strings want them; none
/// after an error.
llvm::SmallVector<mlir::Value> broadcastTogether(GraphBuilder &b, llvm::ArrayRef<mlir::Value> values);
/// Whether elements compare so: any numbers, or strings, which are equal or not.
mlir::Value compareElements(GraphBuilder &b, dfg::CompareKind kind, mlir::Value x, mlir::Value y);

} // namespace tfc

#endif // TFC_IMPORT_COMMON_STRINGS_H
