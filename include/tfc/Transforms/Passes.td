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
