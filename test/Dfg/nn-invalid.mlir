// What the verifiers of contractions, convolutions, pooling and reductions refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

dfg.func @matmul_inner(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) {
  // expected-error @+1 {{multiplies 'tensor<2x3xf32>' by 'tensor<4x5xf32>', expected inner dimensions that agree}}
  %y = dfg.matmul %a, %b : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  dfg.return
}

// -----

dfg.func @matmul_batch(%a: tensor<2x3x4xf32>, %b: tensor<3x4x5xf32>) {
  // expected-error @+1 {{multiplies 'tensor<2x3x4xf32>' by 'tensor<3x4x5xf32>'}}
  %y = dfg.matmul %a, %b : (tensor<2x3x4xf32>, tensor<3x4x5xf32>) -> tensor<2x3x5xf32>
  dfg.return
}

// -----

dfg.func @matmul_transposes_vector(%a: tensor<3xf32>, %b: tensor<3x5xf32>) {
  // expected-error @+1 {{transposes an operand of rank 1}}
  %y = dfg.matmul %a, %b {transpose_a} : (tensor<3xf32>, tensor<3x5xf32>) -> tensor<5xf32>
  dfg.return
}

// -----

dfg.func @matmul_accumulates_in_i32(%a: tensor<2x3xi8>, %b: tensor<3x5xi8>) {
  // expected-error @+1 {{has result type 'tensor<2x5xi8>', expected 'tensor<2x5xi32>'}}
  %y = dfg.matmul %a, %b : (tensor<2x3xi8>, tensor<3x5xi8>) -> tensor<2x5xi8>
  dfg.return
}

// -----

dfg.func @conv_rank(%x: tensor<1x3x8xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error @+1 {{convolves 'tensor<1x3x8xf32>' with 'tensor<4x3x3xf32>' over 2 spatial dimensions}}
  %y = dfg.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>}
      : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> tensor<1x4x6xf32>
  dfg.return
}

// -----

dfg.func @conv_stride(%x: tensor<1x3x8xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error @+1 {{has stride 0 and dilation 1, expected at least 1}}
  %y = dfg.conv %x, %w {strides = array<i64: 0>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
      : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> tensor<1x4x6xf32>
  dfg.return
}

// -----

dfg.func @conv_groups(%x: tensor<1x6x8xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error @+1 {{in 3 groups, expected channels that agree}}
  %y = dfg.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>, groups = 3 : i64}
      : (tensor<1x6x8xf32>, tensor<4x3x3xf32>) -> tensor<1x4x6xf32>
  dfg.return
}

// -----

dfg.func @conv_extent(%x: tensor<1x3x8xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error @+1 {{has result type 'tensor<1x4x8xf32>', expected 'tensor<1x4x6xf32>'}}
  %y = dfg.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>}
      : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> tensor<1x4x8xf32>
  dfg.return
}

// -----

dfg.func @pool_rank(%x: tensor<1x3x8xf32>) {
  // expected-error @+1 {{pools 'tensor<1x3x8xf32>' over 2 spatial dimensions}}
  %y = dfg.pool sum %x {window = array<i64: 2, 2>, strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>,
      dilations = array<i64: 1, 1>} : (tensor<1x3x8xf32>) -> tensor<1x3x7xf32>
  dfg.return
}

// -----

dfg.func @pool_window(%x: tensor<1x3x8xf32>) {
  // expected-error @+1 {{has window 0, stride 1 and dilation 1, expected at least 1}}
  %y = dfg.pool sum %x {window = array<i64: 0>, strides = array<i64: 1>, pads = array<i64: 0, 0>,
      dilations = array<i64: 1>} : (tensor<1x3x8xf32>) -> tensor<1x3x8xf32>
  dfg.return
}

// -----

dfg.func @reduce_axes(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{has axes [1, 1], expected distinct ones of [0, 2)}}
  %y = dfg.reduce sum %x {axes = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2xf32>
  dfg.return
}

// -----

dfg.func @arg_reduce_axis(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{has axis 2, expected one of [0, 2)}}
  %y = dfg.arg_reduce max %x {axis = 2 : i64} : (tensor<2x3xf32>) -> tensor<2xi64>
  dfg.return
}

// -----

dfg.func @softmax_axis(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{has axis -1, expected one of [0, 2)}}
  %y = dfg.softmax %x {axis = -1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  dfg.return
}

// -----

dfg.func @layer_norm_scale(%x: tensor<2x3xf32>, %g: tensor<2x3xf32>) {
  // expected-error @+1 {{normalizes 'tensor<2x3xf32>' with scale 'tensor<2x3xf32>', expected a scale and bias of rank 1}}
  %y = dfg.layer_norm %x, %g {epsilon = 1.0e-5 : f64} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  dfg.return
}

// -----

dfg.func @softmax_integers(%x: tensor<4x3xi32>) {
  // expected-error @+1 {{'dfg.softmax' op works on 'tensor<4x3xi32>', expected floats}}
  %y = dfg.softmax %x {axis = 1 : i64} : (tensor<4x3xi32>) -> tensor<4x3xi32>
  dfg.return
}

// -----

dfg.func @layer_norm_integers(%x: tensor<4x3xi32>, %s: tensor<3xi32>) {
  // expected-error @+1 {{'dfg.layer_norm' op works on 'tensor<4x3xi32>', expected floats}}
  %y = dfg.layer_norm %x, %s {epsilon = 1.0e-5 : f64} : (tensor<4x3xi32>, tensor<3xi32>) -> tensor<4x3xi32>
  dfg.return
}
