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
