// Strings: the way into and out of a step, and algorithms of the runtime archive on them.
// Ops that only move elements (reshape, gather, concat, select, ...) take strings, too.
#ifndef DFG_STRING_OPS
#define DFG_STRING_OPS

include "DfgRuntimeOps.td"

//===----------------------------------------------------------------------===//
// Borders: what tfc-lower-strings makes
//===----------------------------------------------------------------------===//

def Dfg_StringFeedOp : Dfg_RuntimeOp<"string_feed"> {
  let summary = "handles of the strings of a step's input";
  let description = [{
    `x` is input number `input` of the step, elements of `tfc_string_t` in the C ABI.

    Example:
    ```mlir
    %h = dfg.string_feed %x {input = 0 : i64} : (tensor<?xi128>) -> tensor<?xi64>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, I64Attr:$input);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringFetchOp : Dfg_RuntimeOp<"string_fetch"> {
  let summary = "strings as the C ABI gives them to the caller of a step";
  let description = [{
    The context owns their bytes until its next call ends.

    Example:
    ```mlir
    %y = dfg.string_fetch %h : (tensor<?xi64>) -> tensor<?xi128>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringConstantOp : Dfg_RuntimeOp<"string_constant"> {
  let summary = "handles of packed strings in the object";
  let description = [{
    The words are the offsets of the records, then the records (tfc-rt/model.h); the result
    has a static shape.

    Example:
    ```mlir
    %h = dfg.string_constant %words : (tensor<5xi64>) -> tensor<2xi64>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$words);
  let results = (outs Dfg_Tensor:$y);
}

//===----------------------------------------------------------------------===//
// Elementwise: operands of one shape
//===----------------------------------------------------------------------===//

def Dfg_StringJoinOp : Dfg_RuntimeOp<"string_join"> {
  let summary = "the strings at each position, one after the other with a separator between them";
  let description = [{
    Example:
    ```mlir
    %y = dfg.string_join %separator, %a, %b
        : (tensor<!dfg.string>, tensor<?x!dfg.string>, tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$separator, Variadic<Dfg_Tensor>:$parts);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringLengthOp : Dfg_RuntimeOp<"string_length"> {
  let summary = "sizes in bytes, or with `utf8` in characters";
  let description = [{
    Example:
    ```mlir
    %n = dfg.string_length %x {utf8} : (tensor<?x!dfg.string>) -> tensor<?xi32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, UnitAttr:$utf8);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringEqualOp : Dfg_RuntimeOp<"string_equal"> {
  let summary = "whether strings are equal";
  let description = [{
    Example:
    ```mlir
    %e = dfg.string_equal %a, %b : (tensor<?x!dfg.string>, tensor<?x!dfg.string>) -> tensor<?xi1>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$a, Dfg_Tensor:$b);
  let results = (outs Dfg_Tensor:$y);
}

#endif // DFG_STRING_OPS
