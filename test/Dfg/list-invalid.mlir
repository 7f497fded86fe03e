// What the verifiers of lists and optionals refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{list of '!dfg.control', expected tensors or, if it is empty, their element type}}
dfg.func @list_of_tokens(%l: !dfg.list<!dfg.control>) {
  dfg.return
}

// -----

// expected-error @+1 {{optional of 'f32', expected a tensor or list}}
dfg.func @optional_element(%o: !dfg.optional<f32>) {
  dfg.return
}

// -----

dfg.func @make_element(%x: tensor<i32>) {
  // expected-error @+1 {{puts 'tensor<i32>' into '!dfg.list<tensor<f32>>'}}
  %l = dfg.list_make %x : (tensor<i32>) -> !dfg.list<tensor<f32>>
  dfg.return
}

// -----

dfg.func @insert_rank(%l: !dfg.list<tensor<f32>>, %x: tensor<2xf32>) {
  // expected-error @+1 {{puts 'tensor<2xf32>' into '!dfg.list<tensor<f32>>'}}
  %m = dfg.list_insert %l, %x : (!dfg.list<tensor<f32>>, tensor<2xf32>) -> !dfg.list<tensor<f32>>
  dfg.return
}

// -----

dfg.func @erase_narrows(%l: !dfg.list<tensor<*xf32>>) {
  // expected-error @+1 {{makes '!dfg.list<tensor<f32>>' of '!dfg.list<tensor<*xf32>>'}}
  %m = dfg.list_erase %l : (!dfg.list<tensor<*xf32>>) -> !dfg.list<tensor<f32>>
  dfg.return
}

// -----

dfg.func @at_rank(%l: !dfg.list<tensor<f32>>, %i: index) {
  // expected-error @+1 {{takes 'tensor<1xf32>' out of '!dfg.list<tensor<f32>>'}}
  %x = dfg.list_at %l, %i : (!dfg.list<tensor<f32>>, index) -> tensor<1xf32>
  dfg.return
}

// -----

dfg.func @stack_rank(%l: !dfg.list<tensor<2xf32>>) {
  // expected-error @+1 {{has result 'tensor<2xf32>' of a list of 'tensor<2xf32>'}}
  %x = dfg.list_stack %l {axis = 0 : i64} : (!dfg.list<tensor<2xf32>>) -> tensor<2xf32>
  dfg.return
}

// -----

dfg.func @concat_axis(%l: !dfg.list<tensor<2xf32>>) {
  // expected-error @+1 {{has axis 1, expected one of [0, 1)}}
  %x = dfg.list_concat %l {axis = 1 : i64} : (!dfg.list<tensor<2xf32>>) -> tensor<?xf32>
  dfg.return
}

// -----

dfg.func @split_sizes(%x: tensor<2xf32>, %s: tensor<2xf32>) {
  // expected-error @+1 {{has sizes 'tensor<2xf32>', expected a scalar or vector of i32 or i64}}
  %l = dfg.list_split %x, %s {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> !dfg.list<tensor<f32>>
  dfg.return
}

// -----

dfg.func @split_rank(%x: tensor<2xf32>) {
  // expected-error @+1 {{cuts 'tensor<2xf32>' into '!dfg.list<tensor<f32>>'}}
  %l = dfg.list_split %x {axis = 0 : i64, keep_axis} : (tensor<2xf32>) -> !dfg.list<tensor<f32>>
  dfg.return
}

// -----

dfg.func @make_optional(%x: tensor<i32>) {
  // expected-error @+1 {{puts 'tensor<i32>' into '!dfg.optional<tensor<f32>>'}}
  %o = dfg.optional_make %x : (tensor<i32>) -> !dfg.optional<tensor<f32>>
  dfg.return
}

// -----

dfg.func @get_other(%o: !dfg.optional<tensor<f32>>) {
  // expected-error @+1 {{takes 'tensor<2xf32>' out of '!dfg.optional<tensor<f32>>'}}
  %x = dfg.optional_get %o : (!dfg.optional<tensor<f32>>) -> tensor<2xf32>
  dfg.return
}

// -----

dfg.func @length_of_optional(%o: !dfg.optional<tensor<f32>>) {
  // expected-error @+1 {{operand #0 must be list of tensors, but got '!dfg.optional<tensor<f32>>'}}
  %n = "dfg.list_length"(%o) : (!dfg.optional<tensor<f32>>) -> index
  dfg.return
}

// -----

dfg.func @has_list(%l: !dfg.list<tensor<f32>>) {
  // expected-error @+1 {{operand #0 must be optional, but got '!dfg.list<tensor<f32>>'}}
  %h = "dfg.optional_has"(%l) : (!dfg.list<tensor<f32>>) -> index
  dfg.return
}

// -----

dfg.func @set_element(%l: !dfg.list<tensor<4xf32>>, %x: tensor<2xf32>, %i: index) {
  // expected-error @+1 {{puts 'tensor<2xf32>' into '!dfg.list<tensor<4xf32>>'}}
  %m = dfg.list_set %l, %x, %i : (!dfg.list<tensor<4xf32>>, tensor<2xf32>, index) -> !dfg.list<tensor<4xf32>>
  dfg.return
}

// -----

dfg.func @resize_narrows(%l: !dfg.list<tensor<*xf32>>, %i: index) {
  // expected-error @+1 {{makes '!dfg.list<tensor<f32>>' of '!dfg.list<tensor<*xf32>>'}}
  %m = dfg.list_resize %l, %i : (!dfg.list<tensor<*xf32>>, index) -> !dfg.list<tensor<f32>>
  dfg.return
}

// -----

dfg.func @scatter_scalar(%l: !dfg.list<tensor<4xf32>>, %x: tensor<f32>, %p: tensor<?xi32>) {
  // expected-error @+1 {{scatters a scalar, expected a rank of at least 1}}
  %m = dfg.list_scatter %l, %x, %p : (!dfg.list<tensor<4xf32>>, tensor<f32>, tensor<?xi32>) -> !dfg.list<tensor<4xf32>>
  dfg.return
}

// -----

dfg.func @scatter_slice(%l: !dfg.list<tensor<4xf32>>, %x: tensor<3x2xf32>, %p: tensor<3xi32>) {
  // expected-error @+1 {{puts 'tensor<2xf32>' into '!dfg.list<tensor<4xf32>>'}}
  %m = dfg.list_scatter %l, %x, %p : (!dfg.list<tensor<4xf32>>, tensor<3x2xf32>, tensor<3xi32>) -> !dfg.list<tensor<4xf32>>
  dfg.return
}

// -----

dfg.func @scatter_positions(%l: !dfg.list<tensor<4xf32>>, %x: tensor<3x4xf32>, %p: tensor<3xf32>) {
  // expected-error @+1 {{has positions 'tensor<3xf32>', expected a vector of i32 or i64}}
  %m = dfg.list_scatter %l, %x, %p : (!dfg.list<tensor<4xf32>>, tensor<3x4xf32>, tensor<3xf32>) -> !dfg.list<tensor<4xf32>>
  dfg.return
}

// -----

dfg.func @gather_positions(%l: !dfg.list<tensor<4xf32>>, %p: tensor<1x3xi32>) {
  // expected-error @+1 {{has positions 'tensor<1x3xi32>', expected a vector of i32 or i64}}
  %y = dfg.list_gather %l, %p : (!dfg.list<tensor<4xf32>>, tensor<1x3xi32>) -> tensor<?x4xf32>
  dfg.return
}

// -----

dfg.func @gather_result(%l: !dfg.list<tensor<4xf32>>, %p: tensor<3xi32>) {
  // expected-error @+1 {{has result 'tensor<?x4xi32>' of a list of 'tensor<4xf32>'}}
  %y = dfg.list_gather %l, %p : (!dfg.list<tensor<4xf32>>, tensor<3xi32>) -> tensor<?x4xi32>
  dfg.return
}

// -----

dfg.func @extents_type(%l: !dfg.list<tensor<4xf32>>) {
  // expected-error @+1 {{gives 'tensor<?xi32>', expected a vector of i64}}
  %y = dfg.list_extents %l : (!dfg.list<tensor<4xf32>>) -> tensor<?xi32>
  dfg.return
}

// -----

dfg.func @add_other(%l: !dfg.list<tensor<f32>>, %k: !dfg.list<tensor<i32>>) {
  // expected-error @+1 {{makes '!dfg.list<tensor<f32>>' of '!dfg.list<tensor<i32>>'}}
  %m = dfg.list_add %l, %k : (!dfg.list<tensor<f32>>, !dfg.list<tensor<i32>>) -> !dfg.list<tensor<f32>>
  dfg.return
}

// -----

dfg.func @zeros_other(%l: !dfg.list<tensor<f32>>) {
  // expected-error @+1 {{makes '!dfg.list<tensor<i32>>' of '!dfg.list<tensor<f32>>'}}
  %m = dfg.list_zeros %l : (!dfg.list<tensor<f32>>) -> !dfg.list<tensor<i32>>
  dfg.return
}

// -----

dfg.func @at_nested(%l: !dfg.list<!dfg.list<tensor<f32>>>, %i: index) {
  // expected-error @+1 {{takes 'tensor<f32>' out of '!dfg.list<!dfg.list<tensor<f32>>>'}}
  %x = dfg.list_at %l, %i : (!dfg.list<!dfg.list<tensor<f32>>>, index) -> tensor<f32>
  dfg.return
}
