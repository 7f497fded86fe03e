// Syntax of operations of the runtime archive: every op survives printing and parsing.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK-LABEL: dfg.func @order
dfg.func @order(%x: tensor<?x16xf32>) {
  // CHECK: dfg.argsort %{{.*}} {axis = 1 : i64, descending} : (tensor<?x16xf32>) -> (tensor<?x16xi64>, tensor<?x16xf32>)
  %0:2 = dfg.argsort %x {axis = 1 : i64, descending} : (tensor<?x16xf32>) -> (tensor<?x16xi64>, tensor<?x16xf32>)
  %k = dfg.constant dense<4> : tensor<i64>
  // CHECK: dfg.top_k %{{.*}}, %{{.*}} {axis = 1 : i64, largest} : (tensor<?x16xf32>, tensor<i64>) -> (tensor<?x4xf32>, tensor<?x4xi64>)
  %1:2 = dfg.top_k %x, %k {axis = 1 : i64, largest} : (tensor<?x16xf32>, tensor<i64>) -> (tensor<?x4xf32>, tensor<?x4xi64>)
  // CHECK: dfg.unique %{{.*}} {sorted} : (tensor<?x16xf32>) -> (tensor<?xf32>, tensor<?xi64>, tensor<?xi64>, tensor<?xi64>)
  %2:4 = dfg.unique %x {sorted} : (tensor<?x16xf32>) -> (tensor<?xf32>, tensor<?xi64>, tensor<?xi64>, tensor<?xi64>)
  // CHECK: dfg.unique %{{.*}} {axis = 1 : i64} : (tensor<?x16xf32>) -> (tensor<?x?xf32>, tensor<?xi64>, tensor<16xi64>, tensor<?xi64>)
  %3:4 = dfg.unique %x {axis = 1 : i64} : (tensor<?x16xf32>) -> (tensor<?x?xf32>, tensor<?xi64>, tensor<16xi64>, tensor<?xi64>)
  dfg.return
}

// CHECK-LABEL: dfg.func @choice
dfg.func @choice(%x: tensor<?x4xf32>, %boxes: tensor<1x?x4xf32>, %scores: tensor<1x2x?xf32>, %limit: tensor<i64>, %t: tensor<f32>) {
  // CHECK: dfg.non_zero %{{.*}} : (tensor<?x4xf32>) -> tensor<2x?xi64>
  %0 = dfg.non_zero %x : (tensor<?x4xf32>) -> tensor<2x?xi64>
  // CHECK: dfg.non_max_suppression %{{.*}} {center_point_box} : (tensor<1x?x4xf32>, tensor<1x2x?xf32>, tensor<i64>, tensor<f32>, tensor<f32>) -> tensor<?x3xi64>
  %1 = dfg.non_max_suppression %boxes, %scores, %limit, %t, %t {center_point_box}
      : (tensor<1x?x4xf32>, tensor<1x2x?xf32>, tensor<i64>, tensor<f32>, tensor<f32>) -> tensor<?x3xi64>
  dfg.return
}

// CHECK-LABEL: dfg.func @numerics
dfg.func @numerics(%x: tensor<?x3x3xf32>, %signal: tensor<?x16x1xf32>, %n: tensor<i64>) {
  // CHECK: dfg.det %{{.*}} : (tensor<?x3x3xf32>) -> tensor<?xf32>
  %0 = dfg.det %x : (tensor<?x3x3xf32>) -> tensor<?xf32>
  %length = dfg.constant dense<16> : tensor<i64>
  // CHECK: dfg.dft %{{.*}} {axis = 1 : i64, onesided} : (tensor<?x16x1xf32>, tensor<i64>) -> tensor<?x9x2xf32>
  %1 = dfg.dft %signal, %length {axis = 1 : i64, onesided} : (tensor<?x16x1xf32>, tensor<i64>) -> tensor<?x9x2xf32>
  // CHECK: dfg.dft %{{.*}} {axis = 1 : i64, inverse} : (tensor<?x9x2xf32>, tensor<i64>) -> tensor<?x?x2xf32>
  %2 = dfg.dft %1, %n {axis = 1 : i64, inverse} : (tensor<?x9x2xf32>, tensor<i64>) -> tensor<?x?x2xf32>
  dfg.return
}

// CHECK-LABEL: dfg.func @matrices
dfg.func @matrices(%x: tensor<?x3x3xf32>, %b: tensor<?x3x2xf32>, %y: tensor<4x3xf64>) {
  // CHECK: dfg.cholesky %{{.*}} : (tensor<?x3x3xf32>) -> tensor<?x3x3xf32>
  %0 = dfg.cholesky %x : (tensor<?x3x3xf32>) -> tensor<?x3x3xf32>
  // CHECK: dfg.solve %{{.*}}, %{{.*}} {triangle = "lower"} : (tensor<?x3x3xf32>, tensor<?x3x2xf32>) -> tensor<?x3x2xf32>
  %1 = dfg.solve %0, %b {triangle = "lower"} : (tensor<?x3x3xf32>, tensor<?x3x2xf32>) -> tensor<?x3x2xf32>
  // CHECK: dfg.qr %{{.*}} {full} : (tensor<4x3xf64>) -> (tensor<4x4xf64>, tensor<4x3xf64>)
  %2:2 = dfg.qr %y {full} : (tensor<4x3xf64>) -> (tensor<4x4xf64>, tensor<4x3xf64>)
  // CHECK: dfg.svd %{{.*}} : (tensor<4x3xf64>) -> (tensor<3xf64>, tensor<4x3xf64>, tensor<3x3xf64>)
  %3:3 = dfg.svd %y : (tensor<4x3xf64>) -> (tensor<3xf64>, tensor<4x3xf64>, tensor<3x3xf64>)
  // CHECK: dfg.eigh %{{.*}} : (tensor<?x3x3xf32>) -> (tensor<?x3xf32>, tensor<?x3x3xf32>)
  %4:2 = dfg.eigh %x : (tensor<?x3x3xf32>) -> (tensor<?x3xf32>, tensor<?x3x3xf32>)
  dfg.return
}

// CHECK-LABEL: dfg.func @complex
dfg.func @complex(%x: tensor<?x4xcomplex<f32>>) {
  // CHECK: dfg.complex_parts %{{.*}} : (tensor<?x4xcomplex<f32>>) -> tensor<?x4x2xf32>
  %0 = dfg.complex_parts %x : (tensor<?x4xcomplex<f32>>) -> tensor<?x4x2xf32>
  // CHECK: dfg.complex_join %{{.*}} : (tensor<?x4x2xf32>) -> tensor<?x4xcomplex<f32>>
  %1 = dfg.complex_join %0 : (tensor<?x4x2xf32>) -> tensor<?x4xcomplex<f32>>
  dfg.return
}
