// Scales and shifts per channel behind convolutions.
// RUN: tfc-opt %s --dfg-fold-conv-scale | FileCheck %s

dfg.graph @g {
  // What inference-mode batch normalization becomes.
  // CHECK-LABEL: dfg.func @scale_and_shift
  // CHECK-SAME: (%[[X:[^:]+]]: tensor<?x1x4xf32>)
  // CHECK-DAG: %[[W:.*]] = dfg.constant dense<{{\[\[}}[2.000000e+00, 4.000000e+00]], {{\[}}[9.000000e+00, 1.200000e+01]]]> : tensor<2x1x2xf32>
  // CHECK-DAG: %[[B:.*]] = dfg.constant dense<{{\[\[}}[2.500000e+01], [3.800000e+01]]]> : tensor<1x2x1xf32>
  // CHECK: %[[C:.*]] = dfg.conv %[[X]], %[[W]]
  // CHECK-NEXT: %[[Y:.*]] = dfg.add %[[C]], %[[B]]
  // CHECK-NEXT: dfg.return %[[Y]]
  dfg.func @scale_and_shift(%x: tensor<?x1x4xf32>) -> tensor<?x2x3xf32> {
    %w = dfg.constant dense<[[[1.0, 2.0]], [[3.0, 4.0]]]> : tensor<2x1x2xf32>
    %bias = dfg.constant dense<[[[10.0], [11.0]]]> : tensor<1x2x1xf32>
    %scale = dfg.constant dense<[[[2.0], [3.0]]]> : tensor<1x2x1xf32>
    %shift = dfg.constant dense<5.0> : tensor<f32>
    %c = dfg.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
        : (tensor<?x1x4xf32>, tensor<2x1x2xf32>) -> tensor<?x2x3xf32>
    %biased = dfg.add %c, %bias : (tensor<?x2x3xf32>, tensor<1x2x1xf32>) -> tensor<?x2x3xf32>
    %scaled = dfg.mul %biased, %scale : (tensor<?x2x3xf32>, tensor<1x2x1xf32>) -> tensor<?x2x3xf32>
    %y = dfg.add %scaled, %shift : (tensor<?x2x3xf32>, tensor<f32>) -> tensor<?x2x3xf32>
    dfg.return %y : tensor<?x2x3xf32>
  }

  // CHECK-LABEL: dfg.func @quotient_and_difference
  // CHECK-DAG: dfg.constant dense<{{\[\[}}[5.000000e-01, 1.000000e+00]]]> : tensor<1x1x2xf32>
  // CHECK-DAG: dfg.constant dense<-2.000000e+00> : tensor<1x1x1xf32>
  // CHECK: dfg.conv
  // CHECK-NEXT: dfg.add
  // CHECK-NEXT: dfg.return
  dfg.func @quotient_and_difference(%x: tensor<1x1x4xf32>) -> tensor<1x1x3xf32> {
    %w = dfg.constant dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>
    %four = dfg.constant dense<4.0> : tensor<1x1x1xf32>
    %two = dfg.constant dense<2.0> : tensor<1x1x1xf32>
    %c = dfg.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
        : (tensor<1x1x4xf32>, tensor<1x1x2xf32>) -> tensor<1x1x3xf32>
    %difference = dfg.sub %c, %four : (tensor<1x1x3xf32>, tensor<1x1x1xf32>) -> tensor<1x1x3xf32>
    %y = dfg.div %difference, %two : (tensor<1x1x3xf32>, tensor<1x1x1xf32>) -> tensor<1x1x3xf32>
    dfg.return %y : tensor<1x1x3xf32>
  }

  // Others read the result as it was, or the numbers differ along other dimensions.
  // CHECK-LABEL: dfg.func @stays
  // CHECK-COUNT-3: dfg.mul
  dfg.func @stays(%x: tensor<1x1x4xf32>, %v: tensor<1x1x2xf32>)
      -> (tensor<1x1x3xf32>, tensor<1x1x3xf32>, tensor<1x1x3xf32>, tensor<1x1x3xf32>) {
    %w = dfg.constant dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>
    %two = dfg.constant dense<2.0> : tensor<1x1x1xf32>
    %line = dfg.constant dense<[[[1.0, 2.0, 3.0]]]> : tensor<1x1x3xf32>
    %c = dfg.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
        : (tensor<1x1x4xf32>, tensor<1x1x2xf32>) -> tensor<1x1x3xf32>
    %a = dfg.mul %c, %two : (tensor<1x1x3xf32>, tensor<1x1x1xf32>) -> tensor<1x1x3xf32>
    %d = dfg.conv %x, %w {strides = array<i64: 2>, pads = array<i64: 2, 1>, dilations = array<i64: 1>}
        : (tensor<1x1x4xf32>, tensor<1x1x2xf32>) -> tensor<1x1x3xf32>
    %b = dfg.mul %d, %line : (tensor<1x1x3xf32>, tensor<1x1x3xf32>) -> tensor<1x1x3xf32>
    %e = dfg.conv %x, %v {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
        : (tensor<1x1x4xf32>, tensor<1x1x2xf32>) -> tensor<1x1x3xf32>
    %f = dfg.mul %e, %two : (tensor<1x1x3xf32>, tensor<1x1x1xf32>) -> tensor<1x1x3xf32>
    dfg.return %a, %b, %c, %f : tensor<1x1x3xf32>, tensor<1x1x3xf32>, tensor<1x1x3xf32>, tensor<1x1x3xf32>
  }
}
