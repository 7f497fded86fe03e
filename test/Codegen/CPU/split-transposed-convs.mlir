// Transposed convolutions: no zeros between the elements of the input.
// RUN: tfc-opt %s --tfc-split-transposed-convs --canonicalize | FileCheck %s

dfg.graph @g {
  // Kernels as wide as the stride do not overlap: a product per element. The phases stand in
  // the order of results, so their taps in that of the filter before it was reversed.
  // CHECK-LABEL: dfg.func @even
  // CHECK-SAME: (%[[X:[^:]+]]: tensor<?x1x?xf32>
  // CHECK-NOT: dfg.pad
  // CHECK: dfg.conv %[[X]], {{.*}} pads = array<i64: 0, 0>, strides = array<i64: 1>{{.*}} (tensor<?x1x?xf32>, tensor<2x1x1xf32>) -> tensor<?x2x?xf32>
  // CHECK: dfg.reshape {{.*}} -> tensor<?x?x1xf32>
  // CHECK-NOT: dfg.slice
  // CHECK: dfg.return
  dfg.func @even(%x: tensor<?x1x?xf32> {dfg.dims = ["n", 1, "w"]}) -> tensor<?x1x?xf32> {
    %zero = dfg.constant dense<0.0> : tensor<f32>
    %w = dfg.constant dense<[[[2.0, 1.0]]]> : tensor<1x1x2xf32>
    %p = dfg.pad constant %x, %zero low [0, 0, 1] high [0, 0, 1] interior [0, 0, 1] : (tensor<?x1x?xf32>, tensor<f32>) -> tensor<?x1x?xf32>
    %y = dfg.conv %p, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
        : (tensor<?x1x?xf32>, tensor<1x1x2xf32>) -> tensor<?x1x?xf32>
    dfg.return %y : tensor<?x1x?xf32>
  }

  // A kernel of 3 gives one phase a zero; what padding cut off is cropped.
  // CHECK-LABEL: dfg.func @odd
  // CHECK: dfg.conv {{.*}} (tensor<1x1x4xf32>, tensor<2x1x2xf32>) -> tensor<1x2x4xf32>
  // CHECK: dfg.slice {{.*}} [0, 0, 0] [1, 7, 1] [1, 1, 1] : (tensor<1x8x1xf32>) -> tensor<1x7x1xf32>
  dfg.func @odd(%x: tensor<1x1x4xf32>) -> tensor<1x1x7xf32> {
    %zero = dfg.constant dense<0.0> : tensor<f32>
    %w = dfg.constant dense<[[[3.0, 2.0, 1.0]]]> : tensor<1x1x3xf32>
    %p = dfg.pad constant %x, %zero low [0, 0, 1] high [0, 0, 1] interior [0, 0, 1] : (tensor<1x1x4xf32>, tensor<f32>) -> tensor<1x1x9xf32>
    %y = dfg.conv %p, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
        : (tensor<1x1x9xf32>, tensor<1x1x3xf32>) -> tensor<1x1x7xf32>
    dfg.return %y : tensor<1x1x7xf32>
  }

  // A pad without zeros in between stays.
  // CHECK-LABEL: dfg.func @plain
  // CHECK: dfg.pad
  dfg.func @plain(%x: tensor<1x1x4xf32>) -> tensor<1x1x4xf32> {
    %zero = dfg.constant dense<0.0> : tensor<f32>
    %w = dfg.constant dense<[[[3.0, 2.0, 1.0]]]> : tensor<1x1x3xf32>
    %p = dfg.pad constant %x, %zero low [0, 0, 1] high [0, 0, 1] : (tensor<1x1x4xf32>, tensor<f32>) -> tensor<1x1x6xf32>
    %y = dfg.conv %p, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
        : (tensor<1x1x6xf32>, tensor<1x1x3xf32>) -> tensor<1x1x4xf32>
    dfg.return %y : tensor<1x1x4xf32>
  }

  // Extents of one name are not those of another function.
  // CHECK-LABEL: dfg.func @even_again
  // CHECK-SAME: (%[[X:[^:]+]]: tensor<?x1x?xf32>
  // CHECK: tensor.dim %[[X]]
  // CHECK: dfg.reshape {{.*}} -> tensor<?x?x1xf32>
  dfg.func @even_again(%x: tensor<?x1x?xf32> {dfg.dims = ["n", 1, "w"]}) -> tensor<?x1x?xf32> {
    %zero = dfg.constant dense<0.0> : tensor<f32>
    %w = dfg.constant dense<[[[2.0, 1.0]]]> : tensor<1x1x2xf32>
    %p = dfg.pad constant %x, %zero low [0, 0, 1] high [0, 0, 1] interior [0, 0, 1] : (tensor<?x1x?xf32>, tensor<f32>) -> tensor<?x1x?xf32>
    %y = dfg.conv %p, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
        : (tensor<?x1x?xf32>, tensor<1x1x2xf32>) -> tensor<?x1x?xf32>
    dfg.return %y : tensor<?x1x?xf32>
  }
}
