// Graphs, steps, functions and structured control flow.
#ifndef DFG_CONTROL_OPS
#define DFG_CONTROL_OPS

include "DfgBase.td"
include "DfgTypes.td"
include "mlir/Interfaces/CallInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"

def Dfg_GraphOp : Dfg_Op<"graph", [IsolatedFromAbove, SymbolTable, Symbol, NoTerminator, SingleBlock]> {
  let summary = "a model: its state and its steps";
  let description = [{
    Example:
    ```mlir
    dfg.graph @net {
      dfg.step @main(%x: tensor<?xf32> {dfg.edge = "x", dfg.dims = ["n"]}) -> (tensor<?xf32> {dfg.edge = "y"}) {
        %y = dfg.neg %x : (tensor<?xf32>) -> tensor<?xf32>
        dfg.return %y : tensor<?xf32>
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

class Dfg_FunctionLikeOp<string mnemonicText> : Dfg_Op<mnemonicText, [IsolatedFromAbove, FunctionOpInterface]> {
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name, "::mlir::FunctionType":$type)>];
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}

def Dfg_StepOp : Dfg_FunctionLikeOp<"step"> {
  let summary = "what a client runs: feeds in, fetches out";
  let description = [{
    Arguments and results carry `dfg.edge`, the name of the edge in the user's graph,
    and optionally `dfg.dims`, one name or extent per dimension: equal names are equal
    extents. See `dfg.graph` for an example.
  }];
  let hasVerifier = 1;
}

def Dfg_FuncOp : Dfg_FunctionLikeOp<"func"> {
  let summary = "a function of the graph, called by `dfg.call`";
  let description = [{
    Example:
    ```mlir
    dfg.func @twice(%x: tensor<?xf32>) -> tensor<?xf32> {
      %y = dfg.add %x, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      dfg.return %y : tensor<?xf32>
    }
    ```
  }];
}

def Dfg_CallOp : Dfg_Op<"call", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "call a function of the graph";
  let description = [{
    Example:
    ```mlir
    %y = dfg.call @twice(%x) : (tensor<?xf32>) -> tensor<?xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<Dfg_Value>:$inputs);
  let results = (outs Variadic<Dfg_Value>:$outputs);
  let assemblyFormat = "$callee `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs)";
}

def Dfg_ReturnOp : Dfg_Op<"return", [Pure, Terminator, ReturnLike, ParentOneOf<["StepOp", "FuncOp"]>]> {
  let summary = "end of a step or function: its fetches";
  let description = "See `dfg.graph`.";
  let arguments = (ins Variadic<Dfg_Value>:$results);
  let assemblyFormat = "attr-dict ($results^ `:` type($results))?";
  let hasVerifier = 1;
}

def Dfg_YieldOp : Dfg_Op<"yield", [Pure, Terminator, ReturnLike, ParentOneOf<["IfOp", "CaseOp", "WhileOp", "TasksOp"]>]> {
  let summary = "the values a region gives";
  let description = "See `dfg.if` and `dfg.while`.";
  let arguments = (ins Variadic<AnyType>:$results);
  let assemblyFormat = "attr-dict ($results^ `:` type($results))?";
}

def Dfg_AssertOp : Dfg_Op<"assert", [MemoryEffects<[MemWrite]>]> {
  let summary = "fail the step unless the condition, one boolean, holds";
  let description = [{
    The step ends with the message and INVALID_ARGUMENT, or the status that `code` is the number of.

    Example:
    ```mlir
    dfg.assert %c, "the window is longer than the signal" : tensor<i1>
    dfg.assert %d, "reached its limit" code(11) : tensor<i1>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$condition, StrAttr:$message, DefaultValuedAttr<I64Attr, "3">:$code);
  let assemblyFormat = "$condition `,` $message (`code` `(` $code^ `)`)? attr-dict `:` type($condition)";
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
}

def Dfg_IfOp : Dfg_Op<"if", [SingleBlock, RecursiveMemoryEffects, NoRegionArguments]> {
  let summary = "run one of two regions";
  let description = [{
    The condition is one boolean. A result dimension on which the branches
    differ is dynamic.

    Example:
    ```mlir
    %y = dfg.if %c : tensor<i1> -> tensor<?xf32> {
      dfg.yield %a : tensor<?xf32>
    } else {
      dfg.yield %b : tensor<?xf32>
    }
    ```
  }];
  let arguments = (ins Dfg_Tensor:$condition);
  let regions = (region SizedRegion<1>:$then_region, SizedRegion<1>:$else_region);
  let results = (outs Variadic<Dfg_Value>:$outputs);
  let assemblyFormat = [{
    $condition `:` type($condition) (`->` type($outputs)^)? $then_region `else` $else_region attr-dict
  }];
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
}

def Dfg_CaseOp : Dfg_Op<"case", [RecursiveMemoryEffects, NoRegionArguments]> {
  let summary = "run one of several regions; an index out of range runs the last";
  let description = [{
    The index is one integer.

    Example:
    ```mlir
    %y = dfg.case %i : tensor<i32> -> tensor<f32> {
      dfg.yield %a : tensor<f32>
    }, {
      dfg.yield %b : tensor<f32>
    }
    ```
  }];
  let arguments = (ins Dfg_Tensor:$index);
  let regions = (region VariadicRegion<SizedRegion<1>>:$branches);
  let results = (outs Variadic<Dfg_Value>:$outputs);
  let assemblyFormat = "$index `:` type($index) (`->` type($outputs)^)? $branches attr-dict";
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
}

def Dfg_WhileOp : Dfg_Op<"while", [RecursiveMemoryEffects]> {
  let summary = "run the body as long as the condition region gives true";
  let description = [{
    Both regions take the loop variables. The condition region yields one boolean
    tensor, the body the next loop variables. A dimension that changes is dynamic.

    Example:
    ```mlir
    %r = dfg.while (%i0) : (tensor<i64>) -> tensor<i64> cond {
    ^bb0(%i: tensor<i64>):
      %c = dfg.compare lt %i, %n : (tensor<i64>, tensor<i64>) -> tensor<i1>
      dfg.yield %c : tensor<i1>
    } body {
    ^bb0(%i: tensor<i64>):
      %next = dfg.add %i, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
      dfg.yield %next : tensor<i64>
    }
    ```
  }];
  let arguments = (ins Variadic<Dfg_Value>:$inputs);
  let regions = (region SizedRegion<1>:$condition, SizedRegion<1>:$body);
  let results = (outs Variadic<Dfg_Value>:$outputs);
  let assemblyFormat = [{
    `(` $inputs `)` `:` functional-type($inputs, $outputs) `cond` $condition `body` $body attr-dict
  }];
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
}

def Dfg_TasksOp : Dfg_Op<"tasks", [SingleBlock, RecursiveMemoryEffects, NoRegionArguments]> {
  let summary = "run regions that may wait for each other";
  let description = [{
    Each region is a task. `dependencies` lists pairs of tasks, the first of which ends before
    the second begins; other tasks run in any order, and while one waits for a queue, others go
    on. The op ends when all tasks have. Where one fails, tasks that wait are cancelled and
    those that have not begun are left out.

    What a task makes for others is handed on in state, such as a `dfg.local`.

    Example:
    ```mlir
    dfg.tasks {
      %x = dfg.dequeue @q : tensor<f32>
      %l = dfg.list_make %x : (tensor<f32>) -> !dfg.list<tensor<f32>>
      dfg.put @x, %l : !dfg.list<tensor<f32>>
      dfg.yield
    }, {
      dfg.enqueue @q, %y : tensor<f32>
      dfg.yield
    } {dependencies = array<i64>}
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$dependencies);
  let regions = (region VariadicRegion<SizedRegion<1>>:$tasks);
  let assemblyFormat = "$tasks attr-dict";
  let hasVerifier = 1;
}

#endif // DFG_CONTROL_OPS
