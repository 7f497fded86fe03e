// Reductions and products: reduction iterators in the order of memory, sums that may be
// reordered, narrow elements accumulated in f32.
// RUN: tfc-opt %s --convert-dfg-to-linalg -split-input-file | FileCheck %s

// CHECK: #[[ALL:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK: #[[KEPT:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// CHECK-LABEL: kernel.func @rows
// CHECK: linalg.generic {indexing_maps = [#[[ALL]], #[[KEPT]]], iterator_types = ["parallel", "reduction"]}
// CHECK: arith.addf %{{.*}} fastmath<reassoc,contract> : f32
kernel.func @rows(%x: tensor<?x4xf32>) -> tensor<?x1xf32> {
  %y = dfg.reduce sum %x {axes = array<i64: 1>, keep_dims} : (tensor<?x4xf32>) -> tensor<?x1xf32>
  kernel.return %y : tensor<?x1xf32>
}

// -----

// CHECK-LABEL: kernel.func @half
// CHECK: linalg.fill {{.*}} -> tensor<?xf32>
// CHECK: iterator_types = ["reduction", "parallel"]
// CHECK: arith.extf %{{.*}} : f16 to f32
// CHECK: iterator_types = ["parallel"]
// CHECK: arith.truncf %{{.*}} : f32 to f16
kernel.func @half(%x: tensor<8x?xf16>) -> tensor<?xf16> {
  %y = dfg.reduce sum %x {axes = array<i64: 0>} : (tensor<8x?xf16>) -> tensor<?xf16>
  kernel.return %y : tensor<?xf16>
}

// -----

// The right operand is read in sequence: columns inside.
// CHECK-LABEL: kernel.func @matmul
// CHECK: iterator_types = ["parallel", "reduction", "parallel"]
kernel.func @matmul(%a: tensor<?x8xf32>, %b: tensor<8x?xf32>) -> tensor<?x?xf32> {
  %y = dfg.matmul %a, %b : (tensor<?x8xf32>, tensor<8x?xf32>) -> tensor<?x?xf32>
  kernel.return %y : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: kernel.func @matmul_transposed
// CHECK: iterator_types = ["parallel", "parallel", "reduction"]
kernel.func @matmul_transposed(%a: tensor<?x8xf32>, %b: tensor<?x8xf32>) -> tensor<?x?xf32> {
  %y = dfg.matmul %a, %b {transpose_b} : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x?xf32>
  kernel.return %y : tensor<?x?xf32>
}

// -----

// 8-bit integers are exact in i32.
// CHECK-LABEL: kernel.func @matmul_bytes
// CHECK: arith.extui %{{.*}} : i8 to i32
// CHECK: arith.extsi %{{.*}} : i8 to i32
// CHECK: arith.muli %{{.*}} : i32
kernel.func @matmul_bytes(%a: tensor<?x8xui8>, %b: tensor<8x?xi8>) -> tensor<?x?xi32> {
  %y = dfg.matmul %a, %b : (tensor<?x8xui8>, tensor<8x?xi8>) -> tensor<?x?xi32>
  kernel.return %y : tensor<?x?xi32>
}
