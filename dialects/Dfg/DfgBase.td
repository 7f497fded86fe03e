// The dialect and the base classes that every group of ops builds on.
#ifndef DFG_BASE
#define DFG_BASE

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Dfg_Dialect : Dialect {
  let name = "dfg";
  let cppNamespace = "::tfc::dfg";
  let summary = "a deferred dataflow graph: computation and mutable state";
  let description = [{
    A `dfg.graph` holds state and steps. A `dfg.step` is what a client runs: feeds in,
    fetches out. Tensors are values of builtin `tensor` types whose element types keep
    their signedness (`ui8`); shapes may be dynamic, ranks may not. Elementwise ops
    broadcast as NumPy does.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  // Folds and sizes spelled out are made of these.
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"];
}

// Any tensor with a rank; element types are checked by each op's verifier.
def Dfg_Tensor : Type<CPred<"::llvm::isa<::mlir::RankedTensorType>($_self)">, "ranked tensor",
                                "::mlir::RankedTensorType">;


class Dfg_Op<string mnemonic, list<Trait> traits = []> : Op<Dfg_Dialect, mnemonic, traits>;

// An op on tensors without side effects, printed in the general form
// `dfg.name operands {attributes} : (types) -> types`.
class Dfg_PureOp<string mnemonic, list<Trait> traits = []>
    : Dfg_Op<mnemonic, !listconcat([Pure], traits)> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

#endif // DFG_BASE
