#ifndef DFG_TYPES
#define DFG_TYPES

include "DfgBase.td"

class Dfg_Type<string name, string mnemonicText> : TypeDef<Dfg_Dialect, name> {
  let mnemonic = mnemonicText;
}

def Dfg_ControlType : Dfg_Type<"Control", "control"> {
  let summary = "a control token: the op that makes it has run";
}

def Dfg_ListType : Dfg_Type<"List", "list"> {
  let summary = "a growable list of tensors (ONNX Sequence, TensorArray, TensorList, Stack)";
  let description = "`!dfg.list<tensor<?xf32>>` holds tensors of one element type and rank.";
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}

def Dfg_OptionalType : Dfg_Type<"Optional", "optional"> {
  let summary = "a value or nothing (ONNX Optional)";
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}

def Dfg_List : Type<CPred<"::llvm::isa<::tfc::dfg::ListType>($_self)">, "list of tensors",
                              "::tfc::dfg::ListType">;
def Dfg_Optional : Type<CPred<"::llvm::isa<::tfc::dfg::OptionalType>($_self)">, "optional",
                                  "::tfc::dfg::OptionalType">;
def Dfg_Value : Type<
    CPred<"::llvm::isa<::mlir::RankedTensorType, ::tfc::dfg::ListType, ::tfc::dfg::OptionalType>($_self)">,
    "tensor, list or optional">;

#endif // DFG_TYPES
