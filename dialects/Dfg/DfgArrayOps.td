// Making, moving and indexing arrays.
//
// Sizes and offsets that may be known only at run time are lists of static numbers
// with `index` operands in the holes: `[%n, 3]`.
#ifndef DFG_ARRAY_OPS
#define DFG_ARRAY_OPS

include "DfgBase.td"
include "DfgAttrs.td"
include "DfgInterfaces.td"

def Dfg_ConstantOp : Dfg_Op<"constant", [Pure, ConstantLike, AllTypesMatch<["value", "y"]>,
                                      DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "a tensor known at compile time";
  let description = [{
    Example:
    ```mlir
    %w = dfg.constant dense<[1.0, 2.0]> : tensor<2xf32>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
  let builders = [OpBuilder<(ins "::mlir::ElementsAttr":$value), [{
    build($_builder, $_state, value.getType(), value);
  }]>];
}

def Dfg_ItemOp : Dfg_Op<"item", [Pure]> {
  let summary = "one element of an integer tensor as an index";
  let description = [{
    The bridge from data to sizes: the step waits for the tensor and reads it.

    Example:
    ```mlir
    %n = dfg.item %sizes[1] : tensor<4xi64>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, DenseI64ArrayAttr:$position);
  let results = (outs Index:$y);
  let assemblyFormat = "$x $position attr-dict `:` type($x)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Dfg_IndexTensorOp : Dfg_Op<"index_tensor", [Pure, DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "sizes as data: a vector (or scalar) of integers from indices";
  let description = [{
    Example:
    ```mlir
    %shape = dfg.index_tensor [%n, 3, 224] : tensor<3xi64>
    ```
  }];
  let arguments = (ins Variadic<Index>:$values, DenseI64ArrayAttr:$static_values);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "custom<DynamicIndexList>($values, $static_values) attr-dict `:` type($y)";
  let hasFolder = 1;
}

def Dfg_IotaOp : Dfg_Op<"iota", [Pure, DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "0, 1, 2, ... along one axis";
  let description = [{
    Example:
    ```mlir
    %i = dfg.iota [%n, 4] axis(1) : tensor<?x4xi64>
    ```
  }];
  let arguments = (ins Variadic<Index>:$sizes, DenseI64ArrayAttr:$static_sizes, I64Attr:$axis);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "custom<DynamicIndexList>($sizes, $static_sizes) `axis` `(` $axis `)` attr-dict `:` type($y)";
}

class Dfg_SizedOp<string mnemonicText> : Dfg_Op<mnemonicText, [Pure, DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let arguments = (ins Dfg_Tensor:$x, Variadic<Index>:$sizes, DenseI64ArrayAttr:$static_sizes);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "$x `to` custom<DynamicIndexList>($sizes, $static_sizes) attr-dict `:` functional-type($x, $y)";
  let hasFolder = 1;
}

def Dfg_ReshapeOp : Dfg_SizedOp<"reshape"> {
  let summary = "the same elements in row-major order under another shape";
  let description = [{
    The product of the sizes is the number of elements; the step fails otherwise.

    Example:
    ```mlir
    %y = dfg.reshape %x to [%n, 4, 4] : (tensor<?x16xf32>) -> tensor<?x4x4xf32>
    ```
  }];
  let hasCanonicalizeMethod = 1;
}

def Dfg_BroadcastToOp : Dfg_SizedOp<"broadcast_to"> {
  let summary = "repeat along dimensions of extent 1, aligned at the last dimension";
  let description = [{
    Example:
    ```mlir
    %y = dfg.broadcast_to %x to [%n, 4] : (tensor<4xf32>) -> tensor<?x4xf32>
    ```
  }];
}

def Dfg_TransposeOp : Dfg_PureOp<"transpose", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "permute dimensions: result dimension i is operand dimension permutation[i]";
  let description = [{
    Example:
    ```mlir
    %y = dfg.transpose %x {permutation = array<i64: 1, 0>} : (tensor<?x4xf32>) -> tensor<4x?xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, DenseI64ArrayAttr:$permutation);
  let results = (outs Dfg_Tensor:$y);
  let hasFolder = 1;
}

def Dfg_ConcatOp : Dfg_PureOp<"concat", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "join tensors along an axis";
  let description = [{
    Example:
    ```mlir
    %y = dfg.concat %a, %b {axis = 0 : i64} : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Variadic<Dfg_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Dfg_Tensor:$y);
  let hasFolder = 1;
}

def Dfg_SliceOp : Dfg_Op<"slice", [Pure, AttrSizedOperandSegments, DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "a strided box of a tensor";
  let description = [{
    Element i of a dimension is operand element `offset + i * stride`; strides are
    static and may be negative. Offsets and sizes must lie inside: importers clamp.

    Example:
    ```mlir
    %y = dfg.slice %x [0, %o] [%n, 2] [1, 3] : (tensor<?x16xf32>) -> tensor<?x2xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Variadic<Index>:$offsets, Variadic<Index>:$sizes,
                       DenseI64ArrayAttr:$static_offsets, DenseI64ArrayAttr:$static_sizes,
                       DenseI64ArrayAttr:$strides);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = [{
    $x custom<DynamicIndexList>($offsets, $static_offsets) custom<DynamicIndexList>($sizes, $static_sizes)
    $strides attr-dict `:` functional-type($x, $y)
  }];
  let hasFolder = 1;
}

def Dfg_UpdateSliceOp : Dfg_Op<"update_slice", [Pure, DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "a copy of x with the box at some offsets replaced";
  let description = [{
    The box has the extents of `update` and must lie inside: importers clamp. Where a
    loop carries x from this op to the next iteration, the box is written in place.

    Example:
    ```mlir
    %y = dfg.update_slice %x, %u [%i, 0] : (tensor<?x16xf32>, tensor<1x16xf32>) -> tensor<?x16xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$update, Variadic<Index>:$offsets,
                       DenseI64ArrayAttr:$static_offsets);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = [{
    $x `,` $update custom<DynamicIndexList>($offsets, $static_offsets) attr-dict
    `:` `(` type($x) `,` type($update) `)` `->` type($y)
  }];
  let hasFolder = 1;
}

def Dfg_PadOp : Dfg_Op<"pad", [Pure, AttrSizedOperandSegments, DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "extend (or, with negative amounts, crop) a tensor at its borders";
  let description = [{
    `value` (a scalar tensor) fills in mode `constant`. `interior` elements go between
    neighbours, constant mode only.

    Example:
    ```mlir
    %y = dfg.pad constant %x, %zero low [0, 1] high [%h, 1] : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x6xf32>
    ```
  }];
  let arguments = (ins Dfg_PadModeAttr:$mode, Dfg_Tensor:$x, Dfg_Tensor:$value,
                       Variadic<Index>:$low, Variadic<Index>:$high,
                       DenseI64ArrayAttr:$static_low, DenseI64ArrayAttr:$static_high,
                       OptionalAttr<DenseI64ArrayAttr>:$interior);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = [{
    $mode $x `,` $value `low` custom<DynamicIndexList>($low, $static_low)
    `high` custom<DynamicIndexList>($high, $static_high) (`interior` $interior^)?
    attr-dict `:` `(` type($x) `,` type($value) `)` `->` type($y)
  }];
}

def Dfg_ReverseOp : Dfg_PureOp<"reverse", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "reverse the order of elements along some axes";
  let description = [{
    Example:
    ```mlir
    %y = dfg.reverse %x {axes = array<i64: 1>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Dfg_Tensor:$y);
  let hasFolder = 1;
}

//===----------------------------------------------------------------------===//
// Indexing by data. Negative indices count from the end; an index out of range is
// an error of the step (OUT_OF_RANGE).
//===----------------------------------------------------------------------===//

def Dfg_GatherOp : Dfg_PureOp<"gather", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "take slices along an axis (NumPy take)";
  let description = [{
    `y[i..., j..., k...] = x[i..., indices[j...], k...]`.

    Example:
    ```mlir
    %y = dfg.gather %x, %i {axis = 0 : i64} : (tensor<?x4xf32>, tensor<2x3xi64>) -> tensor<2x3x4xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$indices, I64Attr:$axis);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_GatherElementsOp : Dfg_PureOp<"gather_elements", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "take elements along an axis (NumPy take_along_axis)";
  let description = [{
    Example:
    ```mlir
    %y = dfg.gather_elements %x, %i {axis = 1 : i64} : (tensor<3x4xf32>, tensor<3x2xi64>) -> tensor<3x2xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$indices, I64Attr:$axis);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_GatherNDOp : Dfg_PureOp<"gather_nd", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "take slices at index tuples: the last dimension of the indices is a tuple";
  let description = [{
    Example:
    ```mlir
    %y = dfg.gather_nd %x, %i {batch_dims = 0 : i64} : (tensor<3x4xf32>, tensor<?x2xi64>) -> tensor<?xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$indices, DefaultValuedAttr<I64Attr, "0">:$batch_dims);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_ResampleOp : Dfg_PureOp<"resample", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "weighted sums of slices along an axis";
  let description = [{
    `y[i..., o, k...] = sum over t of weights[o, t] * x[i..., indices[o, t], k...]`: what
    interpolation does with its neighbours. x is made of floats; the weights have its
    element type, or are f32 where that is narrower. Sums are kept in the weights' type.

    Example:
    ```mlir
    %y = dfg.resample %x, %i, %w {axis = 1 : i64}
        : (tensor<?x4x8xf32>, tensor<9x2xi64>, tensor<9x2xf32>) -> tensor<?x9x8xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$indices, Dfg_Tensor:$weights, I64Attr:$axis);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_ScatterElementsOp : Dfg_PureOp<"scatter_elements", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "a copy of x with elements along an axis replaced by or combined with updates";
  let description = [{
    Updates are applied in row-major order, so of duplicates the last one stays.

    Example:
    ```mlir
    %y = dfg.scatter_elements none %x, %i, %u {axis = 1 : i64}
        : (tensor<3x4xf32>, tensor<3x2xi64>, tensor<3x2xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Dfg_ReduceKindAttr:$kind, Dfg_Tensor:$x, Dfg_Tensor:$indices, Dfg_Tensor:$updates, I64Attr:$axis);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "$kind $x `,` $indices `,` $updates attr-dict `:` functional-type(operands, results)";
}

def Dfg_ScatterNDOp : Dfg_PureOp<"scatter_nd", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "a copy of x with slices at index tuples replaced by or combined with updates";
  let description = [{
    Example:
    ```mlir
    %y = dfg.scatter_nd sum %x, %i, %u : (tensor<3x4xf32>, tensor<?x1xi64>, tensor<?x4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Dfg_ReduceKindAttr:$kind, Dfg_Tensor:$x, Dfg_Tensor:$indices, Dfg_Tensor:$updates);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "$kind $x `,` $indices `,` $updates attr-dict `:` functional-type(operands, results)";
}

def Dfg_CumulativeOp : Dfg_PureOp<"cumulative", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "running sum, product, maximum or minimum along an axis";
  let description = [{
    `exclusive` leaves the element itself out; `reverse` runs from the end.

    Example:
    ```mlir
    %y = dfg.cumulative sum %x {axis = 0 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Dfg_ReduceKindAttr:$kind, Dfg_Tensor:$x, I64Attr:$axis,
                       DefaultValuedAttr<BoolAttr, "false">:$exclusive, DefaultValuedAttr<BoolAttr, "false">:$reverse);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "$kind $x attr-dict `:` functional-type(operands, results)";
}

#endif // DFG_ARRAY_OPS
