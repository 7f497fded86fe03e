// What the verifiers of strings and tables refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

dfg.func @arithmetic(%x: tensor<4x!dfg.string>) {
  // expected-error @+1 {{works on 'tensor<4x!dfg.string>', expected numbers}}
  %y = dfg.add %x, %x : (tensor<4x!dfg.string>, tensor<4x!dfg.string>) -> tensor<4x!dfg.string>
  dfg.return
}

// -----

dfg.func @join_numbers(%s: tensor<!dfg.string>, %x: tensor<4xf32>) {
  // expected-error @+1 {{has operand of type 'tensor<4xf32>', expected strings}}
  %y = dfg.string_join %s, %x : (tensor<!dfg.string>, tensor<4xf32>) -> tensor<4x!dfg.string>
  dfg.return
}

// -----

dfg.func @join_shapes(%s: tensor<!dfg.string>, %x: tensor<4x!dfg.string>, %y: tensor<!dfg.string>) {
  // expected-error @+1 {{has operands 'tensor<4x!dfg.string>' and 'tensor<!dfg.string>', expected equal shapes}}
  %z = dfg.string_join %s, %x, %y : (tensor<!dfg.string>, tensor<4x!dfg.string>, tensor<!dfg.string>) -> tensor<4x!dfg.string>
  dfg.return
}

// -----

dfg.graph @keys {
  // expected-error @+1 {{has keys of type 'tensor<f32>', expected i32, i64 or strings, or vectors of them}}
  dfg.table @t "t" : tensor<f32> to tensor<i64>
}

// -----

dfg.graph @content {
  // expected-error @+1 {{holds 'tensor<2xi64>' and 'tensor<3xi64>', expected 'tensor<2xi64>' and 'tensor<2xi64>'}}
  dfg.table @t "t" : tensor<i64> to tensor<i64> = dense<[1, 2]> : tensor<2xi64>, dense<[1, 2, 3]> : tensor<3xi64>
}

// -----

dfg.graph @find {
  dfg.table @t "t" : tensor<!dfg.string> to tensor<i64>
  dfg.step @use(%k: tensor<?xi32>, %d: tensor<i64>) {
    // expected-error @+1 {{has keys 'tensor<?xi32>', expected any number of 'tensor<!dfg.string>'}}
    %y = dfg.table_find @t, %k, %d : (tensor<?xi32>, tensor<i64>) -> tensor<?xi64>
    dfg.return
  }
}
