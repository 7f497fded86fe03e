// Memory for kernels.
#ifndef TFC_CONVERSION_KERNELTOFUNC_H
#define TFC_CONVERSION_KERNELTOFUNC_H

#include "Kernel/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace tfc {
/// A dense row-major memref over memory at an `!llvm.ptr`, one `index` per dynamic extent.
mlir::Value emitMemRef(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value pointer, mlir::MemRefType type,
                       mlir::ValueRange dynamicSizes);

/// A kernel's code on memory, without a body yet.
struct KernelFunction {
  mlir::func::FuncOp function;
  llvm::SmallVector<mlir::Value> inputs;  // memrefs and indices
  llvm::SmallVector<mlir::Value> outputs; // memrefs
  mlir::Value begin, end;                 // the range of work units
};

/// The address of the fault word, which the function of a kernel takes before its range.
inline mlir::Value faultWord(mlir::func::FuncOp kernel) { return kernel.getArguments().take_back(3).front(); }

/// Makes the functions of a kernel, the entry under its name included, at the builder's
/// insertion point, which is left in the body. The caller writes the rest of the body with
/// a `func.return`, and erases the kernel.
KernelFunction createKernelFunction(mlir::OpBuilder &builder, kernel::FuncOp kernel);
} // namespace tfc

#endif // TFC_CONVERSION_KERNELTOFUNC_H
