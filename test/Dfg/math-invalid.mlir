// What the verifiers of elementwise mathematics refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

dfg.func @unary_keeps_shape(%x: tensor<4xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{'dfg.exp' op has result type 'tensor<5xf32>', expected 'tensor<4xf32>'}}
  %y = dfg.exp %x : (tensor<4xf32>) -> tensor<5xf32>
  dfg.return %y : tensor<5xf32>
}

// -----

dfg.func @unary_keeps_element(%x: tensor<4xf32>) -> tensor<4xf16> {
  // expected-error @+1 {{'dfg.exp' op has result type 'tensor<4xf16>', expected 'tensor<4xf32>'}}
  %y = dfg.exp %x : (tensor<4xf32>) -> tensor<4xf16>
  dfg.return %y : tensor<4xf16>
}

// -----

dfg.func @broadcast(%a: tensor<?x4xf32>, %b: tensor<3xf32>) -> tensor<?x4xf32> {
  // expected-error @+1 {{has operands of shapes that do not broadcast: 'tensor<?x4xf32>' 'tensor<3xf32>'}}
  %y = dfg.add %a, %b : (tensor<?x4xf32>, tensor<3xf32>) -> tensor<?x4xf32>
  dfg.return %y : tensor<?x4xf32>
}

// -----

dfg.func @broadcast_result(%a: tensor<1x4xf32>, %b: tensor<3x1xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{has result type 'tensor<1x4xf32>', expected 'tensor<3x4xf32>'}}
  %y = dfg.mul %a, %b : (tensor<1x4xf32>, tensor<3x1xf32>) -> tensor<1x4xf32>
  dfg.return %y : tensor<1x4xf32>
}

// -----

dfg.func @predicate(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{has result type 'tensor<4xf32>', expected 'tensor<4xi1>'}}
  %y = dfg.is_nan %x : (tensor<4xf32>) -> tensor<4xf32>
  dfg.return %y : tensor<4xf32>
}

// -----

dfg.func @compare_elements(%a: tensor<4xf32>, %b: tensor<4xi32>) -> tensor<4xi1> {
  // expected-error @+1 {{has operands of element types 'f32' and 'i32', expected equal ones}}
  %y = dfg.compare eq %a, %b : (tensor<4xf32>, tensor<4xi32>) -> tensor<4xi1>
  dfg.return %y : tensor<4xi1>
}

// -----

dfg.func @select_condition(%c: tensor<4xf32>, %a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{has condition 'tensor<4xf32>', expected elements of i1}}
  %y = dfg.select %c, %a, %a : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  dfg.return %y : tensor<4xf32>
}

// -----

dfg.func @select_elements(%c: tensor<4xi1>, %a: tensor<4xf32>, %b: tensor<4xf64>) -> tensor<4xf32> {
  // expected-error @+1 {{has operands of element types 'f32' and 'f64', expected equal ones}}
  %y = dfg.select %c, %a, %b : (tensor<4xi1>, tensor<4xf32>, tensor<4xf64>) -> tensor<4xf32>
  dfg.return %y : tensor<4xf32>
}

// -----

dfg.func @bitcast_width(%x: tensor<4xf32>) -> tensor<4xi16> {
  // expected-error @+1 {{reinterprets 'f32' as 'i16', expected equal widths}}
  %y = dfg.bitcast %x : (tensor<4xf32>) -> tensor<4xi16>
  dfg.return %y : tensor<4xi16>
}

// -----

dfg.func @cast_shape(%x: tensor<4xf32>) -> tensor<3xi16> {
  // expected-error @+1 {{has result type 'tensor<3xi16>', expected 'tensor<4xi16>'}}
  %y = dfg.cast %x : (tensor<4xf32>) -> tensor<3xi16>
  dfg.return %y : tensor<3xi16>
}
