// What the verifiers of array ops refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

dfg.func @constant_type() {
  // expected-error @+1 {{failed to verify that all of {value, y} have same type}}
  %y = "dfg.constant"() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<3xf32>
  dfg.return
}

// -----

dfg.func @constant_vector() {
  // expected-error @+1 {{result #0 must be ranked tensor, but got 'vector<2xf32>'}}
  %y = "dfg.constant"() {value = dense<1.0> : vector<2xf32>} : () -> vector<2xf32>
  dfg.return
}

// -----

dfg.func @item_element(%x: tensor<4xf32>) {
  // expected-error @+1 {{reads position of rank 1 of 'tensor<4xf32>', expected integers of that rank}}
  %n = dfg.item %x[0] : tensor<4xf32>
  dfg.return
}

// -----

dfg.func @item_position(%x: tensor<4xi64>) {
  // expected-error @+1 {{reads position 4 of 'tensor<4xi64>'}}
  %n = dfg.item %x[4] : tensor<4xi64>
  dfg.return
}

// -----

dfg.func @index_tensor_rank() {
  // expected-error @+1 {{makes 'tensor<1x2xi64>' of 2 values, expected a vector of integers}}
  %y = dfg.index_tensor [1, 2] : tensor<1x2xi64>
  dfg.return
}

// -----

dfg.func @index_tensor_count() {
  // expected-error @+1 {{has result type 'tensor<3xi64>', expected 'tensor<2xi64>'}}
  %y = dfg.index_tensor [1, 2] : tensor<3xi64>
  dfg.return
}

// -----

dfg.func @iota_axis() {
  // expected-error @+1 {{has axis 2, expected one of [0, 2)}}
  %y = dfg.iota [3, 4] axis(2) : tensor<3x4xi64>
  dfg.return
}

// -----

dfg.func @reshape_count(%x: tensor<3x4xf32>) {
  // expected-error @+1 {{reshapes 12 elements of 'tensor<3x4xf32>' into 10}}
  %y = dfg.reshape %x to [2, 5] : (tensor<3x4xf32>) -> tensor<2x5xf32>
  dfg.return
}

// -----

dfg.func @broadcast_to(%x: tensor<3xf32>) {
  // expected-error @+1 {{cannot broadcast 'tensor<3xf32>' to the sizes given}}
  %y = dfg.broadcast_to %x to [2, 4] : (tensor<3xf32>) -> tensor<2x4xf32>
  dfg.return
}

// -----

dfg.func @transpose_twice(%x: tensor<3x4xf32>) {
  // expected-error @+1 {{has permutation [1, 1], expected one of rank 2}}
  %y = dfg.transpose %x {permutation = array<i64: 1, 1>} : (tensor<3x4xf32>) -> tensor<4x4xf32>
  dfg.return
}

// -----

dfg.func @transpose_short(%x: tensor<3x4xf32>) {
  // expected-error @+1 {{has permutation [0], expected one of rank 2}}
  %y = dfg.transpose %x {permutation = array<i64: 0>} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  dfg.return
}

// -----

dfg.func @concat_nothing() {
  // expected-error @+1 {{has no operand, expected at least one}}
  %y = dfg.concat {axis = 0 : i64} : () -> tensor<0xf32>
  dfg.return
}

// -----

dfg.func @concat_extents(%a: tensor<3x4xf32>, %b: tensor<3x5xf32>) {
  // expected-error @+1 {{joins 'tensor<3x4xf32>' and 'tensor<3x5xf32>' along axis 0}}
  %y = dfg.concat %a, %b {axis = 0 : i64} : (tensor<3x4xf32>, tensor<3x5xf32>) -> tensor<6x4xf32>
  dfg.return
}

// -----

dfg.func @concat_elements(%a: tensor<3xf32>, %b: tensor<3xf16>) {
  // expected-error @+1 {{joins 'tensor<3xf32>' and 'tensor<3xf16>' along axis 0}}
  %y = dfg.concat %a, %b {axis = 0 : i64} : (tensor<3xf32>, tensor<3xf16>) -> tensor<6xf32>
  dfg.return
}

// -----

dfg.func @slice_rank(%x: tensor<3x4xf32>) {
  // expected-error @+1 {{has offsets, sizes or strides of another rank than 'tensor<3x4xf32>'}}
  %y = dfg.slice %x [0] [3] [1] : (tensor<3x4xf32>) -> tensor<3xf32>
  dfg.return
}

// -----

dfg.func @slice_stride(%x: tensor<4xf32>) {
  // expected-error @+1 {{has stride 0 in dimension 0}}
  %y = dfg.slice %x [0] [3] [0] : (tensor<4xf32>) -> tensor<3xf32>
  dfg.return
}

// -----

dfg.func @slice_outside(%x: tensor<4xf32>) {
  // expected-error @+1 {{takes positions 1 to 5 of dimension 0 of extent 4}}
  %y = dfg.slice %x [1] [3] [2] : (tensor<4xf32>) -> tensor<3xf32>
  dfg.return
}

// -----

dfg.func @update_slice_rank(%x: tensor<3x4xf32>, %u: tensor<4xf32>) {
  // expected-error @+1 {{replaces a box of 'tensor<3x4xf32>' by 'tensor<4xf32>', expected equal element types and ranks}}
  %y = dfg.update_slice %x, %u [0, 0] : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  dfg.return
}

// -----

dfg.func @update_slice_offsets(%x: tensor<3x4xf32>, %u: tensor<1x4xf32>) {
  // expected-error @+1 {{has 1 offsets, expected 2}}
  %y = dfg.update_slice %x, %u [0] : (tensor<3x4xf32>, tensor<1x4xf32>) -> tensor<3x4xf32>
  dfg.return
}

// -----

dfg.func @update_slice_outside(%x: tensor<3x4xf32>, %u: tensor<2x4xf32>) {
  // expected-error @+1 {{replaces positions 2 to 3 of dimension 0 of extent 3}}
  %y = dfg.update_slice %x, %u [2, 0] : (tensor<3x4xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  dfg.return
}

// -----

dfg.func @pad_rank(%x: tensor<4x4xf32>, %v: tensor<f32>) {
  // expected-error @+1 {{pads 1 dimensions of 'tensor<4x4xf32>'}}
  %y = dfg.pad edge %x, %v low [1] high [1] : (tensor<4x4xf32>, tensor<f32>) -> tensor<6x4xf32>
  dfg.return
}

// -----

dfg.func @pad_interior(%x: tensor<4xf32>, %v: tensor<f32>) {
  // expected-error @+1 {{has interior padding, expected mode constant}}
  %y = dfg.pad edge %x, %v low [1] high [1] interior [1] : (tensor<4xf32>, tensor<f32>) -> tensor<9xf32>
  dfg.return
}

// -----

dfg.func @reverse_axis(%x: tensor<4xf32>) {
  // expected-error @+1 {{has axis 1, expected one of [0, 1)}}
  %y = dfg.reverse %x {axes = array<i64: 1>} : (tensor<4xf32>) -> tensor<4xf32>
  dfg.return
}

// -----

dfg.func @gather_indices(%x: tensor<4xf32>, %i: tensor<2xf32>) {
  // expected-error @+1 {{has indices 'tensor<2xf32>', expected integers}}
  %y = dfg.gather %x, %i {axis = 0 : i64} : (tensor<4xf32>, tensor<2xf32>) -> tensor<2xf32>
  dfg.return
}

// -----

dfg.func @gather_elements_rank(%x: tensor<4x4xf32>, %i: tensor<2xi64>) {
  // expected-error @+1 {{has indices 'tensor<2xi64>', expected the rank of 'tensor<4x4xf32>'}}
  %y = dfg.gather_elements %x, %i {axis = 0 : i64} : (tensor<4x4xf32>, tensor<2xi64>) -> tensor<2xf32>
  dfg.return
}

// -----

dfg.func @gather_nd_tuple(%x: tensor<4x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+1 {{has indices 'tensor<2x3xi64>' into 'tensor<4x4xf32>', expected a last dimension of at most the rank left by 0 batch dimensions}}
  %y = dfg.gather_nd %x, %i : (tensor<4x4xf32>, tensor<2x3xi64>) -> tensor<2xf32>
  dfg.return
}

// -----

dfg.func @resample_weights(%x: tensor<4xf16>, %i: tensor<9x2xi64>, %w: tensor<9x2xf16>) {
  // expected-error @+1 {{weighs 'tensor<4xf16>' by 'tensor<9x2xf16>', expected floats of at least f32}}
  %y = dfg.resample %x, %i, %w {axis = 0 : i64} : (tensor<4xf16>, tensor<9x2xi64>, tensor<9x2xf16>) -> tensor<9xf16>
  dfg.return
}

// -----

dfg.func @resample_shapes(%x: tensor<4xf32>, %i: tensor<9x2xi64>, %w: tensor<9x3xf32>) {
  // expected-error @+1 {{has indices 'tensor<9x2xi64>' and weights 'tensor<9x3xf32>', expected equal shapes of rank 2}}
  %y = dfg.resample %x, %i, %w {axis = 0 : i64} : (tensor<4xf32>, tensor<9x2xi64>, tensor<9x3xf32>) -> tensor<9xf32>
  dfg.return
}

// -----

dfg.func @scatter_elements_rank(%x: tensor<4xf32>, %i: tensor<2xi64>, %u: tensor<2x1xf32>) {
  // expected-error @+1 {{has updates 'tensor<2x1xf32>' at 'tensor<2xi64>' of 'tensor<4xf32>', expected equal ranks and elements}}
  %y = dfg.scatter_elements none %x, %i, %u {axis = 0 : i64} : (tensor<4xf32>, tensor<2xi64>, tensor<2x1xf32>) -> tensor<4xf32>
  dfg.return
}

// -----

dfg.func @scatter_nd_slice(%x: tensor<4x4xf32>, %i: tensor<2x1xi64>, %u: tensor<2xf32>) {
  // expected-error @+1 {{has updates 'tensor<2xf32>' at 'tensor<2x1xi64>' of 'tensor<4x4xf32>', expected one slice per index tuple}}
  %y = dfg.scatter_nd none %x, %i, %u : (tensor<4x4xf32>, tensor<2x1xi64>, tensor<2xf32>) -> tensor<4x4xf32>
  dfg.return
}

// -----

dfg.func @cumulative_axis(%x: tensor<4xf32>) {
  // expected-error @+1 {{has axis -1, expected one of [0, 1)}}
  %y = dfg.cumulative sum %x {axis = -1 : i64} : (tensor<4xf32>) -> tensor<4xf32>
  dfg.return
}
