// Indices that are data wrap below zero and never lead outside.
// RUN: tfc-opt %s --convert-dfg-to-linalg -split-input-file | FileCheck %s

// CHECK-LABEL: kernel.func @gather
// CHECK: %[[INDEX:.*]] = arith.index_cast %{{.*}} : i64 to index
// CHECK: %[[NEGATIVE:.*]] = arith.cmpi slt, %[[INDEX]]
// CHECK: %[[WRAPPED:.*]] = arith.select %[[NEGATIVE]]
// CHECK: %[[BELOW:.*]] = arith.minsi %[[WRAPPED]]
// CHECK: %[[INSIDE:.*]] = arith.maxsi %[[BELOW]]
// CHECK: tensor.extract %{{.*}}[%[[INSIDE]], %{{.*}}] : tensor<8x4xf32>
kernel.func @gather(%x: tensor<8x4xf32>, %i: tensor<?xi64>) -> tensor<?x4xf32> {
  %y = dfg.gather %x, %i {axis = 0 : i64} : (tensor<8x4xf32>, tensor<?xi64>) -> tensor<?x4xf32>
  kernel.return %y : tensor<?x4xf32>
}

// -----

// An extent that may be 0 leaves nothing to read.
// CHECK-LABEL: kernel.func @gather_unknown
// CHECK: scf.if
// CHECK: tensor.extract
// CHECK: else
kernel.func @gather_unknown(%x: tensor<?xf32>, %i: tensor<2xi64>) -> tensor<2xf32> {
  %y = dfg.gather %x, %i {axis = 0 : i64} : (tensor<?xf32>, tensor<2xi64>) -> tensor<2xf32>
  kernel.return %y : tensor<2xf32>
}

// -----

// A copy, then one update after the other in the same tensor.
// CHECK-LABEL: kernel.func @scatter
// CHECK: %[[COPY:.*]] = scf.for
// CHECK: scf.for {{.*}} iter_args(%[[RESULT:.*]] = %[[COPY]])
// CHECK: tensor.extract %[[RESULT]]
// CHECK: arith.addf
// CHECK: tensor.insert %{{.*}} into %[[RESULT]]
kernel.func @scatter(%x: tensor<8xf32>, %i: tensor<?xi64>, %u: tensor<?xf32>) -> tensor<8xf32> {
  %y = dfg.scatter_elements sum %x, %i, %u {axis = 0 : i64} : (tensor<8xf32>, tensor<?xi64>, tensor<?xf32>) -> tensor<8xf32>
  kernel.return %y : tensor<8xf32>
}
