// Lists of tensors and optional values. Elements of lists may be lists and optionals, too.
//
// What a list holds is known at run time only: an op that takes a tensor out fails the
// step with INVALID_ARGUMENT if the tensor does not fit its result type. Positions may
// count from the back; one out of range fails the step with OUT_OF_RANGE.
#ifndef DFG_LIST_OPS
#define DFG_LIST_OPS

include "DfgBase.td"
include "DfgTypes.td"
include "DfgInterfaces.td"

class Dfg_ListOp<string mnemonic, list<Trait> traits = []>
    : Dfg_PureOp<mnemonic, !listconcat([DeclareOpInterfaceMethods<Dfg_RuntimeOperation>], traits)> {
  let hasVerifier = 1;
}
// One that may work on its first operand in place.
class Dfg_ListUpdateOp<string mnemonic, list<Trait> traits = []>
    : Dfg_PureOp<mnemonic, !listconcat([DeclareOpInterfaceMethods<Dfg_RuntimeOperation, ["getConsumedOperands"]>],
                                       traits)> {
  let hasVerifier = 1;
}

def Dfg_ListMakeOp : Dfg_ListOp<"list_make"> {
  let summary = "a list of the given tensors";
  let description = [{
    Example:
    ```mlir
    %empty = dfg.list_make : () -> !dfg.list<f32>
    %l = dfg.list_make %a, %b : (tensor<2xf32>, tensor<3xf32>) -> !dfg.list<tensor<?xf32>>
    ```
  }];
  let arguments = (ins Variadic<Dfg_Value>:$elements);
  let results = (outs Dfg_List:$y);
}

def Dfg_ListInsertOp : Dfg_ListUpdateOp<"list_insert"> {
  let summary = "insert a tensor before a position, at the end where none is given";
  let description = [{
    Example:
    ```mlir
    %m = dfg.list_insert %l, %x, %i : (!dfg.list<tensor<?xf32>>, tensor<4xf32>, index) -> !dfg.list<tensor<?xf32>>
    ```
  }];
  let arguments = (ins Dfg_List:$list, Dfg_Value:$element, Optional<Index>:$position);
  let results = (outs Dfg_List:$y);
}

def Dfg_ListEraseOp : Dfg_ListUpdateOp<"list_erase"> {
  let summary = "drop the tensor at a position, the last one where none is given";
  let description = [{
    Example:
    ```mlir
    %m = dfg.list_erase %l, %i : (!dfg.list<tensor<?xf32>>, index) -> !dfg.list<tensor<?xf32>>
    ```
  }];
  let arguments = (ins Dfg_List:$list, Optional<Index>:$position);
  let results = (outs Dfg_List:$y);
}

def Dfg_ListAtOp : Dfg_ListOp<"list_at"> {
  let summary = "the tensor at a position";
  let description = [{
    Example:
    ```mlir
    %x = dfg.list_at %l, %i : (!dfg.list<tensor<?xf32>>, index) -> tensor<?xf32>
    ```
  }];
  let arguments = (ins Dfg_List:$list, Index:$position);
  let results = (outs Dfg_Value:$y);
}

def Dfg_ListSetOp : Dfg_ListUpdateOp<"list_set"> {
  let summary = "put a tensor in the place of the one at a position";
  let description = [{
    Positions count from the front. With `grow`, one beyond the end is made, and all before
    it, which hold nothing. With `accumulate`, the tensor is added to the one that is there.

    Example:
    ```mlir
    %m = dfg.list_set %l, %x, %i {grow} : (!dfg.list<tensor<?xf32>>, tensor<4xf32>, index) -> !dfg.list<tensor<?xf32>>
    ```
  }];
  let arguments = (ins Dfg_List:$list, Dfg_Value:$element, Index:$position, UnitAttr:$grow, UnitAttr:$accumulate);
  let results = (outs Dfg_List:$y);
}

def Dfg_ListScatterOp : Dfg_ListUpdateOp<"list_scatter"> {
  let summary = "put the slices of a tensor along its first axis in places of a list";
  let description = [{
    As `dfg.list_set` for each of the positions, a vector of i32 or i64.

    Example:
    ```mlir
    %m = dfg.list_scatter %l, %x, %i {grow}
        : (!dfg.list<tensor<4xf32>>, tensor<?x4xf32>, tensor<?xi32>) -> !dfg.list<tensor<4xf32>>
    ```
  }];
  let arguments = (ins Dfg_List:$list, Dfg_Tensor:$elements, Dfg_Tensor:$positions, UnitAttr:$grow,
                       UnitAttr:$accumulate);
  let results = (outs Dfg_List:$y);
}

def Dfg_ListResizeOp : Dfg_ListUpdateOp<"list_resize"> {
  let summary = "drop tensors from the end of a list, or add places there that hold nothing";
  let description = [{
    Where a tensor is taken out of a place that holds nothing, it is one of zeros if its type
    is static; otherwise the step fails.

    Example:
    ```mlir
    %m = dfg.list_resize %l, %n : (!dfg.list<tensor<?xf32>>, index) -> !dfg.list<tensor<?xf32>>
    ```
  }];
  let arguments = (ins Dfg_List:$list, Index:$length);
  let results = (outs Dfg_List:$y);
}

def Dfg_ListAddOp : Dfg_ListUpdateOp<"list_add"> {
  let summary = "add the elements of two lists, place by place";
  let description = [{
    A place that holds nothing counts as zero, and so do those that the shorter list lacks.
    Elements that are lists are added likewise.

    Example:
    ```mlir
    %m = dfg.list_add %l, %k : (!dfg.list<tensor<?xf32>>, !dfg.list<tensor<?xf32>>) -> !dfg.list<tensor<?xf32>>
    ```
  }];
  let arguments = (ins Dfg_List:$list, Dfg_List:$other);
  let results = (outs Dfg_List:$y);
}

def Dfg_ListZerosOp : Dfg_ListOp<"list_zeros"> {
  let summary = "a list of zeros in the shapes of the elements of a list";
  let description = [{
    Places that hold nothing hold nothing.

    Example:
    ```mlir
    %z = dfg.list_zeros %l : (!dfg.list<tensor<?xf32>>) -> !dfg.list<tensor<?xf32>>
    ```
  }];
  let arguments = (ins Dfg_List:$list);
  let results = (outs Dfg_List:$y);
}

def Dfg_ListGatherOp : Dfg_ListOp<"list_gather"> {
  let summary = "the tensors at some positions, joined along a new first axis";
  let description = [{
    Positions are a vector of i32 or i64.

    Example:
    ```mlir
    %y = dfg.list_gather %l, %i : (!dfg.list<tensor<4xf32>>, tensor<?xi32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Dfg_List:$list, Dfg_Tensor:$positions);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_ListExtentsOp : Dfg_ListOp<"list_extents"> {
  let summary = "the first extent of every tensor of a list";
  let description = [{
    Example:
    ```mlir
    %n = dfg.list_extents %l : (!dfg.list<tensor<?x4xf32>>) -> tensor<?xi64>
    ```
  }];
  let arguments = (ins Dfg_List:$list);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_ListLengthOp : Dfg_PureOp<"list_length", [DeclareOpInterfaceMethods<Dfg_RuntimeOperation>]> {
  let summary = "how many tensors a list holds";
  let description = [{
    Example:
    ```mlir
    %n = dfg.list_length %l : (!dfg.list<tensor<?xf32>>) -> index
    ```
  }];
  let arguments = (ins Dfg_List:$list);
  let results = (outs Index:$length);
}

def Dfg_ListConcatOp : Dfg_ListOp<"list_concat"> {
  let summary = "join the tensors of a list along an axis";
  let description = [{
    Of an empty list the axis has extent 0, and so has every extent that the type leaves
    open.

    Example:
    ```mlir
    %y = dfg.list_concat %l {axis = 0 : i64} : (!dfg.list<tensor<?x4xf32>>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Dfg_List:$list, I64Attr:$axis);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_ListStackOp : Dfg_ListOp<"list_stack"> {
  let summary = "join the tensors of a list, which have one shape, along a new axis";
  let description = [{
    Of an empty list the axis has extent 0, and so has every extent that the type leaves
    open.

    Example:
    ```mlir
    %y = dfg.list_stack %l {axis = 0 : i64} : (!dfg.list<tensor<4xf32>>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Dfg_List:$list, I64Attr:$axis);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_ListSplitOp : Dfg_ListOp<"list_split"> {
  let summary = "cut a tensor along an axis into a list";
  let description = [{
    `sizes` is a vector with the extent of every piece, or a scalar with that of all but
    the last, which may be shorter; without it, pieces have extent 1. Without `keep_axis`
    the axis is dropped from pieces of extent 1.

    Example:
    ```mlir
    %l = dfg.list_split %x, %s {axis = 0 : i64, keep_axis} : (tensor<?x4xf32>, tensor<2xi64>) -> !dfg.list<tensor<?x4xf32>>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Optional<Dfg_Tensor>:$sizes, I64Attr:$axis, UnitAttr:$keep_axis);
  let results = (outs Dfg_List:$y);
}

//===----------------------------------------------------------------------===//
// Optional values
//===----------------------------------------------------------------------===//

def Dfg_OptionalMakeOp : Dfg_ListUpdateOp<"optional_make"> {
  let summary = "an optional that holds the operand, or nothing where there is none";
  let description = [{
    Example:
    ```mlir
    %none = dfg.optional_make : () -> !dfg.optional<tensor<?xf32>>
    %some = dfg.optional_make %x : (tensor<4xf32>) -> !dfg.optional<tensor<?xf32>>
    ```
  }];
  let arguments = (ins Optional<Dfg_Value>:$value);
  let results = (outs Dfg_Optional:$y);
}

def Dfg_OptionalHasOp : Dfg_PureOp<"optional_has", [DeclareOpInterfaceMethods<Dfg_RuntimeOperation>]> {
  let summary = "1 if the optional holds a value, otherwise 0";
  let description = [{
    Example:
    ```mlir
    %h = dfg.optional_has %o : (!dfg.optional<tensor<?xf32>>) -> index
    ```
  }];
  let arguments = (ins Dfg_Optional:$optional);
  let results = (outs Index:$has);
  let hasFolder = 1;
}

def Dfg_OptionalGetOp : Dfg_ListOp<"optional_get"> {
  let summary = "the value of an optional; the step fails with FAILED_PRECONDITION if there is none";
  let description = [{
    Example:
    ```mlir
    %x = dfg.optional_get %o : (!dfg.optional<tensor<?xf32>>) -> tensor<?xf32>
    ```
  }];
  let arguments = (ins Dfg_Optional:$optional);
  let results = (outs Dfg_Value:$y);
  let hasFolder = 1;
}

#endif // DFG_LIST_OPS
