// Changes of layout move towards the ends of the graph, where they cancel.
// RUN: tfc-opt %s --dfg-sink-transposes | FileCheck %s

dfg.graph @net {
  // CHECK-LABEL: dfg.step @behind
  // CHECK: %[[E:.*]] = dfg.exp %{{.*}} : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  // CHECK: %[[Y:.*]] = dfg.transpose %[[E]] {permutation = array<i64: 0, 3, 1, 2>}
  // CHECK: dfg.return %[[Y]]
  dfg.step @behind(%x: tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32> {
    %t = dfg.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32>
    %y = dfg.exp %t : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
    dfg.return %y : tensor<1x4x8x8xf32>
  }

  // CHECK-LABEL: dfg.step @cancels
  // CHECK-NOT: dfg.transpose
  // CHECK: dfg.return
  dfg.step @cancels(%x: tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
    %t = dfg.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32>
    %y = dfg.neg %t : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
    %z = dfg.transpose %y {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x4x8x8xf32>) -> tensor<1x8x8x4xf32>
    dfg.return %z : tensor<1x8x8x4xf32>
  }
}
