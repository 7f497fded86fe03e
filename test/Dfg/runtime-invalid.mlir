// What the verifiers of operations of the runtime archive refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

dfg.func @argsort_axis(%x: tensor<4xf32>) {
  // expected-error @+1 {{has axis 1, expected one of [0, 1)}}
  %y:2 = dfg.argsort %x {axis = 1 : i64} : (tensor<4xf32>) -> (tensor<4xi64>, tensor<4xf32>)
  dfg.return
}

// -----

dfg.func @argsort_elements(%x: tensor<4xf8E5M2>) {
  // expected-error @+1 {{orders 'tensor<4xf8E5M2>', expected integers or floats of 16 bits or more}}
  %y:2 = dfg.argsort %x {axis = 0 : i64} : (tensor<4xf8E5M2>) -> (tensor<4xi64>, tensor<4xf8E5M2>)
  dfg.return
}

// -----

dfg.func @top_k_k(%x: tensor<4xf32>) {
  %k = dfg.constant dense<5> : tensor<i64>
  // expected-error @+1 {{has k 5 for 'tensor<4xf32>'}}
  %y:2 = dfg.top_k %x, %k {axis = 0 : i64} : (tensor<4xf32>, tensor<i64>) -> (tensor<5xf32>, tensor<5xi64>)
  dfg.return
}

// -----

dfg.func @unique_axis(%x: tensor<4xf32>) {
  // expected-error @+1 {{has axis -1, expected one of [0, 1)}}
  %y:4 = dfg.unique %x {axis = -1 : i64} : (tensor<4xf32>) -> (tensor<?xf32>, tensor<?xi64>, tensor<4xi64>, tensor<?xi64>)
  dfg.return
}

// -----

dfg.func @non_zero_result(%x: tensor<4xf32>) {
  // expected-error @+1 {{has result type 'tensor<2x?xi64>', expected 'tensor<1x?xi64>'}}
  %y = dfg.non_zero %x : (tensor<4xf32>) -> tensor<2x?xi64>
  dfg.return
}

// -----

dfg.func @non_max_suppression_ranks(%boxes: tensor<?x4xf32>, %scores: tensor<1x2x?xf32>, %n: tensor<i64>, %t: tensor<f32>) {
  // expected-error @+1 {{has boxes 'tensor<?x4xf32>' and scores 'tensor<1x2x?xf32>', expected ranks of 3}}
  %y = dfg.non_max_suppression %boxes, %scores, %n, %t, %t : (tensor<?x4xf32>, tensor<1x2x?xf32>, tensor<i64>, tensor<f32>, tensor<f32>) -> tensor<?x3xi64>
  dfg.return
}

// -----

dfg.func @non_max_suppression_limit(%boxes: tensor<1x?x4xf32>, %scores: tensor<1x2x?xf32>, %t: tensor<f32>) {
  // expected-error @+1 {{has limit of type 'tensor<f32>', expected elements of 'i64'}}
  %y = dfg.non_max_suppression %boxes, %scores, %t, %t, %t : (tensor<1x?x4xf32>, tensor<1x2x?xf32>, tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<?x3xi64>
  dfg.return
}

// -----

dfg.func @det_square(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{has operand 'tensor<2x3xf32>', expected square matrices}}
  %y = dfg.det %x : (tensor<2x3xf32>) -> tensor<f32>
  dfg.return
}

// -----

dfg.func @det_elements(%x: tensor<3x3xf16>) {
  // expected-error @+1 {{works on 'tensor<3x3xf16>', expected elements of f32 or f64}}
  %y = dfg.det %x : (tensor<3x3xf16>) -> tensor<f16>
  dfg.return
}

// -----

dfg.func @dft_parts(%x: tensor<16x3xf32>, %n: tensor<i64>) {
  // expected-error @+1 {{has operand 'tensor<16x3xf32>', expected a last dimension of 1 or 2}}
  %y = dfg.dft %x, %n {axis = 0 : i64} : (tensor<16x3xf32>, tensor<i64>) -> tensor<?x2xf32>
  dfg.return
}

// -----

dfg.func @dft_axis(%x: tensor<16x2xf32>, %n: tensor<i64>) {
  // expected-error @+1 {{has axis 1, expected one of [0, 1)}}
  %y = dfg.dft %x, %n {axis = 1 : i64} : (tensor<16x2xf32>, tensor<i64>) -> tensor<16x?xf32>
  dfg.return
}

// -----

dfg.func @dft_length(%x: tensor<16x2xf32>, %n: tensor<i32>) {
  // expected-error @+1 {{has length of type 'tensor<i32>', expected elements of 'i64'}}
  %y = dfg.dft %x, %n {axis = 0 : i64} : (tensor<16x2xf32>, tensor<i32>) -> tensor<?x2xf32>
  dfg.return
}

// -----

dfg.func @solve_rows(%a: tensor<3x3xf32>, %b: tensor<4x2xf32>) {
  // expected-error @+1 {{solves 'tensor<3x3xf32>' for 'tensor<4x2xf32>', expected equal dimensions but the last}}
  %y = dfg.solve %a, %b : (tensor<3x3xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  dfg.return
}

// -----

dfg.func @solve_triangle(%a: tensor<3x3xf32>, %b: tensor<3x2xf32>) {
  // expected-error @+1 {{has triangle 'left', expected lower or upper}}
  %y = dfg.solve %a, %b {triangle = "left"} : (tensor<3x3xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  dfg.return
}

// -----

dfg.func @parts_of_reals(%x: tensor<3xf32>) {
  // expected-error @+1 {{has operand 'tensor<3xf32>', expected complex numbers}}
  %y = dfg.complex_parts %x : (tensor<3xf32>) -> tensor<3x2xf32>
  dfg.return
}

// -----

dfg.func @join_of_three(%x: tensor<3xf32>) {
  // expected-error @+1 {{has operand 'tensor<3xf32>', expected a last dimension of 2}}
  %y = dfg.complex_join %x : (tensor<3xf32>) -> tensor<complex<f32>>
  dfg.return
}
