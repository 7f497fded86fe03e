// Syntax of array ops: every op survives printing and parsing.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK-LABEL: dfg.func @sources
dfg.func @sources(%sizes: tensor<2xi64>) -> (tensor<3xi64>, tensor<?x4xi64>, tensor<2xf32>) {
  // CHECK: %[[N:.*]] = dfg.item %{{.*}} [1] : tensor<2xi64>
  %n = dfg.item %sizes[1] : tensor<2xi64>
  // CHECK: dfg.index_tensor [%[[N]], 3, 224] : tensor<3xi64>
  %a = dfg.index_tensor [%n, 3, 224] : tensor<3xi64>
  // CHECK: dfg.iota [%[[N]], 4] axis(1) : tensor<?x4xi64>
  %b = dfg.iota [%n, 4] axis(1) : tensor<?x4xi64>
  // CHECK: dfg.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
  %c = dfg.constant dense<[1.0, 2.0]> : tensor<2xf32>
  dfg.return %a, %b, %c : tensor<3xi64>, tensor<?x4xi64>, tensor<2xf32>
}

// CHECK-LABEL: dfg.func @shapes
dfg.func @shapes(%x: tensor<?x16xf32>, %sizes: tensor<2xi64>) -> tensor<?x?xf32> {
  %n = dfg.item %sizes[0] : tensor<2xi64>
  // CHECK: dfg.reshape %{{.*}} to [%{{.*}}, 4, 4] : (tensor<?x16xf32>) -> tensor<?x4x4xf32>
  %a = dfg.reshape %x to [%n, 4, 4] : (tensor<?x16xf32>) -> tensor<?x4x4xf32>
  // CHECK: dfg.transpose %{{.*}} {permutation = array<i64: 1, 2, 0>} : (tensor<?x4x4xf32>) -> tensor<4x4x?xf32>
  %b = dfg.transpose %a {permutation = array<i64: 1, 2, 0>} : (tensor<?x4x4xf32>) -> tensor<4x4x?xf32>
  // CHECK: dfg.slice %{{.*}} [0, 3, %{{.*}}] [4, 2, 1] [1, -1, 1] : (tensor<4x4x?xf32>) -> tensor<4x2x1xf32>
  %c = dfg.slice %b [0, 3, %n] [4, 2, 1] [1, -1, 1] : (tensor<4x4x?xf32>) -> tensor<4x2x1xf32>
  // CHECK: dfg.update_slice %{{.*}}, %{{.*}} [0, 1, %{{.*}}] : (tensor<4x4x?xf32>, tensor<4x2x1xf32>) -> tensor<4x4x?xf32>
  %changed = dfg.update_slice %b, %c [0, 1, %n] : (tensor<4x4x?xf32>, tensor<4x2x1xf32>) -> tensor<4x4x?xf32>
  // CHECK: dfg.reverse %{{.*}} {axes = array<i64: 1>} : (tensor<4x2x1xf32>) -> tensor<4x2x1xf32>
  %d = dfg.reverse %c {axes = array<i64: 1>} : (tensor<4x2x1xf32>) -> tensor<4x2x1xf32>
  // CHECK: dfg.reshape %{{.*}} to [8, 1] : (tensor<4x2x1xf32>) -> tensor<8x1xf32>
  %e = dfg.reshape %d to [8, 1] : (tensor<4x2x1xf32>) -> tensor<8x1xf32>
  // CHECK: dfg.broadcast_to %{{.*}} to [8, %{{.*}}] : (tensor<8x1xf32>) -> tensor<8x?xf32>
  %f = dfg.broadcast_to %e to [8, %n] : (tensor<8x1xf32>) -> tensor<8x?xf32>
  // CHECK: dfg.concat %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<8x?xf32>, tensor<8x1xf32>) -> tensor<8x?xf32>
  %g = dfg.concat %f, %e {axis = 1 : i64} : (tensor<8x?xf32>, tensor<8x1xf32>) -> tensor<8x?xf32>
  %zero = dfg.constant dense<0.0> : tensor<f32>
  // CHECK: dfg.pad constant %{{.*}}, %{{.*}} low [0, 1] high [%{{.*}}, -1] interior [1, 0] : (tensor<8x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %h = dfg.pad constant %g, %zero low [0, 1] high [%n, -1] interior [1, 0]
      : (tensor<8x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  // CHECK: dfg.pad reflect %{{.*}}, %{{.*}} low [1, 1] high [1, 1] : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  %i = dfg.pad reflect %h, %zero low [1, 1] high [1, 1] : (tensor<?x?xf32>, tensor<f32>) -> tensor<?x?xf32>
  dfg.return %i : tensor<?x?xf32>
}

// CHECK-LABEL: dfg.func @indexing
dfg.func @indexing(%x: tensor<3x4xf32>, %i: tensor<3x2xi64>, %u: tensor<3x2xf32>) -> tensor<3x4xf32> {
  // CHECK: dfg.gather %{{.*}}, %{{.*}} {axis = 0 : i64} : (tensor<3x4xf32>, tensor<3x2xi64>) -> tensor<3x2x4xf32>
  %a = dfg.gather %x, %i {axis = 0 : i64} : (tensor<3x4xf32>, tensor<3x2xi64>) -> tensor<3x2x4xf32>
  // CHECK: dfg.gather_elements %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<3x4xf32>, tensor<3x2xi64>) -> tensor<3x2xf32>
  %b = dfg.gather_elements %x, %i {axis = 1 : i64} : (tensor<3x4xf32>, tensor<3x2xi64>) -> tensor<3x2xf32>
  // CHECK: dfg.gather_nd %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<3x2xi64>) -> tensor<3xf32>
  %c = dfg.gather_nd %x, %i : (tensor<3x4xf32>, tensor<3x2xi64>) -> tensor<3xf32>
  // CHECK: dfg.scatter_elements none %{{.*}}, %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<3x4xf32>, tensor<3x2xi64>, tensor<3x2xf32>) -> tensor<3x4xf32>
  %d = dfg.scatter_elements none %x, %i, %u {axis = 1 : i64}
      : (tensor<3x4xf32>, tensor<3x2xi64>, tensor<3x2xf32>) -> tensor<3x4xf32>
  // CHECK: dfg.scatter_nd sum %{{.*}}, %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<3x2xi64>, tensor<3xf32>) -> tensor<3x4xf32>
  %e = dfg.scatter_nd sum %d, %i, %c : (tensor<3x4xf32>, tensor<3x2xi64>, tensor<3xf32>) -> tensor<3x4xf32>
  %w = dfg.constant dense<1.0> : tensor<3x2xf32>
  // CHECK: dfg.resample %{{.*}}, %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<3x4xf32>, tensor<3x2xi64>, tensor<3x2xf32>) -> tensor<3x3xf32>
  %g = dfg.resample %x, %i, %w {axis = 1 : i64} : (tensor<3x4xf32>, tensor<3x2xi64>, tensor<3x2xf32>) -> tensor<3x3xf32>
  // CHECK: dfg.cumulative sum %{{.*}} {axis = 0 : i64, exclusive = true} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %f = dfg.cumulative sum %e {axis = 0 : i64, exclusive = true} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  dfg.return %f : tensor<3x4xf32>
}
