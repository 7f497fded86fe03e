// Lowering of `dfg` ops to linalg on tensors, inside kernels.
#ifndef TFC_CONVERSION_DFGTOLINALG_H
#define TFC_CONVERSION_DFGTOLINALG_H

#include "Dfg/Dfg.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/IRMapping.h"

namespace tfc {

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

/// The type an element of a dfg tensor has in memory: signless integers; integers of
/// fewer than 8 bits (but i1) and floats of 8 or fewer are bytes.
mlir::Type storageElementType(mlir::Type element);
/// The tensor type of storage elements.
mlir::RankedTensorType storageType(mlir::Type dfgTensor);
/// The type arithmetic is done in: f32 for narrower floats, signless integers of at least
/// 8 bits, i1 for booleans.
mlir::Type computeElementType(mlir::Type element);
/// A stored element (or vector of them) of dfg type `element`, in its compute type.
mlir::Value widenElement(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value stored, mlir::Type element);
/// A computed element as it is stored in dfg type `element`, rounded to nearest even.
mlir::Value narrowElement(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value computed, mlir::Type element);

//===----------------------------------------------------------------------===//
// The context that lowerings work in
//===----------------------------------------------------------------------===//

/// Lowers one op of a kernel at a time, in order. Values are named by the original op's
/// operands and results; their lowered forms have storage types.
class LinalgLowering {
public:
  using Body = llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

  LinalgLowering(mlir::OpBuilder &builder, dfg::DimScope &scope, mlir::IRMapping &mapping)
      : builder(builder), scope(scope), mapping(mapping) {}

  mlir::OpBuilder &builder;
  dfg::DimScope &scope;

  mlir::Value lowered(mlir::Value original) const { return mapping.lookup(original); }
  /// A list of static numbers with index operands in the holes, in lowered form.
  llvm::SmallVector<mlir::OpFoldResult> lowered(llvm::ArrayRef<int64_t> statics, mlir::ValueRange dynamics) const;

  /// Extents of an original tensor value (operand or result).
  llvm::SmallVector<mlir::OpFoldResult> sizes(mlir::Location loc, mlir::Value original);
  mlir::Value size(mlir::Location loc, mlir::Value original, unsigned dim);
  /// `tensor.empty` of the storage type and extents of an original value.
  mlir::Value empty(mlir::Location loc, mlir::Value original);

  /// A parallel loop nest over the extents of the original value `result`, whose body
  /// gives the element at the indices, in compute type. The result is stored.
  mlir::Value generate(mlir::Location loc, mlir::Value result, Body body);
  /// The element of an original tensor at indices, in compute type.
  mlir::Value extract(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value original, mlir::ValueRange indices) const;

  /// A tensor of the stored `result` type filled with one compute-typed scalar.
  mlir::Value fill(mlir::Location loc, mlir::Value result, mlir::Value scalar);

private:
  mlir::IRMapping &mapping;
};

/// Short names for what lowerings write all the time.
mlir::Value indexConstant(mlir::OpBuilder &builder, mlir::Location loc, int64_t value);
/// A constant of a compute type; integers are rounded towards zero.
mlir::Value elementConstant(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, double value);

//===----------------------------------------------------------------------===//
// Families
//===----------------------------------------------------------------------===//

/// Attach the interfaces `Pointwise` and `LowersToLinalg` to the ops of one family.
void registerPointwiseLowerings(mlir::DialectRegistry &registry);
void registerArrayLowerings(mlir::DialectRegistry &registry);
void registerIndexingLowerings(mlir::DialectRegistry &registry);
void registerReductionLowerings(mlir::DialectRegistry &registry);
void registerContractionLowerings(mlir::DialectRegistry &registry);
void registerDfgToLinalgLowerings(mlir::DialectRegistry &registry);

/// Attaches `LowersToLinalg` to ops for which `lowerOp(Op, LinalgLowering &)`, found
/// through the tag type, gives the result.
template <class Family, class Op>
struct LinalgModel : dfg::LowersToLinalg::ExternalModel<LinalgModel<Family, Op>, Op> {
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> lowerToLinalg(mlir::Operation *op, LinalgLowering &lowering) const {
    mlir::FailureOr<mlir::Value> value = Family::lower(llvm::cast<Op>(op), lowering);
    if (mlir::failed(value))
      return mlir::failure();
    return llvm::SmallVector<mlir::Value>{*value};
  }
};
template <class Family, class... Ops> void attachLinalgModels(mlir::MLIRContext &context) {
  (Ops::template attachInterface<LinalgModel<Family, Ops>>(context), ...);
}

} // namespace tfc

#endif // TFC_CONVERSION_DFGTOLINALG_H
