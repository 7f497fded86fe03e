#ifndef TFC_TRANSFORMS_PASSES
#define TFC_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

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
