// Syntax of contractions, convolutions, pooling and reductions: every op survives
// printing and parsing.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK-LABEL: dfg.func @contractions
dfg.func @contractions(%a: tensor<?x4x8xf32>, %b: tensor<16x8xf32>, %q: tensor<3x8xui8>, %r: tensor<8xi8>)
    -> (tensor<?x4x16xf32>, tensor<3xi32>) {
  // CHECK: dfg.matmul %{{.*}}, %{{.*}} {transpose_b} : (tensor<?x4x8xf32>, tensor<16x8xf32>) -> tensor<?x4x16xf32>
  %y = dfg.matmul %a, %b {transpose_b} : (tensor<?x4x8xf32>, tensor<16x8xf32>) -> tensor<?x4x16xf32>
  // CHECK: dfg.matmul %{{.*}}, %{{.*}} : (tensor<3x8xui8>, tensor<8xi8>) -> tensor<3xi32>
  %z = dfg.matmul %q, %r : (tensor<3x8xui8>, tensor<8xi8>) -> tensor<3xi32>
  dfg.return %y, %z : tensor<?x4x16xf32>, tensor<3xi32>
}

// CHECK-LABEL: dfg.func @windows
dfg.func @windows(%x: tensor<?x3x8x8xf32>, %w: tensor<16x3x3x3xf32>, %last: tensor<?x8x6xf32>, %v: tensor<3x1x6xf32>)
    -> (tensor<?x16x4x4xf32>, tensor<?x8x6xf32>, tensor<?x16x2x2xf32>) {
  // CHECK: dfg.conv %{{.*}}, %{{.*}} {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<?x16x4x4xf32>
  %a = dfg.conv %x, %w {strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
      : (tensor<?x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<?x16x4x4xf32>
  // CHECK: dfg.conv %{{.*}}, %{{.*}} {channels_last, dilations = array<i64: 2>, groups = 6 : i64, pads = array<i64: 2, 2>, strides = array<i64: 1>} : (tensor<?x8x6xf32>, tensor<3x1x6xf32>) -> tensor<?x8x6xf32>
  %b = dfg.conv %last, %v {strides = array<i64: 1>, pads = array<i64: 2, 2>, dilations = array<i64: 2>,
      groups = 6 : i64, channels_last} : (tensor<?x8x6xf32>, tensor<3x1x6xf32>) -> tensor<?x8x6xf32>
  // CHECK: dfg.pool max %{{.*}} {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>, window = array<i64: 2, 2>} : (tensor<?x16x4x4xf32>) -> tensor<?x16x2x2xf32>
  %c = dfg.pool max %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>,
      dilations = array<i64: 1, 1>} : (tensor<?x16x4x4xf32>) -> tensor<?x16x2x2xf32>
  dfg.return %a, %b, %c : tensor<?x16x4x4xf32>, tensor<?x8x6xf32>, tensor<?x16x2x2xf32>
}

// CHECK-LABEL: dfg.func @reductions
dfg.func @reductions(%x: tensor<?x4xf32>) -> (tensor<f32>, tensor<?x1xf32>, tensor<?xi64>) {
  // CHECK: dfg.reduce prod %{{.*}} {axes = array<i64: 0, 1>} : (tensor<?x4xf32>) -> tensor<f32>
  %a = dfg.reduce prod %x {axes = array<i64: 0, 1>} : (tensor<?x4xf32>) -> tensor<f32>
  // CHECK: dfg.reduce max %{{.*}} {axes = array<i64: 1>, keep_dims} : (tensor<?x4xf32>) -> tensor<?x1xf32>
  %b = dfg.reduce max %x {axes = array<i64: 1>, keep_dims} : (tensor<?x4xf32>) -> tensor<?x1xf32>
  // CHECK: dfg.arg_reduce min %{{.*}} {axis = 1 : i64, last} : (tensor<?x4xf32>) -> tensor<?xi64>
  %c = dfg.arg_reduce min %x {axis = 1 : i64, last} : (tensor<?x4xf32>) -> tensor<?xi64>
  dfg.return %a, %b, %c : tensor<f32>, tensor<?x1xf32>, tensor<?xi64>
}

// CHECK-LABEL: dfg.func @normalizations
dfg.func @normalizations(%x: tensor<?x4xf32>, %g: tensor<4xf32>) -> tensor<?x4xf32> {
  // CHECK: dfg.softmax %{{.*}} {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %a = dfg.softmax %x {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.layer_norm %{{.*}}, %{{.*}}, %{{.*}} {epsilon = 1.000000e-05 : f64} : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %b = dfg.layer_norm %a, %g, %g {epsilon = 1.0e-5 : f64}
      : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.layer_norm %{{.*}}, %{{.*}} {epsilon = 1.000000e-05 : f64, rms} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %c = dfg.layer_norm %b, %g {epsilon = 1.0e-5 : f64, rms} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  dfg.return %c : tensor<?x4xf32>
}
