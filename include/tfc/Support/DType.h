// Element types of the C ABI and of dfg tensors.
#ifndef TFC_SUPPORT_DTYPE_H
#define TFC_SUPPORT_DTYPE_H

#include "mlir/IR/Types.h"

namespace tfc {
/// The tfc_dtype_t of a dfg element type; 0 if it has none.
int32_t dtypeCode(mlir::Type element);
/// The dfg element type of a tfc_dtype_t (an onnx.TensorProto.DataType); null if it has
/// none.
mlir::Type elementTypeOf(mlir::MLIRContext *context, int32_t dtype);
/// Bytes that an element takes in memory: one for every type of 8 bits or fewer.
int64_t elementBytes(mlir::Type element);
} // namespace tfc

#endif // TFC_SUPPORT_DTYPE_H
