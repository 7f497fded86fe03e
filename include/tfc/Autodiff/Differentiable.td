// What the reverse-mode transform asks of ops.
#ifndef TFC_AUTODIFF_DIFFERENTIABLE
#define TFC_AUTODIFF_DIFFERENTIABLE

include "mlir/IR/OpBase.td"

def Differentiable : OpInterface<"Differentiable"> {
  let cppNamespace = "::tfc";
  let description = [{
    An op through which gradients flow back. Attached as external models by the autodiff
    library. An op without it can only stand where no gradient comes by.
  }];
  let methods = [
    InterfaceMethod<[{
      Adds to the gradients of the operands what those of the results contribute, as ops at
      the insertion point. Fails after an error on the op where a case has no derivative.
    }], "::llvm::LogicalResult", "backpropagate", (ins "::tfc::Gradients &":$gradients)>
  ];
}

#endif // TFC_AUTODIFF_DIFFERENTIABLE
