// What the verifiers of algorithms on strings refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

dfg.func @numbers(%x: tensor<4xf32>) {
  // expected-error @+1 {{has operand of type 'tensor<4xf32>', expected strings}}
  %y = dfg.string_map %x {kind = "strip"} : (tensor<4xf32>) -> tensor<4x!dfg.string>
  dfg.return
}

// -----

dfg.func @positions(%x: tensor<4x!dfg.string>, %p: tensor<3xi64>) {
  // expected-error @+1 {{takes 'tensor<3xi64>' of 'tensor<4x!dfg.string>', expected equal shapes}}
  %y = dfg.string_substr %x, %p, %p : (tensor<4x!dfg.string>, tensor<3xi64>, tensor<3xi64>) -> tensor<4x!dfg.string>
  dfg.return
}

// -----

dfg.func @bytes(%x: tensor<4x!dfg.string>) {
  // expected-error @+1 {{gives 'i8', expected f32, f64 or integers of 32 or 64 bits}}
  %y = dfg.string_to_number %x : (tensor<4x!dfg.string>) -> tensor<4xi8>
  dfg.return
}

// -----

dfg.func @flag(%x: tensor<4xf32>) {
  // expected-error @+1 {{has flag 'x', expected one of printf's, or nothing}}
  %y = dfg.string_from_number %x {flag = "x"} : (tensor<4xf32>) -> tensor<4x!dfg.string>
  dfg.return
}

// -----

dfg.func @pattern(%x: tensor<4x!dfg.string>) {
  // expected-error @+1 {{has pattern of type 'tensor<4x!dfg.string>', expected a scalar}}
  %y = dfg.regex_full_match %x, %x : (tensor<4x!dfg.string>, tensor<4x!dfg.string>) -> tensor<4xi1>
  dfg.return
}

// -----

dfg.func @matrix(%x: tensor<4x2x!dfg.string>, %s: tensor<!dfg.string>) {
  // expected-error @+1 {{has operand 'tensor<4x2x!dfg.string>', expected rank 1}}
  %y:3 = dfg.string_split %x, %s : (tensor<4x2x!dfg.string>, tensor<!dfg.string>) -> (tensor<?x2xi64>, tensor<?x!dfg.string>, tensor<2xi64>)
  dfg.return
}

// -----

dfg.func @places(%x: tensor<4xf32>, %s: tensor<!dfg.string>) {
  // expected-error @+1 {{says of 2 tensors whether they hold strings, expected 1}}
  %y = dfg.string_format %s, %s, %x {strings = array<i64: 0, 0>, summarize = 3 : i64} : (tensor<!dfg.string>, tensor<!dfg.string>, tensor<4xf32>) -> tensor<!dfg.string>
  dfg.return
}

// -----

dfg.func @kind(%x: tensor<4x!dfg.string>) {
  // expected-error @+1 {{has kind 'md5', expected one of farm sip murmur}}
  %y = dfg.string_hash %x {kind = "md5", buckets = 0 : i64} : (tensor<4x!dfg.string>) -> tensor<4xi64>
  dfg.return
}
