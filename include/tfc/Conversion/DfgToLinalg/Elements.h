// The computation of one element (or one vector of elements) of each pointwise op.
#ifndef TFC_CONVERSION_DFGTOLINALG_ELEMENTS_H
#define TFC_CONVERSION_DFGTOLINALG_ELEMENTS_H

#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"

/// The ops whose result element depends on the operand elements at its position.
#define TFC_POINTWISE_OPS                                                                                             \
  dfg::AbsOp, dfg::NegOp, dfg::SignOp, dfg::ExpOp, dfg::Expm1Op, dfg::LogOp, dfg::Log1pOp, dfg::SqrtOp, dfg::RsqrtOp, \
      dfg::SinOp, dfg::CosOp, dfg::TanOp, dfg::AsinOp, dfg::AcosOp, dfg::AtanOp, dfg::SinhOp, dfg::CoshOp,            \
      dfg::TanhOp, dfg::AsinhOp, dfg::AcoshOp, dfg::AtanhOp, dfg::ErfOp, dfg::FloorOp, dfg::CeilOp, dfg::RoundOp,     \
      dfg::TruncOp, dfg::SigmoidOp, dfg::NotOp, dfg::IsNanOp, dfg::IsInfOp, dfg::CastOp, dfg::BitcastOp, dfg::AddOp,  \
      dfg::SubOp, dfg::MulOp, dfg::DivOp, dfg::RemOp, dfg::ModOp, dfg::PowOp, dfg::Atan2Op, dfg::MaxOp, dfg::MinOp,   \
      dfg::AndOp, dfg::OrOp, dfg::XorOp, dfg::ShlOp, dfg::ShrOp, dfg::RandomBitsOp, dfg::CompareOp, dfg::SelectOp

namespace tfc {

/// Attaches `Pointwise` to the ops above.
void registerElementModels(mlir::DialectRegistry &registry);

/// One linalg.generic over the extents of `result`; the body computes an element from the
/// operands' elements at the (broadcast) position, all in compute types.
mlir::Value emitPointwise(LinalgLowering &lowering, mlir::Operation *op, mlir::ValueRange operands, mlir::Value result,
                          llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)> body);

/// Combines two elements of a (dfg) type as a reduction of that kind does.
mlir::Value emitCombine(mlir::OpBuilder &builder, mlir::Location loc, dfg::ReduceKind kind, mlir::Type element,
                        mlir::Value a, mlir::Value b);
/// The kind's neutral element in compute type.
mlir::Value emitIdentity(mlir::OpBuilder &builder, mlir::Location loc, dfg::ReduceKind kind, mlir::Type element);

} // namespace tfc

#endif // TFC_CONVERSION_DFGTOLINALG_ELEMENTS_H
