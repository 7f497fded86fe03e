// What is evaluated while a graph is built: elements of small tensors.
#ifndef TFC_LIB_IMPORT_COMMON_EVALUATE_H
#define TFC_LIB_IMPORT_COMMON_EVALUATE_H

#include "tfc/Import/Common/GraphBuilder.h"

namespace tfc {

/// Whether the elements of a tensor are followed: static, small, of integers, booleans,
/// f32 or f64.
bool isFollowed(mlir::Type type);

/// Calls `each` with every index of a shape in row-major order.
void forEachIndex(llvm::ArrayRef<int64_t> shape, llvm::function_ref<void(llvm::ArrayRef<int64_t>)> each);

} // namespace tfc

#endif // TFC_LIB_IMPORT_COMMON_EVALUATE_H
