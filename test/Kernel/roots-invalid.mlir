// What ops that have emitters of their own refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

kernel.func @matmul_inner(%a: tensor<4x8xf32>, %b: tensor<9x3xf32>) {
  // expected-error @+1 {{multiplies 'tensor<4x8xf32>' by 'tensor<9x3xf32>', expected inner dimensions that agree}}
  %y = kernel.matmul %a, %b : (tensor<4x8xf32>, tensor<9x3xf32>) -> tensor<4x3xf32>
  kernel.return
}

// -----

kernel.func @matmul_elements(%a: tensor<4x8xf32>, %b: tensor<8x3xf64>) {
  // expected-error @+1 {{multiplies 'tensor<4x8xf32>' by 'tensor<8x3xf64>', expected matrices of floats, or of bytes by words of them}}
  %y = kernel.matmul %a, %b : (tensor<4x8xf32>, tensor<8x3xf64>) -> tensor<4x3xf32>
  kernel.return
}

// -----

kernel.func @matmul_permutation(%a: tensor<4x8xf32>, %b: tensor<8x3xf32>) {
  // expected-error @+1 {{has permutation [2, 0], expected one of rank 2}}
  %y = kernel.matmul %a, %b {permutation_a = array<i64: 2, 0>} : (tensor<4x8xf32>, tensor<8x3xf32>) -> tensor<4x3xf32>
  kernel.return
}

// -----

kernel.func @conv_filters(%x: tensor<1x8x8x3xf32>, %w: tensor<16x3x3x3xf32>) {
  // expected-error @+1 {{convolves 'tensor<1x8x8x3xf32>' with 'tensor<16x3x3x3xf32>', expected images and packed filters}}
  %y = kernel.conv %x, %w {channels = 16 : i64, strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>,
      dilations = array<i64: 1, 1>} : (tensor<1x8x8x3xf32>, tensor<16x3x3x3xf32>) -> tensor<1x8x8x16xf32>
  kernel.return
}

// -----

kernel.func @conv_strides(%x: tensor<1x8x8x3xf32>, %w: tensor<1x3x3x3x16xf32>) {
  // expected-error @+1 {{has strides, dilations or pads that do not fit height and width}}
  %y = kernel.conv %x, %w {channels = 16 : i64, strides = array<i64: 1, 0>, pads = array<i64: 1, 1, 1, 1>,
      dilations = array<i64: 1, 1>} : (tensor<1x8x8x3xf32>, tensor<1x3x3x3x16xf32>) -> tensor<1x8x8x16xf32>
  kernel.return
}

// -----

kernel.func @pool_elements(%x: tensor<1x8x8x3xi32>) {
  // expected-error @+1 {{reduces windows of 'tensor<1x8x8x3xi32>', expected images of floats}}
  %y = kernel.pool %x {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>,
      dilations = array<i64: 1, 1>} : (tensor<1x8x8x3xi32>) -> tensor<1x4x4x3xi32>
  kernel.return
}

// -----

kernel.func @pool_window(%x: tensor<1x8x8x3xf32>) {
  // expected-error @+1 {{has windows, strides, dilations or pads that do not fit height and width}}
  %y = kernel.pool %x {window = array<i64: 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>,
      dilations = array<i64: 1, 1>} : (tensor<1x8x8x3xf32>) -> tensor<1x4x4x3xf32>
  kernel.return
}

// -----

kernel.func @softmax_elements(%x: tensor<4xf64>) {
  // expected-error @+1 {{normalizes 'tensor<4xf64>', expected rows of f32}}
  %y = kernel.softmax %x : (tensor<4xf64>) -> tensor<4xf64>
  kernel.return
}

// -----

kernel.func @layer_norm_scale(%x: tensor<4x8xf32>, %g: tensor<1x8xf32>) {
  // expected-error @+1 {{normalizes 'tensor<4x8xf32>' with scale 'tensor<1x8xf32>', expected rows of f32}}
  %y = kernel.layer_norm %x, %g {epsilon = 1.0e-5 : f64} : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
  kernel.return
}
