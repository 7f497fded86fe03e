// Arithmetic on extents and sizes in bytes.
#ifndef TFC_LIB_CONVERSION_KERNELTORT_SIZEBUILDER_H
#define TFC_LIB_CONVERSION_KERNELTORT_SIZEBUILDER_H

#include "mlir/IR/Builders.h"

namespace tfc {

/// Emits index arithmetic for the sizes of tensors.
class SizeBuilder {
public:
  explicit SizeBuilder(mlir::OpBuilder &builder) : builder(builder) {}

  mlir::Value constant(mlir::Location loc, int64_t value);
  /// Unsigned arithmetic on sizes that stays at the largest number instead of wrapping.
  mlir::Value multiplySizes(mlir::Location loc, mlir::Value a, mlir::Value b);
  mlir::Value addSizes(mlir::Location loc, mlir::Value a, mlir::Value b);
  mlir::Value elementCount(mlir::Location loc, llvm::ArrayRef<mlir::Value> dims);
  mlir::Value byteSize(mlir::Location loc, llvm::ArrayRef<mlir::Value> dims, mlir::Type element);

protected:
  mlir::OpBuilder &builder;
};

} // namespace tfc

#endif // TFC_LIB_CONVERSION_KERNELTORT_SIZEBUILDER_H
