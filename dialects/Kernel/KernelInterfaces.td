// What scheduling asks of the ops of kernels.
#ifndef KERNEL_INTERFACES
#define KERNEL_INTERFACES

include "mlir/IR/OpBase.td"

def Kernel_Root : OpInterface<"Root"> {
  let cppNamespace = "::tfc::kernel";
  let description = [{
    An op that a code generator emits as registers-and-cache-blocked code. Fusion gives it
    the pointwise ops behind it: they run on its results before these are stored; and,
    where it reads one operand element by element, the pointwise ops before that.
  }];
  let methods = [
    InterfaceMethod<"The operand that pointwise producers may be fused into; null if none.", "::mlir::Value",
      "getFusibleOperand", (ins), [{}], "return {};">
  ];
}

#endif // KERNEL_INTERFACES
