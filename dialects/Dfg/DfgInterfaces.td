// What passes ask of ops.
#ifndef DFG_INTERFACES
#define DFG_INTERFACES

include "mlir/IR/OpBase.td"

def Dfg_InferShapes : OpInterface<"InferShapes"> {
  let cppNamespace = "::tfc::dfg";
  let description = [{
    Gives the element type and the dimensions of every result from those of the
    operands, symbolically: one implementation serves type inference at import, the
    verifier, the equality of dimensions that fusion asks for, and the sizes that the
    memory plan computes at run time.
  }];
  let methods = [
    InterfaceMethod<[{
      Appends one entry per result. A null dimension depends on data and becomes a
      symbol of its own. Emits an error on the op when the operands do not fit.
    }], "::llvm::LogicalResult", "inferShapes",
      (ins "::tfc::dfg::DimScope &":$scope, "::llvm::SmallVectorImpl<::tfc::dfg::TensorInfo> &":$results)>
  ];
  let verify = "return ::tfc::dfg::detail::verifyInferredShapes($_op);";
}

def Dfg_Pointwise : OpInterface<"Pointwise"> {
  let cppNamespace = "::tfc::dfg";
  let description = [{
    An op whose result element depends on the elements at the same (broadcast)
    position only. Fusion asks `isa<Pointwise>`; lowerings ask for the computation on
    scalars or vectors. Attached as external models by the lowering library.
  }];
  let methods = [
    InterfaceMethod<[{
      Emits the computation of one element or one vector of elements. Operands are in
      compute types (signless integers, f32 for narrower floats); so is the result.
    }], "::mlir::Value", "emitElement",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands)>
  ];
}

def Dfg_LowersToLinalg : OpInterface<"LowersToLinalg"> {
  let cppNamespace = "::tfc::dfg";
  let description = [{
    An op that kernels can hold: it has a lowering to linalg and tensor ops. Attached as
    external models by the lowering library.
  }];
  let methods = [
    InterfaceMethod<[{
      Emits the op's results as tensors of storage types, one per result. Fails after an
      error on the op where a case is not supported.
    }], "::mlir::FailureOr<::llvm::SmallVector<::mlir::Value>>", "lowerToLinalg",
      (ins "::tfc::LinalgLowering &":$lowering)>
  ];
}

def Dfg_RuntimeOperation : OpInterface<"RuntimeOperation"> {
  let cppNamespace = "::tfc::dfg";
  let description = [{
    An op that runs as a function of the runtime archive (`tfc_operation_t`): sorting,
    uniqueness and the like, where generated code has nothing to gain.
  }];
  let methods = [
    InterfaceMethod<"Symbol of the C function.", "::llvm::StringRef", "getOperationSymbol", (ins)>,
    InterfaceMethod<"The op's attributes as the function expects them.",
      "::llvm::SmallVector<int64_t>", "getOperationParameters", (ins)>,
    InterfaceMethod<[{
      Operands (lists, optionals) whose reference the function takes over: it may reuse
      their memory.
    }], "::llvm::SmallVector<int64_t>", "getConsumedOperands", (ins), [{}], [{ return {}; }]>
  ];
}

#endif // DFG_INTERFACES
