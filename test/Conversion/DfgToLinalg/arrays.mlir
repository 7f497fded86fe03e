// Moving elements: affine reads that elementwise fusion can join, or one loop nest per
// operand where an affine read cannot say it.
// RUN: tfc-opt %s --convert-dfg-to-linalg -split-input-file | FileCheck %s

// CHECK: #[[SWAPPED:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// CHECK: #[[PLAIN:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: kernel.func @transpose
// CHECK: linalg.generic {indexing_maps = [#[[SWAPPED]], #[[PLAIN]]], iterator_types = ["parallel", "parallel"]}
kernel.func @transpose(%x: tensor<?x4xf32>) -> tensor<4x?xf32> {
  %y = dfg.transpose %x {permutation = array<i64: 1, 0>} : (tensor<?x4xf32>) -> tensor<4x?xf32>
  kernel.return %y : tensor<4x?xf32>
}

// -----

// Narrow floats move as they are stored: nothing is converted.
// CHECK-LABEL: kernel.func @transpose_f8
// CHECK: ^bb0(%[[IN:.*]]: i8, %{{.*}}: i8):
// CHECK-NEXT: linalg.yield %[[IN]] : i8
kernel.func @transpose_f8(%x: tensor<?x4xf8E4M3FN>) -> tensor<4x?xf8E4M3FN> {
  %y = dfg.transpose %x {permutation = array<i64: 1, 0>} : (tensor<?x4xf8E4M3FN>) -> tensor<4x?xf8E4M3FN>
  kernel.return %y : tensor<4x?xf8E4M3FN>
}

// -----

// CHECK: #[[COLUMN:.*]] = affine_map<(d0, d1, d2) -> (d1, 0)>
// CHECK-LABEL: kernel.func @broadcast
// CHECK: linalg.generic {indexing_maps = [#[[COLUMN]],
kernel.func @broadcast(%x: tensor<3x1xf32>) -> tensor<2x3x5xf32> {
  %y = dfg.broadcast_to %x to [2, 3, 5] : (tensor<3x1xf32>) -> tensor<2x3x5xf32>
  kernel.return %y : tensor<2x3x5xf32>
}

// -----

// Only the call tells whether the operand has one element or the result's number.
// CHECK-LABEL: kernel.func @broadcast_unknown
// CHECK: %[[ONE:.*]] = arith.cmpi eq, %{{.*}}, %{{.*}} : index
// CHECK: %[[AT:.*]] = arith.select %[[ONE]], %{{.*}}, %{{.*}} : index
// CHECK: tensor.extract %{{.*}}[%[[AT]]]
kernel.func @broadcast_unknown(%x: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  %y = dfg.broadcast_to %x to [%n] : (tensor<?xf32>) -> tensor<?xf32>
  kernel.return %y : tensor<?xf32>
}

// -----

// CHECK-LABEL: kernel.func @slice
// CHECK: %[[LOOP:.*]] = linalg.index 0
// CHECK: %[[STEP:.*]] = arith.muli %[[LOOP]], %c-2
// CHECK: %[[AT:.*]] = arith.addi %{{.*}}, %[[STEP]]
// CHECK: tensor.extract %{{.*}}[%[[AT]]]
kernel.func @slice(%x: tensor<?xf32>, %o: index) -> tensor<3xf32> {
  %y = dfg.slice %x [%o] [3] [-2] : (tensor<?xf32>) -> tensor<3xf32>
  kernel.return %y : tensor<3xf32>
}

// -----

// CHECK-LABEL: kernel.func @concat
// CHECK: %[[EMPTY:.*]] = tensor.empty
// CHECK: %[[FIRST:.*]] = scf.for {{.*}} iter_args(%{{.*}} = %[[EMPTY]])
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[FIRST]])
kernel.func @concat(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %y = dfg.concat %a, %b {axis = 0 : i64} : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  kernel.return %y : tensor<?xf32>
}
