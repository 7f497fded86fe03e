// State of an instance, which all its steps share (variables), and of one run of a step
// (locals). Ops that declare state stand in the graph; those that use it have memory
// effects, so that their order in a step's text is the order in which they run.
#ifndef DFG_STATE_OPS
#define DFG_STATE_OPS

include "DfgBase.td"
include "DfgTypes.td"
include "DfgInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"

class Dfg_DeclarationOp<string mnemonic> : Dfg_Op<mnemonic, [Symbol, HasParent<"GraphOp">]>;

// An op that a function of the runtime archive runs on one declaration.
class Dfg_StateOp<string mnemonic, list<Trait> traits>
    : Dfg_Op<mnemonic, !listconcat([DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                                    DeclareOpInterfaceMethods<Dfg_RuntimeOperation>], traits)>;

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

def Dfg_VariableOp : Dfg_DeclarationOp<"variable"> {
  let summary = "a tensor that lives as long as the instance";
  let description = [{
    Every step of an instance sees the same variable. It holds nothing, or `value`, until a
    step or the application assigns it. `name` is the one of the user's graph.

    Each access is atomic, and everything between `dfg.acquire` and `dfg.release` together.

    Example:
    ```mlir
    dfg.variable @w "dense/kernel" : tensor<784x10xf32>
    dfg.variable @b "dense/bias" : tensor<10xf32> = dense<0.0> : tensor<10xf32>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$name, TypeAttrOf<Dfg_Tensor>:$type,
                       OptionalAttr<ElementsAttr>:$value);
  let assemblyFormat = "$sym_name $name `:` $type (`=` $value^)? attr-dict";
  let hasVerifier = 1;
}

def Dfg_ReadOp : Dfg_StateOp<"read", [MemoryEffects<[MemRead]>]> {
  let summary = "the value of a variable; FAILED_PRECONDITION if it holds none";
  let description = [{
    Example:
    ```mlir
    %w = dfg.read @w : tensor<784x10xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "$variable attr-dict `:` type($y)";
}

def Dfg_AssignOp : Dfg_StateOp<"assign", [MemoryEffects<[MemWrite]>]> {
  let summary = "give a variable another value";
  let description = [{
    Extents that the variable leaves open may change.

    Example:
    ```mlir
    dfg.assign @w, %x : tensor<784x10xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable, Dfg_Tensor:$value);
  let assemblyFormat = "$variable `,` $value attr-dict `:` type($value)";
}

def Dfg_HasValueOp : Dfg_StateOp<"has_value", [MemoryEffects<[MemRead]>]> {
  let summary = "1 if a variable holds a value, otherwise 0";
  let description = [{
    Example:
    ```mlir
    %h = dfg.has_value @w : index
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs Index:$has);
  let assemblyFormat = "$variable attr-dict `:` type($has)";
}

def Dfg_AcquireOp : Dfg_StateOp<"acquire", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "keep other steps from a variable until it is released";
  let description = [{
    A step that ends has released everything. Several variables are acquired in the order
    of their declarations, so that steps do not wait for each other in a circle.

    Example:
    ```mlir
    dfg.acquire @w
    %w = dfg.read @w : tensor<10xf32>
    %next = dfg.sub %w, %step : (tensor<10xf32>, tensor<10xf32>) -> tensor<10xf32>
    dfg.assign @w, %next : tensor<10xf32>
    dfg.release @w
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let assemblyFormat = "$variable attr-dict";
}

def Dfg_ReleaseOp : Dfg_StateOp<"release", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "let other steps use an acquired variable again";
  let description = "See `dfg.acquire`.";
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let assemblyFormat = "$variable attr-dict";
}

//===----------------------------------------------------------------------===//
// Locals
//===----------------------------------------------------------------------===//

def Dfg_LocalOp : Dfg_DeclarationOp<"local"> {
  let summary = "a list that lives as long as one run of a step";
  let description = [{
    What a graph refers to by a handle within a step (TensorArray, Stack): an empty list when
    the step begins.

    Example:
    ```mlir
    dfg.local @history : !dfg.list<tensor<?x128xf32>>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Dfg_List>:$type);
  let assemblyFormat = "$sym_name `:` $type attr-dict";
}

def Dfg_TakeOp : Dfg_StateOp<"take", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "move the list out of a local, which is empty then";
  let description = [{
    Example:
    ```mlir
    %l = dfg.take @history : !dfg.list<tensor<?x128xf32>>
    %m = dfg.list_insert %l, %x : (!dfg.list<tensor<?x128xf32>>, tensor<?x128xf32>) -> !dfg.list<tensor<?x128xf32>>
    dfg.put @history, %m : !dfg.list<tensor<?x128xf32>>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$local);
  let results = (outs Dfg_List:$y);
  let assemblyFormat = "$local attr-dict `:` type($y)";
}

def Dfg_PeekOp : Dfg_StateOp<"peek", [MemoryEffects<[MemRead]>]> {
  let summary = "the list of a local";
  let description = [{
    Example:
    ```mlir
    %l = dfg.peek @history : !dfg.list<tensor<?x128xf32>>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$local);
  let results = (outs Dfg_List:$y);
  let assemblyFormat = "$local attr-dict `:` type($y)";
}

def Dfg_PutOp : Dfg_Op<"put", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                               DeclareOpInterfaceMethods<Dfg_RuntimeOperation, ["getConsumedOperands"]>,
                               MemoryEffects<[MemWrite]>]> {
  let summary = "give a local another list";
  let description = "See `dfg.take`.";
  let arguments = (ins FlatSymbolRefAttr:$local, Dfg_List:$list);
  let assemblyFormat = "$local `,` $list attr-dict `:` type($list)";
}

#endif // DFG_STATE_OPS
