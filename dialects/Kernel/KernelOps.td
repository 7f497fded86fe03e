// Dispatches of kernels on tensors in destination-passing style: what fusion makes
// and what scheduling and the memory plan work on.
#ifndef KERNEL_OPS
#define KERNEL_OPS

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "Dfg/DfgInterfaces.td"
include "Kernel/KernelInterfaces.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::tfc::kernel";
  let summary = "kernels, their dispatches and destinations";
  let description = [{
    A `kernel.func` computes one fused group. A step, once formed into dispatches,
    holds `kernel.dispatch`, `kernel.operation` and views of tensors, with the size of
    every tensor spelled out as `index` values; buffers are still tensor values.
  }];
}

def Kernel_Reference : Type<CPred<"::llvm::isa<::tfc::dfg::ListType, ::tfc::dfg::OptionalType>($_self)">,
                            "list or optional">;

class Kernel_Op<string mnemonic, list<Trait> traits = []> : Op<Kernel_Dialect, mnemonic, traits>;

def Kernel_FuncOp : Kernel_Op<"func", [IsolatedFromAbove, FunctionOpInterface]> {
  let summary = "the code of one fused group";
  let description = [{
    Takes tensors and gives tensors; its body is `dfg` until code generation. Equal
    bodies are one kernel. `root` names the op that chose the emitter.

    Example:
    ```mlir
    kernel.func @relu_0(%x: tensor<?xf32>) -> tensor<?xf32> {
      %zero = dfg.constant dense<0.0> : tensor<f32>
      %y = dfg.max %x, %zero : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
      kernel.return %y : tensor<?xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<StrAttr>:$sym_visibility,
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

def Kernel_ReturnOp : Kernel_Op<"return", [Pure, Terminator, ReturnLike, HasParent<"FuncOp">]> {
  let summary = "the results of a kernel";
  let description = "See `kernel.func`.";
  let arguments = (ins Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = "attr-dict ($results^ `:` type($results))?";
  let hasVerifier = 1;
}

def Kernel_EmptyOp : Kernel_Op<"empty", [MemoryEffects<[MemAlloc]>]> {
  let summary = "a destination: memory for a tensor, contents undefined";
  let description = [{
    The memory plan gives it a place. `sizes` are the dynamic extents.

    Example:
    ```mlir
    %d = kernel.empty [%n] : tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Variadic<Index>:$sizes);
  let results = (outs AnyRankedTensor:$tensor);
  let assemblyFormat = "`[` $sizes `]` attr-dict `:` type($tensor)";
  let hasVerifier = 1;
}

def Kernel_ReleaseOp : Kernel_Op<"release", []> {
  let summary = "the last use lies behind: the scratch of a destination, or a reference to a list, may go";
  let description = [{
    Example:
    ```mlir
    kernel.release %d : tensor<?x4xf32>
    ```
  }];
  let arguments = (ins AnyTypeOf<[AnyRankedTensor, Kernel_Reference]>:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def Kernel_RetainOp : Kernel_Op<"retain", []> {
  let summary = "one more reference to a list or optional";
  let description = [{
    Example:
    ```mlir
    kernel.retain %l : !dfg.list<tensor<?xf32>>
    ```
  }];
  let arguments = (ins Kernel_Reference:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def Kernel_DispatchOp : Kernel_Op<"dispatch", [AttrSizedOperandSegments,
                                               DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run a kernel";
  let description = [{
    One destination per result; a result is its destination, written. Inputs are tensors
    and numbers that the kernel computes with.

    Example:
    ```mlir
    %d = kernel.empty [%n] : tensor<?xf32>
    %y = kernel.dispatch @relu_0 ins(%x) outs(%d) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<AnyTypeOf<[AnyRankedTensor, Index]>>:$inputs,
                       Variadic<AnyRankedTensor>:$destinations);
  let results = (outs Variadic<AnyRankedTensor>:$outputs);
  let assemblyFormat = [{
    $kernel `ins` `(` $inputs `)` `outs` `(` $destinations `)` attr-dict `:` functional-type(operands, results)
  }];
}

def Kernel_OperationOp : Kernel_Op<"operation", []> {
  let summary = "call an operation of the runtime archive that allocates its results";
  let description = [{
    `symbol` is a `tfc_operation_t` of `tfc-rt/operations.h`. Operands and results are
    tensors, lists, optionals and indices. The extents of its results are known
    (`tensor.dim`) once it has run. A result that is a list is a reference of its own;
    `consumed` operands give theirs up.

    Example:
    ```mlir
    %y = kernel.operation "tfc_operation_non_zero"(%x) {parameters = array<i64>} : (tensor<?x4xf32>) -> tensor<2x?xi64>
    ```
  }];
  let arguments = (ins StrAttr:$symbol, Variadic<AnyType>:$inputs, DenseI64ArrayAttr:$parameters,
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$consumed);
  let results = (outs Variadic<AnyType>:$outputs);
  let assemblyFormat = "$symbol `(` $inputs `)` attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Kernel_ViewOp : Kernel_Op<"view", [Pure, AttrSizedOperandSegments]> {
  let summary = "the same memory, or a part of it, under another shape";
  let description = [{
    `sizes` are the dynamic extents. The elements of the result lie one after the other
    from element `offset` of the source on. With `checked`, the step fails at run time
    unless the numbers of elements agree.

    Example:
    ```mlir
    %y = kernel.view %x [%n] : tensor<?x16xf32> to tensor<?x4x4xf32>
    %z = kernel.view %x [] from %o : tensor<?x16xf32> to tensor<1x16xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$source, Variadic<Index>:$sizes, Optional<Index>:$offset, UnitAttr:$checked);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$source `[` $sizes `]` (`from` $offset^)? attr-dict `:` type($source) `to` type($result)";
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::Type":$result, "::mlir::Value":$source, "::mlir::ValueRange":$sizes), [{
    build($_builder, $_state, result, source, sizes, /*offset=*/nullptr, /*checked=*/false);
  }]>];
}

def Kernel_IndexTensorOp : Kernel_Op<"index_tensor", [AllTypesMatch<["destination", "output"]>]> {
  let summary = "write index values to a destination of integers";
  let description = [{
    Example:
    ```mlir
    %d = kernel.empty [] : tensor<2xi64>
    %y = kernel.index_tensor %n, %m into %d : tensor<2xi64>
    ```
  }];
  let arguments = (ins Variadic<Index>:$values, AnyRankedTensor:$destination);
  let results = (outs AnyRankedTensor:$output);
  let assemblyFormat = "$values `into` $destination attr-dict `:` type($destination)";
  let hasVerifier = 1;
}

def Kernel_ItemOp : Kernel_Op<"item", []> {
  let summary = "read one integer of a tensor as an index";
  let description = [{
    Example:
    ```mlir
    %n = kernel.item %sizes[1] : tensor<4xi64>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$tensor, DenseI64ArrayAttr:$position);
  let results = (outs Index:$value);
  let assemblyFormat = "$tensor $position attr-dict `:` type($tensor)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Roots: ops whose kernels have an emitter of their own
//===----------------------------------------------------------------------===//

class Kernel_RootOp<string mnemonic> : Kernel_Op<mnemonic, [Pure, Kernel_Root, DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Kernel_MatmulOp : Kernel_RootOp<"matmul"> {
  let summary = "matrix product, the right side packed or plain";
  let description = [{
    Elements are f32, f64, f16 or bf16 on both sides; or bytes, one side unsigned, which give i32. With `columns`, `b` is a constant packed as [ceil(columns/16), K, 16] and `a` of any
    rank of at least 2, its leading dimensions taken as rows. Without, both have the same
    leading (batch) dimensions. `permutation_a`, `permutation_b` reorder the dimensions of
    an operand before, `permutation_y` those of the result behind the product, as
    `dfg.transpose` would, in place; the last dimension of the result stays the last.
    Packed bytes are words of four, [ceil(columns/16), ceil(K/4), 16] of i32; with an `a` of f32,
    `b` may be packed bytes [ceil(columns/16), K, 16], which stand for their values in f32.

    Example:
    ```mlir
    %y = kernel.matmul %a, %b {columns = 10 : i64} : (tensor<?x8xf32>, tensor<1x8x16xf32>) -> tensor<?x10xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$a, AnyRankedTensor:$b, OptionalAttr<I64Attr>:$columns,
                       OptionalAttr<DenseI64ArrayAttr>:$permutation_a, OptionalAttr<DenseI64ArrayAttr>:$permutation_b,
                       OptionalAttr<DenseI64ArrayAttr>:$permutation_y);
  let results = (outs AnyRankedTensor:$y);
}

def Kernel_ConvOp : Kernel_RootOp<"conv"> {
  let summary = "convolution over images whose channels come last";
  let description = [{
    `x` is [N, H, W, C], or [N, W, C] for a convolution along one dimension, which has
    height 1; `w` a constant packed as [ceil(O/16), KH, KW, C, 16], or, with
    `depthwise`, [ceil(C/16), KH, KW, 16]. `pads` holds (low, high) of height and width.
    With `groups`, `w` holds the filters of one group after the other's, each
    [ceil(O/groups/16), KH, KW, C/groups, 16]. Elements are f32, f64, f16 or bf16; or bytes, the
    filters then as words of four, [..., ceil(C/groups/4), 16] of i32.
    With `channels_first`, `x` (but not the result) is [N, C, H, W].
    With `winograd`, filters are 3x3, of f32, and `w` holds them transformed for F(4x4, 3x3):
    [6, 6, ceil(O/16), C, 16]; strides, dilations and groups are 1.

    Example:
    ```mlir
    %y = kernel.conv %x, %w {channels = 16 : i64, strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>,
        dilations = array<i64: 1, 1>} : (tensor<?x8x8x3xf32>, tensor<1x3x3x3x16xf32>) -> tensor<?x8x8x16xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$x, AnyRankedTensor:$w, I64Attr:$channels, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$pads, DenseI64ArrayAttr:$dilations,
                       DefaultValuedAttr<I64Attr, "1">:$groups, UnitAttr:$depthwise, UnitAttr:$channels_first,
                       UnitAttr:$winograd);
  let results = (outs AnyRankedTensor:$y);
  let extraClassDeclaration = [{
    /// Whether images and filters are one pixel wide: a column, which is convolved as a row.
    bool isColumn();
  }];
}

def Kernel_PoolOp : Kernel_RootOp<"pool"> {
  let summary = "largest element or sum of windows of images whose channels come last";
  let description = [{
    `x` is [N, H, W, C], or [N, W, C], as in `kernel.conv`, of f32, f64, f16 or bf16. With `sum`, the
    sum; the largest element otherwise, of a NaN and numbers the largest number. Beyond the borders lies nothing.

    Example:
    ```mlir
    %y = kernel.pool %x {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>,
        dilations = array<i64: 1, 1>} : (tensor<?x8x8x64xf32>) -> tensor<?x4x4x64xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$x, DenseI64ArrayAttr:$window, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$pads, DenseI64ArrayAttr:$dilations, UnitAttr:$sum);
  let results = (outs AnyRankedTensor:$y);
}

def Kernel_SoftmaxOp : Kernel_RootOp<"softmax"> {
  let summary = "softmax in f32 along the last dimension";
  let description = [{
    Pointwise ops before it join its kernel, too.

    Example:
    ```mlir
    %y = kernel.softmax %x : (tensor<?x10xf32>) -> tensor<?x10xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$x);
  let results = (outs AnyRankedTensor:$y);
  let extraClassDeclaration = "::mlir::Value getFusibleOperand() { return getX(); }";
}

def Kernel_LayerNormOp : Kernel_RootOp<"layer_norm"> {
  let summary = "normalization in f32 along the last dimension; see dfg.layer_norm";
  let description = [{
    Pointwise ops before it join its kernel, too.

    Example:
    ```mlir
    %y = kernel.layer_norm %x, %g, %b {epsilon = 1.0e-5 : f64}
        : (tensor<?x256xf32>, tensor<256xf32>, tensor<256xf32>) -> tensor<?x256xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$x, AnyRankedTensor:$scale, Optional<AnyRankedTensor>:$bias, F64Attr:$epsilon,
                       UnitAttr:$rms);
  let results = (outs AnyRankedTensor:$y);
  let extraClassDeclaration = "::mlir::Value getFusibleOperand() { return getX(); }";
}

#endif // KERNEL_OPS
