// What becomes of the lowerings behind bufferization: loops that write to the kernel's
// destination, without temporaries and copies.
// RUN: tfc-opt %s --tfc-kernels | FileCheck %s --implicit-check-not=memref.alloc --implicit-check-not=memref.copy

// CHECK: func.func private @concat_body
kernel.func @concat(%a: tensor<?x4xf32>, %b: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = dfg.concat %a, %b {axis = 0 : i64} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  kernel.return %y : tensor<?x4xf32>
}
// CHECK: func.func private @pad_body
kernel.func @pad(%x: tensor<?x4xf32>, %v: tensor<f32>) -> tensor<?x6xf32> {
  %y = dfg.pad constant %x, %v low [1, 1] high [0, 1] : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x6xf32>
  kernel.return %y : tensor<?x6xf32>
}
// CHECK: func.func private @scatter_body
kernel.func @scatter(%x: tensor<?x4xf32>, %i: tensor<?x1xi64>, %u: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = dfg.scatter_nd max %x, %i, %u : (tensor<?x4xf32>, tensor<?x1xi64>, tensor<?x4xf32>) -> tensor<?x4xf32>
  kernel.return %y : tensor<?x4xf32>
}
// CHECK: func.func private @reduce_body
kernel.func @reduce(%x: tensor<?x?xf32>) -> tensor<?xf32> {
  %s = dfg.mul %x, %x : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = dfg.reduce sum %s {axes = array<i64: 1>} : (tensor<?x?xf32>) -> tensor<?xf32>
  kernel.return %y : tensor<?xf32>
}
// CHECK: func.func private @cumulative_body
kernel.func @cumulative(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = dfg.cumulative sum %x {axis = 1 : i64} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  kernel.return %y : tensor<?x?xf32>
}
// CHECK: func.func private @conv_body
kernel.func @conv(%x: tensor<?x3x?x?xi8>, %w: tensor<4x3x3x3xi8>) -> tensor<?x4x?x?xi32> {
  %y = dfg.conv %x, %w {strides = array<i64: 1, 2>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
      : (tensor<?x3x?x?xi8>, tensor<4x3x3x3xi8>) -> tensor<?x4x?x?xi32>
  kernel.return %y : tensor<?x4x?x?xi32>
}
// CHECK: func.func private @pool_body
kernel.func @pool(%x: tensor<?x3x?x?xf32>) -> tensor<?x3x?x?xf32> {
  %y = dfg.pool max %x {window = array<i64: 2, 2>, strides = array<i64: 1, 1>, pads = array<i64: 0, 1, 0, 1>,
      dilations = array<i64: 1, 1>} : (tensor<?x3x?x?xf32>) -> tensor<?x3x?x?xf32>
  kernel.return %y : tensor<?x3x?x?xf32>
}
