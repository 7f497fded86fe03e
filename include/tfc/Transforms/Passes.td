#ifndef TFC_TRANSFORMS_PASSES
#define TFC_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def FoldConvScale : Pass<"dfg-fold-conv-scale", "::tfc::dfg::GraphOp"> {
  let summary = "take scales and shifts per channel into the convolution before them";
  let description = [{
    Constants that multiply or divide the channels of a convolution's result go into its
    weights, if these are constant; constants that are added become one bias. So the
    normalization by batch statistics that follows a convolution costs nothing. The
    products are computed at compile time, in the element type.

    ```mlir
    %c = dfg.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
        : (tensor<1x2x8xf32>, tensor<4x2x3xf32>) -> tensor<1x4x6xf32>
    %s = dfg.mul %c, %scale : (tensor<1x4x6xf32>, tensor<1x4x1xf32>) -> tensor<1x4x6xf32>
    %y = dfg.add %s, %shift : (tensor<1x4x6xf32>, tensor<1x4x1xf32>) -> tensor<1x4x6xf32>
    ```
    becomes
    ```mlir
    %c = dfg.conv %x, %scaled {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
        : (tensor<1x2x8xf32>, tensor<4x2x3xf32>) -> tensor<1x4x6xf32>
    %y = dfg.add %c, %shift : (tensor<1x4x6xf32>, tensor<1x4x1xf32>) -> tensor<1x4x6xf32>
    ```
  }];
}

def GatherFirst : Pass<"dfg-gather-first", "::tfc::dfg::GraphOp"> {
  let summary = "take rows of tables before computing on them";
  let description = [{
    Rows of a table that follows elementwise from constants, as embeddings that are stored
    quantized do, are taken from these constants, so that only they are computed.

    ```mlir
    %f = dfg.cast %bytes : (tensor<9000x4xi8>) -> tensor<9000x4xf32>
    %t = dfg.mul %f, %scales : (tensor<9000x4xf32>, tensor<9000x1xf32>) -> tensor<9000x4xf32>
    %y = dfg.gather %t, %i {axis = 0 : i64} : (tensor<9000x4xf32>, tensor<?xi64>) -> tensor<?x4xf32>
    ```
    becomes
    ```mlir
    %b = dfg.gather %bytes, %i {axis = 0 : i64} : (tensor<9000x4xi8>, tensor<?xi64>) -> tensor<?x4xi8>
    %s = dfg.gather %scales, %i {axis = 0 : i64} : (tensor<9000x1xf32>, tensor<?xi64>) -> tensor<?x1xf32>
    %f = dfg.cast %b : (tensor<?x4xi8>) -> tensor<?x4xf32>
    %y = dfg.mul %f, %s : (tensor<?x4xf32>, tensor<?x1xf32>) -> tensor<?x4xf32>
    ```
  }];
}

def LowerStrings : Pass<"dfg-lower-strings", "::tfc::dfg::GraphOp"> {
  let summary = "make tensors of handles of tensors of strings";
  let description = [{
    Everything behind this pass moves strings as it moves i64. Inputs and outputs of steps get
    the element type i128, the size of a `tfc_string_t`; declarations keep strings. Lists of
    strings as inputs or outputs are errors.

    ```mlir
    dfg.step @main(%x: tensor<2x!dfg.string>) -> tensor<4x!dfg.string> {
      %c = dfg.constant dense<["a", "b"]> : tensor<2x!dfg.string>
      %y = dfg.concat %x, %c {axis = 0 : i64} : (tensor<2x!dfg.string>, tensor<2x!dfg.string>) -> tensor<4x!dfg.string>
      dfg.return %y : tensor<4x!dfg.string>
    }
    ```
    becomes
    ```mlir
    dfg.step @main(%x: tensor<2xi128>) -> tensor<4xi128> {
      %h = dfg.string_feed %x {input = 0 : i64} : (tensor<2xi128>) -> tensor<2xi64>
      %words = dfg.constant dense<[16, 32, 1, 97, 1, 98]> : tensor<6xi64>
      %c = dfg.string_constant %words : (tensor<6xi64>) -> tensor<2xi64>
      %y = dfg.concat %h, %c {axis = 0 : i64} : (tensor<2xi64>, tensor<2xi64>) -> tensor<4xi64>
      %f = dfg.string_fetch %y : (tensor<4xi64>) -> tensor<4xi128>
      dfg.return %f : tensor<4xi128>
    }
    ```
  }];
}

def SinkTransposes : Pass<"dfg-sink-transposes", "::tfc::dfg::GraphOp"> {
  let summary = "move changes of layout towards the ends of the graph, where they cancel";
  let description = [{
    A transpose from channels-last to channels-first moves behind the pointwise ops,
    pools, reductions, concats, pads and slices that read it, until it meets its inverse
    or nothing more can be done. So a network of convolutions runs channels-last
    throughout, with a transpose at its inputs and outputs alone.

    ```mlir
    %t = dfg.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32>
    %y = dfg.exp %t : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
    ```
    becomes
    ```mlir
    %e = dfg.exp %x : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
    %y = dfg.transpose %e {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32>
    ```
  }];
}

#endif // TFC_TRANSFORMS_PASSES
