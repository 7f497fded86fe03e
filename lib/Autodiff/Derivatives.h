// How families of derivatives are attached: each is a table of ops and formulas.
#ifndef TFC_LIB_AUTODIFF_DERIVATIVES_H
#define TFC_LIB_AUTODIFF_DERIVATIVES_H

#include "tfc/Autodiff/Autodiff.h"

namespace tfc {

/// `rule` is what an op's `backpropagate` does.
template <class Op, mlir::LogicalResult (*rule)(Op, Gradients &)>
struct Derivative : Differentiable::ExternalModel<Derivative<Op, rule>, Op> {
  mlir::LogicalResult backpropagate(mlir::Operation *op, Gradients &gradients) const {
    return rule(llvm::cast<Op>(op), gradients);
  }
};

template <class Op, mlir::LogicalResult (*rule)(Op, Gradients &)> void attachDerivative(mlir::MLIRContext &context) {
  Op::template attachInterface<Derivative<Op, rule>>(context);
}

void attachMathDerivatives(mlir::MLIRContext &context);
void attachArrayDerivatives(mlir::MLIRContext &context);

} // namespace tfc

#endif // TFC_LIB_AUTODIFF_DERIVATIVES_H
