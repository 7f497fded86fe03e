// Memory for kernels.
#ifndef TFC_CONVERSION_KERNELTOFUNC_H
#define TFC_CONVERSION_KERNELTOFUNC_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace tfc {
/// A dense row-major memref over memory at an `!llvm.ptr`, one `index` per dynamic extent.
mlir::Value emitMemRef(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value pointer, mlir::MemRefType type,
                       mlir::ValueRange dynamicSizes);
} // namespace tfc

#endif // TFC_CONVERSION_KERNELTOFUNC_H
