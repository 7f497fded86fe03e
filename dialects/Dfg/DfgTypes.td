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
  let description = [{
    `!dfg.list<tensor<?x4xf32>>` holds tensors that fit this type, `!dfg.list<tensor<*xf32>>`
    tensors of any rank. `!dfg.list<f32>` holds nothing yet: it flows into any list of
    f32 tensors, `!dfg.list<none>` into any list. Lists and optionals may be elements, too.
    Lists are values: an op that changes one gives another, in place where
    nobody else reads the old one.
  }];
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
  let genVerifyDecl = 1;
}

def Dfg_OptionalType : Dfg_Type<"Optional", "optional"> {
  let summary = "a value or nothing (ONNX Optional)";
  let description = [{
    `!dfg.optional<tensor<?xf32>>` and `!dfg.optional<!dfg.list<...>>`; `!dfg.optional<none>`
    holds nothing and flows into any optional.
  }];
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
  let genVerifyDecl = 1;
}

def Dfg_StringType : Dfg_Type<"String", "string"> {
  let summary = "an element of a tensor: any number of bytes";
  let description = [{
    `tensor<?x!dfg.string>`. Constants are `dense<["a", "b"]>`. `tfc-lower-strings` makes
    tensors of i64 of them, whose elements are handles.
  }];
}

def Dfg_List : Type<CPred<"::llvm::isa<::tfc::dfg::ListType>($_self)">, "list of tensors",
                              "::tfc::dfg::ListType">;
def Dfg_Optional : Type<CPred<"::llvm::isa<::tfc::dfg::OptionalType>($_self)">, "optional",
                                  "::tfc::dfg::OptionalType">;
def Dfg_Value : Type<
    CPred<"::llvm::isa<::mlir::RankedTensorType, ::tfc::dfg::ListType, ::tfc::dfg::OptionalType>($_self)">,
    "tensor, list or optional">;

#endif // DFG_TYPES
