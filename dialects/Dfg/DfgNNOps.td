// Contractions, convolutions, pooling, reductions and what is built of them.
#ifndef DFG_NN_OPS
#define DFG_NN_OPS

include "DfgBase.td"
include "DfgAttrs.td"
include "DfgInterfaces.td"

def Dfg_MatmulOp : Dfg_PureOp<"matmul", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "matrix product of the last two dimensions; leading ones broadcast";
  let description = [{
    Operands of rank 1 are taken as NumPy does: a row on the left, a column on the right.
    With `transpose_a`/`transpose_b` the last two dimensions of an operand are swapped.
    The result type says what is accumulated: i32 for 8-bit operands.

    Example:
    ```mlir
    %y = dfg.matmul %a, %b : (tensor<?x4x8xf32>, tensor<8x16xf32>) -> tensor<?x4x16xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$a, Dfg_Tensor:$b, UnitAttr:$transpose_a, UnitAttr:$transpose_b);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_ConvOp : Dfg_PureOp<"conv", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "convolution over any number of spatial dimensions";
  let description = [{
    `x` is [N, C, spatial...], `w` is [O, C/groups, kernel...], the result is
    [N, O, spatial...]; with `channels_last` they are [N, spatial..., C],
    [kernel..., C/groups, O] and [N, spatial..., O]. `pads` holds (low, high) per spatial
    dimension. 8-bit operands give an i32 result.

    Example:
    ```mlir
    %y = dfg.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>,
        dilations = array<i64: 1, 1>, groups = 1 : i64}
        : (tensor<?x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<?x16x8x8xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$w, DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads,
                       DenseI64ArrayAttr:$dilations, DefaultValuedAttr<I64Attr, "1">:$groups,
                       UnitAttr:$channels_last);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_PoolOp : Dfg_PureOp<"pool", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "reduce windows of the spatial dimensions";
  let description = [{
    Kinds are those of `dfg.reduce`; beyond the border lies the kind's identity, so an
    average is a sum divided by a count that the importer makes. `pads` holds
    (low, high) per spatial dimension; high includes what ceil mode adds. Integers and
    floats; the layout is [N, C, spatial...], or [N, spatial..., C] with
    `channels_last`.

    Example:
    ```mlir
    %y = dfg.pool max %x {window = array<i64: 2, 2>, strides = array<i64: 2, 2>,
        pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>}
        : (tensor<?x3x8x8xf32>) -> tensor<?x3x4x4xf32>
    ```
  }];
  let arguments = (ins Dfg_ReduceKindAttr:$kind, Dfg_Tensor:$x, DenseI64ArrayAttr:$window, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$pads, DenseI64ArrayAttr:$dilations, UnitAttr:$channels_last);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "$kind $x attr-dict `:` functional-type(operands, results)";
}

def Dfg_ReduceOp : Dfg_PureOp<"reduce", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "combine elements along some axes";
  let description = [{
    An empty reduction gives the kind's identity. Booleans: max is "any", min is "all".

    Example:
    ```mlir
    %y = dfg.reduce sum %x {axes = array<i64: 1>, keep_dims} : (tensor<?x4xf32>) -> tensor<?x1xf32>
    ```
  }];
  let arguments = (ins Dfg_ReduceKindAttr:$kind, Dfg_Tensor:$x, DenseI64ArrayAttr:$axes, UnitAttr:$keep_dims);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "$kind $x attr-dict `:` functional-type(operands, results)";
}

def Dfg_ArgReduceOp : Dfg_PureOp<"arg_reduce", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "position of the largest or smallest element along an axis";
  let description = [{
    The first position of equals, with `last` the last one. The result is i64 or i32.

    Example:
    ```mlir
    %y = dfg.arg_reduce max %x {axis = 1 : i64, keep_dims} : (tensor<?x4xf32>) -> tensor<?x1xi64>
    ```
  }];
  let arguments = (ins Dfg_ReduceKindAttr:$kind, Dfg_Tensor:$x, I64Attr:$axis, UnitAttr:$keep_dims, UnitAttr:$last);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "$kind $x attr-dict `:` functional-type(operands, results)";
}

def Dfg_SoftmaxOp : Dfg_PureOp<"softmax", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "exp(x - max) normalized along an axis";
  let description = [{
    Example:
    ```mlir
    %y = dfg.softmax %x {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, I64Attr:$axis);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_LayerNormOp : Dfg_PureOp<"layer_norm", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "normalize the last dimension to mean 0 and variance 1, then scale and shift";
  let description = [{
    Mean and variance are those of the last dimension, in f32. With `rms` the mean is
    not taken out (root mean square normalization).

    Example:
    ```mlir
    %y = dfg.layer_norm %x, %g, %b {epsilon = 1.0e-5 : f64}
        : (tensor<?x256xf32>, tensor<256xf32>, tensor<256xf32>) -> tensor<?x256xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$scale, Optional<Dfg_Tensor>:$bias, F64Attr:$epsilon, UnitAttr:$rms);
  let results = (outs Dfg_Tensor:$y);
}

#endif // DFG_NN_OPS
